"""The store's history, one revision a change; what stands here is loaded at every start and knows no Alembic."""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""Every revision, oldest first; a test holds it against ``versions/``."""

HEAD = REVISIONS[-1]
"""The revision that this program works with."""
