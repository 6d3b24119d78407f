"""The report over districts reads like a district's own, and says first what is missing from it."""

from datetime import date

from domain.report.blocks import Document, Paragraph, Table
from domain.report.material import Issue
from domain.rollup.frame import Frame
from domain.rollup.report import RollUp, consolidated
from domain.rollup.senders import Sender, in_order
from tests.domain.rollup.districts import WITHHELD, figure, frame, measure, sent, summary

LINHE = summary("临河县", figure("留守儿童", 100), measures=(measure(1, "建立台账"),))
WANGJIANG = summary(
    "望江区", figure("留守儿童", WITHHELD), measures=(measure(3, "建立台账", due=4, complete=1),)
)


def report(*senders: Sender, own: Frame | None = None) -> Document:
    return consolidated(RollUp(own or frame(), 2025, date(2025, 12, 20), senders, Issue()))


def words(document: Document) -> str:
    found = [run.text for b in document.blocks if isinstance(b, Paragraph) for run in b.runs]
    return "\n".join(found)


def rows(document: Document, caption: str) -> list[list[str]]:
    (table,) = (b for b in document.blocks if isinstance(b, Table) and b.caption == caption)
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_rates_are_told_by_district_and_over_all() -> None:
    document = report(sent(LINHE), sent(WANGJIANG))
    assert document.title == "江北市民政局关于2025年度儿童关爱保护工作进展情况的报告"
    assert "2个地区均已报送年度工作进展情况，共涉及4个单位、1项任务举措。" in words(document)
    assert rows(document, "各地区工作进展情况") == [
        ["临河县", "2", "10", "10", "100%", "100%", "100%"],
        ["望江区", "2", "4", "1", "25%", "25%", "25%"],
        ["合计", "4", "14", "11", "78.6%", "78.6%", "78.6%"],
    ]
    assert "1个地区有到期事项尚未报送：望江区3项。" in words(document)


def test_a_figure_that_a_district_withholds_is_neither_shown_nor_reckoned_in() -> None:
    document = report(sent(LINHE), sent(WANGJIANG))
    assert rows(document, "主要指标汇总情况") == [["留守儿童", "人", "存量", "100▲", "1"]]
    by_district = document.annexes[0].blocks[0]
    assert isinstance(by_district, Table)
    assert [[c.text for c in row.cells] for row in by_district.rows] == [
        ["临河县", "100"],
        ["望江区", "＊"],
        ["合计", "100▲"],
    ]


def test_the_face_says_who_is_missing_and_whose_key_nobody_knows() -> None:
    expected = frame(districts=[{"region": "临河县"}, {"region": "青山区"}])
    document = report(sent(LINHE, known=False), own=expected)
    assert document.face == (
        "1个地区尚未报送，数据未计入：青山区。",
        "1个地区的签名公钥未登记，来源尚待核对：临河县。",
    )
    assert "应报送的2个地区中，1个已报送" in words(document)


def test_what_the_frame_has_no_place_for_is_listed_in_an_annex() -> None:
    narrow = frame(measures=[{"number": 1, "title": "走访慰问"}])
    document = report(sent(LINHE), own=narrow)
    assert "有1项举措或指标在汇总口径中没有对应项，未计入" in document.face[0]
    assert [annex.title for annex in document.annexes][-1] == "未计入事项清单"


def test_districts_stand_in_the_order_of_the_frame() -> None:
    ordered = in_order(
        frame(districts=[{"region": "望江区"}, {"region": "临河县"}]), [sent(LINHE), sent(WANGJIANG)]
    )
    assert [s.summary.region for s in ordered] == ["望江区", "临河县"]
