"""What happened in a year, out of the store and into the types that rules are given."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row as RowOf
from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, col

from domain.entries import FigureEntry, Passage, State
from domain.facts import ItemFacts, Review, Submission, Verdict
from domain.plan import Plan
from domain.plausibility import LastFigure
from models import queries
from models.tables import SubmissionRow, WorkItemRow
from services.items import Known, OwnItem, work_item


@dataclass
class _Content:
    """What belongs to submissions, by the submission's id."""

    passages: defaultdict[int, list[Passage]] = field(default_factory=lambda: defaultdict(list))
    figures: defaultdict[int, list[FigureEntry]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class _Asked:
    """The three questions about versions: themselves with the verdicts on them, their passages, their figures."""

    versions: Select[Any]
    passages: Select[Any]
    figures: Select[Any]

    @classmethod
    def of(cls, ids: Select[tuple[int | None]]) -> "_Asked":
        """About the submissions of these ids."""
        verdict = (_REVIEW.verdict, _REVIEW.reason, _REVIEW.reviewer, _REVIEW.at.label("reviewed_at"))
        versions = (
            select(*_SUBMISSION, *verdict)
            .outerjoin_from(_SUBMISSION.id.table, _REVIEW.id.table, _REVIEW.submission_id == _SUBMISSION.id)
            .where(_SUBMISSION.id.in_(ids))
            .order_by(_SUBMISSION.id)
        )
        passages = select(_PASSAGE.submission_id, _PASSAGE.slot, _PASSAGE.text).order_by(_PASSAGE.slot)
        figures = select(_FIGURE.submission_id, _FIGURE.indicator, _FIGURE.value, _FIGURE.remark)
        return cls(
            versions,
            passages.where(_PASSAGE.submission_id.in_(ids)),
            figures.where(_FIGURE.submission_id.in_(ids)).order_by(_FIGURE.indicator),
        )


_SUBMISSION, _REVIEW, _PASSAGE, _FIGURE = (
    SubmissionRow.metadata.tables[name].c for name in ("submission", "review", "passage", "figure")
)
_OF_ITEMS = _Asked.of(
    select(_SUBMISSION.id).where(_SUBMISSION.item_id.in_(bindparam("items", expanding=True)))
)
"""About every version of some items."""


def year_facts(session: Session, plan: Plan, year: int, unit: str | None = None) -> tuple[ItemFacts, ...]:
    """Every item of a year that is open, with every version handed in for it; four queries, however many.

    Args:
        session: of :func:`models.engine.reading`, so that the four see one state.
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
    ids = select(_SUBMISSION.id).join(WorkItemRow, col(WorkItemRow.id) == _SUBMISSION.item_id).where(*which)
    found = _versions(session, _Asked.of(ids), {})
    known: Known = {}
    return tuple(ItemFacts(item=work_item(row, known), submissions=found.get(row.id, ())) for row in items)


def item_facts(session: Session, plan: Plan, key: str) -> ItemFacts | None:
    """One item with every version handed in for it; None where the plan has no such open item; four queries."""
    row = queries.whole_key(session, key)
    if row is None or row.plan_id != plan.id:
        return None
    return own_facts(session, OwnItem(row.id, work_item(row, {})))


def own_facts(session: Session, own: OwnItem) -> ItemFacts:
    """An item that was looked up, with every version handed in for it; three queries, one where there is none."""
    return ItemFacts(item=own.item, submissions=versions(session, [own.number]).get(own.number, ()))


def versions(session: Session, items: Collection[int]) -> dict[int, tuple[Submission, ...]]:
    """Every version handed in for some items (numbers in the store), oldest first; three queries, however many."""
    return _versions(session, _OF_ITEMS, {"items": list(items)})


def _versions(
    session: Session, asked: _Asked, which: Mapping[str, list[int]]
) -> dict[int, tuple[Submission, ...]]:
    """What was handed in, by the item's number."""
    sent = session.execute(asked.versions, which).all()
    if not sent:
        return {}
    content = _content(session, asked, which)
    found: defaultdict[int, list[Submission]] = defaultdict(list)
    for row in sent:
        found[row.item_id].append(_submission(row, content))
    return {item: tuple(own) for item, own in found.items()}


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


def figures_before(session: Session, own: OwnItem) -> dict[str, LastFigure]:
    """Last period's figures of one item by indicator, as :func:`last_figures`."""
    return queries.last_figures(session, [own.number]).get(own.number, {})


def _content(session: Session, asked: _Asked, which: Mapping[str, list[int]]) -> _Content:
    content = _Content()
    for submission, slot, text in session.execute(asked.passages, which):
        content.passages[submission].append(Passage(slot=slot, text=text))
    for submission, indicator, value, remark in session.execute(asked.figures, which):
        content.figures[submission].append(FigureEntry(indicator=indicator, value=value, remark=remark))
    return content


def _submission(row: RowOf[Any], content: _Content) -> Submission:
    review = None
    if row.verdict is not None:
        review = Review(
            verdict=Verdict(row.verdict),
            reason=row.reason,
            reviewer=row.reviewer,
            at=row.reviewed_at,
            day=row.reviewed_at.date(),
        )
    return Submission(
        id=row.id,
        version=row.version,
        state=State(row.state),
        passages=tuple(content.passages.get(row.id, ())),
        figures=tuple(content.figures.get(row.id, ())),
        by=row.by,
        at=row.at,
        day=row.at.date(),
        door=row.door,
        content_sha256=row.content_sha256,
        review=review,
    )
