"""What was recorded reaches Prefect, once, also where the run is killed between the two."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest

from models.engine import reading
from models.rounds import round_done
from services import clock
from services.outbox import PREFECT, untold
from services.places import PROJECT
from services.rounds import QUARTER
from tests.flows.conftest import County, platform_of
from tests.flows.relay import Relay, relayed
from tests.linhe import LINHE_PLAN

pytestmark = pytest.mark.usefixtures("prefect_server")

DAY = date(2025, 9, 30)
PATIENCE = 1000
"""How often the server is asked for what it records a little later."""
_CLOSE = (
    "from datetime import date; from tasks.rounds import close_period; "
    f"close_period.fn({QUARTER!r}, date.fromisoformat({DAY.isoformat()!r}))"
)
SOON = 60


@pytest.fixture
def county(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[County]:
    """临河县's platform under another name each time: what other tests have told, the server would not take again."""
    plan = home / f"linhe-{uuid4().hex[:8]}"
    plan.mkdir()
    content = LINHE_PLAN.read_text(encoding="utf-8").replace("id: linhe-2025\n", f"id: {plan.name}\n", 1)
    (plan / "plan.yaml").write_text(content, encoding="utf-8")
    with platform_of(home, plan, monkeypatch) as county:
        yield county


@contextmanager
def closing(last_words: str, *, heard: bool) -> Iterator[tuple[subprocess.Popen[bytes], Relay]]:
    """A process that closes the quarter, and hears nothing more from Prefect after ``last_words``; killed at the end."""
    from prefect.settings import get_current_settings  # noqa: PLC0415 - loads Prefect

    address = urlsplit(str(get_current_settings().api.url))
    server = (address.hostname or "", address.port or 0)
    with relayed(server, last_words, heard=heard) as (place, relay):
        environment = {**os.environ, "PREFECT_API_URL": f"http://{place}/api"}
        program = subprocess.Popen([sys.executable, "-c", _CLOSE], cwd=PROJECT, env=environment)
        try:
            yield program, relay
        finally:
            program.kill()
            program.wait()


def to_tell(county: County) -> list[UUID]:
    """Ids of what Prefect has still to be told, which is all that was recorded on the quarter's last day."""
    with reading(county.engine) as session:
        assert round_done(session, county.plan.id, QUARTER, DAY) is not None
    ids = [one.id for one in untold(county.engine, county.plan.id, PREFECT)]
    assert len(ids) == len(county.happenings()) > 0
    return ids


def on_server(ids: list[UUID]) -> list[str]:
    """The resources of these events, once the server has them all."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - loads Prefect
    from prefect.events.filters import EventFilter, EventIDFilter  # noqa: PLC0415 - as above

    found: list[str] = []
    with get_client(sync_client=True) as client:
        for _ in range(PATIENCE):
            page = client.read_events(filter=EventFilter(id=EventIDFilter(id=ids)), limit=50)
            found = sorted(event.resource.id for event in page.events)
            if len(found) >= len(ids):
                break
    return found


def resources(county: County) -> list[str]:
    """What the events of everything that happened are about."""
    return sorted(f"guanai.{h.subject.replace('/', '.')}" for h in county.happenings())


def test_a_run_killed_between_recording_and_telling_has_its_events_told_by_the_next_one(
    county: County,
) -> None:
    from tasks.rounds import close_period  # noqa: PLC0415 - loads Prefect

    with closing("POST /api/events/filter ", heard=False) as (_, relay):
        assert relay.waiting.wait(SOON)
    ids = to_tell(county)
    assert not close_period.fn(QUARTER, DAY).first
    assert untold(county.engine, county.plan.id, PREFECT) == ()
    assert on_server(ids) == resources(county)


def test_a_run_killed_before_it_could_note_that_it_told_has_nothing_told_again(county: County) -> None:
    with closing("POST /api/events ", heard=True) as (_, relay):
        assert relay.waiting.wait(SOON)
    ids = to_tell(county)
    assert on_server(ids) == resources(county)
    with closing("POST /api/events ", heard=False) as (again, relay):
        assert again.wait(SOON) == 0
        assert not relay.waiting.is_set()
    assert untold(county.engine, county.plan.id, PREFECT) == ()
    assert on_server(ids) == resources(county)


def test_prefect_itself_drops_a_copy_of_an_event_that_it_has(county: County) -> None:
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - loads Prefect

    number = uuid4()
    event = {
        "id": str(number),
        "occurred": clock.now().isoformat(),
        "event": "guanai.phase.opened",
        "resource": {"prefect.resource.id": f"guanai.{county.plan.id}"},
    }
    with get_client(sync_client=True) as client:
        for _ in range(3):
            client.request("POST", "/events", json=[event])
    assert on_server([number]) == [f"guanai.{county.plan.id}"]


def test_a_server_that_does_not_answer_leaves_the_events_for_the_next_run(
    county: County, caplog: pytest.LogCaptureFixture
) -> None:
    from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings  # noqa: PLC0415 - loads Prefect

    from tasks.rounds import close_period  # noqa: PLC0415 - as above

    silent = {PREFECT_API_URL: "http://127.0.0.1:1/api", PREFECT_CLIENT_MAX_RETRIES: 0}
    with temporary_settings(silent):
        assert close_period.fn(QUARTER, DAY).first
    assert "将在下一次运行时补发" in caplog.text
    assert len(untold(county.engine, county.plan.id, PREFECT)) == len(county.happenings())
