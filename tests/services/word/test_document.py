"""A report as a Word file: the standard's page, real headings and tables, the same bytes, and nothing that was withheld."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree

from domain.counts import WITHHELD_MARK, RawCount, RawCountLeakError
from domain.report.annual import annual_report
from domain.report.blocks import Document, FigureRef, Heading, Paragraph, Table, Text, plain
from domain.report.brief import brief_report
from domain.report.final import Merits, final_report
from domain.report.phase import phase_report
from domain.report.public import public_report
from services.titles import title_lines
from services.word.document import document_docx
from services.word.measures import INDENT, MM, ROW
from services.word.reading import read_edited
from services.word.styles import RED
from tests.domain.report import ledger, tiedong
from tests.domain.report.test_family import standing, three_years
from tests.domain.report.test_release import steady
from tests.services.sample_document import charts
from tests.services.word.editing import digest, parts, report, small, snapshot, words_of

NAMES = {"仿宋_GB2312", "方正小标宋_GBK", "楷体_GB2312", "黑体", "宋体"}


@pytest.fixture(scope="module")
def opened() -> Any:
    """The consolidated report as python-docx reads it."""
    return docx.Document(io.BytesIO(report()))


@pytest.fixture(scope="module")
def document() -> Document:
    """The consolidated report as it was frozen."""
    return snapshot().consolidated


def printed(element: Any) -> str:
    """The words of an element, and the instructions of its fields."""
    return "".join(node.text or "" for node in element.iter(qn("w:t"), qn("w:instrText")))


def blocks(document: Document) -> list[object]:
    return [*document.blocks, *(block for annex in document.annexes for block in annex.blocks)]


def test_every_word_of_the_report_is_in_the_file(opened: Any, document: Document) -> None:
    told = "".join(words_of(opened.element.body).split())
    for block in blocks(document):
        if isinstance(block, Heading):
            assert "".join(block.text.split()) in told
        elif isinstance(block, Paragraph):
            words = block.lead + "".join(
                run.text + (run.id if isinstance(run, FigureRef) else "") for run in block.runs
            )
            assert "".join(words.split()) in told
        elif isinstance(block, Table):
            for row in block.rows:
                assert "".join("".join(cell.text for cell in row.cells).split()) in told


def test_headings_are_headings_with_their_levels(opened: Any, document: Document) -> None:
    levels = {style.style_id: style.element.find(f".//{qn('w:outlineLvl')}") for style in opened.styles}
    for block in document.blocks:
        if isinstance(block, Heading):
            (found,) = [
                p for p in opened.paragraphs if p.text == block.text and p.style.style_id != "BodyText"
            ]
            level = levels[found.style.style_id]
            assert found.style.name.lower() == f"heading {block.level}"
            assert level is not None
            assert level.get(qn("w:val")) == str(block.level - 1)
    titles = [p for p in opened.paragraphs if p.style.name == "附件标题"]
    assert [p.text for p in titles] == [annex.title for annex in document.annexes]
    assert levels["AnnexTitle"] is not None


def test_tables_are_tables_whose_heads_repeat_and_whose_rows_do_not_break(
    opened: Any, document: Document
) -> None:
    expected = [block for block in blocks(document) if isinstance(block, Table)]
    *found, imprint = opened.tables
    assert len(found) == len(expected)
    for made, block in zip(found, expected, strict=True):
        assert len(made.rows) == 1 + len(block.rows)
        heads = [row for row in made._tbl.tr_lst if row.find(f".//{qn('w:tblHeader')}") is not None]  # noqa: SLF001
        assert heads == [made._tbl.tr_lst[0]]  # noqa: SLF001
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in made._tbl.tr_lst)  # noqa: SLF001
        widths = [int(column.get(qn("w:w"))) for column in made._tbl.tblGrid]  # noqa: SLF001
        assert sum(widths) in {8844, 12756}
    assert imprint.rows[0].cells[0].text.startswith("抄送：")


def test_pages_are_those_of_the_standard(opened: Any) -> None:
    for section in opened.sections:
        turned = section.orientation == WD_ORIENT.LANDSCAPE
        paper = section.page_width, section.page_height
        high, wide = (round(length / Mm(1)) for length in (paper if turned else paper[::-1]))
        assert (wide, high) == (210, 297)
        across = (paper[0] - section.left_margin - section.right_margin) / Mm(1)
        down = (paper[1] - section.top_margin - section.bottom_margin) / Mm(1)
        assert sorted((across, down)) == pytest.approx([156, 225], abs=0.1)
        grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001
        assert 225 * Mm(1) / Pt(int(grid.get(qn("w:linePitch"))) / 20) >= 22
    first = opened.sections[0]
    assert [round(side / Mm(1)) for side in (first.top_margin, first.left_margin)] == [37, 28]
    settings = opened.settings.element
    assert settings.find(qn("w:mirrorMargins")) is not None
    assert settings.find(qn("w:evenAndOddHeaders")) is not None


def test_wide_annexes_stand_on_turned_pages_and_the_imprint_on_a_left_one(
    opened: Any, document: Document
) -> None:
    turned = [section.orientation == WD_ORIENT.LANDSCAPE for section in opened.sections]
    wanted, last = [False], False
    for annex in document.annexes:
        if annex.landscape != last:
            wanted.append(annex.landscape)
            last = annex.landscape
    assert turned == [*wanted, False]
    assert opened.sections[-1]._sectPr.find(qn("w:type")).get(qn("w:val")) == "evenPage"  # noqa: SLF001


def test_28_characters_of_the_body_fill_a_line(opened: Any) -> None:
    defaults = opened.styles.element.find(qn("w:docDefaults"))
    points = int(defaults.find(f".//{qn('w:sz')}").get(qn("w:val"))) / 2
    tracking = int(defaults.find(f".//{qn('w:spacing')}").get(qn("w:val"))) / 20
    line = 156 * Mm(1) / Pt(1)
    assert 28 * (points + tracking) <= line < 28.2 * (points + tracking)


def test_numbers_of_pages_stand_right_on_odd_and_left_on_even_ones(opened: Any) -> None:
    section = opened.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (paragraph,) = footer.paragraphs
        assert paragraph._p.find(f".//{qn('w:jc')}").get(qn("w:val")) == side  # noqa: SLF001
        assert re.sub(r"\s+", " ", printed(paragraph._p)) == "— PAGE 1 —"  # noqa: SLF001
    assert printed(opened.sections[-1].footer._element) == ""  # noqa: SLF001


def test_the_standards_fonts_are_named_for_chinese_and_digits_have_their_own(opened: Any) -> None:
    named = set(re.findall(r'w:eastAsia="([^"]+)"', parts(report())["word/styles.xml"].decode()))
    assert NAMES | {"zh-CN"} == named
    styles = {style.name: style.element for style in opened.styles}
    for name, font in (
        ("heading 1", "黑体"),
        ("heading 2", "楷体_GB2312"),
        ("heading 3", "仿宋_GB2312"),
        ("Title", "方正小标宋_GBK"),
        ("发文机关标志", "方正小标宋_GBK"),
    ):
        found = next(element for key, element in styles.items() if key.lower() == name.lower())
        assert found.find(f".//{qn('w:rFonts')}").get(qn("w:eastAsia")) == font
    faces = {font.get(qn("w:name")) for font in etree.fromstring(parts(report())["word/fontTable.xml"])}
    assert faces >= NAMES


def length(paragraph: Any, name: str, attribute: str) -> int:
    """A length of a paragraph in twips, its own or else its style's; 0 where neither tells."""
    for properties in (paragraph._p.pPr, paragraph.style.element.pPr):  # noqa: SLF001
        found = properties.find(qn(f"w:{name}"))
        if found is not None and (told := found.get(qn(f"w:{attribute}"))) is not None:
            return int(told)
    return 0


