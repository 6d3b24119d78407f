"""The case files that a rehearsal is held against: dates worked out by hand, for an officer to read and extend.

``docs/rehearsal.md`` describes them. A file belongs to a rehearsal if its ``方案`` is the plan rehearsed.
"""

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.owed import step_words, timetable
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from services.places import PROJECT
from services.rehearsal.outcome import Calendar
from services.workcalendar import work_calendar

CASES = PROJECT / "tests" / "plans"
"""Where the case files lie."""


class _Case(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ItemCase(_Case):
    """One unit's item: when it opens and falls due, or that there is none."""

    why: str = Field(alias="说明")
    year: int = Field(alias="年度")
    duty: str = Field(alias="事项")
    unit: str = Field(alias="单位")
    period: str = Field(alias="时段")
    opens: date | None = Field(default=None, alias="开放")
    due: date | None = Field(default=None, alias="截止")
    act_by: date | None = Field(default=None, alias="最后工作日")
    none: bool = Field(default=False, alias="不产生")
    assumed: bool = Field(default=False, alias="推定")
    cite: str = Field(alias="依据")


class GateCase(_Case):
    """A phase: from when to when, closed on which day by what, assessed when, and what it found left over as it began."""

    phase: str = Field(alias="阶段")
    start: date = Field(alias="开始")
    end: date = Field(alias="结束")
    closed: date | None = Field(default=None, alias="关闭")
    closed_by: str | None = Field(default=None, alias="关闭方式")
    assessed: date | None = Field(default=None, alias="评估")
    carried: tuple[str, ...] | None = Field(default=None, alias="结转")
    seed: int | None = Field(default=None, alias="种子")


class MilestoneCase(_Case):
    """A milestone: its last day, and when it was met or found missed."""

    milestone: str = Field(alias="节点")
    due: date = Field(alias="截止")
    met: date | None = Field(default=None, alias="达成")
    state: str | None = Field(default=None, alias="结果")
    seed: int | None = Field(default=None, alias="种子")


class ReportCase(_Case):
    """A yearly report: its last day in time, its last working day, how many units owe it, when it is drawn up."""

    year: int = Field(alias="年度")
    due: date = Field(alias="截止")
    act_by: date = Field(alias="最后工作日")
    owed: int = Field(alias="单位数")
    drawn_up: date | None = Field(default=None, alias="汇总")


class ReminderCase(_Case):
    """One unit's item that stays open: on which days who is told what, in the words of :func:`domain.owed.step_words`.

    ``until`` is the day to which the office is taken to have extended it.
    """

    why: str = Field(alias="说明")
    duty: str = Field(alias="事项")
    unit: str = Field(alias="单位")
    period: str = Field(alias="时段")
    until: date | None = Field(default=None, alias="延期至")
    steps: tuple[str, ...] = Field(alias="日程")


class CaseFile(_Case):
    """A file of cases; ``nothing_before`` is a day before which nothing may happen."""

    plan: str = Field(alias="方案")
    nothing_before: date | None = Field(default=None, alias="此前无事")
    items: tuple[ItemCase, ...] = Field(default=(), alias="案例")
    gates: tuple[GateCase, ...] = Field(default=(), alias="阶段")
    milestones: tuple[MilestoneCase, ...] = Field(default=(), alias="节点")
    reports: tuple[ReportCase, ...] = Field(default=(), alias="报告")
    reminders: tuple[ReminderCase, ...] = Field(default=(), alias="提醒")

    @property
    def count(self) -> int:
        """How many cases there are."""
        return sum(map(len, (self.items, self.gates, self.milestones, self.reports, self.reminders)))


def case_files(plan_path: Path, folder: Path = CASES) -> tuple[CaseFile, ...]:
    """The case files of a plan, in the order of their names.

    Raises:
        Problem: 301 for a file that is no case file.
    """
    own = _folder(plan_path)
    found = (_read(path) for path in sorted(folder.glob("*.toml")))
    return tuple(file for file in found if _folder(PROJECT / file.plan) == own)


def against_cases(plan: Plan, calendar: Calendar, files: Iterable[CaseFile]) -> tuple[str, ...]:
    """Everything in which a rehearsal differs from its cases, a sentence each.

    Cases beyond the rehearsal's last day, or under another seed, are left out.
    """
    return tuple(words for file in files for words in _file(plan, calendar, file))


def _file(plan: Plan, calendar: Calendar, file: CaseFile) -> Iterator[str]:
    if file.nothing_before is not None:
        days = [i.opened for i in calendar.items] + [h.day for h in calendar.happenings]
        early = sum(day < file.nothing_before for day in days)
        if early:
            yield f"案例：{file.nothing_before} 之前不应有事，推演中有 {early} 件。"
    for item in file.items:
        yield from _item(plan, calendar, item)
    for gate in file.gates:
        yield from _gate(calendar, gate)
    for milestone in file.milestones:
        yield from _milestone(calendar, milestone)
    for report in file.reports:
        yield from _report(calendar, report)
    for reminder in file.reminders:
        yield from _reminder(plan, calendar, reminder)


def _item(plan: Plan, calendar: Calendar, case: ItemCase) -> Iterator[str]:
    key = f"{plan.id}/{case.duty}/{plan.unit(case.unit).id}/{case.period}"
    line = next((i for i in calendar.items if i.key == key), None)
    about = f"案例“{case.why}”（{case.duty}，{case.unit}，{case.period}）"
    if case.none:
        if line is not None:
            yield f"{about}：不应产生，推演中于 {line.opened} 开出。"
        return
    if case.opens is None or case.opens > calendar.last:
        return
    if line is None:
        yield f"{about}：应于 {case.opens} 开出，推演中没有开出。"
        return
    opens = max(case.opens, calendar.first)
    yield from _differences(
        about,
        ("开出", opens, line.opened),
        ("截止", case.due, line.due),
        ("最后工作日", case.act_by, line.act_by),
    )


def _gate(calendar: Calendar, case: GateCase) -> Iterator[str]:
    line = next((g for g in calendar.gates if g.phase == case.phase), None)
    if line is None:
        yield f"案例：方案中没有阶段“{case.phase}”。"
        return
    about = f"案例“{line.name}”阶段"
    yield from _differences(about, ("开始", case.start, line.start), ("结束", case.end, line.end))
    if case.assessed is not None and case.assessed <= calendar.last:
        yield from _differences(about, ("评估", case.assessed, line.assessed))
    if case.seed in (None, calendar.seed):
        if case.carried is not None and line.start <= calendar.last:
            yield from _differences(about, ("结转", case.carried, line.carried_over))
        if case.closed is not None and case.closed <= calendar.last:
            yield from _differences(
                about, ("关闭", case.closed, line.closed_on), ("关闭方式", case.closed_by, line.closed_by)
            )


def _milestone(calendar: Calendar, case: MilestoneCase) -> Iterator[str]:
    lines = (m for gate in calendar.gates for m in gate.milestones)
    line = next((m for m in lines if m.id == case.milestone), None)
    if line is None:
        yield f"案例：方案中没有节点“{case.milestone}”。"
        return
    about = f"案例节点“{line.title}”"
    yield from _differences(about, ("截止", case.due, line.due))
    if case.seed in (None, calendar.seed) and max(case.due, case.met or case.due) < calendar.last:
        yield from _differences(about, ("达成", case.met, line.met_on))
        if case.state is not None:
            yield from _differences(about, ("结果", case.state, line.state))


def _report(calendar: Calendar, case: ReportCase) -> Iterator[str]:
    line = next((r for r in calendar.reports if r.year == case.year), None)
    if case.due > calendar.last:
        return
    about = f"案例 {case.year} 年度报告"
    if line is None:
        yield f"{about}：推演中没有。"
        return
    yield from _differences(
        about,
        ("截止", case.due, line.due),
        ("最后工作日", case.act_by, line.act_by),
        ("单位数", case.owed, line.owed),
    )
    if case.drawn_up is not None and case.drawn_up <= calendar.last:
        yield from _differences(about, ("汇总", case.drawn_up, line.drawn_up))


def _reminder(plan: Plan, calendar: Calendar, case: ReminderCase) -> Iterator[str]:
    key = f"{plan.id}/{case.duty}/{plan.unit(case.unit).id}/{case.period}"
    line = next((i for i in calendar.items if i.key == key), None)
    about = f"案例“{case.why}”（{case.duty}，{case.unit}，{case.period}）"
    if line is None:
        if calendar.last >= plan.end:
            yield f"{about}：推演中没有开出。"
        return
    steps = timetable(
        plan, case.duty, case.until or line.due, work_calendar(plan.rules.calendar.beyond_known)
    )
    yield from _differences(about, ("提醒日程", case.steps, tuple(step_words(*step) for step in steps)))


def _differences(about: str, *triples: tuple[str, object, object]) -> Iterator[str]:
    for name, expected, actual in triples:
        if expected != actual:
            yield f"{about}：{name}应为 {_shown(expected)}，推演中为 {_shown(actual)}。"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "、".join(map(str, value)) or "无"
    return "无" if value is None else str(value)


def _read(path: Path) -> CaseFile:
    try:
        return CaseFile.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise Problem(
            ProblemKind.CASES_FAULTY, file=path.name, reason=str(error).splitlines()[-1].strip()
        ) from error


def _folder(path: Path) -> Path:
    """The folder of a plan, whether its folder or its file is named."""
    path = path.resolve()
    return path.parent if path.is_file() else path
