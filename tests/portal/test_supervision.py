"""Supervision on the pages: urging, instructions, scores and appeals, good cases, and the commendation list."""

import io
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, update
from sqlmodel import col

from domain.messages import Post
from models.engine import reading, writing
from models.messages import ContactAddressRow, ContactRow
from services import audit, clock
from services.plan_versions import adopt
from tests.linhe import linhe
from tests.portal.browser import LUO_MIN, ZHENG_MING, ZHOU_LAN, Browser
from tests.portal.handed_in import CHECKUPS, VISITS, accept, hand_in, number_of, send_back
from tests.portal.supervised import (
    ORDER,
    STORY,
    appeal,
    commend,
    instruct,
    nominate,
    portal_content,
    select,
    soon,
    urge,
)
from tests.portal.unit_items import BUILD, ID_NUMBER, YEARLY

__all__ = ["portal_content"]  # a fixture that is taken over as it is

Browse = Callable[[], Browser]
EVIL = "<script>alert(1)</script>"
WHY = "已逾期，请今天报送。"


@pytest.fixture
def office(browse: Browse) -> Browser:
    """罗敏 of the office."""
    return browse().sign_in(LUO_MIN)


@pytest.fixture
def leader(browse: Browse) -> Browser:
    """郑明, who leads."""
    return browse().sign_in(ZHENG_MING)


def page(store: Engine, key: str, desk: str = "/office") -> str:
    return f"{desk}/items/{number_of(store, key)}"


def acts(store: Engine, subject: str) -> list[tuple[str, str]]:
    with reading(store) as session:
        return [(line.actor, line.action) for line in audit.lines_of(session, subject, last=9)]


def told(answer: Any) -> str:
    """The number of the problem that a page tells, or where it leads."""
    found = re.search("〔([0-9]+)〕", answer.text)
    return found[1] if found else str(answer.headers.get("location", answer.status_code))


# urging


def test_the_office_urges_an_item_and_both_sides_see_when_by_whom_and_why(
    office: Browser, gao: Browser, store: Engine
) -> None:
    path = page(store, BUILD)
    answer = office.send(f"{path}/urge", {"reason": WHY, "leader": "true"})
    assert told(answer) == f"{path}#supervision"
    for own in (
        office.get(path).text,
        gao.get(page(store, BUILD, "/units/civil")).text,
        gao.get("/units/civil").text,
    ):
        assert "罗敏于" in own
        assert f'催办：<span class="words">{WHY}</span>' in own
    assert "没有可用的联系方式" in office.get(path).text
    assert acts(store, BUILD) == [("罗敏", "urge")]
    assert told(office.send(f"{path}/urge", {"reason": WHY})) == "1303"
    assert f'action="{path}/urge"' not in office.get(path).text


def test_what_was_typed_is_kept_where_an_urging_is_refused(office: Browser, store: Engine) -> None:
    path = page(store, BUILD)
    for reason, problem in (("快", "1304"), (f"请核对{ID_NUMBER}一户", "601")):
        refused = office.send(f"{path}/urge", {"reason": reason})
        assert told(refused) == problem
        assert reason in refused.text
    hand_in(store, VISITS, {"families": 120, "visited": 118})
    assert told(office.send(f"{page(store, VISITS)}/urge", {"reason": WHY})) == "1302"
    assert f'action="{page(store, VISITS)}/urge"' not in office.get(page(store, VISITS)).text


def test_several_are_urged_from_a_list_and_the_page_says_what_became_of_each(
    office: Browser, store: Engine
) -> None:
    urge(store, VISITS)
    shown = office.get("/office/items?unit=hekou&pile=late").text
    assert "已催办 1 次" in shown
    ticks = re.findall(r'<input type="checkbox" name="item" value="(\d+)"', shown)
    assert str(number_of(store, VISITS)) in ticks
    back = "/office/items?pile=late&unit=hekou"
    answer = office.send("/office/urges", {"item": ticks, "reason": WHY, "back": back})
    assert answer.status_code == 200
    assert f"已催办 {len(ticks) - 1} 项，发出 0 条消息" in answer.text
    assert "另有 1 项没有催办" in answer.text
    assert "河口镇没有可用的联系方式" in answer.text
    assert f'href="{back.replace("&", "&amp;")}"' in answer.text
    again = office.send("/office/urges", {"item": ticks, "reason": WHY, "back": "https://example.org"})
    assert told(again) == "1303"
    assert "example.org" not in again.text
    assert told(office.send("/office/urges", {"reason": WHY})) == "1305"
    assert office.send("/office/urges", {"item": ["x"], "reason": WHY}).status_code == 422


