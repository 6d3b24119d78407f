"""The vocabulary of a document: headings, paragraphs, tables, charts and annexes.

Templates walk these blocks and decide looks only. Every text here is already words: no count can be in it that has
not been released (see :mod:`domain.counts`).
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.status import Light


class Part(BaseModel):
    """Base of everything in a document: frozen and serialisable."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Part):
    """Plain words."""

    kind: Literal["text"] = "text"
    text: str


class FigureRef(Part):
    """A released figure as words (with its unit of measure), and the id of its row in the annex of sources."""

    kind: Literal["figure"] = "figure"
    id: str
    text: str


Run = Annotated[Text | FigureRef, Field(discriminator="kind")]


class Heading(Part):
    """A heading of level 1 (一、) to 4 (（1）); the number is already part of the text."""

    kind: Literal["heading"] = "heading"
    level: int = Field(ge=1, le=4)
    text: str


class Paragraph(Part):
    """A paragraph of running text; ``lead`` is a heading of level 3 run into it, where there is one."""

    kind: Literal["paragraph"] = "paragraph"
    lead: str = ""
    runs: tuple[Run, ...]


class Column(Part):
    """A table's column: its head, its width as a share of the table, and how its cells are set."""

    title: str
    share: float = Field(gt=0)
    align: Literal["left", "center", "right"] = "left"
    upright: bool = False


class Cell(Part):
    """A table's cell: words, at times under a status light."""

    text: str
    light: Light | None = None


class Row(Part):
    """A table's row; ``section`` rows carry one text over the whole width, ``total`` rows sum others."""

    kind: Literal["body", "total", "section"] = "body"
    cells: tuple[Cell, ...]


class Table(Part):
    """A table with a caption over it and notes under it."""

    kind: Literal["table"] = "table"
    caption: str = ""
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    small: bool = False


class Bar(Part):
    """One bar: its label, and for each series the value with the words set beside it."""

    label: str
    values: tuple[Decimal, ...]
    texts: tuple[str, ...]


class BarChart(Part):
    """Horizontal bars; stacked where the series are parts of a whole, else side by side."""

    kind: Literal["bars"] = "bars"
    title: str
    alt: str
    series: tuple[str, ...]
    stacked: bool
    bars: tuple[Bar, ...]
    unit: str


class Mark(Part):
    """A milestone on a timeline: its words tell how it stands, its light colours it."""

    day: date
    label: str
    light: Light


class Stretch(Part):
    """A phase on a timeline."""

    start: date
    end: date
    label: str


class Timeline(Part):
    """Phases as stretches of time with their milestones, and the day that the report speaks of."""

    kind: Literal["timeline"] = "timeline"
    title: str
    alt: str
    stretches: tuple[Stretch, ...]
    marks: tuple[Mark, ...]
    today: date


Block = Annotated[Heading | Paragraph | Table | BarChart | Timeline, Field(discriminator="kind")]


class Annex(Part):
    """An annex (附件) of the document, on landscape pages where its tables ask for it."""

    number: int
    title: str
    landscape: bool = False
    blocks: tuple[Block, ...]


class Letterhead(Part):
    """版头 and 版记 of an official report upward (上行文)."""

    heading: str
    number: str
    signatory: str
    addressee: str
    issuer: str
    signed: date
    copies: tuple[str, ...]
    printer: str
    printed: date


class Document(Part):
    """One document, ready for a template.

    ``face`` lists what the reader must know first: that items are missing or not reviewed. ``sample`` marks every
    page as 示例数据. ``letterhead`` is None for a unit's own report, which is signed but carries no 版头.
    """

    title: str
    subtitle: str = ""
    author: str
    day: date
    sample: bool
    face: tuple[str, ...] = ()
    letterhead: Letterhead | None = None
    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...] = ()


def plain(text: str) -> tuple[Run, ...]:
    """Words as the runs of a paragraph."""
    return (Text(text=text),)
