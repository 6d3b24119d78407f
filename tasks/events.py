"""Happenings as Prefect's events (事件), under the plan's own names: each once, though a run may die at any moment.

Prefect drops a copy of an event by its id three times over: at its door for five minutes, before its automations for
half an hour, and in its database as long as the first one is kept. The last two do not outlive a restart together, so
it is asked for what it has before it is told.
"""

from collections.abc import Sequence
from uuid import UUID

from httpx import HTTPError
from prefect import runtime
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.events import Event, RelatedResource, Resource
from prefect.events.filters import EventFilter, EventIDFilter
from prefect.logging import get_logger

from services import clock, outbox
from services.outbox import News
from services.platform import Platform

_PAGE = 50
"""Prefect's own limit on one answer about events."""

_log = get_logger("guanai.events")


def tell(here: Platform) -> None:
    """Tell Prefect everything that was recorded and that it was not told yet.

    A server that takes nothing in does not fail the run: what is recorded is safe, and told by the next one.
    """
    news = outbox.untold(here.engine, here.plan.id, outbox.PREFECT)
    if not news:
        return
    try:
        with get_client(sync_client=True) as client:
            for start in range(0, len(news), _PAGE):
                page = news[start : start + _PAGE]
                _publish(client, page)
                outbox.mark_told(here.engine, page, outbox.PREFECT, clock.now())
    except HTTPError as error:
        _log.warning("事件暂时没有发布成功，将在下一次运行时补发：%s", error)


def _publish(client: SyncPrefectClient, page: Sequence[News]) -> None:
    """Send what the server does not have yet."""
    known = _known(client, [one.id for one in page])
    events = [_event(one).model_dump(mode="json") for one in page if one.id not in known]
    if events:
        client.request("POST", "/events", json=events)


def _known(client: SyncPrefectClient, ids: list[UUID]) -> set[UUID]:
    wanted = EventFilter(id=EventIDFilter(id=ids))
    return {event.id for event in client.read_events(filter=wanted, limit=_PAGE).events}


def _event(news: News) -> Event:
    """The happening with its words, and with the run that tells it."""
    happening = news.happening
    resource = {
        "prefect.resource.id": f"guanai.{happening.subject.replace('/', '.')}",
        "prefect.resource.name": happening.words,
    }
    return Event(
        id=news.id,
        event=happening.name,
        resource=Resource(resource),
        related=_this_run(),
        payload={"day": happening.day.isoformat()},
    )


def _this_run() -> list[RelatedResource]:
    if not runtime.flow_run.id:
        return []
    run = {
        "prefect.resource.id": f"prefect.flow-run.{runtime.flow_run.id}",
        "prefect.resource.role": "flow-run",
        "prefect.resource.name": runtime.flow_run.name,
    }
    return [RelatedResource(run)]
