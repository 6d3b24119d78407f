"""A plan's draft from a notice's lines: every reader in its turn, and what is left over told. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.drafting.chapters import Role, roles
from domain.drafting.dates import dates
from domain.drafting.desk import Desk, Doubt, Entry, quoted
from domain.drafting.document import Head
from domain.drafting.duties import Duties
from domain.drafting.group import LeadingGroup, sets_up
from domain.drafting.heads import unit_headed
from domain.drafting.lines import ROW, Line
from domain.drafting.measures import Measures, assignment_of, tasks_of
from domain.drafting.objects import service_objects
from domain.drafting.phases import Phases
from domain.drafting.tables import duty_tables
from domain.drafting.units import Register
from domain.notice import COVER, HEAD, INTRODUCTION, Misnumbered, NoticeParagraph, paragraphs, read_sections
from domain.numerals import numeral

_RUNS_OUT = re.compile(r"《([^《》]*?20\d\d\s*年?\s*[-—–~～至到]+\s*(20\d\d)\s*年[^《》]*)》")


@dataclass
class Draft:
    """A draft: the content of each of the plan's files, the notice's paragraphs, and the doubts in their order."""

    plan: Entry
    units: list[Entry]
    groups: list[Entry]
    actions: list[Entry]
    measures: list[Entry]
    phases: list[Entry]
    duties: list[Entry]
    notes: list[Entry]
    outline: tuple[NoticeParagraph, ...]
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def assignments(self) -> int:
        """How many (measure, unit) pairs it names, groups by their members."""
        members = {group["name"]: group["members"] for group in self.groups}
        names = {n: u["id"] for u in self.units for n in (u["name"], *u.get("aliases", []))}
        found = 0
        for measure in self.measures:
            written = [*measure.get("lead", []), *measure["units"]]
            found += len({names.get(one, one) for name in written for one in members.get(name, [name])})
        return found

    @property
    def milestones(self) -> int:
        """How many dated results its phases bear."""
        return sum(len(phase["milestones"]) for phase in self.phases)


def draft(lines: Sequence[Line], plan_id: str) -> Draft | None:
    """The draft of a plan; None where the text has no numbered paragraph and no table, and so is no notice.

    Args:
        lines: the notice's paragraphs, in order.
        plan_id: the id that the plan is to have.
    """
    reading = read_sections([line.text for line in lines])
    numbered = any(section.style is not None for section in reading.sections)
    if not numbered and not any(line.text.startswith(ROW) for line in lines):
        return None
    desk = Desk(reading, lines)
    head = Head(desk)
    register = Register(desk, head.region)
    named = {
        n.index: told for n in desk.nodes if n.section.style is not None and (told := assignment_of(desk, n))
    }
    named = named or unit_headed(desk, desk.nodes)
    role = roles(desk.nodes, set(named))
    groups = [n for n in desk.nodes if role[n.index] is Role.GROUP] or [
        n for n in desk.nodes if sets_up(n.section.text)
    ]
    group = LeadingGroup(desk, register, groups)
    tasks = tasks_of([n for n in desk.nodes if role[n.index] is Role.TASKS], named)
    tasks = duty_tables(desk, tasks)
    for task in tasks:
        for name in (*task.assigned.lead, *task.assigned.share):
            register.name(name, task.node)
    measures = Measures(desk, register, tasks)
    document = head.entry()
    phases = Phases(desk, role, head.issued)
    for missing, what in ((tasks, "任务举措"), (phases.phases, "阶段")):
        if not missing:
            desk.doubt(f"没有读出{what}，请补写", desk.first)
    duties = Duties(desk, register, measures, head.issued)
    duties.of_measures()
    for node in desk.nodes:
        if role[node.index] is Role.PHASES:
            duties.of_phase(node)
        elif node.index not in measures.sections and role[node.index] not in (Role.OBJECTS, Role.AIMS):
            duties.of_other(node)
    for sentence, dated, number, entry in duties.dated:
        phases.milestone(sentence, dated, number, entry)
    phases.sort()
    _leftover(desk, role, head, duties.told)
    leading = group.entry(fallback=desk.first, opening=head.opening)
    units, unit_groups = register.units(), register.groups()
    plan = _plan(desk, head, plan_id, phases.phases, duties.duties)
    _expiring(desk, head, plan["end"])
    plan |= {"document": document, "service_objects": service_objects(desk, role), "leading_group": leading}
    plan["report"] = _report(desk, head, register, leading, plan)
    outline = paragraphs(reading)
    misnumbered = _in_order([_misnumbered(desk, one) for one in reading.misnumbered], outline)
    unsure = _in_order(desk.doubts, outline)
    notes = [*_notes("misprint", misnumbered), *_notes("open", unsure)]
    return Draft(
        plan, units, unit_groups, measures.actions, measures.measures, phases.phases, duties.duties, notes,
        outline, [*misnumbered, *unsure],
    )  # fmt: skip


def _plan(desk: Desk, head: Head, plan_id: str, phases: list[Entry], duties: list[Entry]) -> Entry:
    """The plan's id, names and bounds."""
    entry = Entry(id=plan_id, name=head.name, short_name=_short(head))
    where = head.cover or head.head or desk.first
    days = [phase[key] for phase in phases for key in ("start", "end") if phase[key]]
    days += [duty["cadence"]["due"] for duty in duties if duty["cadence"]["every"] == "once"]
    start: date | None = None
    end: date | None = None
    if head.span:
        start, end = date(head.span[0], 1, 1), date(head.span[1], 12, 31)
    elif phases and days:
        start, end = min([*days, *([head.issued] if head.issued else [])]), max(days)
        desk.doubt(f"没有写明方案期限，暂按各阶段和期限定为{start}至{end}", where, entry)
    else:
        start = head.issued
    if start and days and min(days) < start:
        start = min(days)
    if end and days and max(days) > end:
        desk.doubt(f"有的期限（{max(days)}）晚于方案期限（{end}），已把期限延到那一天", where, entry)
        end = max(days)
    if end is None or start is None:
        desk.doubt("没有读出方案期限，请填写 start 和 end", where, entry)
    if head.name is None:
        desk.doubt("没有读出方案名称，请填写 name 和 short_name", where, entry)
    entry["start"], entry["end"] = start, end
    return entry


