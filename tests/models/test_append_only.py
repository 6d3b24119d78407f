# ruff: noqa: S608 - every statement is this file's own, on a store made for it
"""What people answer for can be added to, and neither changed nor removed: the database itself refuses."""

import sqlite3
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from domain.messages import MessageKind, MessageState, Post
from models.desk import (
    AttachmentRow,
    CorrectionRow,
    ExtensionDecisionRow,
    ExtensionRow,
    ReportAcknowledgementRow,
    ReportReleaseRow,
    SubmissionAttachmentRow,
)
from models.engine import writing
from models.messages import ContactRow, LadderPauseRow, MessageEventRow, MessageItemRow, MessageRow
from models.supervision import (
    AppealDecisionRow,
    AppealRow,
    CommendationRow,
    CommendedRow,
    GoodCaseDecisionRow,
    GoodCaseRow,
    InstructionAnswerRow,
    InstructionRow,
    UrgeRow,
)
from models.tables import APPEND_ONLY, ReportRow, SubmissionRow, WorkItemRow
from services.gates import close_phase
from services.intake import submit
from services.outbox import PREFECT, mark_told, untold
from services.plan_versions import current
from services.review import send_back
from services.rounds import daily_round
from tests import cast
from tests.stores import Fill, small_plan_opened

_CHANGES = {
    "plan_version": "content = '{}'",
    "work_item": "due = '2030-01-01'",
    "submission": "at = '2025-01-01 00:00:00'",
    "passage": "text = '另一段'",
    "figure": "remark = '改过'",
    "review": "verdict = 'accepted'",
    "audit_line": "actor = '别人'",
    "phase_closing": "reason = '改过'",
    "round_run": "as_of = '2030-01-01'",
    "happening": "words = '改过'",
    "attachment": "name = '另一份.pdf'",
    "submission_attachment": "attachment_id = attachment_id + 1",
    "extension": "until = '2030-01-01'",
    "extension_decision": "until = '2030-01-01'",
    "correction": "reason = '改过'",
    "report_release": "by = '别人'",
    "report_acknowledgement": "by = '别人'",
    "happening_told": "channel = 'none'",
    "ladder_pause": "reason = '改过'",
    "message_item": "rung = 'none'",
    "message_event": "state = 'sent'",
    "urge": "reason = '改过'",
    "instruction": "deadline = '2030-01-01'",
    "instruction_answer": "text = '改过'",
    "appeal": "reason = '改过'",
    "appeal_decision": "verdict = 'refused'",
    "good_case": "text = '改过'",
    "good_case_decision": "verdict = 'not-selected'",
    "commendation": "reason = '改过'",
    "commended": "merit = '改过'",
}

_REPLACEMENTS = {
    "submission": "SELECT id, item_id, version, 'not-started', by, at, door, content_sha256, file_sha256 FROM submission",
    "passage": "SELECT submission_id, slot, '另一段' FROM passage",
    "figure": "SELECT submission_id, indicator, '999', remark FROM figure",
    "review": "SELECT id, submission_id, 'accepted', reason, reviewer, at FROM review",
    "audit_line": "SELECT seq, at, '别人', action, subject, detail, prev, hash FROM audit_line",
    "audit_head": "SELECT id, 0, hash FROM audit_head",
    "phase_closing": "SELECT id, plan_id, phase, '改过', by, at FROM phase_closing",
    "plan_version": "SELECT id, plan_id, number, sha256, '{}', adopted_at, adopted_by FROM plan_version",
    "attachment": "SELECT id, item_id, sha256, '另一份.pdf', kind, size, by, at FROM attachment",
    "submission_attachment": "SELECT submission_id, attachment_id FROM submission_attachment",
    "extension": "SELECT id, item_id, '2030-01-01', reason, by, at FROM extension",
    "extension_decision": "SELECT id, extension_id, verdict, '2030-01-01', act_by, assumed, reason, by, at"
    " FROM extension_decision",
    "correction": "SELECT id, submission_id, '改过', by, at FROM correction",
    "report_release": "SELECT id, report_id, '别人', at FROM report_release",
    "report_acknowledgement": "SELECT id + 1, report_id, unit, '别人', at FROM report_acknowledgement",
    "ladder_pause": "SELECT id, plan_id, unit, duty, first, last, '改过', by, at FROM ladder_pause",
    "message_event": "SELECT id, message_id, at, 'delivered', by, detail FROM message_event",
    "urge": "SELECT id + 1, item_id, day, due, '改过', leader, told, by, at FROM urge",
    "instruction": "SELECT id, item_id, leader, text, '2030-01-01', by, at FROM instruction",
    "instruction_answer": "SELECT id, instruction_id, '改过', by, at FROM instruction_answer",
    "appeal": "SELECT id + 1, item_id, criterion, ref, line, points, '改过', by, at FROM appeal",
    "appeal_decision": "SELECT id + 1, appeal_id, 'refused', reason, by, at FROM appeal_decision",
    "good_case": "SELECT id, plan_id, unit, measure, term, title, '改过', by, at FROM good_case",
    "good_case_decision": "SELECT id + 1, case_id, 'not-selected', reason, by, at FROM good_case_decision",
    "commendation": "SELECT id + 1, plan_id, phase, as_of, '改过', by, at FROM commendation",
    "commended": "SELECT commendation_id, unit, person, rank, points, cases, '改过' FROM commended",
}


