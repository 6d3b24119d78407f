"""``guanai report check``, as an office would type it."""

import hashlib
import json
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from cli.app import app
from cli.report_check import tell_layout
from tests.services.sample_document import sample_html, sample_pdf


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report that keeps the standard."""
    path = tmp_path_factory.mktemp("sound") / "报告.pdf"
    path.write_bytes(sample_pdf(sample_html(1, annexes=(), sample=False)))
    return path


def test_a_sound_report_ends_well_and_says_which_fonts_stand_in(sound: Path) -> None:
    told = CliRunner().invoke(app, ["report", "check", str(sound)])
    assert told.exit_code == 0
    assert "5.2.3" in told.output
    assert "不符 0 项" in told.output or "不符0 项" in told.output
    assert "以开源字体代替：" in told.output


def test_a_report_with_a_fault_ends_with_1_and_names_the_clause(tmp_path: Path) -> None:
    html = sample_html(1, annexes=(), sample=False)
    path = tmp_path / "红线.pdf"
    path.write_bytes(
        sample_pdf(html.replace("</head>", "<style>.letterhead .rule { right: 20mm }</style></head>"))
    )
    told = CliRunner().invoke(app, ["report", "check", "--json", str(path)])
    assert told.exit_code == 1
    report = json.loads(told.output)
    assert report["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert report["verdict"] == "不符"
    broken = [finding for finding in report["findings"] if finding["verdict"] == "不符"]
    assert [(finding["clause"], finding["part"]) for finding in broken] == [("7.2.7", "红色分隔线")]


def test_pages_are_drawn_with_the_type_area_around_their_text(sound: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["report", "check", str(sound), "--pictures", str(tmp_path / "图")])
    assert told.exit_code == 0
    pictures = sorted((tmp_path / "图").iterdir())
    assert [path.name for path in pictures][:2] == ["第001页.png", "第002页.png"]
    with Image.open(pictures[1]) as page:  # an even one: 26 mm at the left, 37 mm above
        corner = round(26 / 25.4 * 108), round(37 / 25.4 * 108)
        assert page.getpixel(corner) == (0, 90, 200)


def test_of_what_was_filed_the_documents_to_be_looked_at_are_named(
    sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty = sample_html(1, annexes=(), sample=False).replace("〔2026〕", "[2026]")
    (tmp_path / "好.pdf").write_bytes(sound.read_bytes())
    (tmp_path / "字号.pdf").write_bytes(sample_pdf(faulty))
    tell_layout(tmp_path)
    told = capsys.readouterr().out
    assert "字号.pdf 有不符（7.2.5 发文字号）" in told
    assert "好.pdf" not in told


def test_what_is_no_pdf_is_refused(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["report", "check", str(tmp_path / "没有.pdf")])
    assert told.exit_code == 1
    assert "〔1901〕" in told.output
