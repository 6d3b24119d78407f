"""``guanai demo`` as a newcomer runs it: a real process, the shipped plan, a whole year."""

import re
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from sqlmodel import select

from domain.report.snapshot import from_bytes
from models.engine import make_engine, reading
from models.tables import SubmissionRow
from services.audit import verify
from services.report_folder import SNAPSHOT, altered, file_name
from services.reporting import read_filed
from tests.processes import newcomer

GUANAI = Path(sys.executable).with_name("guanai")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The home of a demonstration that has been played, and what it told."""
    home = tmp_path_factory.mktemp("newcomer")
    told = subprocess.run(
        [GUANAI, "demo"],
        env=newcomer(
            GUANAI_HOME=str(home), GUANAI_DATABASE_URL=f"sqlite:///{home / 'office.db'}", COLUMNS="500"
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return home, told.stdout


@pytest.fixture(scope="module")
def filed(played: tuple[Path, str]) -> Path:
    """The folder of its report."""
    (folder,) = (p for p in (played[0] / "demo" / "报告").iterdir() if not p.name.startswith("."))
    return folder


@pytest.mark.slow(60)
def test_a_demonstration_ends_with_a_report_of_every_unit_and_says_where(
    played: tuple[Path, str], filed: Path
) -> None:
    told = played[1]
    assert str(filed) in told
    assert len(list((filed / "各单位").glob("*.pdf"))) == 29
    others = {path.stem for path in filed.glob("*.pdf")} - {file_name(read_filed(filed).consolidated.title)}
    assert others == {"领导参阅", "公开版"}
    with pypdfium2.PdfDocument(filed / "领导参阅.pdf") as document:
        assert len(document) == 1
    assert altered(filed) == []


@pytest.mark.slow(6)
def test_every_page_of_a_demonstration_is_marked_as_sample(filed: Path) -> None:
    for path in [*filed.glob("*.pdf"), next((filed / "各单位").glob("*.pdf"))]:
        with pypdfium2.PdfDocument(path) as document:
            assert all("示例数据" in page.get_textpage().get_text_range() for page in document)


@pytest.mark.slow(6)
def test_the_year_has_its_late_its_silent_its_returned_and_its_refused(
    played: tuple[Path, str], filed: Path
) -> None:
    told = played[1]
    assert "拒收" in told
    assert "〔601〕" in told
    assert "退回补正" in told
    face = "".join(from_bytes((filed / SNAPSHOT).read_bytes()).consolidated.face)
    assert "尚未报送" in face
    assert "尚未审核通过" in face


@pytest.mark.slow(6)
def test_the_number_that_was_refused_is_nowhere_to_be_found_again(
    played: tuple[Path, str], filed: Path
) -> None:
    home, told = played
    number = re.compile(rb"9999992015\d{7}[\dX]")  # the demonstration's made-up one
    assert number.search(told.encode()) is None
    assert number.search((filed / SNAPSHOT).read_bytes()) is None
    assert number.search((home / "demo" / "guanai.db").read_bytes()) is None


@pytest.mark.slow(6)
def test_a_demonstration_leaves_the_offices_own_store_alone(played: tuple[Path, str]) -> None:
    home = played[0]
    assert not (home / "office.db").exists()
    assert not (home / "guanai.db").exists()


@pytest.mark.slow(6)
def test_the_demonstrations_store_is_whole_and_its_audit_chain_intact(played: tuple[Path, str]) -> None:
    engine = make_engine(f"sqlite:///{played[0] / 'demo' / 'guanai.db'}")
    with reading(engine) as session:
        assert verify(session).intact
        doors = {row.door for row in session.exec(select(SubmissionRow))}
    engine.dispose()
    assert doors == {"excel", "sample"}


def test_a_folder_that_is_not_a_demonstrations_is_never_cleared(tmp_path: Path) -> None:
    precious = tmp_path / "demo" / "precious.txt"
    precious.parent.mkdir()
    precious.write_text("keep")
    told = subprocess.run(
        [GUANAI, "demo"],
        env=newcomer(GUANAI_HOME=str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "〔305〕" in told.stderr
    assert precious.read_text() == "keep"
