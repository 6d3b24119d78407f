"""Attachments from the sender's disk to the office's: whole, once, under their digest, and nobody else's."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from domain.entries import ItemEntry, Refused
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from services import attachments, audit
from services.attaching.inspector import Kind
from services.attachments import Attachment, Checked, Files, check, of_item, read, store
from services.audit_content import check_contents
from services.intake import Receipt, submit
from services.items import own_item
from services.known import MOST_ATTACHMENTS
from tests import cast
from tests.services.attached_files import ID_NUMBER, word

APRIL = cast.moment("2025-04-01 09:00")
LEDGER = "东山镇第一季度走访台账".encode()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def checked(data: bytes = LEDGER, name: str = "台账.txt") -> Checked:
    """A file as its inspection leaves it."""
    return Checked(name, Kind.TEXT, data, hashlib.sha256(data).hexdigest())


def put(engine: Engine, home: Path, data: bytes = LEDGER, **how: Any) -> Attachment:
    given: dict[str, Any] = {"unit": cast.TOWN, "by": cast.LI_MING, "at": APRIL}
    with writing(engine) as session:
        return store(session, cast.small_plan(), home, cast.VISIT_Q1, checked(data), **(given | how))


def hand_in(engine: Engine, *files: str, count: int = 120, entry: ItemEntry | None = None) -> Receipt:
    entry = entry or cast.visits(count=count).model_copy(update={"attachments": files})
    how: dict[str, Any] = {"unit": cast.TOWN, "by": cast.LI_MING, "at": APRIL, "door": "page"}
    with writing(engine) as session:
        return submit(session, cast.small_plan(), [entry], **how)[0]


def open_file(engine: Engine, home: Path, number: int, **how: Any) -> tuple[Attachment, Path]:
    given: dict[str, Any] = {"by": cast.ZHAO_QIANG, "at": APRIL}
    with writing(engine) as session:
        return read(session, cast.small_plan(), home, number, **(given | how))


def handed_in(engine: Engine, receipt: Receipt) -> list[str]:
    found = files(engine, receipt.key).handed_in.get(int(receipt.number.split("-")[1]), ())
    return [each.sha256 for each in found]


def files(engine: Engine, key: str = cast.VISIT_Q1) -> Files:
    with reading(engine) as session:
        return of_item(session, own_item(session, cast.small_plan(), key, None))


def kind_of(refusal: pytest.ExceptionInfo[Problem]) -> ProblemKind:
    return refusal.value.kind


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("台账.docx", "台账.docx"),
        ("../../etc/passwd", "passwd.docx"),
        ("C:\\桌面\\台账.docx", "台账.docx"),
        ("..", "附件.docx"),
        ("a\x00b\u202ecod.exe", "abcod.exe.docx"),
        ('<img src="x">.docx', "img src=x.docx"),
        (f"{ID_NUMBER}.docx", "（文件名中有个人信息，已隐去）.docx"),
        ("长" * 300 + ".docx", "长" * 95 + ".docx"),
    ],
)
def test_a_name_is_shown_and_never_obeyed(name: str, shown: str) -> None:
    assert attachments._with_suffix(attachments._clean_name(name), Kind.WORD) == shown  # noqa: SLF001 - each check takes a process


def test_what_comes_in_is_told_by_its_content_and_refused_with_its_place() -> None:
    found = check("台账.pdf", word())
    assert (found.kind, found.name) == (Kind.WORD, "台账.pdf.docx")
    with pytest.raises(Problem) as refusal:
        check("台账.txt", f"走访了{ID_NUMBER}".encode())
    assert kind_of(refusal) is ProblemKind.ATTACHMENT_CHILD_DATA
    assert "第 1—1 行" in refusal.value.title
    assert ID_NUMBER not in str(refusal.value)
    with pytest.raises(Problem) as refusal:
        check("照片.jpg", b"\xff\xd8\xff\xe0")
    assert kind_of(refusal) is ProblemKind.ATTACHMENT_REFUSED
    with pytest.raises(Problem) as refusal:
        check("大.txt", bytes(attachments.MOST_BYTES + 1))
    assert kind_of(refusal) is ProblemKind.ATTACHMENT_TOO_LARGE


def test_the_bytes_stand_once_under_their_digest_for_the_platform_only(opened: Engine, home: Path) -> None:
    first = put(opened, home)
    other = put(opened, home, at=cast.moment("2025-04-02 09:00"), by=cast.CHEN_JING)
    assert other == first
    (path,) = [each for each in home.rglob("*") if each.is_file()]
    assert path == home / "attachments" / first.sha256[:2] / first.sha256
    assert path.read_bytes() == LEDGER
    assert path.stat().st_mode & 0o777 == 0o600
    assert files(opened) == Files((first,), {})


def test_a_file_that_was_cut_short_is_written_anew(opened: Engine, home: Path) -> None:
    first = put(opened, home)
    path = home / "attachments" / first.sha256[:2] / first.sha256
    path.write_bytes(LEDGER[:5])
    put(opened, home)
    assert path.read_bytes() == LEDGER


def test_a_file_goes_to_the_units_own_item(opened: Engine, home: Path) -> None:
    with pytest.raises(Problem) as refusal:
        put(opened, home, unit=cast.STREET)
    assert kind_of(refusal) is ProblemKind.ITEM_NOT_YOURS
    assert not home.exists()


def test_an_item_holds_so_many_files(opened: Engine, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_STORED", 2)
    put(opened, home)
    put(opened, home, b"2")
    with pytest.raises(Problem) as refusal:
        put(opened, home, b"3")
    assert kind_of(refusal) is ProblemKind.ATTACHMENTS_TOO_MANY
    assert put(opened, home).sha256 == checked().sha256


def test_a_version_is_handed_in_with_its_files(opened: Engine, home: Path) -> None:
    plain = hand_in(opened)
    file = put(opened, home)
    receipt = hand_in(opened, file.sha256)
    assert (receipt.version, handed_in(opened, receipt)) == (2, [file.sha256])
    assert receipt.content_sha256 != plain.content_sha256
    assert hand_in(opened, file.sha256).unchanged
    with reading(opened) as session:
        line = audit.lines(session, last=1)[0]
        assert check_contents(session) == ()
    assert '"attachments":1' in line.detail
    assert file.sha256 in line.detail


def test_a_door_without_files_leaves_those_that_are_there(opened: Engine, home: Path) -> None:
    file = put(opened, home)
    hand_in(opened, file.sha256)
    assert hand_in(opened, entry=cast.visits()).unchanged
    again = hand_in(opened, entry=cast.visits(count=119))
    assert handed_in(opened, again) == [file.sha256]
    assert handed_in(opened, hand_in(opened, count=118)) == []


def test_a_file_taken_away_behind_the_chains_back_is_seen(opened: Engine, home: Path) -> None:
    file = put(opened, home)
    hand_in(opened)
    hand_in(opened, file.sha256, count=121)
    with writing(opened) as session:  # as somebody with all rights over the database could
        session.execute(text("INSERT INTO submission_attachment VALUES (1, 1)"))
    with reading(opened) as session:
        assert [(fault.version, fault.reason) for fault in check_contents(session)] == [
            (1, "内容与提交时不同")
        ]


@pytest.mark.parametrize("digests", [("0" * 64,), tuple(f"{n:064}" for n in range(MOST_ATTACHMENTS + 1))])
def test_only_files_of_the_item_are_handed_in_and_not_too_many(
    opened: Engine, home: Path, digests: tuple[str, ...]
) -> None:
    put(opened, home)
    with pytest.raises(Refused) as refusal:
        hand_in(opened, *digests)
    assert {fault.field for fault in refusal.value.faults} == {"attachments"}


def test_the_office_reads_what_was_handed_in_and_the_chain_tells(opened: Engine, home: Path) -> None:
    file = put(opened, home)
    with pytest.raises(Problem) as refusal:
        open_file(opened, home, file.number)
    assert kind_of(refusal) is ProblemKind.ATTACHMENT_UNKNOWN
    assert open_file(opened, home, file.number, unit=cast.TOWN, by=cast.LI_MING)[0] == file
    hand_in(opened, file.sha256)
    found, path = open_file(opened, home, file.number)
    assert (found, path.read_bytes()) == (file, LEDGER)
    with reading(opened) as session:
        line = audit.lines(session, last=1)[0]
    assert (line.actor, line.action, line.subject) == (cast.ZHAO_QIANG, "read-attachment", cast.VISIT_Q1)


def test_another_units_file_is_not_read(opened: Engine, home: Path) -> None:
    file = put(opened, home)
    with pytest.raises(Problem) as refusal:
        open_file(opened, home, file.number, unit=cast.STREET)
    assert kind_of(refusal) is ProblemKind.ITEM_NOT_YOURS
    with pytest.raises(Problem) as refusal:
        open_file(opened, home, file.number + 1, unit=cast.TOWN)
    assert kind_of(refusal) is ProblemKind.ATTACHMENT_UNKNOWN


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(b"else")])
def test_a_file_that_was_altered_on_disk_is_not_opened(opened: Engine, home: Path, harm: Any) -> None:
    file = put(opened, home)
    harm(home / "attachments" / file.sha256[:2] / file.sha256)
    with pytest.raises(Problem) as refusal:
        open_file(opened, home, file.number, unit=cast.TOWN)
    assert kind_of(refusal) is ProblemKind.ATTACHMENT_ALTERED
