"""What the adapters that speak JSON over HTTP share: one question, and what can come between it and its answer.

An answer counts by what its body says; the status is looked at only where there is no such body.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from services.delivery.letter import Undelivered

Answer = dict[str, Any]

_TOO_MANY, _GATEWAY_TIMEOUT, _BROKEN = 429, 504, 500
_LONGEST_WAIT = 3600
AGENT = {"User-Agent": "guanai"}


class Client:
    """A client of one vendor; connections are kept while it is in use."""

    def __init__(self, base: str, timeout: int) -> None:
        self._client = httpx.Client(base_url=base, timeout=timeout, headers=AGENT)

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def get(self, path: str, params: Mapping[str, str]) -> Answer:
        """Ask for something that changes nothing; as :meth:`post`, and never unsure."""
        try:
            return self._ask("GET", path, params, None, {})
        except Undelivered as failure:
            raise Undelivered(failure.reason, channel=True, wait=failure.wait) from failure

    def post(
        self,
        path: str,
        payload: object,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send JSON and give back the JSON of the answer, whatever its status.

        Raises:
            Undelivered: where no JSON comes back; unsure where the message was sent off and no answer came.
        """
        return self._ask("POST", path, params or {}, payload, headers or {})

    def _ask(
        self, method: str, path: str, params: Mapping[str, str], payload: object, headers: Mapping[str, str]
    ) -> Answer:
        content = None if payload is None else encoded(payload)
        sent = {**headers, "Content-Type": "application/json; charset=utf-8"}
        try:
            answer = self._client.request(method, path, params=params, content=content, headers=sent)
        except (httpx.ReadError, httpx.ReadTimeout, httpx.RemoteProtocolError) as error:
            raise Undelivered("消息已发出，但对方没有应答", unsure=True, channel=True) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Undelivered(f"连不上对方服务器（{type(error).__name__}）", channel=True) from error
        return _body(answer)


def encoded(payload: object) -> bytes:
    """JSON as it goes over the line."""
    return json.dumps(payload, ensure_ascii=False).encode()


def _body(answer: httpx.Response) -> Answer:
    if answer.status_code == _TOO_MANY:
        raise Undelivered("对方限流（HTTP 429）", channel=True, wait=_wait(answer))
    try:
        found = answer.json()
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found | {"http": answer.status_code}
    if answer.is_success:
        raise Undelivered("对方的应答不是约定的格式", channel=True)
    unsure = answer.status_code == _GATEWAY_TIMEOUT
    raise Undelivered(f"对方服务器返回 HTTP {answer.status_code}", unsure=unsure, channel=True)


def _wait(answer: httpx.Response) -> timedelta:
    told = answer.headers.get("Retry-After", "")
    return timedelta(seconds=min(int(told), _LONGEST_WAIT) if told.isdigit() else 60)
