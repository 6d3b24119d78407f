"""Whom messages go to, the messages, and the ledger of what came of each."""

import sqlalchemy as sa
from alembic import op

from models.migrations.columns import key, moment, number, refers, text
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


def _create_contacts() -> None:
    op.create_table(
        "contact",
        number("id"),
        text("plan_id", 60),
        text("unit", 60),
        text("post", 20),
        text("name", 60),
        number("account_id", nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        moment("made_at"),
        text("made_by", 60),
        key("contact"),
        refers("contact", "account_id", "account"),
    )
    op.create_index("ix_contact_plan_id_unit_post", "contact", ["plan_id", "unit", "post"])
    op.create_table(
        "contact_address",
        number("id"),
        number("contact_id"),
        text("channel", 30),
        text("address", 320),
        number("rank"),
        key("contact_address"),
        refers("contact_address", "contact_id", "contact"),
        sa.UniqueConstraint("contact_id", "channel", name="uq_contact_address_contact_id_channel"),
    )
    op.create_table(
        "ladder_pause",
        number("id"),
        text("plan_id", 60),
        text("unit", 60),
        text("duty", 60),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        text("by", 60),
        moment("at"),
        key("ladder_pause"),
    )


def _create_messages() -> None:
    op.create_table(
        "message",
        number("id"),
        text("uid", 36),
        text("plan_id", 60),
        text("kind", 20),
        text("subject", 120),
        number("contact_id"),
        text("channel", 30),
        sa.Column("day", sa.Date(), nullable=False),
        text("state", 20),
        number("attempts"),
        moment("next_at"),
        text("claimed_by", 60, nullable=True),
        moment("claimed_at", nullable=True),
        moment("sent_at", nullable=True),
        moment("acknowledged_at", nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        number("stands_in_for", nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        moment("made_at"),
        text("made_by", 60),
        key("message"),
        refers("message", "contact_id", "contact"),
        refers("message", "stands_in_for", "message"),
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
        number("id"),
        number("message_id"),
        number("item_id"),
        sa.Column("due", sa.Date(), nullable=False),
        text("rung", 60),
        number("contact_id"),
        text("channel", 30),
        key("message_item"),
        refers("message_item", "message_id", "message"),
        refers("message_item", "item_id", "work_item"),
        refers("message_item", "contact_id", "contact"),
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
        number("id"),
        number("message_id"),
        moment("at"),
        text("state", 20),
        text("by", 60),
        sa.Column("detail", sa.Text(), nullable=False),
        key("message_event"),
        refers("message_event", "message_id", "message"),
    )
    op.create_index("ix_message_event_message_id", "message_event", ["message_id"])
    op.create_table(
        "channel_window",
        text("channel", 30),
        moment("starts_at"),
        sa.Column("seconds", sa.Integer(), autoincrement=False, nullable=False),
        number("taken"),
        sa.PrimaryKeyConstraint("channel", "starts_at", "seconds", name="pk_channel_window"),
    )
