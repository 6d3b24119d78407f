"""``guanai report annual`` as a real process with Prefect's own engine, killed and run again."""

import contextlib
import hashlib
import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from services.report_folder import WORK
from tests.linhe import LINHE
from tests.processes import newcomer
from tests.reports import hand_in_a_year

GUANAI = Path(sys.executable).with_name("guanai")


def start(home: Path, out: Path) -> subprocess.Popen[str]:
    """The command on a home with a year in it."""
    return subprocess.Popen(
        [GUANAI, "report", "annual", "--year", "2025", "--as-of", "2025-12-31", "--out", out],
        env=newcomer(GUANAI_HOME=str(home), GUANAI_PLAN=str(LINHE)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def family(session: int) -> list[int]:
    """Handles on every process of a session: they turn readable when their process ends."""
    handles = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # gone in the meantime
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                handles.append(os.pidfd_open(int(stat.parent.name)))
    return handles


def pdfs(folder: Path) -> dict[str, str]:
    """Every PDF under a folder by its digest."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*.pdf")}


@pytest.mark.slow(40)
def test_a_report_killed_while_it_renders_comes_out_whole_when_it_is_run_again(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    hand_in_a_year(home)
    with start(home, out) as run:
        while not list(out.glob(f"{WORK}*/*.pdf")):
            with pytest.raises(subprocess.TimeoutExpired):
                run.wait(timeout=0.02)  # still at work
        left = family(run.pid)
        assert len(left) > 2  # Prefect's server, and processes that render
        run.kill()
        while left:
            ended, _, _ = select.select(left, [], [], 30)
            assert ended, "processes outlive the command that started them"
            for handle in ended:
                os.close(handle)
            left = [handle for handle in left if handle not in ended]
    survivors = pdfs(out)
    with start(home, out) as run:
        told, _ = run.communicate(timeout=240)
    assert run.returncode == 0, told
    (folder,) = (p for p in out.iterdir() if not p.name.startswith("."))
    assert str(folder) in told.replace("\n", "")
    assert survivors.items() <= pdfs(folder).items()
    assert "对照 GB/T 9704-2012 均无不符" in told
    assert "Traceback" not in told
