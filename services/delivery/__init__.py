"""Delivery of messages: what they say, by which channel they go, and what became of each."""
