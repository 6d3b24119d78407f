"""Charts as shapes in a line of text: the drawing that the PDF shows, still live words."""

import re

from services.charts import Diamond, Drawing, Label, Line, Rect, Shape, text_width
from services.word.elements import Element, Numbers, el, paragraph, run
from services.word.marks import Marks
from services.word.measures import EMU_OF_POINT, twips
from services.word.shapes import figure, group, text_box
from services.word.styles import aligned, leading, size

_INK = "1A1A1A"
_ANCHORS = {"start": "left", "middle": "center", "end": "right"}
_FIGURE = re.compile(r"[\d.,%＊△、/]*\d[\d.,%＊△、/]*")
"""What stands beside a bar; other labels are names and days."""
_SLACK = 12.0
"""Points by which a label's box is wider than its words, whatever font they are set in."""


def chart(drawing: Drawing, marks: Marks, numbers: Numbers) -> tuple[Element, Element]:
    """A drawing with its title over it."""
    shapes = [_shape(shape, marks, numbers) for shape in drawing.shapes]
    picture = group(shapes, _emu(drawing.width, drawing.height), numbers, drawing.alt)
    return paragraph("Caption", run(drawing.title)), paragraph("Chart", picture)


def _shape(shape: Shape, marks: Marks, numbers: Numbers) -> Element:
    match shape:
        case Rect():
            place, extent = _emu(shape.x, shape.y), _emu(shape.width, shape.height)
            return figure("rect", numbers, extent, place, fill=_colour(shape.fill), stroke=_INK)
        case Line():
            place, extent = _emu(shape.x1, shape.y1), _emu(shape.x2 - shape.x1, shape.y2 - shape.y1)
            return figure("line", numbers, extent, place, stroke=_colour(shape.stroke), dashed=shape.dashed)
        case Diamond():
            corners = [tuple(map(float, corner.split(","))) for corner in shape.points.split()]
            (left, _), (_, top), (right, _), (_, foot) = corners
            place, extent = _emu(left, top), _emu(right - left, foot - top)
            return figure("diamond", numbers, extent, place, fill=_colour(shape.fill), stroke=_INK)
        case Label():
            return _label(shape, marks, numbers)


def _label(label: Label, marks: Marks, numbers: Numbers) -> Element:
    wide, line = text_width(label.text, label.size) + _SLACK, label.size * 1.3
    left = {"start": label.x, "middle": label.x - wide / 2, "end": label.x - wide}[label.anchor]
    words = [run(label.text, el("w:color", val=_colour(label.fill)), *size(label.size))]
    if _FIGURE.fullmatch(label.text):
        words = marks.label(words[0])
    told = paragraph("ChartText", *words, properties=(leading(twips(line)), aligned(_ANCHORS[label.anchor])))
    return text_box(told, numbers, _emu(wide, line), _emu(left, label.y - 1.03 * label.size))


def _emu(*lengths: float) -> tuple[int, int]:
    across, down = (round(length * EMU_OF_POINT) for length in lengths)
    return across, down


def _colour(name: str) -> str:
    return name.removeprefix("#").upper()
