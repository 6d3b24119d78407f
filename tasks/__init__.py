"""Prefect tasks: thin wrappers of the services."""
