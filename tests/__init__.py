"""Tests, one folder a room; this file keeps ``tests/models`` from shadowing ``models``."""
