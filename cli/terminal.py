"""What the subcommands share: telling problems, showing progress, reaching the store and the plan in force."""

import functools
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine

from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from models.engine import open_store, reading
from services.plan_versions import PlanVersion, current
from services.plans import load_plan
from services.settings import Settings, read_settings

REFUSED, USAGE = 1, 2
"""Exit statuses: what was asked for was refused; the command itself was wrong."""

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


@contextmanager
def problems_told(usage: Collection[ProblemKind] = ()) -> Iterator[None]:
    """Tell a problem in one line and end with 1; with 2 where it is of a kind in ``usage``."""
    try:
        yield
    except Problem as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(USAGE if problem.kind in usage else REFUSED) from problem


def telling_problems(command: Callable[P, R]) -> Callable[P, R]:
    """A command that tells problems as :func:`problems_told` does."""

    @functools.wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        with problems_told():
            return command(*args, **kwargs)

    return told


@dataclass(frozen=True)
class Desk:
    """What a command works on: the settings, the store, and the plan in force with its version."""

    settings: Settings
    engine: Engine
    plan: Plan
    version: PlanVersion


def open_desk() -> Desk:
    """The store of this installation and the plan in force there.

    Raises:
        Problem: 101, 102 for the plan's files; 106 where no plan is in force yet; 301 to 303 for the store.
    """
    settings = read_settings()
    engine = open_store(settings.store_url)
    wanted = load_plan(settings.plan)
    with reading(engine) as session:
        found = current(session, wanted.id)
    if found is None:
        raise Problem(ProblemKind.PLAN_NOT_IN_FORCE, plan=wanted.short_name)
    return Desk(settings, engine, *found)


def tell_past_due(count: int, day: date) -> None:
    """Say at the first adoption of a plan how many of its items were past due before ``day``, and what to do then."""
    if count:
        typer.echo(
            f"注意：方案首次启用，其中 {count} 项在 {day} 以前已过截止日，会显示为逾期。\n"
            "  当时已经做过的，请各单位补报，照常审核（按补报的日期计为迟报）；没有发生的，报“本期无此情形”。\n"
            "  审核通过以后即不再逾期。"
        )


def bar() -> Progress:
    """A progress bar on the error stream, so that results can still be piped; it stays after the work is done."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )


def tracked(parts: Iterable[T], title: str, total: int) -> Iterator[T]:
    """Pass ``parts`` on under a progress bar that disappears at the end."""
    with bar() as progress:
        yield from progress.track(parts, total=total, description=title)
