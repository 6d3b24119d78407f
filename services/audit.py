"""The audit chain: who did what when, each line sealed with the hash of the line before.

A line holds names, keys, counts and digests; never a figure, a text or anything about a child.

:func:`verify` sees a line that was changed, removed, inserted or moved, also at the end, and content that no longer
has the digest under which it was handed in. It cannot see a chain that somebody with full rights over the database
has rewritten to its end, head included. Against that, keep the head (count and hash, as ``guanai audit verify``
prints it) outside the database, and hand it to the next check as ``expected``.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from domain.canonical import canonical_json
from models.tables import AuditHeadRow, AuditLineRow

Detail = Mapping[str, str | int | None]

NOTHING_YET = "0" * 64
"""What the first line names as the hash before it."""

_HEAD = select(col(AuditHeadRow.seq), col(AuditHeadRow.hash))


@dataclass(frozen=True)
class Head:
    """The newest line: its number (0 for none) and its hash."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


@dataclass(frozen=True)
class AuditFault:
    """A line that is not as it was written, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class AuditReport:
    """What a check of the whole chain found; ``lines`` is how many it read."""

    lines: int
    head: Head
    faults: tuple[AuditFault, ...]

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def record(session: Session, *, at: datetime, actor: str, action: str, subject: str, detail: Detail) -> None:
    """Add one line to the chain, in the transaction of what it tells about.

    Args:
        session: of :func:`models.engine.writing`.
        at: when it happened.
        actor: who did it.
        action: what, in one word: ``submit``, ``accept``, ``return``, ``open``, ``adopt``, ``file``...
        subject: to what: an item's key, a plan and version, a report.
        detail: counts and digests; no figures, no texts.
    """
    record_all(session, at=at, actor=actor, action=action, subjects=[(subject, detail)])


def record_all(
    session: Session, *, at: datetime, actor: str, action: str, subjects: Sequence[tuple[str, Detail]]
) -> None:
    """Add a line for each subject; as :func:`record`, with one trip to the database for all.

    Writers queue up at the head's row until the end of their transaction, so this comes last in it.
    """
    if not subjects:
        return
    head = lock(session)
    for subject, detail in subjects:
        line = AuditLineRow(
            seq=head.seq + 1,
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            detail=canonical_json(detail),
            prev=head.hash,
            hash="",
        )
        line.hash = _hash(line)
        session.add(line)
        head = Head(line.seq, line.hash)
    session.flush()
    session.execute(update(AuditHeadRow).values(seq=head.seq, hash=head.hash))


def lock(session: Session) -> Head:
    """The head of the chain; no other writer comes past it until this transaction ends."""
    seq, newest = session.execute(_HEAD.with_for_update()).one()
    return Head(seq, newest)


def head(session: Session) -> Head:
    """The head of the chain as it stands."""
    row = session.execute(_HEAD).one_or_none()
    return Head(*row) if row else Head(0, "")


def lines(session: Session, *, last: int) -> tuple[AuditLineRow, ...]:
    """The ``last`` lines of the chain, oldest first."""
    newest = select(AuditLineRow).order_by(col(AuditLineRow.seq).desc()).limit(last)
    return tuple(reversed(session.scalars(newest).all()))


def lines_of(session: Session, subject: str, *, last: int) -> tuple[AuditLineRow, ...]:
    """The ``last`` lines about one subject, newest first."""
    own = select(AuditLineRow).where(col(AuditLineRow.subject) == subject)
    return tuple(session.scalars(own.order_by(col(AuditLineRow.seq).desc()).limit(last)))


def verify(session: Session, expected: Head | None = None) -> AuditReport:
    """Read the whole chain and say which lines are not as they were written.

    Args:
        session: of :func:`models.engine.reading`.
        expected: a head that was noted down earlier; the line of that number must still have that hash.
    """
    stored = head(session)
    before = Head(0, NOTHING_YET)
    faults: list[AuditFault] = []
    rows = session.scalars(
        select(AuditLineRow).order_by(col(AuditLineRow.seq)).execution_options(yield_per=1000)
    )
    count = 0
    for row in rows:
        faults += _line_faults(row, before)
        if expected and row.seq == expected.seq and row.hash != expected.hash:
            faults.append(AuditFault(row.seq, "与此前留存的校验值不同，其前的记录被整体改写"))
        before = Head(row.seq, row.hash)
        count += 1
        session.expunge(row)
    faults += _end_faults(before, stored, expected)
    return AuditReport(count, stored, tuple(faults))


def _hash(line: AuditLineRow) -> str:
    sealed = [
        line.seq,
        line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        line.actor,
        line.action,
        line.subject,
        line.detail,
        line.prev,
    ]
    return hashlib.sha256(canonical_json(sealed).encode()).hexdigest()


def _line_faults(row: AuditLineRow, before: Head) -> Iterator[AuditFault]:
    if row.seq != before.seq + 1:
        missing = (
            f"第 {before.seq + 1} 条"
            if row.seq == before.seq + 2
            else f"第 {before.seq + 1}—{row.seq - 1} 条"
        )
        yield AuditFault(before.seq + 1, f"{missing}缺失")
    elif row.prev != before.hash:
        yield AuditFault(row.seq, "与上一条不衔接：上一条被改动，或此处有记录被插入、移动")
    if _hash(row) != row.hash:
        yield AuditFault(row.seq, "内容被改动")


def _end_faults(last: Head, stored: Head, expected: Head | None) -> Iterator[AuditFault]:
    if last.seq < stored.seq:
        yield AuditFault(last.seq + 1, f"末尾的记录缺失（应有 {stored.seq} 条）")
    elif last.seq > stored.seq:
        yield AuditFault(stored.seq + 1, f"末尾有多出的记录（应有 {stored.seq} 条）")
    elif last.hash != stored.hash:
        yield AuditFault(last.seq, "最后一条与链头的校验值不同")
    if expected and last.seq < expected.seq:
        yield AuditFault(last.seq + 1, f"此前留存的记录缺失（应不少于 {expected.seq} 条）")
