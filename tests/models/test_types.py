"""What goes into the store comes out the same, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from domain.workdays import BEIJING
from models.engine import reading, writing
from models.tables import FigureRow, PassageRow, PlanVersionRow, SubmissionRow, WorkItemRow
from models.types import Exact, Moment
from tests import cast

AT = cast.moment("2025-03-01 08:00")


def _one_submission(
    engine: Engine, at: datetime, figures: dict[str, Decimal | None], passage: str = "进展"
) -> None:
    with writing(engine) as session:
        plan = PlanVersionRow(
            plan_id="p", number=1, sha256="0", content="{}", adopted_at=AT, adopted_by="赵强"
        )
        session.add(plan)
        session.flush()
        days = {"opens": AT.date(), "due": AT.date(), "act_by": AT.date(), "assumed": False}
        item = WorkItemRow(
            key="p/d/u/1",
            plan_id="p",
            plan_version_id=plan.id or 0,
            duty="d",
            unit="u",
            period="1",
            period_label="一",
            year=2025,
            opened_at=AT,
            **days,  # type: ignore[arg-type]  # one mapping for three dates and a flag
        )
        session.add(item)
        session.flush()
        submission = SubmissionRow(
            item_id=item.id or 0, version=1, state="done", by="李明", at=at, door="page", content_sha256="0"
        )
        session.add(submission)
        session.flush()
        number = submission.id or 0
        session.add(PassageRow(submission_id=number, slot="progress", text=passage))
        session.add_all(
            FigureRow(submission_id=number, indicator=name, value=v) for name, v in figures.items()
        )


@pytest.mark.parametrize(
    "digits", ["0", "0.1", "0.3", "3", "12.5000", "1000", "9999999999999999.9999", "0.0001", "1E+3"]
)
def test_a_decimal_comes_back_exactly(engine: Engine, digits: str) -> None:
    _one_submission(engine, AT, {"a": Decimal(digits), "none": None})
    with reading(engine) as session:
        found = session.get(FigureRow, (1, "a"))
        missing = session.get(FigureRow, (1, "none"))
    assert found is not None
    assert found.value == Decimal(digits)
    assert missing is not None
    assert missing.value is None


def test_a_decimal_is_spelt_the_same_by_both_databases(engine: Engine) -> None:
    _one_submission(engine, AT, {"a": Decimal("12.5000"), "b": Decimal(100)})
    with reading(engine) as session:
        spelt = {row.indicator: str(row.value) for row in session.scalars(select(FigureRow))}
    assert spelt == {"a": "12.5", "b": "100"}


@pytest.mark.parametrize("zone", [UTC, BEIJING, timezone(timedelta(hours=-11))])
def test_a_moment_comes_back_in_beijing_time(engine: Engine, zone: timezone) -> None:
    moment = datetime(2025, 3, 31, 23, 59, 59, 123456, tzinfo=BEIJING)
    _one_submission(engine, moment.astimezone(zone), {})
    with reading(engine) as session:
        found = session.scalars(select(SubmissionRow)).one().at
    assert found == moment
    assert found.tzinfo is BEIJING
    assert found.date() == moment.date()


def test_a_moment_is_stored_in_utc(engine: Engine) -> None:
    _one_submission(engine, datetime(2025, 4, 1, 7, 30, tzinfo=BEIJING), {})
    with reading(engine) as session:
        if engine.dialect.name == "postgresql":
            session.execute(text("SET TIME ZONE 'UTC'"))
        assert str(session.scalar(text("SELECT at FROM submission"))).startswith("2025-03-31 23:30:00")


def test_a_moment_without_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="time zone"):
        _one_submission(engine, datetime(2025, 3, 1), {})  # noqa: DTZ001 - what is refused here


def test_chinese_outside_the_first_plane_survives(engine: Engine) -> None:
    _one_submission(engine, AT, {}, passage="𠮷林、㐂欢、㬎")
    with reading(engine) as session:
        assert session.scalars(select(PassageRow)).one().text == "𠮷林、㐂欢、㬎"


@given(st.decimals(min_value=0, max_value=10**15, places=4))
def test_sqlite_keeps_every_digit_as_text(value: Decimal) -> None:
    dialect = sqlite.dialect()
    stored = Exact().process_bind_param(value, dialect)
    assert isinstance(stored, str)
    assert Exact().process_result_value(stored, dialect) == value


@given(st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.timezones()))  # noqa: DTZ001 - hypothesis wants a naive bound
def test_every_moment_keeps_its_instant(moment: datetime) -> None:
    stored = Moment().process_bind_param(moment, sqlite.dialect())
    assert stored is not None
    found = Moment().process_result_value(stored.replace(tzinfo=None), sqlite.dialect())
    assert found is not None
    assert found.astimezone(UTC) == moment.astimezone(UTC)
