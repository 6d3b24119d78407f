"""The list of contacts as a workbook: out to be filled in, and in again, all of it or nothing.

Its first columns are 单位, 岗位, 姓名 and 登录名; every further column is headed by the name of a channel, and those further
left are tried first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Engine
from sqlmodel import Session

from domain.canonical import clean_text, person
from domain.messages import POST_NAMES, Post
from domain.people import Account
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.typed import UnfitError
from models.engine import writing
from services import contacts
from services.addresses import Address
from services.contacts import Contact
from services.reach import missing
from services.workbook.cells import text
from services.workbook.grid import CellFault, Place
from services.workbook.reading import load
from services.workbook.safety import MAX_FILE, inspect
from services.workbook.table import Value, render_table

UNIT, POST, NAME, LOGIN = "单位", "岗位", "姓名", "登录名"
COLUMNS = (UNIT, POST, NAME, LOGIN)
SHEET = "联系人"
MOST_ROWS = 5000
"""Rows of a sheet that are gone through."""
_HEAD_WITHIN = 10
_POSTS = {name: post for post, name in POST_NAMES.items()}


@dataclass(frozen=True)
class Imported:
    """What an import came to: how many contacts are new, and how many were changed or found as they are."""

    added: int
    changed: int


class ContactFaults(Problem):
    """A list that was refused, with everything that is wrong with it by cell."""

    def __init__(self, file: str, faults: Sequence[CellFault]) -> None:
        super().__init__(ProblemKind.CONTACTS_REFUSED, file=file, count=len(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class _Row:
    place: Place
    unit: str
    post: Post
    name: str
    login: str
    addresses: tuple[Address, ...]


def render_contacts(session: Session, plan: Plan, channels: Sequence[str], at: datetime) -> bytes:
    """The list as a workbook; posts that the ladder tells and that nobody holds are there without a name, to be filled in.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        channels: names of channels that have a column besides those that somebody has an address of.
        at: the moment that the file bears.
    """
    known = [one for one in contacts.everybody(session, plan) if one.active]
    logins = contacts.logins(session, known)
    heads = list(dict.fromkeys([*(a.channel for one in known for a in one.addresses), *channels]))
    rows = [_cells(plan, one, logins.get(one.account or 0, ""), heads) for one in known]
    here = {(one.unit, one.post) for one in known}
    rows += [
        [_unit_name(plan, one.unit), POST_NAMES[one.post], "", "", *("" for _ in heads)]
        for one in missing(session, plan)
        if (one.unit, one.post) not in here
    ]
    columns = [(UNIT, 22.0), (POST, 16.0), (NAME, 14.0), (LOGIN, 14.0), *((head, 28.0) for head in heads)]
    return render_table(SHEET, f"{plan.short_name}：联系人", columns, rows, at)


def import_file(engine: Engine, plan: Plan, path: Path, *, by: str, at: datetime) -> Imported:
    """As :func:`import_contacts` for a file on this machine.

    Raises:
        Problem: 502 besides, where it cannot be opened.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise Problem(
            ProblemKind.WORKBOOK_UNREADABLE,
            file=path.name,
            reason="找不到或打不开这个文件",
            mend="请核对路径。",
        ) from error
    return import_contacts(engine, plan, path.name, data, by=by, at=at)


def import_contacts(
    engine: Engine,
    plan: Plan,
    name: str,
    data: bytes,
    *,
    by: str,
    at: datetime,
    acting: Account | None = None,
) -> Imported:
    """Take a list over: somebody with the same unit, post and name gets the addresses of the list, others are new.

    Nobody is taken off the list because a row is missing.

    Args:
        engine: the store.
        plan: the plan in force.
        name: of the file, as it may be shown.
        data: the whole file.
        by: who imports.
        at: the moment.
        acting: as for :func:`services.contacts.add`.

    Raises:
        Problem: 1107, as :class:`ContactFaults`, where anything is wrong, and then nothing was taken over; 502, 504 for a
            file that cannot be read or is no harmless workbook.
    """
    inspect(data, name)
    workbook = load(data, name)
    faults: list[CellFault] = []
    rows = list(_rows(workbook.worksheets[0], faults))
    added = 0
    with writing(engine) as session:
        for row in rows:
            try:
                added += _take(session, plan, row, by, at, acting)
            except Problem as problem:
                faults.append(CellFault(row.place, problem))
        if faults:
            raise ContactFaults(name, faults)
    return Imported(added, len(rows) - added)


