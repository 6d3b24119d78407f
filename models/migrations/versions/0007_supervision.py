"""Urging by hand, leaders' instructions, appeals against scores, good cases, and the commendation list."""

import sqlalchemy as sa
from alembic import op

from models.migrations.protect import append_only

revision = "0007"
down_revision = "0006"

EXACT = sa.Numeric(20, 4).with_variant(sa.String(32), "sqlite")  # SQLite would make a float of it

APPEND_ONLY = (
    "urge",
    "instruction",
    "instruction_answer",
    "appeal",
    "appeal_decision",
    "good_case",
    "good_case_decision",
    "commendation",
    "commended",
)
REPLACES = {
    "urge": "id = NEW.id OR (item_id = NEW.item_id AND day = NEW.day)",
    "instruction": "id = NEW.id",
    "instruction_answer": "id = NEW.id",
    "appeal": "id = NEW.id OR (item_id = NEW.item_id AND criterion = NEW.criterion AND ref = NEW.ref)",
    "appeal_decision": "id = NEW.id OR appeal_id = NEW.appeal_id",
    "good_case": "id = NEW.id",
    "good_case_decision": "id = NEW.id OR case_id = NEW.case_id",
    "commendation": "id = NEW.id OR (plan_id = NEW.plan_id AND phase = NEW.phase)",
    "commended": "commendation_id = NEW.commendation_id AND unit = NEW.unit AND person = NEW.person",
}


def upgrade() -> None:
    _create_urges_and_instructions()
    _create_appeals()
    _create_cases()
    _create_commendation()
    append_only(APPEND_ONLY, REPLACES)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _day(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=False)


def _signed() -> tuple[sa.Column[str], sa.Column[object]]:
    """Who, and when."""
    return _text("by", 60), sa.Column("at", sa.DateTime(timezone=True), nullable=False)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=f"pk_{table}")


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name="_".join((f"uq_{table}", *columns)))


def _verdict(table: str, *words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"verdict IN ({allowed})", name=f"ck_{table}_verdict")


def _create_urges_and_instructions() -> None:
    op.create_table(
        "urge",
        _number("id"),
        _number("item_id"),
        _day("day"),
        _day("due"),
        _words("reason"),
        sa.Column("leader", sa.Boolean(), nullable=False),
        _number("told"),
        *_signed(),
        _key("urge"),
        _refers("urge", "item_id", "work_item"),
        _unique("urge", "item_id", "day"),
    )
    op.create_table(
        "instruction",
        _number("id"),
        _number("item_id"),
        _text("leader", 60),
        _words("text"),
        _day("deadline"),
        *_signed(),
        _key("instruction"),
        _refers("instruction", "item_id", "work_item"),
    )
    op.create_index("ix_instruction_item_id", "instruction", ["item_id"])
    op.create_table(
        "instruction_answer",
        _number("id"),
        _number("instruction_id"),
        _words("text"),
        *_signed(),
        _key("instruction_answer"),
        _refers("instruction_answer", "instruction_id", "instruction"),
    )
    op.create_index("ix_instruction_answer_instruction_id", "instruction_answer", ["instruction_id"])


def _create_appeals() -> None:
    op.create_table(
        "appeal",
        _number("id"),
        _number("item_id"),
        _text("criterion", 20),
        _number("ref"),
        _words("line"),
        sa.Column("points", EXACT, nullable=False),
        _words("reason"),
        *_signed(),
        _key("appeal"),
        _refers("appeal", "item_id", "work_item"),
        _unique("appeal", "item_id", "criterion", "ref"),
    )
    op.create_table(
        "appeal_decision",
        _number("id"),
        _number("appeal_id"),
        _text("verdict", 20),
        _words("reason"),
        *_signed(),
        _key("appeal_decision"),
        _refers("appeal_decision", "appeal_id", "appeal"),
        _unique("appeal_decision", "appeal_id"),
        _verdict("appeal_decision", "upheld", "refused"),
    )


def _create_cases() -> None:
    op.create_table(
        "good_case",
        _number("id"),
        _text("plan_id", 60),
        _text("unit", 60),
        _number("measure", nullable=True),
        _text("term", 10),
        _text("title", 200),
        _words("text"),
        *_signed(),
        _key("good_case"),
    )
    op.create_index("ix_good_case_plan_id_unit", "good_case", ["plan_id", "unit"])
    op.create_table(
        "good_case_decision",
        _number("id"),
        _number("case_id"),
        _text("verdict", 20),
        _words("reason"),
        *_signed(),
        _key("good_case_decision"),
        _refers("good_case_decision", "case_id", "good_case"),
        _unique("good_case_decision", "case_id"),
        _verdict("good_case_decision", "selected", "not-selected"),
    )


def _create_commendation() -> None:
    op.create_table(
        "commendation",
        _number("id"),
        _text("plan_id", 60),
        _text("phase", 60),
        _day("as_of"),
        _words("reason"),
        *_signed(),
        _key("commendation"),
        _unique("commendation", "plan_id", "phase"),
    )
    op.create_table(
        "commended",
        _number("commendation_id"),
        _text("unit", 60),
        _text("person", 60),
        _number("rank", nullable=True),
        sa.Column("points", EXACT, nullable=True),
        _number("cases"),
        _words("merit"),
        _key("commended", "commendation_id", "unit", "person"),
        _refers("commended", "commendation_id", "commendation"),
    )
