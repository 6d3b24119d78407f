"""Stores and homes with a year behind them: made once a process, for whoever only reads or copies them."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests import cast
from tests.reports import hand_in_a_year, make_report, settings_of
from tests.services.eventful import live_through
from tests.stores import Fill


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a year of 临河县 in it, to be copied."""
    home = tmp_path_factory.mktemp("year")
    hand_in_a_year(home)
    return home


@pytest.fixture(scope="session")
def filed(year: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The year's report, made without a disturbance."""
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    shutil.copytree(year, home)
    return make_report(settings_of(home), home / "out")


@pytest.fixture
def store_content(request: pytest.FixtureRequest, store_content: Fill) -> Fill:
    return small_plan_lived_through if "eventful" in request.fixturenames else store_content


@pytest.fixture
def eventful(engine: Engine) -> Engine:
    """A store with a year in which all sorts of things happened."""
    return engine


def small_plan_lived_through(engine: Engine) -> None:
    """Live through the small plan's year."""
    live_through(engine, cast.small_plan(), 4)
