"""The invisible marks by which a figure is known again after people edited the file, and the file itself.

A figure in running text stands in a content control without a frame, which keeps what is typed into it, and within a
bookmark besides, because not every program keeps the control's name. A figure in a table, of which there are hundreds,
or in a chart has a bookmark only. Names that begin with a low line are hidden in Word's list of bookmarks.
"""

import re
from collections import Counter

from services.word.elements import Element, Numbers, el

FIGURE, CELL, LABEL, ORIGIN = "_F_", "_T_", "_C_", "_G_"
_DIGEST = 30
"""Characters of a snapshot's digest in a bookmark's name, which has room for 40."""
_ORIGIN = re.compile(rf"{ORIGIN}(\d{{1,4}})_([0-9a-f]{{{_DIGEST}}})")


class Marks:
    """Gives out the marks of one document, each once."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._told: Counter[str] = Counter()
        self._tables = self._labels = 0

    def figure(self, figure: str, words: Element) -> list[Element]:
        """A run that tells a figure, marked by the figure's id and how often it has been told before."""
        key = re.sub(r"\W", "_", figure, flags=re.ASCII)[:28]
        self._told[key] += 1
        name = f"{FIGURE}{key}_{self._told[key]}"
        control = el(
            "w:sdt",
            el(
                "w:sdtPr",
                el("w:tag", val=name),
                el("w:id", val=self._numbers.next()),
                el("w15:appearance", val="hidden"),
            ),
            el("w:sdtContent", words),
        )
        return self._bookmarked(name, control)

    def next_table(self) -> int:
        """Number of the next table, by which its cells are known."""
        self._tables += 1
        return self._tables

    def cell(self, table: int, row: int, column: int, words: Element) -> list[Element]:
        """A run that tells the figure of a table's cell; rows and columns are counted from 1, without the head."""
        return self._bookmarked(f"{CELL}{table}_{row}_{column}", words)

    def label(self, words: Element) -> list[Element]:
        """A run that tells the figure beside a chart's bar."""
        self._labels += 1
        return self._bookmarked(f"{LABEL}{self._labels}", words)

    def origin(self, snapshot: str, paper: int, words: Element) -> list[Element]:
        """A run by which the file tells of which snapshot it is, and which of its papers."""
        return self._bookmarked(f"{ORIGIN}{paper}_{snapshot[:_DIGEST]}", words)

    def _bookmarked(self, name: str, content: Element) -> list[Element]:
        number = self._numbers.next()
        return [el("w:bookmarkStart", id=number, name=name), content, el("w:bookmarkEnd", id=number)]


def is_figure(name: str) -> bool:
    """Whether a mark is one of a figure."""
    return name.startswith((FIGURE, CELL, LABEL))


def origin_of(name: str) -> tuple[str, int] | None:
    """The beginning of the snapshot's digest and the paper's number that a mark tells; None for another mark."""
    found = _ORIGIN.fullmatch(name)
    return (found[2], int(found[1])) if found else None


def figure_of(name: str) -> str:
    """How a figure in running text is called in the annex of sources; empty for a cell."""
    return name.removeprefix(FIGURE).rpartition("_")[0].replace("_", "-") if name.startswith(FIGURE) else ""
