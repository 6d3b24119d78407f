"""The consolidated annual report (年度报告): an official report upward, then its annexes."""

from collections.abc import Callable, Iterator

from domain.numerals import chinese_date
from domain.report import annexes, figures
from domain.report.achievements import achievements
from domain.report.blocks import Annex, Block, Document, Letterhead, Paragraph, plain
from domain.report.closing import closing
from domain.report.material import Material
from domain.report.overview import overview
from domain.report.prose import listing

CLOSING_WORDS = "特此报告。"
BLANK = "　　　"
"""Room for a name that is written in when the report is issued."""


def annual_report(material: Material) -> Document:
    """The consolidated report of a year, as the office sends it upward (notice 六（二）)."""
    plan = material.plan
    return Document(
        title=f"{plan.report.issuer}关于{material.year}年度{plan.report.subject}工作进展情况的报告",
        author=plan.report.issuer,
        day=material.as_of,
        sample=material.issue.sample,
        face=face(material, annexes.OUTSTANDING),
        letterhead=letterhead(material),
        blocks=(
            _opening(material),
            *overview(material),
            *achievements(material),
            *closing(material),
            Paragraph(runs=plain(CLOSING_WORDS)),
        ),
        annexes=tuple(make(material, number) for number, make in enumerate(_annexes(material), start=1)),
    )


def _annexes(material: Material) -> Iterator[Callable[[Material, int], Annex]]:
    """The annexes in their order; one for which the plan has nothing to tell is left out."""
    yield annexes.completion
    if material.plan.indicators:
        yield figures.indicators
        yield figures.by_unit
    yield annexes.milestones
    if material.plan.annual_duty is not None:
        yield annexes.reporting
    yield annexes.outstanding
    if material.plan.indicators:
        yield figures.sources


def face(material: Material, where: str = "") -> tuple[str, ...]:
    """What must be known before anything else is read: what is missing, what nobody has reviewed.

    Args:
        material: what is reported on.
        where: the annex that lists the items, where the document has it.
    """
    told = []
    silent = [material.unit_name(u) for u, f in material.annual.items() if f.latest is None]
    waiting = [
        material.unit_name(u)
        for u, f in material.annual.items()
        if f.latest is not None and f.accepted is None
    ]
    if silent:
        until = f"（{chinese_date(material.due_day)}截止）" if material.as_of <= material.due_day else ""
        told.append(f"{len(silent)}个单位尚未报送年度工作进展情况{until}：{listing(silent, 10)}。")
    if waiting:
        told.append(
            f"{len(waiting)}个单位的年度工作进展情况尚未审核通过，内容未采用：{listing(waiting, 10)}。"
        )
    annual = {f.item.key for f in material.annual.values()}
    others = sum(f.accepted is None and f.item.key not in annual for f in material.due)
    if others:
        other = "另有" if told else "有"
        see = f"，详见“{where}”" if where else ""
        told.append(f"{other}{others}项到期事项未报送或未审核通过{see}。")
    if any(f.item.occurrence.assumed for f in material.facts):
        told.append("部分期限所依据的放假调休安排尚未公布，按周一至周五为工作日推定。")
    return tuple(told)


def _opening(material: Material) -> Block:
    plan = material.plan
    return Paragraph(
        runs=plain(
            f"根据《{plan.name}》（{plan.document.number}）要求，现将{material.year}年度"
            f"（截至{chinese_date(material.as_of)}）工作进展情况汇总报告如下："
        )
    )


def letterhead(material: Material) -> Letterhead:
    """The head and imprint of a report upward; blanks where the office fills in by hand."""
    spec, issue = material.plan.report, material.issue
    return Letterhead(
        heading=spec.heading,
        number=issue.number or f"{spec.number_prefix}〔{material.as_of.year}〕　　号",
        signatory=issue.signatory or BLANK,
        addressee=spec.addressee,
        issuer=spec.issuer,
        signed=material.as_of,
        copies=spec.copies,
        printer=spec.printer,
        printed=material.as_of,
    )
