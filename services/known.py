"""What the store knows that entries are held against: items, newest versions, last figures, files."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from domain.canonical import entry_sha256
from domain.entries import Fault, ItemEntry
from domain.entry_check import check_entry, shown
from domain.plan import Plan
from domain.plausibility import LastFigure
from domain.problems import Problem, ProblemKind
from models import attachments, queries
from models.queries import Latest
from models.tables import WorkItemRow

MOST_ATTACHMENTS = 10
"""Files that may be handed in with one version."""


@dataclass(frozen=True)
class Files:
    """Files that may be handed in (ids by item and digest), and the digests handed in with the newest version."""

    known: Mapping[int, Mapping[str, int]]
    before: Mapping[int, tuple[str, ...]]

    @classmethod
    def of(cls, session: Session, items: Collection[int], latest: Mapping[int, Latest]) -> "Files":
        """What the store has of some items."""
        put = attachments.of_items(session, items)
        newest = {item: one.submission.id or 0 for item, one in latest.items() if item in put}
        handed_in = attachments.of_submissions(session, newest.values()) if newest else {}
        return cls(
            {item: {row.sha256: row.id or 0 for row in rows} for item, rows in put.items()},
            {item: tuple(row.sha256 for row in handed_in.get(n, ())) for item, n in newest.items()},
        )

    def resolved(self, entry: ItemEntry, item: WorkItemRow | None) -> ItemEntry:
        """The entry with the attachments of the version before, where its door has none."""
        if entry.attachments is not None or item is None:
            return entry
        return entry.model_copy(update={"attachments": self.before.get(item.id or 0, ())})

    def ids(self, entry: ItemEntry, item: int) -> list[int]:
        """Ids of the entry's attachments."""
        return [self.known[item][digest] for digest in entry.attachments or ()]

    def faults(self, entry: ItemEntry, item: int) -> Iterator[Fault]:
        """Too many files, and those that nobody has put to the item."""
        if not entry.attachments:
            return
        if len(entry.attachments) > MOST_ATTACHMENTS:
            problem = Problem(ProblemKind.ATTACHMENTS_TOO_MANY, most=MOST_ATTACHMENTS)
            yield Fault(entry.key, "attachments", problem)
        if not set(entry.attachments) <= self.known.get(item, {}).keys():
            yield Fault(entry.key, "attachments", Problem(ProblemKind.ATTACHMENT_UNKNOWN))


@dataclass(frozen=True)
class Known:
    """Items by key, and by their id: the newest version, last period's figures; closed versions (ids); and files."""

    items: Mapping[str, WorkItemRow]
    latest: Mapping[int, Latest]
    last: Mapping[int, Mapping[str, LastFigure]]
    closed: Collection[int]
    files: Files

    @classmethod
    def of(cls, session: Session, keys: Collection[str], *, lock: bool = False) -> "Known":
        """What the store knows of some items; with ``lock``, nobody changes it until the transaction ends."""
        items = queries.items_by_key(session, keys, lock=lock)
        ids = [row.id for row in items.values() if row.id is not None]
        latest = queries.latest_submissions(session, ids)
        accepted = {newest.submission.id or 0 for newest in latest.values() if newest.accepted}
        return cls(
            items=items,
            latest=latest,
            last=queries.last_figures(session, ids),
            closed=accepted - queries.corrections(session, accepted) if accepted else accepted,
            files=Files.of(session, ids, latest),
        )

    def resolved(self, entry: ItemEntry) -> ItemEntry:
        """The entry with the attachments of the version before, where its door has none."""
        return self.files.resolved(entry, self.items.get(entry.key))

    def faults(self, plan: Plan, unit: str, day: date, entry: ItemEntry) -> Sequence[Fault]:
        """Every fault of one clean, resolved entry of a unit on a day; none for what is in already."""
        item = self.items.get(entry.key)
        if item is None or item.id is None or item.plan_id != plan.id:
            return [Fault(entry.key, None, Problem(ProblemKind.ITEM_UNKNOWN, key=shown(entry.key)))]
        if item.unit != unit:
            name = plan.units_by_id[unit].name
            return [Fault(entry.key, None, Problem(ProblemKind.ITEM_NOT_YOURS, key=item.key, unit=name))]
        newest = self.latest.get(item.id)
        if newest and newest.submission.content_sha256 == entry_sha256(entry):
            return []
        if newest and newest.submission.id in self.closed:
            return [Fault(entry.key, None, Problem(ProblemKind.ITEM_CLOSED, key=item.key))]
        if day < item.opens:
            problem = Problem(ProblemKind.ITEM_NOT_OPEN, key=item.key, opens=item.opens)
            return [Fault(entry.key, None, problem)]
        duty, last = plan.duties_by_id.get(item.duty), self.last.get(item.id, {})
        return [*check_entry(plan, duty, unit, entry, last), *self.files.faults(entry, item.id)]