def test_where_nobody_owes_anything_there_is_nothing_to_tick(office: Browser, store: Engine) -> None:
    hand_in(store, CHECKUPS, {"pupils": 5200, "checked": 5100}, by="许静")
    accept(store, CHECKUPS)
    shown = office.get("/office/items?pile=finished").text
    assert "/office/urges" not in shown
    assert '<input type="checkbox"' not in shown


# instructions


def test_a_leader_gives_an_instruction_and_the_unit_answers_it(
    office: Browser, leader: Browser, gao: Browser, store: Engine
) -> None:
    path = page(store, BUILD, "/leader")
    assert path in leader.get("/leader/items?unit=civil").text
    assert told(leader.send(f"{path}/instruction", {"text": ORDER, "deadline": soon().isoformat()})) == path
    mine = page(store, BUILD, "/units/civil")
    for own in (
        leader.get(path),
        leader.get("/leader"),
        gao.get("/units/civil"),
        gao.get(mine),
        office.get("/office/instructions"),
        office.get(page(store, BUILD)),
    ):
        assert "郑明批示" in own.text
        assert ORDER in own.text
        assert "待反馈" in own.text
    assert gao.get(mine).text.index("郑明批示") < gao.get(mine).text.index("为什么要报")
    refused = gao.send("/units/civil/instructions/1/answer", {"text": f"已联系{ID_NUMBER}一户"})
    assert told(refused) == "601"
    assert ID_NUMBER in refused.text  # what was typed is not lost
    done = "已补建台账，三个乡镇街道全部录入。"
    assert told(gao.send("/units/civil/instructions/1/answer", {"text": done})) == f"{mine}#instructions"
    for own in (leader.get(path), leader.get("/leader"), gao.get(mine), office.get("/office/instructions")):
        assert done in own.text
        assert "已反馈" in own.text
    assert "领导批示，待反馈" not in gao.get("/units/civil").text
    assert acts(store, BUILD) == [("高原", "answer-instruction"), ("郑明", "instruct")]


def test_another_units_instruction_is_as_if_it_were_not_there(gao: Browser, store: Engine) -> None:
    given = instruct(store, VISITS)
    refused = gao.send(f"/units/civil/instructions/{given.number}/answer", {"text": "已办理完毕"})
    assert told(refused) == "1308"
    assert ORDER not in refused.text


def test_the_office_enters_one_for_a_leader_and_the_page_says_so(office: Browser, store: Engine) -> None:
    path = page(store, BUILD)
    fields = {"leader": "郑明", "text": ORDER, "deadline": soon().isoformat()}
    assert told(office.send(f"{path}/instruction", fields)) == f"{path}#supervision"
    assert "罗敏代录" in office.get(path).text
    for spoilt, problem in (
        ({"leader": ""}, "418"),
        ({"text": "好"}, "1306"),
        ({"deadline": "2025-01-02"}, "1307"),
        ({"deadline": "明天"}, "1307"),
        ({"deadline": ""}, "1307"),
        ({"text": f"请查{ID_NUMBER}"}, "601"),
    ):
        refused = office.send(f"{path}/instruction", fields | spoilt)
        assert told(refused) == problem
        assert 'value="郑明"' in refused.text or spoilt == {"leader": ""}


def test_an_instruction_that_is_late_is_urgent_on_the_offices_day(
    office: Browser, store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    instruct(store, BUILD)
    assert "批示待反馈</span>" in office.get("/office").text
    after = soon() + timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: after)
    assert '<li class="urgent"><a href="/office/instructions"><span class="title">批示待反馈（超期 1）' in (
        office.get("/office").text
    )
    assert "超期未反馈" in office.get("/office/instructions").text


# scores and appeals


