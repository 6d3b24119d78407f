"""Handing out forms: from what the store knows to files in a folder."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session

from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from services.facts import last_figures, year_facts
from services.review import what_to_correct
from services.workbook.composing import Material, build_form
from services.workbook.export import render
from services.workbook.layout import Form, file_name


@dataclass(frozen=True)
class Edition:
    """A plan as it is in force, with the digest that its forms bear."""

    plan: Plan
    sha256: str


def forms(
    session: Session, plan: Plan, year: int, as_of: date, units: Sequence[str]
) -> Iterator[tuple[str, Form | None]]:
    """The forms of units (ids) for a year, one after the other; None where nothing is open for a unit.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        year: the year of the items.
        as_of: the day as of which the forms are written.
        units: ids of the units.
    """
    by_unit: dict[str, list[str]] = {}
    facts = year_facts(session, plan, year, units[0] if len(units) == 1 else None)
    for item in facts:
        by_unit.setdefault(item.item.unit, []).append(item.item.key)
    amending = what_to_correct(session, plan, year, as_of)
    for unit in units:
        mine = [item for item in facts if item.item.unit == unit]
        before = last_figures(session, plan, unit, by_unit.get(unit, ()))
        yield unit, build_form(plan, unit, year, Material(mine, before, as_of, amending))


def refuse_overwriting(forms: Iterable[Form], folder: Path) -> None:
    """Refuse to write forms into a folder where somebody may be filling in earlier ones.

    Raises:
        Problem: 515 for the first file that is there already.
    """
    for form in forms:
        path = _path(form, folder)
        if path.exists():
            raise Problem(ProblemKind.WORKBOOK_EXISTS, file=path)


def hand_out(form: Form, edition: Edition, folder: Path, at: datetime) -> Path:
    """Write a form into a folder, whole or not at all, in place of an earlier one; returns where it is."""
    folder.mkdir(parents=True, exist_ok=True)
    path = _path(form, folder)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(render(form, edition.sha256, at))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _path(form: Form, folder: Path) -> Path:
    return folder / file_name(form.unit_name, form.year)
