from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from domain.plan import Plan
from domain.problems import Problem
from domain.wheel import wheel
from services.places import PLANS
from services.rehearsal.cases import CaseFile, against_cases, case_files
from services.rehearsal.check import mismatches
from services.rehearsal.outcome import Calendar, outcome
from services.rehearsal.play import Play, Scene
from services.rehearsal.whole import load_scene, scene
from services.wheel_drawing import draw_wheel
from services.wheel_layout import CORE, GAP, lay_out
from services.workcalendar import work_calendar
from tests.cast import calendar, small_plan
from tests.linhe import LINHE, linhe

FIRST, LAST = date(2025, 1, 1), date(2025, 7, 31)


def played(
    folder: Path, *, every_day: bool = False, seed: int = 7
) -> tuple[Scene, Calendar, tuple[str, ...]]:
    """The small plan over seven months, and in what it differs."""
    folder.mkdir(exist_ok=True)
    wanted = Scene(small_plan(), folder, calendar(), FIRST, LAST, seed, every_day)
    play = Play(wanted, folder)
    for _ in play.days():
        pass
    found, facts = outcome(play)
    play.engine.dispose()
    return wanted, found, mismatches(wanted, found, facts)


def test_a_rehearsal_of_the_small_plan_differs_in_nothing(tmp_path: Path) -> None:
    _, found, differences = played(tmp_path)
    assert differences == ()
    assert {line.duty for line in found.items} >= {"census", "home-visits", "meetings", "school-training"}


def test_days_left_out_change_nothing(tmp_path: Path) -> None:
    _, skipping, _ = played(tmp_path / "a")
    _, every, _ = played(tmp_path / "b", every_day=True)
    assert every.days_played > skipping.days_played
    assert every.items == skipping.items
    assert every.gates == skipping.gates
    assert sorted(map(str, every.happenings)) == sorted(map(str, skipping.happenings))


def test_the_same_seed_gives_the_same_years_and_another_does_not(tmp_path: Path) -> None:
    assert played(tmp_path / "a")[1] == played(tmp_path / "b")[1]
    assert played(tmp_path / "a2", seed=8)[1].items != played(tmp_path / "b2")[1].items


def test_an_item_opened_late_or_missing_is_told(tmp_path: Path) -> None:
    wanted, found, _ = played(tmp_path)
    late = found.items[0].model_copy(update={"opened": date(2025, 2, 2)})
    spoiled = found.model_copy(update={"items": (late, *found.items[2:])})
    told = mismatches(wanted, spoiled, ())
    assert any("实为 2025-02-02" in words for words in told)
    assert any("没有开出" in words for words in told)


def test_a_phase_assessed_on_another_day_or_not_at_all_is_told(tmp_path: Path) -> None:
    ending = small_plan().phases[0].model_copy(update={"end": date(2025, 4, 30)})
    plan = small_plan().model_copy(update={"phases": (ending,)})
    wanted = Scene(plan, tmp_path, calendar(), FIRST, date(2025, 5, 31), 7)
    play = Play(wanted, tmp_path)
    for _ in play.days():
        pass
    found, facts = outcome(play)
    play.engine.dispose()
    (gate,) = found.gates
    assert gate.assessed == date(2025, 5, 2)  # the first of May is a holiday
    assert mismatches(wanted, found, facts) == ()
    for other, told in ((date(2025, 5, 1), "2025-05-01"), (None, "没有评估")):
        spoiled = found.model_copy(update={"gates": (gate.model_copy(update={"assessed": other}),)})
        assert f"“实施阶段”阶段应于 2025-05-02 评估，实为 {told}。" in mismatches(wanted, spoiled, facts)


def test_a_case_that_does_not_hold_is_told(tmp_path: Path) -> None:
    _, found, _ = played(tmp_path)
    content = {"方案": "x", "报告": [], "阶段": [{"阶段": "all", "开始": "2025-01-02", "结束": "2026-12-31"}]}
    told = against_cases(small_plan(), found, [CaseFile.model_validate(content)])
    assert told == ("案例“实施阶段”阶段：开始应为 2025-01-02，推演中为 2025-01-01。",)


def test_the_shipped_plan_has_case_files_of_its_own() -> None:
    files = case_files(PLANS / "tiedong-2024")
    assert len(files) >= 2
    assert any(file.gates and file.reports and file.milestones for file in files)


def test_days_outside_the_plan_are_refused() -> None:
    with pytest.raises(Problem, match="906"):
        scene(small_plan(), Path(), date(2027, 1, 1), None, 7)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_nothing_on_a_wheel_overlaps_or_reaches_into_the_core(year: int) -> None:
    plan: Plan = load_scene(PLANS / "tiedong-2024", None, None, 7).plan
    layout = lay_out(wheel(plan, year, work_calendar()))
    assert layout.rings[-1].inner >= CORE
    for outer, inner in pairwise(layout.rings):
        assert inner.outer < outer.inner
    for ring in layout.rings:
        lanes: dict[float, list[tuple[float, float]]] = {}
        for placed in ring.placed:
            assert placed.start >= GAP
            lanes.setdefault(placed.outer, []).append((placed.start, placed.end))
        for spans in lanes.values():
            ordered = sorted(spans)
            assert all(b[0] >= a[1] - 1e-6 for a, b in pairwise(ordered))


def test_a_wheel_of_another_district_has_its_own_dates() -> None:
    sheet = draw_wheel(wheel(linhe(), 2026, work_calendar(linhe().rules.calendar.beyond_known)))
    assert LINHE.name.startswith("linhe")
    assert any("6月30日" in text.text for text in sheet.texts)
