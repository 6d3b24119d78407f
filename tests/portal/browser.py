"""A browser without a window, and the people of 临河县 who sit before it.

周岚 directs the office and may also report for 县妇联, which hosts it; 罗敏 is in the office; 高原 reports for 县民政局 and
许静 for 县教育局; 郑明 leads; 系统管理员 looks after accounts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine

from domain.people import Grant, Role
from domain.plan import Plan
from models.engine import reading, writing
from services import accounts, clock, sign_in

ZHOU_LAN, LUO_MIN, GAO_YUAN, XU_JING, ZHENG_MING, ADMIN = (
    "zhoulan",
    "luomin",
    "gaoyuan",
    "xujing",
    "zhengming",
    "admin",
)
NAMES = {
    ZHOU_LAN: "周岚",
    LUO_MIN: "罗敏",
    GAO_YUAN: "高原",
    XU_JING: "许静",
    ZHENG_MING: "郑明",
    ADMIN: "系统管理员",
}
GRANTS = {
    ZHOU_LAN: [Grant(Role.OFFICE), Grant(Role.LIAISON, "women")],
    LUO_MIN: [Grant(Role.OFFICE)],
    GAO_YUAN: [Grant(Role.LIAISON, "civil")],
    XU_JING: [Grant(Role.LIAISON, "edu")],
    ZHENG_MING: [Grant(Role.LEADER)],
    ADMIN: [Grant(Role.ADMINISTRATOR)],
}
PASSWORD = "三只麻雀过大桥，真早"  # noqa: S105 - of a cast that lives for a test
"""What everybody uses who needs a password."""


def make_people(engine: Engine, plan: Plan) -> None:
    """Accounts for the whole cast; none has a password."""
    with writing(engine) as session:
        for login, grants in GRANTS.items():
            accounts.add(
                session, plan, login=login, name=NAMES[login], grants=grants, by="周岚", at=clock.now()
            )


@dataclass
class Browser:
    """What somebody does with a browser: looks at pages, sends their forms."""

    client: TestClient
    key: bytes
    engine: Engine

    def sign_in(self, login: str) -> "Browser":
        """Come in by a link, without its page."""
        at = clock.now()
        with writing(self.engine) as session:
            account = accounts.find(session, login)
            assert account is not None
            token = sign_in.make_link(session, self.key, account.id, by="周岚", at=at)
            entered = sign_in.by_link(session, self.key, token, at=at)
        self.client.cookies.set("guanai", entered.token)
        return self

    def account(self, login: str) -> int:
        """The number of somebody's account."""
        with reading(self.engine) as session:
            found = accounts.find(session, login)
        assert found is not None
        return found.id

    def get(self, path: str) -> Response:
        """Look at a page, without being led on from it."""
        answer: Response = self.client.get(path, follow_redirects=False)
        return answer

    def csrf(self, page: str = "/sign-in") -> str:
        """What forms on pages have to bring along."""
        found = re.search('name="csrf" value="([0-9a-f]{64})"', self.client.get(page).text)
        assert found is not None
        return found[1]

    def send(self, path: str, fields: Mapping[str, Any] | None = None, **more: Any) -> Response:
        """Send a form of ours, as its button does."""
        data = {"csrf": self.csrf("/account"), **(fields or {})}
        answer: Response = self.client.post(path, data=data, follow_redirects=False, **more)
        return answer
