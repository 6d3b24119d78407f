"""The circular (调度通报): some working days after a period is over, and whenever the office orders one."""

from datetime import date

from prefect import flow, runtime, tags

from flows.circular import circular
from tasks.rounds import circular_order, day_of_run, run_name


@flow(name="scheduled-circular", flow_run_name=run_name("通报"), persist_result=False)
def scheduled_circular(
    as_of: date | None = None,
    period: str | None = None,
    number: str = "",
    actor: str = "系统",
) -> str:
    """Make a circular.

    On its day: of the period that is over, once, however often it runs; it waits for the office to release it. Ordered by
    the office: of the period that it names.

    Args:
        as_of: the day from which it is seen; the scheduled one where it is not given.
        period: code of the period; the one that was over last before the day where it is not given.
        number: 发文字号; left blank for the office to fill in.
        actor: who ordered it, for the audit chain.

    Returns:
        The folder in which it was filed; empty where none is to be made on the day.
    """
    day = day_of_run(as_of)
    due, out = circular_order(day)
    wanted = period or due
    if wanted is None:
        return ""
    with tags(*runtime.flow_run.tags):  # by which it is missed when it dies with its machine
        return circular(period=wanted, as_of=day, out=out, number=number, actor=actor, once=period is None)
