"""What the portal stands on: accounts and how they come in; drafts, attachments, extensions, corrections; releases."""

import sqlalchemy as sa
from alembic import op

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
    "attachment": "id = NEW.id",
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


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns or ("id",), name=f"pk_{table}")


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def _create_accounts() -> None:
    op.create_table(
        "account",
        _id(),
        _text("login", 60),
        _text("name", 60),
        _text("password", 200, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        _number("failures"),
        _moment("locked_until", nullable=True),
        _moment("made_at"),
        _text("made_by", 60),
        _key("account"),
        _unique("account", "login"),
        _unique("account", "name"),
    )
    op.create_table(
        "account_role",
        _number("account_id"),
        _text("role", 20),
        _text("unit", 60),
        _key("account_role", "account_id", "role", "unit"),
        _refers("account_role", "account_id", "account"),
    )
    op.create_index("ix_account_role_unit", "account_role", ["unit"])
    op.create_table(
        "sign_in_link",
        _id(),
        _number("account_id"),
        _text("nonce_sha256", 64),
        _moment("made_at"),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
        _key("sign_in_link"),
        _refers("sign_in_link", "account_id", "account"),
    )
    op.create_table(
        "session",
        _text("token_sha256", 64),
        _number("account_id"),
        _moment("started_at"),
        _moment("seen_at"),
        _key("session", "token_sha256"),
        _refers("session", "account_id", "account"),
    )
    op.create_index("ix_session_account_id", "session", ["account_id"])


def _create_api() -> None:
    op.create_table(
        "api_token",
        _id(),
        _text("unit", 60),
        _text("name", 60),
        _text("scopes", 100),
        _text("token_sha256", 64),
        _moment("made_at"),
        _text("made_by", 60),
        _moment("expires_at"),
        _moment("revoked_at", nullable=True),
        _moment("used_at", nullable=True),
        _key("api_token"),
        _unique("api_token", "token_sha256"),
    )
    op.create_table(
        "idempotency",
        _id(),
        _number("token_id"),
        _text("key", 100),
        _text("request_sha256", 64),
        _number("status"),
        sa.Column("body", sa.Text(), nullable=False),
        _moment("at"),
        _key("idempotency"),
        _refers("idempotency", "token_id", "api_token"),
        _unique("idempotency", "token_id", "key"),
    )


def _create_desk() -> None:
    op.create_table(
        "draft",
        _id(),
        _number("item_id"),
        _number("account_id"),
        _number("revision"),
        _number("base_version"),
        sa.Column("content", sa.Text(), nullable=False),
        _moment("saved_at"),
        _key("draft"),
        _refers("draft", "item_id", "work_item"),
        _refers("draft", "account_id", "account"),
        _unique("draft", "item_id", "account_id"),
    )
    op.create_table(
        "attachment",
        _id(),
        _number("item_id"),
        _text("sha256", 64),
        _text("name", 200),
        _text("kind", 20),
        _number("size"),
        _text("by", 60),
        _moment("at"),
        _key("attachment"),
        _refers("attachment", "item_id", "work_item"),
    )
    op.create_index("ix_attachment_item_id", "attachment", ["item_id"])
    op.create_table(
        "submission_attachment",
        _number("submission_id"),
        _number("attachment_id"),
        _key("submission_attachment", "submission_id", "attachment_id"),
        _refers("submission_attachment", "submission_id", "submission"),
        _refers("submission_attachment", "attachment_id", "attachment"),
    )
    op.create_table(
        "report_release",
        _id(),
        _number("report_id"),
        _text("by", 60),
        _moment("at"),
        _key("report_release"),
        _refers("report_release", "report_id", "report"),
        _unique("report_release", "report_id"),
    )


def _create_extensions() -> None:
    op.create_table(
        "extension",
        _id(),
        _number("item_id"),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _text("by", 60),
        _moment("at"),
        _key("extension"),
        _refers("extension", "item_id", "work_item"),
    )
    op.create_index("ix_extension_item_id", "extension", ["item_id"])
    op.create_table(
        "extension_decision",
        _id(),
        _number("extension_id"),
        _text("verdict", 20),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("act_by", sa.Date(), nullable=True),
        sa.Column("assumed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _text("by", 60),
        _moment("at"),
        _key("extension_decision"),
        _refers("extension_decision", "extension_id", "extension"),
        _unique("extension_decision", "extension_id"),
        sa.CheckConstraint("verdict IN ('granted', 'refused')", name="ck_extension_decision_verdict"),
        sa.CheckConstraint("(verdict = 'granted') = (until IS NOT NULL)", name="ck_extension_decision_until"),
        sa.CheckConstraint("(until IS NULL) = (act_by IS NULL)", name="ck_extension_decision_act_by"),
    )


def _create_corrections() -> None:
    op.create_table(
        "correction",
        _id(),
        _number("submission_id"),
        sa.Column("reason", sa.Text(), nullable=False),
        _text("by", 60),
        _moment("at"),
        _key("correction"),
        _refers("correction", "submission_id", "submission"),
        _unique("correction", "submission_id"),
    )
