"""Tokens from the shell, as an administrator types it."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from cli.app import app
from portal.app import create_app
from tests.linhe import LINHE


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of 临河县 with its plan in force."""
    monkeypatch.setenv("GUANAI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GUANAI_PLAN", str(LINHE))
    monkeypatch.setenv("COLUMNS", "200")
    assert guanai("open", "--year", "2025", "--as-of", "2025-12-31").exit_code == 0
    return tmp_path / "home"


def guanai(*args: str) -> Result:
    """The command."""
    return CliRunner().invoke(app, args)


def status(secret: str) -> int:
    """What the portal answers to a token."""
    client = TestClient(create_app())
    found: int = client.get("/api/v1/items", headers={"Authorization": f"Bearer {secret}"}).status_code
    return found


@pytest.mark.usefixtures("home")
def test_a_token_is_made_used_listed_and_taken_back() -> None:
    made = guanai("token", "add", "河口镇", "镇办公系统", "--scope", "items:read", "--scope", "items:submit")
    assert made.exit_code == 0
    (secret,) = re.findall(r"guanai_\S+", made.output)
    assert status(secret) == 200
    listed = guanai("token", "list").output
    assert secret not in listed
    for told in ("镇办公系统", "河口镇", "items:read、items:submit", "在用"):
        assert told in listed
    assert guanai("token", "revoke", "1").exit_code == 0
    assert status(secret) == 401
    assert "已停用" in guanai("token", "list").output


@pytest.mark.usefixtures("home")
def test_what_cannot_be_is_said() -> None:
    for args, number in (
        (("add", "河口镇", " ", "--scope", "items:read"), 1201),
        (("add", "无此单位", "系统", "--scope", "items:read"), 103),
        (("revoke", "7"), 1202),
    ):
        told = guanai("token", *args)
        assert told.exit_code == 1
        assert f"〔{number}〕" in told.output
    assert guanai("token", "add", "河口镇", "系统", "--scope", "items:read", "--days", "366").exit_code == 2
    assert guanai("token", "add", "河口镇", "系统").exit_code == 2