def test_units_are_ranked_and_each_line_of_the_working_is_told(
    office: Browser, leader: Browser, gao: Browser, store: Engine
) -> None:
    hand_in(store, VISITS, {"families": 120, "visited": 118})
    send_back(store, VISITS)
    urge(store, BUILD)
    shown = office.get("/office/supervision?period=2025").text
    assert "县民政局" in shown
    assert 'href="/office/supervision/civil?period=2025"' in shown
    assert "县民政局" in leader.get("/leader/ranking?period=2025").text
    for own in (
        office.get("/office/supervision/civil?period=2025").text,
        gao.get("/units/civil/supervision?period=2025").text,
    ):
        for words in ("到期未报送", "截止日前没有报送", "个工作日", "经催办"):
            assert words in own
    hekou = office.get("/office/supervision/hekou?period=2025").text
    assert "被退回（第 1 版）" in hekou
    assert re.search(r"<dt>退回</dt><dd>1</dd>", hekou)


def test_the_page_shows_the_present_quarter_unless_another_term_is_asked_for(office: Browser) -> None:
    today = clock.today()
    assert f"{today.year}年第" in office.get("/office/supervision").text
    assert told(office.get("/office/supervision?period=2025Q9")) == "1301"
    assert told(office.get("/office/supervision/moon")) == "103"


def sheet_of(answer: Any) -> list[tuple[object, ...]]:
    found = load_workbook(io.BytesIO(answer.content)).active
    assert found is not None
    return list(found.values)


def test_ranking_and_working_are_taken_along_as_spreadsheets(office: Browser, store: Engine) -> None:
    urge(store, BUILD)
    ranking = sheet_of(office.get("/office/supervision.xlsx?period=2025"))
    assert ranking[1][:4] == ("名次", "单位", "得分", "到期事项")
    assert {row[1] for row in ranking[2:]} == {unit.name for unit in linhe().units}
    lines = sheet_of(office.get("/office/supervision/lines.xlsx?period=2025"))
    own = [row for row in lines[2:] if row[6] == "催办"]
    assert [(row[0], row[7]) for row in own] == [("县民政局", -5)]
    assert acts(store, "linhe-2025/得分排名") == [("罗敏", "download")]
    by_item: dict[tuple[object, ...], list[tuple[object, ...]]] = {}
    for row in lines[2:]:
        by_item.setdefault(row[:5], []).append(row)
    for rows in by_item.values():  # the working gives the points
        lost = sum(int(str(row[7] or 0)) for row in rows)
        assert int(str(rows[0][5])) == max(0, 100 + lost)


def test_a_unit_disputes_a_line_and_the_office_decides_with_a_reason(
    office: Browser, gao: Browser, store: Engine
) -> None:
    shown = gao.get("/units/civil/supervision?period=2025").text
    assert "有异议？" in shown
    fields = {"item": number_of(store, YEARLY), "criterion": "overdue", "ref": 0, "period": "2025"}
    for reason, problem in (("", "1314"), (f"因{ID_NUMBER}", "601")):
        refused = gao.send("/units/civil/appeals", {**fields, "reason": reason})
        assert told(refused) == problem
    answer = gao.send("/units/civil/appeals", {**fields, "reason": "因系统维护未能按时报送。"})
    assert told(answer) == "/units/civil/supervision?period=2025#lines"
    assert "等待办公室办理" in gao.get("/units/civil/supervision?period=2025").text
    assert told(gao.send("/units/civil/appeals", {**fields, "reason": "再次申诉"})) == "1313"
    assert "因系统维护未能按时报送。" in office.get("/office/appeals").text
    assert '申诉</span> <span class="count">1</span>' in office.get("/office").text
    assert told(office.send("/office/appeals/1/uphold", {"reason": " "})) == "1318"
    assert told(office.send("/office/appeals/1/uphold", {"reason": "情况属实。"})) == "/office/appeals"
    for own in (
        office.get("/office/appeals").text,
        office.get("/office/supervision/civil?period=2025").text,
        gao.get("/units/civil/supervision?period=2025").text,
    ):
        assert "申诉成立，不扣分" in own
        assert "情况属实。" in own
    assert "<del>" in gao.get("/units/civil/supervision?period=2025").text
    assert told(office.send("/office/appeals/1/refuse", {"reason": "情况不实。"})) == "1316"


