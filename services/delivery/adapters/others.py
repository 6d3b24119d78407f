"""Any other service, through Apprise, as far as Apprise sees that a message was refused.

For DingTalk, WeCom bots, Feishu, Lark and ServerChan it calls a refusal sent: their refusals come with HTTP 200 and a
number in the body, which it does not read. Those are left to adapters of our own, or refused here.
"""

from urllib.parse import quote

from domain.channels import AppriseChannel
from services.delivery.letter import Letter, Receipt, Undelivered

BLIND = frozenset({"dingtalk", "wecombot", "feishu", "lark", "schan"})
OWN = frozenset({"mailto", "mailtos", "wechat"})
"""Ours know a copy, and tell a refusal for good from one that passes; Apprise does neither."""


class Others:
    """A service that Apprise knows."""

    def __init__(self, channel: AppriseChannel) -> None:
        self._url = channel.url.get_secret_value()

    def send(self, letter: Letter) -> Receipt:
        """Have Apprise send a letter; why it did not, it says in its log only.

        Raises:
            Undelivered: where Apprise says that it did not.
        """
        import apprise  # noqa: PLC0415 - takes most of a second, and few offices have such a channel

        service = apprise.Apprise()
        if not service.add(self._url.replace("{to}", quote(letter.to, safe=""))):
            raise Undelivered("Apprise 不认识这个地址", channel=True)
        with apprise.LogCapture(level=apprise.logging.WARNING, fmt="%(message)s") as log:  # type: ignore[no-untyped-call]
            text = "\n".join([*letter.lines[1:], letter.link]).strip()
            sent = service.notify(title=letter.subject, body=text, body_format=apprise.NotifyFormat.TEXT)
            told = log.getvalue().strip().splitlines()
        if not sent:
            raise Undelivered(f"Apprise 未能发出：{told[-1] if told else '原因不明'}")
        return Receipt()

    def close(self) -> None:
        """Nothing is kept open."""
