"""What the pages of a unit share: whose they are, their head, and days in words."""

from typing import Annotated, Any

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from domain.people import Account
from domain.plan import Plan, Unit
from domain.waiting import Wait, quoted
from models.engine import reading
from portal.desk import Desk, TheDesk
from portal.pages import show
from portal.visitor import UnitAccount
from services import items
from services.items import OwnItem


class Room:
    """A unit's part of the portal, entered by one of its liaisons.

    Attributes:
        desk: settings and store.
        account: the liaison.
        unit: id of the unit.
    """

    def __init__(self, desk: Desk, account: Account, unit: str) -> None:
        self.desk, self.account, self.unit = desk, account, unit

    @property
    def address(self) -> str:
        """What all addresses of the unit begin with."""
        return f"/units/{self.unit}"

    def item(self, number: int) -> str:
        """The address of an item."""
        return f"{self.address}/items/{number}"

    def own(self, session: Session, plan: Plan, number: int) -> OwnItem:
        """An item of the unit by its number.

        Raises:
            HTTPException: 404 where the unit has none; another unit's is as if it were not there.
        """
        found = items.by_number(session, plan, number, self.unit)
        if found is None:
            raise HTTPException(404)
        return found

    def show(
        self, request: Request, template: str, plan: Plan, status: int = 200, **context: Any
    ) -> HTMLResponse:
        """A page of the unit; templates know ``unit``, ``units`` (all of this liaison's) and ``root``."""
        units: list[Unit] = [plan.units_by_id[one] for one in self.account.units if one in plan.units_by_id]
        return show(
            request,
            template,
            status,
            unit=plan.unit(self.unit),
            units=units,
            root=self.address,
            **context,
        )

    def plan(self) -> Plan:
        """The plan in force."""
        with reading(self.desk.engine) as session:
            return self.desk.in_force(session)[0]


def wait_words(plan: Plan, wait: Wait, unit: str) -> str:
    """What an item of a unit waits for, as the unit reads it."""
    if wait.units != (unit,):
        return wait.words(plan)
    title = quoted(plan.duties_by_id[wait.after.duty].title)
    return f"等待本单位先完成{wait.occurrence.label}{title}（{wait.after.because}）"


async def _room(desk: TheDesk, account: UnitAccount, unit: str) -> Room:
    return Room(desk, account, unit)


TheRoom = Annotated[Room, Depends(_room)]
"""The unit that the address names, for one of its liaisons only."""
