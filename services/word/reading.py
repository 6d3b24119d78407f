"""Reading a Word file again after people edited it: what is printed, passage by passage, with the marks of its figures.

What is struck out in tracked changes or hidden is not there; what they insert is. Page numbers are Word's and not read.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element  # only the type

from defusedxml.ElementTree import fromstring

from domain.report.passages import CELL_END, Passage
from services.attaching.office import WORD
from services.office_package import UnsafeError, inspect_package, part_names
from services.word.lines import NOT_PRINTED, Line, W
from services.word.package import PAPER, PROPERTIES, SNAPSHOT, Origin

MOST_BYTES = 20 * 1024 * 1024
"""Of one file."""
MOST_PASSAGES = 40_000
"""Paragraphs, those of cells too."""
MOST_CHARACTERS = 20_000
"""Of one passage."""

_EDITED = replace(
    WORD,
    save_again="请用 Word 或 WPS 另存为“Word 文档（*.docx）”后再试。",
    text_only=True,
    refused=tuple(each for each in WORD.refused if each[0] in {"word/vba", "word/activex/"}),
)
"""A report that was worked on may hold pictures and more; what is refused of attachments for children's sake is not here."""
_OUTSIDE = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}


class NotOneOfOursError(ValueError):
    """The file tells nothing of a snapshot; or, with ``contradiction``, one thing here and another there."""

    def __init__(self, *, contradiction: bool) -> None:
        self.contradiction = contradiction
        super().__init__()


class TooLongError(ValueError):
    """The file says more than any report does."""


@dataclass(frozen=True)
class Edited:
    """A file as it is now; the snapshot of its origin may be only the beginning of a digest."""

    origin: Origin
    passages: tuple[Passage, ...]


def read_edited(data: bytes) -> Edited:
    """Read a file that was made here, whatever has been done to it since.

    Raises:
        UnreadableError: for what is no Word file.
        UnsafeError: for one that is not harmless.
        NotOneOfOursError: for one that does not tell where it comes from.
        TooLongError: for one that is longer than can be compared.
    """
    if len(data) > MOST_BYTES:
        raise UnsafeError("过大的内容")
    inspect_package(data, _EDITED)
    try:
        return _read(_parts(data))
    except RecursionError as error:  # elements within elements without end
        raise TooLongError from error


def _read(parts: dict[str, Element]) -> Edited:
    reader = _Reader(_outlined(parts.get("word/styles.xml")))
    passages = [*reader.body(parts[WORD.main])]
    for name, root in sorted(parts.items()):
        place = next((told for start, told in _OUTSIDE.items() if name.startswith(f"word/{start}")), "")
        if place:
            passages += reader.outside(root, place)
    return Edited(_origin(parts, reader.origins), tuple(_once_outside(_without_husks(passages))))


