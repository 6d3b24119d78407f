"""Where each item stands now, in one row an item: lists and counts need not look for newest versions any more.

The database itself keeps the rows, in the transaction of what they follow from, whoever writes: nobody can forget to.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# The day in 北京时间 of a moment, which is stored in UTC.
DAY = {
    "sqlite": "date({at}, '+8 hours')",
    "postgresql": "(({at} AT TIME ZONE 'UTC') + interval '8 hours')::date",
}
LATER = {
    "sqlite": "max(coalesce({old}, {new}), {new})",
    "postgresql": "greatest({old}, {new})",
}

# How many rows share the first, the first two... columns of an index, where there are many units. Without that SQLite
# reads the items of a unit by walking all of them in the order of their due days.
STATISTICS = {
    "ix_item_state_plan_id_duty_period": "100000 100000 1000 700 700 700 300 300 150 30",
    "ix_item_state_plan_id_unit_measure": "100000 100000 36 8 3 2 2 2 2",
    "ix_item_state_plan_id_stage_due": "100000 100000 20000 1700 300 1 1",
    "ix_item_state_plan_id_due_duty": "100000 100000 7000 700 1 1 1",
    "ix_item_state_plan_id_pending": "1500 1500 130 25 1 1",
    "ix_item_state_plan_id_amending": "150 150 13 3 1 1",
    "ix_item_state_plan_id_changed_at": "60000 60000 20",
}

ITEM = ("plan_id", "duty", "measure", "unit", "year", "period", "opens", "due")


def upgrade() -> None:
    _create_table()
    op.create_index("ix_audit_line_action_seq", "audit_line", ["action", "seq"])
    op.create_index("ix_audit_line_subject_seq", "audit_line", ["subject", "seq"])
    for columns in ("duty_period", "unit_duty_due", "year_unit"):  # answered from the new table's indexes
        op.drop_index(f"ix_work_item_plan_id_{columns}", "work_item")
    dialect = op.get_bind().dialect.name
    _fill()
    _create_indexes()
    if dialect == "sqlite":
        _keep_sqlite()
        _tell_sqlite()
    else:
        _keep_postgresql()


def _create_table() -> None:
    op.create_table(
        "item_state",
        sa.Column("item_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plan_id", sa.String(60), nullable=False),
        sa.Column("duty", sa.String(60), nullable=False),
        sa.Column("measure", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(80), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("timely", sa.Boolean(), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("amending", sa.Boolean(), nullable=False),
        sa.Column("newest_id", sa.Integer(), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name="fk_item_state_item_id"),
        sa.PrimaryKeyConstraint("item_id", name="pk_item_state"),
        sa.CheckConstraint(
            "stage IN ('open', 'returned', 'to-review', 'under-way', 'finished')", name="ck_item_state_stage"
        ),
    )


def _create_indexes() -> None:
    told = ["stage", "timely", "returns"]
    for columns in (
        ["duty", "period", "opens", "due", *told, "reviewed_at"],
        ["unit", "measure", "opens", "due", *told],
        ["stage", "due", "duty", "unit", "opens"],
        ["due", "duty", "unit", "opens", "measure"],
    ):
        name = "_".join(("ix_item_state_plan_id", *columns[:2]))
        op.create_index(name, "item_state", ["plan_id", *columns])
    for flag in ("pending", "amending"):
        op.create_index(
            f"ix_item_state_plan_id_{flag}",
            "item_state",
            ["plan_id", "due", "duty", "unit", "opens"],
            sqlite_where=sa.text(f"{flag} = 1"),  # as SQLAlchemy asks: SQLite compares the words
            postgresql_where=sa.text(flag),
        )
    handed_in = sa.text("changed_at IS NOT NULL")
    op.create_index(
        "ix_item_state_plan_id_changed_at",
        "item_state",
        ["plan_id", "changed_at"],
        sqlite_where=handed_in,
        postgresql_where=handed_in,
    )


def _fill() -> None:
    """The rows of items that are there already."""
    op.execute(_opened("work_item"))
    op.execute(f"UPDATE item_state SET {_VERSIONS}, changed_at = {_LAST_MOVE}")  # noqa: S608 - constants of this file
    op.execute(f"UPDATE item_state SET {_of_versions(op.get_bind().dialect.name)}")  # noqa: S608 - as above


def _opened(source: str) -> str:
    columns = ", ".join(ITEM)
    return (
        f"INSERT INTO item_state (item_id, {columns}, stage, timely, returns, pending, amending) "  # noqa: S608 - as above
        f"SELECT id, {columns}, 'open', false, 0, false, false FROM {source}"
    )


# Which versions there are, the day by which the first was to come, and how often one was returned. The version by which an
# item stands is the newest accepted one, also while that is being corrected; else the newest.
_VERSIONS = """
    due = coalesce(
        (SELECT d.until FROM extension e JOIN extension_decision d ON d.extension_id = e.id
         WHERE e.item_id = item_state.item_id AND d.verdict = 'granted'),
        (SELECT i.due FROM work_item i WHERE i.id = item_state.item_id)),
    newest_id = (SELECT max(s.id) FROM submission s WHERE s.item_id = item_state.item_id),
    submission_id = (
        SELECT s.id FROM submission s LEFT JOIN review r ON r.submission_id = s.id WHERE s.item_id = item_state.item_id
        ORDER BY CASE WHEN r.verdict = 'accepted' THEN 0 ELSE 1 END, s.id DESC LIMIT 1),
    returns = (SELECT count(*) FROM submission s JOIN review r ON r.submission_id = s.id
               WHERE s.item_id = item_state.item_id AND r.verdict = 'returned')
