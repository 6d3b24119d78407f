"""What the portal stands on: accounts and how they come in; drafts, attachments, extensions, corrections; releases."""

import sqlalchemy as sa
from alembic import op

from models.migrations.columns import key, moment, number, refers, text, unique
from models.migrations.protect import append_only

revision = "0003"
down_revision = "0002"

APPEND_ONLY = (
    "attachment",
    "submission_attachment",
    "extension",
    "extension_decision",
    "correction",
    "report_release",
)
REPLACES = {
    "attachment": "id = NEW.id OR (item_id = NEW.item_id AND sha256 = NEW.sha256)",
    "submission_attachment": "submission_id = NEW.submission_id AND attachment_id = NEW.attachment_id",
    "extension": "id = NEW.id",
    "extension_decision": "id = NEW.id OR extension_id = NEW.extension_id",
    "correction": "id = NEW.id OR submission_id = NEW.submission_id",
    "report_release": "id = NEW.id OR report_id = NEW.report_id",
}


def upgrade() -> None:
    _create_accounts()
    _create_api()
    _create_desk()
    _create_extensions()
    _create_corrections()
    append_only(APPEND_ONLY, REPLACES)


def _create_accounts() -> None:
    op.create_table(
        "account",
        number("id"),
        text("login", 60),
        text("name", 60),
        text("password", 200, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        number("failures"),
        moment("locked_until", nullable=True),
        moment("made_at"),
        text("made_by", 60),
        key("account"),
        unique("account", "login"),
        unique("account", "name"),
    )
    op.create_table(
        "account_role",
        number("account_id"),
        text("role", 20),
        text("unit", 60),
        key("account_role", "account_id", "role", "unit"),
        refers("account_role", "account_id", "account"),
    )
    op.create_index("ix_account_role_unit", "account_role", ["unit"])
    op.create_table(
        "sign_in_link",
        number("id"),
        number("account_id"),
        text("nonce_sha256", 64),
        moment("made_at"),
        moment("expires_at"),
        moment("used_at", nullable=True),
        key("sign_in_link"),
        refers("sign_in_link", "account_id", "account"),
    )
    op.create_table(
        "session",
        text("token_sha256", 64),
        number("account_id"),
        moment("started_at"),
        moment("seen_at"),
        key("session", "token_sha256"),
        refers("session", "account_id", "account"),
    )
    op.create_index("ix_session_account_id", "session", ["account_id"])


def _create_api() -> None:
    op.create_table(
        "api_token",
        number("id"),
        text("unit", 60),
        text("name", 60),
        text("scopes", 100),
        text("token_sha256", 64),
        moment("made_at"),
        text("made_by", 60),
        moment("expires_at"),
        moment("revoked_at", nullable=True),
        moment("used_at", nullable=True),
        key("api_token"),
        unique("api_token", "token_sha256"),
    )
    op.create_table(
        "idempotency",
        number("id"),
        number("token_id"),
        text("key", 100),
        text("request_sha256", 64),
        number("status"),
        sa.Column("body", sa.Text(), nullable=False),
        moment("at"),
        key("idempotency"),
        refers("idempotency", "token_id", "api_token"),
        unique("idempotency", "token_id", "key"),
    )


def _create_desk() -> None:
    op.create_table(
        "draft",
        number("id"),
        number("item_id"),
        number("account_id"),
        number("revision"),
        number("base_version"),
        sa.Column("content", sa.Text(), nullable=False),
        moment("saved_at"),
        key("draft"),
        refers("draft", "item_id", "work_item"),
        refers("draft", "account_id", "account"),
        unique("draft", "item_id", "account_id"),
    )
    op.create_table(
        "attachment",
        number("id"),
        number("item_id"),
        text("sha256", 64),
        text("name", 200),
        text("kind", 20),
        number("size"),
        text("by", 60),
        moment("at"),
        key("attachment"),
        refers("attachment", "item_id", "work_item"),
        unique("attachment", "item_id", "sha256"),
    )
    op.create_table(
        "submission_attachment",
        number("submission_id"),
        number("attachment_id"),
        key("submission_attachment", "submission_id", "attachment_id"),
        refers("submission_attachment", "submission_id", "submission"),
        refers("submission_attachment", "attachment_id", "attachment"),
    )
    op.create_table(
        "report_release",
        number("id"),
        number("report_id"),
        text("by", 60),
        moment("at"),
        key("report_release"),
        refers("report_release", "report_id", "report"),
        unique("report_release", "report_id"),
    )


def _create_extensions() -> None:
    op.create_table(
        "extension",
        number("id"),
        number("item_id"),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        text("by", 60),
        moment("at"),
        key("extension"),
        refers("extension", "item_id", "work_item"),
    )
    op.create_index("ix_extension_item_id", "extension", ["item_id"])
    op.create_table(
        "extension_decision",
        number("id"),
        number("extension_id"),
        text("verdict", 20),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("act_by", sa.Date(), nullable=True),
        sa.Column("assumed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        text("by", 60),
        moment("at"),
        key("extension_decision"),
        refers("extension_decision", "extension_id", "extension"),
        unique("extension_decision", "extension_id"),
        sa.CheckConstraint("verdict IN ('granted', 'refused')", name="ck_extension_decision_verdict"),
        sa.CheckConstraint("(verdict = 'granted') = (until IS NOT NULL)", name="ck_extension_decision_until"),
        sa.CheckConstraint("(until IS NULL) = (act_by IS NULL)", name="ck_extension_decision_act_by"),
    )


def _create_corrections() -> None:
    op.create_table(
        "correction",
        number("id"),
        number("submission_id"),
        sa.Column("reason", sa.Text(), nullable=False),
        text("by", 60),
        moment("at"),
        key("correction"),
        refers("correction", "submission_id", "submission"),
        unique("correction", "submission_id"),
    )
