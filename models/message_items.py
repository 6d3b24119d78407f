"""Which items a message tells of, and where they stand now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from domain.status import OWED, Stage
from models.messages import MessageItemRow
from models.tables import ItemStateRow, WorkItemRow


@dataclass(frozen=True)
class Told:
    """An item as a message tells of it.

    Attributes:
        due: the due day under which it is told; an extension has begun the ladder anew where it is another now.
        now_due: its due day now.
    """

    number: int
    key: str
    duty: str
    measure: int | None
    unit: str
    period_label: str
    year: int
    due: date
    rung: str
    stage: Stage
    now_due: date

    @property
    def still_owed(self) -> bool:
        """Whether it is the unit's turn still, and no more time was granted.

        Something that others wait for is told of towards their due day, which lies after its own.
        """
        return self.stage in OWED and self.now_due <= self.due

    @property
    def last_day(self) -> date:
        """The last day in time, as the message tells it: also where others, who are due later, wait for the item."""
        return min(self.due, self.now_due)


def told_of(session: Session, message: int) -> Sequence[Told]:
    """The items of a message, by due day, unit and key."""
    rows = (
        select(
            col(WorkItemRow.id),
            col(WorkItemRow.key),
            col(WorkItemRow.duty),
            col(WorkItemRow.measure),
            col(WorkItemRow.unit),
            col(WorkItemRow.period_label),
            col(WorkItemRow.year),
            col(MessageItemRow.due),
            col(MessageItemRow.rung),
            col(ItemStateRow.stage),
            col(ItemStateRow.due),
        )
        .select_from(MessageItemRow)
        .join(WorkItemRow, col(WorkItemRow.id) == col(MessageItemRow.item_id))
        .join(ItemStateRow, col(ItemStateRow.item_id) == col(MessageItemRow.item_id))
        .where(col(MessageItemRow.message_id) == message)
        .order_by(col(MessageItemRow.due), col(WorkItemRow.unit), col(WorkItemRow.key))
    )
    return [
        Told(number, key, duty, measure, unit, label, year, due, rung, Stage(stage), now_due)
        for number, key, duty, measure, unit, label, year, due, rung, stage, now_due in session.execute(rows)
        if number is not None
    ]
