"""A store as a large office has it in the middle of its work: the year open, most of it handed in and reviewed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, func, insert, select, text
from sqlmodel import Session, col

from cli.bench.crowd import Request
from cli.bench.scene import Scene
from domain.canonical import sha256
from domain.duties import WorkItem, open_items
from domain.entries import ItemEntry
from domain.people import Grant, Role
from domain.tokens import Scope
from models.engine import reading, writing
from models.tables import FigureRow, PassageRow, ReviewRow, SubmissionRow, WorkItemRow
from services import accounts, clock, sign_in, tokens
from services.opening import open_year
from services.plan_versions import adopt
from services.sample.desk import OFFICE, moment

LIAISON = "联络员（示例）"
COOKIE = "guanai"
_KEY = b"bench"
_PART = 1_000
"""Verdicts after which PostgreSQL is to see how much there is by now; it would go on as if there were none."""
_LEFT, _RETURNED, _WAITING = 7, 23, 11
"""Every so many-th item that is due is not handed in, sent back, or waits for the office."""


@dataclass(frozen=True)
class BusyOffice:
    """The store and who works with it.

    Attributes:
        engine: the store.
        scene: the plan with so many units.
        sample: what units write and count.
        items: what is open, in the order of the plan.
    """

    engine: Engine
    scene: Scene
    sample: "Sample"
    items: tuple[WorkItem, ...]

    def sessions(self, people: int) -> tuple[list[str], list[tuple[str, str]]]:
        """Sign in so many of the office, and as many liaisons; gives cookies, the liaisons' with their unit."""
        units = [unit.id for unit in self.scene.plan.units][-people:]
        with writing(self.engine) as session:
            office = self._sign_in(session, "office", Grant(Role.OFFICE), people)
            liaisons = [
                (unit, self._sign_in(session, unit, Grant(Role.LIAISON, unit), 1)[0]) for unit in units
            ]
        return office, liaisons

    def _sign_in(self, session: Session, login: str, grant: Grant, times: int) -> list[str]:
        at = clock.now()
        account = accounts.add(
            session, self.scene.plan, login=login, name=f"{login}（示例）", grants=[grant], by=OFFICE, at=at
        )
        links = [sign_in.make_link(session, _KEY, account.id, by=OFFICE, at=at) for _ in range(times)]
        entered = [sign_in.by_link(session, _KEY, link, at=at) for link in links]
        return [f"{COOKIE}={one.token}" for one in entered]

    def last_items(self, units: Sequence[str]) -> dict[str, int]:
        """By unit: the number of the item of its own that it handed in last, which its page shows with what was said."""
        handed_in = select(col(WorkItemRow.unit), func.max(col(SubmissionRow.item_id)))
        joined = handed_in.join(SubmissionRow, col(SubmissionRow.item_id) == col(WorkItemRow.id))
        with reading(self.engine) as session:
            found = session.execute(
                joined.where(col(WorkItemRow.unit).in_(units)).group_by(col(WorkItemRow.unit))
            )
            return dict(found.tuples().all())

    def submissions(self, units: int) -> list[Request]:
        """What so many units have still to hand in, one item each, as their systems send it to the API."""
        with reading(self.engine) as session:
            done = select(col(SubmissionRow.item_id))
            rows = session.execute(
                select(col(WorkItemRow.key), col(WorkItemRow.unit)).where(col(WorkItemRow.id).not_in(done))
            ).all()
        first = {unit: key for key, unit in reversed(rows)}
        items = {item.key: item for item in self.items}
        with writing(self.engine) as session:
            return [self._submission(session, items[first[unit]]) for unit in list(first)[:units]]

    def _submission(self, session: Session, item: WorkItem) -> Request:
        entry = self.sample.entry(item)
        _, secret = tokens.make(
            session,
            self.scene.plan,
            unit=item.unit,
            name="示例系统",
            scopes=[Scope.ITEMS_SUBMIT],
            days=1,
            by=OFFICE,
            at=clock.now(),
        )
        body = {
            "by": LIAISON,
            "state": entry.state.value,
            "passages": [{"slot": p.slot, "text": p.text} for p in entry.passages],
            "figures": [
                {
                    "indicator": f.indicator,
                    "value": None if f.value is None else str(f.value),
                    "remark": f.remark,
                }
                for f in entry.figures
            ],
        }
        headers = {
            "Authorization": f"Bearer {secret}",
            "Idempotency-Key": sha256(item.key),
            "Content-Type": "application/json",
        }
        return Request(f"/api/v1/items/{item.key}/submissions", headers, json.dumps(body).encode())


