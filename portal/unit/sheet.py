"""Everything about one item that its page shows, out of the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from domain.entries import ItemEntry
from domain.entry_check import indicators
from domain.facts import ItemFacts, Submission
from domain.form import Form, form_of
from domain.plan import Duty, Measure, Plan
from domain.plausibility import LastFigure
from domain.status import Light, light
from domain.waiting import Wait
from portal.unit.room import Room
from services import attachments, clock, drafts, extensions, facts, instructions, reckoning, review, viewing
from services.attachments import Files
from services.drafts import Colleague, Draft
from services.extensions import Extension
from services.instructions import Instruction
from services.review import Correction
from services.urging import Urge, urges_of
from services.workcalendar import work_calendar


@dataclass(frozen=True)
class Sheet:
    """An item of a unit, as its liaison has it before them.

    Attributes:
        number: the item's number in the store.
        facts: the item with every version.
        duty: None where the plan in force no longer has it.
        light: how it stands today.
        waits: what it waits for.
        last: last period's figures by indicator.
        draft: the liaison's own.
        colleagues: who else has a draft.
        files: what was ever attached to the item, and what was handed in with which version.
        extensions: requests for more time, oldest first.
        correction: that the accepted version may be corrected.
        urges: how often the office urged the item, newest first.
        instructions: of leaders on the item, newest first.
    """

    plan: Plan
    number: int
    facts: ItemFacts
    duty: Duty | None
    today: date
    light: Light
    waits: Sequence[Wait]
    last: Mapping[str, LastFigure]
    draft: Draft | None
    colleagues: Sequence[Colleague]
    files: Files
    extensions: Sequence[Extension]
    correction: Correction | None
    urges: Sequence[Urge]
    instructions: Sequence[Instruction]

    @property
    def key(self) -> str:
        """The item's key."""
        return self.facts.item.key

    @property
    def unit(self) -> str:
        """Id of the unit."""
        return self.facts.item.unit

    @property
    def title(self) -> str:
        """What the item is called."""
        return self.duty.title if self.duty else self.facts.item.duty

    @property
    def measure(self) -> Measure | None:
        """The measure that it belongs to."""
        return self.plan.measures_by_number.get(self.facts.item.measure or 0)

    @property
    def latest(self) -> Submission | None:
        """The newest version."""
        return self.facts.latest

    @property
    def newest(self) -> int:
        """The number of the newest version; 0 for none."""
        return self.latest.version if self.latest else 0

    @property
    def handed_in(self) -> tuple[str, ...]:
        """Digests of what was handed in with the newest version."""
        return tuple(
            file.sha256 for file in self.files.handed_in.get(self.latest.id if self.latest else 0, ())
        )

    @property
    def closed(self) -> bool:
        """Whether nothing may be handed in: accepted, and no correction allowed."""
        return self.latest is not None and self.latest.accepted and self.correction is None

    @property
    def may_ask(self) -> bool:
        """Whether more time may still be asked for."""
        item = self.facts.item
        undecided = any(one.decision is None for one in self.extensions)
        accepted = self.facts.accepted is not None
        return not (undecided or accepted or item.extended or self.today > item.due)

    @property
    def started(self) -> Form:
        """What the form begins with: the draft, else the newest version."""
        if self.draft is not None:
            return self.draft.form
        if self.latest is None:
            return Form()
        newest = self.latest
        entry = ItemEntry(
            key=self.key,
            state=newest.state,
            passages=newest.passages,
            figures=newest.figures,
            attachments=self.handed_in,
        )
        return form_of(entry)


def load(session: Session, plan: Plan, room: Room, number: int) -> Sheet:
    """An item of the unit; the same few queries, however much was handed in.

    Raises:
        HTTPException: 404 where the unit has no such item.
    """
    own, today = room.own(session, plan, number), clock.today()
    calendar = work_calendar(plan.rules.calendar.beyond_known)
    found, mine = facts.own_facts(session, own), drafts.of_item(session, own, account=room.account.id)
    duty = plan.duties_by_id.get(own.item.duty)
    return Sheet(
        plan=plan,
        number=number,
        facts=found,
        duty=duty,
        today=today,
        light=light(found, today, plan.rules.lights, calendar),
        waits=reckoning.item_waits(session, plan, found, today, calendar),
        last=facts.figures_before(session, own) if indicators(plan, duty, own.item.unit) else {},
        draft=mine.own,
        colleagues=mine.colleagues,
        files=attachments.of_item(session, own),
        extensions=extensions.of_item(session, own),
        correction=review.open_correction(session, found),
        urges=urges_of(session, [number]).get(number, ()),
        instructions=instructions.of_item(session, number),
    )


def leave_line(room: Room, sheet: Sheet) -> None:
    """Write down that somebody has seen what was handed in; nothing where nothing was."""
    viewing.leave_line(
        room.desk.engine, sheet.key, sheet.latest, actor=room.account.name, at=clock.now(), door="page"
    )
