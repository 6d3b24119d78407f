"""The annexes of figures: by indicator with last year beside, by unit, and where each figure comes from."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from domain.aggregate import Source
from domain.counts import MISSING_MARK, WITHHELD_MARK, Sensitivity
from domain.numerals import chinese_date
from domain.plan import Indicator, Nature, Plan
from domain.report.blocks import Annex, Cell, Column, Row, Table
from domain.report.material import Material
from domain.report.release import INCOMPLETE_MARK, Book, ReleasedFigure, change
from domain.report.sums import DISTRICT, parts_of

MOST_INDICATORS_ACROSS = 9
FEWEST_SUPPLIERS = 3
"""An indicator of fewer suppliers is told in full by the indicator table and their own reports."""

MARKS = (
    f"“{WITHHELD_MARK}”：涉及人数较少，或可据以推算出较少人数，为保护儿童个人信息不予公布；"
    f"“{MISSING_MARK}”：无审核通过的数据，不等于零；“{INCOMPLETE_MARK}”：有到期数据未报齐，为已报部分。"
)


def indicators(material: Material, number: int) -> Annex:
    """The district's figure of every indicator with last year beside, measure by measure."""
    rows: list[Row] = []
    listed = sorted(printable(material.plan), key=lambda i: i.measures[0])
    for measure, group in groupby(listed, key=lambda i: i.measures[0]):
        title = material.plan.measures_by_number[measure].title
        rows.append(Row(kind="section", cells=(Cell(text=f"{measure}.{title}"),)))
        rows.extend(_indicator_row(material, indicator) for indicator in group)
    table = Table(
        columns=(
            Column(title="编号", share=11, align="center"),
            Column(title="指标", share=58),
            Column(title="单位", share=14, align="center"),
            Column(title="性质", share=14, align="center"),
            Column(title=f"{material.year}年", share=22, align="right"),
            Column(title=last_year(material), share=22, align="right"),
            Column(title="比上年", share=26, align="right"),
        ),
        rows=tuple(rows),
        notes=(
            f"“存量”为最近一期期末数，“流量”为{_until(material)}各期累计数；比率按合计数相除计算。",
            "各类儿童之间有交叉，不得相加。",
            MARKS,
        ),
        small=True,
    )
    return Annex(number=number, title="主要指标情况表", blocks=(table,))


def printable(plan: Plan) -> tuple[Indicator, ...]:
    """The indicators that a report tells of; internal ones are not even listed."""
    return tuple(i for i in plan.indicators if i.sensitivity is not Sensitivity.INTERNAL)


def last_year(material: Material) -> str:
    """The head of the column beside this year's: the year before, or the same part of it."""
    return f"{material.year - 1}年" if material.whole_year else "上年同期"


def _until(material: Material) -> str:
    return "全年" if material.whole_year else f"截至{chinese_date(material.as_of)}已结束的"


def _indicator_row(material: Material, indicator: Indicator) -> Row:
    now = district_figure(material.book, indicator, material)
    before = district_figure(material.book_before, indicator, material)
    told = Cell(text=change(now, before))
    return Row(cells=(*indicator_cells(material, indicator), _cell(now), _cell(before), told))


def indicator_cells(material: Material, indicator: Indicator) -> tuple[Cell, ...]:
    """What tables say of an indicator before its figures: number, name, unit of measure, nature."""
    nature = "比率" if indicator.ratio else {Nature.STOCK: "存量", Nature.FLOW: "流量"}[indicator.nature]
    indent = "　其中：" if indicator.part_of else ""
    texts = (material.book.number(indicator.id), indent + indicator.name, indicator.unit, nature)
    return tuple(Cell(text=text) for text in texts)


def shown_table(
    material: Material, listed: Iterable[Indicator], note: str, most: int | None = None
) -> Table | None:
    """The published ones among the district's figures; None where there are none.

    The change on last year stands beside them, but not in the plan's first year, which has nothing to compare with.
    """
    rows: list[Row] = []
    compared = material.book_before is not None
    for indicator in listed:
        now = district_figure(material.book, indicator, material)
        if now is None or now.shown is None or len(rows) == most:
            continue
        before = district_figure(material.book_before, indicator, material)
        texts = [indicator.name, indicator.unit, now.text, *([change(now, before)] if compared else [])]
        rows.append(Row(cells=tuple(Cell(text=text) for text in texts)))
    if not rows:
        return None
    return Table(
        columns=(
            Column(title="指标", share=70),
            Column(title="单位", share=20, align="center"),
            Column(title=f"{material.year}年", share=28, align="right"),
            *([Column(title=f"比{last_year(material)}", share=34, align="right")] if compared else []),
        ),
        rows=tuple(rows),
        notes=("".join((note, *_explained(rows))),),
        small=True,
    )


def _explained(rows: Iterable[Row]) -> Iterator[str]:
    """What the marks in a table for many readers mean, as far as there are any."""
    cells = [cell.text for row in rows for cell in row.cells]
    if any(INCOMPLETE_MARK in text for text in cells):
        yield f"“{INCOMPLETE_MARK}”：部分单位的数据尚未报齐。"
    if MISSING_MARK in cells:
        yield f"“{MISSING_MARK}”：没有可比的数据。"


def district_figure(book: Book | None, indicator: Indicator, material: Material) -> ReleasedFigure | None:
    """The district's figure; for one that does not add up, that of its only supplier; None where there is none."""
    if book is None:
        return None
    suppliers = material.plan.suppliers(indicator)
    if indicator.over_units == "none" and len(suppliers) == 1:
        return book.get(indicator.id, suppliers[0])
    return book.get(indicator.id)


