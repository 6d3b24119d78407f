"""The sender: each message once, the others whatever happens to one, and a doubt where nobody can know."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from sqlmodel import col

from domain.messages import MessageState
from domain.people import Grant, Role
from domain.problems import ProblemKind
from models.engine import reading, writing
from models.messages import MessageItemRow, MessageRow
from services.delivery.adapters.smtp import SmtpAdapter
from services.delivery.sending import HANGING, Sent, send_due
from tests import cast
from tests.delivery import scene, stand_ins
from tests.delivery.mail_server import Mailbox, mail_server
from tests.delivery.scene import AT, Clock, mail
from tests.delivery.stand_ins import StandIn

LI = "liming@town.example.cn"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as found:
        yield found


def sent(engine: Engine, home: Path, port: int, clock: Clock, more: str = "") -> Sent:
    room = scene.room(engine, home, scene.channels(home, mail(port, more=more)))
    return send_due(room, worker="one", now=clock)


def test_what_is_due_goes_out_once_and_what_is_not_waits(
    opened: Engine, tmp_path: Path, box: Mailbox
) -> None:
    to, clock = scene.contact(opened, ("mail", LI)), Clock()
    now = scene.owe(opened, to, "mail")
    later = scene.owe(opened, to, "mail", [cast.VISIT_Q2], next_at=AT + timedelta(hours=1))
    assert sent(opened, tmp_path, box.port, clock).came_to == {MessageState.SENT: 1}
    assert sent(opened, tmp_path, box.port, clock).came_to == {}
    assert scene.state(opened, later) is MessageState.PLANNED
    assert scene.story(opened, now) == ["planned", "claimed", "sent"]
    clock.on(hours=1)
    assert sent(opened, tmp_path, box.port, clock).came_to == {MessageState.SENT: 1}
    assert [mail["To"] for mail in box.mails] == ["李明 <liming@town.example.cn>"] * 2


def test_two_senders_at_once_send_each_message_once(opened: Engine, tmp_path: Path, box: Mailbox) -> None:
    people = [scene.contact(opened, ("mail", f"one{n}@example.cn")) for n in range(12)]
    for to in people:
        scene.owe(opened, to, "mail")
    room = scene.room(opened, tmp_path, scene.channels(tmp_path, mail(box.port)))

    def work(worker: str) -> Counter[MessageState]:
        return send_due(room, worker=worker, now=Clock()).came_to

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(work, ["one", "two"]))
    assert sum(found, Counter()) == {MessageState.SENT: 12}
    assert sorted(box.copies.values()) == [1] * 12


def test_what_was_handed_in_meanwhile_falls_out_of_a_digest(
    opened: Engine, tmp_path: Path, box: Mailbox
) -> None:
    to = scene.contact(opened, ("mail", LI))
    both = scene.owe(opened, to, "mail", [cast.VISIT_Q1, cast.ANNUAL])
    scene.hand_in(opened)
    sent(opened, tmp_path, box.port, Clock())
    assert scene.state(opened, both) is MessageState.SENT
    text = scene.text(box.mails[0])
    assert "每年报告进展" in text
    assert "每季度走访" not in text


def test_a_message_of_which_nothing_is_owed_any_more_is_not_sent(
    opened: Engine, tmp_path: Path, box: Mailbox
) -> None:
    number = scene.owe(opened, scene.contact(opened, ("mail", LI)), "mail")
    scene.hand_in(opened)
    assert sent(opened, tmp_path, box.port, Clock()).came_to == {}
    assert scene.story(opened, number)[-1] == "dropped"
    assert box.mails == []


def test_somebody_who_left_gets_nothing(opened: Engine, tmp_path: Path, box: Mailbox) -> None:
    number = scene.owe(opened, scene.contact(opened, ("mail", LI), active=False), "mail")
    sent(opened, tmp_path, box.port, Clock())
    assert scene.state(opened, number) is MessageState.DROPPED


def test_a_dead_address_a_bad_template_and_an_unknown_channel_stop_nobody_else(
    opened: Engine, tmp_path: Path, box: Mailbox
) -> None:
    faults = [
        scene.owe(opened, scene.contact(opened, ("mail", "dead@example.cn")), "mail"),
        scene.owe(opened, scene.contact(opened, ("mail", LI)), "mail", content={"template": "nowhere"}),
        scene.owe(opened, scene.contact(opened, ("pigeon", "3")), "pigeon"),
        scene.owe(opened, scene.contact(opened), "mail"),
    ]
    good = scene.owe(opened, scene.contact(opened, ("mail", LI)), "mail")
    done = sent(opened, tmp_path, box.port, Clock())
    assert scene.state(opened, good) is MessageState.SENT
    states = [scene.state(opened, number) for number in faults]
    assert states == [MessageState.GIVEN_UP, MessageState.FAILED, MessageState.FAILED, MessageState.GIVEN_UP]
    errors = [scene.message(opened, number).error for number in faults]
    assert "收件地址 （地址）：550 5.1.1 user unknown" in errors[0]  # lines of the ledger outlive the contact
    assert "〔1504〕" in errors[1]
    assert "〔1503〕没有名为“pigeon”的渠道" in errors[2]
    assert errors[3] == "联系人在这个渠道没有地址"
    assert {one.kind for one in done.troubles} == {ProblemKind.TEMPLATE_FAULTY, ProblemKind.CHANNEL_UNKNOWN}


def test_a_message_by_a_channel_that_is_not_there_goes_once_the_office_has_mended_its_file(
    opened: Engine, tmp_path: Path, box: Mailbox
) -> None:
    clock = Clock()
    number = scene.owe(opened, scene.contact(opened, ("mail-2", LI)), "mail-2")
    for _ in range(3):
        sent(opened, tmp_path, box.port, clock)
        clock.on(hours=1)
    assert scene.story(opened, number) == ["planned", "failed"]  # the same reason is told once
    room = scene.room(opened, tmp_path, scene.channels(tmp_path, mail(box.port, "mail-2")))
    send_due(room, worker="one", now=clock)
    assert scene.state(opened, number) is MessageState.SENT


def test_a_passing_failure_is_tried_again_at_growing_intervals_until_it_is_given_up(
    opened: Engine, tmp_path: Path, box: Mailbox
) -> None:
    clock = Clock()
    number = scene.owe(opened, scene.contact(opened, ("mail", "busy@example.cn")), "mail")
    pauses = []
    while scene.state(opened, number) is not MessageState.GIVEN_UP:
        sent(opened, tmp_path, box.port, clock, "tries = 4\n")
        row = scene.message(opened, number)
        pauses.append((row.next_at - clock.at).total_seconds() / 60)
        clock.at = max(row.next_at, clock.at)
    assert (pauses[:3], row.attempts) == ([5, 10, 20], 4)
    assert "450 4.2.1 mailbox busy" in row.error
    assert "已试 4 次" in row.error


def test_what_is_given_up_is_taken_over_by_the_channel_that_comes_next(
    opened: Engine, tmp_path: Path, box: Mailbox
) -> None:
    to = scene.contact(opened, ("mail", "dead@example.cn"), ("outbox", LI), ("sms", "13800000000"))
    number = scene.owe(opened, to, "mail")
    gateway = stand_ins.Gateway()
    with StandIn(gateway).serving() as vendor:
        sms = f'name = "sms"\nkind = "sms"\nurl = "{vendor.url}"'
        found = scene.channels(tmp_path, mail(box.port, more='failover = ["sms"]'), scene.OUTBOX, sms)
        room = scene.room(opened, tmp_path, found)
        send_due(room, worker="one", now=Clock())
        send_due(room, worker="one", now=Clock())
    assert len(gateway.given) == 1
    with reading(opened) as session:
        (stand_in,) = session.scalars(select(MessageRow).where(col(MessageRow.stands_in_for) == number))
        items = session.execute(
            select(col(MessageItemRow.item_id), col(MessageItemRow.due), col(MessageItemRow.rung)).where(
                col(MessageItemRow.message_id).in_([number, stand_in.id])
            )
        ).all()
    assert (stand_in.channel, stand_in.state) == ("sms", MessageState.SENT)
    assert items[0] == items[1]


def test_where_the_contact_can_be_reached_no_other_way_the_failure_stays_for_the_office(
    opened: Engine, tmp_path: Path, box: Mailbox
) -> None:
    number = scene.owe(opened, scene.contact(opened, ("mail", "dead@example.cn")), "mail")
    assert sent(opened, tmp_path, box.port, Clock()).came_to == {MessageState.GIVEN_UP: 1}
    assert scene.state(opened, number) is MessageState.GIVEN_UP


def test_when_the_channel_itself_fails_the_rest_waits_untouched(opened: Engine, tmp_path: Path) -> None:
    numbers = [scene.owe(opened, scene.contact(opened, ("mail", LI)), "mail") for _ in range(5)]
    sent(opened, tmp_path, 9, Clock())
    states = [scene.state(opened, number) for number in numbers]
    assert states == [MessageState.FAILED] * 3 + [MessageState.PLANNED] * 2


def hang(engine: Engine, number: int) -> None:
    """Leave a message claimed, as a sender does that is killed."""
    with writing(engine) as session:
        claimed = {"state": "claimed", "claimed_by": "dead", "claimed_at": AT, "attempts": 1}
        session.execute(update(MessageRow).where(col(MessageRow.id) == number).values(claimed))


def test_what_a_dead_sender_left_is_in_doubt_and_goes_again_where_a_copy_is_known(
    opened: Engine, tmp_path: Path, box: Mailbox
) -> None:
    clock = Clock()
    number = scene.owe(opened, scene.contact(opened, ("mail", LI)), "mail")
    hang(opened, number)
    clock.at = AT + HANGING
    assert sent(opened, tmp_path, box.port, clock).came_to == {}  # it may still be at it
    clock.on(seconds=1)
    sent(opened, tmp_path, box.port, clock)
    assert scene.story(opened, number) == ["planned", "doubtful", "planned", "claimed", "sent"]


def test_what_is_in_doubt_is_not_sent_again_where_a_copy_is_not_known(opened: Engine, tmp_path: Path) -> None:
    clock = Clock()
    number = scene.owe(opened, scene.contact(opened, ("bot", "-")), "bot")
    hang(opened, number)
    clock.on(hours=2)
    with StandIn(stand_ins.wecom_bot).serving() as vendor:
        bot = f'name = "bot"\nkind = "wecom-bot"\nkey = "good-key"\napi = "{vendor.url}"'
        room = scene.room(opened, tmp_path, scene.channels(tmp_path, bot))
        send_due(room, worker="one", now=clock)
    assert vendor.asked == []
    assert scene.state(opened, number) is MessageState.DOUBTFUL


def test_an_answer_that_is_lost_leaves_the_doubt_in_the_ledger_and_the_copy_is_dropped(
    opened: Engine, tmp_path: Path, box: Mailbox
) -> None:
    clock = Clock()
    number = scene.owe(opened, scene.contact(opened, ("mail", LI)), "mail")
    box.silent = True
    assert sent(opened, tmp_path, box.port, clock).came_to == {MessageState.DOUBTFUL: 1}
    clock.on(minutes=5)
    sent(opened, tmp_path, box.port, clock)
    assert scene.story(opened, number) == ["planned", "claimed", "doubtful", "planned", "claimed", "sent"]
    assert (len(box.mails), sum(box.copies.values())) == (1, 2)


def test_a_copy_says_what_the_first_one_said_even_if_that_was_handed_in_meanwhile(
    opened: Engine, tmp_path: Path, box: Mailbox
) -> None:
    clock = Clock()
    scene.owe(opened, scene.contact(opened, ("mail", LI)), "mail")
    box.silent = True
    sent(opened, tmp_path, box.port, clock)
    scene.hand_in(opened)
    clock.on(minutes=5)
    sent(opened, tmp_path, box.port, clock)
    assert (len(box.mails), sum(box.copies.values())) == (1, 2)


def test_a_clock_that_was_set_back_is_told_and_the_messages_go_nevertheless(
    opened: Engine, tmp_path: Path, box: Mailbox
) -> None:
    to, clock = scene.contact(opened, ("mail", LI)), Clock(AT + timedelta(days=400))
    first = scene.owe(opened, to, "mail")
    sent(opened, tmp_path, box.port, clock)
    second = scene.owe(opened, to, "mail", [cast.VISIT_Q2])
    clock.at = AT
    done = sent(opened, tmp_path, box.port, clock)
    assert [problem.kind for problem in done.troubles] == [ProblemKind.CLOCK_SET_BACK]
    assert {scene.state(opened, number) for number in (first, second)} == {MessageState.SENT}


def test_what_was_claimed_by_a_clock_ahead_of_its_time_is_not_left_for_years(
    opened: Engine, tmp_path: Path, box: Mailbox
) -> None:
    number = scene.owe(opened, scene.contact(opened, ("mail", LI)), "mail")
    hang(opened, number)
    sent(opened, tmp_path, box.port, Clock(AT - timedelta(days=900)))
    assert scene.story(opened, number) == ["planned", "doubtful", "planned", "claimed", "sent"]


def test_a_liaison_gets_a_link_of_their_own_by_mail_alone(
    opened: Engine, tmp_path: Path, box: Mailbox
) -> None:
    account = scene.liaison_account(opened)
    to = scene.contact(opened, ("mail", LI), ("bot", "-"), account_id=account)
    scene.owe(opened, to, "mail")
    scene.owe(opened, to, "bot")
    with StandIn(stand_ins.wecom_bot).serving() as vendor:
        bot = f'name = "bot"\nkind = "wecom-bot"\nkey = "good-key"\napi = "{vendor.url}"'
        found = scene.channels(tmp_path, mail(box.port), bot)
        send_due(scene.room(opened, tmp_path, found, portal=scene.PORTAL), worker="one", now=Clock())
    assert f"{scene.PORTAL}/enter/" in scene.text(box.mails[0])
    assert "/enter/" not in vendor.asked[0].raw.decode()
    assert scene.PORTAL in vendor.asked[0].raw.decode()


def test_nobody_gets_a_link_that_opens_more_than_a_units_desk(
    opened: Engine, tmp_path: Path, box: Mailbox
) -> None:
    account = scene.liaison_account(opened, Grant(Role.OFFICE))
    scene.owe(opened, scene.contact(opened, ("mail", LI), account_id=account), "mail")
    room = scene.room(opened, tmp_path, scene.channels(tmp_path, mail(box.port)), portal=scene.PORTAL)
    send_due(room, worker="one", now=Clock())
    assert "/enter/" not in scene.text(box.mails[0])


def test_a_dingtalk_bot_never_gets_more_than_twenty_a_minute_whoever_sends(
    opened: Engine, tmp_path: Path
) -> None:
    for n in range(29):
        scene.owe(opened, scene.contact(opened, ("bot", f"138000000{n:02}")), "bot")
    vendor, clock = stand_ins.DingtalkBot(), Clock(AT + timedelta(seconds=47))
    with StandIn(vendor).serving() as served:
        bot = f'name = "bot"\nkind = "dingtalk-bot"\ntoken = "good-token"\nsecret = "SEC1"\napi = "{served.url}"'
        room = scene.room(opened, tmp_path, scene.channels(tmp_path, bot))
        first = send_due(room, worker="one", now=clock)
        assert first.came_to == {MessageState.SENT: 20}
        assert first.full_until is not None
        clock.on(seconds=30)
        assert send_due(room, worker="two", now=clock).came_to == {}
        clock.at = first.full_until
        assert send_due(room, worker="two", now=clock).came_to == {MessageState.SENT: 9}
    assert vendor.throttled == 0
    assert timedelta(seconds=60) <= first.full_until - AT - timedelta(seconds=47) <= timedelta(seconds=66)


def test_a_vendor_that_throttles_is_left_alone_for_as_long_as_it_takes(
    opened: Engine, tmp_path: Path
) -> None:
    for n in range(4):
        scene.owe(opened, scene.contact(opened, ("bot", f"1380000000{n}")), "bot")
    vendor, clock = stand_ins.DingtalkBot(silent_until=int(AT.timestamp() * 1000) + 1), Clock()
    with StandIn(vendor).serving() as served:
        bot = f'name = "bot"\nkind = "dingtalk-bot"\ntoken = "good-token"\nsecret = "SEC1"\napi = "{served.url}"'
        room = scene.room(opened, tmp_path, scene.channels(tmp_path, bot))
        assert send_due(room, worker="one", now=clock).came_to == {MessageState.FAILED: 1}
        clock.on(minutes=9)
        assert send_due(room, worker="two", now=clock).came_to == {}
        clock.on(minutes=2)
        assert send_due(room, worker="two", now=clock).came_to == {MessageState.SENT: 4}
    assert vendor.throttled == 1


def test_a_daily_limit_holds_until_midnight_in_beijing(opened: Engine, tmp_path: Path, box: Mailbox) -> None:
    for n in range(5):
        scene.owe(opened, scene.contact(opened, ("mail", f"one{n}@example.cn")), "mail")
    clock = Clock()
    done = sent(opened, tmp_path, box.port, clock, "per_day = 3\n")
    assert (done.came_to, done.full_until) == ({MessageState.SENT: 3}, cast.moment("2025-03-25 00:00"))
    clock.at = cast.moment("2025-03-24 23:59")
    assert sent(opened, tmp_path, box.port, clock, "per_day = 3\n").came_to == {}
    clock.on(minutes=1)
    assert sent(opened, tmp_path, box.port, clock, "per_day = 3\n").came_to == {MessageState.SENT: 2}


def test_a_late_answer_ends_the_doubt_and_makes_no_second_sending(opened: Engine, tmp_path: Path) -> None:
    clock = Clock()
    number = scene.owe(opened, scene.contact(opened, ("bot", "-")), "bot")

    def rule(asked: stand_ins.Asked) -> stand_ins.Answer:
        clock.on(hours=1)
        send_due(room, worker="two", now=clock)
        assert scene.state(opened, number) is MessageState.DOUBTFUL  # the sender was taken for dead
        return stand_ins.wecom_bot(asked)

    with StandIn(rule).serving() as vendor:
        bot = f'name = "bot"\nkind = "wecom-bot"\nkey = "good-key"\napi = "{vendor.url}"'
        room = scene.room(opened, tmp_path, scene.channels(tmp_path, bot))
        send_due(room, worker="one", now=clock)
    assert scene.story(opened, number) == ["planned", "claimed", "doubtful", "sent"]
    assert len(vendor.asked) == 1


def test_whatever_an_adapter_meets_the_others_still_go(
    opened: Engine, tmp_path: Path, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = SmtpAdapter.send

    def broken(self: SmtpAdapter, letter: object) -> object:
        if getattr(letter, "to", "") == "bug@example.cn":
            raise ZeroDivisionError
        return real(self, letter)  # type: ignore[arg-type]

    monkeypatch.setattr(SmtpAdapter, "send", broken)
    bad = scene.owe(opened, scene.contact(opened, ("mail", "bug@example.cn")), "mail")
    good = scene.owe(opened, scene.contact(opened, ("mail", LI)), "mail")
    sent(opened, tmp_path, box.port, Clock())
    assert "doubtful" in scene.story(opened, bad)
    assert scene.state(opened, good) is MessageState.SENT


def test_a_retry_disturbs_nobody_at_night_or_on_a_day_off(
    opened: Engine, tmp_path: Path, box: Mailbox
) -> None:
    clock = Clock(cast.moment("2025-04-30 17:28"))  # the first of May is a holiday
    number = scene.owe(opened, scene.contact(opened, ("mail", "busy@example.cn")), "mail")
    sent(opened, tmp_path, box.port, clock)
    assert scene.message(opened, number).next_at == cast.moment("2025-05-02 08:30")


def test_dingtalk_says_later_that_a_notice_arrived_or_that_it_did_not(opened: Engine, tmp_path: Path) -> None:
    clock = Clock()
    reached = scene.owe(opened, scene.contact(opened, ("ding", "u1")), "ding")
    lost = scene.owe(opened, scene.contact(opened, ("ding", "u9"), ("outbox", LI)), "ding")
    with StandIn(stand_ins.DingtalkApp()).serving() as vendor:
        ding = (
            'name = "ding"\nkind = "dingtalk-app"\napp_key = "k"\napp_secret = "good-secret"\nagent_id = 1\n'
        )
        ding += f'api = "{vendor.url}"'
        room = scene.room(opened, tmp_path, scene.channels(tmp_path, ding, scene.OUTBOX))
        send_due(room, worker="one", now=clock)
        send_due(room, worker="one", now=clock)
    assert scene.story(opened, reached)[-2:] == ["sent", "delivered"]
    assert scene.story(opened, lost)[-2:] == ["sent", "given-up"]
    assert [mail.name for mail in (tmp_path / "发件箱").iterdir()] != []


def test_a_queue_longer_than_a_page_goes_out_whole_and_in_order(
    opened: Engine, tmp_path: Path, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.delivery.sending.PAGE", 3)
    for n in range(8):
        address = "dead@example.cn" if n in {0, 3, 4} else f"one{n}@example.cn"
        to = scene.contact(opened, ("mail", address))
        scene.owe(opened, to, "mail", next_at=AT - timedelta(minutes=n % 2))
    assert sent(opened, tmp_path, box.port, Clock()).came_to == {
        MessageState.SENT: 5,
        MessageState.GIVEN_UP: 3,
    }
    order = [int(mail["To"].partition("<one")[2][0]) for mail in box.mails]
    assert order == [1, 5, 7, 2, 6]
