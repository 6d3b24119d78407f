"""Opening a year's items, beside a bare INSERT of the same rows; and its growth with the units."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Engine

from cli.bench.measure import Stopwatch, in_turn
from cli.bench.results import Result, Row, Target
from cli.bench.scene import Scene
from cli.bench.stores import Stores
from models.engine import writing
from models.tables import WorkItemRow
from services.opening import open_year
from services.plan_versions import PlanVersion, adopt
from services.sample.desk import OFFICE, moment

TARGET = Target(seconds=10.0)
"""For the largest number of units."""

_COLUMNS = tuple(c.name for c in WorkItemRow.metadata.tables["work_item"].columns if c.name != "id")


def opening(scene: Scene, stores: Stores, sizes: Sequence[int], rounds: int) -> Result:
    """Open the year for each number of units; the last one, the largest, is held to the target."""
    rows: list[Row] = []
    for units in sizes:
        trials = _Trials(scene.of(units), stores)
        costs = in_turn(
            f"开出事项（{stores.name}，{units:,} 个单位）",
            {"services": trials.by_services, "bare": trials.bare},
            rounds,
        )
        items = len(trials.content)
        bare = Row("└ 对照：把同样的行直接插入", costs["bare"], items, "项")
        ours = Row(f"{units:,} 个单位", costs["services"], items, "项").compared(bare, "对照")
        rows += [ours.grown(rows[0]) if rows else ours, bare]
    rows[-2] = rows[-2].held_to(TARGET)
    return Result("opening", f"开出一年的事项（{stores.name}）", tuple(rows))


@dataclass(frozen=True)
class _Trials:
    """Both ways to the same rows."""

    scene: Scene
    stores: Stores

    def by_services(self, watch: Stopwatch) -> None:
        """As the command does it."""
        with self._adopted() as (engine, version):
            self._open(engine, version, watch)

    def bare(self, watch: Stopwatch) -> None:
        """One prepared statement for all rows, with the table's keys and indices, in one transaction."""
        content = self.content
        with self._adopted() as (engine, _):
            mark = "?" if engine.dialect.name == "sqlite" else "%s"
            marks = ", ".join([mark] * len(_COLUMNS))
            statement = f"INSERT INTO work_item ({', '.join(_COLUMNS)}) VALUES ({marks})"  # noqa: S608 - our own names
            with watch, engine.begin() as connection:
                connection.exec_driver_sql(statement, content)

    @cached_property
    def content(self) -> list[tuple[Any, ...]]:
        """The rows, as the database's own driver gives them."""
        with self._adopted() as (engine, version):
            self._open(engine, version, Stopwatch())
            columns = ", ".join(_COLUMNS)
            with engine.connect() as connection:
                rows = connection.exec_driver_sql(f"SELECT {columns} FROM work_item ORDER BY id")  # noqa: S608 - as above
                return [tuple(row) for row in rows]

    @contextmanager
    def _adopted(self) -> Iterator[tuple[Engine, PlanVersion]]:
        plan = self.scene.plan
        with self.stores.fresh() as engine:
            with writing(engine) as session:
                version = adopt(session, plan, at=moment(plan.document.issued), actor=OFFICE)
            yield engine, version

    def _open(self, engine: Engine, version: PlanVersion, watch: Stopwatch) -> None:
        plan, year = self.scene.plan, self.scene.year
        last_day = date(year, 12, 31)
        with watch, writing(engine) as session:
            open_year(
                session,
                plan,
                version,
                year,
                as_of=last_day,
                calendar=self.scene.calendar,
                at=moment(last_day),
                actor=OFFICE,
            )
