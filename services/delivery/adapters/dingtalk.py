"""DingTalk (钉钉): a group's bot, and work notices (工作通知) of an application to one person.

Numbers: open.dingtalk.com, 自定义机器人发送群消息 and 发送工作通知. Beyond 20 messages a minute a bot is silent for ten.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from domain.channels import DingtalkAppChannel, DingtalkBotChannel
from domain.lengths import shortened, utf8
from services.delivery.adapters.codes import Codes
from services.delivery.adapters.http import Answer, Client
from services.delivery.adapters.tokens import Token
from services.delivery.letter import Letter, Receipt, Undelivered

MOST_BOT_BYTES, MOST_NOTICE_BYTES = 18_000, 1900
"""Of the text: the vendor's 20,000 and 2,048 are of the whole message, with its braces and quotation marks."""
_MINUTE, _SILENT = timedelta(minutes=1), timedelta(minutes=10)
CODES = Codes(
    "钉钉",
    permanent={33012, 60121, 400105, 430101, 430102, 430103, 430104, 1430000, 1430002},
    channel={300001, 300005, 310000, 400013, 400101, 400102, 400106, 40078, 40089},
    throttled={130101: _SILENT, 410100: _SILENT, 90030: _SILENT, 143103: _MINUTE, 143104: _MINUTE},
    stale={40014, 42001},
)


class DingtalkBot:
    """A group's bot; the address is the mobile number of whom it mentions, ``@all``, or ``-`` for nobody."""

    def __init__(self, channel: DingtalkBotChannel) -> None:
        self._channel = channel
        self._client = Client(channel.api, channel.timeout)

    def send(self, letter: Letter) -> Receipt:
        """Write to the group.

        Raises:
            Undelivered: where the answer's ``errcode`` is not 0, whatever its status.
        """
        everybody, nobody = letter.to == "@all", letter.to == "-"
        payload = {
            "msgtype": "text",
            "text": {"content": shortened(letter.lines, letter.link, MOST_BOT_BYTES, utf8)},
            "at": {"atMobiles": [] if everybody or nobody else [letter.to], "isAtAll": everybody},
        }
        params = {"access_token": self._channel.token.get_secret_value()}
        if secret := self._channel.secret.get_secret_value():
            params |= signature(secret, letter.at)
        _see(self._client.post("/robot/send", payload, params=params))
        return Receipt()

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()


class DingtalkApp:
    """An application's work notices; the address is the person's userid.

    DingTalk takes a notice over and delivers it later: :meth:`arrived` asks what became of it.
    """

    def __init__(self, channel: DingtalkAppChannel) -> None:
        self._channel = channel
        self._client = Client(channel.api, channel.timeout)
        self._token = Token(self._fetch)

    def send(self, letter: Letter) -> Receipt:
        """Hand a notice over.

        Raises:
            Undelivered: where ``errcode`` is not 0.
        """
        content = shortened(letter.lines, letter.link, MOST_NOTICE_BYTES, utf8)
        payload = {
            "agent_id": self._channel.agent_id,
            "userid_list": letter.to,
            "msg": {"msgtype": "text", "text": {"content": content}},
        }
        answer = self._asked("asyncsend_v2", payload, letter.at)
        return Receipt(reference=str(answer.get("task_id", "")))

    def arrived(self, reference: str, to: str, at: datetime) -> bool:
        """Whether a notice that was taken over has arrived; False while DingTalk is still at it.

        Raises:
            Undelivered: where DingTalk says that it did not arrive.
        """
        payload = {"agent_id": self._channel.agent_id, "task_id": int(reference)}
        result = self._asked("getsendresult", payload, at).get("send_result", {})
        if to in result.get("invalid_user_id_list", ()):
            raise Undelivered(f"钉钉中没有用户“{to}”", permanent=True)
        if to in result.get("forbidden_user_id_list", ()):
            raise Undelivered("钉钉限流，未送达", wait=_MINUTE)
        if to in result.get("failed_user_id_list", ()):
            raise Undelivered("钉钉未能送达")
        return to in (*result.get("read_user_id_list", ()), *result.get("unread_user_id_list", ()))

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def _asked(self, method: str, payload: object, at: datetime) -> Answer:
        path = f"/topapi/message/corpconversation/{method}"

        def ask(token: str) -> Answer:
            return self._client.post(path, payload, params={"access_token": token})

        answer = self._token.used(ask, at, lambda a: int(a.get("errcode", -1)) in CODES.stale)
        _see(answer)
        return answer

    def _fetch(self, _at: datetime) -> tuple[str, int]:
        secret = self._channel.app_secret.get_secret_value()
        answer = self._client.get("/gettoken", {"appkey": self._channel.app_key, "appsecret": secret})
        if answer.get("errcode") != 0:
            told = f"{answer.get('errcode')} {answer.get('errmsg', '')}"
            raise Undelivered(f"钉钉不发给访问凭证：{told}", channel=True)
        return str(answer["access_token"]), int(answer.get("expires_in", 7200))


def signature(secret: str, at: datetime) -> dict[str, str]:
    """What proves to DingTalk that a message is ours (加签): HMAC-SHA256 over the time in milliseconds and the secret."""
    moment = str(round(at.timestamp() * 1000))
    digest = hmac.digest(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256)
    return {"timestamp": moment, "sign": base64.b64encode(digest).decode()}


def _see(answer: Answer) -> None:
    code = answer.get("errcode")
    if not isinstance(code, int):
        raise Undelivered("钉钉的应答不是约定的格式", channel=True)
    if code != 0:
        raise CODES.refusal(code, str(answer.get("errmsg", "")))
