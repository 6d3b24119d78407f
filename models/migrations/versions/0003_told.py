"""Who was told of what happened, so that what was recorded and not told can be told later."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

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
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{change} BEFORE {change.upper()} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{TABLE}_no_{change}'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION guanai_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION guanai_refuse()"
        )
