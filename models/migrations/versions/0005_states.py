"""Where each item stands now, in one row an item: lists and counts need not look for newest versions any more.

The database itself keeps the rows, in the transaction of what they follow from, whoever writes: nobody can forget to.
"""

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
# An accepted version stands, and goes on counting while it is being corrected.
CLOSED = "stage IN ('finished', 'under-way')"
ACCEPTED = "CASE WHEN {state} IN ('done', 'no-occasion') THEN 'finished' ELSE 'under-way' END"

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
    for columns in ("duty_period", "unit_duty_due", "year_unit"):  # answered from the new table's indexes
        op.drop_index(f"ix_work_item_plan_id_{columns}", "work_item")
    dialect = op.get_bind().dialect.name
    _fill(dialect)
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
            sqlite_where=sa.text(flag),
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


def _fill(dialect: str) -> None:
    """The rows of items that are there already; nothing was extended or corrected before there were pages for it."""
    columns = ", ".join(ITEM)
    op.execute(f"""
        INSERT INTO item_state (item_id, {columns}, stage, timely, returns, pending, amending, newest_id, submission_id,
                                version, submitted_at, reviewed_at, changed_at)
        SELECT i.id, {", ".join(f"i.{name}" for name in ITEM)},
               CASE WHEN s.id IS NULL THEN 'open' WHEN r.id IS NULL THEN 'to-review'
                    WHEN r.verdict = 'returned' THEN 'returned'
                    ELSE {ACCEPTED.format(state="s.state")} END,
               coalesce({DAY[dialect].format(at="f.at")} <= i.due, false),
               (SELECT count(*) FROM submission o JOIN review b ON b.submission_id = o.id
                WHERE o.item_id = i.id AND b.verdict = 'returned'),
               s.id IS NOT NULL AND r.id IS NULL, false, s.id, s.id, s.version, s.at, r.at, (SELECT max(t.at) FROM (
                   SELECT o.at FROM submission o WHERE o.item_id = i.id
                   UNION ALL SELECT b.at FROM submission o JOIN review b ON b.submission_id = o.id
                   WHERE o.item_id = i.id) t)
        FROM work_item i
        LEFT JOIN submission s ON s.id = (SELECT max(n.id) FROM submission n WHERE n.item_id = i.id)
        LEFT JOIN review r ON r.submission_id = s.id
        LEFT JOIN submission f ON f.item_id = i.id AND f.version = 1
    """)  # noqa: S608 - constants of this file


def _opened(source: str) -> str:
    columns = ", ".join(ITEM)
    return (
        f"INSERT INTO item_state (item_id, {columns}, stage, timely, returns, pending, amending) "  # noqa: S608 - as above
        f"SELECT id, {columns}, 'open', false, 0, false, false FROM {source}"
    )


def _submitted(dialect: str) -> str:
    later = LATER[dialect].format(old="changed_at", new="NEW.at")
    return f"""
        UPDATE item_state SET
            pending = true, amending = false, newest_id = NEW.id, changed_at = {later},
            timely = CASE WHEN NEW.version = 1 THEN {DAY[dialect].format(at="NEW.at")} <= due ELSE timely END,
            stage = CASE WHEN {CLOSED} THEN stage ELSE 'to-review' END,
            submission_id = CASE WHEN {CLOSED} THEN submission_id ELSE NEW.id END,
            version = CASE WHEN {CLOSED} THEN version ELSE NEW.version END,
            submitted_at = CASE WHEN {CLOSED} THEN submitted_at ELSE NEW.at END,
            reviewed_at = CASE WHEN {CLOSED} THEN reviewed_at END
        WHERE item_id = NEW.item_id
    """  # noqa: S608 - as above


def _reviewed(dialect: str) -> str:
    """A correction that is returned leaves what was accepted; the day of the first acceptance as finished stays."""
    later = LATER[dialect].format(old="changed_at", new="NEW.at")

    def told(column: str) -> str:
        return f"(SELECT {column} FROM submission WHERE id = NEW.submission_id)"  # noqa: S608 - as above

    first = """(SELECT min(b.at) FROM submission o JOIN review b ON b.submission_id = o.id
                WHERE o.item_id = item_state.item_id AND b.verdict = 'accepted' AND o.state IN ('done', 'no-occasion'))"""
    done = f"{told('state')} IN ('done', 'no-occasion')"
    return f"""
        UPDATE item_state SET
            pending = false, changed_at = {later},
            amending = NEW.verdict = 'returned' AND {CLOSED},
            returns = returns + CASE WHEN NEW.verdict = 'returned' THEN 1 ELSE 0 END,
            stage = CASE WHEN NEW.verdict = 'accepted' THEN {ACCEPTED.format(state=told("state"))}
                         WHEN {CLOSED} THEN stage ELSE 'returned' END,
            submission_id = CASE WHEN NEW.verdict = 'accepted' THEN NEW.submission_id ELSE submission_id END,
            version = CASE WHEN NEW.verdict = 'accepted' THEN {told("version")} ELSE version END,
            submitted_at = CASE WHEN NEW.verdict = 'accepted' THEN {told("at")} ELSE submitted_at END,
            reviewed_at = CASE WHEN NEW.verdict = 'accepted' THEN CASE WHEN {done} THEN {first} ELSE NEW.at END
                               WHEN {CLOSED} THEN reviewed_at ELSE NEW.at END
        WHERE item_id = {told("item_id")}
    """  # noqa: S608 - as above


def _corrected(dialect: str) -> str:
    later = LATER[dialect].format(old="changed_at", new="NEW.at")
    return f"""
        UPDATE item_state SET amending = true, changed_at = {later}
        WHERE item_id = (SELECT item_id FROM submission WHERE id = NEW.submission_id)
    """  # noqa: S608 - as above


def _decided(dialect: str) -> str:
    """More time moves the day by which the first version was to come."""
    later = LATER[dialect].format(old="changed_at", new="NEW.at")
    first = f"""(SELECT {DAY[dialect].format(at="o.at")} <= NEW.until FROM submission o
                 WHERE o.item_id = item_state.item_id AND o.version = 1)"""  # noqa: S608 - as above
    return f"""
        UPDATE item_state SET due = NEW.until, changed_at = {later}, timely = coalesce({first}, false)
        WHERE NEW.verdict = 'granted' AND item_id = (SELECT item_id FROM extension WHERE id = NEW.extension_id)
    """  # noqa: S608 - as above


def _kept(dialect: str) -> tuple[tuple[str, str], ...]:
    """What a new row of a table does to the state of its item."""
    return (
        ("submission", _submitted(dialect)),
        ("review", _reviewed(dialect)),
        ("correction", _corrected(dialect)),
        ("extension_decision", _decided(dialect)),
    )


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
