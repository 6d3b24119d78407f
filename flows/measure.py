"""One measure (任务举措): those whose ledger it uses first, then its own items; deployed once for each measure."""

from datetime import date

from prefect import flow

from tasks.rounds import RUNNER, day_of_run, look_at_measure, open_due, read_plan, run_name, write_down


@flow(
    name="measure",
    flow_run_name=run_name("任务举措 {measure:02}"),
    task_runner=RUNNER,
    persist_result=False,
)
def measure(measure: int, as_of: date | None = None) -> int:
    """Open what is due, and look at one measure.

    Args:
        measure: the measure's number.
        as_of: the day; the scheduled one where it is not given.

    Returns:
        How many happenings are new.
    """
    day = day_of_run(as_of)
    plan = read_plan()
    step = plan.measure(measure)
    opened = open_due.submit(day)
    used = [look_at_measure(n, plan.measure(n).name, day, [opened]) for n in step.upstream]
    own = look_at_measure(step.number, step.name, day, [opened, *used])
    return write_down(f"measure/{measure:02}", day, [own], [])
