"""Deciding what the ladder owes for very many open items, beside a bare reading of the same rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Engine, func, insert, select

from cli.bench.measure import Stopwatch, in_turn
from cli.bench.results import Result, Row, Target
from cli.bench.scene import Scene
from cli.bench.stores import Stores
from domain.duties import open_items
from domain.messages import OF_UNITS, Post
from domain.workdays import BEIJING
from models.engine import reading, writing
from models.messages import ContactAddressRow, ContactRow
from models.tables import Row as Base
from services.opening import open_year
from services.plan_versions import adopt
from services.reminding import digests, plan_messages
from services.sample.desk import OFFICE, moment

TARGET = Target(seconds=5.0)
"""For deciding, with the number of items that is asked for."""
_STATE = Base.metadata.tables["item_state"].c


def deciding(scene: Scene, stores: Stores, items: int, rounds: int) -> Result:
    """Decide for so many items at the end of a year in which nobody handed in anything, and put it into the ledger.

    Args:
        scene: the plan, to be given as many units as it takes.
        stores: where.
        items: how many must be open.
        rounds: how often each trial is run.
    """
    trials = _Trials(_with_items(scene, items), stores)
    with trials.filled() as engine:
        costs = in_turn(
            f"决定该提醒谁（{stores.name}）",
            {"decide": lambda w: trials.decide(engine, w), "bare": lambda w: trials.bare(engine, w)},
            rounds,
        )
        plan = in_turn("写入消息台账", {"plan": lambda w: trials.plan(engine, w)}, 1)["plan"]
        told = trials.told
    bare = Row("└ 对照：把同样的行逐条读出", costs["bare"], trials.items, "项")
    ours = Row("决定该提醒谁", costs["decide"], trials.items, "项").compared(bare, "对照")
    whole = Row("再连同写入台账", plan, told, "项次")
    return Result("reminders-decide", f"决定提醒（{stores.name}）", (ours.held_to(TARGET), bare, whole))


def _with_items(scene: Scene, items: int) -> Scene:
    """The scene with as many units as it takes for so many items; each unit more owes about what a township owes."""
    plan = scene.plan

    def count(one: Scene) -> int:
        return len(open_items(one.plan, scene.year, date(scene.year, 12, 31), scene.calendar))

    own, doubled = count(scene), count(scene.of(2 * len(plan.units)))
    each = max(1, (doubled - own) // len(plan.units))
    return scene.of(len(plan.units) + max(0, -(-(items - own) // each)))


@dataclass
class _Trials:
    """Both ways over the same store."""

    scene: Scene
    stores: Stores
    items: int = 0
    told: int = 0

    @property
    def day(self) -> date:
        """The last working day of the year."""
        return self.scene.calendar.last_workday(date(self.scene.year, 12, 31)).date

    def decide(self, engine: Engine, watch: Stopwatch) -> None:
        """As the daily round does it, without writing."""
        with watch, reading(engine) as session:
            found = digests(
                session, self.scene.plan, as_of=self.day, calendar=self.scene.calendar, at=self._at
            )
            self.told = sum(len(one.items) for one in found)

    def bare(self, engine: Engine, watch: Stopwatch) -> None:
        """Every item as it stands, and nothing more."""
        rows = select(_STATE.item_id, _STATE.unit, _STATE.duty, _STATE.period, _STATE.due, _STATE.stage)
        with watch, reading(engine) as session:
            sum(1 for _ in session.execute(rows, execution_options={"yield_per": 1000}))

    def plan(self, engine: Engine, watch: Stopwatch) -> None:
        """As the daily round does it."""
        with watch:
            planned = plan_messages(
                engine,
                self.scene.plan,
                as_of=self.day,
                calendar=self.scene.calendar,
                at=self._at,
                by=OFFICE,
            )
        self.told = planned.items

    @property
    def _at(self) -> datetime:
        return datetime.combine(self.day, time(6), BEIJING)

    @contextmanager
    def filled(self) -> Iterator[Engine]:
        """A store with the year open, nothing handed in, and everybody to be reached."""
        plan, day = self.scene.plan, date(self.scene.year, 12, 31)
        with self.stores.fresh() as engine:
            with writing(engine) as session:
                version = adopt(session, plan, at=moment(plan.document.issued), actor=OFFICE)
                open_year(
                    session,
                    plan,
                    version,
                    self.scene.year,
                    as_of=day,
                    calendar=self.scene.calendar,
                    at=moment(day),
                    actor=OFFICE,
                )
                contacts = list(self._contacts())
                session.execute(insert(ContactRow), contacts)
                addresses = [
                    {"contact_id": one["id"], "channel": "outbox", "address": "outbox", "rank": 0}
                    for one in contacts
                ]
                session.execute(insert(ContactAddressRow), addresses)
                self.items = session.scalar(select(func.count()).select_from(_STATE.item_id.table)) or 0
            yield engine

    def _contacts(self) -> Iterator[dict[str, object]]:
        posts = [(unit, post) for post in Post if post in OF_UNITS for unit in self.scene.plan.units_by_id]
        posts += [("", post) for post in Post if post not in OF_UNITS]
        for number, (unit, post) in enumerate(posts, start=1):
            yield {
                "id": number,
                "plan_id": self.scene.plan.id,
                "unit": unit,
                "post": post.value,
                "name": "联络员（示例）",
                "active": True,
                "made_at": moment(self.day),
                "made_by": OFFICE,
            }
