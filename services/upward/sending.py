"""Packing the report that goes upward, with its line in the audit chain."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from services import audit, filed_reports
from services.filed_reports import Filed
from services.orders import ANNUAL
from services.signing import sender_key
from services.upward.packing import Packed, pack


def report_to_send(engine: Engine, plan_id: str, year: int) -> Filed:
    """The report of a year that goes upward: the newest released one, else the newest filed.

    Raises:
        Problem: 1801 where none is filed; 711 where its folder is gone; 708 where it was changed since.
    """
    with reading(engine) as session:
        filed = [one for one in filed_reports.filed(session, plan_id, kind=ANNUAL) if one.year == year]
    if not filed:
        raise Problem(ProblemKind.PACKAGE_NOTHING, year=year)
    released = [one for one in filed if one.released_at is not None]
    chosen = (released or filed)[0]
    filed_reports.papers(chosen)
    filed_reports.see_unaltered(chosen)
    return chosen


def send_up(
    engine: Engine, plan_id: str, report: Filed, home: Path, out: Path, *, by: str, at: datetime
) -> Packed:
    """Make a report's package and record that it was made.

    Args:
        engine: the store.
        plan_id: the plan.
        report: of :func:`report_to_send`.
        home: where the installation's keys are.
        out: the folder for the package.
        by: who makes it.
        at: the moment.

    Raises:
        Problem: 1802 where the report has no summary.
    """
    packed = pack(report.folder, out, sender_key(home))
    detail: audit.Detail = {"year": report.year, "snapshot": packed.snapshot, "key": packed.key}
    subject = f"{plan_id}/report/{report.id}"
    with writing(engine) as session:
        audit.record(session, at=at, actor=by, action="package", subject=subject, detail=detail)
    return packed
