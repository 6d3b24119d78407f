"""A report, step by step: freeze the facts, render each document, check the PDFs, file them.

Each step may be repeated: it does nothing that is already done. ``flows/report_steps.py`` gives the order. A circular
(通报) and the assessment of a phase (阶段评估) go the same way as the annual report; what they say is put together in
:mod:`services.circulars` and :mod:`services.phase_assessments`.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zlib import crc32

from sqlalchemy import Engine
from sqlmodel import Session

from domain.plan import Plan
from domain.problems import Problem, ProblemKind
from domain.report.blocks import Document
from domain.report.family import Beyond
from domain.report.final import Case, Merits
from domain.report.frozen import Frozen, from_bytes, to_bytes
from domain.report.material import Material
from domain.report.single import SingleSnapshot
from domain.report.snapshot import freeze, sha256
from models.engine import only_holder, open_store, reading, writing
from models.reports import record_report
from services import audit, circulars, commendation, good_cases, phase_assessments, report_folder, workers
from services.documents import Kind
from services.evidence import file_document
from services.facts import year_facts
from services.gates import closings
from services.orders import CIRCULAR, PHASE, Order
from services.pdf_checks import check_pdf
from services.plan_versions import current
from services.plans import load_plan
from services.report_folder import SNAPSHOT, ReportFolder, file_name
from services.settings import Settings
from services.workcalendar import work_calendar

_ORDERS = 0x67756172  # the family of locks for orders; any number that nobody else locks in this database


@dataclass(frozen=True)
class Job:
    """One PDF to be made: which document of the snapshot, by which template, under which name.

    ``paper`` is its place among them; the Word file for editing has the PDF's name with its own suffix.
    """

    unit: str | None
    kind: Kind
    name: str
    paper: int

    @property
    def word(self) -> str:
        """Name of the Word file beside the PDF."""
        return report_folder.word_name(self.name)


def freeze_facts(settings: Settings, order: Order) -> ReportFolder:
    """Freeze the facts as they stand in the store, and put the snapshot into the folder to work in.

    Raises:
        Problem: 701 where nothing of the year has been opened; 105 for a year outside the plan; for a circular as
            :func:`services.circulars.frozen`, for a phase as :func:`services.phase_assessments.frozen`.
    """
    if order.once and (found := report_folder.filed_as(order.out, order.name)):
        return found
    with _store(settings) as engine, reading(engine) as session:
        snapshot = _snapshot(session, settings, order)
    content = to_bytes(snapshot)
    folder = report_folder.report_folder(order.out, order.name, sha256(content))
    if not folder.filed:
        report_folder.prepare(folder)
        report_folder.put(folder, SNAPSHOT, content)
    return folder


def read_snapshot(folder: ReportFolder) -> tuple[Frozen, str]:
    """The frozen snapshot of a folder, and its digest."""
    content = ((folder.final if folder.filed else folder.work) / SNAPSHOT).read_bytes()
    return from_bytes(content), sha256(content)


def read_filed(final: Path) -> Frozen:
    """The snapshot of a filed folder."""
    return from_bytes((final / SNAPSHOT).read_bytes())


def jobs(snapshot: Frozen) -> tuple[Job, ...]:
    """Every document of a snapshot: the consolidated report, the units' own in the plan's order, then the others."""
    units = (
        Job(unit.unit, "unit", f"各单位/{place:02}-{file_name(unit.document.title)}.pdf", place)
        for place, unit in enumerate(snapshot.units, start=1)
    )
    first_other = 1 + len(snapshot.units)
    others = (
        Job(None, other.kind, f"{file_name(other.name)}.pdf", paper)
        for paper, other in enumerate(snapshot.others, start=first_other)
    )
    kind: Kind = snapshot.kind if isinstance(snapshot, SingleSnapshot) else "annual"
    return (Job(None, kind, f"{file_name(snapshot.consolidated.title)}.pdf", 0), *units, *others)


def documents(snapshot: Frozen) -> tuple[Document, ...]:
    """The documents of a snapshot in the order of :func:`jobs`."""
    own = (unit.document for unit in snapshot.units)
    return (snapshot.consolidated, *own, *(other.document for other in snapshot.others))


def render(folder: ReportFolder, wanted: Sequence[Job]) -> Iterator[Job]:
    """Render those of ``wanted`` that are not there yet, in processes of their own; yields each as it is done.

    Raises:
        Problem: 702 to 706, where a document cannot be rendered as it must be.
    """
    missing = [
        job for job in wanted if not folder.filed and not (folder.has(job.name) and folder.has(job.word))
    ]
    yield from (job for job in wanted if job not in missing)
    if not missing:
        return
    with workers.pool() as pool:
        try:
            running = {
                pool.submit(file_document, folder, job.name, job.unit, job.paper): job for job in missing
            }
            for done in as_completed(running):
                done.result()
                yield running[done]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def check(folder: ReportFolder, wanted: Sequence[Job]) -> None:
    """See that every PDF is there and sound before anything is filed.

    Raises:
        Problem: 702 with the file and what is wrong with it; 708 where a filed report was changed afterwards.
    """
    if folder.filed:
        changed = report_folder.altered(folder.final)
        if changed:
            raise Problem(ProblemKind.REPORT_ALTERED, folder=folder.final, files="、".join(changed))
        return
    for job in wanted:
        reasons = check_pdf(folder.work / job.name)
        if reasons:
            raise Problem(ProblemKind.REPORT_FAULTY, file=job.name, reasons="；".join(reasons))


def file(settings: Settings, order: Order, folder: ReportFolder, *, at: datetime, actor: str) -> Path:
    """Give the folder its final name and record it in the store, each once.

    Returns:
        The folder as filed.
    """
    snapshot, digest = read_snapshot(folder)
    if not folder.filed:
        about = {
            "plan": snapshot.plan,
            "year": order.year,
            "as_of": str(order.as_of),
            "snapshot_sha256": digest,
            **({"period": order.period} if order.period else {}),
        }
        report_folder.seal(folder, about)
    with _store(settings) as engine:
        _record(engine, order, snapshot, digest, folder.final, at=at, actor=actor)
    return folder.final


@contextmanager
def exclusive(settings: Settings, order: Order) -> Iterator[None]:
    """One run at a time in the order's folder, and one for the order on whichever machine.

    A folder that several machines share may not carry locks from one to the other; their store does.

    Raises:
        Problem: 707 where another run is at work.
    """
    number = crc32(f"{order.kind} {order.period or order.year} {order.as_of}".encode())
    with (
        report_folder.only_one(order.out),
        _store(settings) as engine,
        only_holder(engine, _ORDERS, number) as mine,
    ):
        if not mine:
            raise Problem(ProblemKind.REPORT_BUSY, folder=order.out)
        yield


@contextmanager
def _store(settings: Settings) -> Iterator[Engine]:
    engine = open_store(settings.store_url)
    try:
        yield engine
    finally:
        engine.dispose()


def _snapshot(session: Session, settings: Settings, order: Order) -> Frozen:
    plan = load_plan(settings.plan)
    adopted = current(session, plan.id)
    if adopted is None:
        raise Problem(ProblemKind.REPORT_NOTHING, year=order.year)
    plan, version = adopted
    if order.kind == PHASE:
        return phase_assessments.frozen(session, plan, version, order.period, order.as_of, order.issue)
    if order.kind == CIRCULAR:
        return circulars.frozen(session, plan, version, order.period, order.as_of, order.issue)
    if order.year not in plan.years:
        raise Problem(ProblemKind.YEAR_OUTSIDE_PLAN, year=order.year, first=plan.start, last=plan.end)
    years = [y for y in plan.years if y <= order.year]
    history = tuple(f for year in years for f in year_facts(session, plan, year))
    if not any(f.item.year == order.year for f in history):
        raise Problem(ProblemKind.REPORT_NOTHING, year=order.year)
    calendar = work_calendar(plan.rules.calendar.beyond_known)
    material = Material(plan, calendar, order.year, order.as_of, history, order.issue)
    return freeze(material, version.sha256, _beyond(session, plan))


def _beyond(session: Session, plan: Plan) -> Beyond:
    """The phases that the office closed, the cases that it selected, and whom it commends."""
    selected = good_cases.decided(session, plan, selected=True)
    cases = tuple(
        Case(plan.units_by_id[c.unit].name, c.title, c.text) for c in selected if c.unit in plan.units_by_id
    )
    listed = commendation.fixed(session, plan)
    commended = tuple((line.unit, line.merit) for line in (listed.units if listed else ()))
    return Beyond(closings(session, plan), Merits(cases, commended))


def _record(
    engine: Engine, order: Order, snapshot: Frozen, digest: str, final: Path, *, at: datetime, actor: str
) -> None:
    with writing(engine) as session:
        audit.lock(session)
        new = record_report(
            session,
            kind=order.kind,
            plan_id=snapshot.plan,
            year=snapshot.year,
            period=order.period,
            as_of=snapshot.as_of,
            snapshot_sha256=digest,
            folder=str(final),
            filed_at=at,
        )
        if new:
            period = {"period": order.period} if order.period else {}
            detail: audit.Detail = {
                "kind": order.kind,
                "year": snapshot.year,
                "snapshot": digest,
                **period,
            }
            audit.record(session, at=at, actor=actor, action="report", subject=snapshot.plan, detail=detail)
