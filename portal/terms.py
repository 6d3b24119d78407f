"""Terms in the address of a page: which one is asked for, and which there are to choose from."""

from datetime import date
from typing import Annotated

from fastapi import Query

from domain.plan import Plan
from domain.terms import Term, quarter_of, term, terms

AskedTerm = Annotated[str, Query(alias="period", max_length=20)]
"""Code of a term; empty for the present quarter."""


def term_asked(code: str, plan: Plan, day: date) -> Term:
    """The term of an address; the present quarter where none is named, within the plan.

    Raises:
        Problem: 1301 for no such term.
    """
    return term(code) if code else quarter_of(min(max(day, plan.start), plan.end))


def choices(plan: Plan, day: date) -> list[tuple[str, str]]:
    """The terms to choose from."""
    return [(one.code, one.label) for one in terms(plan, day)]
