"""The matrix of units and measures (举措×单位): how each unit stands with each measure, by pages of units."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from domain.plan import SAFEGUARDS, Plan, Unit, UnitKind
from domain.status import OWED, Light, Stage, spans, worst
from domain.workdays import WorkCalendar
from models import lists
from models.lists import Wanted
from models.states import Seen, seen
from services.reckoning import Lit, lights_of

PAGE = 50
"""How many units a page of the matrix shows."""


class Column(BaseModel):
    """A measure; ``number`` is None for the duties that serve all measures (保障措施)."""

    model_config = ConfigDict(frozen=True)

    number: int | None
    title: str


class Cell(BaseModel):
    """How a unit stands with a measure, over all periods that are open.

    Attributes:
        light: the worst of its items; grey where nothing is open.
        items: how many are open.
        owed: not handed in, or sent back.
        finished: accepted as done, or as without occasion.
        late: owed, and past the due day.
        to_review: waiting for the office.
    """

    model_config = ConfigDict(frozen=True)

    light: Light = Light.GREY
    items: int = 0
    owed: int = 0
    finished: int = 0
    late: int = 0
    to_review: int = 0


class MatrixRow(BaseModel):
    """A unit and its cells, in the order of the columns; None where it has no part in a measure and owes nothing."""

    model_config = ConfigDict(frozen=True)

    unit_id: str
    unit: str
    kind: UnitKind
    light: Light
    cells: tuple[Cell | None, ...]


class Matrix(BaseModel):
    """A page of the matrix, counted from 1; ``total`` is how many units all pages have together."""

    model_config = ConfigDict(frozen=True)

    number: int
    size: int
    total: int
    columns: tuple[Column, ...]
    rows: tuple[MatrixRow, ...]

    @property
    def pages(self) -> int:
        """How many pages there are; one where no unit is shown."""
        return max(1, -(-self.total // self.size))


def matrix(  # noqa: PLR0913 - what a page of it consists of; each is a different thing
    session: Session,
    plan: Plan,
    as_of: date,
    calendar: WorkCalendar,
    *,
    kinds: Sequence[UnitKind] = (),
    measures: Sequence[int | None] = (),
    light: Light | None = None,
    year: int | None = None,
    number: int = 1,
    size: int = PAGE,
) -> Matrix:
    """A page of the matrix at the end of a day; one query, and one more to find units by a light.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force; its order is that of units and measures.
        as_of: the day.
        calendar: working days.
        kinds: only units of these kinds; all where it is empty.
        measures: only these, None among them for what serves all; all where it is empty.
        light: only units with an item that shows it, among these measures.
        year: only what falls due in it.
        number: of the page, from 1; one that there is not is empty.
        size: how many units a page shows.
    """
    wanted = Wanted(measures=tuple(measures), year=year)
    shown = [unit for unit in plan.units if not kinds or unit.kind in kinds]
    items = seen(session, plan.id, as_of)
    if light is not None:
        lit = Wanted(spans(light, as_of, plan.rules.lights, calendar), measures=wanted.measures, year=year)
        having = lists.units(session, items, lit)
        shown = [unit for unit in shown if unit.id in having]
    own = shown[(number - 1) * size : number * size]
    columns = _columns(plan, measures)
    cells = _cells(session, plan, items, as_of, calendar, wanted, own)
    shares = {
        column.number: set(plan.measure_units(column.number)) if column.number is not None else set()
        for column in columns
    }
    return Matrix(
        number=number,
        size=size,
        total=len(shown),
        columns=columns,
        rows=tuple(_row(unit, columns, cells, shares) for unit in own),
    )


Cells = dict[tuple[str, int | None], Cell]


def _columns(plan: Plan, measures: Sequence[int | None]) -> tuple[Column, ...]:
    every = [*(Column(number=m.number, title=m.title) for m in plan.measures)]
    every.append(Column(number=None, title=SAFEGUARDS))
    return tuple(column for column in every if not measures or column.number in measures)


def _cells(
    session: Session,
    plan: Plan,
    items: Seen,
    as_of: date,
    calendar: WorkCalendar,
    wanted: Wanted,
    own: Sequence[Unit],
) -> Cells:
    if not own:
        return {}
    of_page = Wanted(units=tuple(unit.id for unit in own), measures=wanted.measures, year=wanted.year)
    together: defaultdict[tuple[str, int | None], list[Lit]] = defaultdict(list)
    rows = lists.stages(session, items, ["unit", "measure"], of_page)
    for row, lit in zip(rows, lights_of(plan, rows, as_of, calendar), strict=True):
        together[row.unit, row.measure].append(lit)
    return {where: _cell(groups, as_of) for where, groups in together.items()}


def _cell(groups: Sequence[Lit], as_of: date) -> Cell:
    return Cell(
        light=worst(g.light for g in groups),
        items=sum(g.items for g in groups),
        owed=sum(g.items for g in groups if g.stage in OWED),
        finished=sum(g.items for g in groups if g.stage is Stage.FINISHED),
        late=sum(g.items for g in groups if g.late(as_of)),
        to_review=sum(g.pending for g in groups),
    )


def _row(
    unit: Unit, columns: Sequence[Column], cells: Cells, shares: dict[int | None, set[str]]
) -> MatrixRow:
    own = tuple(
        cells.get((unit.id, column.number)) or (Cell() if unit.id in shares[column.number] else None)
        for column in columns
    )
    light = worst(cell.light for cell in own if cell is not None)
    return MatrixRow(unit_id=unit.id, unit=unit.name, kind=unit.kind, light=light, cells=own)