@pytest.fixture
def store_content() -> Fill:
    return everything


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """A store in which every table that is only added to holds something."""
    return engine


def everything(engine: Engine) -> None:
    """Put something into every table that is only added to."""
    small_plan_opened(engine)
    with writing(engine) as session:
        at = cast.moment("2025-04-01 09:00")
        submit(
            session, cast.small_plan(), [cast.visits()], unit=cast.TOWN, by=cast.LI_MING, at=at, door="page"
        )
        verdict = {"version": 1, "reviewer": cast.ZHAO_QIANG, "at": at, "reason": "请补充台账份数"}
        send_back(session, cast.small_plan(), cast.VISIT_Q1, **verdict)  # type: ignore[arg-type]  # one mapping of several types
        close = {"reason": "工作转入下一方案", "by": cast.ZHAO_QIANG, "at": at, "calendar": cast.calendar()}
        close_phase(session, cast.small_plan(), "all", **close)  # type: ignore[arg-type]  # as above
        version = current(session, cast.small_plan().id)
        _fill_desk(session, at)
        _fill_messages(session, at)
        _fill_supervision(session, at)
    assert version is not None
    daily_round(
        engine,
        *version,
        as_of=at.date(),
        calendar=cast.calendar(),
        at=at,
        actor=cast.ZHAO_QIANG,
    )
    mark_told(engine, untold(engine, cast.small_plan().id, PREFECT), PREFECT, at)


def _fill_messages(session: Session, at: datetime) -> None:
    """A message to a liaison, with its lines of the ledger."""
    item = session.scalars(select(WorkItemRow).where(col(WorkItemRow.key) == cast.VISIT_Q1)).one()
    made: dict[str, Any] = {"made_by": cast.ZHAO_QIANG, "made_at": at}
    contact = ContactRow(plan_id="small", unit=cast.TOWN, post=Post.LIAISON, name=cast.LI_MING, **made)
    pause = LadderPauseRow(
        plan_id="small", first=at.date(), last=at.date(), reason="防汛期间", by=cast.ZHAO_QIANG, at=at
    )
    session.add_all([contact, pause])
    session.flush()
    to: dict[str, Any] = {"contact_id": contact.id or 0, "channel": "mail"}
    message = MessageRow(
        uid="1",
        plan_id="small",
        kind=MessageKind.LADDER,
        day=at.date(),
        state=MessageState.PLANNED,
        next_at=at,
        **to,
        **made,
    )
    session.add(message)
    session.flush()
    own = message.id or 0
    session.add_all(
        [
            MessageItemRow(message_id=own, item_id=item.id or 0, due=item.due, rung="remind", **to),
            MessageEventRow(message_id=own, at=at, state=MessageState.PLANNED, by=cast.ZHAO_QIANG),
        ]
    )


def _fill_supervision(session: Session, at: datetime) -> None:
    """What the office and the leaders did to have an item done, and what came of it."""
    item = session.scalars(select(WorkItemRow).where(col(WorkItemRow.key) == cast.VISIT_Q1)).one()
    by: dict[str, Any] = {"by": cast.ZHAO_QIANG, "at": at}
    own: dict[str, Any] = {"item_id": item.id or 0, **by}
    urge = UrgeRow(day=at.date(), due=item.due, reason="已逾期", leader=False, told=0, **own)
    instruction = InstructionRow(leader="周平", text="请抓紧", deadline=at.date(), **own)
    appeal = AppealRow(criterion="timeliness", ref=0, line="迟报", points=Decimal(-30), reason="停电", **own)
    case = GoodCaseRow(plan_id="small", unit=cast.TOWN, term="2025Q1", title="邻里守望", text="做法", **by)
    list_ = CommendationRow(plan_id="small", phase="all", as_of=at.date(), reason="工作扎实", **by)
    session.add_all([urge, instruction, appeal, case, list_])
    session.flush()
    session.add_all(
        [
            InstructionAnswerRow(instruction_id=instruction.id or 0, text="已办", **by),
            AppealDecisionRow(appeal_id=appeal.id or 0, verdict="upheld", reason="属实", **by),
            GoodCaseDecisionRow(case_id=case.id or 0, verdict="selected", reason="可推广", **by),
            CommendedRow(commendation_id=list_.id or 0, unit=cast.TOWN, cases=1, merit="走访到位"),
        ]
    )


