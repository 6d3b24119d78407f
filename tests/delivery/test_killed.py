"""Two senders at once that are killed again and again lose no message and send none twice where that can be known."""

from pathlib import Path

import pytest

from cli.bench.killed_senders import killed_senders
from services.plans import load_plan
from tests.linhe import LINHE


@pytest.mark.slow(45)
def test_senders_that_are_killed_lose_nothing_and_what_nobody_can_know_is_in_the_ledger(
    tmp_path: Path, store_url: str
) -> None:
    found = killed_senders(tmp_path, LINHE, load_plan(LINHE), messages=60, kills=8, seed=7, url=store_url)
    assert (found.lost, found.twice) == (0, 0)
    assert found.kills >= 8
    assert found.doubts > 0
    assert found.copies <= found.doubts
