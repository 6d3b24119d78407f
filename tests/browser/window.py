"""A window of a real browser: what somebody does in it, and what is to be true of every page in it."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request
from sqlalchemy import Engine

from models.engine import writing
from services import accounts, clock, sign_in

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""What axe-core judges: WCAG 2.2 at level AA, and its own good habits."""


@dataclass
class Window:
    """One window.

    Attributes:
        page: the page in it.
        portal: address of the portal.
        key: the portal's signing key, for links as reminders bring them.
        engine: the portal's store.
        pictures: folder of the pictures.
        scripts: whether scripts run in it.
    """

    page: Page
    portal: str
    key: bytes
    engine: Engine
    pictures: Path
    scripts: bool = True
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    def link(self, login: str) -> str:
        """Address of a link that somebody has just been sent."""
        with writing(self.engine) as session:
            account = accounts.find(session, login)
            assert account is not None
            token = sign_in.make_link(session, self.key, account.id, by="周岚", at=clock.now())
        return f"{self.portal}/enter/{token}"

    def enter(self, login: str) -> "Window":
        """Come in by a link and its button."""
        self.page.goto(self.link(login))
        self.page.get_by_role("button", name="进入平台").click()
        return self

    def go(self, path: str) -> "Window":
        """To another page."""
        self.page.goto(self.portal + path)
        return self

    def look(self, picture: str) -> "Window":
        """See that the page is as every page must be, and take a picture of it."""
        if self.scripts:
            found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": list(WCAG)}})
            assert found.violations_count == 0, found.generate_report()
            wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not self.page.evaluate(wider), f"{picture} is wider than the window"
        assert self.complaints == []
        self.page.screenshot(path=self.pictures / f"{picture}.png", full_page=True)
        return self

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        """No outside host is ever asked for anything."""
        asked = urlsplit(request.url)
        if asked.netloc != urlsplit(self.portal).netloc and asked.scheme not in ("data", "blob"):
            self.complaints.append(f"asked {request.url}")
