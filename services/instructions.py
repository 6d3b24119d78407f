"""Leaders' instructions on items (批示): given with a deadline, answered by the unit with what it did (反馈)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from domain.entry_check import LEAST_TEXT
from domain.instructions import INSTRUCTION_NAMES, InstructionState, check_deadline, instruction_state
from domain.messages import MessageKind, Post
from domain.numerals import chinese_date
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.workdays import BEIJING, WorkCalendar
from models.supervision import InstructionAnswerRow, InstructionRow
from models.tables import WorkItemRow
from services import audit
from services.items import key_of, own_item
from services.reasons import checked_person, checked_reason
from services.telling import Notice, reached, tell

SUBJECT = "instruction/"
"""What begins the subject, and the rung, under which the ledger of messages knows an instruction; its number follows."""
PAGE = 50
"""How many instructions a page shows."""


@dataclass(frozen=True)
class Answer:
    """What a unit says that it did."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Instruction:
    """An instruction.

    Attributes:
        number: its number in the store.
        item: number of the item, by which pages name it; ``key`` its key.
        unit: id of the unit.
        duty: id of the duty.
        period_label: the period as people say it.
        leader: whose it is.
        text: what is to be done.
        deadline: the last day on which the unit may answer in time.
        by: who entered it: the leader, or the office for the leader.
        answers: oldest first; the first one answers it.
    """

    number: int
    item: int
    key: str
    unit: str
    duty: str
    period_label: str
    leader: str
    text: str
    deadline: date
    by: str
    at: datetime
    answers: tuple[Answer, ...]

    def state(self, as_of: date) -> InstructionState:
        """How it stands on a day."""
        answered = self.answers[0].at.astimezone(BEIJING).date() if self.answers else None
        return instruction_state(self.deadline, answered, as_of)

    def state_name(self, as_of: date) -> str:
        """The same in words."""
        return INSTRUCTION_NAMES[self.state(as_of)]


@dataclass(frozen=True)
class Waiting:
    """How many instructions are not answered, and how many of those are past their deadline."""

    open: int
    late: int


def give(  # noqa: PLR0913 - what an instruction consists of; each is a different thing
    session: Session,
    plan: Plan,
    item: int,
    *,
    leader: str,
    text: str,
    deadline: date,
    calendar: WorkCalendar,
    by: str,
    at: datetime,
) -> Instruction:
    """Give an instruction on an item; its unit's liaison and leader are told.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        item: number of the item.
        leader: whose instruction it is.
        text: what is to be done, for the unit to read.
        deadline: a working day, today or later.
        calendar: working days.
        by: who enters it.
        at: the moment, aware of its zone.

    Raises:
        Problem: 401 for no such item; 416 for a text that is too long; 418 without
            a name; 601 for a text that could identify a child; 1306 without a text; 1307 for a deadline that cannot be.
    """
    missing = Problem(ProblemKind.INSTRUCTION_TEXT, least=LEAST_TEXT)
    text = checked_reason(text, "批示内容", missing, least=LEAST_TEXT)
    leader, by = checked_person(leader, "批示领导"), checked_person(by, "录入人")
    at = at.astimezone(BEIJING)
    check_deadline(deadline, at.date(), calendar)
    key = key_of(session, plan, item)
    _, found = own_item(session, plan, key, None)
    row = InstructionRow(item_id=item, leader=leader, text=text, deadline=deadline, by=by, at=at)
    session.add(row)
    session.flush()
    unit = plan.units_by_id.get(found.unit)
    content = {
        "title": f"请{unit.name if unit else found.unit}在{chinese_date(deadline)}之前（含当日）反馈办理情况",
        "paragraphs": [f"{leader}批示：{text}"],
        "link": f"/units/{found.unit}/items/{item}",
    }
    people = reached(session, plan, [found.unit], [Post.LIAISON, Post.UNIT_LEADER]).get(found.unit, ())
    subject = f"{SUBJECT}{row.id}"
    notices = [Notice(one, content, [(item, found.due, subject)], subject) for one in people]
    tell(session, plan, MessageKind.INSTRUCTION, notices, calendar=calendar, by=by, at=at)
    detail: audit.Detail = {"instruction": row.id, "deadline": deadline.isoformat(), "leader": leader}
    audit.record(session, at=at, actor=by, action="instruct", subject=key, detail=detail)
    return _found(session, col(InstructionRow.id) == row.id)[0]


