"""What the store knows of filed reports, of who was told of them, and of who has acknowledged them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlmodel import Session, col

from models.desk import ReportAcknowledgementRow
from models.messages import ContactRow, MessageRow
from models.tables import ReportRow


def record_report(  # noqa: PLR0913 - each names one column of the row
    session: Session,
    *,
    kind: str,
    plan_id: str,
    year: int,
    period: str = "",
    as_of: date,
    snapshot_sha256: str,
    folder: str,
    filed_at: datetime,
) -> bool:
    """Record a filed report once; says whether it is new. The caller holds the lock of the audit chain."""
    known = select(col(ReportRow.id)).where(
        col(ReportRow.kind) == kind,
        col(ReportRow.plan_id) == plan_id,
        col(ReportRow.year) == year,
        col(ReportRow.snapshot_sha256) == snapshot_sha256,
    )
    if session.scalar(known) is not None:
        return False
    session.add(
        ReportRow(
            kind=kind,
            plan_id=plan_id,
            year=year,
            period=period,
            as_of=as_of,
            snapshot_sha256=snapshot_sha256,
            folder=folder,
            filed_at=filed_at,
        )
    )
    return True


def filed_after(session: Session, plan_id: str, kind: str, about: str, end: date) -> bool:
    """Whether a report is filed that was made after the end of what it is about: not an interim one.

    Args:
        session: of :func:`models.engine.reading`.
        plan_id: the plan.
        kind: what sort of report.
        about: code of the period, or id of the phase.
        end: its last day.
    """
    filed = select(col(ReportRow.id)).where(
        col(ReportRow.plan_id) == plan_id,
        col(ReportRow.kind) == kind,
        col(ReportRow.period) == about,
        col(ReportRow.as_of) > end,
    )
    return session.scalar(filed.limit(1)) is not None


@dataclass(frozen=True)
class Told:
    """What one contact was told of a report by one channel, and how far that has come."""

    unit: str
    post: str
    name: str
    channel: str
    state: str
    subject: str
    day: date
    sent_at: datetime | None

    @property
    def urging(self) -> bool:
        """Whether it urged to acknowledge."""
        return "/urge/" in self.subject


def subject_of(report: int) -> str:
    """What messages about a report bear as their subject."""
    return f"report/{report}"


def urging_of(report: int, day: date) -> str:
    """What messages bear that urge to acknowledge a report, one a day at most."""
    return f"{subject_of(report)}/urge/{day}"


def told_of(session: Session, plan_id: str, report: int) -> tuple[Told, ...]:
    """Every message about a report, in the order in which they were made."""
    wanted = (
        select(ContactRow, MessageRow)
        .join(ContactRow, col(ContactRow.id) == col(MessageRow.contact_id))
        .where(col(MessageRow.plan_id) == plan_id, _about(report))
        .order_by(col(MessageRow.id))
    )
    return tuple(
        Told(
            unit=contact.unit,
            post=contact.post,
            name=contact.name,
            channel=message.channel,
            state=message.state,
            subject=message.subject,
            day=message.day,
            sent_at=message.sent_at,
        )
        for contact, message in session.execute(wanted)
    )


def mark_acknowledged(session: Session, plan_id: str, report: int, unit: str, at: datetime) -> None:
    """Write into the ledger that what a unit's contacts were told of a report is acknowledged (签收)."""
    contacts = select(col(ContactRow.id)).where(
        col(ContactRow.plan_id) == plan_id, col(ContactRow.unit) == unit
    )
    told = update(MessageRow).where(
        col(MessageRow.plan_id) == plan_id,
        _about(report),
        col(MessageRow.contact_id).in_(contacts),
        col(MessageRow.acknowledged_at).is_(None),
    )
    session.execute(told.values(acknowledged_at=at))


def acknowledgements(session: Session, report: int) -> Mapping[str, ReportAcknowledgementRow]:
    """Which units have acknowledged a report, by their id."""
    rows = select(ReportAcknowledgementRow).where(col(ReportAcknowledgementRow.report_id) == report)
    return {row.unit: row for row in session.scalars(rows)}


def acknowledged_by(session: Session, unit: str) -> Mapping[int, ReportAcknowledgementRow]:
    """Which reports a unit has acknowledged, by their number."""
    rows = select(ReportAcknowledgementRow).where(col(ReportAcknowledgementRow.unit) == unit)
    return {row.report_id: row for row in session.scalars(rows)}


def _about(report: int) -> ColumnElement[bool]:
    subject = col(MessageRow.subject)
    return or_(subject == subject_of(report), subject.startswith(f"{subject_of(report)}/"))


def report_of_snapshot(session: Session, beginning: str) -> ReportRow | None:
    """The report that was filed of the snapshot whose digest begins so; None for no such report.

    Args:
        session: any.
        beginning: hexadecimal digits, at least so many that no two snapshots share them.
    """
    wanted = select(ReportRow).where(col(ReportRow.snapshot_sha256).startswith(beginning))
    return session.scalars(wanted.order_by(col(ReportRow.id).desc()).limit(1)).first()
