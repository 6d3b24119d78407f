"""What the store knows of attachments; their bytes stand outside it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row as RowOf
from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, col

from models.desk import AttachmentRow, SubmissionAttachmentRow


def of_items(session: Session, items: Collection[int]) -> dict[int, list[AttachmentRow]]:
    """Files put to items, by the item's id, oldest first; items without any are missing."""
    found: defaultdict[int, list[AttachmentRow]] = defaultdict(list)
    rows = select(AttachmentRow).where(col(AttachmentRow.item_id).in_(items)).order_by(col(AttachmentRow.id))
    for row in session.scalars(rows):
        found[row.item_id].append(row)
    return dict(found)


def of_item(session: Session, item: int) -> Sequence[RowOf[Any]]:
    """Files put to an item, oldest first: the columns of :class:`AttachmentRow` and submission_id.

    A file is there once for each version that it was handed in with; once, with None, where it was with none.
    """
    return session.execute(_OF_ITEM, {"item": item}).all()


def of_submissions(session: Session, submissions: Collection[int]) -> dict[int, list[AttachmentRow]]:
    """Files handed in with versions, by the submission's id, in the order of their digests; those without are missing."""
    return _by_submission(session, _handed_in().where(_LINK.submission_id.in_(submissions)))


def of_all_submissions(session: Session) -> dict[int, list[AttachmentRow]]:
    """As :func:`of_submissions`, for every version."""
    return _by_submission(session, _handed_in())


def by_id(session: Session, number: int) -> AttachmentRow | None:
    """One attachment."""
    return session.get(AttachmentRow, number)


def is_handed_in(session: Session, number: int) -> bool:
    """Whether an attachment was handed in with a version."""
    link = select(_LINK.submission_id).where(_LINK.attachment_id == number)
    return session.scalars(link).first() is not None


_LINK = SubmissionAttachmentRow.metadata.tables["submission_attachment"].c
_FILE = AttachmentRow.metadata.tables["attachment"].c
_OF_ITEM = (
    select(*_FILE, _LINK.submission_id)
    .outerjoin_from(_FILE.id.table, _LINK.submission_id.table, _LINK.attachment_id == _FILE.id)
    .where(_FILE.item_id == bindparam("item"))
    .order_by(_FILE.id, _LINK.submission_id)
)


def _handed_in() -> Select[Any]:
    rows = select(_LINK.submission_id, AttachmentRow).join(
        AttachmentRow, col(AttachmentRow.id) == _LINK.attachment_id
    )
    return rows.order_by(_LINK.submission_id, col(AttachmentRow.sha256))


def _by_submission(session: Session, rows: Select[Any]) -> dict[int, list[AttachmentRow]]:
    found: defaultdict[int, list[AttachmentRow]] = defaultdict(list)
    for submission, row in session.execute(rows):
        found[submission].append(row)
    return dict(found)
