"""The circular as a document: its head, its parts in order, its annexes; and frozen, with its digest."""

from collections.abc import Callable, Iterator

from domain.numerals import chinese, chinese_date
from domain.report.blocks import Annex, Block, Document, Heading, Letterhead, Paragraph, plain
from domain.report.circular import annexes, figures, telling
from domain.report.circular.asking import asks
from domain.report.circular.material import CircularMaterial
from domain.report.ledger import ledger
from domain.report.release import Book
from domain.report.single import SingleSnapshot


def freeze_circular(material: CircularMaterial, plan_sha256: str) -> SingleSnapshot:
    """Freeze a period's circular."""
    book = figures.book(material)
    return SingleSnapshot(
        kind="circular",
        plan=material.plan.id,
        plan_sha256=plan_sha256,
        period=material.period.code,
        year=material.period.year,
        as_of=material.as_of,
        until=material.until,
        interim=material.interim,
        sample=material.issue.sample,
        document=_circular(material, book),
        ledger=ledger(material.plan, (book,), figures.tellable(material.plan)),
    )


def circular(material: CircularMaterial) -> Document:
    """The circular of a period, as the office sends it to every unit (notice 六（二）: 调度通报)."""
    return _circular(material, figures.book(material))


def _circular(material: CircularMaterial, book: Book) -> Document:
    spec = material.plan.report
    listed = tuple(make(number) for number, make in enumerate(_annexes(material, book), start=1))
    return Document(
        title=title(material),
        author=spec.issuer,
        day=material.as_of,
        sample=material.issue.sample,
        face=_face(material),
        letterhead=_letterhead(material),
        blocks=(_opening(material), *_parts(material, book)),
        annexes=listed,
    )


def title(material: CircularMaterial) -> str:
    """What the circular is called; one of a period that is not over says so."""
    spec, period = material.plan.report, material.period
    if material.interim:
        day = f"{material.as_of.month}月{material.as_of.day}日"
        return f"{spec.issuer}关于{period.label}（截至{day}）{spec.subject}阶段性进展情况的通报"
    return f"{spec.issuer}关于{period.label}{spec.subject}进展情况的通报"


def _parts(material: CircularMaterial, book: Book) -> Iterator[Block]:
    sections: list[tuple[str, list[Block]]] = [
        ("总体进展", list(telling.overall(material))),
        ("任务举措落实情况", list(telling.measures(material, book))),
        ("各单位完成情况", list(telling.units(material))),
        (f"与{telling.before_name(material)}相比的变化", list(telling.changes(material))),
        ("下一步工作要求", list(asks(material))),
    ]
    for place, (heading, blocks) in enumerate(((h, b) for h, b in sections if b), start=1):
        yield Heading(level=1, text=f"{chinese(place)}、{heading}")
        yield from blocks


def _annexes(material: CircularMaterial, book: Book) -> Iterator[Callable[[int], Annex]]:
    """The annexes in their order; one that has nothing to tell is left out."""
    yield lambda number: annexes.by_measure(material, number)
    yield lambda number: annexes.by_unit(material, number)
    if material.late:
        yield lambda number: annexes.late_items(material, number)
    if any(figure.shown for figure in book.figures.values()):
        yield lambda number: figures.sources(material, book, number)


def _face(material: CircularMaterial) -> tuple[str, ...]:
    """What must be known before anything else is read."""
    told = []
    if material.interim:
        told.append(
            f"{material.period.label}到{chinese_date(material.period.end)}才结束，本通报只反映截至"
            f"{chinese_date(material.as_of)}的情况。"
        )
    if material.mend_by.assumed:
        told.append("办结期限所依据的放假调休安排尚未公布，按周一至周五为工作日推定。")
    return tuple(told)


def _opening(material: CircularMaterial) -> Block:
    plan = material.plan
    seen = f"（截至{chinese_date(material.as_of)}）"
    return Paragraph(
        runs=plain(
            f"按照《{plan.name}》（{plan.document.number}）关于调度通报的要求，现将{material.period.label}{seen}"
            "工作进展情况通报如下："
        )
    )


def _letterhead(material: CircularMaterial) -> Letterhead:
    plan, issue = material.plan, material.issue
    leads = any(officer.role == "lead" for officer in plan.leading_group.roster)
    deputies = any(officer.role == "deputy" for officer in plan.leading_group.roster)
    group = "、".join(name for name, there in (("组长", leads), ("副组长", deputies)) if there)
    return Letterhead(
        heading=plan.report.heading,
        number=issue.number or f"{plan.report.number_prefix}〔{material.as_of.year}〕　　号",
        signatory="",  # only what goes upward bears one
        addressee=plan.rules.circular.addressee,
        issuer=plan.report.issuer,
        signed=material.as_of,
        copies=(*((f"领导小组{group}",) if group else ()), *plan.report.copies),
        printer=plan.report.printer,
        printed=material.as_of,
    )