def _parts(data: bytes) -> dict[str, Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        wanted = ("word/", "docprops/custom.xml")
        return {
            name: fromstring(archive.read(member), forbid_dtd=True)
            for name, member in zip(part_names(members), members, strict=True)
            if name.startswith(wanted) and name.endswith(".xml")
        }


def _origin(parts: dict[str, Element], marked: set[tuple[str, int]]) -> Origin:
    """What the file says of itself: its properties, which an office's cleaning may take away, and a mark at its title."""
    told = set(marked)
    if (properties := parts.get("docprops/custom.xml")) is not None:
        values = {
            one.get("name"): "".join(one.itertext()).strip()
            for one in properties.iter(f"{{{PROPERTIES}}}property")
        }
        digest, number = values.get(SNAPSHOT) or "", values.get(PAPER) or ""
        if re.fullmatch(r"[0-9a-f]{64}", digest) and re.fullmatch(r"[0-9]{1,4}", number):
            told.add((digest, int(number)))
    if not told:
        raise NotOneOfOursError(contradiction=False)
    snapshot, paper = max(told, key=lambda one: len(one[0]))
    if any(not snapshot.startswith(beginning) or paper != number for beginning, number in told):
        raise NotOneOfOursError(contradiction=True)
    return Origin(snapshot, paper)


def _outlined(styles: Element | None) -> frozenset[str]:
    """Ids of the styles that are headings."""
    return frozenset(
        style.get(f"{W}styleId", "")
        for style in (styles.iter(f"{W}style") if styles is not None else ())
        if style.find(f"{W}pPr/{W}outlineLvl") is not None
    )


def _without_husks(passages: list[Passage]) -> list[Passage]:
    """Without the bookmarks that stay behind empty when a control is moved away."""
    full = {mark.id for passage in passages for mark in passage.figures if mark.start < mark.end}
    return [
        replace(p, figures=tuple(m for m in p.figures if m.start < m.end or m.id not in full))
        for p in passages
    ]


def _once_outside(passages: list[Passage]) -> Iterator[Passage]:
    """Headers and footers of many sections that say the same are told once; programs part them as they like."""
    told: set[tuple[str, str]] = set()
    for passage in passages:
        if passage.place in _OUTSIDE.values():
            if (passage.place, passage.text) in told:
                continue
            told.add((passage.place, passage.text))
        yield passage


class _Reader:
    """Goes through a document's body, telling of each passage where it stands."""

    def __init__(self, outlined: frozenset[str]) -> None:
        self._outlined = outlined
        self._heading = "正文开头"
        self._paragraphs = self._read = 0
        self.origins: set[tuple[str, int]] = set()

    def body(self, root: Element) -> Iterator[Passage]:
        """The passages of the main part."""
        yield from self._walk(root)

    def outside(self, root: Element, place: str) -> Iterator[Passage]:
        """The passages of a header, a footer or notes."""
        yield from (replace(passage, place=place) for passage in self._walk(root))

    def _walk(self, node: Element) -> Iterator[Passage]:
        for child in node:
            if child.tag in NOT_PRINTED:
                continue
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            else:
                yield from self._walk(child)

    def _paragraph(self, node: Element) -> Iterator[Passage]:
        line = Line()
        self._take(line, node)
        if line.text.strip():
            style = node.find(f"{W}pPr/{W}pStyle")
            if style is not None and style.get(f"{W}val") in self._outlined:
                self._heading, self._paragraphs = line.text.strip(), 0
                yield line.passage(f"标题“{self._heading}”")
            else:
                self._paragraphs += 1
                yield line.passage(f"“{self._heading}”下第{self._paragraphs}段")
        for box in line.boxes:
            yield from self._walk(box)

    def _table(self, node: Element) -> Iterator[Passage]:
        """The rows of a table; what stands in a table within it is told after its row."""
        heads: tuple[str, ...] = ()
        for number, row in enumerate(_within(node, f"{W}tr")):
            line, inner = Line(), list[Element]()
            for place, cell in enumerate(_within(row, f"{W}tc")):
                if place:
                    line.end_cell()
                for paragraph in _within(cell, f"{W}p"):
                    self._take(line, paragraph)
                inner += _within(cell, f"{W}tbl")
            if line.text.strip():
                head = line.text.strip().split(CELL_END)[0][:20]
                where = "表头" if number == 0 else f"表格第{number}行“{head}”"
                passage = line.passage(f"“{self._heading}”下{where}")
                heads = heads or tuple(passage.text.split(CELL_END))
                yield replace(passage, heads=heads if number else ())
            for each in (*line.boxes, *inner):
                yield from self._table(each) if each.tag == f"{W}tbl" else self._walk(each)

    def _take(self, line: Line, node: Element) -> None:
        self._read += 1
        line.read(node)
        self.origins |= line.origins
        if self._read > MOST_PASSAGES or len(line.text) > MOST_CHARACTERS:
            raise TooLongError


def _within(node: Element, wanted: str) -> Iterator[Element]:
    """Elements of a kind below a node, not those within such a one; wrapped ones too, as in content controls."""
    for child in node:
        if child.tag == wanted:
            yield child
        elif child.tag not in NOT_PRINTED and child.tag not in {f"{W}tbl", f"{W}tr", f"{W}tc"}:
            yield from _within(child, wanted)
