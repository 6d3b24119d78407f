"""``guanai report check``: our documents keep the standard, and whatever moves away from it is found and named."""

import io
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from domain.problems import Problem, ProblemKind
from domain.report.blocks import Annex, Block, Heading, Paragraph, plain
from domain.report.brief import brief_report
from services import typesetting
from services.documents import Kind, document_pdf
from services.layout_check.check import check_layout, check_layout_file
from services.layout_check.faces import played
from services.layout_check.findings import Finding, LayoutReport, Verdict
from services.places import TEMPLATES
from tests.domain.happenings import facts
from tests.domain.report import tiedong
from tests.services.every_kind import ISSUED, document_of, told_circular
from tests.services.layout_faults import GROUPS, Fault
from tests.services.sample_document import (
    charts,
    indicator_table,
    sample_html,
    sample_pdf,
)

MEASURED: tuple[Kind, ...] = ("annual", "circular", "unit", "brief", "public", "phase", "final")
NOT_MEASURED = {
    "mail": "letters for mailboxes, which have no pages",
    "wheel": "a poster of one A3 page, no official document",
    "house": "what the others are made of",
}
"""Folders of templates, each with why it has no document to measure."""

SHORT = frozenset({"brief", "public", "phase"})
"""Kinds with no page full of running text, by which alone some clauses can be measured."""


def test_every_template_is_measured_or_says_why_not() -> None:
    assert {folder.name for folder in TEMPLATES.iterdir()} == {*MEASURED, *NOT_MEASURED}


@pytest.mark.parametrize("kind", MEASURED)
def test_every_document_keeps_the_standard(kind: Kind) -> None:
    report = check_layout(document_pdf(document_of(kind), kind, "0" * 64))
    assert report.broken == ()
    if kind not in SHORT:
        assert not _unknown(report)


@pytest.mark.parametrize("seed", [0, 2])
def test_a_circular_keeps_it_however_the_period_went(seed: int) -> None:
    assert check_layout(document_pdf(told_circular(seed), "circular", "0" * 64)).broken == ()


@pytest.mark.parametrize("day", ["2024-07-01", "2025-12-02", "2026-11-20"])
def test_a_brief_keeps_to_one_page_even_where_nobody_has_handed_in_anything(day: str) -> None:
    year = int(day[:4])
    usual = tiedong.material(day, year=year)
    silent = tuple(facts(f.item) for f in usual.history)
    for history in (silent, usual.history):
        document = brief_report(replace(usual, history=history))
        assert check_layout(document_pdf(document, "brief", "0" * 64)).pages == 1


def _unknown(report: LayoutReport) -> list[Finding]:
    return [finding for finding in report.findings if finding.verdict is Verdict.UNKNOWN]


WORDS = [
    "的",
    "儿童",
    "关爱",
    "服务",
    "“早发现”",
    "《办法》",
    "（含）",
    "2025年",
    "95.5%",
    "3",
    "名",
    "第7号",
    "1,234人次",
    "，",
    "。",
    "、",
    "；",
    "落实",
    "监护",
    "责任",
]
SENTENCES = (
    st.lists(st.sampled_from(WORDS), min_size=20, max_size=160)
    .map(lambda words: re.sub(r"([，。、；])[，。、；]+", r"\1", f"各地{''.join(words)}。"))
    .map(lambda text: re.sub(r"[，、；]。", "。", text))
)
PARAGRAPHS = SENTENCES.map(lambda text: Paragraph(runs=plain(text)))
PARTS: st.SearchStrategy[Block] = st.one_of(
    PARAGRAPHS,
    PARAGRAPHS,
    PARAGRAPHS,
    st.just(Heading(level=1, text="一、总体情况")),
    st.just(Heading(level=2, text="（一）加强组织领导")),
    st.integers(1, 12).map(indicator_table),
    st.just(charts()[0]),
)


