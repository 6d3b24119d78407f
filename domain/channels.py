"""Channels (渠道): by what way an office reaches people, as it says itself in a file of its own. Pure.

What a channel says here is all that the platform knows of it: addresses, secrets, how much it takes, how long it is tried.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, StringConstraints

from domain.cadence import Entry


class ChannelKind(StrEnum):
    """By whose protocol a channel speaks."""

    SMTP = "smtp"
    WECOM_BOT = "wecom-bot"
    WECOM_APP = "wecom-app"
    DINGTALK_BOT = "dingtalk-bot"
    DINGTALK_APP = "dingtalk-app"
    FEISHU_BOT = "feishu-bot"
    FEISHU_APP = "feishu-app"
    WEBHOOK = "webhook"
    SMS = "sms"
    APPRISE = "apprise"
    FILE = "file"


CHANNEL_NAMES = {
    ChannelKind.SMTP: "电子邮件",
    ChannelKind.WECOM_BOT: "企业微信群机器人",
    ChannelKind.WECOM_APP: "企业微信应用消息",
    ChannelKind.DINGTALK_BOT: "钉钉群机器人",
    ChannelKind.DINGTALK_APP: "钉钉工作通知",
    ChannelKind.FEISHU_BOT: "飞书群机器人",
    ChannelKind.FEISHU_APP: "飞书应用消息",
    ChannelKind.WEBHOOK: "通用接口（webhook）",
    ChannelKind.SMS: "短信网关",
    ChannelKind.APPRISE: "其他（Apprise）",
    ChannelKind.FILE: "本机发件箱",
}

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=30)]
Web = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")]
Short = Annotated[str, StringConstraints(min_length=1, max_length=320, pattern=r"^[^\r\n]+$")]
Positive = Annotated[int, Field(ge=1)]

FOREVER = timedelta(days=3650)
"""For how long a channel knows a copy that never forgets one."""


class Common(Entry):
    """What every channel may say.

    Attributes:
        name: by which contacts' addresses name it.
        per_minute: messages that it takes within any 60 seconds; None for any number.
        per_day: likewise in a day of 北京时间.
        tries: how often a message is tried before it is given up.
        retry_minutes: pause after the first failure; it doubles with each, up to ``retry_most_minutes``.
        failover: channels that take over, in this order, where the contact can be reached there; the contact's other
            addresses come after them.
        timeout: seconds that an answer may take.
        knows_copies: whether the other side drops a copy of what it has, so that a doubtful message may be sent again
            by itself; None for what the kind itself knows of that.
    """

    name: Name
    per_minute: Positive | None = None
    per_day: Positive | None = None
    tries: Annotated[int, Field(ge=1, le=500)] = 48
    retry_minutes: Annotated[int, Field(ge=1, le=1440)] = 5
    retry_most_minutes: Annotated[int, Field(ge=1, le=10_080)] = 120
    failover: tuple[Name, ...] = ()
    timeout: Annotated[int, Field(ge=1, le=120)] = 20
    knows_copies: bool | None = None

    @property
    def copies_known(self) -> timedelta:
        """For how long after a message the other side drops a copy of it; zero where it does not."""
        if self.knows_copies is None:
            return _COPIES_KNOWN.get(ChannelKind(getattr(self, "kind", "")), timedelta())
        return FOREVER if self.knows_copies else timedelta()


class SmtpChannel(Common):
    """E-mail; ``sender`` is the address it comes from, ``unsubscribe`` one that takes wishes to be left alone."""

    kind: Literal[ChannelKind.SMTP]
    host: Short
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: Short
    sender_name: str = ""
    reply_to: str = ""
    unsubscribe: str = ""


class WecomBotChannel(Common):
    """A group's bot of WeCom; it takes 20 messages a minute."""

    kind: Literal[ChannelKind.WECOM_BOT]
    key: SecretStr
    api: Web = "https://qyapi.weixin.qq.com"
    per_minute: Positive | None = 20


class WecomAppChannel(Common):
    """An application of WeCom that writes to members by their user id."""

    kind: Literal[ChannelKind.WECOM_APP]
    corp_id: Short
    agent_id: Positive
    secret: SecretStr
    api: Web = "https://qyapi.weixin.qq.com"