def _take(session: Session, plan: Plan, row: _Row, by: str, at: datetime, acting: Account | None) -> int:
    """Add or change one contact; says how many are new."""
    unit = plan.unit(row.unit).id if row.unit else ""
    for known in contacts.everybody(session, plan, unit):
        if known.active and known.post is row.post and person(known.name) == person(row.name):
            contacts.change(
                session,
                plan,
                known.number,
                name=row.name,
                addresses=row.addresses,
                login=row.login,
                by=by,
                at=at,
                acting=acting,
            )
            return 0
    contacts.add(
        session,
        plan,
        unit=unit,
        post=row.post,
        name=row.name,
        addresses=row.addresses,
        login=row.login,
        by=by,
        at=at,
        acting=acting,
    )
    return 1


def _rows(ws: Worksheet, faults: list[CellFault]) -> Iterator[_Row]:
    """The rows that have a name; what is wrong with a cell goes to ``faults``."""
    head, columns = _heading(ws)
    if not head:
        expected = "、".join(COLUMNS)
        problem = Problem(ProblemKind.HEADING_CHANGED, titles=f"{UNIT}、{POST}、{NAME}", expected=expected)
        faults.append(CellFault(Place(ws.title), problem))
        return
    for number in range(head + 1, min(ws.max_row, head + MOST_ROWS) + 1):
        words: dict[str, str] = {}
        for title, column in columns.items():
            cell = ws.cell(number, column)
            try:
                words[title] = clean_text(text(cell.value, cell.data_type))
            except UnfitError as unfit:
                problem = Problem(ProblemKind.CELL_INVALID, found=unfit.found, expected="直接填写文字")
                faults.append(CellFault(Place(ws.title, cell.coordinate), problem))
        row = _row(words, Place(ws.title, ws.cell(number, columns[NAME]).coordinate), faults)
        if row is not None:
            yield row


def _row(words: dict[str, str], place: Place, faults: list[CellFault]) -> _Row | None:
    """One row's contact; None for one without a name, which nobody filled in."""
    channels = [(title, words[title]) for title in words if title not in COLUMNS and words[title]]
    if not words.get(NAME):
        if channels or words.get(LOGIN):
            _fault(faults, place, "这一行没有姓名", "请补填姓名，或清空这一行。")
        return None
    post = _POSTS.get(words.get(POST, ""))
    if post is None:
        _fault(faults, place, f"没有岗位“{words.get(POST, '')[:20]}”", f"可用的岗位：{'、'.join(_POSTS)}。")
        return None
    return _Row(
        place=place,
        unit=words.get(UNIT, ""),
        post=post,
        name=words[NAME],
        login=words.get(LOGIN, ""),
        addresses=tuple(Address(channel, address) for channel, address in channels),
    )


def _heading(ws: Worksheet) -> tuple[int, dict[str, int]]:
    """The row of the heads, 0 where there is none, and the column of each head from left to right."""
    for cells in ws.iter_rows(max_row=min(ws.max_row, _HEAD_WITHIN)):
        found: dict[str, int] = {}
        for cell in cells:
            title = clean_text(str(cell.value)) if cell.value is not None else ""
            if title:
                found.setdefault(title, cell.column)
        if {UNIT, POST, NAME} <= set(found):
            return int(cells[0].row), found
    return 0, {}


def _fault(faults: list[CellFault], place: Place, fault: str, mend: str) -> None:
    faults.append(CellFault(place, Problem(ProblemKind.CONTACT_ROW, fault=fault, mend=mend)))


def _cells(plan: Plan, one: Contact, login: str, heads: Sequence[str]) -> list[Value]:
    reached: dict[str, Any] = {a.channel: a.address for a in one.addresses}
    return [
        _unit_name(plan, one.unit),
        POST_NAMES[one.post],
        one.name,
        login,
        *(reached.get(head, "") for head in heads),
    ]


def _unit_name(plan: Plan, unit: str) -> str:
    if not unit:
        return ""
    return plan.units_by_id[unit].name if unit in plan.units_by_id else unit