@pytest.mark.parametrize("lines", [5, 26, 27])
def test_a_last_page_is_as_sound_as_any_other_however_full_it_is(lines: int) -> None:
    # With 26 the signature fills page 2, so that 版记 needs a leaf of its own; with 27 it goes over with two lines.
    blocks = tuple(Paragraph(runs=plain("正文。")) for _ in range(lines))
    document = ISSUED.model_copy(update={"blocks": blocks, "annexes": ()})
    assert check_layout(document_pdf(document, "annual", "0" * 64)).broken == ()


def test_a_tables_notes_never_stand_on_a_page_without_it() -> None:
    annexes = tuple(
        Annex(number=n, title=f"情况表{n}", blocks=(indicator_table(19 + n),)) for n in range(1, 9)
    )  # one of them fills its page but for the notes
    document = ISSUED.model_copy(update={"blocks": (Paragraph(runs=plain("正文。")),), "annexes": annexes})
    assert check_layout(document_pdf(document, "annual", "0" * 64)).broken == ()


@settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.lists(PARTS, min_size=8, max_size=16), PARAGRAPHS)
def test_whatever_a_report_says_it_is_set_as_it_should_be(parts: list[Block], last: Block) -> None:
    document = ISSUED.model_copy(
        update={"blocks": (Paragraph(runs=plain("正文。")), *parts, last), "annexes": ()}
    )
    assert check_layout(document_pdf(document, "annual", "0" * 64)).broken == ()


def with_style(css: str) -> LayoutReport:
    html = sample_html(3, annexes=ISSUED.annexes, sample=False)
    return check_layout(sample_pdf(html.replace("</head>", f"<style>{css}</style></head>")))


