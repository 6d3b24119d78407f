"""Reports beside the consolidated one: a phase's assessment, the final report, the brief and the public version."""

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise

import pytest

from domain.counts import Sensitivity
from domain.facts import ItemFacts
from domain.gates import Closing, Gate, gates
from domain.milestones import proving_items
from domain.numerals import chinese
from domain.report.blocks import BarChart, Document, FigureRef, Heading, Paragraph, Table, Timeline
from domain.report.brief import brief_report
from domain.report.family import Beyond, others
from domain.report.final import Case, Merits, final_report
from domain.report.material import Issue, Material
from domain.report.phase import items_of, phase_report
from domain.report.public import open_indicators, public_report
from domain.report.series import figures, rates_of
from tests.domain.happenings import facts, swap
from tests.domain.report import tiedong
from tests.domain.report.tiedong import words

END = date(2026, 12, 1)


@cache
def three_years() -> Material:
    history = tiedong.history(2024, 2025, 2026)
    return Material(tiedong.plan(), tiedong.calendar(), 2026, END, history, Issue())


def standing(material: Material, closings: dict[str, Closing] | None = None) -> tuple[Gate, ...]:
    return gates(material.plan, material.history, closings or {}, material.as_of, material.calendar)


def tables(document: Document) -> dict[str, Table]:
    blocks = [*document.blocks, *(b for annex in document.annexes for b in annex.blocks)]
    titles = {annex.title: b for annex in document.annexes for b in annex.blocks if isinstance(b, Table)}
    return titles | {b.caption: b for b in blocks if isinstance(b, Table) and b.caption}


def everything(document: Document) -> str:
    cells = [c.text for t in tables(document).values() for row in t.rows for c in row.cells]
    loose = [c.text for b in document.blocks if isinstance(b, Table) for row in b.rows for c in row.cells]
    return "\n".join([document.title, *document.face, words(document), *cells, *loose])


# --- A phase's assessment ------------------------------------------------------------------------


def assessed(*changed: ItemFacts, as_of: str = "2026-01-05", closed: Closing | None = None) -> Document:
    """The assessment of 推进实施, 2024-03 to 2025-12."""
    history = swap(tiedong.history(2024, 2025), *changed)
    material = Material(tiedong.plan(), tiedong.calendar(), 2025, date.fromisoformat(as_of), history, Issue())
    _, gate, following = standing(material, {closed.phase: closed} if closed else None)
    return phase_report(material, gate, following.phase)


def test_a_phase_is_assessed_by_its_milestones_with_what_proves_them() -> None:
    document = assessed()
    rows = [[c.text for c in row.cells] for row in tables(document)["里程碑完成情况"].rows]
    census = next(row for row in rows if row[1].startswith("完成摸底排查"))
    assert (census[0], census[2]) == ("2024年6月30日", "已达成")
    plan = tiedong.plan()
    milestone = next(m for m in plan.phases[1].milestones if m.id == "census-done")
    proving = proving_items(milestone, tiedong.history(2024, 2025))
    assert census[4].endswith(f"（{len(proving)}／{len(proving)}）")
    evidence = tables(document)["里程碑佐证清单"]
    assert sum(row.kind == "body" for row in evidence.rows) >= len(proving)
    assert "“巩固提升”阶段自2026年1月1日开始" in words(document)


def test_what_is_missing_for_a_milestone_is_counted_and_the_milestone_is_handed_on() -> None:
    silent = next(
        facts(f.item)
        for f in tiedong.history(2024)
        if (f.item.duty, f.item.unit) == ("archives-setup", "shanmen")
    )
    document = assessed(silent)
    rows = [[c.text for c in row.cells] for row in tables(document)["里程碑完成情况"].rows]
    census = next(row for row in rows if row[1].startswith("完成摸底排查"))
    assert census[2] == "未达成"
    done, of = census[4].rpartition("（")[2].removesuffix("）").split("／")
    assert int(done) == int(of) - 1
    assert "本阶段尚待落实的里程碑：完成摸底排查" in words(document)
    assert "山门镇1项" in words(document)


def test_a_phase_that_the_office_closed_says_who_closed_it_and_why() -> None:
    closing = Closing("implementation", date(2026, 1, 4), "赵强", "其余事项转入巩固提升阶段。")
    assert "本阶段由赵强于2026年1月4日认定结束，理由是：其余事项转入巩固提升阶段。" in words(
        assessed(closed=closing)
    )


def test_a_phase_that_is_not_over_says_so_on_its_face() -> None:
    assert assessed(as_of="2025-10-09").face == ("本阶段尚未结束，以下为截至2025年10月9日的情况。",)
    assert assessed().face == ()


def test_items_of_a_phase_are_those_due_within_it() -> None:
    material = three_years()
    parts = [items_of(material, phase) for phase in material.plan.phases]
    assert sum(map(len, parts)) < len(material.history)  # November and December 2026 belong to no phase
    for phase, found in zip(material.plan.phases, parts, strict=True):
        assert all(phase.start <= f.item.occurrence.due <= phase.end for f in found)


