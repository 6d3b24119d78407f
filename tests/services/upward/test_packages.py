"""A package arrives as it was sent, or is refused with the reason; whoever made it."""

import json
import resource
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from openpyxl import load_workbook

from domain.problems import Problem, ProblemKind
from domain.report.snapshot import to_bytes
from services.report_folder import SNAPSHOT
from services.upward import packing, reading
from services.upward.packing import LIST, SIGNATURE, fingerprint, pack
from services.upward.reading import read_package
from tests.services.upward.packages import KEY, filed, package, rewritten, snapshot


def refusal(path: Path) -> Problem:
    with pytest.raises(Problem) as refused:
        read_package(path)
    return refused.value


def test_what_was_packed_is_read_with_the_fingerprint_of_its_key(tmp_path: Path) -> None:
    found = read_package(package(tmp_path))
    assert found.snapshot == snapshot()
    assert found.year == 2025
    assert found.key == fingerprint(KEY.public_key())


def test_the_figures_go_along_as_tables(tmp_path: Path) -> None:
    with zipfile.ZipFile(package(tmp_path)) as archive:
        csv = archive.read("figures.csv").decode("utf-8-sig").splitlines()
        with archive.open("figures.xlsx") as file:
            rows = list(load_workbook(file).active.iter_rows(values_only=True))
    summary = snapshot().summary
    assert summary is not None
    assert len(csv) == len(summary.figures) + 1
    assert csv[1].split(",")[1] == summary.figures[0].name
    assert rows[2][4] == summary.figures[0].released.text()


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = filed(tmp_path, snapshot())
    once, again = (pack(folder, tmp_path / name, KEY).path.read_bytes() for name in ("甲", "乙"))
    assert once == again


def test_nothing_half_written_is_left_where_packing_fails(tmp_path: Path) -> None:
    folder = filed(tmp_path, snapshot())
    size = pack(folder, tmp_path / "in", KEY).path.stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size - 1, before[1]))  # as a disk that is full
    try:
        with pytest.raises(OSError, match="too large"):
            pack(folder, tmp_path / "out", KEY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_report_of_an_older_program_is_to_be_made_again(tmp_path: Path) -> None:
    folder = filed(tmp_path, snapshot().model_copy(update={"summary": None, "format": 1}))
    with pytest.raises(Problem) as refused:
        pack(folder, tmp_path / "out", KEY)
    assert refused.value.kind is ProblemKind.PACKAGE_OLD
    assert "--year 2025" in refused.value.mend


@pytest.mark.parametrize("name", [SNAPSHOT, "figures.csv"])
def test_one_changed_byte_in_any_file_is_noticed(tmp_path: Path, name: str) -> None:
    def change(member: str, content: bytes) -> bytes:
        return content[:-1] + b"!" if member == name else content

    found = refusal(rewritten(package(tmp_path), change))
    assert found.kind is ProblemKind.PACKAGE_ALTERED
    assert name in found.title


def test_a_file_that_was_taken_out_or_put_in_is_noticed(tmp_path: Path) -> None:
    path = package(tmp_path)
    out = refusal(rewritten(path, lambda name, content: None if name == "figures.csv" else content))
    assert (out.kind, out.details["files"]) == (ProblemKind.PACKAGE_ALTERED, "figures.csv")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("多出的.txt", "x")
    put_in = refusal(path)
    assert (put_in.kind, put_in.details["files"]) == (ProblemKind.PACKAGE_ALTERED, "多出的.txt")


def test_a_list_that_was_changed_after_signing_is_refused(tmp_path: Path) -> None:
    def other_region(name: str, content: bytes) -> bytes:
        return content.replace("临河县".encode(), "望江区".encode()) if name == LIST else content

    assert refusal(rewritten(package(tmp_path), other_region)).kind is ProblemKind.PACKAGE_UNSIGNED


def test_a_list_that_was_changed_and_signed_by_somebody_else_bears_another_fingerprint(
    tmp_path: Path,
) -> None:
    stranger = Ed25519PrivateKey.generate()
    assert read_package(package(tmp_path, key=stranger)).key != fingerprint(KEY.public_key())


def test_a_snapshot_with_a_missing_field_is_named_with_the_field(tmp_path: Path) -> None:
    content = json.loads(to_bytes(snapshot()))
    del content["consolidated"]["title"]
    folder = filed(tmp_path, snapshot())
    path = _signed_again(package(tmp_path), json.dumps(content).encode())
    assert folder.exists()
    found = refusal(path)
    assert found.kind is ProblemKind.PACKAGE_UNREADABLE
    assert "consolidated.title" in found.title


def _signed_again(path: Path, content: bytes) -> Path:
    """The package with another snapshot, listed and signed as if it were meant."""
    with zipfile.ZipFile(path) as archive:
        about = json.loads(archive.read(LIST))
    about["files"][SNAPSHOT] = packing._entry(content)  # noqa: SLF001 - forging is what this test does
    about["snapshot_sha256"] = about["files"][SNAPSHOT]["sha256"]
    listed = json.dumps(about).encode()
    new = {LIST: listed, SIGNATURE: KEY.sign(listed), SNAPSHOT: content}
    return rewritten(path, new.get)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 torn", "这是一封信".encode()], ids=["empty", "torn", "text"]
)
def test_what_is_no_package_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "上报.zip"
    path.write_bytes(content)
    assert refusal(path).kind is ProblemKind.PACKAGE_UNREADABLE


def test_an_archive_without_a_list_is_no_package(tmp_path: Path) -> None:
    found = refusal(rewritten(package(tmp_path), lambda name, content: None if name == LIST else content))
    assert found.kind is ProblemKind.PACKAGE_UNREADABLE
    assert LIST in found.title


def test_a_package_of_a_newer_program_asks_for_an_upgrade(tmp_path: Path) -> None:
    def newer(name: str, content: bytes) -> bytes:
        return content.replace(b'"format": 1', b'"format": 9') if name == LIST else content

    assert "请升级" in refusal(rewritten(package(tmp_path), newer)).title


def test_an_archive_that_would_fill_the_memory_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = package(tmp_path)
    monkeypatch.setattr(reading, "MOST_BYTES", 1000)
    assert "内容过大" in refusal(path).title


def test_a_package_cut_off_at_any_place_is_refused(tmp_path: Path) -> None:
    whole = package(tmp_path).read_bytes()
    torn = tmp_path / "torn.zip"
    for length in range(0, len(whole), len(whole) // 40):
        torn.write_bytes(whole[:length])
        assert refusal(torn).kind is ProblemKind.PACKAGE_UNREADABLE
