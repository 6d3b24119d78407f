"""How often somebody may try: within any minute, and counted together, whoever counts."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.problems import Problem
from services import clock
from services.tries import Limit, Tries
from tests import cast

GUESSES = Limit("guess", 3)
NOON = cast.moment("2025-04-01 12:00:00")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Seconds after noon, to be moved."""
    seconds = {"past": 0}

    def now() -> datetime:
        return NOON + timedelta(seconds=seconds["past"])

    monkeypatch.setattr(clock, "now", now)
    return seconds


def refused(tries: Tries, *whose: str, limit: Limit = GUESSES) -> str:
    """What a try is told; nothing where it may be."""
    try:
        tries.count(limit, *whose)
    except Problem as problem:
        return str(problem)
    return ""


def test_processes_count_together_and_go_on_counting_after_a_restart(
    tmp_path: Path, at: dict[str, int]
) -> None:
    one, other = Tries(tmp_path / "home" / "tries.db"), Tries(tmp_path / "home" / "tries.db")
    assert [refused(tries, "10.0.0.1") for tries in (one, other, one)] == ["", "", ""]
    one.close()
    at["past"] = 20
    for tries in (one, other, Tries(tmp_path / "home" / "tries.db")):
        assert "40 秒" in refused(tries, "10.0.0.1")
        tries.close()


def test_each_try_counts_for_a_minute_and_a_refused_one_not_at_all(
    tmp_path: Path, at: dict[str, int]
) -> None:
    tries, told = Tries(tmp_path / "tries.db"), []
    for second in (0, 30, 50, 59, 60, 61, 90):
        at["past"] = second
        told.append(not refused(tries, "10.0.0.1"))
    tries.close()
    assert told == [True, True, True, False, True, False, True]


def test_others_and_other_kinds_of_tries_are_counted_apart(tmp_path: Path) -> None:
    tries = Tries(tmp_path / "tries.db")
    for _ in range(GUESSES.most):
        tries.count(GUESSES, "a", "b")
    assert refused(tries, "a", "b")
    assert not refused(tries, "a", "c")
    assert not refused(tries, "a\nb", "c")
    assert not refused(tries, "a", "b", limit=Limit("upload", 3))
    tries.close()
