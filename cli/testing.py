"""The checks behind ``guanai test``: lint, form, types, floors and tests, one after the other."""

import os
import subprocess
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import typer

from services.places import PROJECT

PROGRAMS = Path(sysconfig.get_path("scripts"))  # of the virtualenv, whatever PATH says

PARALLEL = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")
"""A file's tests share what is dear to make; the files come in the order of :mod:`tests.conftest`."""


@dataclass(frozen=True)
class Check:
    """A program that judges the project, and passes by ending with status 0."""

    title: str
    command: tuple[str, ...]


def checks(pytest_args: Iterable[str] = ()) -> tuple[Check, ...]:
    """Return the project's checks in the order they run, quickest first.

    pytest is the last, so that its closing line ends the output of a run in which all is well.
    """
    return (
        Check("代码检查 ruff check", ("ruff", "check")),
        Check("代码格式 ruff format", ("ruff", "format", "--check")),
        Check("类型检查 mypy", ("mypy",)),
        Check("分层检查 import-linter", ("lint-imports",)),
        Check("测试 pytest", ("pytest", *PARALLEL, *pytest_args)),
    )


def failing(to_run: Iterable[Check], *, programs: Path = PROGRAMS) -> list[Check]:
    """Run every check from the project's folder, under a heading each; return those that failed.

    A check that fails does not keep the later ones from running: one run shows all that is wrong.
    """
    # Tests start programs by the hundred: where bytecode is not to be kept, each of them would compile the project anew.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    failed = []
    for check in to_run:
        typer.echo(f"\n── {check.title} ──")
        program, *args = check.command
        ended = subprocess.run(  # noqa: S603 - the commands are this module's own
            [programs / program, *args], cwd=PROJECT, check=False, env=environment
        )
        if ended.returncode != 0:
            failed.append(check)
    return failed


def run_checks(args: list[str]) -> int:
    """Run the project's checks, and say at the end which failed.

    Args:
        args: Handed on to pytest, as in ``guanai test -k calendar``.

    Returns:
        The exit status: 0 where every check passed, else 1.
    """
    failed = failing(checks(args))
    if failed:
        typer.echo(f"\n未通过：{'、'.join(check.title for check in failed)}", err=True)
    return 1 if failed else 0


def test_command(context: typer.Context) -> None:
    """Run the checks, and end as they end."""
    raise typer.Exit(run_checks(context.args))
