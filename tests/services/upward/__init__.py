"""Packages upward, and reports over them."""
