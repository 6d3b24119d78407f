"""What Prefect's server knows of runs, asked over its API: the small adapter between its state and our watchman."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from uuid import uuid4

from services.running import Running
from services.watchman import SETTLING, Trouble
from tasks.engine import ask

LATE = timedelta(minutes=30)
"""How long a run may wait for its start."""
STUCK = timedelta(hours=2)
"""How long a run may take; the slowest, the annual report, takes minutes."""
BACK = timedelta(days=30)
"""How far back failed runs are looked for."""
MOST = 200
"""Prefect's own limit on one answer."""
_UNFINISHED = ("SCHEDULED", "PENDING", "RUNNING")
_FAILED = ("FAILED", "CRASHED")


def troubles(running: Running, at: datetime) -> tuple[Trouble, ...]:
    """Runs that wait too long, hang, or failed with none of the same deployment done since; none if nobody answers.

    A server that does not answer is told as a part that is down, not here.
    """
    past = {"after_": _iso(at - BACK), "before_": _iso(at)}
    try:
        runs = _runs(running, (*_UNFINISHED, *_FAILED), past)
        done = _runs(running, ("COMPLETED",), past) if runs else []
        names = _names(running, runs) if runs else {}
    except HTTPError as error:
        return (_unanswered(error),)
    except (URLError, HTTPException, OSError):
        return ()
    last_done: dict[str, str] = {}
    for run in done:
        name = run["deployment_id"] or ""
        last_done[name] = max(last_done.get(name, ""), run["expected_start_time"])
    own = [run for run in runs if run["deployment_id"]]  # a flow within a flow is told by the one around it
    left = [run for run in own if run["expected_start_time"] > last_done.get(run["deployment_id"], "")]
    settling = at - running.started < SETTLING
    return tuple(t for t in _judge(left, names, at) if not (settling and t.kind == "missed"))


def tell(running: Running, name: str, trouble: Trouble, at: datetime) -> bool:
    """Send an event about a trouble, for automations and reminders to take up; says whether it was taken."""
    event = {
        "id": str(uuid4()),
        "occurred": _iso(at),
        "event": name,
        "resource": {"prefect.resource.id": f"guanai.watchman.{trouble.kind}.{trouble.subject}"},
        "payload": trouble.model_dump(mode="json"),
    }
    try:
        ask(running, "events", [event])
    except (URLError, HTTPException, OSError):
        return False
    return True


def _unanswered(error: HTTPError) -> Trouble:
    return Trouble(
        kind="part",
        subject="engine-api",
        text=f"流程引擎没有回答运行情况（HTTP {error.code}）。",
        mend="请重新启动平台；仍不行的，请把 logs 目录中的 engine.log 转给系统管理员。",
    )


def _judge(runs: Iterable[Mapping[str, Any]], names: Mapping[str, str], at: datetime) -> Iterator[Trouble]:
    """The newest run of each deployment and kind of trouble."""
    seen: set[tuple[str, str]] = set()
    for run in runs:
        trouble = _trouble(run, names.get(run["deployment_id"], run["name"]), at)
        if trouble is not None and (trouble.kind, trouble.subject) not in seen:
            seen.add((trouble.kind, trouble.subject))
            yield trouble


def _trouble(run: Mapping[str, Any], name: str, at: datetime) -> Trouble | None:
    state = run["state_type"]
    expected = datetime.fromisoformat(run["expected_start_time"]).astimezone(at.tzinfo)
    subject = str(run["deployment_id"])
    when = f"{expected:%m-%d %H:%M}"
    if state in _FAILED:
        text, mend = f"“{name}”（{when}）没有做完就中断了。", "请在流程引擎页面查看原因，改正后重新运行。"
        return Trouble(kind="failed", subject=subject, text=text, mend=mend)
    begun = datetime.fromisoformat(run["start_time"] or run["expected_start_time"]).astimezone(at.tzinfo)
    if state == "RUNNING" and at - begun > STUCK:
        text, mend = (
            f"“{name}”自 {begun:%m-%d %H:%M} 起一直没有结束。",
            "请在流程引擎页面取消这次运行，然后重新运行。",
        )
        return Trouble(kind="stuck", subject=subject, text=text, mend=mend)
    if state in ("SCHEDULED", "PENDING") and at - expected > LATE:
        text, mend = f"“{name}”应在 {when} 开始，还没有开始。", "请确认“调度”正常；积压的运行会陆续补上。"
        return Trouble(kind="missed", subject=subject, text=text, mend=mend)
    return None


def _runs(running: Running, states: Iterable[str], past: Mapping[str, str]) -> list[dict[str, Any]]:
    """Runs in any of these states whose start was planned in ``past``, newest first."""
    wanted = {"state": {"type": {"any_": list(states)}}, "expected_start_time": dict(past)}
    question = {"flow_runs": wanted, "sort": "EXPECTED_START_TIME_DESC", "limit": MOST}
    found: list[dict[str, Any]] = ask(running, "flow_runs/filter", question)
    return found


def _names(running: Running, runs: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Names of the runs' deployments by id; a run that has not begun has only a made-up name of its own."""
    ids = sorted({run["deployment_id"] for run in runs if run["deployment_id"]})
    found = ask(running, "deployments/filter", {"deployments": {"id": {"any_": ids}}, "limit": MOST})
    return {one["id"]: one["name"] for one in found}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
