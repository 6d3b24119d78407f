"""Who was told of what happened, so that what was recorded and not told can be told later."""

import sqlalchemy as sa
from alembic import op

from models.migrations.protect import append_only

revision = "0004"
down_revision = "0003"

# Inserted with ON CONFLICT DO NOTHING, as happenings are: it relies on recursive_triggers against INSERT OR REPLACE.
TABLE = "happening_told"

# Until now Prefect was told as soon as something was recorded; telling it all over again would start automations anew.
TOLD_BEFORE = f"INSERT INTO {TABLE} (happening_id, channel, at) SELECT id, 'prefect', at FROM happening"  # noqa: S608 - constants of this file


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("happening_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["happening_id"], ["happening.id"], name="fk_happening_told_happening_id"),
        sa.PrimaryKeyConstraint("happening_id", "channel", name="pk_happening_told"),
    )
    op.execute(TOLD_BEFORE)
    append_only([TABLE], {})
