"""The assessment of a phase (阶段评估): the working day after a phase is over, and whenever the office orders one."""

from datetime import date

from prefect import flow, runtime, tags

from flows.phase_assessment import phase_assessment
from tasks.rounds import assessment_order, day_of_run, run_name


@flow(name="scheduled-phase-assessment", flow_run_name=run_name("阶段评估"), persist_result=False)
def scheduled_phase_assessment(
    as_of: date | None = None,
    phase: str | None = None,
    number: str = "",
    signatory: str = "",
    actor: str = "系统",
) -> str:
    """Make the assessment of a phase.

    On its day: of the phase that is over, once, however often it runs; it waits for the office to release it. Ordered by
    the office: of the phase that it names.

    Args:
        as_of: the day from which it is seen; the scheduled one where it is not given.
        phase: id of the phase; the one that was over last before the day where it is not given.
        number: 发文字号; left blank for the office to fill in.
        signatory: 签发人; left blank likewise.
        actor: who ordered it, for the audit chain.

    Returns:
        The folder in which it was filed; empty where none is to be made on the day.
    """
    day = day_of_run(as_of)
    due, out = assessment_order(day)
    wanted = phase or due
    if wanted is None:
        return ""
    with tags(*runtime.flow_run.tags):  # by which it is missed when it dies with its machine
        return phase_assessment(
            phase=wanted,
            as_of=day,
            out=out,
            number=number,
            signatory=signatory,
            actor=actor,
            once=phase is None,
        )
