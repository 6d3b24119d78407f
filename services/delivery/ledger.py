"""The ledger of messages (消息台账) as the office reads it, and what it may do there: retry, settle a doubt, let go."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col

from domain.messages import STATE_NAMES, WAITING, MessageKind, MessageState
from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from models import ledger as store
from models.ledger import Filters, Row
from models.message_items import Told, told_of
from models.message_queue import Outcome, move
from models.messages import MessageEventRow, MessageRow
from services import audit
from services.reasons import checked_reason

PAGE = 50

_AGAIN = frozenset({MessageState.FAILED, MessageState.GIVEN_UP, MessageState.DROPPED})
_LET_GO = frozenset({*WAITING, MessageState.GIVEN_UP, MessageState.DOUBTFUL})


@dataclass(frozen=True)
class Page:
    """A page of the ledger, newest messages first; ``total`` counts all pages."""

    rows: Sequence[Row]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class Account:
    """All that the ledger knows of one message; ``said`` is None where its content is forgotten."""

    row: Row
    told: Sequence[Told]
    events: Sequence[MessageEventRow]
    said: Mapping[str, Any] | None


@dataclass(frozen=True)
class May:
    """What the office may do with a message as it stands."""

    retry: bool
    settle: bool
    drop: bool


def may(state: MessageState) -> May:
    """What the office may do with a message in a state."""
    return May(retry=state in _AGAIN, settle=state is MessageState.DOUBTFUL, drop=state in _LET_GO)


def page(session: Session, plan: Plan, filters: Filters, number: int = 1) -> Page:
    """A page of the messages that a filter asks for."""
    rows = store.rows(session, plan.id, filters, offset=(number - 1) * PAGE, limit=PAGE)
    return Page(rows, store.count(session, plan.id, filters), number)


def stream(session: Session, plan: Plan, filters: Filters, most: int) -> Iterator[Row]:
    """The same, all pages one after the other; not all in memory at once."""
    for offset in range(0, most, PAGE):
        found = store.rows(session, plan.id, filters, offset=offset, limit=min(PAGE, most - offset))
        yield from found
        if len(found) < PAGE:
            return


def troubled(session: Session, plan: Plan) -> int:
    """How many messages the office should look at: in doubt, failed, or given up with no other channel taking over."""
    return store.count(session, plan.id, Filters(troubled=True))


def account(session: Session, plan: Plan, number: int) -> Account:
    """One message with everything that became of it.

    Raises:
        Problem: 1505 where there is none of that number.
    """
    found = store.rows(session, plan.id, Filters(number=number), offset=0, limit=1)
    if not found:
        raise Problem(ProblemKind.MESSAGE_UNKNOWN, number=number)
    said = json.loads(found[0].content) if found[0].content is not None else None
    return Account(found[0], told_of(session, number), store.events(session, number), said)


def retry(session: Session, plan: Plan, number: int, *, by: str, at: datetime) -> None:
    """Have a message that failed, was given up or let go sent at the next chance.

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        number: of the message.
        by: who wants it.
        at: the moment.

    Raises:
        Problem: 1505 for no such message; 1506 for one in another state; 1508 for one whose content is forgotten.
    """
    message = _message(session, plan, number)
    if message.content is None:
        raise Problem(ProblemKind.MESSAGE_FORGOTTEN, number=number)
    _act(
        session,
        message,
        _AGAIN,
        Outcome(MessageState.PLANNED, "由办公室安排重发", at),
        "message-retry",
        by,
        at,
    )


def settle(session: Session, plan: Plan, number: int, *, sent: bool, by: str, at: datetime) -> None:
    """End the doubt about a message: it was received, or it was not and is sent again.

    Args and errors as for :func:`retry`; besides:

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        number: of the message.
        sent: whether it was received.
        by: who found out.
        at: the moment.
    """
    message = _message(session, plan, number)
    outcome = (
        Outcome(MessageState.SENT, "经核实，对方已收到", sent=True)
        if sent
        else Outcome(MessageState.PLANNED, "经核实，对方没有收到；重发", at)
    )
    _act(session, message, {MessageState.DOUBTFUL}, outcome, "message-settle", by, at)


def let_go(session: Session, plan: Plan, number: int, *, reason: str, by: str, at: datetime) -> None:
    """Send a message no more.

    Args and errors as for :func:`retry`; besides:

    Args:
        session: of :func:`models.engine.writing`.
        plan: the plan in force.
        number: of the message.
        reason: why not.
        by: who decides.
        at: the moment.

    Raises:
        Problem: 416 for a reason that is too long; 601 for one that could identify a child; 1509 without one.
    """
    reason = checked_reason(reason, "不再发送的理由", Problem(ProblemKind.MESSAGE_REASON))
    message = _message(session, plan, number)
    _act(
        session,
        message,
        _LET_GO,
        Outcome(MessageState.DROPPED, f"不再发送：{reason}"),
        "message-drop",
        by,
        at,
    )


def _message(session: Session, plan: Plan, number: int) -> MessageRow:
    message = session.get(MessageRow, number)
    if message is None or message.plan_id != plan.id:
        raise Problem(ProblemKind.MESSAGE_UNKNOWN, number=number)
    return message


def _act(
    session: Session,
    message: MessageRow,
    states: frozenset[MessageState] | set[MessageState],
    outcome: Outcome,
    action: str,
    by: str,
    at: datetime,
) -> None:
    """Bring a message from one of some states to another, unless a sender was faster."""
    number = message.id or 0
    before = MessageState(message.state)
    there = col(MessageRow.state) == before.value
    if before not in states or not move(session, there, number, at, by, outcome):
        act = {"message-retry": "重发", "message-settle": "核实", "message-drop": "停发"}[action]
        raise Problem(ProblemKind.MESSAGE_STATE, number=number, state=STATE_NAMES[before], act=act)
    detail: audit.Detail = {
        "from": before.value,
        "to": outcome.state.value,
        "kind": MessageKind(message.kind).value,
    }
    audit.record(session, at=at, actor=by, action=action, subject=f"message/{number}", detail=detail)