@pytest.mark.parametrize("faults", GROUPS)
def test_faults_are_found_each_under_its_own_clause_and_nothing_else(
    faults: dict[str, Fault], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, millimetres in (fault.grid for fault in faults.values() if fault.grid):
        monkeypatch.setattr(typesetting, name, millimetres / 25.4 * 96)
    found = with_style(" ".join(fault.css for fault in faults.values())).broken
    expected = {(fault.clause, part) for fault in faults.values() for part in fault.parts}
    assert {(finding.clause, finding.part) for finding in found} == expected


def test_a_notice_from_a_word_processor_is_measured_as_well() -> None:
    """Laid out with LibreOffice: 27 characters a line, the mark low, a signature on a page without text, no 版记."""
    report = check_layout_file(Path(__file__).parents[1] / "data/notice-by-word-processor.pdf")
    assert {finding.part for finding in report.broken} == {
        "每行字数",
        "发文机关标志",
        "署名所在页",
        "版记",
        "行格",
    }
    measured = {finding.part: finding.measured for finding in report.findings}
    assert measured["每面行数"].startswith("满页 22 行")
    assert measured["红色分隔线"].startswith("红色，宽 156.0 mm")
    assert measured["署名和成文日期"].startswith("日期右空 4.0 字")


def test_a_line_may_not_begin_with_a_mark_nor_part_a_number_from_its_measure() -> None:
    words = "词" * 26 + "<br>，一词" + "词" * 22 + "2025<br>年" + "词" * 24 + "（<br>词）词"
    html = sample_html(1, annexes=(), sample=False).replace("<h2>二、", f"<p>{words}</p><h2>二、", 1)
    found = {finding.part for finding in check_layout(sample_pdf(html)).broken}
    assert found == {"行首标点", "行末标点", "数字与单位"}


def test_a_heading_at_a_pages_foot_and_a_page_of_one_line_are_found() -> None:
    html = sample_html(3, annexes=(), sample=False)
    html = html.replace("</h2>", "</h2><div style='break-after: page'></div>", 1)
    alone = '<div style="break-before: page; break-after: page"><p>词。</p></div>'
    html = html.replace('<div class="signature">', f'{alone}<div class="signature">')
    found = {finding.part for finding in check_layout(sample_pdf(html)).broken}
    assert {"页末标题", "一行一页"} <= found


def test_a_page_turned_by_its_file_is_measured_as_shown() -> None:
    upright = sample_pdf(sample_html(1, annexes=(), sample=False))
    with pikepdf.open(io.BytesIO(upright)) as document:
        for page in document.pages:
            page.contents_coalesce()
            page.contents_add(b"q 0 1 -1 0 841.89 0 cm\n", prepend=True)
            page.contents_add(b"\nQ")
            page.MediaBox = [0, 0, 841.89, 595.28]
            page.Rotate = 90
        turned = io.BytesIO()
        document.save(turned)
    assert _told(check_layout(turned.getvalue())) == _told(check_layout(upright))


PAGES = st.lists(st.tuples(st.integers(0, 9), st.sampled_from([0, 90, 180, 270])), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def issued() -> bytes:
    """A document with everything: head, text, annexes upright and across, 版记, and a page in Latin letters only."""
    latin = Annex(number=3, title="Annex", blocks=(Paragraph(runs=plain("All in Latin letters.")),))
    document = ISSUED.model_copy(update={"annexes": (*ISSUED.annexes, latin)})
    return document_pdf(document, "annual", "0" * 64)


@settings(max_examples=25, deadline=None)
@given(PAGES)
def test_pages_in_any_order_and_turned_any_way_are_judged_without_a_failure(
    issued: bytes, pages: list[tuple[int, int]]
) -> None:
    shuffled = io.BytesIO()
    with pikepdf.open(io.BytesIO(issued)) as source, pikepdf.new() as target:
        for number, turned in pages:
            target.pages.append(source.pages[number % len(source.pages)])
            target.pages[-1].rotate(turned, relative=True)
        target.save(shuffled)
    with suppress(Problem):  # 1601 where nothing but a blank page is left
        report = check_layout(shuffled.getvalue())
        assert report.pages == len(pages)
        assert {finding.verdict for finding in report.findings} <= set(Verdict)


def _told(report: LayoutReport) -> list[tuple[str, str, Verdict]]:
    return [(finding.clause, finding.part, finding.verdict) for finding in report.findings]


def test_stand_ins_are_named_with_the_face_that_they_replace() -> None:
    report = check_layout(sample_pdf(sample_html(1, annexes=(), sample=False)))
    assert report.stand_ins["仿宋体"] == "FandolFang-Regular"
    (face,) = (finding for finding in report.findings if finding.part == "正文字体")
    assert "以开源字体代替" in face.measured


@pytest.mark.parametrize(
    ("font", "key", "standing_in"),
    [
        ("FZXBSJW--GB1-0", "xiaobiaosong", False),
        ("方正小标宋_GBK", "xiaobiaosong", False),
        ("FangSong_GB2312", "fangsong", False),
        ("仿宋_GB2312", "fangsong", False),
        ("KaiTi_GB2312", "kaiti", False),
        ("SimHei", "heiti", False),
        ("SimSun", "songti", False),
        ("NSimSun", "songti", False),
        ("NotoSerifCJKsc-Bold", "xiaobiaosong", True),
        ("NotoSerifCJKsc-Regular", "songti", True),
        ("SourceHanSansSC-Regular", "heiti", True),
        ("FandolKai-Regular", "kaiti", True),
        ("Arial", "Arial", False),
    ],
)
def test_a_font_is_known_by_its_name(font: str, key: str, *, standing_in: bool) -> None:
    face = played(font)
    assert (face.key, face.standing_in) == (key, standing_in)


def test_what_cannot_be_measured_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Problem) as absent:
        check_layout_file(tmp_path / "没有.pdf")
    assert absent.value.kind is ProblemKind.PDF_UNREADABLE
    with pytest.raises(Problem) as broken:
        check_layout(b"no pdf", "坏.pdf")
    assert "坏.pdf" in str(broken.value)
    blank = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(blank)
    with pytest.raises(Problem) as scanned:
        check_layout(blank.getvalue(), "扫描.pdf")
    assert scanned.value.kind is ProblemKind.PDF_WITHOUT_TEXT
