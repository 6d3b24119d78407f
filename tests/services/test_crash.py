"""A program that is killed in the middle leaves nothing half behind."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, func, select

from models.engine import reading, writing
from models.tables import FigureRow, PassageRow, SubmissionRow
from services import audit
from services.audit_content import check_contents
from services.facts import year_facts
from services.intake import submit
from services.places import PROJECT
from tests import cast


@contextmanager
def _submitter(url: str, mode: str) -> Iterator[subprocess.Popen[str]]:
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.crash_submitter", url, mode],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield program
    finally:
        program.kill()
        program.communicate()


def _wait_for(program: subprocess.Popen[str], line: str) -> None:
    assert program.stdout is not None
    for told in program.stdout:
        if told.strip() == line:
            return
    pytest.fail(f"the program ended before it told {line!r}")


def test_a_transaction_that_dies_leaves_nothing(opened: Engine, store_url: str) -> None:
    with _submitter(store_url, "hold") as program:
        _wait_for(program, "begun 1")
    with writing(opened) as session:  # nobody is left holding a lock either
        at = cast.moment("2025-07-01 09:00")
        assert session.scalar(select(func.count()).select_from(SubmissionRow)) == 0
        (receipt,) = submit(
            session, cast.small_plan(), [cast.visits()], unit=cast.TOWN, by=cast.LI_MING, at=at, door="page"
        )
    assert receipt.version == 1


@pytest.mark.parametrize("last_words", ["done 3", "begun 8"])
def test_what_was_finished_before_the_end_is_whole(opened: Engine, store_url: str, last_words: str) -> None:
    with _submitter(store_url, "run") as program:
        _wait_for(program, last_words)
    with reading(opened) as session:
        items = {f.item.key: f for f in year_facts(session, cast.small_plan(), 2025)}
        first, second = items[cast.VISIT_Q1].submissions, items[cast.VISIT_Q2].submissions
        assert [s.version for s in first] == [s.version for s in second] == list(range(1, len(first) + 1))
        assert len(first) >= 3
        assert session.scalar(select(func.count()).select_from(PassageRow)) == 2 * len(first)
        assert session.scalar(select(func.count()).select_from(FigureRow)) == 4 * len(first)
        assert audit.verify(session).intact
        assert check_contents(session) == ()
