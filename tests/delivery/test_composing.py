"""What a message says: what is owed and by when, in the office's words, and nothing about a child."""

from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from sqlalchemy import Engine

from domain.messages import MessageKind, MessageState, Post
from models.engine import writing
from services.delivery.sending import send_due
from services.review import send_back
from tests import cast
from tests.delivery import scene
from tests.delivery.scene import AT, Clock

LI = "liming@town.example.cn"
EVERYTHING = [cast.VISIT_Q1, cast.ANNUAL, cast.item_key("census", cast.TOWN, "once")]


def outbox(folder: Path) -> list[EmailMessage]:

    return [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(folder.glob("发件箱/*"))
    ]


def said(
    opened: Engine, home: Path, *, to: int | None = None, at: str = "2025-03-24 09:00", **how: Any
) -> EmailMessage:
    """One message, sent into the outbox."""
    contact = to or scene.contact(opened, ("outbox", LI))
    keys = how.pop("keys", EVERYTHING)
    scene.owe(opened, contact, "outbox", keys, **how)
    room = scene.room(opened, home, scene.channels(home, scene.OUTBOX), portal=scene.PORTAL)
    send_due(room, worker="one", now=Clock(cast.moment(at)))
    (mail,) = outbox(home)
    return mail


def enclosed(mail: EmailMessage) -> dict[str, Any]:
    return {str(part.get_filename()): part.get_content() for part in mail.iter_attachments()}


def test_a_digest_lists_what_is_owed_with_the_working_days_left(opened: Engine, tmp_path: Path) -> None:
    mail = said(opened, tmp_path)
    assert mail["Subject"] == "关爱行动：3 项工作即将到期，最早3月31日截止"
    words = scene.text(mail)
    assert words.startswith("李明同志：")
    assert "1. 每季度走访（2025年第一季度），2025年3月31日截止，还有 5 个工作日" in words
    assert "和平区领导小组办公室\n2025年3月24日" in words.replace("\r", "")
    html = scene.markup(mail)
    for told in ("每季度走访", "还有 5 个工作日", f'href="{scene.PORTAL}/units/town"'):
        assert told in html


def test_a_message_that_goes_late_tells_how_it_stands_on_that_day(opened: Engine, tmp_path: Path) -> None:
    mail = said(opened, tmp_path, at="2025-04-03 09:00", content={"title": "即将到期：有 3 项工作"})
    assert mail["Subject"] == "关爱行动：1 项工作已逾期，2 项即将到期"
    assert "逾期 3 个工作日" in scene.text(mail)


def test_due_days_come_as_calendar_entries_that_a_later_message_moves(opened: Engine, tmp_path: Path) -> None:
    entries: Any = Calendar.from_ical(enclosed(said(opened, tmp_path))["截止日.ics"])
    found = {str(one["UID"]): (one["DTSTART"].dt, str(one["SUMMARY"])) for one in entries.walk("VEVENT")}
    assert found[f"{cast.VISIT_Q1}@guanai"] == (date(2025, 3, 31), "截止：每季度走访（2025年第一季度）")
    assert len(found) == 3


def test_the_form_goes_along_without_anything_that_was_handed_in(opened: Engine, tmp_path: Path) -> None:
    scene.hand_in(opened)
    with writing(opened) as session:
        why: dict[str, Any] = {"reviewer": cast.ZHAO_QIANG, "at": AT, "reason": "请补充数据来源"}
        send_back(session, cast.small_plan(), cast.VISIT_Q1, version=1, **why)
    forms = [content for name, content in enclosed(said(opened, tmp_path)).items() if name.endswith(".xlsx")]
    book = load_workbook(BytesIO(forms[0]))
    cells = [
        str(cell)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    ]
    assert any("每季度走访" in cell for cell in cells)
    for figure in ("120", "3.5", "已逐户走访并建立台账", "请补充数据来源"):
        assert not [cell for cell in cells if cell == figure or (len(figure) > 4 and figure in cell)], figure


def test_a_leader_gets_no_form_and_the_district_is_told_by_unit(opened: Engine, tmp_path: Path) -> None:
    to = scene.contact(opened, ("outbox", LI), post=Post.OFFICE_DIRECTOR, unit="", name=cast.ZHAO_QIANG)
    mail = said(opened, tmp_path, to=to, keys=[cast.VISIT_Q1, cast.SCHOOL])
    assert enclosed(mail) == {}
    assert "1. 东山镇：每季度走访（2025年第一季度）" in scene.text(mail)
    assert "教育局：每年培训" in scene.text(mail)