def test_head_and_title_stand_in_the_rows_of_the_pdf(opened: Any) -> None:
    mark, number, rule, title = opened.paragraphs[:4]
    assert title.style.name == "Title"
    down = sum(length(p, "spacing", side) for p in (mark, number) for side in ("before", "line"))
    assert down == 8 * ROW  # 发文字号 fills the eighth row
    down += length(rule, "spacing", "line")
    assert down / MM == pytest.approx(84.05, abs=0.05)  # 4 mm under its characters, as in the stylesheet
    assert rule._p.find(f".//{qn('w:bottom')}").get(qn("w:color")) == RED  # noqa: SLF001
    assert down + length(rule, "spacing", "after") == pytest.approx(10 * ROW, abs=40)


def test_the_list_of_annexes_is_indented_by_two_characters_under_a_free_line(
    opened: Any, document: Document
) -> None:
    listed = [p for p in opened.paragraphs if p.style.name == "附件说明"]
    titles = [annex.title for annex in document.annexes]
    assert [p.text for p in listed] == [
        f"{'附件：' if n == 1 else ''}{n}.{title}" for n, title in enumerate(titles, start=1)
    ]
    hung = [length(p, "ind", "left") - length(p, "ind", "hanging") for p in listed]
    assert hung[0] == pytest.approx(INDENT, abs=1)
    assert set(hung[1:]) == {hung[0] + round((94.7 - 31.5 - 16) * 20)}  # under the first one's number
    assert [length(p, "spacing", "before") for p in listed] == [ROW, *(0 for _ in listed[1:])]


