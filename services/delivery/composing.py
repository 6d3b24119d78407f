"""What a message says, written at the moment at which it is sent: of what is still owed then, and of nothing else.

It tells duties, periods, units and due days, and what an office wrote itself; never a figure and nothing about a child.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from domain.channels import GROUPS, Channel, ChannelKind
from domain.messages import MessageKind, Post
from domain.plan import Plan
from domain.privacy import find
from domain.problems import Problem, ProblemKind
from domain.workdays import Beyond, WorkCalendar
from models.message_items import Told
from models.messages import ContactRow, MessageRow
from services.delivery.due_days import due_days
from services.delivery.forms import unit_forms
from services.delivery.letter import Enclosure, Letter
from services.delivery.templates import render
from services.links import link_address
from services.sign_in import LINK_HOURS

ABOUT_ITEMS = frozenset({MessageKind.LADDER, MessageKind.URGE})
"""Kinds that are sent for the sake of what is owed."""
MAIL = frozenset({ChannelKind.SMTP, ChannelKind.FILE})
"""Kinds of channels that carry files, and reach one person alone."""
_RESERVED = frozenset({"template", "link", "attachments", "form"})


@dataclass(frozen=True)
class Desk:
    """What letters are written with.

    Attributes:
        plan: the plan in force; ``sha256`` is its digest, which forms bear.
        calendar: working days.
        portal: the portal's address for links; empty where browsers elsewhere would not reach it.
        templates: the office's own templates; None for none.
        folders: files from these folders may be enclosed.
    """

    plan: Plan
    sha256: str
    calendar: WorkCalendar
    portal: str = ""
    templates: Path | None = None
    folders: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Addressee:
    """Whom a letter goes to.

    Attributes:
        contact: who it is.
        channel: by which it goes.
        address: theirs on the channel.
        day: on which it is written; for a copy, the day of the first.
        token: signs in exactly that person; empty for none.
        whole: whether it is written on its day, with all that it was enqueued with: what was handed in meanwhile has
            fallen out otherwise.
    """

    contact: ContactRow
    channel: Channel
    address: str
    day: date
    token: str = ""
    whole: bool = True


@dataclass(frozen=True)
class Line:
    """An item as a message shows it; ``standing`` says how far off its due day is."""

    unit: str
    title: str
    period: str
    due: date
    late: bool
    standing: str


def compose(
    session: Session, desk: Desk, message: MessageRow, told: Sequence[Told], whom: Addressee, at: datetime
) -> Letter:
    """Write a letter.

    Args:
        session: of :func:`models.engine.reading`.
        desk: what it is written with.
        message: the message.
        told: of what it tells.
        whom: whom it goes to.
        at: the moment of sending.

    Raises:
        Problem: 601 for a text that could identify a child; 1504 for a template at fault; 1508 for a message whose
            content is forgotten; 1510 for a file that is not there.
    """
    said = _said(message)
    kind = MessageKind(message.kind)
    template = str(said.get("template", kind.value))
    enclosures = (
        _enclosures(session, desk, message, told, whom, said, at) if whom.channel.kind in MAIL else ()
    )
    fields = _fields(desk, message, told, whom, said) | {"enclosed": [one.name for one in enclosures]}
    fields["subject"] = render(f"{template}/subject.txt", desk.templates, fields)
    words = render(f"{template}/words.txt", desk.templates, fields)
    fields["paragraphs"] = [" ".join(part.split("\n")) for part in words.split("\n\n") if part.strip()]
    letter = Letter(
        uid=message.uid,
        to=whom.address,
        name=whom.contact.name,
        day=message.day,
        at=at,
        subject=" ".join(fields["subject"].split()),
        lines=tuple(render("brief.txt", desk.templates, fields).splitlines()),
        text=render("layout.txt", desk.templates, fields) + "\n",
        html=render("layout.html", desk.templates, fields),
        link=fields["link"],
        enclosures=enclosures,
        unasked=kind is MessageKind.LADDER,
    )
    if found := find("\n".join([letter.subject, words])):
        raise Problem(ProblemKind.CHILD_DATA, reason=found[0].reason.rstrip("。"))
    return letter


def lines_of(desk: Desk, told: Sequence[Told], day: date) -> tuple[Line, ...]:
    """Items as messages show them, with the working days to or from their due days."""
    calendar = replace(desk.calendar, beyond=Beyond.ASSUME_WEEKDAYS)
    return tuple(_line(desk.plan, one, day, calendar) for one in told)


def _line(plan: Plan, one: Told, day: date, calendar: WorkCalendar) -> Line:
    due = one.last_day
    late = day > due
    duty = plan.duties_by_id.get(one.duty)
    if late:
        standing = f"逾期 {calendar.workdays_between(due, day)} 个工作日"
    elif day == due:
        standing = "今日截止"
    else:
        standing = f"还有 {calendar.workdays_between(day, due)} 个工作日"
    return Line(
        unit=_unit_name(plan, one.unit),
        title=duty.title if duty else one.duty,
        period=one.period_label,
        due=due,
        late=late,
        standing=standing,
    )


def _fields(
    desk: Desk, message: MessageRow, told: Sequence[Told], whom: Addressee, said: dict[str, Any]
) -> dict[str, Any]:
    plan, contact = desk.plan, whom.contact
    lines = lines_of(desk, told, whom.day)
    link = _link(desk, whom, said)
    digest = {"title": "", "paragraphs": []} if message.kind == MessageKind.LADDER else {}
    return {
        **digest,
        **{name: value for name, value in said.items() if name not in _RESERVED},
        "name": contact.name,
        "unit": _unit_name(plan, contact.unit) if contact.unit else "",
        "plan": plan.short_name,
        "office": f"{plan.document.region}{plan.leading_group.name}{plan.leading_group.office.name}",
        "channel": whom.channel.name,
        "day": whom.day,
        "whole": whom.whole,
        "lines": lines,
        "by_unit": any(one.unit != contact.unit for one in told),
        "count": len(lines),
        "late": sum(line.late for line in lines),
        "coming": sum(not line.late for line in lines),
        "first_due": min((line.due for line in lines), default=whom.day),
        "link": link,
        "own_link": bool(whom.token),
        "link_words": "登录平台办理" if whom.token or contact.unit else "打开平台查看",
        "link_hours": LINK_HOURS,
    }


def _link(desk: Desk, whom: Addressee, said: dict[str, Any]) -> str:
    """Where the message leads: what signs the person in, else the page that it names or that is theirs."""
    if not desk.portal:
        return ""
    if whom.token:
        return link_address(desk.portal, whom.token)
    contact = whom.contact
    own = f"/units/{contact.unit}" if contact.unit and whom.channel.kind not in GROUPS else "/"
    return desk.portal.rstrip("/") + str(said.get("link") or own)


def _enclosures(
    session: Session,
    desk: Desk,
    message: MessageRow,
    told: Sequence[Told],
    whom: Addressee,
    said: dict[str, Any],
    at: datetime,
) -> tuple[Enclosure, ...]:
    found = [_file(Path(str(path)), desk.folders) for path in said.get("attachments", ())]
    if message.kind in ABOUT_ITEMS and whom.contact.unit:
        own = [one for one in told if one.unit == whom.contact.unit]
        coming = [one for one in own if one.last_day >= whom.day]
        titles = zip(coming, lines_of(desk, coming, whom.day), strict=True)
        entries = due_days(
            [(one.key, one.last_day, f"截止：{line.title}（{line.period}）") for one, line in titles], at
        )
        found += [entries] if entries else []
        if whom.contact.post == Post.LIAISON and said.get("form", True):
            found += unit_forms(session, desk.plan, desk.sha256, whom.contact.unit, own, at)
    return tuple(found)


def _file(path: Path, folders: Sequence[Path]) -> Enclosure:
    """A file of ours; one from anywhere else is as if it were not there."""
    real = path.resolve()
    if not real.is_file() or not any(real.is_relative_to(folder.resolve()) for folder in folders):
        raise Problem(ProblemKind.ENCLOSURE_MISSING, file=path.name)
    media_type = "application/pdf" if real.suffix == ".pdf" else "application/octet-stream"
    return Enclosure(path.name, real.read_bytes(), media_type)


def _said(message: MessageRow) -> dict[str, Any]:
    if message.content is None:
        raise Problem(ProblemKind.MESSAGE_FORGOTTEN, number=message.id)
    said: dict[str, Any] = json.loads(message.content)
    return said


def _unit_name(plan: Plan, unit: str) -> str:
    known = plan.units_by_id.get(unit)
    return known.name if known else unit
