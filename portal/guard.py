"""Around every answer: headers that keep a page to itself; around every request: a bound on its size."""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 30 * 1024 * 1024
"""What one request may send; a file has a bound of its own below this."""
API = "/api/"
"""What addresses of the API begin with: it has a bound of its own, and speaks no language of pages."""

ALWAYS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
"""Nothing comes from elsewhere, and nobody looks in from there."""
_KEPT = "private, max-age=31536000, immutable"
_NOT_KEPT = "no-store"
"""Nothing of a page stays in a shared browser; files of ours have addresses that change with their content."""


class Headers:
    """Gives every answer the headers above."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.own = {**ALWAYS, **({"Strict-Transport-Security": "max-age=31536000"} if secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        kept = scope["path"].startswith("/static/") and b"v=" in scope["query_string"]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.own.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", _KEPT if kept else _NOT_KEPT)
            await send(message)

        await self.app(scope, receive, sending)


class Bound:
    """Refuses a request that sends more than ``most`` bytes, announced or not.

    Args:
        app: what is behind it.
        most: how many, or what says so of a request's scope.
        refusal: what answers where too much is announced.
        besides: what begins the paths that have a bound of their own; empty for none.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        most: int | Callable[[Scope], int] = MOST_BYTES,
        refusal: ASGIApp | None = None,
        besides: str = "",
    ) -> None:
        self.app, self.most, self.refusal, self.besides = app, most, refusal or _refuse, besides

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting what it brings."""
        if scope["type"] != "http" or (self.besides and scope["path"].startswith(self.besides)):
            await self.app(scope, receive, send)
            return
        most = self.most if isinstance(self.most, int) else self.most(scope)
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > most:
            await self.refusal(scope, receive, send)
            return
        brought = 0

        async def receiving() -> Message:
            nonlocal brought
            message = await receive()
            brought += len(message.get("body", b""))
            if brought > most:
                raise HTTPException(413)  # FastAPI passes this one on, from whatever reads the body
            return message

        await self.app(scope, receiving, send)


async def _refuse(_scope: Scope, _receive: Receive, send: Send) -> None:
    """In plain text: whoever sends so much is hardly a person before a page of ours."""
    body = "发送的内容太大，请缩小文件或分几次上传。\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
