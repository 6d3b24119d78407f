"""What holds for a document of every kind: the same bytes wherever it is made, and a character without a font is found."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from domain.problems import Problem, ProblemKind
from domain.report.blocks import Annex, BarChart, Document, Heading, Paragraph, plain
from services.documents import Kind, document_pdf
from services.missing_characters import whereabouts
from tests.services.every_kind import ISSUED, NO_DIGEST, OWN, digests
from tests.services.sample_document import charts

ROOT = Path(__file__).parents[2]
UNKNOWN = "\U0001f9ff"


def test_every_report_beside_the_consolidated_one_gives_the_same_bytes_in_any_zone_language_and_folder(
    tmp_path: Path,
) -> None:
    elsewhere = {"TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "7", "PYTHONUTF8": "0"}
    told = subprocess.run(
        [sys.executable, "-m", "tests.services.every_kind"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **elsewhere},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    assert {line.split()[0] for line in told} == {"brief", "public", "phase", "final", "circular"}
    assert told == list(digests())


def short(kind: Kind) -> Document:
    """Two headings and a village's name that no font can write under the second."""
    whole = ISSUED if kind in {"annual", "circular", "phase", "final"} else OWN
    blocks = (
        Heading(level=1, text="一、总体情况"),
        Paragraph(runs=plain("各项工作按计划推进。")),
        Heading(level=1, text="二、需要关注"),
        Paragraph(runs=plain(f"对口帮扶石岭镇{UNKNOWN}家村儿童之家，已完成选址。")),
    )
    return whole.model_copy(update={"blocks": blocks, "annexes": ()})


def refusal(document: Document, kind: Kind) -> Problem:
    with pytest.raises(Problem) as refused:
        document_pdf(document, kind, NO_DIGEST)
    assert refused.value.kind is ProblemKind.GLYPH_MISSING
    return refused.value


@pytest.mark.parametrize("kind", ["annual", "unit", "circular", "brief", "public", "phase", "final"])
def test_a_character_that_no_font_has_is_told_with_the_document_and_the_place(kind: Kind) -> None:
    document = short(kind)
    told = refusal(document, kind).title
    assert document.title in told
    assert f"{UNKNOWN}（U+1F9FF，见“二、需要关注”下“对口帮扶石岭镇{UNKNOWN}家村儿童之家，已…”）" in told


def test_one_beside_a_bar_of_an_annex_is_found_under_that_annex() -> None:
    chart = charts()[0]
    assert isinstance(chart, BarChart)
    bars = (chart.bars[0].model_copy(update={"label": f"{UNKNOWN}家村"}), *chart.bars[1:])
    annex = Annex(number=1, title="办理情况图", blocks=(chart.model_copy(update={"bars": bars}),))
    told = refusal(short("annual").model_copy(update={"blocks": (), "annexes": (annex,)}), "annual").title
    assert f"见“附件1　办理情况图”下“{UNKNOWN}家村”" in told


def test_one_in_a_heading_is_found_there_and_what_is_nowhere_has_no_place() -> None:
    html = f"<html><head><title>{UNKNOWN}</title></head><body><h2>一、{UNKNOWN}村</h2><p>正文。</p></body></html>"
    assert whereabouts(html, UNKNOWN) == f"“一、{UNKNOWN}村”"
    assert not whereabouts(html, "龘")