def _fill_desk(session: Session, at: datetime) -> None:
    """What the portal adds to an item and a report."""
    item = session.scalars(select(WorkItemRow).where(col(WorkItemRow.key) == cast.VISIT_Q1)).one().id or 0
    submission = session.scalars(select(SubmissionRow)).one().id or 0
    by: dict[str, Any] = {"by": cast.LI_MING, "at": at}
    attachment = AttachmentRow(item_id=item, sha256="0" * 64, name="台账.pdf", kind="pdf", size=1, **by)
    extension = ExtensionRow(item_id=item, until=date(2025, 4, 20), reason="汛期道路中断", **by)
    report = ReportRow(
        kind="annual",
        plan_id="small",
        year=2025,
        as_of=at.date(),
        snapshot_sha256="0" * 64,
        folder="x",
        filed_at=at,
    )
    session.add_all([attachment, extension, report])
    session.flush()
    session.add_all(
        [
            SubmissionAttachmentRow(submission_id=submission, attachment_id=attachment.id or 0),
            ExtensionDecisionRow(
                extension_id=extension.id or 0,
                verdict="granted",
                until=extension.until,
                act_by=extension.until,
                **by,
            ),
            CorrectionRow(submission_id=submission, reason="统计口径有误", **by),
            ReportReleaseRow(report_id=report.id or 0, **by),
            ReportAcknowledgementRow(report_id=report.id or 0, unit=cast.TOWN, **by),
        ]
    )


def _contents(engine: Engine, table: str) -> list[object]:
    with engine.connect() as connection:
        return list(connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2")))


def test_every_append_only_table_is_attacked() -> None:
    assert set(_CHANGES) == set(APPEND_ONLY)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("attack", ["UPDATE {table} SET {change}", "DELETE FROM {table}"])
def test_a_row_can_be_neither_changed_nor_removed(filled: Engine, table: str, attack: str) -> None:
    before = _contents(filled, table)
    assert before
    statement = attack.format(table=table, change=_CHANGES[table])
    with pytest.raises(DBAPIError, match=f"{table}_no_(update|delete)"), filled.begin() as connection:
        connection.execute(text(statement))
    assert _contents(filled, table) == before


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)  # SQLite has no TRUNCATE
@pytest.mark.parametrize("table", [*APPEND_ONLY, "audit_head"])
def test_postgresql_truncates_no_such_table(filled: Engine, table: str) -> None:
    with pytest.raises(DBAPIError, match="no_truncate"), filled.begin() as connection:
        connection.execute(text(f"TRUNCATE {table} CASCADE"))


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)  # PostgreSQL has no REPLACE
@pytest.mark.parametrize("table", _REPLACEMENTS)
def test_a_strangers_insert_or_replace_changes_nothing(filled: Engine, table: str) -> None:
    before = _contents(filled, table)
    stranger = sqlite3.connect(filled.url.database or "")  # without this program's pragmas
    with pytest.raises(sqlite3.IntegrityError, match=f"{table}_no_replace"):
        stranger.execute(f"INSERT OR REPLACE INTO {table} {_REPLACEMENTS[table]}")
    stranger.close()
    assert _contents(filled, table) == before


_UPSERT = "ON CONFLICT (key) DO UPDATE SET due = '2030-01-01'"


@pytest.mark.parametrize(
    ("store_url", "insert", "conflict"),
    [("sqlite", "INSERT OR REPLACE", ""), ("sqlite", "INSERT", _UPSERT), ("postgresql", "INSERT", _UPSERT)],
    indirect=["store_url"],
)
def test_an_item_is_not_replaced_under_its_key(filled: Engine, insert: str, conflict: str) -> None:
    columns = "key, plan_id, plan_version_id, duty, unit, period, period_label, year, opens, due, act_by, assumed, opened_at"
    before = _contents(filled, "work_item")
    source = f"SELECT {columns} FROM work_item WHERE true"
    with pytest.raises(DBAPIError, match="work_item_no_"), filled.begin() as connection:
        connection.execute(text(f"{insert} INTO work_item ({columns}) {source} {conflict}"))
    assert _contents(filled, "work_item") == before


@pytest.mark.parametrize("attack", ["UPDATE audit_head SET seq = seq - 1", "DELETE FROM audit_head"])
def test_the_head_of_the_audit_chain_never_goes_back(filled: Engine, attack: str) -> None:
    before = _contents(filled, "audit_head")
    with pytest.raises(DBAPIError, match="audit_head"), filled.begin() as connection:
        connection.execute(text(attack))
    assert _contents(filled, "audit_head") == before


def test_an_item_has_each_version_once(filled: Engine) -> None:
    again = (
        "INSERT INTO submission (item_id, version, state, by, at, door, content_sha256) "
        "SELECT item_id, version, state, by, at, door, content_sha256 FROM submission"
    )
    with pytest.raises(DBAPIError), filled.begin() as connection:
        connection.execute(text(again))
