"""What is stored. The database is the truth; every rule reads from here, through domain types.

Rows that people answer for (plan versions, items, submissions with their passages and figures, reviews, audit
lines) are only ever added: triggers of the migrations refuse to change or remove them.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index, MetaData, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.types import Exact, Moment

SHA = 64
"""Length of a SHA-256 in hexadecimal."""

APPEND_ONLY = (
    "plan_version",
    "work_item",
    "submission",
    "passage",
    "figure",
    "review",
    "audit_line",
    "phase_closing",
    "round_run",
    "happening",
    "attachment",
    "submission_attachment",
    "extension",
    "extension_decision",
    "correction",
    "report_release",
    "report_acknowledgement",
    "happening_told",
    "ladder_pause",
    "message_item",
    "message_event",
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
"""Tables whose rows the database refuses to change or remove."""


class Row(SQLModel):
    """Base of all tables; names constraints alike on both databases."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


class PlanVersionRow(Row, table=True):
    """A plan's content as the office put it into force (启用); ``number`` counts from 1 within a plan.

    ``content`` is the whole plan as JSON. A plan may go back to earlier content: that is a new number, so
    ``sha256`` (over what differs from the defaults) is not unique.
    """

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: str = Field(max_length=60)
    number: int
    sha256: str = Field(max_length=SHA)
    content: str = Field(sa_type=Text)
    adopted_at: datetime = Field(sa_type=Moment)
    adopted_by: str = Field(max_length=60)


class WorkItemRow(Row, table=True):
    """What one unit owes for one duty in one period (事项); ``key`` is ``plan/duty/unit/period``."""

    __tablename__ = "work_item"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=300, unique=True)
    plan_id: str = Field(max_length=60)
    plan_version_id: int = Field(foreign_key="plan_version.id")
    duty: str = Field(max_length=60)
    measure: int | None = None
    unit: str = Field(max_length=60)
    period: str = Field(max_length=80)
    period_label: str = Field(max_length=120)
    year: int
    opens: date
    due: date
    act_by: date
    assumed: bool
    opened_at: datetime = Field(sa_type=Moment)


_TOLD = ("stage", "timely", "returns")
_HANDED_IN = text("changed_at IS NOT NULL")


