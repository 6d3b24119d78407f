"""Attachments (附件): inspected, kept outside the database under their digest, handed in with a version, read again.

The bytes stand in ``attachments/ab/abcdef…`` of the platform's home, outside everything that is served; the same
content stands there once. A file is there whole before the store knows of it.
"""

import hashlib
import os
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from domain.canonical import clean_text
from domain.plan import Plan
from domain.privacy import find
from domain.problems import Problem, ProblemKind
from domain.workdays import BEIJING
from models import attachments as store_rows
from models.desk import AttachmentRow
from models.tables import WorkItemRow
from services import audit
from services.attaching.inspector import Kind, inspect_apart
from services.items import OwnItem, own_item
from services.reasons import checked_person

FOLDER = "attachments"
MOST_BYTES = 20 * 1024 * 1024
"""Of one file."""
MOST_STORED = 40
"""Files that may ever be put to one item; nothing is removed, for a version may have been handed in with it."""
MOST_NAME = 100
"""Characters of a file's name that are kept."""
MOST_PLACES = 5
"""How many places a refusal names."""

_HIDDEN_NAME = "（文件名中有个人信息，已隐去）"
_SUFFIXES = {Kind.TEXT: (".txt", ".csv")}


@dataclass(frozen=True)
class Checked:
    """A file that may come in."""

    name: str
    kind: Kind
    data: bytes
    sha256: str


@dataclass(frozen=True)
class Attachment:
    """A file that a unit has put to an item."""

    number: int
    sha256: str
    name: str
    kind: Kind
    size: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Files:
    """The files of an item.

    Attributes:
        put: every file that was ever put to it, handed in or not, oldest first.
        handed_in: those handed in with a version, by the id of the submission, in the order of their digests.
    """

    put: tuple[Attachment, ...]
    handed_in: Mapping[int, tuple[Attachment, ...]]


