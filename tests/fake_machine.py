"""A machine for ``./guanai`` to install on: its package manager and Python are small scripts.

The tools of the system (cp, flock, tar, dpkg-deb, ...) are the real ones, reached by links.
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
REAL_TOOLS = (
    *("cat", "chmod", "cmp", "cp", "dpkg-deb", "flock", "grep"),
    *("mkdir", "mv", "readlink", "rm", "sh", "tail", "tar"),
)

# What every fake begins with: it notes how it was called, reads all the input that it is given,
# and dies with all its family where it is told to.
PREAMBLE = """#!/bin/sh
state='{state}'
echo "{name} $*" >>"$state/calls"
cat >/dev/null
if [ -e "$state/kill" ]; then
    case "{name} $*" in *"$(cat "$state/kill")"*) rm "$state/kill"; kill -9 0 ;; esac
fi
"""
# An installed package is a file of its name in the folder `state`.
APT_GET = """
[ ! -e "$state/refused" ] || { echo 'E: refused'; exit 100; }
case "$*" in
*download*) cp "$state/fonts.deb" . ;;
*install*)
    [ ! -e "$state/interrupted" ] || exit 100
    for word; do : >"$state/$word"; done ;;
esac
"""
DPKG = """
[ "$*" = '--configure -a' ] && rm "$state/interrupted"
"""
DPKG_QUERY = """
for package; do :; done
[ -e "$state/$package" ] && echo installed
"""
SUDO = """
[ "$1" = sh ] || exec "$@"
shift 4  # of: sh -euc SCRIPT sh PACKAGES. The script itself would write to the real /etc.
exec apt-get install "$@"
"""
PYTHON = f"""
[ ! -e "$state/old-python" ] || exec '{sys.executable}' -c "import sys; sys.version_info = (3, 10)
$2"
case $1 in
-c) echo "$0" ;;
-m) mkdir -p .venv/bin .venv/lib && cp "$state/venv-python" .venv/bin/python ;;
esac
"""
VENV_PYTHON = """
case "$*" in
*requirements.lock)
    [ ! -e "$state/no-index" ] || { echo 'ERROR: no matching distribution'; exit 1; }
    [ ! -e "$state/wait" ] || cat "$state/wait"  # a pipe: until the test opens and closes it
    : >.venv/lib/libraries ;;
*-e*)
    cp "$state/guanai" .venv/bin/guanai
    chmod +x .venv/bin/guanai ;;
esac
"""
GUANAI = """#!/bin/sh
for word; do echo "<$word>"; done
[ "$1" != read ] || { read -r line; echo "$line"; }
"""


@dataclass(frozen=True)
class Machine:
    """A copy of the project, in a folder with a space in its name, and what PATH offers there."""

    project: Path
    programs: Path
    state: Path

    def fake(self, name: str, body: str, *, at: Path | None = None) -> None:
        """Put a program of that name on PATH, or at another place."""
        script = at or self.programs / name
        script.write_text(PREAMBLE.format(state=self.state, name=name) + body)
        script.chmod(0o755)

    def start(
        self,
        *args: str,
        script: str | Path = "./guanai",
        cwd: Path | None = None,
        path: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Start ``./guanai`` and wait for its end, in a process group that a kill stays within."""
        return subprocess.run(
            [script, *args],
            env={"PATH": str(path or self.programs)},
            cwd=cwd or self.project,
            input="typed\n",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            start_new_session=True,
        )

    def begin(self, *args: str) -> subprocess.Popen[str]:
        """Start ``./guanai`` without waiting for its end."""
        return subprocess.Popen(
            ["./guanai", *args],
            env={"PATH": str(self.programs)},
            cwd=self.project,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def calls(self, containing: str = "") -> list[str]:
        """Return how the fakes were called since the last time they were forgotten."""
        log = self.state / "calls"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line for line in lines if containing in line]

    def forget_calls(self) -> None:
        """Start a new record of calls."""
        (self.state / "calls").unlink(missing_ok=True)

    def note(self, *names: str) -> None:
        """Mark packages as installed, or a condition that the fakes know as given."""
        for name in names:
            (self.state / name).touch()

    def kill_at(self, call: str) -> None:
        """Have everything killed at the next call of a fake that contains these words."""
        (self.state / "kill").write_text(call)


def build_machine(folder: Path, font_package: Path) -> Machine:
    """Return a machine of the user root with nothing installed, and everything to be had."""
    machine = Machine(folder / "关 爱", folder / "bin", folder / "state")
    for made in (machine.project, machine.programs, machine.state):
        made.mkdir()
    for name in ("guanai", "pyproject.toml", "requirements.lock"):
        shutil.copy(PROJECT / name, machine.project)
    shutil.copy(font_package, machine.state / "fonts.deb")
    for name in REAL_TOOLS:
        (machine.programs / name).symlink_to(shutil.which(name) or f"/missing/{name}")
    machine.fake("apt-get", APT_GET)
    machine.fake("dpkg", DPKG)
    machine.fake("dpkg-query", DPKG_QUERY)
    machine.fake("python3.11", PYTHON)
    machine.fake("venv-python", VENV_PYTHON, at=machine.state / "venv-python")
    machine.fake("id", "echo 0")
    (machine.state / "guanai").write_text(GUANAI)
    return machine


def build_font_package(folder: Path) -> Path:
    """Return a real Debian package with the files of texlive-lang-chinese that matter here."""
    tree = folder / "tree"
    texts = {
        "DEBIAN/control": "Package: x\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: x\n",
        "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf": "f",
        "usr/share/texlive/texmf-dist/fonts/opentype/public/other/Other.otf": "o",
        "usr/share/doc/texlive-doc/fonts/fandol/COPYING.gz": "c",
    }
    for name, text in texts.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    package = folder / "fonts.deb"
    subprocess.run(["dpkg-deb", "-Znone", "--build", tree, package], check=True, capture_output=True)
    return package
