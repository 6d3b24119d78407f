"""What the API says of itself, and whether it holds whatever is sent: schemathesis reads the one and tries the other."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from sqlalchemy import Engine

from services.tries import Limit, Tries
from tests.linhe import linhe
from tests.portal import systems
from tests.portal.systems import VISITS, hand_in_visits, make_systems, make_token, release_reports

EVERYTHING = "everything"
ACCEPTABLE = ["2xx", "401", "403", "404", "409", "422"]
"""What is answered to a request that is as described: a figure that is missing, say, is no matter of the description."""


class Boundless(Tries):
    """Counts nothing: the attack sends more in a minute than anybody may."""

    def count(self, limit: Limit, *whose: str) -> None:
        """Let pass."""


@pytest.fixture
def unbounded(app: FastAPI) -> FastAPI:
    """The portal without a limit of requests."""
    desk = replace(app.state.desk, tries=Boundless(Path()))
    app.state.desk = app.state.api.state.desk = desk
    return app


@pytest.fixture
def found(store: Engine, home: Path) -> dict[str, str]:
    """What there is to be found at addresses."""
    receipt, report = hand_in_visits(store, linhe()), release_reports(store, linhe(), home / "reports")
    assert report == 1  # the example of the description
    return {"key": VISITS, "receipt": receipt.number}


def attack(app: FastAPI, secret: str, **more: Any) -> tuple[set[tuple[str, str, str]], Counter[int]]:
    """What schemathesis finds wrong, and how often each status was answered."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "headers": {"Authorization": f"Bearer {secret}"} if secret else {},
            "workers": 1,
            "continue-on-failure": True,
            "cache": {"enabled": False},
            "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTABLE}},
            **more,
        }
    )
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, config=config)
    wrong: set[tuple[str, str, str]] = set()
    statuses: Counter[int] = Counter()
    for event in from_schema(schema).execute():
        assert not isinstance(event, events.FatalError), event.exception
        if not isinstance(event, events.ScenarioFinished):
            continue
        sent = event.recorder
        statuses.update(i.response.status_code for i in sent.interactions.values() if i.response)
        for check in (check for checks in sent.checks.values() for check in checks):
            if check.failure_info is not None:
                told = f"{check.failure_info.failure.message}\n{check.failure_info.code_sample}"
                wrong.add((sent.label, check.name, told))
    return wrong, statuses


def generation(examples: int) -> dict[str, Any]:
    """How much is tried, the same at each run."""
    return {"max-examples": examples, "deterministic": True, "database": "none"}


@pytest.mark.slow(15)
def test_whatever_is_sent_the_answer_is_as_described(
    unbounded: FastAPI, store: Engine, found: dict[str, str]
) -> None:
    secret = make_token(store, linhe(), systems.UNIT)
    wrong, statuses = attack(
        unbounded,
        secret,
        parameters=found,
        generation=generation(8),
        phases={"stateful": {"enabled": False}},
    )
    assert wrong == set()
    assert {200, 400, 401, 404, 405, 422} <= statuses.keys()


@pytest.mark.slow(15)
@pytest.mark.parametrize("name", [systems.READER, systems.OTHER, systems.EXPIRED, systems.NOBODY])
def test_whoever_sends_it_the_answer_is_as_described(
    unbounded: FastAPI, store: Engine, found: dict[str, str], name: str
) -> None:
    secret = make_systems(store, linhe())[name]
    phases = {"stateful": {"enabled": False}, "coverage": {"enabled": False}}
    wrong, statuses = attack(unbounded, secret, parameters=found, generation=generation(3), phases=phases)
    assert wrong == set()
    expected = {
        systems.READER: {200, 403},
        systems.OTHER: {200, 404},
        systems.EXPIRED: {200, 401},
        systems.NOBODY: {200, 401},
    }
    assert expected[name] <= statuses.keys()


def described(app: FastAPI) -> dict[str, Any]:
    """The API's OpenAPI."""
    with TestClient(app) as client:
        answer: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return answer


def operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation by its path."""
    for path, methods in description["paths"].items():
        for operation in methods.values():
            yield path, operation


def test_the_description_is_of_the_api_alone_and_every_error_is_declared(app: FastAPI) -> None:
    description = described(app)
    assert description["servers"] == [{"url": "/api"}]
    for path, operation in operations(description):
        assert path.startswith("/v1/")
        assert operation["summary"]
        assert operation["description"]
        needed = {"500", "503"} | ({"401", "403", "429"} if "security" in operation else set())
        needed |= {"400", "413", "422"} if "requestBody" in operation else set()
        assert needed <= operation["responses"].keys()
        for status, answer in operation["responses"].items():
            assert ("application/problem+json" in answer["content"]) == (int(status) >= 400)
    assert "ValidationError" not in str(description)


def test_the_names_of_operations_stay(app: FastAPI) -> None:
    assert {operation["operationId"] for _, operation in operations(described(app))} == {
        "getPlan",
        "getProblem",
        "listItems",
        "getItem",
        "listSubmissions",
        "submit",
        "check",
        "getReceipt",
        "listReports",
        "getReportFile",
        "attach",
        "listAttachments",
    }


def test_the_page_about_the_api_tells_of_every_operation_and_asks_nobody_else(
    app: FastAPI, store: Engine
) -> None:
    del store
    with TestClient(app) as client:
        page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert re.findall('(?:src|href)="(?:https?:)?//', page.text) == []
    for path, operation in operations(described(app)):
        assert f"/api{path}" in page.text
        assert operation["summary"] in page.text
    for told in (
        "passages[].text",
        "figures[].value",
        "newest.review.reason",
        "Idempotency-Key",
        "done | under-way",
    ):
        assert told in page.text
