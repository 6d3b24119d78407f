"""A machine whose time zone is wrong sees the same days, and starts everything at the same hours in 北京时间."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.places import PROJECT
from tests.linhe import LINHE
from tests.stores import Templates

pytestmark = pytest.mark.usefixtures("prefect_server")


@pytest.fixture
def told(tmp_path: Path, templates: Templates, request: pytest.FixtureRequest) -> dict[str, Any]:
    """What a program in the zone sees."""
    (tmp_path / "guanai.db").write_bytes(templates.sqlite().read_bytes())
    from prefect.settings import get_current_settings  # noqa: PLC0415 - loads Prefect

    environment = {
        **os.environ,
        "TZ": request.param,
        "GUANAI_HOME": str(tmp_path),
        "GUANAI_PLAN": str(LINHE),
        "PREFECT_API_URL": str(get_current_settings().api.url),
    }
    teller = subprocess.run(
        [sys.executable, "-m", "tests.flows.zone_teller"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert teller.returncode == 0, teller.stderr
    found: dict[str, Any] = json.loads(teller.stdout)
    return found


@pytest.mark.parametrize("told", ["America/New_York", "Pacific/Kiritimati"], indirect=True)
def test_days_and_hours_are_those_of_beijing(told: dict[str, Any]) -> None:
    assert told["offset"] == "8:00:00"
    assert told["run"] == "每日巡查 2025-10-01"
    assert told["happenings"]["linhe-2025/base/ledger-built"] == "2025-10-01"
    assert told["owed"] == {"每日巡查": "2025-10-01T06:00:00+08:00"}
    assert told["starts"]["每日巡查"] == ["2025-10-02T06:00:00+08:00", "2025-10-03T06:00:00+08:00"]
    assert told["starts"]["年度结转"][0] == "2026-01-01T06:40:00+08:00"
    assert {start[-6:] for starts in told["starts"].values() for start in starts} == {"+08:00"}
    hours = {
        start[11:13] for name, starts in told["starts"].items() if name[:2].isdigit() for start in starts
    }
    assert hours == {"07"}  # every measure begins between seven and eight
