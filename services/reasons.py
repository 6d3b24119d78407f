"""What people write when they decide: a reason that others will read, and their name under it."""

from domain.canonical import clean_text, person
from domain.entry_check import MOST_TEXT
from domain.privacy import find
from domain.problems import Problem, ProblemKind
from services.intake import MOST_NAME


def checked_reason(reason: str, slot: str, missing: Problem, *, least: int = 1) -> str:
    """A reason as it is stored.

    Args:
        reason: as it was written.
        slot: what it is called: 退回理由.
        missing: what to refuse with where there is none.
        least: characters below which there is none.

    Raises:
        Problem: ``missing``; 416 for one that is too long; 601 for one that could identify a child.
    """
    reason = clean_text(reason)
    if len(reason) < least:
        raise missing
    if len(reason) > MOST_TEXT:
        raise Problem(ProblemKind.PASSAGE_TOO_LONG, slot=slot, length=len(reason), limit=MOST_TEXT)
    if found := find(reason):
        raise Problem(ProblemKind.CHILD_DATA, reason=found[0].reason.rstrip("。"))
    return reason


def checked_person(name: str, role: str) -> str:
    """The name of whoever decides, as it is stored; ``role`` is what they are called: 审核人.

    Raises:
        Problem: 418 where it is missing or too long.
    """
    name = clean_text(name)
    if not person(name) or len(name) > MOST_NAME:
        raise Problem(ProblemKind.PERSON_MISSING, role=role, limit=MOST_NAME)
    return name
