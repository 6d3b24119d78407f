"""A failed message is tried again at growing intervals, over days, and then given up."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.channels import OUTBOX, ChannelKind, Common, DingtalkBotChannel, FileChannel, SmsChannel, next_try
from tests import cast

AT = cast.moment("2025-03-24 08:30")


def test_by_default_a_message_is_tried_for_days() -> None:
    at, tried = AT, 1
    while (again := next_try(OUTBOX, tried, at)) is not None:
        at, tried = again, tried + 1
    assert tried == 48
    assert timedelta(days=3) < at - AT < timedelta(days=5)


def test_the_first_pauses_are_short_and_double() -> None:
    pauses = [next_try(OUTBOX, tried, AT) for tried in range(1, 8)]
    minutes = [(pause - AT).total_seconds() / 60 for pause in pauses if pause is not None]
    assert minutes == [5, 10, 20, 40, 80, 120, 120]


@given(
    tries=st.integers(1, 500),
    pause=st.integers(1, 1440),
    most=st.integers(1, 10_080),
    tried=st.integers(1, 600),
)
def test_every_further_try_is_later_and_there_is_a_last_one(
    tries: int, pause: int, most: int, tried: int
) -> None:
    channel = Common(name="x", tries=tries, retry_minutes=pause, retry_most_minutes=most)
    again = next_try(channel, tried, AT)
    assert (again is None) == (tried >= tries)
    if again is not None:
        assert timedelta(minutes=pause) <= again - AT <= timedelta(minutes=max(pause, most))


def test_who_knows_a_copy_is_a_matter_of_the_kind_until_the_office_says_otherwise() -> None:
    sms = {"name": "sms", "kind": ChannelKind.SMS, "url": "https://sms.example.cn"}
    assert OUTBOX.copies_known > timedelta(days=365)
    assert SmsChannel.model_validate(sms).copies_known == timedelta()
    assert SmsChannel.model_validate(sms | {"knows_copies": True}).copies_known > timedelta(days=365)
    assert FileChannel(name="f", kind=ChannelKind.FILE, knows_copies=False).copies_known == timedelta()


def test_a_bot_that_is_throttled_beyond_twenty_a_minute_is_kept_below_that() -> None:
    bot = DingtalkBotChannel.model_validate({"name": "bot", "kind": "dingtalk-bot", "token": "x"})
    assert bot.per_minute == 20
