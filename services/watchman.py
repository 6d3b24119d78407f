"""The job that checks the jobs (值守): what should have run and has not, which part is down, which report is late.

It judges by what the store holds, for that is the truth; what only Prefect knows (a run that hangs or crashed) comes
in from ``tasks.engine_runs`` in the same form.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Literal
from urllib.error import URLError
from urllib.request import urlopen

from cronsim import CronSim
from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlmodel import Session, col

from domain.assessing import assessed_phases, assessment_day
from domain.duties import report_due
from domain.gates import phase_title
from domain.ladder import next_moment
from domain.plan import Plan
from domain.schedule import Kind, Timetable, timetables
from domain.workdays import BEIJING, WorkCalendar
from models.message_queue import waiting_since
from models.states import opened_in
from models.tables import PlanVersionRow, ReportRow, RoundRunRow
from services import circulars, phase_assessments
from services.orders import ANNUAL
from services.rounds import DAILY, QUARTER, YEAR
from services.running import Running

GRACE = timedelta(hours=2)
"""How late a run may be before it counts as missed."""
SETTLING = timedelta(minutes=15)
"""How long the platform has after a start to catch up."""
REPORT_WORKDAYS = 5
"""Working days that the office has for its consolidated report once the units' own are due."""
LATE_WORKDAYS = 3
"""Working days after which a report that comes by itself, and has not come, is missed."""
UNEVEN = timedelta(minutes=5)
"""How far a clock may be put back without a word: setting it by a time server moves it a little now and then."""
_PING_SECONDS = 10


class Trouble(BaseModel):
    """Something that is not as it should be.

    Attributes:
        kind: a run that was ``missed``, hangs (``stuck``) or ``failed``; a ``part`` that is down; the ``clock`` put back;
            a ``report`` late; a ``message`` that does not go out.
        subject: what it is about, for machines.
        text: what is the matter, as one sentence.
        mend: what to do.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["missed", "stuck", "failed", "part", "clock", "report", "message"]
    subject: str
    text: str
    mend: str

    @property
    def broken(self) -> bool:
        """Whether the platform itself is at fault, and not somebody's work late."""
        return self.kind not in {"report", "message"}


def troubles(
    session: Session, plan: Plan, at: datetime, calendar: WorkCalendar, running: Running | None
) -> tuple[Trouble, ...]:
    """Everything amiss at the moment ``at``, by the store and by the state of the parts.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        at: the moment, aware of its zone.
        calendar: working days.
        running: the running platform; None where there is none.
    """
    at = at.astimezone(BEIJING)
    return (
        *_parts(running),
        *_clock(session, plan, at),
        *_missed(session, plan, at, running),
        *_late_reports(session, plan, at.date(), calendar.assuming),
        *_late_messages(session, plan, at, calendar),
    )


def ping(address: str, *, well: bool) -> bool:
    """Tell an outside watch (as healthchecks takes it) that all is well, or that it is not; says whether it heard."""
    try:
        with urlopen(address if well else f"{address.rstrip('/')}/fail", timeout=_PING_SECONDS) as answer:  # noqa: S310 - the operator's own address
            return bool(200 <= answer.status < 300)
    except (URLError, OSError):
        return False


def _parts(running: Running | None) -> Iterator[Trouble]:
    for part in running.parts if running else ():
        if not part.up and part.restarts:
            yield Trouble(
                kind="part",
                subject=part.name,
                text=f"“{part.title}”{part.note or '没有应答'}。",
                mend="平台会自行恢复；十分钟后仍未恢复的，请查看 GUANAI_HOME 下 logs 目录中的日志。",
            )


def _clock(session: Session, plan: Plan, at: datetime) -> Iterator[Trouble]:
    """The last round that was recorded bears a moment that is still to come."""
    rounds = select(col(RoundRunRow.at)).where(col(RoundRunRow.plan_id) == plan.id)
    last = session.scalar(rounds.order_by(col(RoundRunRow.id).desc()).limit(1))
    if last is not None and last > at + UNEVEN:
        yield Trouble(
            kind="clock",
            subject="clock",
            text=f"最近一次运行登记在 {last:%Y-%m-%d %H:%M}，而本机现在是 {at:%Y-%m-%d %H:%M}：本机的时钟被拨回了。",
            mend="请核对并校准本机的日期和时间（timedatectl）。已做过的工作不会重做，也不会撤销；"
            "如现在的时间才是对的，请核对时钟走快期间开出的事项。新的一天运行之后，本提示自行消失。",
        )


def _missed(session: Session, plan: Plan, at: datetime, running: Running | None) -> Iterator[Trouble]:
    if running is not None and at - running.started < SETTLING:
        return
    begun = [m for m in (first_round(session, plan), running.started if running else None) if m is not None]
    if not begun:
        return  # nothing has ever run by itself here, so nothing can have been missed
    for timetable, fired in missed(session, plan, min(begun), at - GRACE):
        yield Trouble(
            kind="missed",
            subject=row_kind(timetable) or timetable.name,
            text=f"“{timetable.name}”本应在 {fired:%Y-%m-%d %H:%M} 运行，至今没有运行。",
            mend="请确认 guanai up 正在运行；正在运行的，请在流程引擎页面查看这项工作的运行记录。",
        )


def missed(
    session: Session, plan: Plan, since: datetime, until: datetime
) -> Iterator[tuple[Timetable, datetime]]:
    """Runs whose last start between two moments left no row, and no later one did; with the moment of that start."""
    for timetable in timetables(plan):
        fired = last_fire(timetable, until)
        if row_kind(timetable) is None or fired is None or fired < since:
            continue
        if plan.start <= fired.date() <= plan.end and not _done_since(session, plan, timetable, fired.date()):
            yield timetable, fired


