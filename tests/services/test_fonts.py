import os
import subprocess
import sys
from pathlib import Path

import pytest
import uharfbuzz
from fontTools.ttLib import TTFont

from domain.problems import Problem, ProblemKind
from services.fonts import BUNDLED, ROLES, check_fonts, find_faces, stack
from services.layout_check.check import check_layout
from services.places import FONTS
from tests.services.sample_document import sample_html


def test_every_role_has_a_font_on_a_machine_that_the_start_script_prepared() -> None:
    assert check_fonts().missing == ()


def test_what_stands_in_for_the_standards_faces_is_said() -> None:
    standing_in = check_fonts().standing_in
    assert set(standing_in) <= {role.label for role in ROLES}
    for role in ROLES:
        assert standing_in.get(role.label) in (*role.stand_ins, None)


def test_a_missing_font_is_named_with_its_package(tmp_path: Path) -> None:
    missing = {role.key for role in check_fonts(tmp_path).missing}
    assert {"fangsong", "kaiti"} <= missing
    with pytest.raises(Problem) as refusal:
        find_faces(tmp_path)
    assert refusal.value.kind is ProblemKind.FONT_MISSING
    assert "仿宋体" in str(refusal.value)
    assert "Fandol" in str(refusal.value)


def test_without_fontconfig_its_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Problem) as refusal:
        check_fonts()
    assert "fontconfig" in str(refusal.value)


def test_every_role_is_played_by_an_existing_file() -> None:
    faces = find_faces()
    assert set(faces) == set(ROLES)
    assert all(face.file.is_file() for face in faces.values())


def test_the_title_is_set_in_a_bold_weight_where_an_open_font_stands_in() -> None:
    title = next(role for role in ROLES if role.key == "xiaobiaosong")
    if title.label in check_fonts().standing_in:
        assert find_faces()[title].weight >= 180


def test_the_projects_own_files_come_before_those_of_the_same_family_elsewhere() -> None:
    own = {FONTS / name for name in BUNDLED.values()}
    assert own & {face.file for face in find_faces().values()}


def test_the_stylesheet_and_the_drawings_ask_for_the_same_stacks() -> None:
    css = (Path(__file__).parents[2] / "report_templates/house/gongwen.css").read_text("utf-8")
    for key in ("fangsong", "xiaobiaosong", "heiti", "kaiti", "songti"):
        assert f"--{key}: {stack(key)};" in css


OWNED = {
    "fangsong": ("仿宋_GB2312", "FangSong_GB2312"),
    "xiaobiaosong": ("方正小标宋_GBK", "FZXBSK--GBK1-0"),
    "heiti": ("黑体", "SimHei"),
    "kaiti": ("楷体_GB2312", "KaiTi_GB2312"),
}
"""Family and PostScript name of faces that offices own, as they would be installed."""


def install_as(name: tuple[str, str], role: str, text: str, folder: Path) -> None:
    """Put the characters of ``text`` of a stand-in's file into ``folder``, under the name of a face that offices own."""
    face = find_faces()[next(one for one in ROLES if one.key == role)]
    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update(map(ord, text))
    cut = uharfbuzz.subset(uharfbuzz.Face(uharfbuzz.Blob(face.file.read_bytes()), face.index), wanted)
    file = folder / f"{name[1]}.ttf"
    file.write_bytes(cut.blob.data)
    with TTFont(file) as font:
        table = font["name"]
        table.names = []
        for number, told in ((1, name[0]), (2, "Regular"), (4, name[0]), (6, name[1])):
            table.setName(told, number, 3, 1, 0x804)
            table.setName(name[1] if number == 1 else told, number, 3, 1, 0x409)
        font.save(file)


def test_the_standards_own_faces_are_used_where_they_are_installed(tmp_path: Path) -> None:
    html = sample_html(1, annexes=(), sample=False)
    for role, name in OWNED.items():
        install_as(name, role, html, tmp_path)
    settings = tmp_path / "fonts.conf"
    settings.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<include>/etc/fonts/fonts.conf</include><dir>{tmp_path}</dir><cachedir>{tmp_path}</cachedir></fontconfig>"
    )
    program = (
        "import sys; from tests.services.sample_document import *;"
        "sys.stdout.buffer.write(sample_pdf(sample_html(1, annexes=(), sample=False)))"
    )
    pdf = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "FONTCONFIG_FILE": str(settings)},
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
    ).stdout
    report = check_layout(pdf)
    assert report.broken == ()
    assert not [font for font in report.stand_ins.values() if font.startswith(("Fandol", "Noto"))]
    told = "".join(finding.measured for finding in report.findings)
    assert all(f"（{name[1]}）" in told for name in OWNED.values())
