# ruff: noqa: S608 - every statement is this file's own, on a store made for it
"""The audit chain sees a line that was changed, removed, inserted or moved, and says which."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from models.engine import reading, writing
from services import audit
from services.audit import AuditFault, AuditReport, Head
from services.audit_content import check_contents
from services.intake import submit
from services.review import send_back
from tests import cast

AT = cast.moment("2025-04-01 09:00")
LINES = 6

Tamper = Callable[..., None]


def _record(engine: Engine, count: int, actor: str = cast.LI_MING) -> None:
    with writing(engine) as session:
        subjects: list[tuple[str, audit.Detail]] = [
            (f"item-{n}", {"version": n}) for n in range(1, count + 1)
        ]
        audit.record_all(session, at=AT, actor=actor, action="submit", subjects=subjects)


def _verify(engine: Engine, expected: Head | None = None) -> AuditReport:
    with reading(engine) as session:
        return audit.verify(session, expected)


def _copied(line: int, columns: str, source: int) -> str:
    """A statement that puts in a line made from another."""
    return f"INSERT INTO audit_line SELECT {line}, {columns} FROM audit_line WHERE seq = {source}"


def _lines_at_fault(engine: Engine) -> list[int]:
    return sorted({fault.line for fault in _verify(engine).faults})


@pytest.fixture
def chain(engine: Engine) -> Engine:
    """A store whose chain has six lines."""
    _record(engine, LINES)
    return engine


@pytest.fixture
def tamper(engine: Engine) -> Tamper:
    """Somebody with full rights over the database, who puts the triggers to sleep and edits at will."""

    def edit(*statements: str) -> None:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            else:
                triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
                for (name,) in triggers.all():
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.exec_driver_sql(statement)

    return edit


def test_an_untouched_chain_is_intact(engine: Engine) -> None:
    assert _verify(engine) == AuditReport(0, Head(0, audit.NOTHING_YET), ())
    _record(engine, 3)
    _record(engine, 2)
    report = _verify(engine)
    assert (report.lines, report.head.seq, report.intact) == (5, 5, True)


def test_nothing_to_record_is_no_line(engine: Engine) -> None:
    _record(engine, 0)
    assert _verify(engine).lines == 0


@pytest.mark.parametrize("line", range(1, LINES + 1))
@pytest.mark.parametrize(
    "change",
    [
        "actor = '别人'",
        "action = 'accept'",
        "subject = 'item-9'",
        "detail = '{\"version\":9}'",
        "at = '2025-04-02 01:00:00'",
        "hash = prev",
    ],
)
def test_a_changed_line_is_found(chain: Engine, tamper: Tamper, line: int, change: str) -> None:
    tamper(f"UPDATE audit_line SET {change} WHERE seq = {line}")
    assert line in _lines_at_fault(chain)


def test_a_change_is_told_by_its_own_line_only(chain: Engine, tamper: Tamper) -> None:
    tamper("UPDATE audit_line SET actor = '别人' WHERE seq = 3")
    assert _verify(chain).faults == (AuditFault(3, "内容被改动"),)


@pytest.mark.parametrize("line", range(1, LINES + 1))
def test_a_removed_line_is_found_also_the_last(chain: Engine, tamper: Tamper, line: int) -> None:
    tamper(f"DELETE FROM audit_line WHERE seq = {line}")
    report = _verify(chain)
    assert [fault.line for fault in report.faults] == [line]
    assert "缺失" in report.faults[0].reason


def test_removed_lines_are_found_though_the_rest_moves_up(chain: Engine, tamper: Tamper) -> None:
    tamper(
        "DELETE FROM audit_line WHERE seq = 3",
        *(f"UPDATE audit_line SET seq = {n - 1} WHERE seq = {n}" for n in (4, 5, 6)),
    )
    assert _lines_at_fault(chain)[0] == 3


def test_an_empty_chain_that_once_had_lines_is_found(chain: Engine, tamper: Tamper) -> None:
    tamper("DELETE FROM audit_line")
    assert _lines_at_fault(chain) == [1]


def test_a_missing_head_is_found(chain: Engine, tamper: Tamper) -> None:
    tamper("DELETE FROM audit_head")
    assert not _verify(chain).intact


def test_an_inserted_line_is_found(chain: Engine, tamper: Tamper) -> None:
    moved = (f"UPDATE audit_line SET seq = {n + 1} WHERE seq = {n}" for n in (6, 5, 4))
    tamper(*moved, _copied(4, "at, '别人', action, subject, detail, prev, hash", 5))
    assert 4 in _lines_at_fault(chain)


def test_a_line_put_behind_the_last_is_found(chain: Engine, tamper: Tamper) -> None:
    tamper(_copied(7, "at, actor, action, subject, detail, hash, prev", 6))
    assert 7 in _lines_at_fault(chain)


def test_lines_that_changed_places_are_found(chain: Engine, tamper: Tamper) -> None:
    swap = [(2, 99), (3, 2), (99, 3)]
    tamper(*(f"UPDATE audit_line SET seq = {new} WHERE seq = {old}" for old, new in swap))
    assert {2, 3} <= set(_lines_at_fault(chain))


def test_a_chain_rewritten_to_its_end_is_found_by_a_head_kept_elsewhere(
    chain: Engine, tamper: Tamper
) -> None:
    kept = _verify(chain).head
    tamper("DELETE FROM audit_line", f"UPDATE audit_head SET seq = 0, hash = '{audit.NOTHING_YET}'")
    _record(chain, LINES, actor="别人")
    assert _verify(chain).intact
    assert [fault.line for fault in _verify(chain, kept).faults] == [LINES]


def test_a_shortened_chain_is_found_by_a_head_kept_elsewhere(chain: Engine, tamper: Tamper) -> None:
    kept = _verify(chain).head
    fifth = "(SELECT hash FROM audit_line WHERE seq = 5)"
    tamper("DELETE FROM audit_line WHERE seq = 6", f"UPDATE audit_head SET seq = 5, hash = {fifth}")
    assert _verify(chain).intact
    assert [fault.line for fault in _verify(chain, kept).faults] == [LINES]


def test_a_head_kept_elsewhere_stays_good_while_the_chain_grows(engine: Engine) -> None:
    _record(engine, 3)
    kept = _verify(engine).head
    _record(engine, 3)
    assert _verify(engine, kept).intact


def test_writers_at_once_make_one_chain(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: _record(engine, 3), range(8)))
    report = _verify(engine)
    assert (report.lines, report.faults) == (24, ())


def test_the_newest_lines_come_oldest_first(engine: Engine) -> None:
    _record(engine, 5)
    with reading(engine) as session:
        assert [line.seq for line in audit.lines(session, last=3)] == [3, 4, 5]


class TestContent:
    """What was handed in and decided is held against the chain."""

    @pytest.fixture(autouse=True)
    def _handed_in(self, opened: Engine) -> None:
        plan = cast.small_plan()
        with writing(opened) as session:
            submit(session, plan, [cast.visits()], unit=cast.TOWN, by=cast.LI_MING, at=AT, door="page")
        with writing(opened) as session:
            send_back(
                session, plan, cast.VISIT_Q1, version=1, reviewer=cast.ZHAO_QIANG, at=AT, reason="请补充"
            )

    def _found(self, engine: Engine) -> list[str]:
        with reading(engine) as session:
            faults = check_contents(session)
        assert {(fault.key, fault.version) for fault in faults} <= {(cast.VISIT_Q1, 1)}
        return [fault.reason for fault in faults]

    def test_what_nobody_touched_is_as_it_was(self, opened: Engine) -> None:
        assert self._found(opened) == []

    @pytest.mark.parametrize(
        ("statement", "reason"),
        [
            ("UPDATE figure SET value = '121' WHERE indicator = 'visits'", "内容与提交时不同"),
            ("DELETE FROM figure WHERE indicator = 'visits'", "内容与提交时不同"),
            ("UPDATE passage SET text = '另一段'", "内容与提交时不同"),
            (
                "INSERT INTO passage (submission_id, slot, text) VALUES (1, 'more', '添加')",
                "内容与提交时不同",
            ),
            ("UPDATE submission SET state = 'no-occasion'", "内容与提交时不同"),
            ("UPDATE submission SET content_sha256 = 'x'", "校验值或版次与审计记录不同"),
            ("UPDATE review SET verdict = 'accepted'", "审核结论与审计记录不同"),
            ("DELETE FROM review", "审核结论与审计记录不同"),
        ],
    )
    def test_what_was_tampered_with_is_found(
        self, opened: Engine, tamper: Tamper, statement: str, reason: str
    ) -> None:
        tamper(statement)
        assert reason in self._found(opened)

    def test_a_submission_that_is_gone_is_found(self, opened: Engine, tamper: Tamper) -> None:
        tamper("DELETE FROM review", "DELETE FROM figure", "DELETE FROM passage", "DELETE FROM submission")
        assert "此次提交已不在库中" in self._found(opened)
