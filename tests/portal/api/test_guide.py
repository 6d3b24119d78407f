"""The guide to the API is right: each of its commands is sent to the portal and answered as it says."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.portal.systems import System

GUIDE = Path(__file__).parents[3] / "docs" / "api.md"
COMMANDS = re.findall(r"```sh\n(curl .*?)\n# (\d{3})\n```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def request_of(command: str) -> dict[str, Any]:
    """What curl would send: method, address, headers and body, or the fields of a form."""
    sent: dict[str, Any] = {"method": "GET", "headers": {}}
    words = iter(shlex.split(command.replace("\\\n", " "))[1:])
    for word in words:
        if word == "-X":
            sent["method"] = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            sent["headers"][name] = value
        elif word == "-d":
            sent["content"] = next(words)
        elif word == "-F":
            name, _, value = next(words).partition("=")
            field = (value[1:], "上半年走访记录。") if value.startswith("@") else (None, value)
            sent["method"], sent["files"] = "POST", {**sent.get("files", {}), name: field}
        else:
            sent["url"] = word
    return sent


def test_every_command_of_the_guide_is_answered_as_it_says(system: System) -> None:
    assert len(COMMANDS) == GUIDE.read_text(encoding="utf-8").count("curl ")
    for command, status in COMMANDS:
        written = command.replace("$PORTAL", "http://testserver").replace("$TOKEN", system.secret)
        answer = system.client.request(**request_of(written))
        assert (command, answer.status_code) == (command, int(status)), answer.text


def test_the_problem_in_the_guide_is_the_one_that_is_answered(system: System) -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    body = {
        "by": "孙莉",
        "state": "done",
        "passages": [{"slot": "progress", "text": "好"}],
        "figures": [{"indicator": "families", "value": "1"}, {"indicator": "visited", "value": "1"}],
    }
    assert json.loads(shown) == system.submit(body).json()


@pytest.mark.parametrize("scope", ["items:read", "items:submit", "reports:read"])
def test_the_guide_tells_of_every_scope(scope: str) -> None:
    assert f"| `{scope}` |" in GUIDE.read_text(encoding="utf-8")
