"""The yearly report (年度报告): on its day of the year whose term is over, and whenever the office orders one."""

from datetime import date

from prefect import flow, runtime, tags

from flows.annual_report import annual_report
from tasks.rounds import day_of_run, run_name, yearly_order


@flow(name="scheduled-report", flow_run_name=run_name("年度报告"), persist_result=False)
def scheduled_report(
    as_of: date | None = None,
    year: int | None = None,
    number: str = "",
    signatory: str = "",
    actor: str = "系统",
) -> str:
    """Make a year's reports.

    On its day: of the year whose term was over last before that, once for the day, however often it runs. Ordered by the
    office: of the year that it names.

    Args:
        as_of: the day from which the year is seen; the scheduled one where it is not given.
        year: the year; the one whose term was over last before the day where it is not given.
        number: 发文字号; left blank for the office to fill in.
        signatory: 签发人; left blank likewise.
        actor: who ordered it, for the audit chain.

    Returns:
        The folder in which it was filed; empty while no year's term is over.
    """
    day = day_of_run(as_of)
    due, out = yearly_order(day)
    wanted = due if year is None else year
    if wanted is None:
        return ""
    with tags(*runtime.flow_run.tags):  # by which it is missed when it dies with its machine
        return annual_report(
            year=wanted,
            as_of=day,
            out=out,
            number=number,
            signatory=signatory,
            actor=actor,
            once=year is None,
        )