# --- The final report ----------------------------------------------------------------------------


def test_the_final_report_tells_every_year() -> None:
    material = three_years()
    document = final_report(material, standing(material), Merits())
    assert "2024年至2026年（截至2026年12月1日）" in words(document)
    found = rates_of(material, material.history)
    assert [r.due for r in found] == [
        sum(f.item.year == year and f.item.due <= END for f in material.history)
        for year in (2024, 2025, 2026)
    ]
    total = [c.text for c in tables(document)["各项行动历年完成情况"].rows[-1].cells]
    assert total[1:] == [f"{r.completeness.count}／{r.due}（{r.completeness.text()}）" for r in found]
    by_unit = tables(document)["各单位历年完成情况表"]
    assert [row.cells[0].text for row in by_unit.rows] == [u.name for u in material.plan.units]


def test_figures_stand_year_beside_year_as_each_year_s_report_released_them() -> None:
    material = three_years()
    table = tables(final_report(material, standing(material), Merits()))["历年主要指标情况表"]
    rows = {row.cells[1].text: [c.text for c in row.cells] for row in table.rows if row.kind == "body"}
    indicator = material.plan.indicators_by_id["left-behind"]
    told = [f.text if f else "—" for f in figures(material, indicator)]
    assert rows[indicator.name][4:7] == told
    assert rows[indicator.name][7] == "持平"


def test_each_phase_is_told_with_its_goal_and_its_outcome() -> None:
    material = three_years()
    text = words(final_report(material, standing(material), Merits()))
    for phase in material.plan.phases:
        assert phase.goal in text
    assert "尚未达成或待认定的里程碑：取得阶段性成果（待认定）；基本实现预期目标（待认定）。" in text
    assert "待领导小组办公室认定的里程碑：取得阶段性成果（“推进实施”阶段，期限2024年12月31日）" in text
    assert "各项里程碑和到期事项均已完成。" not in text


def test_parts_are_numbered_without_a_gap_and_none_stands_alone_or_empty() -> None:
    document = final_report(three_years(), standing(three_years()), Merits())
    first = [b.text[:2] for b in document.blocks if isinstance(b, Heading) and b.level == 1]
    assert first == [f"{chinese(n)}、" for n in range(1, len(first) + 1)]
    levels = [b.level if isinstance(b, Heading) else 0 for b in document.blocks]
    assert all(not 0 < here == after for here, after in pairwise(levels))  # a heading has words under it
    under = "".join("1" if level == 1 else "2" if level == 2 else "" for level in levels)
    assert all(len(part) != 1 for part in under.split("1"))  # where there is （一） there is （二）


def test_a_face_names_no_annex_that_the_document_has_not() -> None:
    silent = [facts(f.item) for f in tiedong.history(2026) if f.item.duty == "data-exchange"]
    material = replace(three_years(), history=swap(three_years().history, *silent))
    document = final_report(material, standing(material), Merits())
    assert any("未报送或未审核通过" in line for line in document.face)
    assert not any("清单" in line for line in document.face)


def test_cases_and_commendations_are_told_where_there_are_any() -> None:
    material = three_years()
    merits = Merits(
        (Case("区妇联", "暑期托管", "开设托管班。"),), (("区教育局", "综合得分前列"), ("山门镇", ""))
    )
    text = words(final_report(material, standing(material), merits))
    assert "暑期托管（区妇联）。开设托管班。" in text
    assert "对下列单位予以表扬：区教育局（综合得分前列）、山门镇。" in text
    assert "予以表扬" not in words(final_report(material, standing(material), Merits()))


# --- The brief -----------------------------------------------------------------------------------


def test_the_brief_names_who_is_late_and_what_comes_next() -> None:
    material = tiedong.material("2025-12-08", tiedong.handed("education"))
    text = words(brief_report(material))
    assert "逾期事项1项：区教育局1项。" in text
    assert "近期节点：2025年12月31日前（含当日）" in text


@pytest.mark.parametrize(("late", "small"), [(False, False), (True, True)])
def test_the_figures_of_a_brief_stand_in_usual_type_where_there_is_room(*, late: bool, small: bool) -> None:
    lazy = {unit.id for unit in tiedong.plan().units[::3]} if late else set()
    silent = [facts(f.item) for f in tiedong.history(2025) if f.item.unit in lazy]
    material = tiedong.material("2025-12-31", *silent)
    table = next(b for b in brief_report(material).blocks if isinstance(b, Table))
    assert table.small is small


def test_a_year_in_which_nothing_is_late_says_so() -> None:
    material = Material(
        tiedong.plan(), tiedong.calendar(), 2026, date(2026, 6, 1), tiedong.history(2024, 2025, 2026), Issue()
    )
    assert "没有逾期事项" in words(brief_report(material))


# --- The public version --------------------------------------------------------------------------


