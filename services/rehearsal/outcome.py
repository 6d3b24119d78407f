"""The calendar of what happened (推演日历), read back from the store of a rehearsal when it is over."""

from collections.abc import Iterator, Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlmodel import Session, col

from domain.cadence import last_day
from domain.facts import ItemFacts
from domain.gates import PHASE_NAMES, Gate, PhaseState
from domain.milestones import MILESTONE_NAMES
from domain.plan import Plan
from domain.workdays import BEIJING
from models.engine import reading
from models.rounds import happenings
from models.tables import RoundRunRow, WorkItemRow
from services.facts import year_facts
from services.gates import phase_gates
from services.rehearsal.play import Diary, Play, Refusal, Scene
from services.rounds import QUARTER, YEAR


class Told(BaseModel):
    """Base of what the calendar tells; frozen."""

    model_config = ConfigDict(frozen=True)


class ItemLine(Told):
    """One item: opened, due, handed in first, accepted at last; None for what did not happen.

    ``returned`` counts how often it was sent back; ``held_for`` says for whom its unit waited, where it did.
    """

    key: str
    duty: str
    title: str
    measure: int | None
    unit: str
    unit_name: str
    year: int
    period: str
    label: str
    opened: date
    due: date
    act_by: date
    handed_in: date | None
    accepted: date | None
    returned: int
    held_for: str


class MilestoneLine(Told):
    """A milestone as it stood at the end."""

    id: str
    title: str
    due: date
    state: str
    met_on: date | None


class GateLine(Told):
    """A phase as it stood at the end, and when it was assessed; ``carried_over`` holds ids of milestones as it began."""

    phase: str
    name: str
    start: date
    end: date
    state: str
    closed_on: date | None
    closed_by: str
    assessed: date | None
    words: str
    carried_over: tuple[str, ...]
    milestones: tuple[MilestoneLine, ...]


class ReportLine(Told):
    """A yearly report: how many units owed their part and sent it in time, and when the office drew it up."""

    year: int
    due: date
    act_by: date
    owed: int
    in_time: int
    late: int
    missing: tuple[str, ...]
    drawn_up: date | None
    face: tuple[str, ...]


class HappeningLine(Told):
    """An event (事件) with its day."""

    day: date
    name: str
    subject: str
    words: str


class RefusalLine(Told):
    """What was not taken in, and why."""

    key: str
    day: date
    reason: str


class Calendar(Told):
    """Everything that a rehearsal brought about; ``closings`` are the quarters and years closed, by their last day."""

    plan: str
    name: str
    first: date
    last: date
    seed: int
    days_played: int
    items: tuple[ItemLine, ...]
    gates: tuple[GateLine, ...]
    reports: tuple[ReportLine, ...]
    happenings: tuple[HappeningLine, ...]
    closings: tuple[tuple[str, date], ...]
    slips: tuple[RefusalLine, ...]
    refused: tuple[RefusalLine, ...]


def outcome(play: Play) -> tuple[Calendar, tuple[ItemFacts, ...]]:
    """The calendar of a rehearsal that is over, and the facts on which it rests."""
    scene = play.scene
    plan = scene.plan
    with reading(play.engine) as session:
        facts = tuple(f for y in plan.years if y <= scene.last.year for f in year_facts(session, plan, y))
        opened = {
            key: at.astimezone(BEIJING).date()
            for key, at in session.execute(select(col(WorkItemRow.key), col(WorkItemRow.opened_at)))
        }
        items = tuple(_item(plan, f, opened[f.item.key], play.diary) for f in facts)
        found = Calendar(
            plan=plan.id,
            name=plan.name,
            first=scene.first,
            last=scene.last,
            seed=scene.seed,
            days_played=play.diary.days,
            items=items,
            gates=tuple(_gates(session, scene, play.diary)),
            reports=tuple(_reports(plan, items, play.diary)),
            happenings=tuple(
                HappeningLine(day=h.day, name=h.name, subject=h.subject, words=h.words)
                for h in happenings(session, plan.id)
            ),
            closings=_closings(session, plan),
            slips=_refusals(play.diary.slips),
            refused=_refusals(play.diary.refused),
        )
    return found, facts


