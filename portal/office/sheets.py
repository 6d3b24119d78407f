"""A table as a spreadsheet to be taken along; each leaves a line in the audit chain."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from starlette.responses import Response

from domain.people import Account
from models.engine import writing
from portal.desk import Desk
from services import audit, clock
from services.workbook.table import Value, render_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet(
    desk: Desk,
    account: Account,
    name: str,
    title: str,
    columns: Sequence[tuple[str, float]],
    rows: Iterable[Sequence[Value]],
) -> Response:
    """Answer with a workbook of one sheet.

    Args:
        desk: where the audit chain is.
        account: who takes it.
        name: of the sheet, and with the day of the file.
        title: first line of the sheet.
        columns: heads and widths.
        rows: the table.
    """
    at = clock.now()
    content = render_table(name, title, columns, rows, at)
    with writing(desk.engine) as session:
        detail: audit.Detail = {"bytes": len(content)}
        audit.record(
            session,
            at=at,
            actor=account.name,
            action="download",
            subject=f"{desk.plan_id}/{name}",
            detail=detail,
        )
    answer = Response(content, media_type=XLSX)
    answer.headers["Content-Disposition"] = _attached(f"{name}{at:%Y%m%d}.xlsx")
    return answer


def _attached(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name)}"