class DingtalkBotChannel(Common):
    """A group's bot of DingTalk; beyond 20 messages a minute it is silent for ten."""

    kind: Literal[ChannelKind.DINGTALK_BOT]
    token: SecretStr
    secret: SecretStr = SecretStr("")
    api: Web = "https://oapi.dingtalk.com"
    per_minute: Positive | None = 20


class DingtalkAppChannel(Common):
    """Work notices (工作通知) of a DingTalk application."""

    kind: Literal[ChannelKind.DINGTALK_APP]
    app_key: Short
    app_secret: SecretStr
    agent_id: Positive
    api: Web = "https://oapi.dingtalk.com"


class FeishuBotChannel(Common):
    """A group's bot of Feishu; it takes 100 messages a minute."""

    kind: Literal[ChannelKind.FEISHU_BOT]
    token: SecretStr
    secret: SecretStr = SecretStr("")
    api: Web = "https://open.feishu.cn"
    per_minute: Positive | None = 100


class FeishuAppChannel(Common):
    """An application of Feishu that writes to people by ``id_type``."""

    kind: Literal[ChannelKind.FEISHU_APP]
    app_id: Short
    app_secret: SecretStr
    id_type: Literal["open_id", "user_id", "union_id", "email"] = "open_id"
    api: Web = "https://open.feishu.cn"


class WebhookChannel(Common):
    """JSON to an address of the district's own; ``secret`` signs it."""

    kind: Literal[ChannelKind.WEBHOOK]
    url: Web
    secret: SecretStr = SecretStr("")


class SmsChannel(Common):
    """Texts through the gateway that stands before the district's SMS provider."""

    kind: Literal[ChannelKind.SMS]
    url: Web
    token: SecretStr = SecretStr("")
    signature: str = ""
    longest: Annotated[int, Field(ge=50, le=1000)] = 200


class AppriseChannel(Common):
    """Any service that Apprise knows and whose refusals it sees; ``{to}`` in ``url`` stands for the contact's address."""

    kind: Literal[ChannelKind.APPRISE]
    url: SecretStr


class FileChannel(Common):
    """Each message as a file in ``folder``, by default 发件箱 in the platform's home; nothing leaves the machine."""

    kind: Literal[ChannelKind.FILE]
    folder: str = ""


Channel = Annotated[
    SmtpChannel
    | WecomBotChannel
    | WecomAppChannel
    | DingtalkBotChannel
    | DingtalkAppChannel
    | FeishuBotChannel
    | FeishuAppChannel
    | WebhookChannel
    | SmsChannel
    | AppriseChannel
    | FileChannel,
    Field(discriminator="kind"),
]

OUTBOX = FileChannel(name="outbox", kind=ChannelKind.FILE)
"""The only channel where an office names none, so that nothing is ever mailed by accident."""

GROUPS = frozenset({ChannelKind.WECOM_BOT, ChannelKind.DINGTALK_BOT, ChannelKind.FEISHU_BOT})
"""Kinds by which a whole group reads what is meant for one of it."""

_COPIES_KNOWN = {
    ChannelKind.SMTP: FOREVER,  # by its Message-ID
    ChannelKind.FILE: FOREVER,  # by its name
    ChannelKind.WECOM_APP: timedelta(hours=4),  # the longest duplicate_check_interval
    ChannelKind.FEISHU_APP: timedelta(hours=1),  # by its uuid
}


def secrets_of(options: Any) -> tuple[str, ...]:
    """The secret fields of a channel's type, which may stand in a file or a variable of the environment."""
    return tuple(name for name, field in options.model_fields.items() if field.annotation is SecretStr)


def next_try(channel: Common, attempts: int, at: datetime) -> datetime | None:
    """When a message that failed at ``at`` for the ``attempts``-th time is tried again; None where it is given up."""
    if attempts >= channel.tries:
        return None
    doubled = min(attempts - 1, 20)
    minutes = min(channel.retry_minutes * 2**doubled, channel.retry_most_minutes)
    return at + timedelta(minutes=max(minutes, channel.retry_minutes))
