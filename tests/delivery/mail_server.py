"""A real mail server on this machine, which drops copies by their Message-ID as receivers do, and refuses some addresses."""

import ssl
from asyncio import Transport
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.office import free_ports

GOOD = LoginPassword(b"guanai", b"good-password")


@dataclass
class Mailbox:
    """What came in.

    Attributes:
        copies: how often each Message-ID came.
        kept: the first of each, by its Message-ID.
        silent: whether the connection is lost after the next mail was taken in and before that is said.
    """

    copies: Counter[str] = field(default_factory=Counter)
    kept: dict[str, EmailMessage] = field(default_factory=dict)
    silent: bool = False
    port: int = 0

    @property
    def mails(self) -> list[EmailMessage]:
        return list(self.kept.values())

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("dead"):
            return f"550 5.1.1 user unknown <{address}>"
        if address.startswith("busy"):
            return "450 4.2.1 mailbox busy, try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        assert isinstance(envelope.content, bytes)
        mail: Any = message_from_bytes(envelope.content, policy=policy.default)
        if envelope.rcpt_tos[0].startswith("spam"):
            return "554 5.7.1 message refused"
        self.copies[mail["Message-ID"]] += 1
        self.kept.setdefault(mail["Message-ID"], mail)
        if self.silent:
            self.silent = False
            assert isinstance(server.transport, Transport)
            server.transport.abort()
        return "250 OK"


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None, *, sign_in: bool = False) -> Iterator[Mailbox]:
    """A mail server for the time of the block, with STARTTLS and a password where that is wanted."""
    (port,) = free_ports(1)
    box = Mailbox(port=int(port))

    def check(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: Any) -> AuthResult:
        return AuthResult(success=given == GOOD, handled=False)

    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=box.port,
        tls_context=tls,
        require_starttls=tls is not None,
        auth_required=sign_in,
        auth_require_tls=tls is not None,
        authenticator=check if sign_in else None,
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
