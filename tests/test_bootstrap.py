"""``./guanai``, ``.ci/run``, the lock, and the checks behind ``guanai test``."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cli.testing import PARALLEL, Check, checks, failing
from tests.fake_machine import PROJECT, SUDO, Machine, build_font_package, build_machine

SYSTEM_PACKAGES = (
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
    " fonts-noto-cjk fonts-lxgw-wenkai fonts-liberation2"
)


@pytest.fixture(scope="session")
def font_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_font_package(tmp_path_factory.mktemp("fonts"))


@pytest.fixture
def machine(tmp_path: Path, font_package: Path) -> Machine:
    return build_machine(tmp_path, font_package)


@pytest.fixture
def installed(machine: Machine) -> Machine:
    assert machine.start().returncode == 0
    machine.forget_calls()
    return machine


def test_the_first_start_installs_what_is_missing_and_hands_over(machine: Machine) -> None:
    started = machine.start("plan", "two words")
    assert started.stdout == "<plan>\n<two words>\n"
    assert [line.split("（")[0] for line in started.stderr.splitlines()] == [
        "guanai：安装系统软件包",
        "guanai：下载 Fandol 字体",
        "guanai：安装 Python 库到 .venv",
        "guanai：安装 guanai 命令",
        "guanai：安装完成",
    ]
    assert machine.calls("install --no-install-recommends")[0].endswith(" " + SYSTEM_PACKAGES)
    assert machine.calls("--no-deps --require-hashes -r requirements.lock")
    assert machine.calls("--no-deps --no-build-isolation -e .")


def test_of_the_font_package_only_fandol_and_its_licence_are_kept(installed: Machine) -> None:
    fonts = installed.project / ".venv/share/guanai/fonts"
    assert sorted(font.name for font in fonts.iterdir()) == ["COPYING.gz", "FandolFang-Regular.otf"]
    assert not list(installed.project.rglob("*.deb"))


def test_a_later_start_needs_no_other_program(installed: Machine, tmp_path: Path) -> None:
    started = installed.start("a", path=tmp_path / "nothing here")
    assert (started.stdout, started.stderr, installed.calls()) == ("<a>\n", "", [])


def test_it_starts_through_a_link_and_from_any_folder(installed: Machine, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(Path("关 爱/guanai"))
    assert installed.start("a", script=link, cwd=Path("/")).stdout == "<a>\n"
    assert installed.start("b", script=f"{installed.project.name}/guanai", cwd=tmp_path).stdout
    assert installed.calls() == []


def test_packages_that_are_there_are_not_asked_for(machine: Machine) -> None:
    machine.note(*SYSTEM_PACKAGES.split()[1:])
    machine.start()
    assert machine.calls(" install ")[0].endswith("--no-install-recommends libpango-1.0-0")


def test_where_all_packages_are_there_nothing_is_asked_of_root(machine: Machine) -> None:
    machine.note(*SYSTEM_PACKAGES.split())
    machine.fake("id", "echo 1000")  # and there is no sudo
    assert machine.start("a").stdout == "<a>\n"
    assert machine.calls("apt-get") == ["apt-get -q download texlive-lang-chinese"]


def test_without_a_python_it_asks_for_one(machine: Machine) -> None:
    (machine.programs / "python3.11").unlink()
    machine.start()
    assert "--no-install-recommends python3 python3-venv libpango" in machine.calls(" install ")[0]


def test_an_old_python_is_refused_in_plain_words(machine: Machine) -> None:
    machine.note("python3", "python3-venv", "old-python")
    started = machine.start()
    assert started.returncode == 1
    assert "需要 3.11 或更新的 Python" in started.stderr


def test_a_user_without_rights_is_told_which_packages_to_ask_for(machine: Machine) -> None:
    machine.fake("id", "echo 1000")
    started = machine.start()
    assert started.returncode == 1
    assert f"apt-get install --no-install-recommends {SYSTEM_PACKAGES}\n" in started.stderr


def test_a_user_with_sudo_installs_through_it(machine: Machine) -> None:
    machine.fake("id", "echo 1000")
    machine.fake("sudo", SUDO)
    assert machine.start("a").stdout == "<a>\n"
    assert machine.calls("apt-get install ") == [f"apt-get install {SYSTEM_PACKAGES}"]


@pytest.mark.parametrize("program", ["apt-get", "dpkg-query"])
def test_a_machine_without_apt_is_told_which_packages_it_needs(machine: Machine, program: str) -> None:
    (machine.programs / program).unlink()
    started = machine.start()
    assert started.returncode == 1
    assert all(package in started.stderr for package in SYSTEM_PACKAGES.split())


def test_where_apt_refuses_its_reason_is_shown(machine: Machine) -> None:
    machine.note("refused")
    started = machine.start()
    assert started.returncode == 1
    assert "E: refused" in started.stderr


def test_where_the_libraries_cannot_be_had_pip_s_reason_is_shown(machine: Machine) -> None:
    machine.note("no-index")
    started = machine.start()
    assert started.returncode == 1
    assert "ERROR: no matching distribution" in started.stderr
    assert "请检查网络和 pip 的设置" in started.stderr


@pytest.mark.parametrize(
    "call",
    ["install --no-install-recommends", "download texlive", "-m venv", "requirements.lock", "-e ."],
)
def test_an_installation_killed_at_any_step_is_mended(machine: Machine, call: str) -> None:
    machine.kill_at(call)
    assert machine.start("a").returncode == -9
    assert machine.start("a").stdout == "<a>\n"
    assert (machine.project / ".venv/lib/libraries").exists()
    machine.forget_calls()
    assert machine.start("a").stderr == ""
    assert machine.calls() == []


def test_what_an_interrupted_dpkg_left_is_configured_first(machine: Machine) -> None:
    machine.note("interrupted")
    assert machine.start("a").stdout == "<a>\n"


def test_a_half_downloaded_font_package_is_thrown_away(machine: Machine) -> None:
    leftover = machine.project / ".venv/download/half.deb"
    leftover.parent.mkdir(parents=True)
    leftover.touch()
    assert machine.start("a").stdout == "<a>\n"


def test_a_half_built_virtualenv_is_not_built_upon(machine: Machine) -> None:
    machine.kill_at("requirements.lock")
    machine.start()
    leftover = machine.project / ".venv/lib/half a library"
    leftover.touch()
    machine.start()
    assert not leftover.exists()


@pytest.mark.parametrize("seconds", [-1_000_000, 1_000_000])
def test_another_lock_older_or_newer_builds_the_virtualenv_anew(installed: Machine, seconds: int) -> None:
    lock = installed.project / "requirements.lock"
    time = lock.stat().st_mtime + seconds
    lock.write_text("other==1")
    os.utime(lock, (time, time))
    installed.start()
    assert installed.calls("-m venv .venv")
    assert not installed.calls("download"), "the fonts are still there"


def test_a_lock_touched_but_unchanged_costs_no_installation(installed: Machine) -> None:
    (installed.project / "requirements.lock").touch()
    installed.start()
    assert not installed.calls("-m")
    assert installed.start().stderr == ""


def test_a_copied_project_does_not_run_the_original(installed: Machine, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(installed.project, copy, symlinks=True)
    installed.start(cwd=copy)
    assert installed.calls("-m venv .venv")


def test_of_two_starts_at_once_one_installs_and_the_other_waits(machine: Machine) -> None:
    os.mkfifo(machine.state / "wait")
    with machine.begin("a") as first:
        with (machine.state / "wait").open("w"):  # opens when the first start's pip reads from it
            (machine.state / "wait").unlink()
            second = machine.begin("b")
            assert second.stderr is not None
            assert second.stderr.readline() == "guanai：另一个 guanai 正在安装，请稍候\n"
        assert first.communicate(timeout=60)[0] == "<a>\n"
    with second:
        assert second.communicate(timeout=60) == ("<b>\n", "")
    assert len(machine.calls("-m venv .venv")) == 1


def test_test_brings_the_database_and_the_browser_that_the_tests_need(installed: Machine) -> None:
    installed.fake("id", "echo 1000")
    installed.fake("sudo", SUDO)
    assert installed.start("test", "-k", "x").stdout == "<test>\n<-k>\n<x>\n"
    assert installed.calls("apt-get install ")[-1] == "apt-get install postgresql chromium"
    installed.forget_calls()
    installed.start("test")
    assert installed.calls() == []


def test_what_is_typed_or_piped_in_is_left_to_the_command(machine: Machine) -> None:
    assert machine.start("read").stdout == "<read>\ntyped\n"


@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
def test_shells_can_read_the_script(shell: str) -> None:
    subprocess.run([shell, "-n", PROJECT / "guanai"], check=True)


def test_continuous_integration_runs_what_a_newcomer_would(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(PROJECT / ".ci/run", tmp_path / ".ci")
    (tmp_path / "guanai").write_text('#!/bin/sh\necho "$CI $*"; cat\n')
    (tmp_path / "guanai").chmod(0o755)
    ran = subprocess.run([tmp_path / ".ci/run"], input="typed", capture_output=True, text=True, check=True)
    assert ran.stdout == "true test\n"


def locked_versions() -> dict[str, str]:
    lock = (PROJECT / "requirements.lock").read_text()
    pinned = re.findall(r"^([\w.-]+)==(\S+) \\$", lock, re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pinned}


def test_the_lock_names_no_package_index() -> None:
    lock = (PROJECT / "requirements.lock").read_text()
    assert not re.findall(r"://|--(?:index|extra-index|find-links|trusted)\S*", lock)


def test_everything_in_the_lock_bears_hashes() -> None:
    entries = (PROJECT / "requirements.lock").read_text().split("\n")
    pinned = [i for i, line in enumerate(entries) if re.match(r"[\w.-]+==", line)]
    assert pinned
    assert all(entries[i + 1].startswith("    --hash=sha256:") for i in pinned)


def test_the_lock_satisfies_the_project_s_requirements() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    wanted = [
        Requirement(text)
        for text in (
            *project["project"]["dependencies"],
            *project["project"]["optional-dependencies"]["dev"],
            *project["build-system"]["requires"],
        )
    ]
    locked = locked_versions()
    assert wanted
    for requirement in wanted:
        version = locked.get(canonicalize_name(requirement.name), "nothing")
        assert version in requirement.specifier, f"{requirement}: the lock has {version}"


def test_the_editable_installation_finds_all_it_needs_in_the_lock() -> None:
    assert {"hatchling", "editables"} <= locked_versions().keys()


def test_a_failed_check_keeps_no_later_one_from_running(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, status in (("good", 0), ("bad", 1), ("last", 0)):
        (tmp_path / name).write_text(f'#!/bin/sh\necho "{name} ran $*"\nexit {status}\n')
        (tmp_path / name).chmod(0o755)
    good, bad, last = (Check(name, (name, "-x")) for name in ("good", "bad", "last"))
    assert failing([good, bad, last], programs=tmp_path) == [bad]
    assert re.findall(r"\w+ ran -x", capfd.readouterr().out) == [
        "good ran -x",
        "bad ran -x",
        "last ran -x",
    ]


def test_pytest_runs_last_and_takes_the_arguments() -> None:
    assert [check.command[0] for check in checks()] == [
        "ruff", "ruff", "mypy", "lint-imports", "pytest",
    ]  # fmt: skip
    assert checks(["-k", "calendar"])[-1].command == ("pytest", *PARALLEL, "-k", "calendar")
