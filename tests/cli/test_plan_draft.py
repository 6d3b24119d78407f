"""``guanai plan draft``: what it tells and the status it ends with."""

import re
from pathlib import Path
from textwrap import dedent

import pytest
from typer.testing import CliRunner, Result

from cli.plan import app
from services.places import PROJECT
from tests.notices import YUNXI


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(app, ["draft", *[str(arg) for arg in args]])


def test_it_tells_what_was_found_what_is_unsure_and_what_to_do_next(tmp_path: Path) -> None:
    folder = tmp_path / "yunxi"

    result = run(YUNXI, "--out", folder, "--id", "yunxi-2025")

    assert result.exit_code == 0
    assert f"已起草：{folder}" in result.stdout
    assert (
        "读出 2 项行动、4 项举措、8 个单位（职责分工 13 项）、3 个阶段、5 个节点、13 项职责事项"
        in result.stdout
    )
    assert "第24行（三）：标题序号“4”按顺序应为第3" in result.stdout
    assert "补正 2 处" in result.stdout
    assert "report › addressee" in result.stdout
    assert f"guanai plan check {folder} --notice {YUNXI}" in result.stdout


@pytest.mark.parametrize("args", [["no.txt"], [YUNXI, "--out", "."], [YUNXI, "--id", "云溪"], []])
def test_a_wrong_path_or_id_is_a_mistake_in_using_the_command(args: list[str | Path]) -> None:
    result = run(*args)

    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_file_that_is_no_notice_is_refused_with_a_number(tmp_path: Path) -> None:
    file = tmp_path / "junk"
    file.write_bytes(bytes(range(256)) * 40)

    result = run(file, "--out", tmp_path / "x")

    assert result.exit_code == 1
    assert "〔1501〕" in result.stderr
    assert not (tmp_path / "x").exists()


def test_the_worked_example_of_the_documents_is_what_the_command_does(tmp_path: Path) -> None:
    page = (PROJECT / "docs" / "drafting.md").read_text("utf-8")
    blocks = [dedent(block) for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", page, re.MULTILINE)]
    notice, told, duties = (
        next(b for b in blocks if s in b) for s in ("青山政办发", "读出 1 项", "duties:\n")
    )
    file = tmp_path / "notice.txt"
    file.write_text(notice.strip(), "utf-8")

    result = run(file, "--id", "qingshan-2026", "--out", tmp_path / "plans" / "qingshan-2026")

    assert result.exit_code == 0
    written = (tmp_path / "plans" / "qingshan-2026" / "duties.yaml").read_text("utf-8")
    assert duties.strip() in written
    shown = result.stdout.replace(f"{tmp_path}/", "")
    assert [line for line in told.strip().split("\n") if line.strip() != "…" and line not in shown] == []