def answer(
    session: Session, plan: Plan, number: int, *, unit: str, text: str, by: str, at: datetime
) -> Instruction:
    """Say what was done on an instruction; a later answer adds to the first.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        number: of the instruction.
        unit: id of the unit, whose item it must be on.
        text: what was done.
        by: name of the person.
        at: the moment, aware of its zone.

    Raises:
        Problem: 416 for a text that is too long; 418 without a name; 601 for a text that could identify a child; 1308 for
            no such instruction of the unit; 1309 without a text.
    """
    missing = Problem(ProblemKind.ANSWER_TEXT, least=LEAST_TEXT)
    text = checked_reason(text, "办理情况", missing, least=LEAST_TEXT)
    by, at = checked_person(by, "反馈人"), at.astimezone(BEIJING)
    found = of_unit(session, plan, number, unit)
    if found is None:
        raise Problem(ProblemKind.INSTRUCTION_UNKNOWN, number=number)
    session.add(InstructionAnswerRow(instruction_id=number, text=text, by=by, at=at))
    session.flush()
    detail: audit.Detail = {"instruction": number, "answer": len(found.answers) + 1}
    audit.record(session, at=at, actor=by, action="answer-instruction", subject=found.key, detail=detail)
    return _found(session, col(InstructionRow.id) == number)[0]


def of_unit(session: Session, plan: Plan, number: int, unit: str) -> Instruction | None:
    """An instruction on an item of a unit; None where the unit has none of that number."""
    own = _of_plan(plan, unit) & (col(InstructionRow.id) == number)
    return next(iter(_found(session, own)), None)


def of_item(session: Session, item: int) -> tuple[Instruction, ...]:
    """Every instruction on an item, newest first."""
    return tuple(reversed(_found(session, col(InstructionRow.item_id) == item)))


def of_items(session: Session, items: Collection[int]) -> tuple[Instruction, ...]:
    """Every instruction on some items, oldest first."""
    return tuple(_found(session, col(InstructionRow.item_id).in_(items)))


def unanswered(session: Session, plan: Plan, unit: str | None = None) -> tuple[Instruction, ...]:
    """The instructions that wait for an answer, the earliest deadline first; of a unit, or of all."""
    found = _found(session, _of_plan(plan, unit) & ~_answered())
    return tuple(sorted(found, key=lambda one: (one.deadline, one.number)))


def answered(
    session: Session, plan: Plan, unit: str | None = None, *, number: int = 1
) -> tuple[tuple[Instruction, ...], bool]:
    """A page of those that were answered, newest first, counted from 1; and whether another page follows."""
    rows = (
        select(col(InstructionRow.id))
        .join(WorkItemRow, col(WorkItemRow.id) == col(InstructionRow.item_id))
        .where(_of_plan(plan, unit), _answered())
        .order_by(col(InstructionRow.id).desc())
    )
    ids = session.scalars(rows.offset((number - 1) * PAGE).limit(PAGE + 1)).all()
    found = _found(session, col(InstructionRow.id).in_(ids[:PAGE]))
    return tuple(reversed(found)), len(ids) > PAGE


def waiting(session: Session, plan: Plan, as_of: date) -> Waiting:
    """How many wait for an answer on a day; one query."""
    rows = (
        select(func.count(), func.count().filter(col(InstructionRow.deadline) < as_of))
        .select_from(InstructionRow)
        .join(WorkItemRow, col(WorkItemRow.id) == col(InstructionRow.item_id))
        # an expression has no index: few instructions lead to their items, and not all items to few instructions
        .where(col(WorkItemRow.plan_id).concat("") == plan.id, ~_answered())
    )
    return Waiting(*session.execute(rows).one())


def _of_plan(plan: Plan, unit: str | None) -> ColumnElement[bool]:
    of_plan = col(WorkItemRow.plan_id) == plan.id
    return of_plan if unit is None else of_plan & (col(WorkItemRow.unit) == unit)


def _answered() -> ColumnElement[bool]:
    return (
        select(col(InstructionAnswerRow.id))
        .where(col(InstructionAnswerRow.instruction_id) == col(InstructionRow.id))
        .exists()
    )


def _found(session: Session, condition: ColumnElement[bool]) -> list[Instruction]:
    """Instructions with their answers, in the order of their numbers; two queries."""
    rows = (
        select(InstructionRow, WorkItemRow)
        .join(WorkItemRow, col(WorkItemRow.id) == col(InstructionRow.item_id))
        .where(condition)
        .order_by(col(InstructionRow.id))
    )
    found = session.execute(rows).all()
    answers = _answers(session, [row.id or 0 for row, _ in found])
    return [_instruction(row, item, answers.get(row.id or 0, ())) for row, item in found]


def _answers(session: Session, numbers: Collection[int]) -> dict[int, list[Answer]]:
    given: defaultdict[int, list[Answer]] = defaultdict(list)
    rows = select(InstructionAnswerRow).where(col(InstructionAnswerRow.instruction_id).in_(numbers))
    for row in session.scalars(rows.order_by(col(InstructionAnswerRow.id))):
        given[row.instruction_id].append(Answer(row.text, row.by, row.at))
    return given


def _instruction(row: InstructionRow, item: WorkItemRow, answers: Sequence[Answer]) -> Instruction:
    return Instruction(
        number=row.id or 0,
        item=row.item_id,
        key=item.key,
        unit=item.unit,
        duty=item.duty,
        period_label=item.period_label,
        leader=row.leader,
        text=row.text,
        deadline=row.deadline,
        by=row.by,
        at=row.at,
        answers=tuple(answers),
    )
