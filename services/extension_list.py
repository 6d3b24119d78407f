"""Requests for more time (延期) as a list: what was asked and what the office decided, newest first."""

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from domain.plan import Plan
from models import extensions as store
from models.extensions import Wanted
from services.extensions import GRANTED, REFUSED, Extension, extension_of

PAGE = 50
"""How many requests a page shows."""


class Outcome(StrEnum):
    """What became of a request."""

    WAITING = "waiting"
    GRANTED = GRANTED
    REFUSED = REFUSED


OUTCOME_NAMES = {Outcome.WAITING: "等待办理", Outcome.GRANTED: "同意", Outcome.REFUSED: "不同意"}


@dataclass(frozen=True)
class Filters:
    """Which requests a list shows; what is empty or None shows all.

    Attributes:
        outcomes: what became of them.
        units: ids of units.
        measures: numbers; None among them stands for what serves all measures (保障措施).
        year: in which the item falls due by the plan.
    """

    outcomes: tuple[Outcome, ...] = ()
    units: tuple[str, ...] = ()
    measures: tuple[int | None, ...] = ()
    year: int | None = None


@dataclass(frozen=True)
class ExtensionPage:
    """A page of requests, counted from 1; ``total`` is how many all pages have together."""

    number: int
    size: int
    total: int
    requests: tuple[Extension, ...]

    @property
    def pages(self) -> int:
        """How many pages there are; one where the list is empty."""
        return max(1, -(-self.total // self.size))


def extension_list(
    session: Session, plan: Plan, filters: Filters, *, number: int = 1, size: int = PAGE
) -> ExtensionPage:
    """A page of requests, newest first; two queries.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        filters: which requests.
        number: of the page, from 1; one that the list does not have is empty.
        size: how many requests a page shows.
    """
    verdicts = tuple(None if one is Outcome.WAITING else one.value for one in filters.outcomes)
    wanted = Wanted(verdicts, filters.units, filters.measures, filters.year)
    rows = store.page(session, plan.id, wanted, skip=(number - 1) * size, most=size)
    total = store.count(session, plan.id, wanted)
    return ExtensionPage(number, size, total, tuple(extension_of(*row) for row in rows))


def outcome_of(request: Extension) -> Outcome:
    """What became of a request."""
    if request.decision is None:
        return Outcome.WAITING
    return Outcome.REFUSED if request.decision.until is None else Outcome.GRANTED
