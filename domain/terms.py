"""Terms (期间) over which units are compared, by code: ``2026-09``, ``2026Q3``, ``2026H2``, ``2026``. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from domain.plan import Plan
from domain.problems import Problem, ProblemKind

_CODE = re.compile(
    r"(?P<year>[12]\d{3})(?:-(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|H(?P<half>[12]))?", re.ASCII
)


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
    found = _CODE.fullmatch(code.strip().upper())
    if found is None:
        raise Problem(ProblemKind.TERM_UNKNOWN, code=code[:20])
    year, month, quarter, half = (int(found[name] or 0) for name in ("year", "month", "quarter", "half"))
    if month:
        return _term(found[0], f"{year}年{month}月", year, 1, month)
    if quarter:
        return _term(found[0], f"{year}年第{'一二三四'[quarter - 1]}季度", year, 3, quarter)
    if half:
        return _term(found[0], f"{year}年{'上下'[half - 1]}半年", year, 6, half)
    return _term(found[0], f"{year}年", year, 12, 1)


def quarter_of(day: date) -> Term:
    """The quarter in which a day lies."""
    return term(f"{day.year}Q{(day.month + 2) // 3}")


def terms(plan: Plan, as_of: date) -> tuple[Term, ...]:
    """The years and quarters of a plan that have begun by ``as_of``: the newest year first, then its quarters."""
    codes = (f"{year}{part}" for year in reversed(plan.years) for part in ("", "Q4", "Q3", "Q2", "Q1"))
    return tuple(
        one
        for one in map(term, codes)
        if one.start <= as_of and one.end >= plan.start and one.start <= plan.end
    )


def _term(code: str, label: str, year: int, months: int, part: int) -> Term:
    last = part * months
    following = date(year + 1, 1, 1) if last == 12 else date(year, last + 1, 1)
    return Term(code, label, date(year, last - months + 1, 1), following - timedelta(days=1))
