"""The ``guanai`` command."""
