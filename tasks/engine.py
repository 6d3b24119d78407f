"""Prefect's server over HTTP, for those who must not load Prefect: a page or a shell command would wait seconds for it."""

import base64
import json
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from services.running import Running
from services.settings import read_settings

SECONDS = 5
open_own = build_opener(ProxyHandler({})).open
"""Opens addresses of our own, which are not to be asked for at a proxy."""


def ask(running: Running, path: str, body: object = None) -> Any:
    """What the server answers at an address below its API: to ``body`` where there is one; None for an empty answer.

    Raises:
        urllib.error.HTTPError: where it refuses.
        OSError: where nobody answers; urllib's URLError is one.
        http.client.HTTPException: where what answers does not speak HTTP.
    """
    headers = {"Content-Type": "application/json", **authorization(read_settings().engine_password)}
    content = None if body is None else json.dumps(body).encode()
    request = Request(f"{running.engine}/api/{path}", content, headers)  # noqa: S310 - our own server
    with open_own(request, timeout=SECONDS) as answer:
        found = answer.read()
    return json.loads(found) if found else None


def authorization(password: str) -> dict[str, str]:
    """The header by which Prefect's server knows its own; none where it asks for no password."""
    return {"Authorization": f"Basic {base64.b64encode(password.encode()).decode()}"} if password else {}
