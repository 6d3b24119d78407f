"""What the operators' guide and the systemd unit say is what the program does."""

import configparser
import re
from pathlib import Path

import pytest

from deployments.parts import Addresses, parts
from domain.problems import Problem
from services.places import PROJECT
from services.settings import PREFIX, SECRET_FILES, Settings, read_settings

GUIDE = (PROJECT / "docs" / "operating.md").read_text(encoding="utf-8")


def test_the_guide_names_every_setting_and_no_other() -> None:
    known = {*(PREFIX + name.upper() for name in Settings.model_fields), *SECRET_FILES}
    assert set(re.findall(r"GUANAI_\w+", GUIDE)) == known


def test_the_guide_names_every_part_with_its_log(tmp_path: Path) -> None:
    for part in parts(Settings(home=tmp_path), Addresses("127.0.0.1", 0, 0)):
        assert f"| {part.title} |" in GUIDE
        assert f"`{part.log.name}`" in GUIDE


def test_all_parts_have_stopped_before_systemd_loses_patience(tmp_path: Path) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their capitals
    unit.read(PROJECT / "deployments" / "guanai.service", encoding="utf-8")
    longest = sum(p.seconds_to_stop for p in parts(Settings(home=tmp_path), Addresses("127.0.0.1", 0, 0)))
    assert longest < 10
    assert longest < float(unit["Service"]["TimeoutStopSec"])
    assert unit["Service"]["ExecStart"].endswith(".venv/bin/guanai up")


def test_what_the_operator_has_set_for_prefect_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = "postgresql+asyncpg://prefect@127.0.0.1/prefect"
    monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", database)
    monkeypatch.setenv("PREFECT_LOGGING_LEVEL", "DEBUG")
    monkeypatch.setenv("PREFECT_API_URL", "http://elsewhere/api")
    engine, *_ = parts(Settings(home=tmp_path), Addresses("127.0.0.1", 0, 4321))
    assert engine.environment["PREFECT_API_DATABASE_CONNECTION_URL"] == database
    assert engine.environment["PREFECT_LOGGING_LEVEL"] == "DEBUG"
    assert (
        engine.environment["PREFECT_API_URL"] == "http://127.0.0.1:4321/api"
    )  # but not where ours is to be found


@pytest.mark.parametrize(
    ("host", "others"), [("127.0.0.1", False), ("::1", False), ("localhost", False), ("10.0.0.7", True)]
)
def test_pages_that_others_can_reach_are_known(host: str, others: bool) -> None:  # noqa: FBT001 - a table of cases
    assert Addresses(host, 8700, 4200).open_to_others is others


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8700"),
        ("0.0.0.0", "http://127.0.0.1:8700"),  # noqa: S104 - only looked at
        ("::1", "http://[::1]:8700"),
    ],
)
def test_the_address_told_is_one_that_a_browser_here_can_open(host: str, address: str) -> None:
    assert Addresses(host, 8700, 4200).portal == address


def test_a_watch_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANAI_WATCH_URL", "file:///etc/passwd")
    with pytest.raises(Problem, match=r"GUANAI_WATCH_URL.*https://"):
        read_settings()
