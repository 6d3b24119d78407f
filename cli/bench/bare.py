"""The floor under ``portal``: a page of Starlette's that asks nothing of anybody, in a process of the same kind."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

FACTORY = "cli.bench.bare:create_app"


def create_app() -> Starlette:
    """An application that gives as many bytes as the address asks for, from the thread pool as pages of ours do."""

    def page(request: Request) -> HTMLResponse:
        return HTMLResponse("x" * int(request.path_params["size"]))

    return Starlette(routes=[Route("/{size:int}", page), Route("/health", lambda _: HTMLResponse("ok"))])
