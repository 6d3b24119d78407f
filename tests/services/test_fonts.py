from pathlib import Path

import pytest

from domain.problems import Problem, ProblemKind
from services.fonts import BUNDLED, ROLES, check_fonts, find_faces, stack
from services.places import FONTS


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
