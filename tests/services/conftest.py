"""A store with a year behind it, for whatever reckons by the set what facts say item by item."""

import pytest
from sqlalchemy import Engine

from tests import cast
from tests.services.eventful import live_through
from tests.stores import Fill


@pytest.fixture
def content(request: pytest.FixtureRequest, content: Fill) -> Fill:
    return small_plan_lived_through if "eventful" in request.fixturenames else content


@pytest.fixture
def eventful(engine: Engine) -> Engine:
    """A store with a year in which all sorts of things happened."""
    return engine


def small_plan_lived_through(engine: Engine) -> None:
    """Live through the small plan's year."""
    live_through(engine, cast.small_plan(), 4)
