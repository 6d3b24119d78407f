"""Everything about one item in one place, for the office: what is asked, what was handed in, what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from domain.canonical import person
from domain.differences import Differences
from domain.entries import FigureEntry, Passage
from domain.entry_check import slots
from domain.facts import ItemFacts, Submission
from domain.flags import Flag, flags
from domain.plan import Duty, Indicator, Plan
from domain.plausibility import LastFigure
from domain.problems import Problem, ProblemKind
from domain.workdays import WorkCalendar
from models.tables import AuditLineRow
from services import attachments, audit, changes, extensions
from services.attachments import Attachment, Files
from services.changes import Change
from services.extensions import Extension
from services.facts import figures_before, own_facts
from services.items import of_number
from services.reckoning import item_waits
from services.review import open_correction

MOST_LINES = 50
"""How many lines of the audit chain are told."""


@dataclass(frozen=True)
class Reason:
    """Where the notice demands it: the paragraph and its heading."""

    cite: str
    heading: str


@dataclass(frozen=True)
class FigureLine:
    """A figure with its indicator (None where the plan has it no more) and last period's."""

    entry: FigureEntry
    indicator: Indicator | None
    last: LastFigure | None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.indicator.name if self.indicator else self.entry.indicator


@dataclass(frozen=True)
class ItemFile:
    """An item and one version of it.

    Attributes:
        facts: the item with all versions.
        duty: None where the plan in force has it no more.
        reasons: where the notice demands it.
        waits: what it waits for, in words.
        shown: the version before the reader; None where nothing was handed in.
        before: the version before that one; None for the first.
        changes: what changed between the two; None for the first.
        figures: of the version shown.
        texts: of the version shown: name of the slot and text.
        names: names of slots and indicators by their id, for :attr:`changes`.
        files: handed in with the version shown.
        file_names: names of files of both versions by their digest.
        flags: what is out of the ordinary about the version shown.
        extensions: requests for more time, oldest first.
        lines: of the audit chain, newest first.
        correcting: whether the unit may hand in a correction.
    """

    facts: ItemFacts
    duty: Duty | None
    reasons: tuple[Reason, ...]
    waits: tuple[str, ...]
    shown: Submission | None
    before: Submission | None
    changes: Differences | None
    figures: tuple[FigureLine, ...]
    texts: tuple[tuple[str, str], ...]
    names: Mapping[str, str]
    files: tuple[Attachment, ...]
    file_names: Mapping[str, str]
    flags: tuple[Flag, ...]
    extensions: tuple[Extension, ...]
    lines: tuple[AuditLineRow, ...]
    correcting: bool

    def own_of(self, name: str) -> bool:
        """Whether somebody has handed in a version, under whichever spelling of their name."""
        return person(name) in {person(version.by) for version in self.facts.submissions}

    @property
    def newest_shown(self) -> bool:
        """Whether the version shown is the newest."""
        return self.shown is not None and self.shown is self.facts.latest


def item_file(
    session: Session,
    plan: Plan,
    number: int,
    as_of: date,
    calendar: WorkCalendar,
    *,
    version: int | None = None,
) -> ItemFile:
    """Everything about an item; the same few queries, whatever it holds.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force.
        number: of the item in the store.
        as_of: the day.
        calendar: working days.
        version: the one to show; the newest where it is None.

    Raises:
        Problem: 401 for no such item, or no such version of it.
    """
    own = of_number(session, plan, number)
    item, key = own.item, own.item.key
    found = own_facts(session, own)
    change = _change(found, version, attachments.of_item(session, own))
    shown = change.shown if change else None
    duty, last = plan.duties_by_id.get(item.duty), figures_before(session, own)
    names = {**slots(plan, duty, item.unit), **{i.id: i.name for i in plan.indicators}}
    waits = item_waits(session, plan, found, as_of, calendar)
    return ItemFile(
        facts=found,
        duty=duty,
        reasons=_reasons(plan, duty),
        waits=tuple(wait.words(plan) for wait in waits),
        shown=shown,
        before=change.before if change else None,
        changes=change.differences if change else None,
        figures=tuple(
            FigureLine(f, plan.indicators_by_id.get(f.indicator), last.get(f.indicator))
            for f in (shown.figures if shown else ())
        ),
        texts=tuple((names.get(p.slot, p.slot), p.text) for p in _ordered(shown, names)),
        names=names,
        files=change.files if change else (),
        file_names=change.file_names if change else {},
        flags=_flags(plan, found, shown, last),
        extensions=extensions.of_item(session, own),
        lines=audit.lines_of(session, key, last=MOST_LINES),
        correcting=open_correction(session, found) is not None,
    )


def _change(found: ItemFacts, version: int | None, files: Files) -> Change | None:
    """The version to show; None where nothing was handed in and none is named."""
    if version is None:
        version = found.latest.version if found.latest else None
    change = None if version is None else changes.change(found, version, files)
    if version is not None and change is None:
        raise Problem(ProblemKind.ITEM_UNKNOWN, key=f"{found.item.key} 第 {version} 版")
    return change


def _ordered(shown: Submission | None, names: Mapping[str, str]) -> Sequence[Passage]:
    order = list(names)
    passages = shown.passages if shown else ()
    return sorted(passages, key=lambda p: order.index(p.slot) if p.slot in names else len(order))


def _reasons(plan: Plan, duty: Duty | None) -> tuple[Reason, ...]:
    headings = {paragraph.id: paragraph.title for paragraph in plan.outline}
    return tuple(
        Reason(cite.replace("#", " 第") + "句" if "#" in cite else cite, headings.get(cite.split("#")[0], ""))
        for cite in (duty.cites if duty else ())
    )


def _flags(
    plan: Plan, found: ItemFacts, shown: Submission | None, last: Mapping[str, LastFigure]
) -> tuple[Flag, ...]:
    if shown is None:
        return ()
    earlier = [version for version in found.submissions if version.version < shown.version]
    return flags(
        shown,
        last,
        plan.rules.plausibility,
        correction=any(version.accepted for version in earlier),
        returns=sum(version.returned for version in earlier),
    )
