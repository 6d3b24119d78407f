"""The watchman: what he takes for missed, down or late, and how he gives a sign of life."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from sqlalchemy import Engine

from domain.schedule import Kind, Line, Timetable, timetables
from models.engine import reading, writing
from models.reports import record_report
from models.rounds import record_round
from services.opening import open_year
from services.plan_versions import PlanVersion, adopt, current
from services.rounds import DAILY, QUARTER, YEAR
from services.running import PartState, Running
from services.watchman import Trouble, last_fire, ping, troubles
from tests import cast
from tests.delivery import scene

OWN = ("measure/01", "measure/02", "phase/all")
"""What the measures' and the phase's own runs leave; no matter here unless a test says so."""
BEGUN = cast.moment("2025-04-01 06:05")


@pytest.fixture
def watched(opened: Engine) -> Engine:
    """The small plan where everything ran as it should on 1 April 2025."""
    done(opened, DAILY, "2025-04-01", BEGUN)
    done(opened, QUARTER, "2025-03-31", BEGUN)
    for kind in OWN:
        done(opened, kind, "2026-12-31", BEGUN)
    filed(opened, "circular", "2025-04-08", "2025Q1")
    return opened


def done(engine: Engine, kind: str, day: str, at: datetime) -> None:
    """A round that left its row."""
    with writing(engine) as session:
        found = current(session, cast.small_plan().id)
        assert found is not None
        row = {
            "plan_id": "small",
            "plan_version_id": found[1].id,
            "kind": kind,
            "as_of": date.fromisoformat(day),
            "detail": "{}",
            "actor": "系统",
            "at": at,
        }
        assert record_round(session, row)


def filed(engine: Engine, kind: str, day: str, period: str = "", year: int = 2025) -> None:
    """A report that was filed on a day."""
    with writing(engine) as session:
        record_report(
            session,
            kind=kind,
            plan_id="small",
            year=year,
            period=period,
            as_of=date.fromisoformat(day),
            snapshot_sha256=f"{kind}{period}".ljust(64, "0"),
            folder="/",
            filed_at=cast.moment(f"{day} 10:00"),
        )


def late(engine: Engine, at: str) -> list[str]:
    """Which reports are late at a moment."""
    return [trouble.subject for trouble in amiss(engine, at) if trouble.kind == "report"]


def amiss(engine: Engine, at: str, running: Running | None = None) -> list[Trouble]:
    """What is amiss at a moment."""
    with reading(engine) as session:
        return list(troubles(session, cast.small_plan(), cast.moment(at), cast.calendar(), running))


def up_since(at: str, *parts: PartState) -> Running:
    """A platform that was started at a moment."""
    return Running(pid=1, started=cast.moment(at), portal="http://p", engine="http://e", parts=parts)


def test_nothing_is_missed_while_everything_leaves_its_row(watched: Engine) -> None:
    assert amiss(watched, "2025-04-01 20:00") == []


def test_a_daily_round_is_missed_two_hours_after_its_time(watched: Engine) -> None:
    assert amiss(watched, "2025-04-02 07:59") == []
    (trouble,) = amiss(watched, "2025-04-02 08:01")
    assert (trouble.kind, trouble.subject, trouble.broken) == ("missed", "daily", True)
    assert "“每日巡查”本应在 2025-04-02 06:00 运行" in trouble.text


def test_a_later_round_makes_good_for_those_before_it(watched: Engine) -> None:
    done(watched, DAILY, "2025-04-20", cast.moment("2025-04-20 06:05"))
    assert amiss(watched, "2025-04-20 12:00") == []


def test_closing_a_quarter_is_missed_on_the_first_day_of_the_next(watched: Engine) -> None:
    done(watched, DAILY, "2025-07-01", cast.moment("2025-07-01 06:05"))
    (trouble,) = amiss(watched, "2025-07-01 12:00")
    assert trouble.subject == "quarter-close"
    done(watched, QUARTER, "2025-06-30", cast.moment("2025-07-01 12:05"))
    assert amiss(watched, "2025-07-01 12:10") == []


def test_closing_a_year_is_missed_on_new_years_day(watched: Engine) -> None:
    at = cast.moment("2026-01-01 06:45")
    done(watched, DAILY, "2026-01-01", at)
    done(watched, QUARTER, "2025-12-31", at)
    assert "year-close" in {trouble.subject for trouble in amiss(watched, "2026-01-01 12:00")}
    done(watched, YEAR, "2025-12-31", at)
    assert "year-close" not in {trouble.subject for trouble in amiss(watched, "2026-01-01 12:00")}


def test_the_own_run_of_a_measure_or_a_phase_is_missed_like_any_other(opened: Engine) -> None:
    done(opened, DAILY, "2025-06-30", cast.moment("2025-06-30 06:05"))
    done(opened, QUARTER, "2025-06-30", cast.moment("2025-06-30 06:05"))
    done(opened, DAILY, "2025-07-01", cast.moment("2025-07-01 06:05"))
    (trouble,) = amiss(opened, "2025-07-01 12:00")
    assert trouble.subject == "measure/01"  # home visits of the next quarter open on that day
    assert "01 走访探视" in trouble.text
    done(opened, "measure/01", "2025-07-01", cast.moment("2025-07-01 12:05"))
    assert amiss(opened, "2025-07-01 12:10") == []


def test_where_nothing_has_ever_run_nothing_was_missed(opened: Engine) -> None:
    assert amiss(opened, "2025-04-02 12:00") == []


def test_a_platform_that_was_just_started_has_time_to_catch_up(watched: Engine) -> None:
    late = "2025-04-10 12:00"
    assert amiss(watched, late)
    assert amiss(watched, late, up_since("2025-04-10 11:50")) == []
    assert amiss(watched, late, up_since("2025-04-10 11:30"))


def test_a_clock_that_was_put_back_is_told_until_a_round_of_a_new_day_is_done(watched: Engine) -> None:
    done(watched, DAILY, "2025-04-20", cast.moment("2025-04-20 06:05"))
    assert amiss(watched, "2025-04-20 06:01") == []  # a time server moves a clock by a little
    (trouble,) = amiss(watched, "2025-04-13 12:00")
    assert (trouble.kind, trouble.broken) == ("clock", True)
    assert "登记在 2025-04-20 06:05，而本机现在是 2025-04-13 12:00" in trouble.text
    assert "校准" in trouble.mend
    assert amiss(watched, "2025-04-20 12:00") == []  # put right
    done(watched, DAILY, "2025-04-14", cast.moment("2025-04-14 06:05"))  # or right all along, and fast before
    assert amiss(watched, "2025-04-14 12:00") == []


def test_nothing_is_missed_after_the_end_of_the_plan(watched: Engine) -> None:
    assert not [trouble for trouble in amiss(watched, "2027-02-10 12:00") if trouble.kind == "missed"]


def test_a_part_that_is_down_is_told_and_one_that_starts_for_the_first_time_is_not(opened: Engine) -> None:
    down = PartState(
        name="engine", title="流程引擎", pid=None, up=False, restarts=2, note="意外结束（信号 9）"
    )
    starting = PartState(name="portal", title="页面", pid=7, up=False)
    (trouble,) = amiss(opened, "2025-01-03 05:00", up_since("2025-01-03 04:59", down, starting))
    assert (trouble.kind, trouble.subject) == ("part", "engine")
    assert "“流程引擎”意外结束（信号 9）。" in trouble.text


def test_the_annual_report_is_late_five_working_days_after_the_units_are_due(opened: Engine) -> None:
    filed(opened, "circular", "2025-10-14", "2025Q3")
    assert late(opened, "2025-12-05 12:00") == []
    (trouble,) = [t for t in amiss(opened, "2025-12-06 12:00") if t.kind == "report"]
    assert (trouble.subject, trouble.broken) == ("2025", False)
    filed(opened, "annual", "2025-12-05")
    assert late(opened, "2025-12-06 12:00") == []


def test_a_circular_is_late_three_working_days_after_its_day(opened: Engine) -> None:
    assert late(opened, "2025-07-10 12:00") == []  # its day was the 7th
    (trouble,) = [t for t in amiss(opened, "2025-07-11 12:00") if t.kind == "report"]
    assert trouble.subject == "circular/2025Q2"
    assert "2025年第二季度通报尚未生成，应在 2025-07-07 自动生成" in trouble.text
    assert "guanai report circular --period 2025Q2" in trouble.mend
    filed(opened, "circular", "2025-07-11", "2025Q2")
    assert late(opened, "2025-07-11 12:00") == []


def test_a_circular_is_not_missed_where_nothing_was_opened_that_fell_due(engine: Engine) -> None:
    _adopt(engine, "2025-06-30 09:00")
    assert late(engine, "2025-07-11 12:00") == []


def test_nor_where_its_day_was_over_when_the_platform_was_first_used(engine: Engine) -> None:
    version = _adopt(engine, "2025-07-08 09:00")
    with writing(engine) as session:
        at, last_day = cast.moment("2025-07-08 09:00"), date(2025, 7, 8)
        told = {"as_of": last_day, "calendar": cast.calendar(), "at": at, "actor": cast.ZHAO_QIANG}
        open_year(session, cast.small_plan(), version, 2025, **told)  # type: ignore[arg-type]  # of several types
    assert late(engine, "2025-07-11 12:00") == []


def _adopt(engine: Engine, at: str) -> PlanVersion:
    """The small plan, put into force at a moment."""
    with writing(engine) as session:
        return adopt(session, cast.small_plan(), at=cast.moment(at), actor=cast.ZHAO_QIANG)


def test_a_phase_s_assessment_is_late_three_working_days_after_its_day_until_it_is_there(
    opened: Engine,
) -> None:
    for period in ("2026Q4", "2027Q1"):
        filed(opened, "circular", "2027-04-08", period, 2026)
    filed(opened, "annual", "2026-12-05", year=2026)
    filed(opened, "annual", "2025-12-05")
    filed(opened, "phase", "2026-12-30", "all", 2026)  # made before its end
    # the phase ends on Thursday 2026-12-31, after which the holidays are not announced: Friday, and then three days
    assert late(opened, "2027-01-06 12:00") == []
    assert late(opened, "2027-01-07 12:00") == ["assessment/all"]
    assert late(opened, "2027-06-07 12:00") == ["assessment/all"]
    (trouble,) = [t for t in amiss(opened, "2027-01-07 12:00") if t.kind == "report"]
    assert "“实施”阶段的评估尚未生成，应在 2027-01-01 自动生成" in trouble.text
    filed(opened, "phase", "2027-01-07", "all", 2027)
    assert late(opened, "2027-01-07 12:00") == []


@pytest.mark.parametrize(
    ("before", "fire"),
    [
        ("2025-06-14 10:29", "2025-04-01 09:00"),
        ("2025-06-14 10:30", "2025-06-14 10:30"),
        ("2025-07-01 09:00", "2025-07-01 09:00"),
    ],
)
def test_the_last_start_is_the_latest_of_all_lines(before: str, fire: str) -> None:
    lines = (Line("quarter", "0 9 1 1,4,7,10 *"), Line("june", "30 10 14 6 *"))
    found = last_fire(Timetable(Kind.MEASURE, "走访", (), lines), cast.moment(before))
    assert found == cast.moment(fire)


def test_every_line_of_a_plan_can_be_reckoned_back() -> None:
    moment = cast.moment("2026-01-01 00:00")
    for timetable in timetables(cast.small_plan()):
        found = last_fire(timetable, moment)
        assert found is not None
        assert timedelta(0) <= moment - found <= timedelta(days=366)


def test_messages_that_nobody_sends_are_told_once_they_might_have_gone_for_two_hours(opened: Engine) -> None:
    to = scene.contact(opened, ("outbox", "liming@town.example.cn"))
    scene.owe(opened, to, "outbox", next_at=cast.moment("2025-03-21 17:00"))  # a Friday
    told = {at: [t for t in amiss(opened, at) if t.kind == "message"] for at in _MOMENTS}
    assert {at for at, found in told.items() if found} == {"2025-03-24 10:30", "2025-03-24 19:29"}
    (trouble,) = told["2025-03-24 10:30"]
    assert "有 1 条消息到时间以后没有发出，最早的应在 2025-03-21 17:00 发出" in trouble.text
    assert not trouble.broken


_MOMENTS = (
    "2025-03-21 18:59",  # two hours have not passed
    "2025-03-22 12:00",  # a Saturday
    "2025-03-24 10:29",
    "2025-03-24 10:30",
    "2025-03-24 19:29",
    "2025-03-24 19:31",
)


@contextmanager
def outside_watch(status: int) -> Iterator[tuple[str, list[str]]]:
    """A watch elsewhere: its address, and the paths at which it was called."""
    called: list[str] = []

    class Watch(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            called.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Watch) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/ping/abc", called
        finally:
            server.shutdown()
            thread.join()


def test_the_sign_of_life_says_whether_all_is_well() -> None:
    with outside_watch(200) as (address, called):
        assert ping(address, well=True)
        assert ping(address, well=False)
    assert called == ["/ping/abc", "/ping/abc/fail"]


def test_a_watch_that_does_not_hear_disturbs_nobody() -> None:
    with outside_watch(500) as (address, _):
        assert not ping(address, well=True)
    assert not ping(address, well=True)  # gone altogether
