"""Prefect flows: the order of things; no rules and no classes live here."""
