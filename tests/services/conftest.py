"""A year of 临河县 handed in, and its report filed: made once a process, for whoever only reads or copies them."""

import shutil
from pathlib import Path

import pytest

from tests.reports import hand_in_a_year, make_report, settings_of


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
