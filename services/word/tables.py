"""Tables of a report as tables of Word: heads that repeat on every page, rows that do not break."""

from collections.abc import Iterator, Sequence

from domain.report.blocks import Cell, Column, Row, Table
from domain.status import Light
from services.word.elements import Element, el, paragraph, run
from services.word.marks import Marks
from services.word.measures import MM, twips, widths
from services.word.styles import HEITI, aligned, fonts, indent, leading

THICK, THIN = 8, 4
"""Rules in eighths of a point."""
_AROUND = round(3 * MM)
"""What is kept free over and under a table."""
_SECTION = "ECECEC"
_FILLS = {Light.GREEN: "DCEBDF", Light.BLUE: "DCE8F5", Light.YELLOW: "FBEAB5", Light.RED: "F6D5D1"}
_INKS = {Light.GREY: "777777", Light.RED: "8F1A12"}
_TOGETHER = 3
"""Rows at a table's end that go over to a new page together."""
_ONE_CHARACTER = 1.12
"""Width and height of a character in a head of which each line is one, in sizes of type."""


def table(block: Table, marks: Marks, whole: int) -> Iterator[Element]:
    """A table ``whole`` twips wide, with its caption and notes."""
    if block.caption:
        yield paragraph("Caption", run(block.caption))
    else:
        yield paragraph("Gap", properties=[el("w:keepNext"), leading(_AROUND)])
    yield _Table(block, marks, whole).element()
    small = "Small" if block.small else ""
    for number, note in enumerate(block.notes, start=1):
        together = [el("w:keepNext")] if number < len(block.notes) else []
        yield paragraph(f"{small}TableNote", run(note), properties=together)
    yield paragraph("Gap", properties=[leading(_AROUND)])


def border(name: str, eighths: int) -> Element:
    """One rule of a table or cell; none for 0."""
    return el(f"w:{name}", val="single" if eighths else "nil", sz=eighths, space=0, color="auto")


class _Table:
    def __init__(self, block: Table, marks: Marks, whole: int) -> None:
        self._block, self._marks, self._whole = block, marks, whole
        self._across = widths(tuple(column.share for column in block.columns), whole)
        self._number = marks.next_table()
        self._style = "SmallTableText" if block.small else "TableText"

    def element(self) -> Element:
        """The table."""
        return el(
            "w:tbl",
            self._properties(),
            el("w:tblGrid", *(el("w:gridCol", w=wide) for wide in self._across)),
            el("w:tr", el("w:trPr", el("w:cantSplit"), el("w:tblHeader")), *self._heads()),
            *(
                el("w:tr", el("w:trPr", el("w:cantSplit")), *self._cells(place, row))
                for place, row in enumerate(self._block.rows, start=1)
            ),
        )

    def _properties(self) -> Element:
        across, down = (0.6, 0.4) if self._block.small else (1.2, 0.6)
        inner = {"top": down, "left": across, "bottom": down, "right": across}
        caption = self._block.caption
        return el(
            "w:tblPr",
            el("w:tblW", w=self._whole, type="dxa"),
            el("w:jc", val="center"),
            el(
                "w:tblBorders",
                *(border(side, THICK) for side in ("top", "left", "bottom", "right")),
                border("insideH", THIN),
                border("insideV", THIN),
            ),
            el("w:tblLayout", type="fixed"),
            el("w:tblCellMar", *(el(f"w:{s}", w=round(mm * MM), type="dxa") for s, mm in inner.items())),
            el("w:tblLook", firstRow=1),
            *([el("w:tblCaption", val=caption)] if caption else []),
        )

    def _heads(self) -> Iterator[Element]:
        for column, wide in zip(self._block.columns, self._across, strict=True):
            rules: list[Element] = [el("w:tcBorders", border("bottom", THICK))]
            properties: list[Element] = [aligned("center")]
            if column.upright:
                character = twips((9 if self._block.small else 12) * _ONE_CHARACTER)
                side = max(0, wide - character) // 2
                properties = [leading(character), indent(left=side, right=side), aligned("center")]
                rules.append(el("w:tcMar", *(el(f"w:{side}", w=0, type="dxa") for side in ("left", "right"))))
            told = paragraph(self._style, run(column.title, fonts(HEITI)), properties=properties)
            yield _cell(told, wide, rules)

    def _cells(self, place: int, row: Row) -> Iterator[Element]:
        if row.kind == "section":
            told = paragraph(self._style, run(row.cells[0].text, fonts(HEITI)), properties=[el("w:keepNext")])
            yield _cell(told, self._whole, [el("w:gridSpan", val=len(self._across)), _filled(_SECTION)])
            return
        given = zip(row.cells, self._block.columns, self._across, strict=True)
        for number, (cell, column, wide) in enumerate(given, start=1):
            words = [run(cell.text, *_face(row, cell))] if cell.text else []
            if words and column.align == "right" and any(map(str.isdigit, cell.text)):
                words = self._marks.cell(self._number, place, number, words[0])
            told = paragraph(self._style, *words, properties=_alignment(column, kept=self._kept(place)))
            yield _cell(told, wide, list(_look(row, cell)))

    def _kept(self, place: int) -> bool:
        """Whether a row stays with the next: the last three stay together, and the last one with the notes under it."""
        last = len(self._block.rows)
        return last - _TOGETHER < place < last or (place == last and bool(self._block.notes))


def _alignment(column: Column, *, kept: bool) -> Iterator[Element]:
    """How a cell's words stand, and whether its row stays with what follows."""
    if kept:
        yield el("w:keepNext")
    if column.align != "left":
        yield aligned(column.align)


def _face(row: Row, cell: Cell) -> Iterator[Element]:
    if row.kind == "total" or (cell.light is not None and cell.light is not Light.GREY):
        yield fonts(HEITI)
    if cell.light in _INKS:
        yield el("w:color", val=_INKS[cell.light])


def _look(row: Row, cell: Cell) -> Iterator[Element]:
    if row.kind == "total":
        yield el("w:tcBorders", border("top", THICK))
    if cell.light in _FILLS:
        yield _filled(_FILLS[cell.light])


def _filled(colour: str) -> Element:
    return el("w:shd", val="clear", color="auto", fill=colour)


def _cell(content: Element, wide: int, properties: Sequence[Element]) -> Element:
    """A cell; its properties in the order of Word's schema."""
    return el(
        "w:tc",
        el("w:tcPr", el("w:tcW", w=wide, type="dxa"), *properties, el("w:vAlign", val="center")),
        content,
    )
