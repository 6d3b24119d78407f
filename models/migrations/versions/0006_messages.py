"""Whom messages go to, the messages, and the ledger of what came of each."""

import sqlalchemy as sa
from alembic import op

from models.migrations.protect import append_only

revision = "0006"
down_revision = "0005"

APPEND_ONLY = ("ladder_pause", "message_item", "message_event")
REPLACES = {
    "ladder_pause": "id = NEW.id",
    "message_event": "id = NEW.id",
}
# Rows of message_item are inserted with ON CONFLICT DO NOTHING: they rely on recursive_triggers against INSERT OR REPLACE.


def upgrade() -> None:
    _create_contacts()
    _create_messages()
    _create_ledger()
    append_only(APPEND_ONLY, REPLACES)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def _create_contacts() -> None:
    op.create_table(
        "contact",
        _id(),
        _text("plan_id", 60),
        _text("unit", 60),
        _text("post", 20),
        _text("name", 60),
        _number("account_id", nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        _moment("made_at"),
        _text("made_by", 60),
        _key("contact"),
        _refers("contact", "account_id", "account"),
    )
    op.create_index("ix_contact_plan_id_unit_post", "contact", ["plan_id", "unit", "post"])
    op.create_table(
        "contact_address",
        _id(),
        _number("contact_id"),
        _text("channel", 30),
        _text("address", 320),
        _number("rank"),
        _key("contact_address"),
        _refers("contact_address", "contact_id", "contact"),
        sa.UniqueConstraint("contact_id", "channel", name="uq_contact_address_contact_id_channel"),
    )
    op.create_table(
        "ladder_pause",
        _id(),
        _text("plan_id", 60),
        _text("unit", 60),
        _text("duty", 60),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _text("by", 60),
        _moment("at"),
        _key("ladder_pause"),
    )


def _create_messages() -> None:
    op.create_table(
        "message",
        _id(),
        _text("uid", 36),
        _text("plan_id", 60),
        _text("kind", 20),
        _text("subject", 120),
        _number("contact_id"),
        _text("channel", 30),
        sa.Column("day", sa.Date(), nullable=False),
        _text("state", 20),
        _number("attempts"),
        _moment("next_at"),
        _text("claimed_by", 60, nullable=True),
        _moment("claimed_at", nullable=True),
        _moment("sent_at", nullable=True),
        _moment("acknowledged_at", nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        _number("stands_in_for", nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        _moment("made_at"),
        _text("made_by", 60),
        _key("message"),
        _refers("message", "contact_id", "contact"),
        _refers("message", "stands_in_for", "message"),
        sa.UniqueConstraint("uid", name="uq_message_uid"),
        sa.CheckConstraint(
            "state IN ('planned', 'claimed', 'sent', 'delivered', 'doubtful', 'failed', 'given-up', 'dropped')",
            name="ck_message_state",
        ),
    )
    for columns in (("state", "next_at"), ("contact_id", "day"), ("plan_id", "subject")):
        op.create_index("_".join(("ix_message", *columns)), "message", list(columns))


def _create_ledger() -> None:
    op.create_table(
        "message_item",
        _id(),
        _number("message_id"),
        _number("item_id"),
        sa.Column("due", sa.Date(), nullable=False),
        _text("rung", 60),
        _number("contact_id"),
        _text("channel", 30),
        _key("message_item"),
        _refers("message_item", "message_id", "message"),
        _refers("message_item", "item_id", "work_item"),
        _refers("message_item", "contact_id", "contact"),
        sa.UniqueConstraint(
            "item_id",
            "due",
            "rung",
            "contact_id",
            "channel",
            name="uq_message_item_item_id_due_rung_contact_id_channel",
        ),
    )
    op.create_index("ix_message_item_message_id", "message_item", ["message_id"])
    op.create_table(
        "message_event",
        _id(),
        _number("message_id"),
        _moment("at"),
        _text("state", 20),
        _text("by", 60),
        sa.Column("detail", sa.Text(), nullable=False),
        _key("message_event"),
        _refers("message_event", "message_id", "message"),
    )
    op.create_index("ix_message_event_message_id", "message_event", ["message_id"])
    op.create_table(
        "channel_window",
        _text("channel", 30),
        _moment("starts_at"),
        sa.Column("seconds", sa.Integer(), autoincrement=False, nullable=False),
        _number("taken"),
        sa.PrimaryKeyConstraint("channel", "starts_at", "seconds", name="pk_channel_window"),
    )
