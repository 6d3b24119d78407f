"""The printed text of one paragraph, with the marks of the figures in it and the text boxes that hang on it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree.ElementTree import Element  # only the type

from domain.report.passages import CELL_END, Marked, Passage
from services.word.elements import NAMESPACES
from services.word.marks import is_figure, origin_of

W = f"{{{NAMESPACES['w']}}}"
NOT_PRINTED = frozenset(
    {
        *(f"{W}{name}" for name in ("del", "moveFrom", "delText", "pPr", "rPr", "sdtPr")),
        f"{{{NAMESPACES['mc']}}}Fallback",
    }
)
"""Elements whose content is not there: struck out, a setting, or told again for older programs."""

_OWN_FIELD = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b", re.IGNORECASE)
_OFF = frozenset({"0", "false", "off"})


@dataclass
class Line:
    """What a paragraph says, or the paragraphs of a row's cells one after the other.

    Attributes:
        text: so far.
        boxes: contents of its text boxes.
        origins: what marks in it tell of the file's origin.
    """

    text: str = ""
    boxes: list[Element] = field(default_factory=list)
    origins: set[tuple[str, int]] = field(default_factory=set)
    _controls: list[Marked] = field(default_factory=list)
    _bookmarks: list[Marked] = field(default_factory=list)
    _open: dict[str, tuple[str, int]] = field(default_factory=dict)
    _fields: list[str] = field(default_factory=list)

    def read(self, node: Element) -> None:
        """Take in a paragraph."""
        self._children(node)
        for name, start in self._open.values():  # its end is in another paragraph
            self._bookmarks.append(Marked(name, start, len(self.text)))
        self._open.clear()
        self._fields.clear()

    def end_cell(self) -> None:
        """Begin the next cell of a row."""
        self.text += CELL_END

    def passage(self, place: str) -> Passage:
        """What was read, without blanks before and after it; a control tells more exactly than a bookmark."""
        controlled = {mark.id for mark in self._controls}
        marks = [*self._controls, *(mark for mark in self._bookmarks if mark.id not in controlled)]
        kept = self.text.strip(" \u00a0\u3000")
        lost = self.text.find(kept)
        found = (Marked(m.id, max(m.start - lost, 0), max(m.end - lost, 0)) for m in marks)
        return Passage(place, kept, tuple(sorted(found, key=lambda mark: (mark.start, mark.end, mark.id))))

    def _children(self, node: Element) -> None:
        for child in node:
            self._child(child)

    def _child(self, child: Element) -> None:
        if child.tag in NOT_PRINTED:
            return
        known = self._known.get(child.tag.removeprefix(W), self._children)
        known(child)

    @cached_property
    def _known(self) -> Mapping[str, Callable[[Element], None]]:
        """What reads an element; every other one is read through to what is in it."""
        return {
            "r": self._run,
            "t": lambda node: self._say(node.text or ""),
            "tab": lambda _: self._say(" "),
            "br": lambda _: self._say(" "),
            "cr": lambda _: self._say(" "),
            "noBreakHyphen": lambda _: self._say("-"),
            "instrText": self._instruction,
            "fldChar": self._field,
            "fldSimple": self._simple_field,
            "sdt": self._control,
            "bookmarkStart": self._begin,
            "bookmarkEnd": self._end,
            "txbxContent": self.boxes.append,
        }

    def _run(self, node: Element) -> None:
        hidden = node.find(f"{W}rPr/{W}vanish")
        if hidden is None or hidden.get(f"{W}val", "1") in _OFF:
            self._children(node)

    def _say(self, words: str) -> None:
        if not any(_OWN_FIELD.match(code) for code in self._fields):
            self.text += words.replace(CELL_END, " ").replace("\n", " ")

    def _instruction(self, node: Element) -> None:
        if self._fields:
            self._fields[-1] += node.text or ""

    def _field(self, node: Element) -> None:
        kind = node.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.append("")
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _simple_field(self, node: Element) -> None:
        if not _OWN_FIELD.match(node.get(f"{W}instr", "")):
            self._children(node)

    def _control(self, node: Element) -> None:
        start = len(self.text)
        self._children(node)
        tag = node.find(f"{W}sdtPr/{W}tag")
        name = "" if tag is None else tag.get(f"{W}val", "")
        if is_figure(name):
            self._controls.append(Marked(name, start, len(self.text)))

    def _begin(self, node: Element) -> None:
        name = node.get(f"{W}name", "")
        if (origin := origin_of(name)) is not None:
            self.origins.add(origin)
        elif is_figure(name):
            self._open[node.get(f"{W}id", "")] = name, len(self.text)

    def _end(self, node: Element) -> None:
        if (opened := self._open.pop(node.get(f"{W}id", ""), None)) is not None:
            self._bookmarks.append(Marked(opened[0], opened[1], len(self.text)))
