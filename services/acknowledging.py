"""A circular after it is made: released, sent out through the ledger of messages, and acknowledged by units (签收)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from domain.ladder import next_moment
from domain.messages import OF_UNITS, MessageKind
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.workdays import BEIJING
from models.contacts import reachable
from models.desk import ReportAcknowledgementRow
from models.reports import (
    Told,
    acknowledged_by,
    acknowledgements,
    mark_acknowledged,
    subject_of,
    told_of,
    urging_of,
)
from services import audit, filed_reports
from services.enqueue import Owed, enqueue_all
from services.filed_reports import Filed
from services.orders import CIRCULAR
from services.workcalendar import work_calendar

Folders = Sequence[Path]


@dataclass(frozen=True)
class Acknowledged:
    """Who acknowledged a circular for a unit, and when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class UnitStanding:
    """How a circular has fared with one unit.

    Attributes:
        unit: the unit's id.
        name: its name.
        acknowledged: None while it has not acknowledged.
        told: what its contacts were told, the first message first; empty where it has none that can be reached.
        urged: how often it was urged to acknowledge, each day counted once.
    """

    unit: str
    name: str
    acknowledged: Acknowledged | None
    told: tuple[Told, ...]
    urged: int


@dataclass(frozen=True)
class OwnCircular:
    """A released circular as a unit sees it; ``acknowledged`` is None while the unit has not acknowledged."""

    report: Filed
    acknowledged: Acknowledged | None


@dataclass(frozen=True)
class Before:
    """What of circulars lies before the office.

    Attributes:
        unread: the newest one, while it is not released; None where it is, or there is none.
        last: the one that was released last; None where none was.
        silent: how many units have not acknowledged that.
    """

    unread: Filed | None
    last: Filed | None
    silent: int


def before_office(session: Session, plan: Plan) -> Before:
    """What of circulars lies before the office: one to be read and released, units that have not acknowledged the last."""
    found = filed_reports.filed(session, plan.id, kind=CIRCULAR)
    unread = next((one for one in found[:1] if one.released_at is None), None)
    last = next((one for one in found if one.released_at is not None), None)
    done = acknowledgements(session, last.id) if last else {}
    silent = sum(unit not in done for unit in plan.units_by_id) if last else 0
    return Before(unread, last, silent)


def release(session: Session, plan: Plan, number: int, *, folders: Folders, by: str, at: datetime) -> Filed:
    """Release a report; a circular goes out to every unit's liaison and leader at once.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        number: the report.
        folders: from which files may be enclosed in messages; a circular that lies elsewhere goes out as a link.
        by: who releases it.
        at: the moment.

    Raises:
        Problem: 708, 710, 711, 712 as :func:`services.filed_reports.release`.
    """
    report = filed_reports.release(session, plan.id, number, by=by, at=at)
    if report.is_circular:
        content = _content(plan, report, folders, urging=False)
        _send(session, plan, content, subject_of(number), tuple(plan.units_by_id), by=by, at=at)
    return report


def acknowledge(session: Session, plan: Plan, number: int, unit: str, *, by: str, at: datetime) -> None:
    """Acknowledge a circular for a unit (签收), once and for good.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        number: the circular.
        unit: id of the unit.
        by: who acknowledges for it.
        at: the moment.

    Raises:
        Problem: 710 for no such report; 1406 for one that is no circular; 1407 for one that is not released; 1408 where
            somebody has acknowledged it for the unit.
    """
    audit.lock(session)  # two colleagues who acknowledge at once take turns
    released(session, plan, number)
    before = acknowledgements(session, number).get(unit)
    name = plan.unit(unit).name
    if before is not None:
        raise Problem(ProblemKind.ALREADY_ACKNOWLEDGED, unit=name, by=before.by)
    session.add(ReportAcknowledgementRow(report_id=number, unit=unit, by=by, at=at))
    session.flush()
    mark_acknowledged(session, plan.id, number, unit, at)
    detail: audit.Detail = {"unit": unit}
    subject = f"{plan.id}/report/{number}"
    audit.record(session, at=at, actor=by, action="acknowledge", subject=subject, detail=detail)


