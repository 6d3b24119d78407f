"""The yearly report on its day (年度报告): of the year whose term is over, with the number left for the office."""

from datetime import date

from prefect import flow, runtime, tags

from flows.annual_report import annual_report
from tasks.rounds import day_of_run, run_name, yearly_order


@flow(name="scheduled-report", flow_run_name=run_name("年度报告"), persist_result=False)
def scheduled_report(as_of: date | None = None) -> str:
    """Make the report of the year whose term was over last before a day; once for that day, however often it runs.

    Args:
        as_of: the day; the scheduled one where it is not given.

    Returns:
        The folder in which it was filed; empty while no year's term is over.
    """
    day = day_of_run(as_of)
    year, out = yearly_order(day)
    if year is None:
        return ""
    with tags(*runtime.flow_run.tags):  # by which it is missed when it dies with its machine
        return annual_report(year=year, as_of=day, out=out, once=True)
