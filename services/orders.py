"""What is ordered: which report, about what, seen from which day, filed where, issued how."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from domain.periods import period_of
from domain.plan import Phase
from domain.problems import Problem, ProblemKind
from domain.report.material import Issue
from domain.report.phase import assessment_title
from services.report_folder import file_name

ReportKind = Literal["annual", "circular", "phase"]
ANNUAL: ReportKind = "annual"
CIRCULAR: ReportKind = "circular"
PHASE: ReportKind = "phase"
"""The kinds of reports, as the store knows them."""


@dataclass(frozen=True)
class Order:
    """What is asked for.

    Attributes:
        kind: what sort of report.
        title: what it is called; its folder is called so.
        year: the year that it is about.
        period: code of the period that a circular is about, id of the phase that is assessed; empty for the annual report.
        as_of: the day from which it is seen.
        out: folder in which it is filed, in a folder of its own.
        issue: how it goes out.
        once: whether a report of that title and day that is filed already is the answer, whatever has changed since; a run
            begun again, on this machine or another, must not file a second one.
    """

    kind: ReportKind
    title: str
    year: int
    period: str
    as_of: date
    out: Path
    issue: Issue
    once: bool = False

    @property
    def name(self) -> str:
        """What its folder is called before the digest."""
        return f"{file_name(self.title)}-{self.as_of:%Y%m%d}"


def annual_order(year: int, as_of: date, out: Path, issue: Issue, *, once: bool = False) -> Order:
    """An order for a year's reports."""
    return Order(ANNUAL, f"{year}年度报告", year, "", as_of, out, issue, once)


def circular_order(code: str, as_of: date, out: Path, issue: Issue, *, once: bool = False) -> Order:
    """An order for the circular of the period of a code.

    Raises:
        Problem: 1401 for no period.
    """
    period = period_of(code)
    if period is None:
        raise Problem(ProblemKind.PERIOD_INVALID, period=code[:20])
    return Order(CIRCULAR, f"{period.label}通报", period.year, code, as_of, out, issue, once)


def phase_order(phase: Phase, as_of: date, out: Path, issue: Issue, *, once: bool = False) -> Order:
    """An order for the assessment of a phase."""
    title = assessment_title(phase, as_of)
    return Order(PHASE, title, phase.end.year, phase.id, as_of, out, issue, once)
