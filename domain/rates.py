"""Three separate rates over items that have fallen due: completeness, timeliness and quality.

They answer different questions and are never mixed into one: is it there (完整率), was it there in time (及时率),
and was it right the first time (一次合格率).
"""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from pydantic import BaseModel, ConfigDict

from domain.facts import ItemFacts
from domain.status import OWED, Stage, stage

COMPLETE = frozenset(Stage) - OWED
"""Stages in which something stands handed in that is not returned."""

ACCEPTED = frozenset({Stage.UNDER_WAY, Stage.FINISHED})
"""Stages in which the office has accepted what was handed in."""


class Rate(BaseModel):
    """A share of items; its percentage is None where nothing was owed."""

    model_config = ConfigDict(frozen=True)

    count: int
    of: int

    @property
    def percent(self) -> Decimal | None:
        """The share in per cent to one digit, halves rounded up; None where ``of`` is 0."""
        if self.of == 0:
            return None
        share = Decimal(self.count) * 100 / Decimal(self.of)
        return share.quantize(Decimal("0.1"), ROUND_HALF_UP)

    def text(self) -> str:
        """The percentage as printed: ``96.5%``, or a dash where nothing was owed."""
        percent = self.percent
        return "—" if percent is None else f"{percent.normalize():f}%"


class Rates(BaseModel):
    """How a set of items stands; each rate is over the items due by then."""

    model_config = ConfigDict(frozen=True)

    due: int
    completeness: Rate
    timeliness: Rate
    quality: Rate
    pending: int
    returned: int


def rates(facts: Iterable[ItemFacts], as_of: date) -> Rates:
    """The rates over those of ``facts`` whose due day is not after ``as_of``.

    Complete: something stands handed in that is not returned (a returned correction leaves the accepted
    version). Timely: its first version came by the due day.
    Of quality: timely, accepted, and never returned.
    """
    due = [f.as_of(as_of) for f in facts if f.item.due <= as_of]
    complete = [f for f in due if stage(f) in COMPLETE]
    timely = [f for f in due if on_time(f)]
    quality = [f for f in timely if f.accepted is not None and f.times_returned == 0]
    return counted(
        due=len(due),
        complete=len(complete),
        timely=len(timely),
        quality=len(quality),
        pending=sum(f.latest is not None and f.latest.review is None for f in due),
        returned=sum(stage(f) is Stage.RETURNED for f in due),
    )


def counted(*, due: int, complete: int, timely: int, quality: int, pending: int, returned: int) -> Rates:
    """The rates from how many items there are of each kind, among ``due``."""
    return Rates(
        due=due,
        completeness=Rate(count=complete, of=due),
        timeliness=Rate(count=timely, of=due),
        quality=Rate(count=quality, of=due),
        pending=pending,
        returned=returned,
    )


def on_time(facts: ItemFacts) -> bool:
    """Whether the first version was handed in by the due day."""
    return bool(facts.submissions) and facts.submissions[0].day <= facts.item.due
