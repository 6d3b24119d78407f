"""What happened in a year, out of the store and into the types that rules are given."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy import Row as RowOf
from sqlmodel import Session, col

from domain.entries import FigureEntry, Passage, State
from domain.facts import ItemFacts, Review, Submission, Verdict
from domain.plan import Plan
from domain.plausibility import LastFigure
from models import queries
from models.tables import FigureRow, PassageRow, ReviewRow, SubmissionRow, WorkItemRow
from services.items import Known, work_item


@dataclass
class _Content:
    """What belongs to submissions, by the submission's id."""

    passages: defaultdict[int, list[Passage]] = field(default_factory=lambda: defaultdict(list))
    figures: defaultdict[int, list[FigureEntry]] = field(default_factory=lambda: defaultdict(list))
    reviews: dict[int, Review] = field(default_factory=dict)


def year_facts(session: Session, plan: Plan, year: int, unit: str | None = None) -> tuple[ItemFacts, ...]:
    """Every item of a year that is open, with every version handed in for it; five queries, however many.

    Args:
        session: of :func:`models.engine.reading`, so that the five see one state.
        plan: the plan.
        year: the year.
        unit: id of the unit whose items are wanted; None for all of them.

    Returns:
        Items in the order in which they were opened; versions oldest first; passages and figures by their name.
    """
    items = queries.whole_year(session, plan.id, year, unit)
    which = [col(WorkItemRow.plan_id) == plan.id, col(WorkItemRow.year) == year]
    if unit is not None:
        which.append(col(WorkItemRow.unit) == unit)
    return _facts(session, items, *which)


def item_facts(session: Session, plan: Plan, key: str) -> ItemFacts | None:
    """One item with every version handed in for it; None where the plan has no such open item; five queries."""
    row = queries.whole_key(session, key)
    if row is None or row.plan_id != plan.id:
        return None
    (found,) = _facts(session, [row], col(WorkItemRow.id) == row.id)
    return found


def versions(session: Session, items: Collection[int]) -> dict[int, tuple[Submission, ...]]:
    """Every version handed in for some items (numbers in the store), oldest first; four queries, however many."""
    return _versions(session, col(WorkItemRow.id).in_(items))


def _facts(
    session: Session, items: Iterable[RowOf[Any]], *which: ColumnElement[bool]
) -> tuple[ItemFacts, ...]:
    """``items``, which are all those of ``which``, with what was handed in for them."""
    found = _versions(session, *which)
    periods: Known = {}
    return tuple(ItemFacts(item=work_item(row, periods), submissions=found.get(row.id, ())) for row in items)


def _versions(session: Session, *which: ColumnElement[bool]) -> dict[int, tuple[Submission, ...]]:
    """What was handed in for the items of ``which``, by the item's number."""
    ids = (
        select(col(SubmissionRow.id))
        .join(WorkItemRow, col(WorkItemRow.id) == col(SubmissionRow.item_id))
        .where(*which)
    )
    content = _content(session, ids)
    found: defaultdict[int, list[Submission]] = defaultdict(list)
    sent = select(SubmissionRow).where(col(SubmissionRow.id).in_(ids)).order_by(col(SubmissionRow.id))
    for submission in session.scalars(sent):
        found[submission.item_id].append(_submission(submission, content))
    return {item: tuple(sent) for item, sent in found.items()}


def last_figures(
    session: Session, plan: Plan, unit: str, keys: Collection[str]
) -> dict[str, dict[str, LastFigure]]:
    """Last period's figures to show beside a unit's items, by item and indicator.

    Args:
        session: any.
        plan: the plan.
        unit: id of the unit; items of others are left out.
        keys: the items.
    """
    rows = queries.items_by_key(session, keys).values()
    own = {row.id: row.key for row in rows if row.id and row.unit == unit and row.plan_id == plan.id}
    return {own[item]: figures for item, figures in queries.last_figures(session, own).items()}


def _content(session: Session, ids: Select[tuple[int | None]]) -> _Content:
    content = _Content()
    passages = select(col(PassageRow.submission_id), col(PassageRow.slot), col(PassageRow.text))
    for submission, slot, text in session.execute(
        passages.where(col(PassageRow.submission_id).in_(ids)).order_by(col(PassageRow.slot))
    ):
        content.passages[submission].append(Passage(slot=slot, text=text))
    figures = select(
        col(FigureRow.submission_id), col(FigureRow.indicator), col(FigureRow.value), col(FigureRow.remark)
    )
    for submission, indicator, value, remark in session.execute(
        figures.where(col(FigureRow.submission_id).in_(ids)).order_by(col(FigureRow.indicator))
    ):
        content.figures[submission].append(FigureEntry(indicator=indicator, value=value, remark=remark))
    for row in session.scalars(select(ReviewRow).where(col(ReviewRow.submission_id).in_(ids))):
        content.reviews[row.submission_id] = _review(row)
    return content


def _review(row: ReviewRow) -> Review:
    return Review(
        verdict=Verdict(row.verdict), reason=row.reason, reviewer=row.reviewer, at=row.at, day=row.at.date()
    )


def _submission(row: SubmissionRow, content: _Content) -> Submission:
    number = row.id or 0
    return Submission(
        id=number,
        version=row.version,
        state=State(row.state),
        passages=tuple(content.passages.get(number, ())),
        figures=tuple(content.figures.get(number, ())),
        by=row.by,
        at=row.at,
        day=row.at.date(),
        door=row.door,
        content_sha256=row.content_sha256,
        review=content.reviews.get(number),
    )
