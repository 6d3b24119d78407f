"""${message}.

Revision ${up_revision} follows ${down_revision | comma,n}; add it to ``REVISIONS`` in ``models/migrations/__init__.py``.
There is no way down: a store goes back by its backup, because nothing in it may be removed.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}

