"""One phase (阶段): the measures that its milestones rest on, the phases before it, its gate; deployed once for each."""

from datetime import date

from prefect import flow

from tasks.rounds import (
    RUNNER,
    Future,
    day_of_run,
    look_at_gate,
    look_at_measure,
    open_due,
    read_plan,
    run_name,
    write_down,
)


@flow(
    name="phase",
    flow_run_name=run_name("阶段 {phase}"),
    task_runner=RUNNER,
    persist_result=False,
)
def phase(phase: str, as_of: date | None = None) -> int:
    """Open what is due, and look at one phase.

    Args:
        phase: the phase's id.
        as_of: the day; the scheduled one where it is not given.

    Returns:
        How many happenings are new.
    """
    day = day_of_run(as_of)
    plan = read_plan()
    own = plan.phase(phase)
    opened = open_due.submit(day)
    progress = {n: look_at_measure(n, plan.measure(n).name, day, [opened]) for n in own.measures}
    gates: list[Future] = []
    for step in plan.phases[: plan.phases.index(own) + 1]:
        before: list[Future] = [opened, *gates[-1:], *(progress[n] for n in step.measures if n in progress)]
        gates.append(look_at_gate(step, day, before))
    return write_down(f"phase/{phase}", day, list(progress.values()), gates)
