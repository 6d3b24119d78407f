"""The steps of a report as Prefect tasks: a task a step, so that the run graph reads as the work does."""

from collections.abc import Sequence
from pathlib import Path

from prefect import task

from services import clock, progress, reporting
from services.orders import Order
from services.report_folder import ReportFolder
from services.reporting import Job
from services.running import running
from services.settings import read_settings
from tasks.artifacts import report_artifact


@task(name="freeze-snapshot", task_run_name="冻结数据快照")
def freeze_snapshot(order: Order) -> ReportFolder:
    """Freeze the facts that the report is about."""
    return reporting.freeze_facts(read_settings(), order)


@task(name="list-documents", task_run_name="列出应出文件")
def list_documents(folder: ReportFolder) -> tuple[Job, ...]:
    """Every PDF that the snapshot asks for."""
    snapshot, _ = reporting.read_snapshot(folder)
    return reporting.jobs(snapshot)


@task(name="render", task_run_name="排版")
def render(folder: ReportFolder, wanted: Sequence[Job]) -> int:
    """Render every document, telling progress; says how many there are."""
    return len(list(progress.track("排版报告", reporting.render(folder, wanted), len(wanted))))


@task(name="check", task_run_name="核验 PDF")
def check(folder: ReportFolder, wanted: Sequence[Job], rendered: int) -> int:
    """Check every PDF, once they are ``rendered``; says how many passed."""
    reporting.check(folder, wanted)
    return rendered


@task(name="file", task_run_name="归档")
def file(order: Order, folder: ReportFolder, checked: int, actor: str) -> Path:
    """File the folder once all its ``checked`` PDFs are sound."""
    del checked  # only so that filing waits for the check
    settings = read_settings()
    final = reporting.file(settings, order, folder, at=clock.now(), actor=actor)
    found = running(settings.home)
    portal = settings.portal_url or (found.portal if found else "")
    report_artifact(reporting.read_filed(final).plan, order, final, portal)
    return final
