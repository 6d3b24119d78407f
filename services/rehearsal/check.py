"""Whether a rehearsal went as the plan says: every duty opened, led, gated and closed on its day. Pure.

What should have happened is reckoned here from the plan and from what units and office did; what the rounds recorded is
held against it. Each mismatch is one sentence for an officer.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from domain.assessing import assessed_phases, assessment_day
from domain.cadence import last_day
from domain.duties import WorkItem, work_items
from domain.facts import ItemFacts
from domain.milestones import MILESTONE_NAMES, MilestoneState
from domain.plan import Milestone, Plan
from domain.rounds import DUTY_OVERDUE, MILESTONE_MET, MILESTONE_MISSED, PHASE_CLOSED, PHASE_OPENED
from domain.status import FINISHED, Light, light
from domain.waiting import awaited, owing, terms, waits
from services.rehearsal.days import ONE_DAY, all_occurrences, quarter_ends, red_day, report_day
from services.rehearsal.outcome import Calendar, GateLine, ItemLine
from services.rehearsal.play import Scene
from services.rounds import QUARTER, YEAR


def mismatches(scene: Scene, calendar: Calendar, facts: Sequence[ItemFacts]) -> tuple[str, ...]:
    """Everything in which a rehearsal differs from its plan; empty where all is as it should be."""
    return (
        *_opened(scene, calendar),
        *_led(scene, facts),
        *_gated(scene, calendar, facts),
        *_closed(scene, calendar, facts),
        *_reported(scene, calendar),
    )


def _opened(scene: Scene, calendar: Calendar) -> Iterator[str]:
    """Every item of the plan on its day, with its dates, and no other."""
    wanted = {
        item.key: item
        for year in scene.plan.years
        if year <= scene.last.year
        for item in work_items(scene.plan, year, scene.calendar)
        if item.occurrence.opens <= scene.last
    }
    found = {line.key: line for line in calendar.items}
    for key in sorted(wanted.keys() - found.keys()):
        yield f"{_words(scene.plan, wanted[key])}应于 {wanted[key].occurrence.opens} 开出，没有开出。"
    for key in sorted(found.keys() - wanted.keys()):
        yield f"{_line(found[key])}不在方案之内，却开出了。"
    for key in sorted(found.keys() & wanted.keys()):
        yield from _dates(scene, found[key], wanted[key])


def _dates(scene: Scene, line: ItemLine, item: WorkItem) -> Iterator[str]:
    opens = max(item.occurrence.opens, scene.first)
    if line.opened != opens:
        yield f"{_line(line)}应于 {opens} 开出，实为 {line.opened}。"
    if (line.due, line.act_by) != (item.due, item.occurrence.act_by):
        yield f"{_line(line)}应于 {item.due} 截止，实为 {line.due}。"


def _led(scene: Scene, facts: Sequence[ItemFacts]) -> Iterator[str]:
    """Nobody handed in before what it waited for was there, unless its last working day had come."""
    plan = scene.plan
    waiting = [f for f in facts if plan.duties_by_id[f.item.duty].after and f.submissions]
    others = awaited(plan, (plan.duties_by_id[f.item.duty] for f in waiting))
    watched = [f for f in facts if f.item.duty in {duty.id for duty in others}]
    occurrences = list(all_occurrences(plan, scene.calendar, scene.last))
    known: dict[date, dict[tuple[str, str], tuple[str, ...]]] = {}
    for item in waiting:
        day = item.submissions[0].day
        if day >= item.item.occurrence.act_by:
            continue
        owed = known.setdefault(day, owing(watched, day - ONE_DAY))
        by_duty = {d.id: terms(plan, d, (o for name, o in occurrences if name == d.id), owed) for d in others}
        duty = plan.duties_by_id[item.item.duty]
        for wait in waits(duty, item.item.unit, item.item.occurrence, by_duty, day):
            yield f"{_words(plan, item.item)}于 {day} 报送，当时仍应{wait.words(plan)}。"


def _gated(scene: Scene, calendar: Calendar, facts: Sequence[ItemFacts]) -> Iterator[str]:
    """Phases begun, milestones met or missed and phases closed are recorded with their days, and nothing else."""
    plan = scene.plan
    names = {PHASE_OPENED, PHASE_CLOSED, MILESTONE_MET, MILESTONE_MISSED}
    found = {(h.name, h.subject): h.day for h in calendar.happenings if h.name in names}
    wanted = dict(_gate_events(scene, calendar, facts))
    for name, subject in sorted(wanted.keys() | found.keys()):
        expected, actual = wanted.get((name, subject)), found.get((name, subject))
        if expected != actual:
            yield f"{subject} 的事件 {name} 应在 {expected or '推演中不发生'}，实为 {actual or '没有发生'}。"
    for gate in calendar.gates:
        yield from _milestones(plan, gate, facts, scene.last)


def _gate_events(
    scene: Scene, calendar: Calendar, facts: Sequence[ItemFacts]
) -> Iterator[tuple[tuple[str, str], date]]:
    plan, issued = scene.plan, scene.plan.document.issued
    for phase in plan.phases:
        if issued <= phase.start <= scene.last:
            yield (PHASE_OPENED, f"{plan.id}/{phase.id}"), phase.start
        for milestone in phase.milestones:
            subject, day = f"{plan.id}/{phase.id}/{milestone.id}", last_day(milestone.due, milestone.bound)
            if day < issued or not milestone.duties:
                continue
            met = _met_on(milestone, day, facts)
            if met is not None and met <= scene.last:
                yield (MILESTONE_MET, subject), met
            if day < scene.last and (met is None or met > day):
                yield (MILESTONE_MISSED, subject), day + ONE_DAY
    for gate in calendar.gates:
        if gate.closed_on is not None and gate.closed_on >= issued:
            yield (PHASE_CLOSED, f"{plan.id}/{gate.phase}"), gate.closed_on


def _met_on(milestone: Milestone, day: date, facts: Iterable[ItemFacts]) -> date | None:
    """The day of the last acceptance among a milestone's items; None where one is not accepted."""
    items = [f for f in facts if f.item.duty in milestone.duties and f.item.due <= day]
    days = [_finished(f) for f in items]
    known = [found for found in days if found is not None]
    return max(known) if known and len(known) == len(days) else None