@pytest.mark.parametrize(
    ("spoilt", "problem"),
    [
        ({"criterion": "beauty"}, "1311"),
        ({"ref": 7}, "1311"),
        ({"criterion": "timeliness"}, "1312"),  # due a year ago
        ({"item": 999_999}, "401"),
        ({"item": "x"}, "422"),
    ],
)
def test_a_line_that_cannot_be_disputed_is_not(
    gao: Browser, store: Engine, spoilt: Mapping[str, Any], problem: str
) -> None:
    fields = {"item": number_of(store, YEARLY), "criterion": "overdue", "ref": 0, "reason": "因系统维护。"}
    assert told(gao.send("/units/civil/appeals", fields | dict(spoilt))) == problem


def test_another_units_line_is_not_disputed(gao: Browser, store: Engine) -> None:
    fields = {"item": number_of(store, VISITS), "criterion": "overdue", "reason": "因系统维护。"}
    assert told(gao.send("/units/civil/appeals", fields)) == "404"


# good cases and commendation


def test_a_unit_nominates_a_case_and_sees_what_became_of_it(
    office: Browser, gao: Browser, leader: Browser
) -> None:
    fields = {"title": "邻里结对照看", "text": STORY, "measure": "", "period": "2025"}
    for spoilt, problem in (
        ({"title": "短"}, "1321"),
        ({"text": f"{STORY}{ID_NUMBER}"}, "601"),
        ({"measure": "1"}, "1322"),
        ({"measure": "²"}, "1322"),
        ({"period": ""}, "1301"),
    ):
        refused = gao.send("/units/civil/cases", fields | spoilt)
        assert told(refused) == problem
        assert STORY[:40] in refused.text
    assert told(gao.send("/units/civil/cases", fields)) == "/units/civil/cases#own"
    assert "等待评定" in gao.get("/units/civil/cases").text
    assert STORY[:40] in office.get("/office/cases").text
    assert told(office.send("/office/cases/1/select", {"reason": ""})) == "1327"
    assert told(office.send("/office/cases/1/select", {"reason": "做法可推广。"})) == "/office/cases"
    assert told(office.send("/office/cases/1/decline", {"reason": "重复。"})) == "1325"
    assert "做法可推广。" in gao.get("/units/civil/cases").text
    assert STORY[:40] in leader.get("/leader/cases").text
    rows = sheet_of(office.get("/office/cases.xlsx"))
    assert [row[3] for row in rows[2:]] == ["邻里结对照看"]
    first, second = linhe().phases  # the case tells of 2025, and the second phase begins in March 2026
    for phase, count in ((first, 1), (second, 0)):
        assert len(sheet_of(office.get(f"/office/cases.xlsx?phase={phase.id}"))[2:]) == count


def test_nobody_decides_on_what_they_put_forward_themselves(browse: Browse, store: Engine) -> None:
    case = nominate(store, unit="women", by="周岚")
    zhou = browse().sign_in(ZHOU_LAN)
    assert told(zhou.send(f"/office/cases/{case.number}/select", {"reason": "很好。"})) == "1326"
    found = appeal(store, "linhe-2025/lessons/women/2025")
    assert found.by == "高原"


