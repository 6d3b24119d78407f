"""What a plan sets for scores (计分), good cases and commendation: every number is the plan's own.

The rule itself is :mod:`domain.scoring`.
"""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator

from domain.cadence import Entry

Points = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=2)]


class ScoringRules(Entry):
    """The points of an item, and what each shortcoming takes off them.

    An item in order has ``completeness`` + ``timeliness`` + ``quality`` points and never fewer than 0; a unit's score is
    the mean over its items, so that a unit with many duties and one with few are measured alike.

    Attributes:
        completeness: lost where nothing stands handed in that is not returned.
        timeliness: lost where the first version did not come by the due day.
        quality: lost at most by being returned.
        per_return: what each return takes.
        per_overdue_day: what each working day after the due day takes, ``most_overdue`` at most.
        per_urge: what each urging by hand (催办) after the due day takes, ``most_urges`` at most.
        per_late_instruction: what each leader's instruction (批示) that was not answered in time takes,
            ``most_instructions`` at most.
        per_case: what each good case (优秀案例) selected in the term adds to the unit's score, ``most_cases`` at most.
        appeal_workdays: within so many working days a unit may dispute a line (申诉); 0 forbids it.
    """

    completeness: Points = Decimal(40)
    timeliness: Points = Decimal(30)
    quality: Points = Decimal(30)
    per_return: Points = Decimal(10)
    per_overdue_day: Points = Decimal(1)
    most_overdue: Points = Decimal(20)
    per_urge: Points = Decimal(5)
    most_urges: Points = Decimal(15)
    per_late_instruction: Points = Decimal(10)
    most_instructions: Points = Decimal(20)
    per_case: Points = Decimal(1)
    most_cases: Points = Decimal(3)
    appeal_workdays: int = Field(default=5, ge=0, le=60)

    @property
    def full(self) -> Decimal:
        """The points of an item in order."""
        return self.completeness + self.timeliness + self.quality

    @model_validator(mode="after")
    def _worth_something(self) -> "ScoringRules":
        if not self.full:
            raise ValueError("完整、及时、质量三项的分值不能都是 0")
        return self


class CaseRules(Entry):
    """Good cases (优秀案例): how long their text is at least, and where the notice asks for them."""

    least_characters: int = Field(default=100, ge=1, le=2000)
    cites: tuple[str, ...] = ()


class CommendationRules(Entry):
    """Commendation (表扬): in which phase, and how many of the best units are proposed; None where the notice has none."""

    phase: str | None = None
    units: int = Field(default=6, ge=1)
    cites: tuple[str, ...] = ()
