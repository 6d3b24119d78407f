"""The portal as uvicorn starts it: settings and store are opened once, pages are routers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing import parent_process

from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles

from models.engine import open_store
from portal import (
    account_pages,
    address_pages,
    circular_pages,
    contact_pages,
    faults,
    figure_page,
    leader_items,
    leader_page,
    office,
    people_pages,
    platform_page,
    report_pages,
    sign_in_pages,
    token_pages,
    watch,
)
from portal.api import docs_page
from portal.api.app import UNDER, make_api
from portal.desk import Desk
from portal.guard import API, Bound, Headers
from portal.pages import STATIC
from portal.unit import (
    case_page,
    draft_page,
    extension_page,
    file_page,
    item_page,
    lists,
    receipt_page,
    supervision_page,
    version_page,
    workbook_page,
)
from portal.visitor import form_is_ours
from services.plans import load_plan
from services.settings import read_settings
from services.signing import signing_key
from services.tries import FILE, Tries
from services.workers import end_with_parent

PAGES = (
    sign_in_pages.router,
    account_pages.router,
    address_pages.router,
    people_pages.router,
    contact_pages.router,
    office.router,
    report_pages.router,
    figure_page.router,
    circular_pages.router,
    leader_page.router,
    leader_items.router,
    lists.router,
    workbook_page.router,
    item_page.router,
    draft_page.router,
    file_page.router,
    extension_page.router,
    receipt_page.router,
    supervision_page.router,
    case_page.router,
    version_page.router,
    token_pages.router,
    docs_page.router,
    platform_page.router,
)
"""The routers of pages; every form on them must prove that it is ours."""


def create_app() -> FastAPI:
    """The portal of this installation.

    Raises:
        Problem: 101, 102 for the plan's files; 301 for settings; 302, 303 for the store.
    """
    settings = read_settings()
    if parent_process() is not None:  # one of several, which uvicorn has started
        end_with_parent()
    desk = Desk(
        settings=settings,
        engine=open_store(settings.store_url),
        key=signing_key(settings.home),
        plan_id=load_plan(settings.plan).id,
        tries=Tries(settings.home / FILE),
    )

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        watching = asyncio.create_task(watch.keep(desk))
        yield
        watching.cancel()
        desk.tries.close()
        desk.engine.dispose()

    app = FastAPI(title="guanai", lifespan=life, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk, app.state.api = desk, make_api(desk)
    faults.register(app)
    app.add_middleware(Bound, besides=API)
    app.add_middleware(Headers, secure=desk.secure)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in PAGES:
        app.include_router(router, dependencies=[Depends(form_is_ours)])
    app.mount(UNDER, app.state.api, name="api")
    return app
