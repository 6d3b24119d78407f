"""Which part of a year a report is about, and which units have acknowledged a circular."""

import sqlalchemy as sa
from alembic import op

from models.migrations.columns import key, moment, number, refers, text, unique
from models.migrations.protect import append_only

revision = "0008"
down_revision = "0007"

TABLE = "report_acknowledgement"
REPLACES = {TABLE: "id = NEW.id OR (report_id = NEW.report_id AND unit = NEW.unit)"}


def upgrade() -> None:
    op.add_column("report", sa.Column("period", sa.String(20), nullable=False, server_default=""))
    op.create_table(
        TABLE,
        number("id"),
        number("report_id"),
        text("unit", 60),
        text("by", 60),
        moment("at"),
        key(TABLE),
        refers(TABLE, "report_id", "report"),
        unique(TABLE, "report_id", "unit"),
    )
    append_only([TABLE], REPLACES)
