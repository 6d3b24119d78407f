"""The API as an application of its own, mounted under /api: its errors are problems, and no page's rule holds in it."""

from functools import cached_property
from typing import Any

from fastapi import FastAPI
from starlette.responses import JSONResponse

from portal.api import faults, files, items, plan, reports, submissions
from portal.api.description import describe
from portal.desk import Desk
from portal.guard import Bound

UNDER = "/api"
VERSION = "/v1"


class Api(FastAPI):
    """The API's application."""

    @cached_property
    def described(self) -> dict[str, Any]:
        """Its OpenAPI, made at the first look."""
        return describe(self, UNDER)


def make_api(desk: Desk) -> Api:
    """The API that works on a desk."""
    api = Api(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    api.state.desk = desk
    faults.register(api)
    api.add_middleware(Bound, most=faults.most_of, refusal=faults.too_large)
    for router in (plan.router, submissions.router, files.router, items.router, reports.router):
        api.include_router(router, prefix=VERSION)

    @api.get(f"{VERSION}/openapi.json", include_in_schema=False)
    def openapi_json() -> JSONResponse:
        return JSONResponse(api.described)

    return api
