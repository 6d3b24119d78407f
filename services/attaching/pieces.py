"""What the readers of files hand to the guard: texts with their place, and headings of tables."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.privacy import find_in_value
from domain.privacy.rosters import ROSTER_REASON, is_roster

MOST_CHARACTERS = 500_000
"""Characters of one file that the guard reads, which takes it about three seconds."""


class UnfitError(ValueError):
    """The file is not taken; ``reason`` says why and what to do, in Chinese, without what was found."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Piece:
    """Something written at a place, as a reader would call it: 第3页, 工作表“台账”单元格 B4."""

    place: str
    value: object


@dataclass(frozen=True)
class Headings:
    """The words that stand alone in one table, page or sheet."""

    place: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A place in a file that could identify a child, and why; never what stands there."""

    place: str
    reason: str


def judge(parts: Iterable[Piece | Headings]) -> Iterator[Found]:
    """What of a file may not come in.

    Raises:
        UnfitError: for a file with more text than the guard reads.
    """
    read = 0
    for part in parts:
        if isinstance(part, Headings):
            if is_roster(part.words):
                yield Found(part.place, ROSTER_REASON)
            continue
        read += len(str(part.value))
        if read > MOST_CHARACTERS:
            raise UnfitError(f"文字过多（超过 {MOST_CHARACTERS // 10_000} 万字），请只附与本事项有关的部分")
        for reason in dict.fromkeys(finding.reason for finding in find_in_value(part.value)):
            yield Found(part.place, reason)
