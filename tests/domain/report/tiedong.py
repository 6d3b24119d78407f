"""The shipped plan with a year in which all goes well and no count is small; tests then let something go wrong."""

from collections.abc import Iterator
from functools import cache

from domain.duties import WorkItem
from domain.facts import ItemFacts, Submission
from domain.plan import Plan
from domain.report.blocks import Annex, Block, Document, FigureRef, Paragraph, Table
from domain.report.material import Issue, Material
from domain.workdays import WorkCalendar
from services.places import PLANS
from services.plans import load_plan
from services.workcalendar import work_calendar
from tests.domain.happenings import day, facts, good_year, swap

USUAL = {
    "children-total": 122,
    "left-behind": 91,
    "left-behind-0-5": 31,
    "left-behind-grandparents": 31,
    "hardship": 61,
    "left-behind-and-hardship": 30,
    "newly-registered": 20,
    "removed": 20,
    "dropouts": 15,
}


@cache
def plan() -> Plan:
    return load_plan(PLANS / "tiedong-2024")


def calendar() -> WorkCalendar:
    return work_calendar()


def usual(indicator: str, item: WorkItem) -> int:
    """A figure that is not small and agrees with its relatives."""
    del item
    known = plan().indicators_by_id[indicator]
    if known.part_of is not None:
        return USUAL.get(indicator, 30)
    rates = [other.ratio for other in plan().indicators if other.ratio is not None]
    if any(rate.denominator == indicator for rate in rates):
        return USUAL.get(indicator, 100)
    if any(rate.numerator == indicator for rate in rates):
        return 80
    return USUAL.get(indicator, 50)


@cache
def history(*years: int) -> tuple[ItemFacts, ...]:
    return tuple(f for year in years for f in good_year(plan(), year, calendar(), usual))


def annual_item(unit: str, year: int = 2025) -> WorkItem:
    return next(f.item for f in history(year) if (f.item.unit, f.item.duty) == (unit, "annual-report"))


def material(as_of: str = "2025-12-08", *changed: ItemFacts, year: int = 2025) -> Material:
    years = [y for y in plan().years if y <= year]
    return Material(plan(), calendar(), year, day(as_of), swap(history(*years), *changed), Issue(sample=True))


def handed(unit: str, *versions: Submission) -> ItemFacts:
    """How a unit's yearly report of 2025 went."""
    return facts(annual_item(unit), *versions)


def words(document: Document) -> str:
    """Every word of a document's body."""
    return "\n".join(texts(document.blocks))


def texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.lead + "".join(run.text for run in block.runs)
        elif isinstance(block, Table):
            yield block.caption
            yield from (column.title for column in block.columns)
            yield from (cell.text for row in block.rows for cell in row.cells)
            yield from block.notes
        elif block.kind == "heading":
            yield block.text
        else:
            yield block.alt


def annex(document: Document, title: str) -> Annex:
    return next(annex for annex in document.annexes if annex.title == title)


def rows(document: Document, title: str) -> list[list[str]]:
    """The cells of an annex's tables as texts, section rows too."""
    return [
        [cell.text for cell in row.cells]
        for block in annex(document, title).blocks
        if isinstance(block, Table)
        for row in block.rows
    ]


def paragraph(document: Document, lead: str) -> str:
    """The paragraph that a heading of the third level leads."""
    found = [b for b in document.blocks if isinstance(b, Paragraph) and b.lead == lead]
    return "".join(run.text for run in found[0].runs)


def references(document: Document) -> list[FigureRef]:
    """Every figure that stands in the text."""
    paragraphs = [b for b in document.blocks if isinstance(b, Paragraph)]
    return [run for b in paragraphs for run in b.runs if isinstance(run, FigureRef)]
