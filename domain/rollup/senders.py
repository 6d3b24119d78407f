"""Who sent what, and whether the sender is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.report.summary import Summary
from domain.rollup.frame import Frame


@dataclass(frozen=True)
class Sender:
    """Where a district's summary comes from: its file, the day of its facts, its digest and the key that signed it."""

    summary: Summary
    file: str
    as_of: date
    snapshot: str
    key: str
    known: bool


def in_order(frame: Frame, senders: Sequence[Sender]) -> tuple[Sender, ...]:
    """Packages in the frame's order of districts, others behind them by name."""
    places = {d.region: place for place, d in enumerate(frame.districts)}
    return tuple(sorted(senders, key=lambda s: (places.get(s.summary.region, len(places)), s.summary.region)))
