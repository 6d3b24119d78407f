"""What the office and the leaders decide at once, as the unit's people read it."""

from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from models.engine import writing
from services.delivery.sending import send_due
from services.instructions import give
from services.urging import urge
from tests import cast
from tests.delivery import scene
from tests.delivery.scene import Clock
from tests.delivery.test_composing import LI, outbox
from tests.services.test_urging import number

AT = cast.moment("2025-04-02 09:00")


def sent(opened: Engine, home: Path) -> str:
    """Subject and text of the one message that goes out."""
    room = scene.room(opened, home, scene.channels(home, scene.OUTBOX), portal=scene.PORTAL)
    send_due(room, worker="one", now=Clock(cast.moment("2025-04-02 09:05")))
    (mail,) = outbox(home)
    return f"{mail['Subject']}\n{scene.text(mail)}"


def test_an_urging_tells_who_urges_why_and_which_items(opened: Engine, tmp_path: Path) -> None:
    scene.contact(opened, ("outbox", LI))
    items = [number(opened, key) for key in (cast.VISIT_Q1, cast.VISIT_Q2)]
    with writing(opened) as session:
        reason = "季度走访已逾期，请今天报送"
        urge(session, cast.small_plan(), items, reason=reason, calendar=cast.calendar(), by="赵强", at=AT)
    told = sent(opened, tmp_path)
    for words in (
        "关爱行动催办：东山镇有 2 项工作请抓紧报送",
        "李明同志：",
        "办公室赵强催办：季度走访已逾期，请今天报送",
        "每季度走访（2025年第一季度），2025年3月31日截止，逾期 2 个工作日",
    ):
        assert words in told


def test_an_instruction_tells_whose_it_is_and_until_when_to_answer(opened: Engine, tmp_path: Path) -> None:
    scene.contact(opened, ("outbox", LI))
    item = number(opened, cast.VISIT_Q1)
    with writing(opened) as session:
        give(
            session,
            cast.small_plan(),
            item,
            leader="周平",
            text="请查明走访未开展的原因。",
            deadline=date(2025, 4, 9),
            calendar=cast.calendar(),
            by="周平",
            at=AT,
        )
    told = sent(opened, tmp_path)
    for words in (
        "关爱行动批示：请东山镇在2025年4月9日之前（含当日）反馈办理情况",
        "周平批示：请查明走访未开展的原因。",
    ):
        assert words in told
