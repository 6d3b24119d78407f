"""Plans as they were put into force: old versions stay beside the new one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlmodel import Session, col

from domain.canonical import canonical_json, sha256
from domain.plan import Plan
from domain.since import Edition, Since, since
from domain.workdays import BEIJING
from models.tables import PlanVersionRow
from services import audit
from services.mark import Kept

_KEPT: Kept[Plan] = Kept(4)
"""Plans by the digest of what they say: a round asks for the same one at each of its steps, and every page for it."""
_SINCE: Kept[Since] = Kept(4)

_VERSION = PlanVersionRow.metadata.tables["plan_version"].c
_NEWEST = (
    select(*(column for column in _VERSION if column is not _VERSION.content))
    .where(_VERSION.plan_id == bindparam("plan"))
    .order_by(_VERSION.number.desc())
    .limit(1)
)
"""The newest version of a plan, without what it says: that is long, and asked for once."""


@dataclass(frozen=True)
class PlanVersion:
    """A plan's version in the store; ``number`` counts from 1 within the plan."""

    id: int
    plan_id: str
    number: int
    sha256: str
    adopted_at: datetime
    adopted_by: str


def plan_sha256(plan: Plan) -> str:
    """Digest of what a plan says beyond the defaults, so that a new optional entry in the program changes none."""
    return sha256(canonical_json(plan.model_dump(mode="json", exclude_defaults=True)))


def adopt(session: Session, plan: Plan, *, at: datetime, actor: str) -> PlanVersion:
    """Put a plan's content into force (启用), unless it already is.

    The content in force changes nothing; any other, also one of earlier days, becomes the next version.
    """
    audit.lock(session)  # two who adopt at once take turns
    now = _newest(session, plan.id)
    digest = plan_sha256(plan)
    if now and now.sha256 == digest:
        return _version(now)
    row = PlanVersionRow(
        plan_id=plan.id,
        number=now.number + 1 if now else 1,
        sha256=digest,
        content=canonical_json(plan.model_dump(mode="json")),
        adopted_at=at,
        adopted_by=actor,
    )
    session.add(row)
    session.flush()
    detail: audit.Detail = {"version": row.number, "sha256": digest}
    audit.record(session, at=at, actor=actor, action="adopt", subject=plan.id, detail=detail)
    return _version(row)


def current(session: Session, plan_id: str) -> tuple[Plan, PlanVersion] | None:
    """The plan in force and its version; None where none of this id was ever adopted."""
    row = _newest(session, plan_id)
    if row is None:
        return None
    return _KEPT.answer(row.sha256, lambda: _plan(session, row.id)), _version(row)


def demanded_since(session: Session, plan: Plan) -> Since:
    """From which due day on items are demanded of each unit, by the versions of a plan that is in force."""
    newest = _newest(session, plan.id)
    key = (str(session.get_bind().engine.url), plan.id, newest.id if newest else 0)
    return _SINCE.answer(key, lambda: since(plan.document.issued, _editions(session, plan.id)))


def _editions(session: Session, plan_id: str) -> Iterator[Edition]:
    versions = select(col(PlanVersionRow.adopted_at), col(PlanVersionRow.content))
    versions = versions.where(col(PlanVersionRow.plan_id) == plan_id).order_by(col(PlanVersionRow.number))
    for adopted_at, content in session.execute(versions):
        plan = json.loads(content)
        names = (frozenset(entry["id"] for entry in plan[part]) for part in ("units", "duties"))
        yield Edition(adopted_at.astimezone(BEIJING).date(), *names)


def _plan(session: Session, version: int) -> Plan:
    content = select(col(PlanVersionRow.content)).where(col(PlanVersionRow.id) == version)
    return Plan.model_validate_json(session.scalars(content).one())


def _newest(session: Session, plan_id: str) -> Row[Any] | None:
    return session.execute(_NEWEST, {"plan": plan_id}).one_or_none()


def _version(row: PlanVersionRow | Row[Any]) -> PlanVersion:
    if row.id is None:
        raise ValueError("a plan version needs to be flushed before it has an id")
    return PlanVersion(
        id=row.id,
        plan_id=row.plan_id,
        number=row.number,
        sha256=row.sha256,
        adopted_at=row.adopted_at,
        adopted_by=row.adopted_by,
    )
