"""A message counts as sent when the vendor's body says so; a refusal says whether it is for good and whose fault it is."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from domain.channels import Channel
from domain.lengths import utf8
from services.delivery.adapters import Adapter, make_adapter
from services.delivery.adapters.dingtalk import DingtalkApp
from services.delivery.letter import Letter, Receipt, Undelivered
from tests.delivery import stand_ins
from tests.delivery.letters import LETTER, LONG, letter
from tests.delivery.stand_ins import Answer, Asked, StandIn

CHANNEL: TypeAdapter[Channel] = TypeAdapter(Channel)
KINDS: dict[str, tuple[dict[str, Any], Callable[[], Callable[[Asked], Answer]], str]] = {
    "wecom-bot": ({"key": "good-key"}, lambda: stand_ins.wecom_bot, "13800000000"),
    "wecom-app": (
        {"corp_id": "c", "agent_id": 1, "secret": "good-secret"},
        stand_ins.WecomApp,
        "liming",
    ),
    "dingtalk-bot": ({"token": "good-token", "secret": "SEC1"}, stand_ins.DingtalkBot, "13800000000"),
    "dingtalk-app": (
        {"app_key": "k", "app_secret": "good-secret", "agent_id": 1},
        stand_ins.DingtalkApp,
        "u1",
    ),
    "feishu-bot": ({"token": "good-token", "secret": "secret"}, lambda: stand_ins.feishu_bot, "ou_1"),
    "feishu-app": ({"app_id": "a", "app_secret": "good-secret"}, stand_ins.FeishuApp, "ou_1"),
    "webhook": ({}, stand_ins.Gateway, "李明"),
    "sms": ({"signature": "和平区民政局", "token": "t"}, stand_ins.Gateway, "13800000000"),
}
"""What each kind is set up with, who stands in for its vendor, and an address that is reached."""
EVERY = pytest.mark.parametrize("kind", sorted(KINDS))


def adapter(kind: str, url: str, **changed: Any) -> Adapter:
    options = KINDS[kind][0] | {"url" if kind in {"webhook", "sms"} else "api": url, "timeout": 5} | changed
    return make_adapter(CHANNEL.validate_python({"name": "one", "kind": kind, **options}), Path())


def send(kind: str, vendor: StandIn, one: Letter | None = None, /, **changed: Any) -> Receipt:
    way = adapter(kind, vendor.url, **changed)
    try:
        return way.send(one or letter(to=KINDS[kind][2]))
    finally:
        way.close()


def refused(
    kind: str, rule: Callable[[Asked], Answer], one: Letter | None = None, /, **changed: Any
) -> Undelivered:
    with StandIn(rule).serving() as vendor, pytest.raises(Undelivered) as found:
        send(kind, vendor, one, **changed)
    return found.value


@EVERY
def test_what_the_vendor_takes_over_is_sent_and_says_what_it_should(kind: str) -> None:
    with StandIn(KINDS[kind][1]()).serving() as vendor:
        receipt = send(kind, vendor)
    assert not receipt.delivered
    told = vendor.asked[-1].raw.decode()
    assert "每季度走访" in told
    assert LETTER.link in told


WRONG_SECRET = {
    "wecom-bot": {"key": "bad"},
    "wecom-app": {"secret": "bad"},
    "dingtalk-bot": {"secret": "bad"},
    "dingtalk-app": {"app_secret": "bad"},
    "feishu-bot": {"secret": "bad"},
    "feishu-app": {"app_secret": "bad"},
}


@pytest.mark.parametrize("kind", sorted(WRONG_SECRET))
def test_a_refusal_with_http_200_is_no_delivery_and_a_wrong_secret_is_the_channels_fault(kind: str) -> None:
    failure = refused(kind, KINDS[kind][1](), **WRONG_SECRET[kind])
    assert (failure.permanent, failure.channel, failure.unsure) == (False, True, False)


@pytest.mark.parametrize(
    ("kind", "address"), [("wecom-app", "nobody"), ("feishu-app", "ou_9"), ("sms", "13900000000")]
)
def test_a_dead_address_is_refused_for_good_and_is_nobody_elses_fault(kind: str, address: str) -> None:
    failure = refused(kind, KINDS[kind][1](), letter(to=address))
    assert (failure.permanent, failure.channel, failure.unsure) == (True, False, False)


@EVERY
def test_a_vendor_that_hangs_up_after_taking_the_message_in_leaves_a_doubt(kind: str) -> None:
    rule = KINDS[kind][1]()
    with StandIn(rule).serving() as vendor:
        way = adapter(kind, vendor.url)
        way.send(letter(to=KINDS[kind][2]))  # applications have their token then
        vendor.silent = True
        with pytest.raises(Undelivered) as found:
            way.send(letter(to=KINDS[kind][2]))
        way.close()
    assert (found.value.unsure, found.value.permanent) == (True, False)


@EVERY
def test_where_nothing_listens_the_message_has_certainly_not_gone_out(kind: str) -> None:
    way = adapter(kind, "http://127.0.0.1:9")
    with pytest.raises(Undelivered) as found:
        way.send(letter(to=KINDS[kind][2]))
    way.close()
    assert (found.value.unsure, found.value.permanent, found.value.channel) == (False, False, True)


@EVERY
@pytest.mark.parametrize(
    ("answer", "unsure", "waits"),
    [
        ((200, b"<html>sign in to the network</html>"), False, False),
        ((200, {"hello": "world"}), False, False),
        ((500, b"oops"), False, False),
        ((504, b"gateway timeout"), True, False),
        ((429, b"slow down"), False, True),
    ],
    ids=["a login page", "another's JSON", "500", "504", "429"],
)
def test_what_is_no_answer_of_the_vendors_is_no_delivery(
    kind: str,
    answer: Answer,
    *,
    unsure: bool,
    waits: bool,
) -> None:
    failure = refused(kind, lambda _: answer)
    assert not failure.permanent
    assert failure.channel
    assert failure.unsure == (unsure and not kind.endswith("-app"))  # those ask for a token first
    assert (failure.wait == timedelta(seconds=120)) == waits


@pytest.mark.parametrize("kind", ["wecom-bot", "wecom-app"])
def test_wecoms_limit_is_kept_in_bytes_and_the_link_stays(kind: str) -> None:
    with StandIn(KINDS[kind][1]()).serving() as vendor:
        send(kind, vendor, letter(to=KINDS[kind][2], lines=LONG))
    content = vendor.asked[-1].body["text"]["content"]
    assert 1900 < utf8(content) <= 2048
    assert content.endswith(LETTER.link)
    assert "行从略" in content


def test_a_text_message_has_its_signature_and_no_more_units_than_the_gateway_takes() -> None:
    with StandIn(stand_ins.Gateway()).serving() as vendor:
        send("sms", vendor, letter(to="13800000000", lines=LONG), longest=140)
    asked = vendor.asked[-1]
    assert asked.body["text"].startswith("【和平区民政局】第0项")
    assert len(asked.body["text"]) <= 140
    assert asked.headers["Authorization"] == "Bearer t"
    assert asked.headers["Idempotency-Key"] == LETTER.uid


@pytest.mark.parametrize(
    ("kind", "code", "fault"),
    [
        ("wecom-bot", 45009, "waits"),
        ("wecom-bot", 44004, "permanent"),
        ("wecom-bot", -1, "passing"),
        ("wecom-app", 60020, "channel"),
        ("dingtalk-bot", 130101, "waits"),
        ("dingtalk-bot", 430104, "permanent"),
        ("dingtalk-bot", 400102, "channel"),
        ("dingtalk-bot", -1, "passing"),
        ("feishu-bot", 11232, "waits"),
        ("feishu-bot", 19024, "channel"),
        ("feishu-bot", 9499, "permanent"),
    ],
)
def test_each_number_of_a_vendor_asks_for_something_else(kind: str, code: int, fault: str) -> None:
    name = "code" if kind.startswith("feishu") else "errcode"
    token = {"access_token": "t", "expires_in": 7200}

    def rule(asked: Asked) -> Answer:
        return (
            (200, {name: 0, **token})
            if "gettoken" in asked.path
            else (200, {name: code, "errmsg": "refused"})
        )

    failure = refused(kind, rule)
    assert failure.permanent == (fault == "permanent")
    assert failure.channel == (fault in {"channel", "waits"})
    assert (failure.wait is not None) == (fault == "waits")
    assert str(code) in failure.reason


def test_a_token_that_ran_out_is_fetched_anew_and_the_message_goes() -> None:
    rule = stand_ins.WecomApp(good_for=2)
    with StandIn(rule).serving() as vendor:
        way = adapter("wecom-app", vendor.url)
        for _ in range(5):
            way.send(letter(to="liming"))
        way.close()
    assert rule.tokens == 3


def test_dingtalk_tells_later_whether_a_notice_arrived() -> None:
    with StandIn(stand_ins.DingtalkApp()).serving() as vendor:
        way = adapter("dingtalk-app", vendor.url)
        assert isinstance(way, DingtalkApp)
        first, second = way.send(letter(to="u1")), way.send(letter(to="u9"))
        assert way.arrived(first.reference, "u1", LETTER.at)
        with pytest.raises(Undelivered) as found:
            way.arrived(second.reference, "u9", LETTER.at)
        way.close()
    assert found.value.permanent


def test_a_name_in_angles_mentions_nobody_in_feishu() -> None:
    lines = ('<at user_id="all">所有人</at>',)
    with StandIn(stand_ins.feishu_bot).serving() as vendor:
        send("feishu-bot", vendor, letter(to="-", lines=lines))
    assert "<at" not in vendor.asked[-1].body["content"]["text"]


def test_a_webhook_is_signed_and_may_say_that_a_message_has_arrived() -> None:
    def rule(_: Asked) -> Answer:
        return 200, {"accepted": True, "delivered": True}

    with StandIn(rule).serving() as vendor:
        signed = {"secret": "s"}
        assert send("webhook", vendor, **signed).delivered
    assert vendor.asked[0].headers["X-Guanai-Signature"].startswith("sha256=")


@pytest.mark.parametrize(("status", "sent"), [(200, True), (500, False)])
def test_any_other_service_is_reached_through_apprise_which_says_in_its_log_why_not(
    status: int, *, sent: bool
) -> None:
    with StandIn(lambda _: (status, {})).serving() as vendor:
        url = f"{vendor.url.replace('http', 'json')}/{{to}}"
        way = make_adapter(CHANNEL.validate_python({"name": "one", "kind": "apprise", "url": url}), Path())
        if sent:
            way.send(letter(to="李明"))
        else:
            with pytest.raises(Undelivered, match=r"Apprise 未能发出：.*500") as found:
                way.send(letter(to="李明"))
            assert not found.value.permanent
    assert vendor.asked[0].path == "/%E6%9D%8E%E6%98%8E"
    assert vendor.asked[0].body["title"] == LETTER.subject
    assert LETTER.link in vendor.asked[0].body["message"]
