"""The outbox (发件箱): each message as a file, for an office that mails nothing yet."""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from domain.channels import FileChannel
from services.delivery.letter import Letter, Receipt, Undelivered
from services.delivery.mime import READABLE, compose_mail

FOLDER = "发件箱"
_SENDER = "outbox@localhost"
_NOBODY = "nobody@localhost"


class Outbox:
    """A folder of messages, as files that any mail program opens; named by the message, so that a copy replaces it."""

    def __init__(self, channel: FileChannel, home: Path) -> None:
        self._folder = Path(channel.folder).expanduser() if channel.folder else home / FOLDER

    def send(self, letter: Letter) -> Receipt:
        """Write a letter, whole or not at all.

        Raises:
            Undelivered: where the folder cannot be written to.
        """
        named = letter if "@" in letter.to else _renamed(letter)
        content = compose_mail(named, sender=_SENDER, policy=READABLE).as_bytes()
        path = self._folder / f"{letter.day:%Y%m%d}-{letter.uid}.eml"
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.touch(mode=0o600)
            part.write_bytes(content)
            part.replace(path)
        except OSError as error:
            raise Undelivered(f"写不进发件箱 {self._folder}（{error.strerror}）", channel=True) from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        return Receipt(delivered=True)

    def close(self) -> None:
        """Nothing is kept open."""


def _renamed(letter: Letter) -> Letter:
    """A letter to an address of another kind (a mobile number), which an e-mail can show beside the name only."""
    return replace(letter, to=_NOBODY, name=f"{letter.name}（{letter.to}）")