def test_titles_of_annexes_stand_in_the_third_row_parted_as_titles_are(document: Document) -> None:
    long = "留守儿童和困境儿童关爱服务任务举措完成情况表"
    annexes = [annex.model_copy(update={"title": long}) for annex in document.annexes[:2]]
    data = document_docx(document.model_copy(update={"annexes": tuple(annexes)}), digest(), 0)
    opened: Any = docx.Document(io.BytesIO(data))
    titles = [p for p in opened.paragraphs if p.style.name == "附件标题"]
    assert [p.text.split("\n") for p in titles] == [
        list(title_lines(long, turned=annex.landscape)) for annex in annexes
    ]
    for title in titles:
        assert length(title, "spacing", "before") == length(title, "spacing", "line") == ROW


@pytest.mark.parametrize(
    ("lead", "font"), [("一、", "黑体"), ("（一）", "楷体_GB2312"), ("1.", "仿宋_GB2312")]
)
def test_a_heading_that_runs_into_its_paragraph_has_the_face_of_its_level(
    document: Document, lead: str, font: str
) -> None:
    blocks = (Paragraph(lead=f"{lead}落实责任。", runs=plain("正文。")),)
    data = document_docx(document.model_copy(update={"blocks": blocks, "annexes": ()}), digest(), 0)
    opened: Any = docx.Document(io.BytesIO(data))
    (run,) = (r for p in opened.paragraphs for r in p.runs if r.text == f"{lead}落实责任。")
    assert run.style.element.find(f".//{qn('w:rFonts')}").get(qn("w:eastAsia")) == font


def test_the_last_three_rows_of_a_table_stay_together_and_with_its_notes(opened: Any) -> None:
    for table in opened.tables[:-1]:  # the last one is 版记
        rows = table._tbl.tr_lst[1:]  # noqa: SLF001
        kept = [row for row in rows if row.find(f".//{qn('w:keepNext')}") is not None]
        heads = [row for row in rows if row.find(f".//{qn('w:gridSpan')}") is not None]
        assert all(row in kept for row in rows[-3:-1])
        assert all(row in heads for row in kept if row not in rows[-3:])


def test_the_file_tells_of_the_office_and_of_no_machine_or_person(opened: Any, document: Document) -> None:
    told = opened.core_properties
    assert (told.title, told.author, told.language) == (document.title, document.author, "zh-CN")
    assert told.last_modified_by == document.author
    assert told.created is not None
    assert told.created.date() in {
        document.day,
        document.day.replace(day=document.day.day - 1),
    }  # Beijing's midnight
    assert "python-docx" not in "".join(content.decode() for content in parts(report()).values())


def test_the_same_document_gives_the_same_bytes_in_another_zone_place_and_language(tmp_path: Path) -> None:
    code = (
        "import sys; from tests.services.word.editing import report, digest;sys.stdout.buffer.write(report())"
    )
    made = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[3]),
            "TZ": "America/New_York",
            "LC_ALL": "C",
            "PYTHONHASHSEED": "7",
        },
    ).stdout
    assert made == report()


def test_every_figure_of_text_and_tables_has_one_mark(opened: Any, document: Document) -> None:
    starts = [mark.get(qn("w:name")) for mark in opened.element.body.iter(qn("w:bookmarkStart"))]
    assert len(starts) == len(set(starts))
    assert all(len(name) <= 40 and name.startswith("_") for name in starts)
    told = sum(isinstance(r, FigureRef) for b in blocks(document) if isinstance(b, Paragraph) for r in b.runs)
    assert sum(name.startswith("_F_") for name in starts) == told
    cells = sum(
        column.align == "right" and any(map(str.isdigit, cell.text))
        for block in blocks(document)
        if isinstance(block, Table)
        for row in block.rows
        if row.kind != "section"
        for cell, column in zip(row.cells, block.columns, strict=True)
    )
    assert sum(name.startswith("_T_") for name in starts) == cells
    numbers = [mark.get(qn("w:id")) for mark in opened.element.body.iter(qn("w:bookmarkStart"))]
    assert len(numbers) == len(set(numbers))