def _cell(figure: ReleasedFigure | None) -> Cell:
    return Cell(text=MISSING_MARK) if figure is None else figure.cell()


def by_unit(material: Material, number: int) -> Annex:
    """Suppliers down, indicators across, for what several units supply; small counts withheld."""
    plan = material.plan
    shared = [i for i in printable(plan) if len(plan.suppliers(i)) >= FEWEST_SUPPLIERS]
    families: dict[tuple[str, ...], list[Indicator]] = {}
    for indicator in shared:
        families.setdefault(plan.suppliers(indicator), []).append(indicator)
    tables = []
    for suppliers, listed in families.items():
        for start in range(0, len(listed), MOST_INDICATORS_ACROSS):
            part = listed[start : start + MOST_INDICATORS_ACROSS]
            tables.append(_unit_table(material, suppliers, part))
    tables[-1:] = [table.model_copy(update={"notes": (MARKS,)}) for table in tables[-1:]]
    return Annex(number=number, title="分单位指标情况表", landscape=True, blocks=tuple(tables))


def _unit_table(material: Material, suppliers: tuple[str, ...], listed: list[Indicator]) -> Table:
    def row(unit: str, name: str) -> tuple[Cell, ...]:
        return (Cell(text=name), *(_cell(material.book.get(i.id, unit)) for i in listed))

    body = [Row(cells=row(unit, material.unit_name(unit))) for unit in suppliers]
    return Table(
        columns=(
            Column(title="单位", share=34),
            *(
                Column(title=f"{material.book.number(i.id)} {i.name}（{i.unit}）", share=21, align="right")
                for i in listed
            ),
        ),
        rows=(*body, Row(kind="total", cells=row(DISTRICT, "合计"))),
        small=True,
    )


def sources(material: Material, number: int, books: Sequence[Book] = ()) -> Annex:
    """Where the figures come from: for each duty that collects some, the units' accepted versions.

    Versions are named by their number in the store and not by a digest of what they say: whoever knows all but one
    small count of it could find that one by trying.

    A figure's number leads here: the first part names the indicator, hence the section; the second the unit.

    Args:
        material: what the report is written from.
        number: of the annex.
        books: the years whose figures the report shows; by default this one and the one before.
    """
    rows: list[Row] = []
    told = {indicator.id for indicator in printable(material.plan)}
    for book in books or filter(None, (material.book, material.book_before)):
        rows.extend(source_rows(material.plan, book, told))
    rated = (rate for rate in printable(material.plan) if rate.ratio is not None)
    rates = [rate_row(material.plan, material.book, rate) for rate in rated]
    if rates:
        rows += [Row(kind="section", cells=(Cell(text="比率：来源即其分子、分母的来源"),)), *rates]
    table = Table(
        columns=(
            Column(title="单位", share=36),
            Column(title="期间、版次与提交号", share=92),
            Column(title="审核人", share=28),
        ),
        rows=tuple(rows),
        notes=(
            f"正文数字右上角的编号为指标编号；{material.region}数为表中各单位数之和，某单位的数即其所在行各期之和或最近一期数。",
            "提交号为系统中报送记录的编号，可凭以调阅原件。",
        ),
        small=True,
    )
    return Annex(number=number, title="数据来源表", blocks=(table,))


def source_rows(plan: Plan, book: Book, told: Collection[str]) -> Iterator[Row]:
    """For each duty that collects some of the indicators ``told``: the versions that their figures come from, by unit."""
    for duty in plan.duties:
        collected = [i for i in plan.indicators if i.id in duty.indicators and i.id in told]
        by_unit: dict[str, dict[str, Source]] = {}
        for indicator in collected:
            for unit in plan.suppliers(indicator):
                figure = book.get(indicator.id, unit)
                for source in figure.sources if figure else ():
                    by_unit.setdefault(unit, {})[source.key] = source
        if not by_unit:
            continue
        names = "、".join(_numbered(book, i) for i in collected)
        yield Row(kind="section", cells=(Cell(text=f"{book.year}年　{duty.title}：{names}"),))
        for unit, found in by_unit.items():
            versions = "；".join(
                f"{_within(s, book.year)} 第{s.version}版（{s.submission}号）"
                for s in sorted(found.values(), key=_in_time)
            )
            cells = (plan.units_by_id[unit].name, versions, "、".join(_reviewers(found.values())))
            yield Row(cells=tuple(Cell(text=text) for text in cells))


def rate_row(plan: Plan, book: Book, rate: Indicator) -> Row:
    """What a rate is reckoned from."""
    top, bottom = (_numbered(book, plan.indicators_by_id[i]) for i in parts_of(rate))
    texts = (_numbered(book, rate), f"{top} ÷ {bottom}", MISSING_MARK)
    return Row(cells=tuple(Cell(text=text) for text in texts))


def _numbered(book: Book, indicator: Indicator) -> str:
    """An indicator with its number, apart from a name that may begin with a number too: 03 0—5岁留守儿童数."""
    return f"{book.number(indicator.id)} {indicator.name}"


def _in_time(source: Source) -> tuple[str, date, str]:
    """The order of a duty's periods: by their codes where these count, else, as for festivals, by when they came in."""
    counted = source.period if source.period[-1:].isdigit() else ""
    return counted, source.day, source.key


def _within(source: Source, year: int) -> str:
    """A source's period as people say it in a table of that year: 第三季度, 9月, 春节, 全年."""
    return source.label.removeprefix(f"{year}年").strip("（）") or "全年"


def _reviewers(found: Iterable[Source]) -> list[str]:
    return sorted({s.reviewer for s in found})
