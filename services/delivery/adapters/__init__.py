"""The ways that a letter may go: each adapter is tiny and knows one vendor; what goes wrong is one error for all."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from domain.channels import Channel, ChannelKind
from services.delivery.letter import Letter, Receipt


class Adapter(Protocol):
    """What hands letters over."""

    def send(self, letter: Letter) -> Receipt:
        """Hand a letter over.

        Raises:
            Undelivered: where it did not go out, or nobody knows whether it did.
        """

    def close(self) -> None:
        """Let go of whatever was kept open between letters."""


def make_adapter(channel: Channel, home: Path) -> Adapter:
    """The adapter of a channel; the clients of vendors are loaded at the first call.

    Args:
        channel: as the office set it up.
        home: folder of everything that the platform writes.
    """
    from services.delivery.adapters import dingtalk, feishu, gateways, others, outbox, smtp, wecom  # noqa: PLC0415

    makers: Mapping[ChannelKind, Callable[[Any], Adapter]] = {
        ChannelKind.SMTP: smtp.SmtpAdapter,
        ChannelKind.WECOM_BOT: wecom.WecomBot,
        ChannelKind.WECOM_APP: wecom.WecomApp,
        ChannelKind.DINGTALK_BOT: dingtalk.DingtalkBot,
        ChannelKind.DINGTALK_APP: dingtalk.DingtalkApp,
        ChannelKind.FEISHU_BOT: feishu.FeishuBot,
        ChannelKind.FEISHU_APP: feishu.FeishuApp,
        ChannelKind.WEBHOOK: gateways.Webhook,
        ChannelKind.SMS: gateways.Sms,
        ChannelKind.APPRISE: others.Others,
        ChannelKind.FILE: lambda channel: outbox.Outbox(channel, home),
    }
    return makers[channel.kind](channel)
