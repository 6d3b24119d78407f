"""What a unit hands in for one item, before anybody has checked it; the same from every door (page, Excel, API)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from domain.problems import Problem

PROGRESS = "progress"
"""The slot of an ordinary item's narrative (进展情况)."""
HIGHLIGHTS, SHORTCOMINGS, NEXT_STEPS = "highlights", "shortcomings", "next-steps"
"""Slots of the yearly report besides one for each measure (:func:`measure_slot`): 亮点, 存在问题, 下一步打算."""


def measure_slot(number: int) -> str:
    """The slot in which the yearly report tells of a measure (主要做法与成效)."""
    return f"measure-{number}"


class State(StrEnum):
    """How far a unit says it has come with an item (完成情况)."""

    DONE = "done"
    UNDER_WAY = "under-way"
    NOT_STARTED = "not-started"
    NO_OCCASION = "no-occasion"


STATE_NAMES = {
    State.DONE: "已完成",
    State.UNDER_WAY: "推进中",
    State.NOT_STARTED: "未开展",
    State.NO_OCCASION: "本期无此情形",
}


class FigureEntry(BaseModel):
    """A figure as handed in. A missing one (None) is not zero, and says why in ``remark``.

    ``remark`` (说明) also explains a figure far off last period's.
    """

    model_config = ConfigDict(frozen=True)

    indicator: str
    value: Decimal | None
    remark: str = ""


class Passage(BaseModel):
    """A piece of narrative in one slot."""

    model_config = ConfigDict(frozen=True)

    slot: str
    text: str


class ItemEntry(BaseModel):
    """Everything a unit hands in for one work item.

    ``attachments`` are the SHA-256 digests of files that the unit has put to the item; None from a door that has none,
    such as Excel: those of the version before stay.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    state: State
    passages: tuple[Passage, ...] = ()
    figures: tuple[FigureEntry, ...] = ()
    attachments: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an entry, and where.

    ``field`` is ``state``, ``passage:<slot>``, ``figure:<indicator>``, ``remark:<indicator>`` or ``attachments``; None where
    it is about the whole item. Doors turn it into a cell or a form field.
    """

    key: str
    field: str | None
    problem: Problem


class Refused(Exception):  # noqa: N818 - a verdict on what was handed in, not an error of the program
    """What was handed in is refused whole; nothing of it was stored."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("；".join(str(fault.problem) for fault in faults))
