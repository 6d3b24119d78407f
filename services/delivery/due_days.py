"""Due days as calendar entries (RFC 5545), for the calendars of mail programs."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from services.delivery.letter import Enclosure

CALENDAR = "text/calendar"


def due_days(entries: Iterable[tuple[str, date, str]], at: datetime) -> Enclosure | None:
    """An entry for the whole day of each due day; None where there is none.

    Args:
        entries: key of the item, its due day and what the entry is called. The key makes the entry's id, so that a
            later message moves the entry and adds no second one.
        at: the moment of writing.
    """
    from icalendar import Calendar, Event  # noqa: PLC0415 - only what is mailed with due days pays for loading it

    calendar = Calendar()
    calendar.add("prodid", "-//guanai//due days//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for key, due, title in entries:
        event = Event()
        event.add("uid", f"{key}@guanai")
        event.add("dtstamp", at)
        event.add("sequence", int(at.timestamp()) // 60)
        event.add("dtstart", due)
        event.add("dtend", due + timedelta(days=1))
        event.add("summary", title)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    if not calendar.subcomponents:
        return None
    return Enclosure("截止日.ics", calendar.to_ical(), CALENDAR)
