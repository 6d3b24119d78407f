"""From the ladder to the letter: what the plan's rungs say is what people read, of what is still owed when it goes out."""

from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from domain.messages import Post
from models.engine import writing
from services.delivery.sending import send_due
from services.extensions import ask, grant
from services.reminding import plan_messages
from tests import cast
from tests.delivery import scene
from tests.delivery.test_composing import outbox
from tests.ladders import ladder_plan, put_in_force, register

PLAN = ladder_plan()
MEETINGS = date(2025, 4, 30)


def letters(engine: Engine, home: Path, day: date, then: str) -> dict[str, str]:
    """What is planned on a day and sent at a moment: the words by who reads them."""
    at = cast.moment(f"{day} 06:00")
    plan_messages(engine, PLAN, as_of=day, calendar=cast.calendar(), at=at, by="系统")
    room = scene.room(engine, home, scene.channels(home, scene.OUTBOX), PLAN)
    send_due(room, worker="one", now=scene.Clock(cast.moment(then)))
    return {str(mail["To"]): f"{mail['Subject']}\n{scene.text(mail)}" for mail in outbox(home)}


def test_the_rungs_words_and_its_items_are_read(engine: Engine, tmp_path: Path) -> None:
    put_in_force(engine, PLAN)
    register(engine, PLAN, (cast.STREET, Post.LIAISON))
    (words,) = letters(engine, tmp_path, date(2025, 4, 2), "2025-04-02 08:30").values()
    assert "关爱行动：逾期未报：西河街道有 1 项工作待报送" in words
    assert "逾期催办：已经逾期，请尽快报送" in words
    assert "每季度走访（2025年第一季度），2025年3月31日截止，逾期 2 个工作日" in words


def test_whoever_holds_others_up_reads_who_waits_and_when_the_own_work_was_due(
    engine: Engine, tmp_path: Path
) -> None:
    put_in_force(engine, PLAN)
    register(engine, PLAN, (cast.TOWN, Post.LIAISON), (cast.CIVIL, Post.LIAISON))
    found = letters(engine, tmp_path, MEETINGS, "2025-04-30 08:30")
    (words,) = (words for to, words in found.items() if "town" in to)
    assert "2025年4月“每月例会”正在等待贵单位完成2025年第一季度“每季度走访”" in words
    assert "每季度走访（2025年第一季度），2025年3月31日截止" in words
    assert not any("每月例会（2025年4月）" in words for words in found.values())


def test_whoever_is_granted_more_time_meanwhile_is_told_nothing(engine: Engine, tmp_path: Path) -> None:
    put_in_force(engine, PLAN)
    register(engine, PLAN, (cast.TOWN, Post.LIAISON))
    day, census = date(2025, 6, 25), cast.item_key("census", cast.TOWN, "once")
    plan_messages(
        engine, PLAN, as_of=day, calendar=cast.calendar(), at=cast.moment(f"{day} 06:00"), by="系统"
    )
    with writing(engine) as session:
        at, until = cast.moment(f"{day} 07:30"), date(2025, 7, 18)
        reason = "山路断了，等通车后再去排查"
        asked = ask(session, PLAN, census, unit=cast.TOWN, until=until, reason=reason, by=cast.LI_MING, at=at)
        grant(session, PLAN, asked.number, by=cast.ZHAO_QIANG, at=at, calendar=cast.calendar())
    found = letters(engine, tmp_path, day, "2025-06-25 08:30")
    assert not any("摸底排查" in words for words in found.values())
