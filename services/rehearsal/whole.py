"""A rehearsal from beginning to end, in a folder that is gone afterwards."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from services.plans import load_plan
from services.rehearsal.cases import against_cases, case_files
from services.rehearsal.check import mismatches
from services.rehearsal.outcome import Calendar, outcome
from services.rehearsal.play import Play, Scene
from services.workcalendar import work_calendar


@dataclass(frozen=True)
class Verdict:
    """What a rehearsal brought about, in what it differs from the plan or its cases, and how many cases there were."""

    calendar: Calendar
    mismatches: tuple[str, ...]
    cases: int


def scene(plan: Plan, plan_path: Path, first: date | None, last: date | None, seed: int) -> Scene:
    """What to rehearse; from the day of issue to the plan's end where no days are given.

    Raises:
        Problem: 906 for days that are not in the plan, or the wrong way round.
    """
    begin, end = first or plan.document.issued, last or plan.end
    if not plan.document.issued <= begin <= end <= plan.end:
        raise Problem(
            ProblemKind.REHEARSAL_SPAN, first=begin, last=end, issued=plan.document.issued, end=plan.end
        )
    calendar = work_calendar(plan.rules.calendar.beyond_known)
    return Scene(plan, plan_path, calendar, begin, end, seed)


def load_scene(plan_path: Path, first: date | None, last: date | None, seed: int) -> Scene:
    """As :func:`scene`, for the plan in a folder.

    Raises:
        Problem: 101, 102 for the plan's files; 906 as above.
    """
    return scene(load_plan(plan_path), plan_path, first, last, seed)


def rehearse(wanted: Scene, cases: Path, watch: Callable[[date], object] = lambda _: None) -> Verdict:
    """Play a scene in a store that no office knows, and hold it against plan and cases.

    Args:
        wanted: what to rehearse.
        cases: folder of the case files.
        watch: is told each day when it is over.

    Raises:
        Problem: 201 or 202 where the calendar does not reach; 907 for a case file that cannot be read.
    """
    files = case_files(wanted.plan_path, cases)
    with tempfile.TemporaryDirectory(prefix="guanai-") as folder:
        play = Play(wanted, Path(folder))
        try:
            for day in play.days():
                watch(day)
            calendar, facts = outcome(play)
        finally:
            play.engine.dispose()
    found = (*mismatches(wanted, calendar, facts), *against_cases(wanted.plan, calendar, files))
    return Verdict(calendar, found, sum(file.count for file in files))
