"""The annual report of a year."""

from datetime import date
from pathlib import Path

from prefect import flow

from domain.report.material import Issue
from flows.report_steps import make_report
from services.orders import annual_order


@flow(name="annual-report", flow_run_name="{year}年度报告", persist_result=False)
def annual_report(  # noqa: PLR0913, PLR0917 - each is a field of the form on Prefect's page
    year: int,
    as_of: date,
    out: str,
    number: str = "",
    signatory: str = "",
    sample: bool = False,  # noqa: FBT001, FBT002 - as above
    actor: str = "系统",
    once: bool = False,  # noqa: FBT001, FBT002 - as above
) -> str:
    """Make a year's reports: each unit's own and the consolidated one.

    Args:
        year: the year reported on.
        as_of: the day from which it is seen.
        out: folder in which the reports are filed, each set in a folder of its own.
        number: 发文字号; left blank for the office to fill in.
        signatory: 签发人; left blank likewise.
        sample: whether every page says 示例数据.
        actor: who ordered it, for the audit chain.
        once: whether a report of that year and day that is filed already is the answer.

    Returns:
        The folder in which the reports were filed.
    """
    order = annual_order(year, as_of, Path(out), Issue(number, signatory, sample), once=once)
    return make_report(order, actor)
