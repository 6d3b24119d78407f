"""A filed circular of 临河县 or of the small plan, and contacts to send it to, for tests of what comes after it is made."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Engine

from domain.counts import Shown
from domain.messages import Post
from domain.plan import Plan
from domain.report.blocks import Document, Heading
from domain.report.frozen import to_bytes
from domain.report.ledger import FigureLine, Ledger, SourceLine
from domain.report.single import SingleSnapshot
from domain.report.snapshot import sha256
from models.engine import reading, writing
from models.messages import ContactAddressRow, ContactRow
from models.reports import record_report
from services import audit, filed_reports, report_folder, reporting
from services.orders import CIRCULAR
from services.report_folder import SNAPSHOT
from services.word.document import document_docx

CHANNEL = "outbox"
NAMES = ("李红", "赵敏", "孙亮", "钱进", "吴迪", "郑爽", "王芸")

SOURCE = SourceLine(
    submission=1,
    unit="县教育局",
    duty="校园安全检查",
    period="2025Q3",
    version=2,
    submitted=date(2025, 9, 26),
    reviewer="罗敏",
    reviewed=date(2025, 9, 28),
)
CHECKS = FigureLine(
    id="07",
    year=2025,
    indicator="checks",
    name="检查次数",
    measure_unit="次",
    owner="",
    owner_name="全县",
    released=Shown(value=Decimal(12)),
    whole=True,
    adds_up=True,
    sources=(1,),
)
"""The one figure of the circular, and the version that it comes from."""


def file_circular(engine: Engine, plan: Plan, out: Path, at: datetime, period: str = "2025Q3") -> int:
    """File a circular whose PDF is no real one; says its number."""
    document = Document(
        title=f"{plan.report.issuer}关于2025年第三季度{plan.report.subject}进展情况的通报",
        author="办公室",
        day=date(2025, 10, 14),
        sample=False,
        face=("本通报只反映截至2025年10月14日的情况。",),
        blocks=(Heading(level=1, text="一、总体进展"),),
    )
    snapshot = SingleSnapshot(
        plan=plan.id,
        plan_sha256="0" * 64,
        period=period,
        year=2025,
        as_of=date(2025, 10, 14),
        interim=False,
        sample=False,
        document=document,
        ledger=Ledger(figures=(CHECKS,), sources=(SOURCE,)),
    )
    content = to_bytes(snapshot)
    folder = report_folder.report_folder(out, period, sha256(content))
    report_folder.prepare(folder)
    report_folder.put(folder, SNAPSHOT, content)
    for job in reporting.jobs(snapshot):
        report_folder.put(folder, job.name, b"%PDF-1.7")
        report_folder.put(folder, job.word, document_docx(document, sha256(content), 0, "circular"))
    report_folder.seal(folder, {})
    with writing(engine) as session:
        audit.lock(session)
        assert record_report(
            session,
            kind=CIRCULAR,
            plan_id=plan.id,
            year=2025,
            period=period,
            as_of=snapshot.as_of,
            snapshot_sha256=sha256(content),
            folder=str(folder.final),
            filed_at=at,
        )
    with reading(engine) as session:
        return filed_reports.filed(session, plan.id)[0].id


def add_contacts(
    engine: Engine, plan: Plan, units: Iterable[str], at: datetime, post: Post = Post.LIAISON
) -> None:
    """Somebody to be told in each of some units, by the channel of the tests."""
    with writing(engine) as session:
        for unit in units:
            name = NAMES[len(unit) % len(NAMES)] if post is Post.LIAISON else "方毅"
            row = ContactRow(plan_id=plan.id, unit=unit, post=post, name=name, made_at=at, made_by="赵强")
            session.add(row)
            session.flush()
            session.add(ContactAddressRow(contact_id=row.id or 0, channel=CHANNEL, address=unit))
