"""Plan and platform at one moment, in one answer for the page and the shell: how it stands, and whether all is well."""

import json
from collections.abc import Callable
from datetime import date, datetime
from enum import IntEnum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.schedule import timetables
from domain.workdays import BEIJING
from models.engine import reading
from models.tables import RoundRunRow
from services.plan_versions import current
from services.plans import load_plan
from services.reach import Gap, gaps
from services.running import Running, running
from services.settings import Settings
from services.standing import MOST, Standing, standing
from services.watchman import Trouble, row_kind, troubles
from services.workcalendar import work_calendar

LAST_ROUNDS = 8
"""How many of the last rounds are told."""

LookAtEngine = Callable[[Running, datetime], tuple[Trouble, ...]]


class Level(IntEnum):
    """How it is, as the exit status of ``guanai status``."""

    FINE = 0
    LATE = 1
    BROKEN = 3


class Health(BaseModel):
    """Whether all is well with the platform itself at the moment ``at``; cheap, however much has been opened."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    running: Running | None
    troubles: tuple[Trouble, ...]

    @property
    def broken(self) -> int:
        """In how many places the platform is at fault."""
        return sum(trouble.broken for trouble in self.troubles)


class RoundLine(BaseModel):
    """A round that was done: for which day, when it came to be done, and what it counted."""

    model_config = ConfigDict(frozen=True)

    title: str
    day: date
    at: datetime
    detail: dict[str, object]


class Situation(Health):
    """Platform and plan together.

    Attributes:
        version: of the plan in force.
        standing: how the plan stands.
        unreachable: posts that the ladder tells and in which nobody can be reached.
        rounds: those done last.
    """

    version: int
    standing: Standing
    unreachable: tuple[Gap, ...]
    rounds: tuple[RoundLine, ...]

    @property
    def level(self) -> Level:
        """How it is on the whole; what is broken comes before what is late."""
        if self.broken:
            return Level.BROKEN
        return Level.LATE if self.standing.late.total or self.troubles else Level.FINE

    @property
    def verdict(self) -> str:
        """How it is, in one sentence."""
        late, waiting = self.standing.late.total, self.standing.to_review.total
        parts = [
            f"平台有 {self.broken} 处异常"
            if self.broken
            else "平台运行正常"
            if self.running
            else "平台没有在运行",
            f"{late} 项逾期" if late else "没有逾期事项",
            *(["有报告尚未生成"] if any(t.kind == "report" for t in self.troubles) else []),
            *([f"{waiting} 项等待审核"] if waiting else []),
        ]
        return "，".join(parts) + "。"


def health(
    settings: Settings, engine: Engine, at: datetime, look_at_engine: LookAtEngine = lambda *_: ()
) -> Health:
    """Whether all is well with the platform at the moment ``at``.

    Args:
        settings: of this installation.
        engine: its store.
        at: the moment, aware of its zone.
        look_at_engine: what asks Prefect about runs that hang or crashed; asked only while the platform runs.

    Raises:
        Problem: 101, 102 for the plan's files; 108 where no plan is in force.
    """
    at = at.astimezone(BEIJING)
    found = running(settings.home)
    with reading(engine) as session:
        plan, _ = _in_force(session, load_plan(settings.plan))
        own = troubles(session, plan, at, work_calendar(plan.rules.calendar.beyond_known), found)
    return Health(at=at, running=found, troubles=(*own, *(look_at_engine(found, at) if found else ())))


def situation(
    settings: Settings,
    engine: Engine,
    at: datetime,
    look_at_engine: LookAtEngine = lambda *_: (),
    most: int | None = MOST,
) -> Situation:
    """How platform and plan stand at the moment ``at``; errors as for :func:`health`.

    Args:
        settings: of this installation.
        engine: its store.
        at: the moment, aware of its zone.
        look_at_engine: what asks Prefect about runs that hang or crashed; asked only while the platform runs.
        most: how many items each list shows; None for all of them.
    """
    well = health(settings, engine, at, look_at_engine)
    with reading(engine) as session:
        plan, version = _in_force(session, load_plan(settings.plan))
        calendar = work_calendar(plan.rules.calendar.beyond_known)
        stands = standing(session, plan, well.at.date(), calendar, most)
        unreachable, rounds = gaps(session, plan), _rounds(session, plan)
    return Situation(
        at=well.at,
        running=well.running,
        troubles=well.troubles,
        version=version,
        standing=stands,
        unreachable=unreachable,
        rounds=rounds,
    )


def _in_force(session: Session, wanted: Plan) -> tuple[Plan, int]:
    found = current(session, wanted.id)
    if found is None:
        raise Problem(ProblemKind.PLAN_NOT_IN_FORCE, plan=wanted.short_name)
    plan, version = found
    return plan, version.number


def _rounds(session: Session, plan: Plan) -> tuple[RoundLine, ...]:
    titles = {kind: timetable.name for timetable in timetables(plan) if (kind := row_kind(timetable))}
    last = (
        select(RoundRunRow)
        .where(col(RoundRunRow.plan_id) == plan.id, col(RoundRunRow.kind).in_(titles))
        .order_by(col(RoundRunRow.at).desc(), col(RoundRunRow.id).desc())
        .limit(LAST_ROUNDS)
    )
    return tuple(
        RoundLine(title=titles[row.kind], day=row.as_of, at=row.at, detail=json.loads(row.detail))
        for row in session.scalars(last)
    )
