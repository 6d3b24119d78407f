"""Reports that the office orders from a page: begun on Prefect's engine, and watched until they are filed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from uuid import UUID

from domain.problems import Problem, ProblemKind
from domain.schedule import Kind
from services.running import Running
from tasks.engine import ask

STATE_NAMES = {
    "SCHEDULED": "等待开始",
    "PENDING": "等待开始",
    "RUNNING": "正在进行",
    "COMPLETED": "已完成",
    "FAILED": "没有做完，出了差错",
    "CRASHED": "意外中断",
    "CANCELLED": "已取消",
    "CANCELLING": "正在取消",
    "PAUSED": "已暂停",
}
OVER = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})
STEPS = ("冻结数据快照", "列出应出文件", "排版", "核验 PDF", "归档")
"""The steps of a report, as its flow names them."""


@dataclass(frozen=True)
class Step:
    """A step of a report: its title, and how it stands; ``state`` is None while it has not begun."""

    title: str
    state: str | None

    @property
    def words(self) -> str:
        """How it stands, for people."""
        return "还没有开始" if self.state is None else STATE_NAMES.get(self.state, self.state)


@dataclass(frozen=True)
class ReportRun:
    """A report that is being made.

    Attributes:
        id: of the run on Prefect's engine.
        state: how it stands, as the engine says.
        message: what the engine says of a run that went wrong; empty otherwise.
        steps: its steps in their order.
    """

    id: UUID
    state: str
    message: str
    steps: tuple[Step, ...]

    @property
    def over(self) -> bool:
        """Whether nothing more comes."""
        return self.state in OVER

    @property
    def words(self) -> str:
        """How it stands, for people."""
        return STATE_NAMES.get(self.state, self.state)


def order(
    running: Running | None, plan_id: str, *, year: int, as_of: date, number: str, signatory: str, by: str
) -> UUID:
    """Have a year's reports made; gives the run by which that can be watched.

    Args:
        running: the running platform; None where there is none.
        plan_id: the plan.
        year: the year reported on.
        as_of: the day from which it is seen.
        number: 发文字号; empty to be filled in by hand.
        signatory: 签发人; likewise.
        by: who orders it.

    Raises:
        Problem: 713 where the engine is not running, does not answer, or does not know how to make reports.
    """
    told = {"year": year, "as_of": as_of.isoformat(), "number": number, "signatory": signatory, "actor": by}
    return _begin(running, plan_id, Kind.ANNUAL_REPORT, told)


def order_circular(
    running: Running | None, plan_id: str, *, period: str, as_of: date, number: str, by: str
) -> UUID:
    """Have the circular of a period made; as :func:`order`.

    Args:
        running: the running platform; None where there is none.
        plan_id: the plan.
        period: code of the period.
        as_of: the day from which it is seen.
        number: 发文字号; empty to be filled in by hand.
        by: who orders it.

    Raises:
        Problem: 713 as :func:`order`.
    """
    told = {"period": period, "as_of": as_of.isoformat(), "number": number, "actor": by}
    return _begin(running, plan_id, Kind.CIRCULAR, told)


def order_phase(
    running: Running | None, plan_id: str, *, phase: str, as_of: date, number: str, signatory: str, by: str
) -> UUID:
    """Have the assessment of a phase made; as :func:`order`.

    Args:
        running: the running platform; None where there is none.
        plan_id: the plan.
        phase: id of the phase.
        as_of: the day from which it is seen.
        number: 发文字号; empty to be filled in by hand.
        signatory: 签发人; likewise.
        by: who orders it.

    Raises:
        Problem: 713 as :func:`order`.
    """
    told = {"phase": phase, "as_of": as_of.isoformat(), "number": number, "signatory": signatory, "actor": by}
    return _begin(running, plan_id, Kind.PHASE_ASSESSMENT, told)


def _begin(running: Running | None, plan_id: str, kind: Kind, told: dict[str, Any]) -> UUID:
    wanted = {"tags": {"all_": [plan_id, kind.value]}}
    found = _ask(running, "deployments/filter", {"deployments": wanted, "limit": 1})
    if not found:
        raise Problem(ProblemKind.REPORT_NO_ENGINE)
    begun = _ask(running, f"deployments/{found[0]['id']}/create_flow_run", {"parameters": told})
    return UUID(begun["id"])


def look(running: Running | None, run: UUID) -> ReportRun:
    """How a report that was ordered comes on.

    Raises:
        Problem: 713 where the engine is not running or does not answer; 714 where it knows no such run.
    """
    try:
        found = _ask(running, f"flow_runs/{run}")
    except HTTPError as error:
        raise Problem(ProblemKind.REPORT_RUN_UNKNOWN) from error
    inner = _ask(
        running, "flow_runs/filter", {"flow_runs": {"parent_flow_run_id": {"any_": [str(run)]}}, "limit": 20}
    )
    state, message = found["state_type"] or "SCHEDULED", (found["state"] or {}).get("message") or ""
    return ReportRun(run, state, message if state in OVER - {"COMPLETED"} else "", _steps(running, inner))


def _steps(running: Running | None, inner: Sequence[dict[str, Any]]) -> tuple[Step, ...]:
    """The steps of the newest try; all that have not begun where there was none yet."""
    states: dict[str, str] = {}
    if inner:
        newest = max(inner, key=lambda one: one["created"])
        own = {"flow_runs": {"id": {"any_": [newest["id"]]}}, "limit": 50}
        for task in _ask(running, "task_runs/filter", own):
            states[task["name"]] = task["state_type"] or "PENDING"
    return tuple(Step(title, states.get(title)) for title in STEPS)


def _ask(running: Running | None, path: str, body: object = None) -> Any:
    if running is None:
        raise Problem(ProblemKind.REPORT_NO_ENGINE)
    try:
        return ask(running, path, body)
    except HTTPError:
        if body is None:
            raise
        raise Problem(ProblemKind.REPORT_NO_ENGINE) from None
    except (URLError, HTTPException, OSError) as error:
        raise Problem(ProblemKind.REPORT_NO_ENGINE) from error