def test_the_commendation_list_is_fixed_once_and_shown_to_the_leaders(
    office: Browser, leader: Browser, store: Engine
) -> None:
    assert "没有规定在哪个阶段表扬" in office.get("/office/commendation").text
    assert told(office.get("/office/commendation.xlsx")) == "1331"
    with writing(store) as session:
        adopt(session, linhe(commend), at=clock.now(), actor="周岚")
    select(store, nominate(store).number)
    shown = office.get("/office/commendation").text
    assert re.search(r'value="civil" aria-label="表扬县民政局" checked', shown)
    fields = {
        "unit": ["civil", "hekou"],
        "merit:civil": "台账建得早，案例可推广",
        "merit:hekou": "",
        "people": "河口镇，孙莉，走访扎实",
        "reason": "经研究确定。",
        "sure": "yes",
    }
    for spoilt, problem in (
        ({}, "1337"),
        ({"merit:hekou": "走访扎实", "sure": None}, "1338"),
        ({"merit:hekou": "走访扎实", "people": "河口镇 孙莉"}, "1336"),
        ({"merit:hekou": "走访扎实", "reason": ""}, "1334"),
        ({"unit": [], "people": ""}, "1335"),
    ):
        sent = {name: value for name, value in {**fields, **spoilt}.items() if value is not None}
        refused = office.send("/office/commendation", sent)
        assert told(refused) == problem
        assert "台账建得早，案例可推广" in refused.text
    fields["merit:hekou"] = "走访扎实，报送及时"
    assert told(office.send("/office/commendation", fields)) == "/office/commendation"
    for own in (office.get("/office/commendation").text, leader.get("/leader").text):
        for words in (
            "先进单位（2 个）",
            "走访扎实，报送及时",
            "<strong>孙莉</strong>（河口镇）",
            "经研究确定。",
        ):
            assert words in own
    assert told(office.send("/office/commendation", fields)) == "1333"
    rows = sheet_of(office.get("/office/commendation.xlsx"))
    assert [row[:2] for row in rows[2:]] == [("县民政局", None), ("河口镇", None), ("河口镇", "孙莉")]


# everywhere


def test_what_people_write_is_shown_as_text_everywhere(
    office: Browser, leader: Browser, gao: Browser, store: Engine
) -> None:
    path = page(store, BUILD)
    office.send(f"{path}/urge", {"reason": f"请速报{EVIL}"})
    leader.send(
        f"{page(store, BUILD, '/leader')}/instruction",
        {"text": f"请速办{EVIL}", "deadline": soon().isoformat()},
    )
    gao.send("/units/civil/instructions/1/answer", {"text": f"已办理{EVIL}"})
    gao.send(
        "/units/civil/appeals",
        {"item": number_of(store, YEARLY), "criterion": "overdue", "reason": f"系统维护{EVIL}"},
    )
    office.send("/office/appeals/1/refuse", {"reason": f"情况不实{EVIL}"})
    gao.send("/units/civil/cases", {"title": f"做法{EVIL}", "text": f"{EVIL}{STORY}", "period": "2025"})
    office.send("/office/cases/1/select", {"reason": f"可推广{EVIL}"})
    for who, addresses in (
        (
            office,
            [path, "/office/instructions", "/office/appeals", "/office/cases", "/office/items?unit=civil"],
        ),
        (office, ["/office/supervision/civil?period=2025"]),
        (leader, ["/leader", "/leader/cases", page(store, BUILD, "/leader")]),
        (gao, ["/units/civil", "/units/civil/cases", "/units/civil/supervision?period=2025"]),
        (gao, [page(store, BUILD, "/units/civil")]),
    ):
        for address in addresses:
            answer = who.get(address)
            assert answer.status_code == 200, address
            assert "<script>alert" not in answer.text, address


def test_a_message_goes_to_the_units_liaison_and_the_page_says_how_many(
    office: Browser, store: Engine
) -> None:
    made: dict[str, Any] = {"plan_id": "linhe-2025", "made_at": clock.now(), "made_by": "罗敏"}
    with writing(store) as session:
        row = ContactRow(unit="civil", post=Post.LIAISON.value, name="高原", **made)
        session.add(row)
        session.flush()
        session.add(ContactAddressRow(contact_id=row.id or 0, channel="outbox", address="gao"))
    office.send(f"{page(store, BUILD)}/urge", {"reason": WHY})
    shown = office.get(page(store, BUILD)).text
    (ledger,) = re.findall(r'<a href="(/office/messages[^"]+)">已通知 1 人', shown)
    assert "高原" in office.get(unescape(ledger)).text
    given = instruct(store, BUILD)
    ledger = f"/office/messages?subject=instruction/{given.number}"
    assert f'href="{ledger}"' in office.get(page(store, BUILD)).text
    assert "高原" in office.get(ledger).text
    with writing(store) as session:
        session.execute(update(ContactRow).where(col(ContactRow.unit) == "civil").values(active=False))
    answer = office.send("/office/urges", {"item": [number_of(store, YEARLY)], "reason": WHY})
    assert "县民政局没有可用的联系方式" in answer.text