def _item(plan: Plan, facts: ItemFacts, opened: date, diary: Diary) -> ItemLine:
    item, accepted = facts.item, facts.accepted
    return ItemLine(
        key=item.key,
        duty=item.duty,
        title=plan.duties_by_id[item.duty].title,
        measure=item.measure,
        unit=item.unit,
        unit_name=plan.units_by_id[item.unit].name,
        year=item.year,
        period=item.occurrence.period,
        label=item.occurrence.label,
        opened=opened,
        due=item.due,
        act_by=item.occurrence.act_by,
        handed_in=facts.submissions[0].day if facts.submissions else None,
        accepted=accepted.review.day if accepted and accepted.review else None,
        returned=facts.times_returned,
        held_for=diary.held.get(item.key, ""),
    )


def _gates(session: Session, scene: Scene, diary: Diary) -> Iterator[GateLine]:
    plan = scene.plan
    for place, gate in enumerate(phase_gates(session, plan, scene.last, scene.calendar)):
        began = max(gate.phase.start, scene.first)
        at_start: Sequence[Gate] = ()
        if began <= scene.last:
            at_start = phase_gates(session, plan, began, scene.calendar)
        yield GateLine(
            phase=gate.phase.id,
            name=gate.phase.name,
            start=gate.phase.start,
            end=gate.phase.end,
            state=PHASE_NAMES[gate.state],
            closed_on=gate.closed_on,
            closed_by=_closed_by(gate),
            assessed=diary.assessments.get(gate.phase.id),
            words=gate.words,
            carried_over=tuple(m.milestone.id for m in at_start[place].carried_over) if at_start else (),
            milestones=tuple(
                MilestoneLine(
                    id=m.milestone.id,
                    title=m.milestone.title,
                    due=last_day(m.milestone.due, m.milestone.bound),
                    state=MILESTONE_NAMES[m.state],
                    met_on=m.met_on,
                )
                for m in gate.milestones
            ),
        )


def _closed_by(gate: Gate) -> str:
    if gate.state is not PhaseState.CLOSED:
        return ""
    return "办公室关闭" if gate.closing else gate.closed_how


def _reports(plan: Plan, items: Sequence[ItemLine], diary: Diary) -> Iterator[ReportLine]:
    if plan.annual_duty is None:
        return
    for year in plan.years:
        own = [i for i in items if i.duty == plan.annual_duty.id and i.year == year]
        if not own:
            continue
        drawn_up, face = diary.reports.get(year, (None, ()))
        yield ReportLine(
            year=year,
            due=own[0].due,
            act_by=own[0].act_by,
            owed=len(own),
            in_time=sum(i.handed_in is not None and i.handed_in <= i.due for i in own),
            late=sum(i.handed_in is not None and i.handed_in > i.due for i in own),
            missing=tuple(i.unit_name for i in own if i.handed_in is None),
            drawn_up=drawn_up,
            face=face,
        )


def _closings(session: Session, plan: Plan) -> tuple[tuple[str, date], ...]:
    wanted = select(col(RoundRunRow.kind), col(RoundRunRow.as_of)).where(
        col(RoundRunRow.plan_id) == plan.id, col(RoundRunRow.kind).in_((QUARTER, YEAR))
    )
    ordered = wanted.order_by(col(RoundRunRow.as_of), col(RoundRunRow.kind))
    return tuple((kind, as_of) for kind, as_of in session.execute(ordered))


def _refusals(found: Sequence[Refusal]) -> tuple[RefusalLine, ...]:
    return tuple(RefusalLine(key=r.key, day=r.day, reason=r.reason) for r in found)
