"""What happens to items, told briefly: versions handed in, accepted, returned; and whole years of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from zlib import crc32

from domain.canonical import entry_sha256
from domain.duties import WorkItem, work_items
from domain.entries import FigureEntry, ItemEntry, Passage, State, measure_slot
from domain.facts import ItemFacts, Review, Submission, Verdict
from domain.plan import Plan
from domain.workdays import BEIJING, WorkCalendar
from tests.cast import LI_MING, ZHAO_QIANG

Figures = Mapping[str, int | str | Decimal | None]
"""Values by indicator; None is a missing one."""


def day(text: str) -> date:
    return date.fromisoformat(text)


def items(plan: Plan, year: int, calendar: WorkCalendar) -> dict[str, WorkItem]:
    """The year's items by ``duty/unit/period``."""
    return {item.key.partition("/")[2]: item for item in work_items(plan, year, calendar)}


def version(
    handed_in: str,
    figures: Figures | None = None,
    *,
    accepted: str | None = None,
    returned: str | None = None,
    state: State = State.DONE,
    words: Mapping[str, str] | None = None,
) -> Submission:
    """A version handed in on a day, with the office's verdict of another day where there is one."""
    when = accepted or returned
    review = None
    if when is not None:
        verdict = Verdict.ACCEPTED if accepted else Verdict.RETURNED
        review = Review(
            verdict=verdict, reason="请补正", reviewer=ZHAO_QIANG, at=moment(day(when)), day=day(when)
        )
    return Submission(
        id=0,
        version=1,
        state=state,
        passages=tuple(Passage(slot=slot, text=text) for slot, text in (words or {}).items()),
        figures=tuple(
            FigureEntry(indicator=i, value=None if v is None else Decimal(v), remark="" if v else "暂缺")
            for i, v in (figures or {}).items()
        ),
        by=LI_MING,
        at=moment(day(handed_in)),
        day=day(handed_in),
        door="excel",
        content_sha256="",
        review=review,
    )


def facts(item: WorkItem, *versions: Submission) -> ItemFacts:
    """An item with its versions, oldest first; each gets its number and digest."""
    numbered = []
    for number, given in enumerate(versions, start=1):
        entry = ItemEntry(key=item.key, state=given.state, passages=given.passages, figures=given.figures)
        own = {
            "id": crc32(item.key.encode()) % 10**6 * 10 + number,
            "version": number,
            "content_sha256": entry_sha256(entry),
        }
        numbered.append(given.model_copy(update=own))
    return ItemFacts(item=item, submissions=tuple(numbered))


def accepted(
    item: WorkItem, figures: Figures | None = None, words: Mapping[str, str] | None = None
) -> ItemFacts:
    """An item handed in and accepted on its last working day."""
    when = item.occurrence.act_by.isoformat()
    return facts(item, version(when, figures, accepted=when, words=words))


Value = Callable[[str, WorkItem], int | str | Decimal | None]
"""The figure that a unit reports for an indicator in an item."""


def good_year(plan: Plan, year: int, calendar: WorkCalendar, value: Value) -> Iterator[ItemFacts]:
    """A year in which everybody hands everything in, and everything is accepted."""
    for item in work_items(plan, year, calendar):
        duty = plan.duties_by_id[item.duty]
        asked = [i for i in duty.indicators if item.unit in plan.suppliers(plan.indicators_by_id[i])]
        yield accepted(item, {i: value(i, item) for i in asked}, told(plan, item))


def told(plan: Plan, item: WorkItem) -> dict[str, str]:
    """What a unit writes under its measures in the yearly report."""
    if plan.duties_by_id[item.duty].role != "annual-report":
        return {}
    name = plan.units_by_id[item.unit].name
    return {measure_slot(m.number): f"{name}落实“{m.title}”。" for m in plan.unit_measures(item.unit)}


def swap(all_facts: Iterable[ItemFacts], *others: ItemFacts) -> tuple[ItemFacts, ...]:
    """The same facts with some items as in ``others``."""
    by_key = {f.item.key: f for f in others}
    return tuple(by_key.get(f.item.key, f) for f in all_facts)


def moment(when: date) -> datetime:
    return datetime.combine(when, time(9), BEIJING)
