"""The API of 临河县's portal, and the systems that come to it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from domain.tokens import Scope
from tests.linhe import linhe
from tests.portal.systems import UNIT, System, make_token

Connect = Callable[..., System]


@pytest.fixture
def connect(app: FastAPI, store: Engine) -> Iterator[Connect]:
    """Connects a system that acts for a unit; with every scope where none is named."""
    with ExitStack() as stack:

        def another(unit: str = UNIT, *scopes: Scope) -> System:
            client = stack.enter_context(TestClient(app, raise_server_exceptions=False))
            return System(client, make_token(store, linhe(), unit, *scopes))

        yield another


@pytest.fixture
def system(connect: Connect) -> System:
    """A system of 河口镇 that may do everything."""
    return connect()
