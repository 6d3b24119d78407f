"""What happened, as rules are given it: items with the versions handed in and the verdicts on them."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from domain.duties import WorkItem
from domain.entries import FigureEntry, Passage, State


class Verdict(StrEnum):
    """What the office made of a submission."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class Review(BaseModel):
    """The office's verdict on one version, by somebody who did not submit it; ``day`` is in 北京时间."""

    model_config = ConfigDict(frozen=True)

    verdict: Verdict
    reason: str
    reviewer: str
    at: datetime
    day: date


class Submission(BaseModel):
    """One version of what a unit handed in for an item; versions are only ever added.

    ``content_sha256`` is over the canonical JSON of the entry; ``day`` is the day of submission in 北京时间.
    """

    model_config = ConfigDict(frozen=True)

    id: int
    version: int
    state: State
    passages: tuple[Passage, ...]
    figures: tuple[FigureEntry, ...]
    by: str
    at: datetime
    day: date
    door: str
    content_sha256: str
    review: Review | None = None

    @property
    def accepted(self) -> bool:
        """Whether the office accepted this version."""
        return self.review is not None and self.review.verdict is Verdict.ACCEPTED

    @property
    def returned(self) -> bool:
        """Whether the office returned this version."""
        return self.review is not None and self.review.verdict is Verdict.RETURNED

    def passage(self, slot: str) -> str:
        """The text in ``slot``; empty where there is none."""
        return next((p.text for p in self.passages if p.slot == slot), "")


class ItemFacts(BaseModel):
    """A work item with every version handed in for it, oldest first."""

    model_config = ConfigDict(frozen=True)

    item: WorkItem
    submissions: tuple[Submission, ...] = ()

    def as_of(self, day: date) -> "ItemFacts":
        """The same item as it stood at the end of ``day``: later versions, verdicts and extensions not yet there."""
        known = tuple(
            s if s.review is None or s.review.day <= day else s.model_copy(update={"review": None})
            for s in self.submissions
            if s.day <= day
        )
        late = self.item.extended is not None and self.item.extended.on > day
        item = self.item.model_copy(update={"extended": None}) if late else self.item
        return self.model_copy(update={"item": item, "submissions": known})

    @property
    def latest(self) -> Submission | None:
        """The newest version; None where nothing was handed in."""
        return self.submissions[-1] if self.submissions else None

    @property
    def accepted(self) -> Submission | None:
        """The accepted version; None until the office has accepted one."""
        return next((s for s in reversed(self.submissions) if s.accepted), None)

    @property
    def counting(self) -> Submission | None:
        """The version by which the item stands: the accepted one, also while it is being corrected; else the newest."""
        return self.accepted or self.latest

    @property
    def times_returned(self) -> int:
        """How often the office sent the item back."""
        return sum(s.returned for s in self.submissions)
