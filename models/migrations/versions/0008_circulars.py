"""Which part of a year a report is about, and which units have acknowledged a circular."""

import sqlalchemy as sa
from alembic import op

from models.migrations.protect import append_only

revision = "0008"
down_revision = "0007"

TABLE = "report_acknowledgement"
REPLACES = {TABLE: "id = NEW.id OR (report_id = NEW.report_id AND unit = NEW.unit)"}


def upgrade() -> None:
    op.add_column("report", sa.Column("period", sa.String(20), nullable=False, server_default=""))
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=f"fk_{TABLE}_report_id"),
        sa.UniqueConstraint("report_id", "unit", name=f"uq_{TABLE}_report_id_unit"),
    )
    append_only([TABLE], REPLACES)
