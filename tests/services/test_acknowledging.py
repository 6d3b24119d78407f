"""A circular that is released goes out to the units, and each acknowledges it once; the office urges who has not."""

from datetime import datetime, time, timedelta
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from domain.messages import MessageKind, MessageState, Post
from domain.problems import Problem, ProblemKind
from domain.workdays import BEIJING
from models.engine import reading, writing
from models.messages import MessageEventRow, MessageRow
from models.reports import record_report
from services import acknowledging, audit, filed_reports
from services.delivery.sending import send_due
from tests import cast
from tests.cast import CIVIL, EDUCATION, LI_MING, STREET, TOWN, WANG_FANG, ZHAO_QIANG
from tests.delivery import scene
from tests.services.circular_files import add_contacts, file_circular

PLAN = cast.small_plan()
AT = cast.moment("2025-10-15 10:00")
FOLDERS = [Path("/")]
"""From anywhere."""
TOMORROW = AT + timedelta(days=1)


@pytest.fixture
def circular(opened: Engine, tmp_path: Path) -> int:
    """A filed circular, and contacts in three of the four units; 东山镇 has its leader besides."""
    add_contacts(opened, PLAN, [CIVIL, TOWN, STREET], AT)
    add_contacts(opened, PLAN, [TOWN], AT, post=Post.UNIT_LEADER)
    add_contacts(opened, PLAN, [""], AT, post=Post.LEADER)
    return file_circular(opened, PLAN, tmp_path, AT)


def release(engine: Engine, number: int, at: datetime = AT) -> None:
    with writing(engine) as session:
        acknowledging.release(session, PLAN, number, folders=FOLDERS, by=ZHAO_QIANG, at=at)


def acknowledge(engine: Engine, number: int, unit: str, by: str, at: datetime = AT) -> None:
    with writing(engine) as session:
        acknowledging.acknowledge(session, PLAN, number, unit, by=by, at=at)


def urge(engine: Engine, number: int, at: datetime = AT) -> int:
    with writing(engine) as session:
        return acknowledging.urge(session, PLAN, number, folders=FOLDERS, by=ZHAO_QIANG, at=at)


def messages(engine: Engine) -> list[MessageRow]:
    with reading(engine) as session:
        return list(session.scalars(select(MessageRow).order_by(col(MessageRow.id))))


def test_a_released_circular_goes_to_every_liaison_and_unit_leader_with_the_pdf(
    opened: Engine, circular: int
) -> None:
    assert messages(opened) == []
    release(opened, circular)
    sent = messages(opened)
    assert [one.kind for one in sent] == [MessageKind.CIRCULAR] * 4  # no leader of the district among them
    assert {one.subject for one in sent} == {f"report/{circular}"}
    assert all(
        one.content is not None and f'"/ack/{circular}"' in one.content and ".pdf" in one.content
        for one in sent
    )
    with reading(opened) as session:
        assert len(session.scalars(select(MessageEventRow)).all()) == 4
        assert [line.action for line in audit.lines(session, last=1)] == ["release"]


def test_a_circular_that_lies_where_nothing_may_be_taken_from_goes_out_as_a_link(
    opened: Engine, circular: int, tmp_path: Path
) -> None:
    with writing(opened) as session:
        elsewhere = [tmp_path / "elsewhere"]
        acknowledging.release(session, PLAN, circular, folders=elsewhere, by=ZHAO_QIANG, at=AT)
    contents = [one.content or "" for one in messages(opened)]
    assert all("/ack/" in content and ".pdf" not in content for content in contents)


def test_nothing_goes_out_twice_nor_before_the_office_has_released_it(opened: Engine, circular: int) -> None:
    with pytest.raises(Problem) as refusal:
        urge(opened, circular)
    assert refusal.value.kind is ProblemKind.CIRCULAR_UNRELEASED
    with pytest.raises(Problem) as refusal:
        acknowledge(opened, circular, TOWN, LI_MING)
    assert refusal.value.kind is ProblemKind.CIRCULAR_UNRELEASED
    release(opened, circular)
    with pytest.raises(Problem) as refusal:
        release(opened, circular)
    assert refusal.value.kind is ProblemKind.REPORT_RELEASED
    assert len(messages(opened)) == 4


def test_what_is_released_at_night_goes_out_in_the_morning(opened: Engine, circular: int) -> None:
    release(opened, circular, cast.moment("2025-10-15 22:30"))
    morning = datetime.combine(TOMORROW.date(), time(8, 30), BEIJING)
    assert {one.next_at for one in messages(opened)} == {morning}


