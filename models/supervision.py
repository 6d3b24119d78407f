"""What the office and the leaders do to have work done (督查督办): urging, instructions, appeals, cases, commendation.

All of it is only ever added: triggers of the migrations refuse to change or remove it.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from models.people import NAME
from models.tables import Row
from models.types import Exact, Moment


class UrgeRow(Row, table=True):
    """That the office urged an item by hand (催办), once a day at most; ``leader`` is whether the unit's leader was told.

    ``due`` is the last day in time as it was then; ``told`` how many messages went out for it.
    """

    __tablename__ = "urge"
    __table_args__ = (UniqueConstraint("item_id", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="work_item.id")
    day: date
    due: date
    reason: str = Field(sa_type=Text)
    leader: bool
    told: int
    by: str = Field(max_length=NAME)
    at: datetime = Field(sa_type=Moment)


class InstructionRow(Row, table=True):
    """A leader's instruction on an item (批示) with its own deadline; ``by`` entered it, which may be the office."""

    __tablename__ = "instruction"
    __table_args__ = (Index(None, "item_id"),)

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="work_item.id")
    leader: str = Field(max_length=NAME)
    text: str = Field(sa_type=Text)
    deadline: date
    by: str = Field(max_length=NAME)
    at: datetime = Field(sa_type=Moment)


class InstructionAnswerRow(Row, table=True):
    """What a unit did on an instruction (办理情况); the first one answers it, later ones add to it."""

    __tablename__ = "instruction_answer"
    __table_args__ = (Index(None, "instruction_id"),)

    id: int | None = Field(default=None, primary_key=True)
    instruction_id: int = Field(foreign_key="instruction.id")
    text: str = Field(sa_type=Text)
    by: str = Field(max_length=NAME)
    at: datetime = Field(sa_type=Moment)


class AppealRow(Row, table=True):
    """That a unit disputes a line of its score (申诉), once a line; ``line`` is what it said then."""

    __tablename__ = "appeal"
    __table_args__ = (UniqueConstraint("item_id", "criterion", "ref"),)

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="work_item.id")
    criterion: str = Field(max_length=20)
    ref: int
    line: str = Field(sa_type=Text)
    points: Decimal = Field(sa_type=Exact)
    reason: str = Field(sa_type=Text)
    by: str = Field(max_length=NAME)
    at: datetime = Field(sa_type=Moment)


class AppealDecisionRow(Row, table=True):
    """What the office decided on an appeal; an ``upheld`` one takes the line out of the score."""

    __tablename__ = "appeal_decision"
    __table_args__ = (CheckConstraint("verdict IN ('upheld', 'refused')", name="verdict"),)

    id: int | None = Field(default=None, primary_key=True)
    appeal_id: int = Field(foreign_key="appeal.id", unique=True)
    verdict: str = Field(max_length=20)
    reason: str = Field(sa_type=Text)
    by: str = Field(max_length=NAME)
    at: datetime = Field(sa_type=Moment)


class GoodCaseRow(Row, table=True):
    """A good case that a unit nominated (优秀案例); ``measure`` is null where it serves all measures."""

    __tablename__ = "good_case"
    __table_args__ = (Index(None, "plan_id", "unit"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: str = Field(max_length=60)
    unit: str = Field(max_length=60)
    measure: int | None = None
    term: str = Field(max_length=10)
    title: str = Field(max_length=200)
    text: str = Field(sa_type=Text)
    by: str = Field(max_length=NAME)
    at: datetime = Field(sa_type=Moment)


class GoodCaseDecisionRow(Row, table=True):
    """Whether the office selected a good case (评定), and why; there is at most one."""

    __tablename__ = "good_case_decision"
    __table_args__ = (CheckConstraint("verdict IN ('selected', 'not-selected')", name="verdict"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="good_case.id", unique=True)
    verdict: str = Field(max_length=20)
    reason: str = Field(sa_type=Text)
    by: str = Field(max_length=NAME)
    at: datetime = Field(sa_type=Moment)


class CommendationRow(Row, table=True):
    """That the office fixed the commendation list (表扬名单) of a phase, and why; there is at most one."""

    __tablename__ = "commendation"
    __table_args__ = (UniqueConstraint("plan_id", "phase"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: str = Field(max_length=60)
    phase: str = Field(max_length=60)
    as_of: date
    reason: str = Field(sa_type=Text)
    by: str = Field(max_length=NAME)
    at: datetime = Field(sa_type=Moment)


class CommendedRow(Row, table=True):
    """A line of a commendation list: a unit, or somebody who works in it where ``person`` is not empty.

    ``rank`` and ``points`` are the unit's as they were when the list was fixed; null where it was not ranked.
    """

    __tablename__ = "commended"

    commendation_id: int = Field(foreign_key="commendation.id", primary_key=True)
    unit: str = Field(max_length=60, primary_key=True)
    person: str = Field(default="", max_length=NAME, primary_key=True)
    rank: int | None = None
    points: Decimal | None = Field(default=None, sa_type=Exact)
    cases: int
    merit: str = Field(sa_type=Text)
