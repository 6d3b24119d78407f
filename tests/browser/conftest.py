"""A real portal of 临河县 and a real Chromium; pictures of what people see are left behind."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright
from sqlalchemy import Engine

from services.signing import signing_key
from tests.browser import serving
from tests.browser.serving import Portals
from tests.browser.window import Window
from tests.portal.conftest import home, portal_content, store
from tests.processes import all_gone

__all__ = ["home", "portal_content", "store"]  # fixtures that are taken over as they are

_NO_CHROMIUM = "no Chromium on this machine (apt-get install chromium): the browser tests did not run"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 20_000
"""Milliseconds until what should come is given up: the machine may have a great deal to do besides."""

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program; without one the test is skipped, and in CI it fails."""
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(_NO_CHROMIUM)
        pytest.skip(_NO_CHROMIUM)
    return found


@pytest.fixture(scope="session")
def pictures(pytestconfig: pytest.Config) -> Path:
    """Folder of the pictures."""
    folder = Path(pytestconfig.getoption("--pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright's own driver; it keeps an event loop running, in whose way no other file's tests may come."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def chrome(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """One Chromium for all tests of a file; each window has cookies of its own."""
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    running = playwright.chromium.launch(executable_path=chromium, args=quiet)
    yield running
    running.close()


@pytest.fixture(scope="session")
def portals() -> Iterator[Portals]:
    """What starts the portals of a process's tests."""
    found = serving.portals()
    with found.mother:
        yield found


@pytest.fixture
def portal(home: Path, store: Engine, portals: Portals) -> Iterator[str]:
    """Address of a portal that runs as a process of its own."""
    del store  # made before the portal starts
    log = home / "portal.log"
    address, process = portals.start(os.environ, log)
    handle = os.pidfd_open(process)
    try:
        yield address
    finally:
        signal.pidfd_send_signal(handle, signal.SIGTERM)
        assert all_gone([handle], 30), "the portal does not end when it is asked to"
    assert "Traceback" not in log.read_text(), log.read_text()


@pytest.fixture
def window(
    chrome: Browser, portal: str, home: Path, store: Engine, pictures: Path
) -> Iterator[Callable[..., Window]]:
    """Opens another window, with cookies of its own; ``phone`` for a small one, ``scripts=False`` for one without."""
    key = signing_key(home)
    with ExitStack() as stack:

        def another(*, phone: bool = False, scripts: bool = True) -> Window:
            size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
            context = chrome.new_context(
                viewport={"width": size["width"], "height": size["height"]},
                locale="zh-CN",
                timezone_id="America/New_York",  # 北京时间 is to be shown wherever the browser stands
                java_script_enabled=scripts,
            )
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE)
            return Window(context.new_page(), portal, key, store, pictures, scripts=scripts)

        yield another
