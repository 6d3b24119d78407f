import io
import os
import re
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import jinja2
import pikepdf
import pytest

from domain.problems import Problem, ProblemKind
from domain.report.blocks import Annex, Block, Paragraph, plain
from services.line_breaks import guard_breaks
from services.pdf_checks import check_pdf
from services.rendering import EmbeddedFile, Metadata, environment, render_pdf
from tests.services.pdf_geometry import texts
from tests.services.sample_document import METADATA, body, charts, completion_table, sample_html, sample_pdf

ROOT = Path(__file__).parents[2]
RARE = "翀昇玥珺彧祎旻晞"


def html(content: str) -> str:
    return (
        environment()
        .from_string(
            '{% extends "house/base.html" %}{% set title = "题" %}{% set sample = false %}'
            "{% block content %}<h1>题</h1>" + content + "{% endblock %}"
        )
        .render()
    )


def refusal_of(content: str) -> Problem:
    with pytest.raises(Problem) as refusal:
        render_pdf(html(content), METADATA)
    return refusal.value


@pytest.fixture(scope="module")
def whole() -> bytes:
    return sample_pdf(sample_html(3, face=("区教育局尚未报送。",)))


def test_a_report_passes_the_checks(whole: bytes) -> None:
    assert check_pdf(whole) == []


def test_the_same_input_gives_the_same_bytes_in_any_zone_locale_and_folder(tmp_path: Path) -> None:
    program = (
        "import hashlib; from tests.services.sample_document import *; "
        "print(hashlib.sha256(sample_pdf(sample_html(1))).hexdigest())"
    )
    digests = set()
    for zone, locale, folder in (("Asia/Shanghai", "C.UTF-8", ROOT), ("America/New_York", "C", tmp_path)):
        environment_ = {"PATH": os.environ["PATH"], "TZ": zone, "LC_ALL": locale, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environment_,
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
        digests.add(done.stdout.strip())
    assert len(digests) == 1


def test_a_second_render_in_the_same_process_gives_the_same_bytes() -> None:
    source = sample_html(1)
    first = sample_pdf(source)
    sample_pdf(html(f"<p>{RARE}</p>"))
    assert sample_pdf(source) == first


def test_rendering_leaves_nothing_in_the_temporary_folder(tmp_path: Path) -> None:
    program = (
        "from tests.services.sample_document import *; sample_pdf(sample_html(1)); import os; os._exit(9)"
    )
    environment_ = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], env=environment_, cwd=ROOT, check=False)
    assert done.returncode == 9
    assert list(tmp_path.iterdir()) == []


def test_importing_the_renderer_does_not_load_weasyprint() -> None:
    program = "import sys, services.rendering; sys.exit('weasyprint' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_the_pdf_is_tagged_with_title_language_bookmarks_and_dates(whole: bytes) -> None:
    with pikepdf.open(io.BytesIO(whole)) as document:
        assert str(document.docinfo["/Title"]) == METADATA.title
        assert str(document.docinfo["/Author"]) == "甲区民政局"
        assert str(document.docinfo["/CreationDate"]).startswith("D:20260105093000")
        assert str(document.Root.Lang) == "zh-CN"
        assert bytes(document.trailer.ID[0]) == METADATA.identifier
        with document.open_outline() as outline:
            top = [item.title for item in outline.root]
            inner = [item.title for item in outline.root[0].children]
    assert top[0] == METADATA.title
    assert top[1:] == ["附件1　主要指标完成情况表", "附件2　任务举措完成情况表", "附件3　时间节点完成情况"]
    assert inner == ["一、基本情况", "二、主要做法与成效"]


def test_attachments_are_carried_inside() -> None:
    file = EmbeddedFile(name="data.json", description="数据快照", content=b"{}")
    pdf = render_pdf(html("<p>正文</p>"), METADATA, attachments=[file])
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.attachments["data.json"].get_file().read_bytes() == b"{}"


def test_metadata_without_a_zone_is_refused() -> None:
    metadata = Metadata(title="题", author="甲", identifier=b"x", created=datetime(2026, 1, 1))  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="time zone"):
        render_pdf(html("<p>正文</p>"), metadata)


@pytest.mark.parametrize(
    "content",
    [
        '<img src="https://example.org/a.png" alt="a">',
        '<img src="http://127.0.0.1:1/a.png" alt="a">',
        '<img src="file:///etc/hostname" alt="a">',
        '<img src="../pyproject.toml" alt="a">',
        '<img src="house/%2e%2e/%2e%2e/pyproject.toml" alt="a">',
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="a">',
        '<link rel="stylesheet" href="https://example.org/a.css">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<p style="background: url(ftp://example.org/a.png)">正文</p>',
        '<style>@import "https://example.org/a.css";</style>',
        "<style>@font-face { font-family: x; src: url(https://example.org/a.ttf) }</style>",
        '<object data="https://example.org/a.svg"></object>',
        '<svg width="9" height="9"><title>a</title><image width="9" height="9" href="https://example.org/a.png"/></svg>',
    ],
)
def test_nothing_but_the_projects_own_files_is_fetched(content: str) -> None:
    assert refusal_of(content).kind is ProblemKind.RESOURCE_REFUSED


def test_a_character_that_no_font_has_is_named() -> None:
    problem = refusal_of("<p>某某\U0001f9ff村</p>")
    assert problem.kind is ProblemKind.GLYPH_MISSING
    assert "U+1F9FF" in str(problem)


