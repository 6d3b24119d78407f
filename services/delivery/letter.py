"""A message as it goes out, and what its channel answers."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a message."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Letter:
    """A message as one contact gets it by one channel.

    Attributes:
        uid: the message's own, the same at each try, by which the other side knows a copy.
        to: the contact's address on the channel.
        name: the contact's name.
        day: for which it is owed, the same at each try.
        at: the moment of sending.
        subject: one line.
        lines: what it says in short, for channels that take little.
        text: what it says in full.
        html: the same as HTML.
        link: where it leads on the portal; empty where the portal's address is not known.
        enclosures: what goes with it.
        unasked: whether it comes by itself, so that a list header may say how to be left alone.
    """

    uid: str
    to: str
    name: str
    day: date
    at: datetime
    subject: str
    lines: tuple[str, ...]
    text: str
    html: str
    link: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    unasked: bool = False


@dataclass(frozen=True)
class Receipt:
    """That a channel took a message over.

    Attributes:
        delivered: whether it says that the message has arrived.
        reference: by which it can be asked later; empty for none.
    """

    delivered: bool = False
    reference: str = ""


class Undelivered(Exception):  # noqa: N818 - what became of a message, as delivery speaks of it
    """That a message did not go out, or that nobody knows whether it did.

    Args:
        reason: in words for the office.
        permanent: whether trying again by this channel to this address is of no use.
        channel: whether it is not this message's fault, so that others by this channel would fare alike.
        unsure: whether the message may have gone out nevertheless.
        wait: for how long the channel takes nothing more.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        channel: bool = False,
        unsure: bool = False,
        wait: timedelta | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason, self.permanent, self.channel = reason, permanent, channel
        self.unsure, self.wait = unsure, wait
