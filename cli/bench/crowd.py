"""Many at once before a web server: a thread each, on the standard library's client, which costs the machine least."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from statistics import quantiles
from threading import Barrier

TIMEOUT = 60
"""Seconds after which an answer is given up."""


@dataclass(frozen=True)
class Request:
    """What somebody asks for, or sends."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True)
class Answer:
    """What came: the status, 0 where nothing did; the body; and after how many seconds."""

    status: int
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Latency:
    """How long answers took: half of them, 95 and 99 of a hundred at most so many seconds."""

    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> "Latency":
        """The quantiles of some answers."""
        found = quantiles((a.seconds for a in answers), n=100, method="inclusive")
        return cls(found[49], found[94], found[98])


def ask(port: int, *requests: Request) -> list[Answer]:
    """Send requests one after the other over one connection, as a browser does."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        return [_ask(connection, request) for request in requests]
    finally:
        connection.close()


def at_once(port: int, people: Sequence[Sequence[Request]], pause: float = 0.0) -> list[Answer]:
    """Let everybody send their requests, all beginning together.

    Args:
        port: on loopback.
        people: the requests of each.
        pause: seconds from one request of somebody to their next, where the answer does not take longer; people
            start spread over the first of them. Without a pause each asks again as soon as the answer is there.
    """
    together = Barrier(len(people))

    def come(place: int) -> list[Answer]:
        connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        together.wait()
        start = time.perf_counter() + pause * place / len(people)
        answers = []
        for number, request in enumerate(people[place]):
            time.sleep(max(0.0, start + pause * number - time.perf_counter()))
            answers.append(_ask(connection, request))
        connection.close()
        return answers

    with ThreadPoolExecutor(len(people)) as threads:
        return [answer for found in threads.map(come, range(len(people))) for answer in found]


def _ask(connection: HTTPConnection, request: Request) -> Answer:
    started = time.perf_counter()
    try:
        method = "GET" if request.body is None else "POST"
        connection.request(method, request.path, request.body, dict(request.headers))
        answer = connection.getresponse()
        status, body = answer.status, answer.read()
    except (HTTPException, OSError) as error:
        connection.close()
        status, body = 0, repr(error).encode()
    return Answer(status, body, time.perf_counter() - started)