def test_the_public_reads_nothing_of_single_units_sensitive_groups_or_the_office_s_records() -> None:
    material = tiedong.material("2025-12-08", tiedong.handed("education"))
    document = public_report(material)
    text = everything(document)
    assert document.annexes == ()
    assert document.face == ()
    for hidden in ("逾期", "退回", "提交号", "审核人", "存在问题"):
        assert hidden not in text
    sensitive = [i.name for i in material.plan.indicators if i.sensitivity is Sensitivity.SENSITIVE]
    assert sensitive
    assert [name for name in sensitive if name in text] == []
    assert not any(
        isinstance(run, FigureRef) for b in document.blocks if isinstance(b, Paragraph) for run in b.runs
    )


def test_every_mark_in_the_public_s_table_is_explained_and_none_that_is_not_there() -> None:
    silent = [
        facts(f.item)
        for f in tiedong.history(2025)
        if (f.item.duty, f.item.occurrence.period, f.item.unit) == ("ledger-update", "2025Q3", "shanmen")
    ]
    for material in (tiedong.material(), tiedong.material("2025-12-08", *silent)):
        (table,) = (b for b in public_report(material).blocks if isinstance(b, Table))
        cells = [cell.text for row in table.rows for cell in row.cells]
        (note,) = table.notes
        assert ("“△”" in note) == any("△" in text for text in cells)
        assert ("“—”" in note) == ("—" in cells)


def test_the_first_year_of_a_plan_is_compared_with_none() -> None:
    first, second = (
        next(b for b in public_report(m).blocks if isinstance(b, Table))
        for m in (tiedong.material("2024-12-08", year=2024), tiedong.material())
    )
    assert [column.title for column in first.columns] == ["指标", "单位", "2024年"]
    assert {len(row.cells) for row in first.rows} == {3}
    assert [column.title for column in second.columns][2:] == ["2025年", "比上年同期"]


def test_the_phases_are_drawn_where_they_always_find_room() -> None:
    """Under the public version's opening, and at the top of annexes' first pages."""
    public = public_report(tiedong.material())
    assert [type(block) for block in public.blocks[:3]] == [Paragraph, Heading, Timeline]
    final = final_report(three_years(), standing(three_years()), Merits())
    assert not any(isinstance(block, Timeline | BarChart) for block in final.blocks)
    assert {type(a.blocks[0]) for a in final.annexes} >= {Timeline, BarChart}


def test_every_figure_that_the_public_reads_is_one_of_the_report_upward() -> None:
    material = tiedong.material()
    rows = next(b for b in public_report(material).blocks if isinstance(b, Table)).rows
    allowed = {i.name: i for i in open_indicators(material.plan)}
    for row in rows:
        indicator = allowed[row.cells[0].text]
        released = material.book.get(indicator.id) or material.book.get(
            indicator.id, material.plan.suppliers(indicator)[0]
        )
        assert released is not None
        assert row.cells[2].text == released.text


def test_a_year_brings_the_documents_that_belong_to_it() -> None:
    def names(year: int, closings: dict[str, Closing]) -> list[str]:
        found = others(tiedong.material(f"{year}-12-08", year=year), Beyond(closings))
        return [other.name for other in found]

    assert names(2024, {}) == ["领导参阅", "公开版"]
    assert names(2025, {}) == ["领导参阅", "公开版"]
    assert names(2026, {}) == ["领导参阅", "公开版", "总结报告"]


def test_the_data_inside_the_public_version_holds_nothing_that_it_does_not_show() -> None:
    public = next(o for o in others(tiedong.material(), Beyond()) if o.kind == "public")
    shown = {row.cells[0].text for b in public.document.blocks if isinstance(b, Table) for row in b.rows}
    assert {f.name for f in public.ledger.figures} <= shown
    assert public.ledger.sources == ()
    assert all(not f.owner and not f.sources for f in public.ledger.figures)


def test_every_figure_in_the_final_report_leads_to_its_sources() -> None:
    final = next(o for o in others(three_years(), Beyond()) if o.kind == "final")
    refs = [
        run
        for b in final.document.blocks
        if isinstance(b, Paragraph)
        for run in b.runs
        if isinstance(run, FigureRef)
    ]
    assert refs
    lines = {f.id: f for f in final.ledger.figures if f.year == 2026}
    for ref in refs:
        assert lines[ref.id].text == ref.text
        assert lines[ref.id].sources
    assert {f.year for f in final.ledger.figures} == {2024, 2025, 2026}


@pytest.mark.parametrize("year", [2024, 2025])
def test_no_report_of_the_family_leaves_a_sentence_open(year: int) -> None:
    material = tiedong.material(f"{year}-12-08", year=year)
    documents = [brief_report(material), public_report(material)]
    documents += [phase_report(material, gate, None) for gate in standing(material)]
    for document in documents:
        paragraphs = [b for b in document.blocks if isinstance(b, Paragraph)]
        for line in (p.lead + "".join(run.text for run in p.runs) for p in paragraphs):
            assert line.endswith(("。", "如下：")), line
            assert "。。" not in line
            assert "：。" not in line
