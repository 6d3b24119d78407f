"""The figures of a paper and where each comes from (数字来源): what its marks lead to."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from domain.people import Role
from models.engine import reading
from portal.desk import TheDesk
from portal.pages import show
from portal.papers import paper_for
from portal.visitor import Somebody
from services.evidence import filed_evidence
from services.proof import trace

router = APIRouter()

MOST_MARK = 20
"""Characters of a mark."""


@router.get("/reports/{report}/papers/{paper}/figures", response_class=HTMLResponse)
def figures_page(
    request: Request,
    desk: TheDesk,
    account: Somebody,
    report: int,
    paper: int,
    mark: Annotated[str, Query(max_length=MOST_MARK)] = "",
) -> HTMLResponse:
    """The figures of a paper; with a mark, the versions that this one comes from. Digests are for the office alone."""
    with reading(desk.engine) as session:
        found, wanted = paper_for(session, desk, account, report, paper)
        evidence = filed_evidence(found.folder, wanted.unit, wanted.number)
        figures = [f for f in evidence.ledger.figures if f.year == found.year] if evidence else []
        known = any(f.id == mark for f in figures)
        store = session if account.may(Role.OFFICE) else None
        traced = trace(evidence, mark, store) if evidence is not None and known else ()
    return show(
        request,
        "figures.html",
        report=found,
        paper=wanted,
        figures=figures,
        mark=mark.strip(),
        traced=traced,
        digests=store is not None,
    )
