"""What the store knows of filed reports."""

from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from models.tables import ReportRow


def record_report(  # noqa: PLR0913 - each names one column of the row
    session: Session,
    *,
    kind: str,
    plan_id: str,
    year: int,
    as_of: date,
    snapshot_sha256: str,
    folder: str,
    filed_at: datetime,
) -> bool:
    """Record a filed report once; says whether it is new. The caller holds the lock of the audit chain."""
    known = select(col(ReportRow.id)).where(
        col(ReportRow.kind) == kind,
        col(ReportRow.plan_id) == plan_id,
        col(ReportRow.year) == year,
        col(ReportRow.snapshot_sha256) == snapshot_sha256,
    )
    if session.scalar(known) is not None:
        return False
    session.add(
        ReportRow(
            kind=kind,
            plan_id=plan_id,
            year=year,
            as_of=as_of,
            snapshot_sha256=snapshot_sha256,
            folder=folder,
            filed_at=filed_at,
        )
    )
    return True