def _finished(facts: ItemFacts) -> date | None:
    accepted = facts.accepted
    if accepted is None or accepted.review is None or accepted.state not in FINISHED:
        return None
    return accepted.review.day


def _milestones(plan: Plan, gate: GateLine, facts: Sequence[ItemFacts], last: date) -> Iterator[str]:
    """A phase that closed by itself had nothing left; one that is over and has something left was closed."""
    own = next(phase for phase in plan.phases if phase.id == gate.phase)
    settled = (MILESTONE_NAMES[MilestoneState.MET], MILESTONE_NAMES[MilestoneState.BEFORE_NOTICE])
    left = [m.title for m in gate.milestones if m.state not in settled]
    if gate.closed_on is None and not left and last > own.end:
        yield f"“{gate.name}”阶段的节点都已达成，却没有关闭。"
    if gate.closed_on is not None and left and gate.closed_by != "办公室关闭":
        yield f"“{gate.name}”阶段还有节点未达成（{'、'.join(left)}），却自行关闭。"
    late = [_met_on(m, last_day(m.due, m.bound), facts) for m in own.milestones if m.duties]
    by_itself = gate.closed_on is not None and gate.closed_by == "节点全部达成"
    days = [day for day in late if day is not None]
    if by_itself and days and gate.closed_on != max(own.start, *days):
        yield f"“{gate.name}”阶段应于 {max(own.start, *days)} 关闭，实为 {gate.closed_on}。"


def _closed(scene: Scene, calendar: Calendar, facts: Sequence[ItemFacts]) -> Iterator[str]:
    """What was late shows as overdue on its day, nothing else does; what was handed in was judged."""
    for refusal in calendar.refused:
        yield f"{refusal.key} 于 {refusal.day} 报送被拒：{refusal.reason}"
    found = {h.subject: h.day for h in calendar.happenings if h.name == DUTY_OVERDUE}
    wanted: dict[str, date] = {}
    for item in facts:
        day = _red_from(scene, item)
        if day is not None:
            subject = f"{scene.plan.id}/{item.item.duty}/{item.item.occurrence.period}"
            wanted[subject] = min(day, wanted.get(subject, day))
    for subject in sorted(wanted.keys() | found.keys()):
        if wanted.get(subject) != found.get(subject):
            expected, actual = wanted.get(subject, "不逾期"), found.get(subject, "没有记录")
            yield f"{subject} 应于 {expected} 记为逾期，实为 {actual}。"
    for line in calendar.items:
        if line.handed_in and not line.accepted and scene.last - line.handed_in > timedelta(days=30):
            yield f"{_line(line)}于 {line.handed_in} 报送，至今没有审核通过。"


def _red_from(scene: Scene, item: ItemFacts) -> date | None:
    """The first day on which an item is overdue as an office finds it in the morning.

    That can only be the first working day after its term, or the day on which it came back after that.
    """
    rules, calendar = scene.plan.rules.lights, scene.reckoning
    late = red_day(scene.plan, item.item.occurrence, calendar)
    if late > scene.last:
        return None
    if light(item.as_of(late - ONE_DAY), late, rules, calendar) is Light.RED:
        return late
    back = sorted(s.review.day for s in item.submissions if s.returned and s.review)
    return next((day for day in back if late <= day < scene.last), None)


def _reported(scene: Scene, calendar: Calendar) -> Iterator[str]:
    """Every quarter and year closed, every yearly report drawn up, every phase assessed on its day."""
    ends = quarter_ends(scene.first, scene.last)
    wanted = {(QUARTER, end) for end in ends} | {(YEAR, end) for end in ends if end.month == 12}
    for kind, end in sorted(wanted ^ set(calendar.closings)):
        fault = "没有结转" if (kind, end) in wanted else "不应结转"
        yield f"{end} 的{'年度' if kind == YEAR else '季度'}{fault}。"
    for report in calendar.reports:
        day = report_day(scene.plan, report.year)
        if scene.first <= day <= scene.last and report.drawn_up != day:
            yield f"{report.year} 年度报告应于 {day} 汇总，实为 {report.drawn_up or '没有汇总'}。"
    days = {phase.id: assessment_day(phase, scene.reckoning) for phase in assessed_phases(scene.plan)}
    for gate in calendar.gates:
        due = days.get(gate.phase)
        expected = due if due is not None and scene.first <= due <= scene.last else None
        if gate.assessed != expected:
            told = f"应于 {expected} 评估" if expected else "不应自动评估"
            yield f"“{gate.name}”阶段{told}，实为 {gate.assessed or '没有评估'}。"


def _line(line: ItemLine) -> str:
    return f"{line.label}“{line.title}”（{line.unit_name}）"


def _words(plan: Plan, item: WorkItem) -> str:
    title, unit = plan.duties_by_id[item.duty].title, plan.units_by_id[item.unit].name
    return f"{item.occurrence.label}“{title}”（{unit}）"