def _short(head: Head) -> str | None:
    if head.name is None:
        return None
    name = head.name.removeprefix(head.region or "")
    return name if len(name) <= 30 else name[:30]


def _report(desk: Desk, head: Head, register: Register, leading: Entry, plan: Entry) -> Entry:
    """The letterhead of the report, as far as the host of the office gives it."""
    host = leading["office"]["host"]
    issuer = f"{head.region}{register.namer.core(host)}" if host and head.region else None
    entry = Entry(
        heading=f"{issuer}文件" if issuer else None,
        number_prefix=None,
        issuer=issuer,
        addressee=None,
        printer=issuer,
        subject=plan["short_name"],
    )
    where = head.cover or head.head or desk.first
    if issuer:
        desk.doubt(f"报告的发文机关按办公室所在单位推定为{issuer}，请核定", where, entry)
    desk.doubt(
        "通知没有写报告的机关代字和主送机关，请填写 report.number_prefix 和 report.addressee", where, entry
    )
    return entry


def _leftover(desk: Desk, role: dict[int, Role], head: Head, told: set[str]) -> None:
    """Dated sentences that no entry cites; the letter's own date, rows of tables and phases aside."""
    for node in desk.nodes:
        if role[node.index] is Role.PHASES:
            continue
        letter = node.section.id.startswith((HEAD, COVER, INTRODUCTION))
        for sentence in desk.statements(node):
            if sentence.cite in told or ROW in sentence.text:
                continue
            for one in dates(sentence.text, issued=head.issued):
                if not letter or (one.limit and one.day != head.issued):
                    what = "是总的目标" if one.goal else "没有列入期限"
                    desk.doubt(f"写有“{one.words}”，{what}，请核对是否列为节点", sentence)


def _expiring(desk: Desk, head: Head, end: date | None) -> None:
    """Documents that the notice names and that run out before the plan does."""
    for node in desk.nodes:
        for sentence in desk.sentences(node):
            for found in _RUNS_OUT.finditer(sentence.text):
                if end and int(found.group(2)) < end.year and found.group(1) not in (head.title or ""):
                    desk.doubt(
                        f"《{quoted(found.group(1), 30)}》到{found.group(2)}年为止，此后请按届时有效的文件",
                        sentence,
                    )


def _in_order(doubts: list[Doubt], outline: tuple[NoticeParagraph, ...]) -> list[Doubt]:
    """Doubts as they come to whoever goes through the notice."""
    position = {paragraph.id: at for at, paragraph in enumerate(outline)}

    def place(doubt: Doubt) -> tuple[int, int]:
        paragraph, _, sentence = doubt.cite.partition("#")
        return position.get(paragraph, 0), int(sentence or 0)

    return sorted(doubts, key=place)


def _notes(kind: str, doubts: list[Doubt]) -> list[Entry]:
    return [Entry(kind=kind, text=f"{doubt.text}（{doubt.place}）", cites=[doubt.cite]) for doubt in doubts]


def _misnumbered(desk: Desk, one: Misnumbered) -> Doubt:
    right = "不是这一级的写法" if numeral(one.written) == one.expected else f"按顺序应为第{one.expected}"
    return Doubt(
        desk.line_place(one.line), f"标题序号“{one.written}”{right}，引用时按顺序记作“{one.id}”", one.id
    )