def urge(session: Session, plan: Plan, number: int, *, folders: Folders, by: str, at: datetime) -> int:
    """Urge the units that have not acknowledged a circular, each once a day; says how many messages go out.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        number: the circular.
        folders: as for :func:`release`.
        by: who urges.
        at: the moment.

    Raises:
        Problem: 710, 1406, 1407 as :func:`acknowledge`; 1409 where there is nobody to be told today.
    """
    audit.lock(session)  # two who urge at once take turns, and nobody is told twice
    report = released(session, plan, number)
    done = acknowledgements(session, number)
    silent = [unit for unit in plan.units_by_id if unit not in done]
    subject = urging_of(number, at.astimezone(BEIJING).date())
    content = _content(plan, report, folders, urging=True)
    count = _send(session, plan, content, subject, silent, by=by, at=at)
    if not count:
        raise Problem(ProblemKind.URGED_TODAY)
    detail: audit.Detail = {"units": len(silent), "messages": count}
    about = f"{plan.id}/report/{number}"
    audit.record(session, at=at, actor=by, action="urge-acknowledgement", subject=about, detail=detail)
    return count


def standing(session: Session, plan: Plan, number: int) -> tuple[UnitStanding, ...]:
    """How a circular has fared with every unit, in the plan's order; those that the plan has no more are left out."""
    done, told = acknowledgements(session, number), told_of(session, plan.id, number)
    by_unit: dict[str, list[Told]] = {}
    for one in told:
        by_unit.setdefault(one.unit, []).append(one)
    return tuple(
        UnitStanding(
            unit=unit.id,
            name=unit.name,
            acknowledged=_acknowledged(done.get(unit.id)),
            told=tuple(by_unit.get(unit.id, ())),
            urged=len({one.subject for one in by_unit.get(unit.id, ()) if one.urging}),
        )
        for unit in plan.units
    )


def released(session: Session, plan: Plan, number: int) -> Filed:
    """The released circular of a number.

    Raises:
        Problem: 710 for no such report; 1406 for one that is no circular; 1407 for one that is not released.
    """
    report = filed_reports.one(session, plan.id, number)
    if not report.is_circular:
        raise Problem(ProblemKind.NOT_A_CIRCULAR, number=number)
    if report.released_at is None:
        raise Problem(ProblemKind.CIRCULAR_UNRELEASED, number=number)
    return report


def own(session: Session, plan: Plan, unit: str) -> tuple[OwnCircular, ...]:
    """Every released circular as a unit sees it, newest first."""
    done: Mapping[int, ReportAcknowledgementRow] = acknowledged_by(session, unit)
    found = filed_reports.filed(session, plan.id, released=True)
    circulars = (report for report in found if report.is_circular)
    return tuple(OwnCircular(report, _acknowledged(done.get(report.id))) for report in circulars)


def _acknowledged(row: ReportAcknowledgementRow | None) -> Acknowledged | None:
    return None if row is None else Acknowledged(row.by, row.at)


def _send(
    session: Session,
    plan: Plan,
    content: Mapping[str, Any],
    subject: str,
    units: Collection[str],
    *,
    by: str,
    at: datetime,
) -> int:
    """Put a message for each liaison and leader of ``units`` into the ledger; says how many are new."""
    calendar = work_calendar(plan.rules.calendar.beyond_known)
    next_at = next_moment(plan.rules.ladder.hours, at, calendar)

    def owed() -> Iterator[Owed]:
        for contact in session.execute(reachable(plan.id)).all():
            if contact.post in OF_UNITS and contact.unit in units:
                yield Owed(
                    kind=MessageKind.CIRCULAR,
                    contact=contact.contact_id,
                    channel=contact.channel,
                    day=at.astimezone(BEIJING).date(),
                    next_at=next_at,
                    content=content,
                    subject=subject,
                )

    return enqueue_all(session, plan, owed(), by=by, at=at)


def _content(plan: Plan, report: Filed, folders: Folders, *, urging: bool) -> dict[str, Any]:
    """What the message says besides asking to read and acknowledge; no figure stands in it."""
    office = plan.leading_group.office.name
    (paper,) = filed_reports.papers(report)
    if urging:
        words = f"{office}此前印发的《{paper.title}》，贵单位尚未签收。"
    else:
        words = f"{office}印发了《{paper.title}》，请按通报要求抓好落实。"
    path = paper.path.resolve()
    near = any(path.is_relative_to(folder.resolve()) for folder in folders)
    return {
        "title": f"{'请尽快签收' if urging else '请签收'}：{report.title}",
        "paragraphs": [words, "签收由单位联络员在平台上办理，并报分管负责同志阅知。"],
        "link": f"/ack/{report.id}",
        **({"attachments": [str(path)]} if near else {}),
    }
