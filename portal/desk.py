"""What every page works on: the settings, the store, the signing key, and the count of tries; opened once."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine
from sqlmodel import Session

from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from services.plan_versions import PlanVersion, current
from services.plans import load_plan
from services.settings import Settings
from services.tries import Tries


@dataclass(frozen=True)
class Desk:
    """The settings of this installation and its store."""

    settings: Settings
    engine: Engine
    key: bytes
    plan_id: str
    tries: Tries

    @property
    def secure(self) -> bool:
        """Whether browsers reach us over TLS, so that cookies may be kept to it."""
        return self.settings.portal_url.startswith("https:")

    def in_force(self, session: Session) -> tuple[Plan, PlanVersion]:
        """The plan in force and its version.

        Raises:
            Problem: 108 where no plan is in force.
        """
        found = current(session, self.plan_id)
        if found is None:
            raise Problem(ProblemKind.PLAN_NOT_IN_FORCE, plan=load_plan(self.settings.plan).short_name)
        return found


async def _desk(
    request: Request,
) -> Desk:  # async, as all that asks nobody: it costs no way to a thread and back
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(_desk)]
