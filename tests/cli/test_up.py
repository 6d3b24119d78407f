"""``guanai up`` as an office runs it: real processes, started, found, harmed, looked at and stopped."""

import json
import os
import signal
import socket
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from shutil import rmtree
from sqlite3 import connect

import pytest

from domain.plan import Plan
from domain.rounds import PHASE_CLOSED, Happening
from domain.schedule import timetables
from models.engine import open_store, reading
from services import clock
from services.outbox import PREFECT, untold
from services.plan_versions import current
from services.rounds import Round, record
from services.workcalendar import work_calendar
from tests.linhe import drop_visits, linhe, write_linhe
from tests.office import COLD, environment, fetch, free_ports, guanai, part, up
from tests.processes import SOON, Program, all_gone, descendants, wait_for


@pytest.mark.slow(90)
def test_the_platform_comes_up_whole_mends_itself_and_leaves_nothing(tmp_path: Path) -> None:
    home, plan, (port, engine_port) = tmp_path / "home", tmp_path / "linhe-2025", free_ports(2)
    write_linhe(plan)
    own = environment(home, GUANAI_PLAN=str(plan))
    with up(own, port, engine_port) as running:
        running.until("以前已过截止日", COLD)  # this first start comes late in the plan
        running.until("已启动", COLD)
        portal, engine = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{engine_port}"

        # both pages answer, the administrator can come in, and the shell agrees
        link = running.until("/enter/", SOON).strip()
        assert "系统管理员" in fetch(link)
        assert "临河县儿童关爱保护两年提升计划" in fetch(portal)
        assert "<title>Prefect" in fetch(engine)
        told = json.loads(guanai(own, "status", "--json").stdout)
        assert [one["up"] for one in told["running"]["parts"]] == [True, True, True]
        assert told["running"]["portal"] == portal
        assert told["troubles"] == []

        # the plan's runs stand in Prefect's calendar
        to_come = {"flow_runs": {"expected_start_time": {"after_": clock.now().isoformat()}}}
        assert wait_for(lambda: int(fetch(f"{engine}/api/flow_runs/count", to_come)) > 0)

        # the first round does not wait for tomorrow morning
        assert wait_for(lambda: "每日巡查" in rounds_done(own), COLD, between=2)

        # a second one finds the first, from the same home or with the same database
        second = guanai(own, "up")
        assert second.returncode == 0
        assert portal in second.stdout
        stranger = environment(tmp_path / "other", GUANAI_DATABASE_URL=f"sqlite:///{home / 'guanai.db'}")
        refused = guanai(stranger, "up", "--port", free_ports(1)[0], "--engine-port", free_ports(1)[0])
        assert refused.returncode == 1
        assert "〔803〕" in refused.stderr

        # a part that is killed comes back
        os.kill(part(home, "engine"), signal.SIGKILL)
        running.until("“流程引擎”意外结束", SOON)
        running.until("“流程引擎”已恢复", SOON)
        assert wait_for(lambda: "<title>Prefect" in fetch(engine))

        see_a_new_version_taken_up(running, own, engine)

        # Ctrl-C ends it all in time
        began = time.monotonic()
        end(running)
        assert time.monotonic() - began < 10
    assert not (home / "up.json").exists()
    assert "Traceback" not in running.told
    assert (home / "engine" / "prefect.db").exists()
    rmtree(home / "engine")
    to_tell, before = record_and_die(home), contents(home)
    assert "guanai.linhe-2025.base" in to_tell.values()
    with up(own, port, engine_port, "--portals", "2") as running:
        running.until("已启动", COLD)
        assert "已过截止日" not in running.told
        see_prefects_database_rebuilt(engine, home, to_tell)
        assert contents(home) == before
        end(running)


def end(running: Program) -> None:
    """Press Ctrl-C; nothing of it is left."""
    below = descendants(running.process.pid)
    running.process.send_signal(signal.SIGINT)
    assert running.rest(SOON) == 0
    assert all_gone(below, 0)


def see_a_new_version_taken_up(running: Program, own: Mapping[str, str], engine: str) -> None:
    """A version that is put into force in another terminal needs no restart of the whole."""
    visits = "04 走访困难家庭"
    assert deployed(engine) == names_of(linhe())
    assert planned(engine, visits) > 0
    write_linhe(Path(own["GUANAI_PLAN"]), drop_visits)
    adopted = guanai(own, "open", "--adopt")
    assert "第 2 版已启用" in adopted.stdout, adopted.stderr
    running.until("方案第 2 版已启用", SOON)
    running.until("“调度”已恢复", SOON)
    assert wait_for(lambda: deployed(engine) == names_of(linhe(drop_visits)))
    assert planned(engine, visits) == 0


