"""What every page works on: the settings and the store, opened once."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine

from services.settings import Settings


@dataclass(frozen=True)
class Desk:
    """The settings of this installation and its store."""

    settings: Settings
    engine: Engine


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(_desk)]
