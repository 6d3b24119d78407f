"""Settings are read in one place, and what cannot be meant is refused aloud."""

import os
from pathlib import Path

import pytest

from domain.problems import Problem, ProblemKind
from services.places import PROJECT
from services.settings import PREFIX, read_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(variable)


def _refused() -> Problem:
    with pytest.raises(Problem) as refusal:
        read_settings()
    assert refusal.value.kind is ProblemKind.SETTING_INVALID
    return refusal.value


def test_without_any_setting_all_is_under_the_project(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings()
    assert settings.home == PROJECT / "var"
    assert settings.store_url == f"sqlite:///{PROJECT / 'var' / 'guanai.db'}"
    assert settings.plan == PROJECT / "plans" / "tiedong-2024"


def test_paths_are_taken_from_where_one_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUANAI_HOME", "数据")
    monkeypatch.setenv("GUANAI_PLAN", str(tmp_path / "plan"))
    settings = read_settings()
    assert settings.home == tmp_path / "数据"
    assert settings.plan == tmp_path / "plan"


def test_the_address_of_the_store_may_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANAI_DATABASE_URL", "postgresql://clerk@db/guanai")
    assert read_settings().store_url == "postgresql://clerk@db/guanai"


def test_the_address_of_the_store_may_stand_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = tmp_path / "url"
    secret.write_text("postgresql://clerk:opensesame@db/guanai\n")
    monkeypatch.setenv("GUANAI_DATABASE_URL_FILE", str(secret))
    assert read_settings().store_url == "postgresql://clerk:opensesame@db/guanai"


def test_an_address_given_twice_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GUANAI_DATABASE_URL", "postgresql://clerk:opensesame@db/guanai")
    monkeypatch.setenv("GUANAI_DATABASE_URL_FILE", str(tmp_path / "url"))
    assert "opensesame" not in str(_refused())


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe"])
def test_a_file_that_tells_nothing_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    secret = tmp_path / "url"
    if content is not None:
        secret.write_bytes(content)
    monkeypatch.setenv("GUANAI_DATABASE_URL_FILE", str(secret))
    assert "GUANAI_DATABASE_URL_FILE" in str(_refused())


def test_a_misspelt_setting_is_refused_with_the_names_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANAI_DATABASE_ULR", "postgresql://clerk:opensesame@db/guanai")
    problem = _refused()
    assert "GUANAI_DATABASE_ULR" in problem.title
    assert "GUANAI_DATABASE_URL_FILE" in problem.mend
    assert "opensesame" not in str(problem)


@pytest.mark.parametrize("name", ["GUANAI_HOME", "GUANAI_PLAN"])
def test_a_file_where_a_folder_belongs_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(name, str(tmp_path / "file"))
    assert name in str(_refused())


def test_an_empty_setting_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANAI_HOME", "")
    assert read_settings().home == PROJECT / "var"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GUANAI_ENGINE_PASSWORD", "口令也要保密才行啊"),
        ("GUANAI_ENGINE_PASSWORD", "short"),
        ("GUANAI_ENGINE_DATABASE_URL", "sqlite:///secret.db"),
    ],
)
def test_a_secret_that_cannot_be_meant_is_refused_and_not_repeated_wherever_it_stands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    told = str(_refused())
    assert name in told
    assert value not in told
    monkeypatch.delenv(name)
    (tmp_path / "secret").write_text(value)
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "secret"))
    assert str(_refused()) == told


def test_how_long_a_run_may_be_silent_is_more_than_between_two_signs_of_life(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GUANAI_DEAD_AFTER", "30")
    assert "GUANAI_DEAD_AFTER" in str(_refused())


def test_a_process_started_elsewhere_reads_the_same_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("secret").write_text("postgresql://clerk:opensesame@db/guanai")
    for name, value in {"HOME": "数据", "REPORTS": "报告", "DATABASE_URL_FILE": "secret"}.items():
        monkeypatch.setenv(f"GUANAI_{name}", value)
    here = read_settings()
    handed_down = here.environment()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    for name, value in handed_down.items():
        monkeypatch.setenv(name, value)
    assert read_settings() == here
