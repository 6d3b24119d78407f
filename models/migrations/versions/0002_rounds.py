"""What rounds leave behind: phases that the office closed, rounds that were done, and what happened on which day."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# A closing is inserted plainly; rounds and happenings with ON CONFLICT DO NOTHING, before which a trigger against
# INSERT OR REPLACE would fire: they rely on recursive_triggers, as items do.
SQLITE_REPLACES = {"phase_closing": "id = NEW.id OR (plan_id = NEW.plan_id AND phase = NEW.phase)"}

APPEND_ONLY = ("phase_closing", "round_run", "happening")


def upgrade() -> None:
    _create_tables()
    op.create_index("ix_work_item_plan_id_duty_period", "work_item", ["plan_id", "duty", "period"])
    if op.get_bind().dialect.name == "sqlite":
        _protect_sqlite()
    else:
        _protect_postgresql()


def _create_tables() -> None:
    op.create_table(
        "phase_closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.String(60), nullable=False),
        sa.Column("phase", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_phase_closing"),
        sa.UniqueConstraint("plan_id", "phase", name="uq_phase_closing_plan_id_phase"),
    )
    op.create_table(
        "round_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.String(60), nullable=False),
        sa.Column("plan_version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_version_id"], ["plan_version.id"], name="fk_round_run_plan_version_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_round_run"),
        sa.UniqueConstraint("plan_id", "kind", "as_of", name="uq_round_run_plan_id_kind_as_of"),
    )
    op.create_table(
        "happening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.String(60), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_happening"),
        sa.UniqueConstraint("plan_id", "name", "subject", name="uq_happening_plan_id_name_subject"),
    )


def _protect_sqlite() -> None:
    for table in APPEND_ONLY:
        _sqlite_trigger(f"{table}_no_update", f"UPDATE ON {table}")
        _sqlite_trigger(f"{table}_no_delete", f"DELETE ON {table}")
    for table, taken in SQLITE_REPLACES.items():
        condition = f"EXISTS (SELECT 1 FROM {table} WHERE {taken})"  # noqa: S608 - constants of this file
        _sqlite_trigger(f"{table}_no_replace", f"INSERT ON {table} WHEN {condition}")


def _sqlite_trigger(name: str, when: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{name}'); END")


def _protect_postgresql() -> None:
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION guanai_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION guanai_refuse()"
        )
