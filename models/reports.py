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


def report_of_snapshot(session: Session, beginning: str) -> ReportRow | None:
    """The report that was filed of the snapshot whose digest begins so; None for no such report.

    Args:
        session: any.
        beginning: hexadecimal digits, at least so many that no two snapshots share them.
    """
    wanted = select(ReportRow).where(col(ReportRow.snapshot_sha256).startswith(beginning))
    return session.scalars(wanted.order_by(col(ReportRow.id).desc()).limit(1)).first()
