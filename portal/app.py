"""The portal as uvicorn starts it: settings and store are opened once, pages are routers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.base import RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response

from models.engine import open_store
from portal import status_page, watch
from portal.desk import Desk
from services.settings import read_settings

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Nothing comes from elsewhere, nothing stays in a shared browser."""


def create_app() -> FastAPI:
    """The portal of this installation.

    Raises:
        Problem: 301 for settings; 302, 303 for the store.
    """
    settings = read_settings()
    desk = Desk(settings, open_store(settings.store_url))

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        watching = asyncio.create_task(watch.keep(desk))
        yield
        watching.cancel()
        desk.engine.dispose()

    app = FastAPI(title="guanai", lifespan=life, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    app.middleware("http")(_with_headers)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.include_router(status_page.router)
    return app


async def _with_headers(request: Request, call_next: RequestResponseEndpoint) -> Response:
    response = await call_next(request)
    response.headers.update(_HEADERS)
    return response