"""
_LAST_MOVE = """
    (SELECT max(t.at) FROM (
        SELECT s.at FROM submission s WHERE s.item_id = item_state.item_id
        UNION ALL SELECT r.at FROM submission s JOIN review r ON r.submission_id = s.id WHERE s.item_id = item_state.item_id
    ) t)
"""
_FINISHED = "s.state IN ('done', 'no-occasion')"


def _of_versions(dialect: str) -> str:
    """What follows from that."""
    in_time = f"{DAY[dialect].format(at='s.at')} <= item_state.due"
    counts = (
        "FROM submission s LEFT JOIN review r ON r.submission_id = s.id WHERE s.id = item_state.submission_id"
    )
    return f"""
        version = (SELECT s.version {counts}),
        submitted_at = (SELECT s.at {counts}),
        stage = coalesce(
            (SELECT CASE WHEN r.id IS NULL THEN 'to-review' WHEN r.verdict = 'returned' THEN 'returned'
                         WHEN {_FINISHED} THEN 'finished' ELSE 'under-way' END {counts}), 'open'),
        timely = coalesce(
            (SELECT {in_time} FROM submission s WHERE s.item_id = item_state.item_id AND s.version = 1), false),
        pending = newest_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM review r WHERE r.submission_id = item_state.newest_id),
        amending = EXISTS (SELECT 1 {counts} AND r.verdict = 'accepted') AND (
            EXISTS (SELECT 1 FROM correction c WHERE c.submission_id = item_state.newest_id)
            OR EXISTS (SELECT 1 FROM review r WHERE r.submission_id = item_state.newest_id AND r.verdict = 'returned')),
        reviewed_at = (
            SELECT CASE WHEN r.verdict = 'accepted' AND {_FINISHED} THEN (
                SELECT min(r.at) FROM submission s JOIN review r ON r.submission_id = s.id
                WHERE s.item_id = item_state.item_id AND r.verdict = 'accepted' AND {_FINISHED}) ELSE r.at END {counts})
    """  # noqa: S608 - as above


def _moved(dialect: str, item: str) -> str:
    """A row that was added moves the item ``item``: its state is reckoned anew, whatever came in which order."""
    later = LATER[dialect].format(old="changed_at", new="NEW.at")
    return f"""
        UPDATE item_state SET {_VERSIONS}, changed_at = {later} WHERE item_id = {item};
        UPDATE item_state SET {_of_versions(dialect)} WHERE item_id = {item}
    """  # noqa: S608 - as above


def _kept(dialect: str) -> Iterator[tuple[str, str]]:
    """What a new row of a table does to the state of its item."""
    of_version = "(SELECT item_id FROM submission WHERE id = NEW.submission_id)"
    for table, item in (
        ("submission", "NEW.item_id"),
        ("review", of_version),
        ("correction", of_version),
        ("extension_decision", "(SELECT item_id FROM extension WHERE id = NEW.extension_id)"),
    ):
        yield table, _moved(dialect, item)


def _keep_sqlite() -> None:
    one = "(SELECT " + ", ".join(f"NEW.{name} AS {name}" for name in ("id", *ITEM)) + ")"
    for table, statement in (("work_item", _opened(one)), *_kept("sqlite")):
        op.execute(
            f"CREATE TRIGGER {table}_keeps_state AFTER INSERT ON {table} FOR EACH ROW BEGIN {statement}; END"
        )


def _tell_sqlite() -> None:
    """PostgreSQL finds out by itself."""
    op.execute("ANALYZE item_state")  # makes the table of statistics
    op.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'item_state'")
    for index, stat in STATISTICS.items():
        op.execute(f"INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('item_state', '{index}', '{stat}')")  # noqa: S608 - as above
    op.execute("ANALYZE sqlite_master")  # lets this connection read them, too


def _keep_postgresql() -> None:
    """Items come by the thousand in one statement, and so do their rows here."""
    by_statement = "REFERENCING NEW TABLE AS opened FOR EACH STATEMENT"
    kept = [(table, statement, "FOR EACH ROW") for table, statement in _kept("postgresql")]
    for table, statement, each in [("work_item", _opened("opened"), by_statement), *kept]:
        op.execute(f"""
            CREATE FUNCTION guanai_{table}_state() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                {statement};
                RETURN NULL;
            END $$
        """)
        op.execute(
            f"CREATE TRIGGER {table}_keeps_state AFTER INSERT ON {table} {each} "
            f"EXECUTE FUNCTION guanai_{table}_state()"
        )
