"""The circular (调度通报) of a period."""

from datetime import date
from pathlib import Path

from prefect import flow

from domain.report.material import Issue
from flows.report_steps import make_report
from services.orders import circular_order


@flow(name="circular", flow_run_name="{period}通报", persist_result=False)
def circular(
    period: str,
    as_of: date,
    out: str,
    number: str = "",
    sample: bool = False,  # noqa: FBT001, FBT002 - as above
    actor: str = "系统",
    once: bool = False,  # noqa: FBT001, FBT002 - as above
) -> str:
    """Make the circular of a period.

    Args:
        period: code of the period, as 2026Q3.
        as_of: the day from which it is seen; one within the period makes it an interim one.
        out: folder in which it is filed, in a folder of its own.
        number: 发文字号; left blank for the office to fill in.
        sample: whether every page says 示例数据.
        actor: who ordered it, for the audit chain.
        once: whether a circular of that period and day that is filed already is the answer.

    Returns:
        The folder in which it was filed.
    """
    issue = Issue(number=number, sample=sample)
    return make_report(circular_order(period, as_of, Path(out), issue, once=once), actor)
