"""What the office's pages ask of the store agrees with what facts say item by item, on either database."""

from collections import Counter
from datetime import date

from sqlalchemy import Engine

from domain.piles import Pile
from domain.plan import Milestone
from domain.status import FINISHED
from models.engine import reading
from services.blockers import blockers
from services.office_day import MOST_UNITS, due_today, office_day
from services.review_queue import Asked, queue
from services.worklist import work_list
from tests import cast
from tests.services.from_facts import Reckoned, every_fact, waits
from tests.statements import asked

PLAN = cast.small_plan()
DAYS = (date(2025, 4, 20), date(2025, 10, 9), date(2025, 12, 31))


def test_whom_to_chase_is_told_as_facts_have_it(eventful: Engine) -> None:
    with reading(eventful) as session:
        every = every_fact(session, PLAN)
        for day in DAYS:
            late = Reckoned(PLAN, every, day).on(Pile.LATE)
            many = Counter(f.item.unit for f in late)
            found = office_day(session, PLAN, day, cast.calendar())
            assert sorted((one.late for one in found.chase), reverse=True) == [
                one.late for one in found.chase
            ]
            assert {one.unit_id: one.late for one in found.chase} == dict(many.most_common(MOST_UNITS))
            for one in found.chase:
                assert one.oldest == min(f.item.due for f in late if f.item.unit == one.unit_id)
                assert one.days == (day - one.oldest).days
            assert found.amending == len(Reckoned(PLAN, every, day).on(Pile.AMENDING))


def test_what_falls_due_on_the_day_is_counted_and_listed(eventful: Engine) -> None:
    with reading(eventful) as session:
        every = every_fact(session, PLAN)
        for day in {f.item.due for f in every}:
            own = [f.item.key for f in Reckoned(PLAN, every, day).on(Pile.OWED) if f.item.due == day]
            listed = work_list(session, PLAN, day, cast.calendar(), due_today(day), size=1000)
            assert [line.key for line in listed.lines] == own
            assert office_day(session, PLAN, day, cast.calendar()).today == len(own)


def test_the_queue_holds_what_waits_longest_waiting_first_by_pages(eventful: Engine) -> None:
    with reading(eventful) as session:
        facts = [f for f in every_fact(session, PLAN) if waits(f)]
        expected = sorted(facts, key=lambda f: (f.latest.at, f.latest.id) if f.latest else ())
        assert len(expected) > 3
        pages = [queue(session, PLAN, Asked(), number=n, size=2) for n in range(1, len(expected) // 2 + 2)]
        found = [one for page in pages for one in page.waiting]
        assert [one.key for one in found] == [f.item.key for f in expected]
        assert {page.total for page in pages} == {len(expected)}
        for one, fact in zip(found, expected, strict=True):
            assert one.version == fact.latest
            assert one.by == {version.by for version in fact.submissions}
            assert ("correction" in one.flags) == (fact.accepted is not None)
            assert ("returned-before" in one.flags) == (fact.times_returned > 0)


def test_a_page_of_the_queue_costs_the_same_whatever_it_holds(eventful: Engine) -> None:
    with reading(eventful) as session:
        small = asked(eventful, lambda: queue(session, PLAN, Asked(), size=1))
        assert len(asked(eventful, lambda: queue(session, PLAN, Asked(), size=50))) == len(small) <= 8


def test_what_blocks_a_milestone_is_what_proves_it_and_is_not_finished(eventful: Engine) -> None:
    milestones = [
        Milestone(
            id=f"{duty.id}-{due:%m}",
            due=due,
            title=duty.title,
            duties=(duty.id,),
            evidence="台账",
            cites=("一",),
        )
        for duty in PLAN.duties
        for due in (date(2025, 5, 1), date(2025, 12, 31))
    ]
    seen: set[tuple[str, str, str]] = set()
    with reading(eventful) as session:
        every = every_fact(session, PLAN)
        for day in DAYS:
            open_then = Reckoned(PLAN, every, day).facts
            found = blockers(session, PLAN, day, milestones)
            for one in milestones:
                owing = {
                    (f.item.duty, f.item.occurrence.period, f.item.unit)
                    for f in open_then
                    if f.item.duty in one.duties
                    and f.item.occurrence.due <= one.due
                    and not (f.accepted and f.accepted.state in FINISHED)
                }
                told = {(b.duty, b.period, unit) for b in found.get(one.id, ()) for unit in b.units}
                assert told == owing, (one.id, day)
                seen |= told
    assert len(seen) > 3
