"""Reports that are filed: what is in them, who may read them, and what changed since the last one that was released."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from domain.periods import period_of
from domain.problems import Problem, ProblemKind
from domain.report.comparison import DocumentChanges, changed
from models.desk import ReportReleaseRow
from models.tables import ReportRow
from services import audit, reporting
from services.orders import ANNUAL, CIRCULAR
from services.report_folder import altered


@dataclass(frozen=True)
class Filed:
    """A filed report.

    Attributes:
        id: its number in the store.
        kind: what sort of report it is (:mod:`services.orders`).
        year: the year that it is about.
        period: code of the part of that year that a circular is about; id of the phase that is assessed; else empty.
        as_of: the day from which it is seen.
        at: when it was filed.
        folder: where its files are.
        snapshot: digest of the facts that it shows.
        released_at: when the office let the leaders read it; None while it has not.
        released_by: who did.
    """

    id: int
    kind: str
    year: int
    period: str
    as_of: date
    at: datetime
    folder: Path
    snapshot: str
    released_at: datetime | None = None
    released_by: str = ""

    @property
    def is_circular(self) -> bool:
        """Whether it is a circular, which goes to every unit; anything else goes to the leaders."""
        return self.kind == CIRCULAR

    @property
    def is_annual(self) -> bool:
        """Whether it is a year's reports, which are many documents, and not a single one."""
        return self.kind == ANNUAL

    @property
    def title(self) -> str:
        """What people call it: 2026 年度报告, 2026年第三季度通报, 推进实施阶段评估; one of what is not over says so."""
        if self.is_annual:
            return f"{self.year} 年度报告"
        period = period_of(self.period) if self.is_circular else None
        if period is not None:
            return f"{period.label}通报{'（阶段性）' if self.as_of <= period.end else ''}"
        return self.folder.name.rsplit("-", 2)[
            0
        ]  # as it was ordered: the plan may call the phase otherwise by now


@dataclass(frozen=True)
class Paper:
    """One PDF of a filed report; ``unit`` is None for the consolidated one, ``word`` where there is no file for editing."""

    number: int
    title: str
    unit: str | None
    path: Path
    word: Path | None


def filed(
    session: Session, plan_id: str, *, released: bool = False, kind: str | None = None
) -> tuple[Filed, ...]:
    """Every filed report, newest first; only those that were released with ``released``, or of one ``kind``."""
    wanted = (
        select(ReportRow, ReportReleaseRow)
        .outerjoin(ReportReleaseRow, col(ReportReleaseRow.report_id) == col(ReportRow.id))
        .where(col(ReportRow.plan_id) == plan_id)
        .order_by(col(ReportRow.filed_at).desc(), col(ReportRow.id).desc())
    )
    if kind is not None:
        wanted = wanted.where(col(ReportRow.kind) == kind)
    if released:
        wanted = wanted.where(col(ReportReleaseRow.id).is_not(None))
    return tuple(_filed(report, release) for report, release in session.execute(wanted))


def one(session: Session, plan_id: str, number: int) -> Filed:
    """The filed report of a number.

    Raises:
        Problem: 710 for no such report.
    """
    found = next((report for report in filed(session, plan_id) if report.id == number), None)
    if found is None:
        raise Problem(ProblemKind.REPORT_UNKNOWN, number=number)
    return found


def papers(report: Filed) -> tuple[Paper, ...]:
    """The PDFs of a report: the consolidated one, the units' own, then the others of the family.

    Raises:
        Problem: 711 where its folder is gone.
    """
    try:
        snapshot = reporting.read_filed(report.folder)
    except OSError as error:
        raise Problem(ProblemKind.REPORT_GONE, folder=report.folder) from error
    return tuple(
        Paper(job.paper, one.title, job.unit, report.folder / job.name, _there(report.folder / job.word))
        for job, one in zip(reporting.jobs(snapshot), reporting.documents(snapshot), strict=True)
    )


def paper(report: Filed, number: int) -> Paper:
    """One PDF of a report, seen to be as it was filed.

    Raises:
        Problem: 710 for no such paper; 711 where the folder is gone; 708 where it was changed since.
    """
    found = next((one for one in papers(report) if one.number == number), None)
    if found is None:
        raise Problem(ProblemKind.REPORT_UNKNOWN, number=number)
    see_unaltered(report)
    return found


def word_file(paper: Paper) -> Path:
    """The file for editing of a paper, of :func:`paper`.

    Raises:
        Problem: 1701 where the report was filed without such files.
    """
    if paper.word is None:
        raise Problem(ProblemKind.WORD_ABSENT, title=paper.title)
    return paper.word


def release(session: Session, plan_id: str, number: int, *, by: str, at: datetime) -> Filed:
    """Let others read a report (发布): the leaders, and the units what is for them; for good, as nothing can be unread.

    Args:
        session: of :func:`models.engine.writing`.
        plan_id: the plan.
        number: the report.
        by: who releases it.
        at: the moment.

    Raises:
        Problem: 710 for no such report; 711 where its folder is gone; 708 where it was changed since; 712 where it was
            released already.
    """
    audit.lock(session)  # two who release at once take turns
    report = one(session, plan_id, number)
    if report.released_at is not None:
        raise Problem(ProblemKind.REPORT_RELEASED, by=report.released_by)
    papers(report)
    see_unaltered(report)
    session.add(ReportReleaseRow(report_id=number, by=by, at=at))
    session.flush()
    about = {"period": report.period} if report.period else {}
    detail: audit.Detail = {"year": report.year, "snapshot": report.snapshot, **about}
    audit.record(
        session, at=at, actor=by, action="release", subject=f"{plan_id}/report/{number}", detail=detail
    )
    return one(session, plan_id, number)


def changes_since_release(
    reports: Sequence[Filed], report: Filed
) -> tuple[Filed | None, tuple[DocumentChanges, ...]]:
    """What a report says differently from the one of the same year or period that was released last before it was filed.

    Args:
        reports: all that are filed.
        report: the one in question.

    Returns:
        The released one, None where there is none; and the documents that differ.

    Raises:
        Problem: 711 where a folder is gone.
    """
    earlier = [
        other
        for other in reports
        if other.released_at is not None
        and (other.kind, other.year, other.period) == (report.kind, report.year, report.period)
        and other.id < report.id
    ]
    if not earlier:
        return None, ()
    last = max(earlier, key=lambda other: other.id)
    try:
        return last, changed(reporting.read_filed(last.folder), reporting.read_filed(report.folder))
    except OSError as error:
        raise Problem(ProblemKind.REPORT_GONE, folder=last.folder) from error


def _there(path: Path) -> Path | None:
    return path if path.is_file() else None


def see_unaltered(report: Filed) -> None:
    """See that a report is as it was filed.

    Raises:
        Problem: 708 where it was changed since.
    """
    if wrong := altered(report.folder):
        raise Problem(ProblemKind.REPORT_ALTERED, folder=report.folder, files="、".join(wrong))


def _filed(row: ReportRow, release: ReportReleaseRow | None) -> Filed:
    return Filed(
        id=row.id or 0,
        kind=row.kind,
        year=row.year,
        period=row.period,
        as_of=row.as_of,
        at=row.filed_at,
        folder=Path(row.folder),
        snapshot=row.snapshot_sha256,
        released_at=release.at if release else None,
        released_by=release.by if release else "",
    )
