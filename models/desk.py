"""What happens to an item besides versions and verdicts: drafts, attachments, extensions, corrections; and to reports.

All but drafts are only ever added: triggers of the migrations refuse to change or remove them.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from models.people import NAME
from models.tables import SHA, Row
from models.types import Moment


class DraftRow(Row, table=True):
    """What somebody has typed into an item's form and not handed in (草稿); each person has their own.

    ``content`` is the form as JSON. ``revision`` is drawn anew with each saving, so that two windows of the same person
    notice each other. ``base_version`` is the newest version that the person had before them, 0 for none.
    """

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("item_id", "account_id"),)

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="work_item.id")
    account_id: int = Field(foreign_key="account.id")
    revision: int
    base_version: int
    content: str = Field(sa_type=Text)
    saved_at: datetime = Field(sa_type=Moment)


class AttachmentRow(Row, table=True):
    """A file that a unit has put to an item (附件); its bytes stand outside the database, under their digest.

    ``name`` is sanitised before it comes here; ``kind`` is what the content is, whatever the name says.
    """

    __tablename__ = "attachment"
    __table_args__ = (UniqueConstraint("item_id", "sha256"),)

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="work_item.id")
    sha256: str = Field(max_length=SHA)
    name: str = Field(max_length=200)
    kind: str = Field(max_length=20)
    size: int
    by: str = Field(max_length=NAME)
    at: datetime = Field(sa_type=Moment)


class SubmissionAttachmentRow(Row, table=True):
    """That an attachment was handed in with a version."""

    __tablename__ = "submission_attachment"

    submission_id: int = Field(foreign_key="submission.id", primary_key=True)
    attachment_id: int = Field(foreign_key="attachment.id", primary_key=True)


class ExtensionRow(Row, table=True):
    """That a unit asked for more time for an item (延期申请)."""

    __tablename__ = "extension"
    __table_args__ = (Index(None, "item_id"),)

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="work_item.id")
    until: date
    reason: str = Field(sa_type=Text)
    by: str = Field(max_length=NAME)
    at: datetime = Field(sa_type=Moment)


class ExtensionDecisionRow(Row, table=True):
    """What the office decided on an extension; there is at most one. ``until`` is null where it was refused.

    ``act_by`` is the last working day on or before ``until``; ``assumed`` whether that rests on an assumption.
    """

    __tablename__ = "extension_decision"
    __table_args__ = (
        CheckConstraint("verdict IN ('granted', 'refused')", name="verdict"),
        CheckConstraint("(verdict = 'granted') = (until IS NOT NULL)", name="until"),
        CheckConstraint("(until IS NULL) = (act_by IS NULL)", name="act_by"),
    )

    id: int | None = Field(default=None, primary_key=True)
    extension_id: int = Field(foreign_key="extension.id", unique=True)
    verdict: str = Field(max_length=20)
    until: date | None = None
    act_by: date | None = None
    assumed: bool = False
    reason: str = Field(default="", sa_type=Text)
    by: str = Field(max_length=NAME)
    at: datetime = Field(sa_type=Moment)


class CorrectionRow(Row, table=True):
    """That the office let a unit correct an accepted version (允许更正), and why; there is at most one for a version."""

    __tablename__ = "correction"

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submission.id", unique=True)
    reason: str = Field(sa_type=Text)
    by: str = Field(max_length=NAME)
    at: datetime = Field(sa_type=Moment)


class ReportReleaseRow(Row, table=True):
    """That the office let the leaders read a filed report (发布)."""

    __tablename__ = "report_release"

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", unique=True)
    by: str = Field(max_length=NAME)
    at: datetime = Field(sa_type=Moment)


class ReportAcknowledgementRow(Row, table=True):
    """That a unit acknowledged a released circular (签收), and who did so for it; there is at most one for a unit."""

    __tablename__ = "report_acknowledgement"
    __table_args__ = (UniqueConstraint("report_id", "unit"),)

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id")
    unit: str = Field(max_length=60)
    by: str = Field(max_length=NAME)
    at: datetime = Field(sa_type=Moment)
