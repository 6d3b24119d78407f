"""The assessment of a phase (阶段评估)."""

from datetime import date
from pathlib import Path

from prefect import flow

from domain.report.material import Issue
from flows.report_steps import make_report
from services.orders import phase_order
from tasks.rounds import phase_to_assess


@flow(name="phase-assessment", flow_run_name="阶段评估 {phase}", persist_result=False)
def phase_assessment(  # noqa: PLR0913, PLR0917 - each is a field of the form on Prefect's page
    phase: str,
    as_of: date,
    out: str,
    number: str = "",
    signatory: str = "",
    sample: bool = False,  # noqa: FBT001, FBT002 - as above
    actor: str = "系统",
    once: bool = False,  # noqa: FBT001, FBT002 - as above
) -> str:
    """Make the assessment of a phase.

    Args:
        phase: id or name of the phase.
        as_of: the day from which it is seen; one within the phase makes it an interim one.
        out: folder in which it is filed, in a folder of its own.
        number: 发文字号; left blank for the office to fill in.
        signatory: 签发人; left blank likewise.
        sample: whether every page says 示例数据.
        actor: who ordered it, for the audit chain.
        once: whether an assessment of that phase and day that is filed already is the answer.

    Returns:
        The folder in which it was filed.
    """
    issue = Issue(number, signatory, sample)
    return make_report(phase_order(phase_to_assess(phase, as_of), as_of, Path(out), issue, once=once), actor)
