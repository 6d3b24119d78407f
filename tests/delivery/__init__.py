"""Delivery: letters, channels, and the sender, against servers on this machine that answer as the vendors document."""
