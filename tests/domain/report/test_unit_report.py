"""A unit's own report: its words whole, its figures as released, its items one by one."""

from domain.report.blocks import Document, Heading, Paragraph, Table
from domain.report.unit import unit_report
from tests.domain.happenings import facts, version
from tests.domain.report import tiedong
from tests.domain.report.ledger import material as ledger_material
from tests.domain.report.test_release import steady
from tests.domain.report.tiedong import handed, material, words


def heads(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Heading) and b.level == 1]


def tables(document: Document) -> list[list[list[str]]]:
    return [[[c.text for c in row.cells] for row in b.rows] for b in document.blocks if isinstance(b, Table)]


def test_it_tells_what_the_unit_shares_and_how_it_stands() -> None:
    document = unit_report(material(), "court")
    assert document.title == "区法院2025年度工作进展情况"
    assert document.letterhead is None
    assert "本单位承担4项任务举措（第1、4、6、18项）。" in words(document)
    assert "报送完整率100%、及时率100%、一次合格率100%。" in words(document)


def test_its_words_stand_whole_with_a_paragraph_for_each_of_their_own() -> None:
    text = "一是进校园。" + "讲授民法典，" * 40 + "效果良好。\n二是进乡村"
    document = unit_report(
        material(
            "2025-12-08",
            handed("court", version("2025-11-20", words={"measure-1": text}, accepted="2025-11-21")),
        ),
        "court",
    )
    told = ["".join(r.text for r in b.runs) for b in document.blocks if isinstance(b, Paragraph)]
    assert told[1:3] == [text.splitlines()[0], "二是进乡村。"]


def test_parts_that_have_nothing_are_left_out_and_the_numbers_close_up() -> None:
    assert heads(unit_report(material(), "court")) == [
        "一、总体情况",
        "二、主要做法与成效",
        "三、主要指标",
        "四、事项完成情况",
    ]


def test_a_unit_in_no_measure_still_has_its_report() -> None:
    document = unit_report(material(), "finance")
    assert "本单位未单独承担任务举措。" in words(document)
    assert document.face == ()


def test_a_silent_unit_is_told_so_on_its_face() -> None:
    silent = unit_report(material("2025-12-08", handed("court")), "court")
    waiting = unit_report(material("2025-12-08", handed("court", version("2025-11-20"))), "court")
    assert silent.face == ("本单位尚未报送年度工作进展情况，本报告仅据日常报送内容形成。",)
    assert waiting.face == ("本单位年度工作进展情况尚未审核通过，其内容未采用。",)


def test_every_item_of_the_year_is_listed_with_its_light() -> None:
    items = [f for f in tiedong.history(2025) if f.item.unit == "court"]
    missing = facts(next(f.item for f in items if f.item.key.endswith("data-exchange/court/2025Q2")))
    listed = tables(unit_report(material("2025-12-08", missing), "court"))[-1]
    assert len(listed) == len(items)
    quarter = next(row for row in listed if row[1] == "2025年第二季度")
    assert quarter == ["定期交换数据", "2025年第二季度", "2025年6月30日", "—", "—", "逾期"]


def test_a_small_count_is_withheld_in_the_units_own_report_too() -> None:
    document = unit_report(ledger_material(steady(orphans=4, allowance=12), 2025, "2025-12-31"), "town")
    orphans = next(row for row in tables(document)[0] if row[0] == "孤儿数")
    assert orphans[2] == "＊"


def test_an_internal_figure_is_not_in_it() -> None:
    assert "强制报告线索" not in words(unit_report(material(), "police"))
