"""Terms (期间) over which units are compared, by code: ``2026-09``, ``2026Q3``, ``2026H2``, ``2026``. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from domain.periods import period_of, period_with
from domain.plan import Plan
from domain.problems import Problem, ProblemKind

_YEAR = re.compile(r"[12]\d{3}", re.ASCII)


@dataclass(frozen=True)
class Term:
    """A term, both days included; ``label`` as people say it: 2026年第三季度."""

    code: str
    label: str
    start: date
    end: date


def term(code: str) -> Term:
    """The term of a code.

    Raises:
        Problem: 1301 for what is none.
    """
    given = code.strip().upper()
    if _YEAR.fullmatch(given):
        year = int(given)
        return Term(given, f"{year}年", date(year, 1, 1), date(year, 12, 31))
    period = period_of(given)
    if period is None:
        raise Problem(ProblemKind.TERM_UNKNOWN, code=code[:20])
    return Term(period.code, period.label, period.start, period.end)


def quarter_of(day: date) -> Term:
    """The quarter in which a day lies."""
    return term(period_with("quarter", day).code)


def terms(plan: Plan, as_of: date) -> tuple[Term, ...]:
    """The years and quarters of a plan that have begun by ``as_of``: the newest year first, then its quarters."""
    codes = (f"{year}{part}" for year in reversed(plan.years) for part in ("", "Q4", "Q3", "Q2", "Q1"))
    return tuple(
        one
        for one in map(term, codes)
        if one.start <= as_of and one.end >= plan.start and one.start <= plan.end
    )
