"""A program that hands in for 东山镇 again and again until it is killed; ``test_crash`` starts and kills it.

It tells each step on its output: ``begun N`` in the middle of a transaction, ``done N`` after it.
"""

import sys

from models.engine import make_engine, writing
from services.intake import submit
from tests import cast


def main(url: str, holds: bool) -> None:  # noqa: FBT001 - a command-line switch
    """Hand in until killed; with ``holds``, wait for ever inside the first transaction."""
    engine = make_engine(url)
    at = cast.moment("2025-07-01 09:00")
    for count in range(1, 100_000):
        with writing(engine) as session:
            entries = [cast.visits(count=count), cast.visits(cast.VISIT_Q2, count=count)]
            submit(session, cast.small_plan(), entries, unit=cast.TOWN, by=cast.LI_MING, at=at, door="page")
            print(f"begun {count}", flush=True)  # noqa: T201 - the test listens
            if holds:
                sys.stdin.read()
        print(f"done {count}", flush=True)  # noqa: T201 - the test listens


main(sys.argv[1], sys.argv[2] == "hold")
