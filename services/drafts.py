"""Drafts (草稿): what each person has typed into an item's form and not handed in; kept as it was typed, never lost.

Two windows of one person notice each other by the draft's revision; two colleagues have a draft each, and are told of
the other's. A draft goes when its person hands the item in (:func:`services.intake.submit`) or discards it. Typing is
not an act that anybody answers for, so the audit chain tells nothing of it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select
from sqlmodel import Session, col

from domain.entries import Fault
from domain.form import Form, keep
from domain.plan import Plan
from domain.workdays import BEIJING
from models import queries
from models.desk import DraftRow
from models.people import AccountRow
from services.items import OwnItem, own_item

_REVISIONS = 2**31 - 1
_DRAFT = DraftRow.metadata.tables["draft"].c
_DRAFTS = (
    select(*_DRAFT, col(AccountRow.name))
    .join(AccountRow, col(AccountRow.id) == _DRAFT.account_id)
    .where(_DRAFT.item_id == bindparam("item"))
    .order_by(_DRAFT.saved_at.desc(), _DRAFT.id)
)


@dataclass(frozen=True)
class Draft:
    """What somebody has typed.

    Attributes:
        form: as it was typed.
        revision: a number drawn anew with each saving; 0 belongs to no draft.
        base_version: the newest version that the person had before them; 0 for none.
        saved_at: when it was saved last.
    """

    form: Form
    revision: int
    base_version: int
    saved_at: datetime


@dataclass(frozen=True)
class Colleague:
    """Somebody else who has a draft of the same item."""

    account: int
    name: str
    draft: Draft


@dataclass(frozen=True)
class Drafts:
    """The drafts of an item: somebody's own, None where they have none, and those of others, newest first."""

    own: Draft | None
    colleagues: tuple[Colleague, ...]


@dataclass(frozen=True)
class Saved:
    """What became of a saving.

    Attributes:
        stored: whether the draft now holds what was typed (but for ``faults``). False: another window has saved since,
            or handed the item in, or discarded the draft; nothing was changed.
        draft: the draft as it stands; None where there is none any more.
        faults: fields that were not taken, each with the reason; they stand in the draft as they were before.
        newest_version: the newest version handed in for the item; 0 for none.
        colleagues: who else has a draft of the item, newest first.
    """

    stored: bool
    draft: Draft | None
    faults: tuple[Fault, ...]
    newest_version: int
    colleagues: tuple[Colleague, ...]

    @property
    def outdated(self) -> bool:
        """Whether a version was handed in that the person had not before them when they began."""
        return self.draft is not None and self.newest_version > self.draft.base_version


def save(  # noqa: PLR0913 - whose draft of what, and on what it rests
    session: Session,
    plan: Plan,
    key: str,
    *,
    unit: str,
    account: int,
    content: Form,
    base_revision: int,
    at: datetime,
    seen_version: int | None = None,
) -> Saved:
    """Keep what somebody has typed; saving the same again, as after a broken network, changes nothing.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        key: the item.
        unit: id of the unit, whose item it must be.
        account: who types.
        content: everything that stands in the form.
        base_revision: revision of the draft that the window shows; 0 for none.
        at: the moment, aware of its zone.
        seen_version: the newest version that the person has before them; None for the newest there is at the
            beginning, and the draft's own from then on.

    Raises:
        Problem: 103 for a unit that the plan does not know; 401 for no such item; 404 for another unit's.
    """
    number, item = own_item(session, plan, key, unit, lock=True)
    row = _row(session, number, account)
    before = _draft(row).form if row else Form()
    form, faults = keep(plan, plan.duties_by_id.get(item.duty), unit, key, content, before)
    newest = _newest_version(session, number)
    stored = (row.revision if row else 0) == base_revision
    if row is not None and form == before and seen_version in (None, row.base_version):
        stored = True
    elif stored:
        row = row or DraftRow(
            item_id=number, account_id=account, revision=0, base_version=newest, content="", saved_at=at
        )
        row.content = form.model_dump_json()
        row.revision = secrets.randbelow(_REVISIONS) + 1
        row.base_version = row.base_version if seen_version is None else seen_version
        row.saved_at = at.astimezone(BEIJING)
        session.add(row)
        session.flush()
    return Saved(
        stored=stored,
        draft=_draft(row) if row else None,
        faults=faults,
        newest_version=newest,
        colleagues=of_item(session, OwnItem(number, item), account=account).colleagues,
    )


def of_item(session: Session, own: OwnItem, *, account: int) -> Drafts:
    """Every draft of an item, with what was typed; one query.

    Args:
        session: any.
        own: the item.
        account: whose draft is their own.
    """
    found = session.execute(_DRAFTS, {"item": own.number}).all()
    return Drafts(
        next((_draft(row) for row in found if row.account_id == account), None),
        tuple(Colleague(row.account_id, row.name, _draft(row)) for row in found if row.account_id != account),
    )


def discard(session: Session, plan: Plan, key: str, *, unit: str, account: int) -> None:
    """Throw somebody's own draft away; errors as for :func:`save`."""
    number, _ = own_item(session, plan, key, unit, lock=True)
    own = (col(DraftRow.item_id) == number) & (col(DraftRow.account_id) == account)
    session.execute(delete(DraftRow).where(own))


def _row(session: Session, item: int, account: int) -> DraftRow | None:
    own = select(DraftRow).where(col(DraftRow.item_id) == item, col(DraftRow.account_id) == account)
    return session.scalars(own).one_or_none()


def _draft(row: DraftRow | Row[Any]) -> Draft:
    return Draft(Form.model_validate_json(row.content), row.revision, row.base_version, row.saved_at)


def _newest_version(session: Session, item: int) -> int:
    newest = queries.latest_submissions(session, [item]).get(item)
    return newest.submission.version if newest else 0
