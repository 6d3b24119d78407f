"""Whoever doubts a figure of a report looks its mark up and sees whose it is, who accepted it, and when."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.engine import reading, writing
from services import filed_reports, review
from services.filed_reports import Filed
from tests import cast
from tests.linhe import linhe
from tests.portal.browser import GAO_YUAN, LUO_MIN, ZHENG_MING, Browser
from tests.portal.handed_in import VISITS, hand_in
from tests.portal.systems import release_reports
from tests.services.circular_files import CHECKS, SOURCE, file_circular


@pytest.fixture
def report(store: Engine, tmp_path: Path) -> Filed:
    """A released report of 2025, for which 河口镇's visits were accepted in time."""
    hand_in(store, VISITS, {"families": 120, "visited": 100}, at=cast.moment("2025-06-20 09:00"))
    with writing(store) as session:
        at = cast.moment("2025-06-23 09:00")
        review.accept(session, linhe(), VISITS, version=1, reviewer="罗敏", at=at)
    number = release_reports(store, linhe(), tmp_path)
    with reading(store) as session:
        return filed_reports.one(session, linhe().id, number)


def address(report: Filed, unit: str | None = None) -> str:
    """Where the figures of a paper are: a unit's own, or the consolidated one's."""
    paper = next(one for one in filed_reports.papers(report) if one.unit == unit)
    return f"/reports/{report.id}/papers/{paper.number}/figures"


def mark_of(page: str, name: str, owner: str) -> str:
    """The mark of a figure on the page."""
    row = next(r for r in re.findall(r"<tr>.*?</tr>", page) if f">{name}</th>" in r and f">{owner}<" in r)
    found = re.search(r"mark=([\d-]+)", row)
    assert found is not None
    return found.group(1)


def test_a_mark_leads_to_the_version_its_unit_and_who_accepted_it(
    browse: Callable[[], Browser], report: Filed
) -> None:
    office = browse()
    office.sign_in(LUO_MIN)
    everything = office.get(address(report)).text
    name = linhe().indicators_by_id["families"].name
    page = office.get(f"{address(report)}?mark={mark_of(everything, name, '河口镇')}").text
    assert f"河口镇{name}，2025 年：120" in page
    (row,) = re.findall(r'<tr><th scope="row">.*?</tr>', page)
    assert "第 1 版" in row
    assert "罗敏" in row
    assert "内容指纹" in page


def test_the_digest_of_a_version_is_for_the_office_alone(
    browse: Callable[[], Browser], report: Filed
) -> None:
    leader = browse()
    leader.sign_in(ZHENG_MING)
    name = linhe().indicators_by_id["families"].name
    mark = mark_of(leader.get(address(report)).text, name, "河口镇")
    page = leader.get(f"{address(report)}?mark={mark}").text
    assert "第 1 版" in page
    assert "内容指纹" not in page


def test_a_unit_sees_the_figures_of_its_own_report_and_no_other(
    browse: Callable[[], Browser], report: Filed
) -> None:
    liaison = browse()
    liaison.sign_in(GAO_YUAN)
    own = liaison.get(address(report, "civil"))
    assert own.status_code == 200
    assert "河口镇" not in own.text
    assert liaison.get(address(report, "hekou")).status_code == 403
    assert liaison.get(address(report)).status_code == 403


def test_whoever_may_read_a_circular_sees_where_its_figures_come_from(
    browse: Callable[[], Browser], store: Engine, tmp_path: Path
) -> None:
    number = file_circular(store, linhe(), tmp_path, cast.moment("2025-10-14 14:00"))
    figures = f"/reports/{number}/papers/0/figures"
    office, liaison, leader = (browse() for _ in range(3))
    office.sign_in(LUO_MIN)
    liaison.sign_in(GAO_YUAN)
    leader.sign_in(ZHENG_MING)
    assert f'href="{figures}"' in office.get(f"/office/reports/{number}").text
    assert [who.get(figures).status_code for who in (office, liaison, leader)] == [200, 403, 403]
    office.send(f"/office/reports/{number}/release")
    assert f'href="{figures}"' in liaison.get(f"/ack/{number}").text
    for who in (office, liaison, leader):
        page = who.get(f"{figures}?mark={CHECKS.id}").text
        assert "全县检查次数，2025 年：12次" in page
        assert SOURCE.duty in page
        assert ("内容指纹" in page) == (who is office)


def test_a_mark_that_is_not_there_is_told_as_it_was_typed(
    browse: Callable[[], Browser], report: Filed
) -> None:
    office = browse()
    office.sign_in(LUO_MIN)
    page = office.get(f"{address(report)}?mark=<b>99</b>").text
    assert "没有编号为“&lt;b&gt;99&lt;/b&gt;”的数字" in page
