"""A run that sends messages: what is due goes out, and old runs of its kind do not pile up."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.messages import MessageState
from domain.schedule import Kind, timetables
from services import clock
from tests.flows.conftest import County
from tests.portal import messages
from tests.portal.browser import make_people

pytestmark = pytest.mark.usefixtures("prefect_server")


def test_a_run_sends_what_is_due_and_the_next_one_nothing(county: County, home: Path) -> None:
    from flows.deliver import deliver  # noqa: PLC0415 - loads Prefect

    make_people(county.engine, county.plan)
    messages.leave(county.engine, MessageState.PLANNED, "")
    assert deliver() == {"delivered": 1}
    assert deliver() == {}
    assert len(list((home / "发件箱").iterdir())) == 1


def test_old_runs_that_went_well_are_cleared_away_and_those_that_failed_are_not(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect import runtime  # noqa: PLC0415 - loads Prefect
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - as above
    from prefect.states import Completed, Failed  # noqa: PLC0415 - as above

    from deployments.from_plan import deployments  # noqa: PLC0415 - as above
    from tasks.delivery import clear_old_runs  # noqa: PLC0415 - as above

    place = [timetable.kind for timetable in timetables(county.plan)].index(Kind.DELIVERY)
    number: Any = deployments(county.plan)[place].apply()
    now = clock.now()
    ended: dict[str, Any] = {"well": Completed(), "badly": Failed(), "well too": Completed()}
    with get_client(sync_client=True) as client:
        made = {
            how: client.create_flow_run_from_deployment(number, state=state) for how, state in ended.items()
        }
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=2))
        monkeypatch.setattr(runtime.deployment, "id", str(number), raising=False)
        assert clear_old_runs() == 0
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=4))
        assert clear_old_runs() == 2
        left = [run.id for run in client.read_flow_runs()]
    assert made["badly"].id in left
    assert made["well"].id not in left
