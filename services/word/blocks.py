"""The blocks of a document as Word's own: headings, paragraphs, tables and charts."""

from collections.abc import Iterable, Iterator

from domain.report.blocks import BarChart, Block, FigureRef, Heading, Paragraph, Run, Table, Timeline
from services.charts import draw_bars, draw_timeline
from services.house_layout import lead_level
from services.word.charts import chart
from services.word.elements import Element, Numbers, paragraph, run
from services.word.marks import Marks
from services.word.tables import table


def elements(blocks: Iterable[Block], marks: Marks, numbers: Numbers, whole: int) -> Iterator[Element]:
    """Blocks in their order.

    Args:
        blocks: what is said.
        marks: of the document.
        numbers: of the document.
        whole: width of the type area in twips.
    """
    for block in blocks:
        match block:
            case Heading():
                yield paragraph(f"Heading{block.level}", run(block.text))
            case Paragraph():
                lead = [run(block.lead, style=f"Lead{lead_level(block.lead)}")] if block.lead else []
                yield paragraph(
                    "BodyText", *lead, *(each for part in block.runs for each in _run(part, marks))
                )
            case Table():
                yield from table(block, marks, whole)
            case BarChart():
                yield from chart(draw_bars(block), marks, numbers)
            case Timeline():
                yield from chart(draw_timeline(block), marks, numbers)


def _run(part: Run, marks: Marks) -> Iterator[Element]:
    match part:
        case FigureRef():
            yield from marks.figure(part.id, run(part.text))
            yield run(part.id, style="Source")
        case _:
            yield run(part.text)
