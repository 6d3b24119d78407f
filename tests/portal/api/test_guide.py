"""The guide to the API is right: each of its commands is sent to the portal and answered as it says."""

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.portal.systems import System

GUIDE = Path(__file__).parents[3] / "docs" / "api.md"
COMMANDS = re.findall(r"```sh\n(curl .*?)\n# (\d{3})\n```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def request_of(command: str) -> tuple[str, str, dict[str, str], str | None]:
    """What curl would send: method, address, headers and body."""
    method, address, body, headers = "GET", "", None, {}
    words = iter(shlex.split(command.replace("\\\n", " "))[1:])
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        else:
            address = word
    return method, address, headers, body


def test_every_command_of_the_guide_is_answered_as_it_says(system: System) -> None:
    assert len(COMMANDS) == GUIDE.read_text(encoding="utf-8").count("curl ")
    for command, status in COMMANDS:
        written = command.replace("$PORTAL", "http://testserver").replace("$TOKEN", system.secret)
        method, address, headers, body = request_of(written)
        answer = system.client.request(method, address, headers=headers, content=body)
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