def test_what_the_office_wrote_is_said_and_its_file_goes_along(opened: Engine, tmp_path: Path) -> None:
    (tmp_path / "通报.pdf").write_bytes(b"%PDF-1.7 circular")
    content = {
        "title": "关于走访进度的通报",
        "paragraphs": ["现将有关情况通报如下。", "请认真整改。"],
        "link": "/ack/3",
        "attachments": [str(tmp_path / "通报.pdf")],
    }
    mail = said(opened, tmp_path, kind=MessageKind.CIRCULAR, subject="report/3", content=content, keys=[])
    assert mail["Subject"] == "关于走访进度的通报"
    assert "现将有关情况通报如下。" in scene.text(mail)
    assert f"{scene.PORTAL}/ack/3" in scene.text(mail)
    assert enclosed(mail) == {"通报.pdf": b"%PDF-1.7 circular"}


@pytest.mark.parametrize(
    ("content", "number"),
    [
        ({"title": "催办"}, "〔1504〕"),  # the template asks for paragraphs
        ({"title": "催办", "paragraphs": ["身份证11010519491231002X请核实"]}, "〔601〕"),
        ({"title": "催办", "paragraphs": [], "attachments": ["/etc/hostname"]}, "〔1510〕"),
    ],
)
def test_what_cannot_be_said_is_told_to_the_office_and_goes_nowhere(
    opened: Engine, tmp_path: Path, content: dict[str, Any], number: str
) -> None:
    owed = scene.owe(
        opened, scene.contact(opened, ("outbox", LI)), "outbox", kind=MessageKind.URGE, content=content
    )
    send_due(scene.room(opened, tmp_path, scene.channels(tmp_path, scene.OUTBOX)), worker="one", now=Clock())
    assert scene.state(opened, owed) is MessageState.FAILED
    assert number in scene.message(opened, owed).error
    assert outbox(tmp_path) == []


def test_an_office_may_use_its_own_words_and_a_field_that_is_missing_there_is_named(
    opened: Engine, tmp_path: Path
) -> None:
    own = tmp_path / "words"
    (own / "ladder").mkdir(parents=True)
    (own / "ladder" / "subject.txt").write_text(
        "请{{ unit }}于{{ first_due | chinese_date }}前报送", encoding="utf-8"
    )
    found = scene.channels(tmp_path, scene.OUTBOX, head='templates = "words"\n')
    room, to = scene.room(opened, tmp_path, found), scene.contact(opened, ("outbox", LI))
    scene.owe(opened, to, "outbox")
    send_due(room, worker="one", now=Clock())
    assert outbox(tmp_path)[0]["Subject"] == "请东山镇于2025年3月31日前报送"
    (own / "urge").mkdir()
    (own / "urge" / "subject.txt").write_text("{{ telephone }}", encoding="utf-8")
    content = {"title": "催办", "paragraphs": ["请报送。"]}
    number = scene.owe(opened, to, "outbox", [cast.ANNUAL], kind=MessageKind.URGE, content=content)
    send_due(room, worker="one", now=Clock())
    assert (
        "消息模板“urge/subject.txt”有误：缺少内容（'telephone' is undefined）"
        in scene.message(opened, number).error
    )


@pytest.mark.parametrize(
    "trick", ["{{ ''.__class__.__mro__ }}", "{% for", "{{ 1 // 0 }}", '{% include "nowhere" %}']
)
def test_a_template_that_is_none_or_reaches_too_far_is_refused(
    opened: Engine, tmp_path: Path, trick: str
) -> None:
    own = tmp_path / "words"
    (own / "ladder").mkdir(parents=True)
    (own / "ladder" / "words.txt").write_text(trick, encoding="utf-8")
    found = scene.channels(tmp_path, scene.OUTBOX, head='templates = "words"\n')
    number = scene.owe(opened, scene.contact(opened, ("outbox", LI)), "outbox")
    send_due(scene.room(opened, tmp_path, found), worker="one", now=Clock())
    assert "〔1504〕" in scene.message(opened, number).error


def test_what_somebody_wrote_is_text_in_html_and_no_markup(opened: Engine, tmp_path: Path) -> None:
    content = {"title": "<b>催办</b>", "paragraphs": ["<script>1</script>"]}
    mail = said(opened, tmp_path, kind=MessageKind.URGE, content=content)
    html = scene.markup(mail)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
