"""Notices as files: text, Word or PDF, read into lines that know where they stand."""

from services.notices.reading import read_lines

__all__ = ["read_lines"]
