"""What senders work with: the store, the plan in force, the channels, and what letters are written with."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from domain.ladder import next_moment
from domain.plan import Plan
from domain.workdays import Beyond
from services.delivery.channels_file import Channels, read_channels
from services.delivery.composing import Desk
from services.plan_versions import PlanVersion
from services.settings import Settings
from services.signing import signing_key
from services.workcalendar import work_calendar


@dataclass(frozen=True)
class Mailroom:
    """A place to send from.

    Attributes:
        engine: the store.
        plan: the plan in force.
        channels: as the office set them up.
        desk: what letters are written with.
        home: folder of everything that the platform writes.
        key: of :func:`services.signing.signing_key`, for the links by which liaisons sign in.
    """

    engine: Engine
    plan: Plan
    channels: Channels
    desk: Desk
    home: Path
    key: bytes = field(repr=False)

    def allowed(self, at: datetime) -> datetime:
        """The first moment from ``at`` on at which messages may go out, by the plan's hours and working days."""
        calendar = replace(self.desk.calendar, beyond=Beyond.ASSUME_WEEKDAYS)
        return next_moment(self.plan.rules.ladder.hours, at, calendar)


def mailroom(settings: Settings, engine: Engine, plan: Plan, version: PlanVersion) -> Mailroom:
    """The mailroom of this installation.

    Raises:
        Problem: 301 where the signing key can be neither read nor made; 1501 for a channels file that cannot be read.
    """
    channels = read_channels(settings.channels, settings.home)
    desk = Desk(
        plan=plan,
        sha256=version.sha256,
        calendar=work_calendar(plan.rules.calendar.beyond_known),
        portal=settings.portal_url,
        templates=channels.templates,
        folders=(settings.home, settings.reports_folder),
    )
    return Mailroom(engine, plan, channels, desk, settings.home, signing_key(settings.home))
