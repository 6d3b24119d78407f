"""Servers on this machine that stand in for the vendors' and answer as those document, refusals included.

A refusal comes as the vendors send it: mostly HTTP 200 with a number in the body.
"""

import base64
import hashlib
import hmac
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, Any]


@dataclass(frozen=True)
class Asked:
    """A request as it came in."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


@dataclass
class StandIn:
    """A vendor: what it was asked, and by which rule it answers; ``silent`` hangs up after it has taken a request in."""

    rule: Callable[[Asked], Answer]
    asked: list[Asked] = field(default_factory=list)
    silent: bool = False
    url: str = ""

    @contextmanager
    def serving(self) -> Iterator["StandIn"]:
        """Listen for the time of the block."""
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                where = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(where.query).items()}
                asked = Asked(where.path, query, dict(self.headers), self.rfile.read(length))
                vendor.asked.append(asked)
                status, body = vendor.rule(asked)
                if vendor.silent:
                    self.close_connection = True
                    return
                content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                if status == 429:
                    self.send_header("Retry-After", "120")
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST  # noqa: N815 - the name that the server looks for

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def wecom_bot(asked: Asked) -> Answer:
    """A group's bot of WeCom."""
    if asked.query.get("key") != "good-key":
        return 200, {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1700000000]"}
    if len(asked.body["text"]["content"].encode()) > 2048:
        return 200, {"errcode": 45002, "errmsg": "content size out of limit"}
    return 200, {"errcode": 0, "errmsg": "ok"}


@dataclass
class WecomApp:
    """An application of WeCom with some members; its token is refused after it was used ``good_for`` times."""

    members: frozenset[str] = frozenset({"liming"})
    good_for: int = 1000
    tokens: int = 0
    used: int = 0

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/cgi-bin/gettoken":
            if asked.query.get("corpsecret") != "good-secret":
                return 200, {"errcode": 40001, "errmsg": "invalid credential"}
            self.tokens, self.used = self.tokens + 1, 0
            found = f"token-{self.tokens}"
            return 200, {"errcode": 0, "errmsg": "ok", "access_token": found, "expires_in": 7200}
        self.used += 1
        if asked.query.get("access_token") != f"token-{self.tokens}" or self.used > self.good_for:
            return 200, {"errcode": 42001, "errmsg": "access_token expired"}
        if asked.body["touser"] not in self.members:
            return 200, {"errcode": 81013, "errmsg": "user & party & tag all invalid", "invaliduser": "x"}
        return 200, {"errcode": 0, "errmsg": "ok", "invaliduser": "", "msgid": "m1"}


@dataclass
class DingtalkBot:
    """A group's bot of DingTalk with a signing secret, which is silent for ten minutes after 20 messages in one."""

    secret: str = "SEC1"  # noqa: S105 - of a stand-in
    taken: deque[int] = field(default_factory=deque)
    silent_until: int = 0
    throttled: int = 0

    def __call__(self, asked: Asked) -> Answer:
        if asked.query.get("access_token") != "good-token":
            return 200, {"errcode": 300001, "errmsg": "token is not exist"}
        moment = asked.query.get("timestamp", "0")
        digest = hmac.digest(self.secret.encode(), f"{moment}\n{self.secret}".encode(), hashlib.sha256)
        if asked.query.get("sign") != base64.b64encode(digest).decode():
            return 200, {"errcode": 310000, "errmsg": "sign not match"}
        now = int(moment)
        while self.taken and self.taken[0] <= now - 60_000:
            self.taken.popleft()
        if now < self.silent_until or len(self.taken) >= 20:
            self.silent_until = max(self.silent_until, now + 600_000)
            self.throttled += 1
            return 200, {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
        self.taken.append(now)
        return 200, {"errcode": 0, "errmsg": "ok"}


@dataclass
class DingtalkApp:
    """An application of DingTalk; what it takes over has arrived, or has not, when it is asked later."""

    users: frozenset[str] = frozenset({"u1"})
    tasks: dict[int, str] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/gettoken":
            good = asked.query.get("appsecret") == "good-secret"
            if not good:
                return 200, {"errcode": 40089, "errmsg": "invalid appkey or appsecret"}
            return 200, {"errcode": 0, "errmsg": "ok", "access_token": "t", "expires_in": 7200}
        if asked.path.endswith("/asyncsend_v2"):
            task = len(self.tasks) + 1
            self.tasks[task] = asked.body["userid_list"]
            return 200, {"errcode": 0, "errmsg": "ok", "task_id": task, "request_id": "r"}
        to = self.tasks[asked.body["task_id"]]
        lists = {"unread_user_id_list": [to]} if to in self.users else {"invalid_user_id_list": [to]}
        return 200, {"errcode": 0, "errmsg": "ok", "send_result": lists}


def feishu_bot(asked: Asked) -> Answer:
    """A group's bot of Feishu with a signing secret."""
    if not asked.path.endswith("/good-token"):
        return 200, {"code": 19001, "msg": "param invalid: incoming webhook access token invalid", "data": {}}
    key = f"{asked.body.get('timestamp')}\nsecret".encode()
    if asked.body.get("sign") != base64.b64encode(hmac.digest(key, b"", hashlib.sha256)).decode():
        return 200, {
            "code": 19021,
            "msg": "sign match fail or timestamp is not within one hour from current time",
        }
    return 200, {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}


@dataclass
class FeishuApp:
    """An application of Feishu, which takes a ``uuid`` once; its errors come with status 400 and a body."""

    people: frozenset[str] = frozenset({"ou_1"})
    given: dict[str, str] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Answer:
        if asked.path.endswith("/tenant_access_token/internal"):
            if asked.body["app_secret"] != "good-secret":  # noqa: S105 - of a stand-in
                return 200, {"code": 10014, "msg": "app secret invalid"}
            return 200, {"code": 0, "msg": "ok", "tenant_access_token": "t", "expire": 7200}
        if asked.headers.get("Authorization") != "Bearer t":
            return 400, {"code": 99991663, "msg": "Invalid access token for authorization"}
        if asked.body["receive_id"] not in self.people:
            return 400, {"code": 230001, "msg": "Your request contains an invalid request parameter"}
        self.given.setdefault(asked.body["uuid"], asked.body["content"])
        return 200, {"code": 0, "msg": "success", "data": {"message_id": "om_1"}}


@dataclass
class Gateway:
    """The district's own webhook or SMS gateway, as docs/operating.md asks for; it takes an ``id`` once."""

    dead: frozenset[str] = frozenset({"13900000000"})
    given: dict[str, Any] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Answer:
        if asked.body["to"] in self.dead:
            return 200, {"accepted": False, "permanent": True, "reason": "空号"}
        self.given.setdefault(asked.body["id"], asked.body)
        return 200, {"accepted": True, "reference": "g-1"}