def test_what_the_renderer_complains_of_is_an_error() -> None:
    assert refusal_of('<p style="colour: red">正文</p>').kind is ProblemKind.REPORT_FAULTY


def test_rare_characters_of_names_are_printed() -> None:
    pdf = render_pdf(html(f"<p>{RARE}等同志</p>"), METADATA)
    assert check_pdf(pdf) == []
    assert RARE in texts(pdf)[0]


def test_markup_in_a_value_stays_text() -> None:
    hostile = (
        '</p><script>alert(1)</script><img src="https://example.org/a.png"><style>p{display:none}</style>'
    )
    blocks: list[Block] = [Paragraph(lead='"><img src=x>', runs=plain(hostile))]
    text = "".join(texts(sample_pdf(sample_html(blocks=blocks, annexes=(), face=(hostile,), sample=False))))
    assert "</p><script>alert(1)</script>" in re.sub(r"\s", "", text)


def test_an_undefined_name_in_a_template_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        environment().from_string("{{ absent }}").render()


def test_the_finalize_hook_may_refuse_a_value() -> None:
    def no_numbers(value: object) -> object:
        if isinstance(value, int):
            raise TypeError("a bare number")
        return value

    with pytest.raises(TypeError, match="bare number"):
        environment(no_numbers).from_string("{{ n }}").render(n=3)


def test_filters_write_numerals_and_dates_as_documents_do() -> None:
    template = environment().from_string("{{ 12 | chinese }}、{{ day | chinese_date }}")
    assert template.render(day=date(2026, 12, 1)) == "十二、2026年12月1日"


def test_charts_are_live_text_with_a_spoken_alternative() -> None:
    annex = Annex(number=1, title="图", blocks=tuple(charts()))
    pdf = sample_pdf(sample_html(1, annexes=(annex,)))
    assert "某某街道办事处" in "".join(texts(pdf))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert not any(page.get_images() for page in document.pages)
        spoken = [
            str(item["/Alt"])
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        ]
    assert "三个阶段的起止与十一个时间节点" in spoken


def test_a_sample_is_marked_on_every_page_and_a_real_report_on_none(whole: bytes) -> None:
    assert all("示例数据" in text for text in texts(whole))
    assert not any("示例数据" in text for text in texts(sample_pdf(sample_html(1, annexes=(), sample=False))))


def test_what_is_missing_stands_on_the_first_page(whole: bytes) -> None:
    assert "区教育局尚未报送" in texts(whole)[0]


@pytest.mark.parametrize("landscape", [False, True])
@pytest.mark.parametrize("paragraphs", [1, 2, 3, 4, 5])
def test_the_imprint_stands_once_at_the_foot_of_the_last_even_page(
    paragraphs: int, *, landscape: bool
) -> None:
    annexes = (
        (Annex(number=1, title="表", landscape=True, blocks=(completion_table(5),)),) if landscape else ()
    )
    found = texts(sample_pdf(sample_html(blocks=body(paragraphs), annexes=annexes)))
    assert len(found) % 2 == 0
    assert [("抄送：" in text) for text in found] == [False] * (len(found) - 1) + [True]
    assert "2026年1月5日印发" in found[-1]


def test_a_blank_page_before_the_imprint_carries_no_number_and_neither_does_the_imprint() -> None:
    annex = Annex(number=1, title="表", landscape=True, blocks=(completion_table(3),))
    blocks: list[Block] = [Paragraph(runs=plain("正文。"))]
    # Text on page 1 with its signature on 2, or on one page: in one of the two the landscape annex ends on an even page.
    for lines in (0, 12):
        more: list[Block] = [Paragraph(runs=plain("正文。")) for _ in range(lines)]
        found = texts(sample_pdf(sample_html(blocks=[*blocks, *more], annexes=(annex,), sample=False)))
        if not found[-2].strip():
            assert f"— {len(found)} —" not in found[-1]
            assert "抄送" in found[-1]
            return
    pytest.fail("no length brought a blank page")


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("做到“早发现”等", "做到\u200b“早发现”\u200b等"),
        ("做到“早发现”。", "做到\u200b“早发现”。"),
        ("（“早发现”）", "（“早发现”）"),
        ("“甲”“乙”", "“甲”\u200b“乙”"),
        ("2024—2026年", "2024\u2060—2026\u2060年"),
        ("办好——真办好", "办好——真办好"),
        ("3 名", "3\u00a0名"),
        ("2025年12月", "2025\u2060年12\u2060月"),
        ("第7号", "第\u20607\u2060号"),
        ("ISO 9001", "ISO 9001"),
    ],
)
def test_lines_break_beside_quotation_marks_and_not_beside_numbers(text: str, guarded: str) -> None:
    assert guard_breaks(text) == guarded
    assert guard_breaks(guarded) == guarded


def test_zero_width_characters_do_not_show_in_extracted_text() -> None:
    text = "".join(texts(render_pdf(html("<p>做到“早发现”等，2025年新增3 名。</p>"), METADATA)))
    assert "做到“早发现”等，2025年新增3" in text


def test_a_file_that_is_no_pdf_and_an_untagged_one_fail_the_checks() -> None:
    assert len(check_pdf(b"no pdf")) == 1
    bare = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(bare)
    missing = ["没有标题", "没有结构标签", "没有注明语言", "没有书签"]
    archival = "没有声明为 PDF/A-3a，或缺少色彩说明"
    assert check_pdf(bare.getvalue()) == [*missing, archival, "没有文字"]
