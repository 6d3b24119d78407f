"""WeCom (企业微信): a group's bot, and messages of an application to one member.

Numbers: developer.work.weixin.qq.com/document/path/90313. The limit of 2048 is in bytes.
"""

from datetime import datetime, timedelta

from domain.channels import WecomAppChannel, WecomBotChannel
from domain.lengths import shortened, utf8
from services.delivery.adapters.codes import Codes
from services.delivery.adapters.http import Answer, Client
from services.delivery.adapters.tokens import Token
from services.delivery.letter import Letter, Receipt, Undelivered

MOST_BYTES = 2048
_MINUTE = timedelta(minutes=1)
CODES = Codes(
    "企业微信",
    permanent={
        40003,
        44004,
        45002,
        60111,
        81013,
    },  # no such member, nothing said, too long, member out of reach
    channel={40001, 40013, 40056, 48002, 60011, 60020, 93000, 301002},
    throttled={45009: _MINUTE, 45033: _MINUTE},
    stale={40014, 42001},
)
_COPIES_SECONDS = 4 * 3600
"""The longest that WeCom looks back for the same content."""


class WecomBot:
    """A group's bot; the address is the mobile number of whom it mentions, ``@all``, or ``-`` for nobody."""

    def __init__(self, channel: WecomBotChannel) -> None:
        self._channel = channel
        self._client = Client(channel.api, channel.timeout)

    def send(self, letter: Letter) -> Receipt:
        """Write to the group.

        Raises:
            Undelivered: where the answer's ``errcode`` is not 0, whatever its status.
        """
        text = {"content": shortened(letter.lines, letter.link, MOST_BYTES, utf8)}
        mentioned = {} if letter.to == "-" else {"mentioned_mobile_list": [letter.to]}
        params = {"key": self._channel.key.get_secret_value()}
        payload = {"msgtype": "text", "text": {**text, **mentioned}}
        _see(self._client.post("/cgi-bin/webhook/send", payload, params=params))
        return Receipt()

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()


class WecomApp:
    """An application; the address is the member's user id."""

    def __init__(self, channel: WecomAppChannel) -> None:
        self._channel = channel
        self._client = Client(channel.api, channel.timeout)
        self._token = Token(self._fetch)

    def send(self, letter: Letter) -> Receipt:
        """Write to the member.

        Raises:
            Undelivered: where ``errcode`` is not 0, or the member is among those who could not be reached.
        """
        payload = {
            "touser": letter.to,
            "msgtype": "text",
            "agentid": self._channel.agent_id,
            "text": {"content": shortened(letter.lines, letter.link, MOST_BYTES, utf8)},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": _COPIES_SECONDS,
        }

        def ask(token: str) -> Answer:
            return self._client.post("/cgi-bin/message/send", payload, params={"access_token": token})

        answer = self._token.used(ask, letter.at, lambda a: int(a.get("errcode", -1)) in CODES.stale)
        _see(answer)
        if answer.get("invaliduser") or answer.get("unlicenseduser"):
            raise Undelivered(f"企业微信中没有成员“{letter.to}”，或其不在应用可见范围内", permanent=True)
        return Receipt(reference=str(answer.get("msgid", "")))

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def _fetch(self, _at: datetime) -> tuple[str, int]:
        secret = self._channel.secret.get_secret_value()
        answer = self._client.get(
            "/cgi-bin/gettoken", {"corpid": self._channel.corp_id, "corpsecret": secret}
        )
        if answer.get("errcode") != 0:
            raise _of_channel(answer)
        return str(answer["access_token"]), int(answer.get("expires_in", 7200))


def _see(answer: Answer) -> None:
    code = answer.get("errcode")
    if not isinstance(code, int):
        raise Undelivered("企业微信的应答不是约定的格式", channel=True)
    if code != 0:
        raise CODES.refusal(code, str(answer.get("errmsg", "")))


def _of_channel(answer: Answer) -> Undelivered:
    return Undelivered(
        f"企业微信不发给访问凭证：{answer.get('errcode')} {answer.get('errmsg', '')}", channel=True
    )
