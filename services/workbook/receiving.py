"""Taking a filled-in form in: all of it or nothing, with every fault told by sheet and cell."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from domain.entries import Fault, Refused
from domain.problems import Problem, ProblemKind
from models.engine import writing
from models.tables import ReceivedFileRow
from services import audit
from services.intake import Receipt, submit
from services.workbook.delivery import Edition
from services.workbook.grid import CellFault, Place
from services.workbook.reading import Filled, in_order, read_form
from services.workbook.safety import MAX_FILE
from services.workbook.scan import shown_name

DOOR = "excel"
MOST_NAME = 200
"""Characters of a file's name that are kept."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file.

    Attributes:
        file: its name as it may be shown.
        unit: id of the unit whose form it is; None where that could not be told.
        receipts: for every item taken over or found in the store already.
        problem: why the file as a whole was refused; None where it could be read.
        faults: what is wrong with its cells; nothing of it was taken over where there are any.
        notices: what was left aside, for its author to know.
        seen_before: whether this very file had been taken over already.
    """

    file: str
    unit: str | None = None
    receipts: tuple[Receipt, ...] = ()
    problem: Problem | None = None
    faults: tuple[CellFault, ...] = ()
    notices: tuple[str, ...] = ()
    seen_before: bool = False

    @property
    def refused(self) -> bool:
        """Whether nothing of the file was taken over."""
        return self.problem is not None or bool(self.faults)


@dataclass(frozen=True)
class Sender:
    """Who sends files in, and when; ``by`` takes the place of the name in the form, ``unit`` (an id) must be its."""

    at: datetime
    by: str = ""
    unit: str | None = None


class _RolledBackError(Exception):
    """Ends a transaction that only served to find faults."""


def receive(engine: Engine, edition: Edition, path: Path, sender: Sender) -> Outcome:
    """Take over what a filled-in form says, in one transaction; the same file again changes nothing.

    Args:
        engine: the store.
        edition: the plan in force.
        path: the file; its name means nothing unless it names another unit.
        sender: who sends it.
    """
    try:
        data = _read(path, shown_name(path.name)[:MOST_NAME])
    except Problem as problem:
        return Outcome(shown_name(path.name)[:MOST_NAME], problem=problem)
    return receive_bytes(engine, edition, path.name, data, sender)


def receive_bytes(engine: Engine, edition: Edition, name: str, data: bytes, sender: Sender) -> Outcome:
    """As :func:`receive`, for a file that came over the network: its name, and at most ``MAX_FILE + 1`` bytes of it."""
    name = shown_name(name)[:MOST_NAME]
    try:
        filled = read_form(data, name, edition.plan, edition.sha256, unit=sender.unit)
    except Problem as problem:
        return Outcome(name, problem=problem)
    try:
        with writing(engine) as session:
            return _take_over(session, edition, filled, _File(name, data), sender)
    except Refused as refused:
        faults = _with_cells(filled, refused.faults)
    except _RolledBackError:
        faults = filled.faults
    return Outcome(name, filled.stamp.unit, faults=faults, notices=filled.notices)


@dataclass(frozen=True)
class _File:
    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def _read(path: Path, name: str) -> bytes:
    """The file's bytes, never more than a form can have."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1)
    except OSError as error:
        mend = "请检查文件是否存在、能否打开。"
        raise Problem(
            ProblemKind.WORKBOOK_UNREADABLE, file=name, reason="打不开这个文件", mend=mend
        ) from error


def _take_over(session: Session, edition: Edition, filled: Filled, file: _File, sender: Sender) -> Outcome:
    """Store everything, or raise.

    A faulty form goes through the intake as well, so that its author learns of every fault at once.
    """
    unit, by = filled.stamp.unit, sender.by or filled.reporter
    audit.lock(session)  # the same file sent twice at once takes turns
    if not filled.faults and _is_known(session, file.sha256, unit):
        return Outcome(file.name, unit, notices=filled.notices, seen_before=True)
    receipts = submit(
        session,
        edition.plan,
        filled.entries,
        unit=unit,
        by=by,
        at=sender.at,
        door=DOOR,
        file_sha256=file.sha256,
    )
    if filled.faults:
        raise _RolledBackError
    if receipts:
        session.add(
            ReceivedFileRow(
                sha256=file.sha256,
                unit=unit,
                year=filled.stamp.year,
                name=file.name,
                size=len(file.data),
                at=sender.at,
                by=by,
            )
        )
    return Outcome(file.name, unit, receipts, notices=filled.notices)


def _is_known(session: Session, sha256: str, unit: str) -> bool:
    known = select(col(ReceivedFileRow.id)).where(
        col(ReceivedFileRow.sha256) == sha256, col(ReceivedFileRow.unit) == unit
    )
    return session.scalars(known).first() is not None


def _with_cells(filled: Filled, faults: Iterable[Fault]) -> tuple[CellFault, ...]:
    """The form's faults together with the intake's, each at its cell; one cell's own fault hides what follows from it."""
    faulty = {fault.place for fault in filled.faults}
    found = list(filled.faults)
    for fault in faults:
        place = _place(filled, fault)
        if place not in faulty:
            found.append(CellFault(place, fault.problem))
    return in_order(found)


def _place(filled: Filled, fault: Fault) -> Place:
    if fault.problem.kind is ProblemKind.PERSON_MISSING:
        return filled.contact
    places = filled.places
    return places.get((fault.key, fault.field)) or places.get((fault.key, None)) or Place("")