def test_markup_in_words_stays_words(document: Document) -> None:
    hostile = "<w:p/>]]>&amp;</w:t>{{ 7*7 }}\x0b\ud800"
    hostile_one = document.model_copy(
        update={
            "title": f"甲{hostile}",
            "blocks": (Paragraph(lead=f"乙{hostile}", runs=plain(f"丙{hostile}")),),
        }
    )
    told = words_of(docx.Document(io.BytesIO(document_docx(hostile_one, digest(), 0))).element.body)
    for place in "甲乙丙":
        assert f"{place}<w:p/>]]>&amp;</w:t>{{{{ 7*7 }}}}" in told


def test_a_raw_count_stops_the_file(document: Document) -> None:
    leak: Any = RawCount(3)
    words = Text.model_construct(kind="text", text=leak)
    paragraph = Paragraph.model_construct(kind="paragraph", lead="", runs=(words,))
    for leaking in ({"title": leak}, {"blocks": (paragraph,)}):
        with pytest.raises(RawCountLeakError):
            document_docx(document.model_copy(update=leaking), digest(), 0)


def test_a_units_report_has_no_letterhead_and_no_imprint() -> None:
    unit = snapshot().units[3]
    opened: Any = docx.Document(io.BytesIO(document_docx(unit.document, digest(), 4)))
    names = {paragraph.style.name for paragraph in opened.paragraphs}
    assert "发文机关标志" not in names
    assert len(opened.sections) == 1
    assert opened.paragraphs[0].text.replace("\n", "") == unit.document.title
    assert next(p.text for p in opened.paragraphs if p.style.name == "署名和日期") == unit.document.author


def test_any_document_of_the_house_can_be_written() -> None:
    opened: Any = docx.Document(io.BytesIO(small()))
    assert "示例数据　仅供演示" in printed(opened.sections[0].header._element)  # noqa: SLF001
    assert sum(p.style.name == "首页提示" for p in opened.paragraphs) == 3
    drawn = [node.get("descr") for node in opened.element.body.iter() if node.tag.endswith("}docPr")]
    assert drawn == [chart.alt for chart in charts()]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "make",
    [
        lambda: phase_report(three_years(), standing(three_years())[1], None),
        lambda: final_report(three_years(), standing(three_years()), Merits()),
        lambda: brief_report(three_years()),
        lambda: public_report(three_years()),
    ],
    ids=["phase", "final", "brief", "public"],
)
def test_every_report_of_the_family_is_written_whole(make: Callable[[], Document]) -> None:
    document = make()
    read = read_edited(document_docx(document, digest(), 0))
    told = "".join(passage.text for passage in read.passages)
    for block in blocks(document):
        if isinstance(block, Paragraph):
            assert block.runs[-1].text[-20:].strip() in told
    figures = [
        r for b in blocks(document) if isinstance(b, Paragraph) for r in b.runs if isinstance(r, FigureRef)
    ]
    marked = [p.words(m) for p in read.passages for m in p.figures if m.id.startswith("_F_")]
    assert marked == [figure.text for figure in figures]


def test_what_was_withheld_is_in_no_part_of_the_file() -> None:
    """Withheld beside a small count, and so large that it stands nowhere by chance."""
    secret = 8_161_643
    figures = steady(orphans=4, allowance=secret)
    material = ledger.material(figures, 2025, "2025-12-31")
    money = material.book.get("allowance", "town")
    assert money is not None
    assert money.shown is None
    data = document_docx(annual_report(material), digest(), 0)
    files = parts(data)
    assert WITHHELD_MARK in files["word/document.xml"].decode()
    for name, content in files.items():
        bare = re.sub(rb"[\s,]|<[^>]*>", b"", content)
        for number in (secret, secret * 4, secret * 2, secret * 3):
            assert str(number).encode() not in content, name
            assert str(number).encode() not in bare, name


def test_the_mark_of_a_sample_is_on_every_page() -> None:
    sample = tiedong.material()
    document = annual_report(replace(sample, issue=replace(sample.issue, sample=True)))
    files = parts(document_docx(document, digest(), 0))
    heads = [content.decode() for name, content in files.items() if name.startswith("word/header")]
    assert heads
    assert all("示例数据" in head for head in heads)