def first_round(session: Session, plan: Plan) -> datetime | None:
    """When a round of the plan first left its row; None where none ever did."""
    return session.scalar(select(func.min(col(RoundRunRow.at))).where(col(RoundRunRow.plan_id) == plan.id))


def last_fire(timetable: Timetable, before: datetime) -> datetime | None:
    """When a run was to start last, at or before a moment; None where its lines name no hour of the year before."""
    moment = before.astimezone(BEIJING) + timedelta(minutes=1)
    fires = (next(CronSim(line.cron, moment, reverse=True), None) for line in timetable.lines)
    return max((fire for fire in fires if fire is not None), default=None)


def row_kind(timetable: Timetable) -> str | None:
    """The kind of row that a run leaves for its day; None for what leaves a report instead."""
    told = dict(timetable.parameters)
    match timetable.kind:
        case Kind.MEASURE:
            return f"measure/{told['measure']:02}"
        case Kind.PHASE:
            return f"phase/{told['phase']}"
        case Kind.DAILY_ROUND:
            return DAILY
        case Kind.QUARTER_CLOSE:
            return QUARTER
        case Kind.YEAR_CLOSE:
            return YEAR
    return None


def _done_since(session: Session, plan: Plan, timetable: Timetable, day: date) -> bool:
    """Whether a run fired on ``day`` left its row; what closes a period bears the period's last day, the one before."""
    if timetable.kind in {Kind.QUARTER_CLOSE, Kind.YEAR_CLOSE}:
        day -= timedelta(days=1)
    done = select(col(RoundRunRow.id)).where(
        col(RoundRunRow.plan_id) == plan.id,
        col(RoundRunRow.kind) == row_kind(timetable),
        col(RoundRunRow.as_of) >= day,
    )
    return session.scalar(done.limit(1)) is not None


def _late_reports(session: Session, plan: Plan, today: date, calendar: WorkCalendar) -> Iterator[Trouble]:
    """What is due from the office since the platform was first used, and is not filed."""
    first = select(func.min(col(PlanVersionRow.adopted_at))).where(col(PlanVersionRow.plan_id) == plan.id)
    adopted = session.scalar(first)
    if adopted is not None:
        since = adopted.date()
        yield from _late_annual(session, plan, since, today, calendar)
        yield from _late_circular(session, plan, since, today, calendar)
        yield from _late_assessments(session, plan, since, today, calendar)


def _late_annual(
    session: Session, plan: Plan, since: date, today: date, calendar: WorkCalendar
) -> Iterator[Trouble]:
    """Years whose items were open, whose report is due from the office, and for which none is filed."""
    if plan.annual_duty is None:
        return
    opened = {year for year in plan.years if opened_in(session, plan.id, *_days_of(year))}
    annual = (col(ReportRow.plan_id) == plan.id, col(ReportRow.kind) == ANNUAL)
    filed = set(session.scalars(select(col(ReportRow.year)).where(*annual)))
    for year in sorted(opened - filed):
        due = calendar.add_workdays(report_due(plan, year), REPORT_WORKDAYS).date
        if since <= due < today:
            yield Trouble(
                kind="report",
                subject=str(year),
                text=f"{year} 年度报告尚未生成，最迟应在 {due} 前完成。",
                mend=f"请审核完各单位的材料后运行 guanai report annual --year {year}。",
            )


def _days_of(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _late_circular(
    session: Session, plan: Plan, since: date, today: date, calendar: WorkCalendar
) -> Iterator[Trouble]:
    """The circular of the period that was over last, some working days after its day."""
    period = circulars.due(session, plan, today)
    if period is None:
        return
    due = calendar.add_workdays(period.end, plan.rules.circular.after_workdays).date
    if since <= due and calendar.add_workdays(due, LATE_WORKDAYS).date < today:
        yield Trouble(
            kind="report",
            subject=f"circular/{period.code}",
            text=f"{period.label}通报尚未生成，应在 {due} 自动生成。",
            mend=f"请查看“通报”的运行记录，或运行 guanai report circular --period {period.code}。",
        )


def _late_assessments(
    session: Session, plan: Plan, since: date, today: date, calendar: WorkCalendar
) -> Iterator[Trouble]:
    """The assessments of phases, some working days after their day."""
    for phase in assessed_phases(plan):
        due = assessment_day(phase, calendar)
        late = since <= due and calendar.add_workdays(due, LATE_WORKDAYS).date < today
        if late and not phase_assessments.filed(session, plan, phase):
            yield Trouble(
                kind="report",
                subject=f"assessment/{phase.id}",
                text=f"{phase_title(phase)}的评估尚未生成，应在 {due} 自动生成。",
                mend=f"请查看“阶段评估”的运行记录，或运行 guanai report phase --phase {phase.id}。",
            )


def _late_messages(session: Session, plan: Plan, at: datetime, calendar: WorkCalendar) -> Iterator[Trouble]:
    """Messages that nobody has tried to send, though they might have gone out for hours."""
    open_then = at - GRACE
    if next_moment(plan.rules.ladder.hours, open_then, calendar.assuming) != open_then:
        return  # nothing was to go out at that hour
    count, oldest = waiting_since(session, plan.id, open_then)
    if count and oldest is not None:
        yield Trouble(
            kind="message",
            subject="messages",
            text=f"有 {count} 条消息到时间以后没有发出，最早的应在 {oldest:%Y-%m-%d %H:%M} 发出。",
            mend="请确认 guanai up 正在运行，并查看“消息发送”的运行记录；渠道设了每天限额的，次日会接着发。",
        )