def test_a_unit_acknowledges_once_by_name_and_the_ledger_has_it(opened: Engine, circular: int) -> None:
    release(opened, circular)
    acknowledge(opened, circular, TOWN, LI_MING)
    with pytest.raises(Problem) as refusal:
        acknowledge(opened, circular, TOWN, WANG_FANG, TOMORROW)
    assert (refusal.value.kind, refusal.value.details["by"]) == (ProblemKind.ALREADY_ACKNOWLEDGED, LI_MING)
    assert [one.acknowledged_at for one in messages(opened)].count(AT) == 2  # its liaison's and its leader's
    with reading(opened) as session:
        found = {one.unit: one for one in acknowledging.standing(session, PLAN, circular)}
        (line,) = [one for one in audit.lines(session, last=9) if one.action == "acknowledge"]
        (own,) = acknowledging.own(session, PLAN, TOWN)
        (others,) = acknowledging.own(session, PLAN, STREET)
    assert found[TOWN].acknowledged == acknowledging.Acknowledged(LI_MING, AT)
    assert found[CIVIL].acknowledged is None
    assert found[EDUCATION].told == ()
    assert (line.actor, line.subject) == (LI_MING, f"small/report/{circular}")
    assert (own.acknowledged is None, others.acknowledged is None) == (False, True)


def test_who_has_not_acknowledged_is_urged_once_a_day(opened: Engine, circular: int) -> None:
    release(opened, circular)
    acknowledge(opened, circular, TOWN, LI_MING)
    assert urge(opened, circular) == 2  # 民政局 and 西河街道; nobody can be told in 教育局
    with pytest.raises(Problem) as refusal:
        urge(opened, circular)
    assert refusal.value.kind is ProblemKind.URGED_TODAY
    assert urge(opened, circular, TOMORROW) == 2
    with reading(opened) as session:
        found = {one.unit: one.urged for one in acknowledging.standing(session, PLAN, circular)}
    assert found == {CIVIL: 2, EDUCATION: 0, TOWN: 0, STREET: 2}
    acknowledge(opened, circular, STREET, WANG_FANG, TOMORROW)
    marked = [one for one in messages(opened) if one.acknowledged_at == TOMORROW]
    assert len(marked) == 3  # the circular and both urgings


def test_report_one_is_not_report_eleven(opened: Engine, circular: int, tmp_path: Path) -> None:
    release(opened, circular)
    others = [file_circular(opened, PLAN, tmp_path, AT, f"2025-{n:02}") for n in range(1, 12)]
    assert circular * 10 + 1 in others
    release(opened, circular * 10 + 1)
    acknowledge(opened, circular, TOWN, LI_MING)
    marked = {one.subject for one in messages(opened) if one.acknowledged_at is not None}
    assert marked == {f"report/{circular}"}


def test_what_is_no_circular_cannot_be_acknowledged(opened: Engine, circular: int) -> None:
    with writing(opened) as session:
        audit.lock(session)
        record_report(
            session,
            kind="annual",
            plan_id=PLAN.id,
            year=2025,
            as_of=AT.date(),
            snapshot_sha256="1" * 64,
            folder="/",
            filed_at=TOMORROW,
        )
    with reading(opened) as session:
        annual, _ = filed_reports.filed(session, PLAN.id)
    for number, kind in (
        (annual.id, ProblemKind.NOT_A_CIRCULAR),
        (circular + 99, ProblemKind.REPORT_UNKNOWN),
    ):
        with pytest.raises(Problem) as refusal:
            acknowledge(opened, number, TOWN, LI_MING)
        assert refusal.value.kind is kind


def test_it_arrives_with_the_pdf_in_the_outbox_of_a_new_installation(
    opened: Engine, circular: int, tmp_path: Path
) -> None:
    release(opened, circular)
    room = scene.room(opened, tmp_path, scene.channels(tmp_path, scene.OUTBOX), portal=scene.PORTAL)
    sent = send_due(room, worker="测试", now=lambda: AT)
    assert sent.came_to[MessageState.DELIVERED] == 4
    letters = [BytesParser(policy=default).parsebytes(path.read_bytes()) for path in tmp_path.rglob("*.eml")]
    assert len(letters) == 4
    for letter in letters:
        assert letter["Subject"] == "请签收：2025年第三季度通报"
        body = letter.get_body(("plain",))
        assert body is not None
        assert f"{scene.PORTAL}/ack/{circular}" in body.get_content()
        assert [one.get_content_type() for one in letter.iter_attachments()] == ["application/pdf"]