def rounds_done(own: Mapping[str, str]) -> list[str]:
    """Titles of the rounds that left their row."""
    told = json.loads(guanai(own, "status", "--json").stdout)
    return [one["title"] for one in told["rounds"]]


def see_prefects_database_rebuilt(engine: str, home: Path, to_tell: Mapping[int, str]) -> None:
    """Everything is registered anew, and of all that ever happened only what was not told yet is told, or is new."""

    def expected() -> list[str]:
        new = {row: one for row, one in happenings(home).items() if row > max(to_tell)}
        return sorted([*to_tell.values(), *new.values()])

    assert wait_for(lambda: deployed(engine) == names_of(linhe(drop_visits)))
    assert wait_for(lambda: planned(engine, "每日巡查") > 0)
    assert wait_for(lambda: sorted(told_events(engine)) == expected()), (told_events(engine), expected())


def deployed(engine: str) -> set[str]:
    """Names of the deployments that Prefect has."""
    return {one["name"] for one in json.loads(fetch(f"{engine}/api/deployments/filter", {"limit": 200}))}


def names_of(plan: Plan) -> set[str]:
    """Names of the deployments that a plan asks for."""
    return {timetable.name for timetable in timetables(plan)}


def planned(engine: str, name: str) -> int:
    """How many runs of a deployment are still to come."""
    to_come = {
        "deployments": {"name": {"any_": [name]}},
        "flow_runs": {"expected_start_time": {"after_": clock.now().isoformat()}},
    }
    return int(fetch(f"{engine}/api/flow_runs/count", to_come))


def told_events(engine: str) -> list[str]:
    """What Prefect was told of what happened under the plan."""
    of_the_plan = {"filter": {"event": {"prefix": ["guanai.phase.", "guanai.duty.", "guanai.milestone."]}}}
    page = json.loads(fetch(f"{engine}/api/events/filter", of_the_plan))
    events = page["events"]
    while page["next_page"]:  # fifty at a time
        page = json.loads(fetch(f"{engine}/api{page['next_page'].partition('/api')[2]}"))
        events += page["events"]
    return [event["resource"]["prefect.resource.id"] for event in events]


def contents(home: Path) -> dict[str, int]:
    """How much has been opened."""
    with closing(connect(home / "guanai.db")) as store:
        return {
            table: store.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - constants of this file
            for table in ("work_item", "plan_version")
        }


def happenings(home: Path) -> dict[int, str]:
    """What is recorded to have happened, as the resources of Prefect's events, by its row."""
    with closing(connect(home / "guanai.db")) as store:
        rows = store.execute("SELECT id, subject FROM happening").fetchall()
    return {row: f"guanai.{subject.replace('/', '.')}" for row, subject in rows}


def record_and_die(home: Path) -> dict[int, str]:
    """As a run that ended once it had recorded something: Prefect was not told; gives what is untold, by its row."""
    store = open_store(f"sqlite:///{home / 'guanai.db'}")
    with reading(store) as session:
        found = current(session, "linhe-2025")
    assert found is not None
    plan, version = found
    closed = Happening(PHASE_CLOSED, "linhe-2025/base", clock.today(), "“打基础”阶段关闭")
    calendar = work_calendar(plan.rules.calendar.beyond_known)
    record(
        store, Round(plan, version, clock.today(), calendar, clock.now(), "系统"), "phase/base", [closed], {}
    )
    news = untold(store, plan.id, PREFECT)
    store.dispose()
    return {one.row: f"guanai.{one.happening.subject.replace('/', '.')}" for one in news}


@pytest.mark.parametrize("option", ["--port", "--engine-port"])
def test_a_port_in_use_is_named_with_what_to_do(tmp_path: Path, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        other = "--engine-port" if option == "--port" else "--port"
        told = guanai(environment(tmp_path), "up", option, port, other, free_ports(1)[0])
    assert told.returncode == 1
    assert "〔801〕" in told.stderr
    assert port in told.stderr
    assert f"{option} 换一个端口" in told.stderr
