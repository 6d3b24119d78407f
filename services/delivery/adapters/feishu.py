"""Feishu (飞书): a group's bot, and messages of an application to one person.

Numbers: open.feishu.cn, 自定义机器人使用指南 and 发送消息. Errors of an application come with status 400 and a body.
"""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from html import escape

from domain.channels import FeishuAppChannel, FeishuBotChannel
from domain.lengths import shortened, utf8
from services.delivery.adapters.codes import Codes
from services.delivery.adapters.http import Answer, Client
from services.delivery.adapters.tokens import Token
from services.delivery.letter import Letter, Receipt, Undelivered

MOST_BYTES = 18_000
"""Of the text; a bot takes 20 KB with everything around it."""
_MINUTE = timedelta(minutes=1)
CODES = Codes(
    "飞书",
    permanent={9499, 230001, 230013, 230017, 230025, 230028, 230053, 230054},
    channel={19001, 19002, 19021, 19022, 19024, 230002, 230006, 230027, 99991672, 10003, 10014},
    throttled={11232: _MINUTE, 230020: _MINUTE, 99991400: _MINUTE},
    stale={99991661, 99991663, 99991664, 99991668},
)


class FeishuBot:
    """A group's bot; the address is the open_id of whom it mentions, ``@all``, or ``-`` for nobody."""

    def __init__(self, channel: FeishuBotChannel) -> None:
        self._channel = channel
        self._client = Client(channel.api, channel.timeout)

    def send(self, letter: Letter) -> Receipt:
        """Write to the group.

        Raises:
            Undelivered: where the answer's ``code`` is not 0, whatever its status.
        """
        whom = {"-": "", "@all": '<at user_id="all">所有人</at>'}
        mentioned = whom.get(letter.to, f'<at user_id="{escape(letter.to)}"></at>')
        lines = [
            escape(line, quote=False) for line in letter.lines
        ]  # else a name in angles would mention somebody
        text = shortened(lines, "\n".join(filter(None, (mentioned, letter.link))), MOST_BYTES, utf8)
        payload: dict[str, object] = {"msg_type": "text", "content": {"text": text}}
        if secret := self._channel.secret.get_secret_value():
            payload |= signature(secret, letter.at)
        _see(self._client.post(f"/open-apis/bot/v2/hook/{self._channel.token.get_secret_value()}", payload))
        return Receipt()

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()


class FeishuApp:
    """An application; the address is the person's id of the kind that the channel names."""

    def __init__(self, channel: FeishuAppChannel) -> None:
        self._channel = channel
        self._client = Client(channel.api, channel.timeout)
        self._token = Token(self._fetch)

    def send(self, letter: Letter) -> Receipt:
        """Write to the person; with the same ``uuid`` Feishu takes a message once within an hour.

        Raises:
            Undelivered: where ``code`` is not 0.
        """
        lines = [escape(line, quote=False) for line in letter.lines]
        text = shortened(lines, letter.link, MOST_BYTES, utf8)
        payload = {
            "receive_id": letter.to,
            "msg_type": "text",
            "content": json.dumps({"text": text}, ensure_ascii=False),
            "uuid": letter.uid,
        }
        params = {"receive_id_type": self._channel.id_type}

        def ask(token: str) -> Answer:
            headers = {"Authorization": f"Bearer {token}"}
            return self._client.post("/open-apis/im/v1/messages", payload, params=params, headers=headers)

        answer = self._token.used(ask, letter.at, lambda a: int(a.get("code", -1)) in CODES.stale)
        _see(answer)
        return Receipt(reference=str((answer.get("data") or {}).get("message_id", "")))

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def _fetch(self, _at: datetime) -> tuple[str, int]:
        keys = {"app_id": self._channel.app_id, "app_secret": self._channel.app_secret.get_secret_value()}
        try:
            answer = self._client.post("/open-apis/auth/v3/tenant_access_token/internal", keys)
        except Undelivered as failure:
            raise Undelivered(
                failure.reason, channel=True, wait=failure.wait
            ) from failure  # nothing was sent yet
        if answer.get("code") != 0:
            told = f"{answer.get('code')} {answer.get('msg', '')}"
            raise Undelivered(f"飞书不发给访问凭证：{told}", channel=True)
        return str(answer["tenant_access_token"]), int(answer.get("expire", 7200))


def signature(secret: str, at: datetime) -> dict[str, str]:
    """What proves to Feishu that a message is ours (签名校验): HMAC-SHA256 over nothing, by the time and the secret."""
    moment = str(int(at.timestamp()))
    digest = hmac.digest(f"{moment}\n{secret}".encode(), b"", hashlib.sha256)
    return {"timestamp": moment, "sign": base64.b64encode(digest).decode()}


def _see(answer: Answer) -> None:
    code = answer.get("code", answer.get("StatusCode"))  # bots of the first kind answer with StatusCode
    if not isinstance(code, int):
        raise Undelivered("飞书的应答不是约定的格式", channel=True)
    if code != 0:
        raise CODES.refusal(code, str(answer.get("msg", "")))
