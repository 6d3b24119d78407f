"""A unit's own reports: its part of what the office has filed and released."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from models.desk import ReportReleaseRow
from models.tables import ReportRow
from services.report_folder import MANIFEST, digest
from services.reporting import jobs, read_filed


@dataclass(frozen=True)
class Released:
    """A year's reports that the office has filed and released; ``folder`` holds them."""

    id: int
    year: int
    as_of: date
    released_at: datetime
    folder: Path


def released(session: Session, plan: Plan) -> tuple[Released, ...]:
    """What was released, the newest first."""
    wanted = (
        select(ReportRow, col(ReportReleaseRow.at))
        .join(ReportReleaseRow, col(ReportReleaseRow.report_id) == col(ReportRow.id))
        .where(col(ReportRow.plan_id) == plan.id)
        .order_by(col(ReportReleaseRow.at).desc(), col(ReportRow.id).desc())
    )
    return tuple(
        Released(row.id or 0, row.year, row.as_of, at, Path(row.folder))
        for row, at in session.execute(wanted).tuples()
    )


def unit_pdf(report: Released, unit: str) -> bytes | None:
    """A unit's own report as filed; None where the unit has none among these.

    Raises:
        Problem: 708 where the folder is gone, or the file is not the one that was filed.
    """
    try:
        name = next((job.name for job in jobs(read_filed(report.folder)) if job.unit == unit), None)
        if name is None:
            return None
        listed = json.loads((report.folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        if listed.get(name) == digest(report.folder / name):
            return (report.folder / name).read_bytes()
    except (OSError, ValueError):
        name = report.folder.name
    raise Problem(ProblemKind.REPORT_ALTERED, folder=report.folder.name, files=name)
