"""The list of contacts goes out in Excel and comes in again, all of it or nothing, with every fault by its cell."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import Engine

from domain.messages import Post
from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from services import contacts
from services.addresses import Address
from services.contact_sheet import ContactFaults, Imported, import_contacts, import_file, render_contacts
from tests import cast
from tests.ladders import ladder_plan, register

PLAN = ladder_plan()
AT = cast.moment("2025-03-03 09:00")
HEADS = ("单位", "岗位", "姓名", "登录名", "邮件", "短信")


def sheet(*rows: Sequence[object], heads: Sequence[str] = HEADS) -> bytes:
    workbook = Workbook()
    ws = workbook.active
    for row in (heads, *rows):
        ws.append(list(row))
    data = io.BytesIO()
    workbook.save(data)
    return data.getvalue()


def take(engine: Engine, data: bytes) -> Imported:
    return import_contacts(engine, PLAN, "联系人.xlsx", data, by=cast.ZHAO_QIANG, at=AT)


def test_rows_become_contacts_whose_channels_are_the_heads(engine: Engine) -> None:
    data = sheet(
        ("东山镇", "单位联络员", "李明", "", "li@example.cn", 13800000000),
        ("", "办公室主任", "赵强", "", "", "13900000000"),
        ("西河街道", "单位联络员", "", "", "", ""),
    )
    assert take(engine, data) == Imported(added=2, changed=0)
    assert take(engine, data) == Imported(added=0, changed=2)
    with reading(engine) as session:
        director, li = contacts.everybody(session, PLAN)
    assert (director.post, director.unit) == (Post.OFFICE_DIRECTOR, "")
    assert li.addresses == (Address("邮件", "li@example.cn"), Address("短信", "13800000000"))


def test_what_goes_out_comes_in_again_with_the_empty_posts_to_be_filled_in(engine: Engine) -> None:
    register(engine, PLAN, (cast.TOWN, Post.LIAISON))
    with reading(engine) as session:
        data = render_contacts(session, PLAN, ["短信"], AT)
    ws = load_workbook(io.BytesIO(data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in ws.iter_rows(min_row=2)]
    assert rows[0] == ["单位", "岗位", "姓名", "登录名", "outbox", "短信"]
    assert rows[1][:5] == ["东山镇", "单位联络员", "联系人0", None, "town-liaison"]
    assert ["民政局", "单位联络员"] in [row[:2] for row in rows]
    assert take(engine, data) == Imported(added=0, changed=1)


def test_a_list_with_a_fault_is_refused_whole_and_each_fault_has_its_cell(engine: Engine) -> None:
    data = sheet(
        ("东山镇", "单位联络员", "李明", "", "li@example.cn", ""),
        ("东山镇", "镇长", "王五", "", "w@example.cn", ""),
        ("南山镇", "单位联络员", "孙丽", "", "s@example.cn", ""),
        ("", "办公室主任", "", "", "z@example.cn", ""),
        ("西河街道", "单位联络员", "=1+1", "", "", ""),
        ("西河街道", "单位联络员", "周舟", "", "a b", ""),
    )
    with pytest.raises(ContactFaults) as error:
        take(engine, data)
    found = {(fault.place.cell, fault.problem.kind) for fault in error.value.faults}
    assert found == {
        ("C3", ProblemKind.CONTACT_ROW),
        ("C4", ProblemKind.UNKNOWN_UNIT),
        ("C5", ProblemKind.CONTACT_ROW),
        ("C6", ProblemKind.CELL_INVALID),
        ("C7", ProblemKind.ADDRESS_INVALID),
    }
    with reading(engine) as session:
        assert contacts.everybody(session, PLAN) == ()


def test_a_sheet_without_its_heads_says_which_it_needs(engine: Engine) -> None:
    with pytest.raises(ContactFaults) as error:
        take(engine, sheet(("东山镇", "李明"), heads=("单位", "姓名")))
    assert [fault.problem.kind for fault in error.value.faults] == [ProblemKind.HEADING_CHANGED]


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-1.4", b"PK\x03\x04broken"])
def test_a_file_that_is_no_workbook_is_refused(engine: Engine, data: bytes) -> None:
    with pytest.raises(Problem) as error:
        take(engine, data)
    assert error.value.kind is ProblemKind.WORKBOOK_UNREADABLE


def test_a_file_that_is_not_there_is_told(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Problem) as error:
        import_file(engine, PLAN, tmp_path / "没有.xlsx", by="赵强", at=AT)
    assert error.value.kind is ProblemKind.WORKBOOK_UNREADABLE


def test_a_name_that_looks_like_a_formula_stays_a_text(engine: Engine) -> None:
    with writing(engine) as session:
        contacts.add(
            session,
            PLAN,
            unit="东山镇",
            post=Post.LIAISON,
            name="=HYPERLINK(1)",
            addresses=[Address("outbox", "+8613800000000")],
            by="赵强",
            at=AT,
        )
    with reading(engine) as session:
        data = render_contacts(session, PLAN, [], AT)
    (row,) = load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(min_row=3, max_row=3)
    assert all(cell.data_type != "f" for cell in row)
