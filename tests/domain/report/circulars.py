"""Circulars of the small plan and of the shipped one, over a year in which any item may have gone any way."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from random import Random

from domain.duties import Extended, WorkItem, work_items
from domain.facts import ItemFacts
from domain.periods import period_of
from domain.plan import Plan
from domain.report.blocks import Document, Paragraph
from domain.report.circular.document import circular
from domain.report.circular.material import CircularMaterial, Ranked
from domain.report.material import Issue
from domain.since import Since
from domain.workdays import WorkCalendar
from tests import cast
from tests.domain.happenings import facts, version

ISSUED = cast.small_plan().document.issued
NEVER, LATE, RETURNED, WAITING, MENDED, GOOD = "never", "late", "returned", "waiting", "mended", "good"
WAYS = (NEVER, LATE, RETURNED, WAITING, MENDED, GOOD)


def gone(item: WorkItem, way: str) -> ItemFacts:
    """An item that went one way; what came late came five days after its due day."""
    on, after = item.occurrence.act_by.isoformat(), (item.due + timedelta(days=5)).isoformat()
    match way:
        case "late":
            return facts(item, version(after, accepted=after))
        case "returned":
            return facts(item, version(on, returned=on))
        case "waiting":
            return facts(item, version(on))
        case "mended":
            return facts(item, version(on, returned=on), version(on, accepted=on))
        case "good":
            return facts(item, version(on, accepted=on))
    return facts(item)


def year(
    plan: Plan, calendar: WorkCalendar, ways: Mapping[str, str], otherwise: str = GOOD
) -> tuple[ItemFacts, ...]:
    """The items of 2025; ``ways`` by ``duty/unit/period``."""
    return tuple(
        gone(item, ways.get(item.key.partition("/")[2], otherwise))
        for item in work_items(plan, 2025, calendar)
    )


def at_random(plan: Plan, calendar: WorkCalendar, chance: Random) -> tuple[ItemFacts, ...]:
    """The items of 2025, each gone some way; in some worlds most go the same."""
    usual = chance.choice(WAYS)
    share = chance.choice([0.0, 0.1, 0.5, 1.0])
    return tuple(
        gone(item, chance.choice(WAYS) if chance.random() < share else usual)
        for item in work_items(plan, 2025, calendar)
    )


def material(
    history: Iterable[ItemFacts],
    code: str = "2025Q3",
    as_of: str = "2025-10-14",
    *,
    plan: Plan | None = None,
    since: date = ISSUED,
    ranking: tuple[Ranked, ...] = (),
) -> CircularMaterial:
    """What a circular of the small plan is written from."""
    period = period_of(code)
    assert period is not None
    day = date.fromisoformat(as_of)
    known = tuple(history)
    return CircularMaterial(
        plan or cast.small_plan(), cast.calendar(), period, day, Since(since, {}, {}), known, Issue(), ranking
    )


def written(history: Iterable[ItemFacts], code: str = "2025Q3", as_of: str = "2025-10-14") -> str:
    """Every word of the body."""
    return words(circular(material(history, code, as_of)))


def words(document: Document) -> str:
    """A document's running text, a line for each paragraph and heading."""
    lines = (
        block.lead + "".join(run.text for run in block.runs) if isinstance(block, Paragraph) else block.text
        for block in document.blocks
        if block.kind in ("paragraph", "heading")
    )
    return "\n".join(lines)


def granted(item: WorkItem, until: date, *, on: date) -> WorkItem:
    """An item for which the office granted more time on a day."""
    return item.model_copy(update={"extended": Extended(on=on, until=until, act_by=until)})