def check(name: str, data: bytes) -> Checked:
    """Inspect a file before it is stored; outside of any transaction, for it takes seconds.

    Args:
        name: as the sender called it; it decides nothing.
        data: the whole file; give at most ``MOST_BYTES + 1`` bytes of it.

    Raises:
        Problem: 441 for what is not taken; 442 for what could identify a child, with the places; 443 where it is too large.
    """
    shown = _clean_name(name)
    if len(data) > MOST_BYTES:
        raise Problem(ProblemKind.ATTACHMENT_TOO_LARGE, file=shown, most=MOST_BYTES // 1024 // 1024)
    seen = inspect_apart(data)
    if seen.refused or seen.kind is None:
        raise Problem(ProblemKind.ATTACHMENT_REFUSED, file=shown, reason=seen.refused)
    if seen.found:
        told = "".join(f"{each.place}：{each.reason}" for each in seen.found[:MOST_PLACES])
        more = len(seen.found) - MOST_PLACES
        places = told + (f"另有 {more} 处。" if more > 0 else "")
        raise Problem(ProblemKind.ATTACHMENT_CHILD_DATA, file=shown, places=places)
    return Checked(_with_suffix(shown, seen.kind), seen.kind, data, hashlib.sha256(data).hexdigest())


def store(  # noqa: PLR0913 - whose file it is and where it goes; each is a different thing
    session: Session,
    plan: Plan,
    home: Path,
    key: str,
    checked: Checked,
    *,
    unit: str,
    by: str,
    at: datetime,
    actor: str | None = None,
) -> Attachment:
    """Put a file to an item; the same content again gives what is there.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        home: the platform's home (``Settings.home``).
        key: the item.
        checked: the file, of :func:`check`.
        unit: id of the unit, whose item it must be.
        by: name of the person.
        at: the moment, aware of its zone.
        actor: whom the chain names; the person where it is None.

    Raises:
        Problem: 401 for no such item; 404 for another unit's; 418 without a name; 444 where the item has too many.
    """
    by, at = checked_person(by, "上传人"), at.astimezone(BEIJING)
    item, _ = own_item(session, plan, key, unit, lock=True)
    known = store_rows.of_items(session, [item]).get(item, [])
    if same := [row for row in known if row.sha256 == checked.sha256]:
        _keep(home, checked)
        return _attachment(same[0])
    if len(known) >= MOST_STORED:
        raise Problem(ProblemKind.ATTACHMENTS_TOO_MANY, most=MOST_STORED)
    _keep(home, checked)
    row = AttachmentRow(
        item_id=item,
        sha256=checked.sha256,
        name=checked.name,
        kind=checked.kind.value,
        size=len(checked.data),
        by=by,
        at=at,
    )
    session.add(row)
    session.flush()
    detail: audit.Detail = {"attachment": row.id, "sha256": row.sha256, "size": row.size}
    audit.record(session, at=at, actor=actor or by, action="attach", subject=key, detail=detail)
    return _attachment(row)


def of_item(session: Session, own: OwnItem) -> Files:
    """The files of an item; one query."""
    files: dict[int, Attachment] = {}
    handed_in: defaultdict[int, list[Attachment]] = defaultdict(list)
    for row in store_rows.of_item(session, own.number):
        file = files.setdefault(row.id, _attachment(row))
        if row.submission_id is not None:
            handed_in[row.submission_id].append(file)
    by_digest = {one: tuple(sorted(f, key=lambda file: file.sha256)) for one, f in handed_in.items()}
    return Files(tuple(files.values()), by_digest)


def read(
    session: Session, plan: Plan, home: Path, number: int, *, by: str, at: datetime, unit: str | None = None
) -> tuple[Attachment, Path]:
    """A file to be read, proved to be what was put there; the chain tells who read it.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        home: the platform's home.
        number: of the attachment.
        by: name of whoever reads.
        at: the moment, aware of its zone.
        unit: id of the unit that reads its own; None for the office, which reads only what was handed in.

    Raises:
        Problem: 404 for another unit's; 445 for no such attachment; 446 where its bytes are gone or altered.
    """
    row = store_rows.by_id(session, number)
    item = session.get(WorkItemRow, row.item_id) if row is not None else None
    if row is None or item is None or item.plan_id != plan.id:
        raise Problem(ProblemKind.ATTACHMENT_UNKNOWN)
    if unit is not None and item.unit != unit:
        raise Problem(ProblemKind.ITEM_NOT_YOURS, key=item.key, unit=plan.unit(unit).name)
    if unit is None and not store_rows.is_handed_in(session, number):
        raise Problem(ProblemKind.ATTACHMENT_UNKNOWN)
    path = _path(home, row.sha256)
    if not _is_whole(path, row.sha256):
        raise Problem(ProblemKind.ATTACHMENT_ALTERED, file=row.name)
    detail: audit.Detail = {"attachment": number, "sha256": row.sha256}
    audit.record(session, at=at, actor=by, action="read-attachment", subject=item.key, detail=detail)
    return _attachment(row), path


def _attachment(row: AttachmentRow | Row[Any]) -> Attachment:
    return Attachment(row.id or 0, row.sha256, row.name, Kind(row.kind), row.size, row.by, row.at)


def _clean_name(name: str) -> str:
    """The last part of a name, without what cannot be seen; hidden where it could identify a child."""
    last = PurePosixPath(clean_text(name).replace("\\", "/")).name
    plain = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(". ")
    return (_HIDDEN_NAME if find(plain) else plain[-MOST_NAME:]) or "附件"


def _with_suffix(name: str, kind: Kind) -> str:
    """The name with the suffix of what the file is."""
    return name if name.lower().endswith(_SUFFIXES.get(kind, (f".{kind}",))) else f"{name}.{kind}"


def _path(home: Path, sha256: str) -> Path:
    return home / FOLDER / sha256[:2] / sha256


def _is_whole(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def _keep(home: Path, checked: Checked) -> None:
    """Write the bytes so that they are whole or not there, also after a power cut; what is there whole stays."""
    path = _path(home, checked.sha256)
    if _is_whole(path, checked.sha256):
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as file:  # mode 0600
        part = Path(file.name)
        try:
            file.write(checked.data)
            file.flush()
            os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name itself must survive a power cut
    finally:
        os.close(folder)
