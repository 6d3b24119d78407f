"""Where items stand is kept by the database itself, and is what a look at every version and verdict would find."""

from datetime import date, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from domain.facts import ItemFacts
from domain.status import FINISHED, Stage, stage
from models.engine import make_engine, migrate, reading, writing
from models.migrations.config import alembic_config
from models.states import groups, seen, unfinished
from models.tables import ItemStateRow, Row
from services.facts import year_facts
from tests import cast
from tests.services.eventful import live_through

STATE = ItemStateRow.metadata.tables["item_state"]
PLAN = cast.small_plan()


def rows(engine: Engine, table: str = "item_state") -> list[dict[str, object]]:
    held = Row.metadata.tables[table]
    with reading(engine) as session:
        found = session.execute(select(*held.c).order_by(*held.primary_key))
        return [dict(row._mapping) for row in found]  # noqa: SLF001 - SQLAlchemy's public name for it


def test_each_row_is_what_the_items_versions_and_verdicts_say(engine: Engine) -> None:
    live_through(engine, PLAN, 5)
    with reading(engine) as session:
        facts = {f.item.key: f for f in year_facts(session, PLAN, 2025)}
    items = {row["id"]: facts[str(row["key"])] for row in rows(engine, "work_item")}
    kept = rows(engine)
    assert [row["item_id"] for row in kept] == list(items)
    for row in kept:
        one: ItemFacts = items[row["item_id"]]
        counts, newest, sent = one.counting, one.latest, one.submissions
        assert (row["unit"], row["due"], row["year"]) == (one.item.unit, one.item.due, one.item.year)
        assert row["stage"] == stage(one).value
        assert row["timely"] == (bool(sent) and sent[0].day <= one.item.due)
        assert row["returns"] == one.times_returned
        assert row["pending"] == (newest is not None and newest.review is None)
        assert row["newest_id"] == (newest.id if newest else None)
        assert row["submission_id"] == (counts.id if counts else None)
        assert row["submitted_at"] == (counts.at if counts else None)
        assert row["reviewed_at"] == reviewed_at(one)


def reviewed_at(one: ItemFacts) -> datetime | None:
    """When it was first accepted as finished, where it is; else the moment of the verdict on what counts."""
    counts = one.counting
    if counts is None or counts.review is None:
        return None
    if stage(one) is not Stage.FINISHED:
        return counts.review.at
    return min(s.review.at for s in one.submissions if s.accepted and s.review and s.state in FINISHED)


def test_a_store_of_before_is_brought_to_the_same(engine: Engine, blank_url: str) -> None:
    live_through(engine, PLAN, 6, modern=False)
    older = make_engine(blank_url)
    with older.begin() as connection:
        command.upgrade(alembic_config(connection), "0002")
        for table in ("plan_version", "work_item", "submission", "review"):
            connection.execute(insert(Row.metadata.tables[table]), rows(engine, table))
    migrate(older)
    found = rows(older)
    older.dispose()
    assert found == rows(engine)
    assert {row["stage"] for row in found} == {"open", "returned", "to-review", "under-way", "finished"}


def test_a_verdict_on_a_version_that_is_not_the_newest_only_counts(opened: Engine) -> None:
    """No service gives one; what copies rows table by table does."""
    at = cast.moment("2025-04-01 09:00")
    with writing(opened) as session:
        sent = Row.metadata.tables["submission"]
        alike = {
            "item_id": 1,
            "state": "done",
            "by": cast.LI_MING,
            "door": "page",
            "content_sha256": "0" * 64,
        }
        later = at + timedelta(days=2)
        session.execute(
            insert(sent), [{"version": 1, "at": at, **alike}, {"version": 2, "at": later, **alike}]
        )
        first = session.scalar(select(func.min(sent.c.id)))
        verdict = {"submission_id": first, "verdict": "returned", "reviewer": cast.ZHAO_QIANG}
        session.execute(
            insert(Row.metadata.tables["review"]), [{**verdict, "at": at + timedelta(days=1), "reason": ""}]
        )
    row = next(row for row in rows(opened) if row["item_id"] == 1)
    assert (row["stage"], row["version"], row["returns"], row["reviewed_at"]) == ("to-review", 2, 1, None)


def test_a_stage_that_nobody_knows_is_refused(opened: Engine) -> None:
    with pytest.raises(DBAPIError), writing(opened) as session:
        session.execute(text("UPDATE item_state SET stage = 'lost'"))


def test_who_is_unfinished_is_told_by_duty_and_period(opened: Engine) -> None:
    with reading(opened) as session:
        found = unfinished(session, seen(session, PLAN.id, date(2025, 4, 1)), ["home-visits", "census"])
        none = unfinished(session, seen(session, PLAN.id, date(2024, 12, 31)), ["home-visits"])
    assert found.keys() == {("home-visits", "2025Q1"), ("home-visits", "2025Q2"), ("census", "once")}
    assert found["home-visits", "2025Q1"] == [cast.TOWN, cast.STREET]
    assert none == {}


def test_groups_count_every_open_item_once(opened: Engine) -> None:
    day = date(2025, 6, 30)
    with reading(opened) as session:
        items = seen(session, PLAN.id, day)
        counted = groups(session, items)
        every = session.scalar(select(func.count()).select_from(items.source).where(*items.conditions))
        few = groups(session, items, ["meetings"])
    assert sum(row.items for row in counted) == every
    assert {row.duty for row in few} == {"meetings"}
    assert all(row.opens <= day for row in counted)