class ItemStateRow(Row, table=True):
    """Where an item stands now, after its newest version and the verdict on that.

    The database keeps it, by triggers on whatever moves an item; nothing else writes here. What is repeated of the item
    lets lists and counts be answered from an index.

    Attributes:
        due: the last day in time, which the office may have granted.
        stage: as :class:`domain.status.Stage`.
        timely: whether the first version came by the due day, in 北京时间.
        returns: how often the office sent the item back.
        pending: whether the newest version waits for the office.
        amending: whether the unit may hand in a correction of what was accepted.
        newest_id: the newest version; ``submission_id`` and what follows are of the version that counts.
        reviewed_at: of the verdict on that; where it is finished, when the item was first accepted as such.
        changed_at: the latest moment at which anything moved; None where nothing did.
    """

    __tablename__ = "item_state"
    __table_args__ = (
        Index(
            "ix_item_state_plan_id_duty_period",
            "plan_id",
            "duty",
            "period",
            "opens",
            "due",
            *_TOLD,
            "reviewed_at",
        ),
        Index("ix_item_state_plan_id_unit_measure", "plan_id", "unit", "measure", "opens", "due", *_TOLD),
        Index("ix_item_state_plan_id_stage_due", "plan_id", "stage", "due", "duty", "unit", "opens"),
        Index("ix_item_state_plan_id_due_duty", "plan_id", "due", "duty", "unit", "opens", "measure"),
        *(
            Index(
                f"ix_item_state_plan_id_{flag}",
                "plan_id",
                "due",
                "duty",
                "unit",
                "opens",
                sqlite_where=text(f"{flag} = 1"),
                postgresql_where=text(flag),
            )
            for flag in ("pending", "amending")
        ),
        Index(None, "plan_id", "changed_at", sqlite_where=_HANDED_IN, postgresql_where=_HANDED_IN),
        CheckConstraint("stage IN ('open', 'returned', 'to-review', 'under-way', 'finished')", name="stage"),
    )

    item_id: int = Field(
        foreign_key="work_item.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    plan_id: str = Field(max_length=60)
    duty: str = Field(max_length=60)
    measure: int | None = None
    unit: str = Field(max_length=60)
    year: int
    period: str = Field(max_length=80)
    opens: date
    due: date
    stage: str = Field(max_length=20)
    timely: bool
    returns: int
    pending: bool
    amending: bool
    newest_id: int | None = None
    submission_id: int | None = None
    version: int | None = None
    submitted_at: datetime | None = Field(default=None, sa_type=Moment)
    reviewed_at: datetime | None = Field(default=None, sa_type=Moment)
    changed_at: datetime | None = Field(default=None, sa_type=Moment)


class SubmissionRow(Row, table=True):
    """One version of what a unit handed in for an item; versions count from 1 without gaps."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("item_id", "version"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("state IN ('done', 'under-way', 'not-started', 'no-occasion')", name="state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="work_item.id")
    version: int
    state: str = Field(max_length=20)
    by: str = Field(max_length=60)
    at: datetime = Field(sa_type=Moment)
    door: str = Field(max_length=20)
    content_sha256: str = Field(max_length=SHA)
    file_sha256: str | None = Field(default=None, max_length=SHA)


class PassageRow(Row, table=True):
    """A piece of a submission's narrative."""

    __tablename__ = "passage"

    submission_id: int = Field(foreign_key="submission.id", primary_key=True)
    slot: str = Field(max_length=60, primary_key=True)
    text: str = Field(sa_type=Text)


class FigureRow(Row, table=True):
    """A figure of a submission; ``value`` is null where the unit has none, and ``remark`` then says why."""

    __tablename__ = "figure"

    submission_id: int = Field(foreign_key="submission.id", primary_key=True)
    indicator: str = Field(max_length=60, primary_key=True)
    value: Decimal | None = Field(default=None, sa_type=Exact)
    remark: str = Field(default="", sa_type=Text)


class ReviewRow(Row, table=True):
    """The office's verdict on a submission; there is at most one."""

    __tablename__ = "review"
    __table_args__ = (CheckConstraint("verdict IN ('accepted', 'returned')", name="verdict"),)

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submission.id", unique=True)
    verdict: str = Field(max_length=20)
    reason: str = Field(default="", sa_type=Text)
    reviewer: str = Field(max_length=60)
    at: datetime = Field(sa_type=Moment)


class ReceivedFileRow(Row, table=True):
    """A workbook that a unit sent in and that was taken over; ``name`` is sanitised before it comes here."""

    __tablename__ = "received_file"
    __table_args__ = (UniqueConstraint("sha256", "unit"),)

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(max_length=SHA)
    unit: str = Field(max_length=60)
    year: int
    name: str = Field(max_length=200)
    size: int
    at: datetime = Field(sa_type=Moment)
    by: str = Field(max_length=60)


class ReportRow(Row, table=True):
    """A report that was filed: which snapshot it shows and the folder that holds it.

    ``kind`` is ``annual``, ``circular`` or ``phase``; ``period`` the code of the part of the year that a circular is about,
    the id of the phase that is assessed, else empty.
    """

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("kind", "plan_id", "year", "snapshot_sha256"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=20)
    plan_id: str = Field(max_length=60)
    year: int
    period: str = Field(default="", max_length=20)
    as_of: date
    snapshot_sha256: str = Field(max_length=SHA)
    folder: str = Field(sa_type=Text)
    filed_at: datetime = Field(sa_type=Moment)


class PhaseClosingRow(Row, table=True):
    """That the office closed a phase (关闭阶段) and why; there is at most one."""

    __tablename__ = "phase_closing"
    __table_args__ = (UniqueConstraint("plan_id", "phase"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: str = Field(max_length=60)
    phase: str = Field(max_length=60)
    reason: str = Field(sa_type=Text)
    by: str = Field(max_length=60)
    at: datetime = Field(sa_type=Moment)


class RoundRunRow(Row, table=True):
    """That a round of some kind was done for a day, under a version of the plan; ``detail`` is what it counted.

    Unique for a plan, kind and day: a run that comes late, twice or out of order finds itself done.
    """

    __tablename__ = "round_run"
    __table_args__ = (UniqueConstraint("plan_id", "kind", "as_of"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: str = Field(max_length=60)
    plan_version_id: int = Field(foreign_key="plan_version.id")
    kind: str = Field(max_length=80)
    as_of: date
    detail: str = Field(sa_type=Text)
    actor: str = Field(max_length=60)
    at: datetime = Field(sa_type=Moment)


class HappeningRow(Row, table=True):
    """Something that rules found to have happened to ``subject`` on ``day`` (事件), recorded once."""

    __tablename__ = "happening"
    __table_args__ = (UniqueConstraint("plan_id", "name", "subject"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: str = Field(max_length=60)
    name: str = Field(max_length=60)
    subject: str = Field(max_length=200)
    day: date
    words: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Moment)


class HappeningToldRow(Row, table=True):
    """That a ``channel`` was told of a happening (已发布); one that is missing here is told at the next chance."""

    __tablename__ = "happening_told"

    happening_id: int = Field(foreign_key="happening.id", primary_key=True)
    channel: str = Field(max_length=20, primary_key=True)
    at: datetime = Field(sa_type=Moment)


class AuditLineRow(Row, table=True):
    """One act; ``hash`` covers everything else in the line, with the hash of the line before in ``prev``."""

    __tablename__ = "audit_line"
    __table_args__ = (Index(None, "action", "seq"), Index(None, "subject", "seq"))

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=Moment)
    actor: str = Field(max_length=60)
    action: str = Field(max_length=30)
    subject: str = Field(max_length=300)
    detail: str = Field(sa_type=Text)
    prev: str = Field(max_length=SHA)
    hash: str = Field(max_length=SHA)


class AuditHeadRow(Row, table=True):
    """Number and hash of the newest audit line, in one row: shows a removed end, and puts writers in a queue."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int
    hash: str = Field(max_length=SHA)
