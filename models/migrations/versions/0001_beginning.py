"""The store as it begins: plan versions, items, submissions, reviews, files, reports and the audit chain."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

EXACT = sa.Numeric(20, 4).with_variant(sa.String(32), "sqlite")  # SQLite would make a float of it
NOTHING_YET = "0" * 64  # what the first audit line names as the hash before it

APPEND_ONLY = ("plan_version", "work_item", "submission", "passage", "figure", "review", "audit_line")

# INSERT OR REPLACE removes the row that stands in its way, in SQLite without asking a delete trigger. Items are
# opened with ON CONFLICT DO NOTHING, before which such a trigger would fire: they rely on recursive_triggers.
SQLITE_REPLACES = {
    "plan_version": "id = NEW.id OR (plan_id = NEW.plan_id AND number = NEW.number)",
    "submission": "id = NEW.id OR (item_id = NEW.item_id AND version = NEW.version)",
    "passage": "submission_id = NEW.submission_id AND slot = NEW.slot",
    "figure": "submission_id = NEW.submission_id AND indicator = NEW.indicator",
    "review": "id = NEW.id OR submission_id = NEW.submission_id",
    "audit_line": "seq = NEW.seq",
    "audit_head": "id = NEW.id",
}


def upgrade() -> None:
    _create_plan_and_items()
    _create_submissions()
    _create_files_and_reports()
    _create_audit()
    if op.get_bind().dialect.name == "sqlite":
        _protect_sqlite()
    else:
        _protect_postgresql()


def _create_plan_and_items() -> None:
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("adopted_by", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plan_version"),
        sa.UniqueConstraint("plan_id", "number", name="uq_plan_version_plan_id_number"),
    )
    op.create_table(
        "work_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("plan_id", sa.String(60), nullable=False),
        sa.Column("plan_version_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(60), nullable=False),
        sa.Column("measure", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("period", sa.String(80), nullable=False),
        sa.Column("period_label", sa.String(120), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("act_by", sa.Date(), nullable=False),
        sa.Column("assumed", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_version_id"], ["plan_version.id"], name="fk_work_item_plan_version_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_work_item"),
        sa.UniqueConstraint("key", name="uq_work_item_key"),
    )
    op.create_index("ix_work_item_plan_id_unit_duty_due", "work_item", ["plan_id", "unit", "duty", "due"])
    op.create_index("ix_work_item_plan_id_year_unit", "work_item", ["plan_id", "year", "unit"])


def _create_submissions() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.String(20), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=True),
        sa.CheckConstraint(
            "state IN ('done', 'under-way', 'not-started', 'no-occasion')", name="ck_submission_state"
        ),
        sa.CheckConstraint("version >= 1", name="ck_submission_version"),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name="fk_submission_item_id"),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint("item_id", "version", name="uq_submission_item_id_version"),
    )
    op.create_table(
        "passage",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_passage_submission_id"),
        sa.PrimaryKeyConstraint("submission_id", "slot", name="pk_passage"),
    )
    op.create_table(
        "figure",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(60), nullable=False),
        sa.Column("value", EXACT, nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_figure_submission_id"),
        sa.PrimaryKeyConstraint("submission_id", "indicator", name="pk_figure"),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict IN ('accepted', 'returned')", name="ck_review_verdict"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_review_submission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.UniqueConstraint("submission_id", name="uq_review_submission_id"),
    )


def _create_files_and_reports() -> None:
    op.create_table(
        "received_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_received_file"),
        sa.UniqueConstraint("sha256", "unit", name="uq_received_file_sha256_unit"),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("plan_id", sa.String(60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("snapshot_sha256", sa.String(64), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.UniqueConstraint(
            "kind", "plan_id", "year", "snapshot_sha256", name="uq_report_kind_plan_id_year_snapshot_sha256"
        ),
    )


def _create_audit() -> None:
    op.create_table(
        "audit_line",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("action", sa.String(30), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_line"),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_audit_head_single"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    head = sa.table("audit_head", sa.column("id"), sa.column("seq"), sa.column("hash"))
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": NOTHING_YET}])


def _protect_sqlite() -> None:
    for table in APPEND_ONLY:
        _sqlite_trigger(f"{table}_no_update", f"UPDATE ON {table}")
        _sqlite_trigger(f"{table}_no_delete", f"DELETE ON {table}")
    for table, taken in SQLITE_REPLACES.items():
        condition = f"EXISTS (SELECT 1 FROM {table} WHERE {taken})"  # noqa: S608 - constants of this file
        _sqlite_trigger(f"{table}_no_replace", f"INSERT ON {table} WHEN {condition}")
    _sqlite_trigger("audit_head_no_return", "UPDATE ON audit_head WHEN NEW.seq <= OLD.seq")
    _sqlite_trigger("audit_head_no_delete", "DELETE ON audit_head")


def _sqlite_trigger(name: str, when: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{name}'); END")


def _protect_postgresql() -> None:
    op.execute("""
        CREATE FUNCTION guanai_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '%_no_%', TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = 'restrict_violation';
        END $$
    """)
    for table in (*APPEND_ONLY, "audit_head"):
        changes = "DELETE" if table == "audit_head" else "UPDATE OR DELETE"
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE {changes} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION guanai_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION guanai_refuse()"
        )
    op.execute(
        "CREATE TRIGGER audit_head_no_return BEFORE UPDATE ON audit_head FOR EACH ROW "
        "WHEN (NEW.seq <= OLD.seq) EXECUTE FUNCTION guanai_refuse()"
    )
