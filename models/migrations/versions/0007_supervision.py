"""Urging by hand, leaders' instructions, appeals against scores, good cases, and the commendation list."""

import sqlalchemy as sa
from alembic import op

from models.migrations.columns import day, key, moment, number, refers, text, unique, words
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


def _signed() -> tuple[sa.Column[str], sa.Column[object]]:
    """Who, and when."""
    return text("by", 60), moment("at")


def _verdict(table: str, *words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"verdict IN ({allowed})", name=f"ck_{table}_verdict")


def _create_urges_and_instructions() -> None:
    op.create_table(
        "urge",
        number("id"),
        number("item_id"),
        day("day"),
        day("due"),
        words("reason"),
        sa.Column("leader", sa.Boolean(), nullable=False),
        number("told"),
        *_signed(),
        key("urge"),
        refers("urge", "item_id", "work_item"),
        unique("urge", "item_id", "day"),
    )
    op.create_table(
        "instruction",
        number("id"),
        number("item_id"),
        text("leader", 60),
        words("text"),
        day("deadline"),
        *_signed(),
        key("instruction"),
        refers("instruction", "item_id", "work_item"),
    )
    op.create_index("ix_instruction_item_id", "instruction", ["item_id"])
    op.create_table(
        "instruction_answer",
        number("id"),
        number("instruction_id"),
        words("text"),
        *_signed(),
        key("instruction_answer"),
        refers("instruction_answer", "instruction_id", "instruction"),
    )
    op.create_index("ix_instruction_answer_instruction_id", "instruction_answer", ["instruction_id"])


def _create_appeals() -> None:
    op.create_table(
        "appeal",
        number("id"),
        number("item_id"),
        text("criterion", 20),
        number("ref"),
        words("line"),
        sa.Column("points", EXACT, nullable=False),
        words("reason"),
        *_signed(),
        key("appeal"),
        refers("appeal", "item_id", "work_item"),
        unique("appeal", "item_id", "criterion", "ref"),
    )
    op.create_table(
        "appeal_decision",
        number("id"),
        number("appeal_id"),
        text("verdict", 20),
        words("reason"),
        *_signed(),
        key("appeal_decision"),
        refers("appeal_decision", "appeal_id", "appeal"),
        unique("appeal_decision", "appeal_id"),
        _verdict("appeal_decision", "upheld", "refused"),
    )


def _create_cases() -> None:
    op.create_table(
        "good_case",
        number("id"),
        text("plan_id", 60),
        text("unit", 60),
        number("measure", nullable=True),
        text("term", 10),
        text("title", 200),
        words("text"),
        *_signed(),
        key("good_case"),
    )
    op.create_index("ix_good_case_plan_id_unit", "good_case", ["plan_id", "unit"])
    op.create_table(
        "good_case_decision",
        number("id"),
        number("case_id"),
        text("verdict", 20),
        words("reason"),
        *_signed(),
        key("good_case_decision"),
        refers("good_case_decision", "case_id", "good_case"),
        unique("good_case_decision", "case_id"),
        _verdict("good_case_decision", "selected", "not-selected"),
    )


def _create_commendation() -> None:
    op.create_table(
        "commendation",
        number("id"),
        text("plan_id", 60),
        text("phase", 60),
        day("as_of"),
        words("reason"),
        *_signed(),
        key("commendation"),
        unique("commendation", "plan_id", "phase"),
    )
    op.create_table(
        "commended",
        number("commendation_id"),
        text("unit", 60),
        text("person", 60),
        number("rank", nullable=True),
        sa.Column("points", EXACT, nullable=True),
        number("cases"),
        words("merit"),
        key("commended", "commendation_id", "unit", "person"),
        refers("commended", "commendation_id", "commendation"),
    )
