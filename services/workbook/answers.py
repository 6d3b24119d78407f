"""From the rows of a form to what a unit hands in: one entry an item, untouched items left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from openpyxl.cell.cell import Cell, MergedCell

from domain.canonical import clean_text
from domain.entries import FigureEntry, ItemEntry, Passage, State
from domain.plan import Plan
from domain.privacy import find_in_value
from domain.problems import Problem, ProblemKind
from domain.typed import UnfitError
from services.workbook.cells import figure, state, text
from services.workbook.grid import CellFault, Grid, Place
from services.workbook.layout import ANNUAL_SHEET, Column, Fill, expected
from services.workbook.prints import exact_print_of
from services.workbook.stamp import Row
from services.workbook.writer import readable

Field = tuple[str, str | None]
"""An item's key and one of its fields as in ``domain.entries.Fault``; None for the item as a whole."""


@dataclass
class Answers:
    """What was filled in, what of it cannot be understood, and where each field stands."""

    entries: list[ItemEntry] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    places: dict[Field, Place] = field(default_factory=dict)


@dataclass
class _Draft:
    """An item on its way to becoming an entry."""

    state: State | None = None
    touched: bool = False
    passages: list[Passage] = field(default_factory=list)
    figures: list[FigureEntry] = field(default_factory=list)


def collect(plan: Plan, grids: Mapping[str, Grid], rows: Mapping[str, Row]) -> Answers:
    """What was filled in, by item.

    An item counts as filled in where anything of it differs from what the form was handed out with; the others are
    not handed in again, so that an old copy cannot undo what was sent meanwhile.

    Args:
        plan: the plan of the form.
        grids: the form's sheets by name.
        rows: the stamp's rows by number.
    """
    answers = Answers()
    drafts: dict[str, _Draft] = {}
    for number, row in rows.items():
        grid = grids.get(row.sheet)
        if grid is None or number not in grid.rows:
            continue
        draft = drafts.setdefault(row.key, _Draft())
        values = [_plain(grid.cell(number, column)) for column in grid.sheet.filled]
        draft.touched = draft.touched or exact_print_of(values) != row.filled
        _Line(plan, grid, number, row, answers).read_into(draft)
    for key, draft in drafts.items():
        if draft.touched:
            _finish(key, draft, answers)
    return answers


@dataclass
class _Line:
    """One row of the form, being read."""

    plan: Plan
    grid: Grid
    number: str
    row: Row
    answers: Answers

    def read_into(self, draft: _Draft) -> None:
        """Add what this row says to its item's draft."""
        columns = {column.fill: column for column in self.grid.sheet.filled}
        if Fill.FIGURE in columns:
            draft.figures.append(self._figure(columns[Fill.FIGURE], columns[Fill.REMARK]))
            return
        if Fill.STATE in columns:
            draft.state = self._state(columns[Fill.STATE])
        elif self.row.sheet == ANNUAL_SHEET.name:
            draft.state = State.DONE  # a report that is handed in is done; it has no column for it
        passage = self._text(columns[Fill.TEXT], f"passage:{self.row.part}")
        if passage:
            draft.passages.append(Passage(slot=self.row.part, text=passage))

    def _state(self, column: Column) -> State | None:
        cell = self._cell(column, "state")
        try:
            return state(cell.value, cell.data_type)
        except UnfitError as unfit:
            self._unfit(cell, column, unfit)
            return None

    def _text(self, column: Column, name: str) -> str:
        cell = self._cell(column, name)
        try:
            return clean_text(text(cell.value, cell.data_type))
        except UnfitError as unfit:
            self._unfit(cell, column, unfit)
            return ""

    def _figure(self, column: Column, remark: Column) -> FigureEntry:
        indicator = self.row.part
        cell = self._cell(column, f"figure:{indicator}")
        value: Decimal | None = None
        try:
            read = figure(cell.value, cell.data_type, self.row.decimals)
            value = None if find_in_value(read) else read  # a telephone number must get no further
        except UnfitError as unfit:
            self._unfit(cell, column, unfit)
        told = self._text(remark, f"remark:{indicator}")
        return FigureEntry(indicator=indicator, value=value, remark=told)

    def _cell(self, column: Column, name: str) -> Cell | MergedCell:
        cell = self.grid.cell(self.number, column)
        place = Place(self.grid.sheet.name, cell.coordinate)
        self.answers.places[self.row.key, name] = place
        self.answers.places.setdefault((self.row.key, None), place)
        return cell

    def _unfit(self, cell: Cell | MergedCell, column: Column, unfit: UnfitError) -> None:
        """Tell what is wrong with a cell, unless the guard has something against it and will say so itself."""
        if find_in_value(_plain(cell)):
            return
        place = Place(self.grid.sheet.name, cell.coordinate)
        problem = Problem(ProblemKind.CELL_INVALID, found=unfit.found, expected=expected(column.fill))
        if column.fill is Fill.FIGURE:
            name = self.plan.indicators_by_id[self.row.part].name
            problem = Problem(
                ProblemKind.FIGURE_CELL_INVALID, name=name, found=unfit.found, expected=expected(column.fill)
            )
        self.answers.faults.append(CellFault(place, problem))


def _finish(key: str, draft: _Draft, answers: Answers) -> None:
    if draft.state is not None:
        entry = ItemEntry(
            key=key, state=draft.state, passages=tuple(draft.passages), figures=tuple(draft.figures)
        )
        answers.entries.append(entry)
        return
    place = answers.places.get((key, "state"))
    if place is not None and not any(fault.place == place for fault in answers.faults):
        problem = Problem(ProblemKind.STATE_MISSING, expected=expected(Fill.STATE))
        answers.faults.append(CellFault(place, problem))


def _plain(cell: Cell | MergedCell) -> object:
    """What a reader sees in a cell; one with nothing but control characters is as good as empty."""
    return (clean_text(readable(cell.value)) or None) if isinstance(cell.value, str) else cell.value