class Sample:
    """What units write and count; a copy of a unit as its original, for that is told once."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._told: dict[tuple[str, str, str], ItemEntry] = {}

    def entry(self, item: WorkItem) -> ItemEntry:
        """What a unit hands in for an item; its key may be the original's."""
        known = self._scene.plan.units_by_id
        unit = item.unit if item.unit in known else item.unit.rpartition("-")[0]
        like = (item.duty, unit, item.occurrence.period)
        if like not in self._told:
            self._told[like] = self._scene.behaviour.entry(item.model_copy(update={"unit": unit}))
        return self._told[like]


def busy_office(engine: Engine, small: Scene, units: int) -> BusyOffice:
    """Fill an empty store, by the set; what is due by today is handed in, but for every seventh item.

    Args:
        engine: the store.
        small: the plan with its own units.
        units: how many there shall be.
    """
    scene, sample = small.of(units), Sample(small)
    plan, today = scene.plan, clock.today()
    year = today.year if today.year in plan.years else plan.years[-1]
    day = min(today, date(year, 12, 31))
    issued = moment(plan.document.issued)
    with writing(engine) as session:
        version = adopt(session, plan, at=issued, actor=OFFICE)
        open_year(session, plan, version, year, as_of=day, calendar=scene.calendar, at=issued, actor=OFFICE)
        keys = dict(session.execute(select(col(WorkItemRow.key), col(WorkItemRow.id))).tuples().all())
    items = open_items(plan, year, day, scene.calendar)
    due = [item for item in items if item.occurrence.act_by < day]
    handed_in = {keys[item.key] or 0: item for number, item in enumerate(due) if number % _LEFT}
    with writing(engine) as session:
        _hand_in(session, sample, handed_in)
    return BusyOffice(engine, scene, sample, items)


def _hand_in(session: Session, sample: Sample, items: Mapping[int, WorkItem]) -> None:
    """One version each, by the plan's sample, a day before it is due; and the office's verdict on most of them."""
    entries = {row: sample.entry(item) for row, item in items.items()}
    times = {row: moment(item.occurrence.act_by - timedelta(days=1)) for row, item in items.items()}
    told = {"version": 1, "by": LIAISON, "door": "sample", "content_sha256": "0" * 64}
    rows = [{"item_id": r, "state": e.state.value, "at": times[r], **told} for r, e in entries.items()]
    session.execute(insert(SubmissionRow), rows)
    known = session.execute(select(col(SubmissionRow.item_id), col(SubmissionRow.id)))
    ids: dict[int, int] = {row: number or 0 for row, number in known}
    passages = [
        {"submission_id": ids[row], "slot": p.slot, "text": p.text}
        for row, entry in entries.items()
        for p in entry.passages
    ]
    figures = [
        {"submission_id": ids[row], "indicator": f.indicator, "value": f.value, "remark": f.remark}
        for row, entry in entries.items()
        for f in entry.figures
    ]
    session.execute(insert(PassageRow), passages)
    session.execute(insert(FigureRow), figures)
    reviews = [
        {"submission_id": ids[row], "reviewer": OFFICE, "at": at + timedelta(hours=7), **_verdict(number)}
        for number, (row, at) in enumerate(times.items())
        if number % _WAITING
    ]
    for start in range(0, len(reviews), _PART):
        session.execute(insert(ReviewRow), reviews[start : start + _PART])
        if (
            session.get_bind().dialect.name == "postgresql"
        ):  # which looks by itself only once the work is done
            session.execute(text("ANALYZE submission, review, item_state"))


def _verdict(number: int) -> dict[str, Any]:
    if number % _RETURNED:
        return {"verdict": "accepted", "reason": ""}
    return {"verdict": "returned", "reason": "请补充说明。"}
