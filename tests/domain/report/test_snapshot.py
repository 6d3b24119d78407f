"""Equal facts give equal bytes, and no raw count is among them."""

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from random import Random

import pytest
from pydantic import ValidationError

from domain.plan import Plan
from domain.report.annual import annual_report
from domain.report.material import Material
from domain.report.snapshot import freeze, from_bytes, sha256, to_bytes
from domain.report.unit import unit_report
from tests.domain.happenings import day, version
from tests.domain.report import ledger, tiedong
from tests.domain.report.tiedong import handed, material, words

PROJECT = Path(__file__).parents[3]
PRINT_DIGEST = (
    "from random import Random\n"
    "from domain.report.snapshot import freeze, sha256, to_bytes\n"
    "from tests.domain.report import ledger\n"
    "found = ledger.material(ledger.world(Random(5)), 2026, '2026-11-15')\n"
    "print(sha256(to_bytes(freeze(found, 'plan'))))\n"
)


@cache
def good() -> bytes:
    return to_bytes(freeze(material(), "plan"))


def test_a_snapshot_reads_back_as_it_was_written() -> None:
    snapshot = from_bytes(good())
    assert to_bytes(snapshot) == good()
    assert (snapshot.year, snapshot.as_of, snapshot.sample) == (2025, day("2025-12-08"), True)
    assert [unit.unit for unit in snapshot.units] == list(tiedong.plan().units_by_id)


def test_half_a_snapshot_is_refused() -> None:
    with pytest.raises(ValidationError):
        from_bytes(good()[:-100])
    with pytest.raises(ValidationError):
        from_bytes(b"{}")


def test_a_snapshot_of_the_time_when_a_phase_s_assessment_was_one_of_the_others_can_be_read() -> None:
    now = json.loads(good())
    now["others"].append({**now["others"][0], "kind": "phase", "name": "阶段评估-推进实施"})
    assert [other.kind for other in from_bytes(json.dumps(now).encode()).others] == [
        "brief",
        "public",
        "phase",
    ]


def test_the_order_in_which_facts_come_makes_no_difference() -> None:
    shuffled = list(tiedong.history(2024, 2025))
    Random(1).shuffle(shuffled)  # noqa: S311 - an order, no secret
    told = Material(
        tiedong.plan(), tiedong.calendar(), 2025, day("2025-12-08"), tuple(shuffled), material().issue
    )
    assert to_bytes(freeze(told, "plan")) == good()


def test_another_process_with_another_hash_seed_writes_the_same_bytes() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", PRINT_DIGEST],
            cwd=PROJECT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    here = ledger.material(ledger.world(Random(5)), 2026, "2026-11-15")  # noqa: S311 - figures at random
    assert digests == {sha256(to_bytes(freeze(here, "plan"))) + "\n"}


def test_text_with_markup_stays_text() -> None:
    hostile = "<script>alert(1)</script>{{ 7*7 }}<img src=http://x/>&amp;“普法”。"
    told = material(
        "2025-12-08",
        handed("court", version("2025-11-20", words={"measure-1": hostile}, accepted="2025-11-21")),
    )
    assert hostile in words(unit_report(told, "court"))
    assert f"区法院{hostile}" in words(annual_report(told))
    assert from_bytes(to_bytes(freeze(told, "plan"))).consolidated == annual_report(told)


def unmistakable() -> tuple[Plan, ledger.World]:
    """A district whose every count is small, with figures that nothing else in a document looks like."""
    content = ledger.plan().model_dump(mode="json")
    content["rules"]["suppression"]["threshold"] = 100_000
    plan = Plan.model_validate(content)
    number = iter(range(30_011, 99_999, 17))
    figures: ledger.World = {
        (year, place): [{name: next(number) for name in ledger.COLLECTED} for _ in range(4)]
        for year in (2025, 2026)
        for place in ledger.PLACES
    }
    return plan, figures


def test_no_raw_small_count_is_anywhere_in_a_snapshot() -> None:
    plan, figures = unmistakable()
    told = Material(plan, tiedong.calendar(), 2026, day("2026-12-31"), ledger.happened(figures, (2025, 2026)))
    numbers = set(re.findall(r"\d+", to_bytes(freeze(told, "plan")).decode()))
    latest = {
        str(quarters[-1][name])
        for quarters in figures.values()
        for name in ledger.COLLECTED
        if plan.indicators_by_id[name].over_time == "latest"
    }
    assert all(key in told.book.figures for key in (("children", "town"), ("orphans", "lake")))
    assert not latest & numbers
    assert not {str(v) for qs in figures.values() for q in qs for v in q.values()} & numbers


def test_the_same_figures_would_be_found_if_they_were_not_small() -> None:
    """So the test above can fail."""
    plan, figures = unmistakable()
    content = plan.model_dump(mode="json")
    content["rules"]["suppression"]["threshold"] = 10
    lenient = Plan.model_validate(content)
    told = Material(
        lenient, tiedong.calendar(), 2026, day("2026-12-31"), ledger.happened(figures, (2025, 2026))
    )
    numbers = set(re.findall(r"\d+", to_bytes(freeze(told, "plan")).decode()))
    assert str(figures[2026, "town"][-1]["children"]) in numbers
