"""Reports: a unit's own, of those that the office has released."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from domain.problems import Problem, ProblemKind
from models.engine import reading, writing
from portal.api.gate import ReportReader
from portal.api.items import LARGEST
from portal.api.plan_shapes import Reports, ReportShape
from portal.api.responses import token_problems
from portal.desk import TheDesk
from services import audit, clock, filed_reports
from services.filed_reports import Filed, Paper
from services.orders import ANNUAL

router = APIRouter()

PDF = "application/pdf"


class PdfAnswer(Response):
    """A PDF."""

    media_type = PDF


@router.get(
    "/reports",
    operation_id="listReports",
    summary="已发布的报告",
    description="领导小组办公室已发布的各年度报告，新的在前。",
    responses=token_problems(),
)
def list_reports(desk: TheDesk, _token: ReportReader) -> Reports:
    """What was released."""
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        found = filed_reports.filed(session, plan.id, released=True, kind=ANNUAL)
    return Reports(reports=[ReportShape.of(report) for report in found])


@router.get(
    "/reports/{report}/file",
    operation_id="getReportFile",
    summary="本单位的报告（PDF）",
    description="已发布的报告中本单位的一份。下载记入审计记录。",
    response_class=PdfAnswer,
    responses=token_problems(404),
)
def get_report_file(
    desk: TheDesk,
    token: ReportReader,
    report: Annotated[int, Path(ge=1, le=LARGEST, description="报告的 id", examples=[1])],
) -> Response:
    """The unit's own report among those of a year."""
    with reading(desk.engine) as session:
        plan, _ = desk.in_force(session)
        found = filed_reports.one(session, plan.id, report)
    paper = _own_paper(found, token.unit)
    with writing(desk.engine) as session:
        audit.record(
            session,
            at=clock.now(),
            actor=token.label,
            action="download",
            subject=f"{plan.id}/report/{found.id}",
            detail={"paper": paper.number, "snapshot": found.snapshot},
        )
    return PdfAnswer(paper.path.read_bytes())


def _own_paper(report: Filed, unit: str) -> Paper:
    """A unit's own PDF of a report that was released; where the folder is on this machine is nobody's business."""
    if report.released_at is None:
        raise Problem(ProblemKind.REPORT_UNKNOWN, number=report.id)
    try:
        own = next((paper for paper in filed_reports.papers(report) if paper.unit == unit), None)
        found = filed_reports.paper(report, own.number) if own else None
    except Problem as problem:
        raise Problem(problem.kind, **{**problem.details, "folder": report.folder.name}) from problem
    if found is None:
        raise Problem(ProblemKind.REPORT_UNKNOWN, number=report.id)
    return found
