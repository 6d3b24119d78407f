"""Questions to the store that more than one service asks. Each costs a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as RowOf
from sqlalchemy import Select, bindparam, func, join, select
from sqlmodel import Session, col

from domain.facts import Verdict
from domain.plausibility import LastFigure
from domain.status import Stage
from models.desk import CorrectionRow
from models.due import granted, granted_columns
from models.tables import FigureRow, ReviewRow, Row, SubmissionRow, WorkItemRow


@dataclass(frozen=True)
class Latest:
    """The newest version handed in for an item, and the verdict on it (None while there is none)."""

    submission: SubmissionRow
    review: ReviewRow | None

    @property
    def accepted(self) -> bool:
        """Whether the office accepted it, which closes the item until it allows a correction."""
        return self.review is not None and self.review.verdict == Verdict.ACCEPTED


def items_by_key(session: Session, keys: Collection[str], *, lock: bool = False) -> dict[str, WorkItemRow]:
    """Items by their key; keys that no item has are missing.

    With ``lock``, no other transaction can hand in or review for these items until this one ends.
    """
    wanted = select(WorkItemRow).where(col(WorkItemRow.key).in_(keys)).order_by(col(WorkItemRow.id))
    rows = session.scalars(wanted.with_for_update() if lock else wanted)
    return {row.key: row for row in rows}


def latest_submissions(session: Session, items: Collection[int]) -> dict[int, Latest]:
    """The newest version of each item by the item's id; items without any are missing."""
    versions = (
        select(SubmissionRow, ReviewRow)
        .outerjoin(ReviewRow, col(ReviewRow.submission_id) == col(SubmissionRow.id))
        .where(col(SubmissionRow.item_id).in_(items))
        .order_by(col(SubmissionRow.version))
    )
    return {
        submission.item_id: Latest(submission, review) for submission, review in session.execute(versions)
    }


def submitters(session: Session, item: int) -> tuple[str, ...]:
    """Everybody who handed in a version for an item."""
    names = select(col(SubmissionRow.by)).where(col(SubmissionRow.item_id) == item).distinct()
    return tuple(session.scalars(names))


def has_accepted(session: Session, item: int) -> bool:
    """Whether the office has accepted a version of an item."""
    accepted = (
        select(col(ReviewRow.id))
        .join(SubmissionRow, col(SubmissionRow.id) == col(ReviewRow.submission_id))
        .where(col(SubmissionRow.item_id) == item, col(ReviewRow.verdict) == Verdict.ACCEPTED.value)
    )
    return session.scalars(accepted).first() is not None


def corrections(session: Session, submissions: Collection[int]) -> set[int]:
    """Those of ``submissions`` (ids) that the office let the unit correct."""
    rows = select(col(CorrectionRow.submission_id)).where(col(CorrectionRow.submission_id).in_(submissions))
    return set(session.scalars(rows))


def last_figures(session: Session, items: Collection[int]) -> dict[int, dict[str, LastFigure]]:
    """For each item (by id): what its unit reported before, by indicator; items with nothing before are missing.

    Before means an earlier period of the same duty: the nearest one for which there is a value, in its newest
    version, unless the office returned that.
    """
    before: defaultdict[int, dict[str, LastFigure]] = defaultdict(dict)
    for item, indicator, value, period in session.execute(_figures_before(items)):
        before[item][indicator] = LastFigure(value=value, period=period)
    return dict(before)


def _figures_before(items: Collection[int]) -> Select[Any]:
    now, then = (Row.metadata.tables["item_state"].alias(name).c for name in ("now", "then"))
    rank = func.row_number().over(
        partition_by=(now.item_id, col(FigureRow.indicator)), order_by=then.due.desc()
    )
    earlier = (
        (then.plan_id == now.plan_id)
        & (then.unit == now.unit)
        & (then.duty == now.duty)
        & (then.due < now.due)
    )
    figure = (col(FigureRow.indicator), col(FigureRow.value))
    ranked = (
        select(now.item_id.label("item"), *figure, col(WorkItemRow.period_label), rank.label("rank"))
        .select_from(join(now.item_id.table, then.item_id.table, earlier))
        .join(WorkItemRow, col(WorkItemRow.id) == then.item_id)
        .join(FigureRow, col(FigureRow.submission_id) == then.submission_id)
        .where(now.item_id.in_(items), col(FigureRow.value).is_not(None))
        .where(then.stage != Stage.RETURNED.value)
        .subquery()
        .c
    )
    return select(ranked.item, ranked.indicator, ranked.value, ranked.period_label).where(ranked.rank == 1)


def whole_year(session: Session, plan_id: str, year: int, unit: str | None = None) -> Sequence[RowOf[Any]]:
    """Every item of a year that is open, in the order of opening, with the columns of :class:`WorkItemRow`.

    Of one unit, where one is named. Beside them stand those of the extension granted so far
    (:func:`models.due.granted_columns`).
    """
    items = Row.metadata.tables["work_item"].c
    wanted = _items().where(items.plan_id == plan_id, items.year == year)
    return session.execute(wanted if unit is None else wanted.where(items.unit == unit)).all()


def whole_key(session: Session, key: str) -> RowOf[Any] | None:
    """One item by its key, with the columns of :func:`whole_year`; None where there is none."""
    return session.execute(_BY_KEY, {"asked": key}).one_or_none()


def whole_item(session: Session, item: int) -> RowOf[Any] | None:
    """One item by its id, with the columns of :func:`whole_year`; None where there is none."""
    return session.execute(_BY_ID, {"asked": item}).one_or_none()


def _items() -> Select[Any]:
    items = Row.metadata.tables["work_item"].c
    grants = granted()
    columns = select(*items, *granted_columns(grants))
    return columns.outerjoin_from(items.id.table, grants, grants.c.item_id == items.id).order_by(items.id)


_BY_KEY, _BY_ID = (
    _items().where(Row.metadata.tables["work_item"].c[column] == bindparam("asked"))
    for column in ("key", "id")
)
