"""Parts one to four of a circular: how it stands, measure by measure, unit by unit, and what has changed."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from domain.numerals import chinese_date
from domain.rates import Rates
from domain.report.blocks import Block, Heading, Paragraph, plain
from domain.report.circular import figures
from domain.report.circular import wording as say
from domain.report.circular.annexes import MEASURES, UNITS
from domain.report.circular.material import CircularMaterial, Late, Tally
from domain.report.release import Book
from domain.status import OWED, stage

MOST_MEASURES = 6
"""Measures that are behind and told one by one, those with most late items first."""
MOST_UNITS = 10
"""Units that are behind and named with their counts, likewise."""
RATE_NAMES = (("completeness", "报送完整率"), ("timeliness", "及时率"), ("quality", "一次合格率"))


def overall(material: CircularMaterial) -> Iterator[Block]:
    """总体进展."""
    found, name = material.whole.rates, material.period.name
    yield _paragraph(
        say.handed_in(name, material.as_of, found),
        say.open_ends(len(material.to_review), len(material.returned)),
    )
    yield _paragraph(
        say.lateness(
            [late_words(material, one) for one in material.late],
            material.names(one.facts.item.unit for one in material.late),
            [one.days for one in material.late],
            material.whole.older,
            name,
        )
    )
    earlier = material.made_up_for
    open_ = sum(stage(f) in OWED for f in earlier)
    if told := say.recorded_later(material.since.day, len(earlier), open_):
        yield _paragraph(told)


def measures(material: CircularMaterial, book: Book) -> Iterator[Block]:
    """任务举措落实情况."""
    touched = {n: t for n, t in material.by_measure.items() if t.rates.due or t.late}
    behind = sorted((n for n, t in touched.items() if t.late), key=lambda n: -len(touched[n].late))
    clean = [n for n, t in touched.items() if t.clean]
    yield _paragraph(_measures_summed(material, touched, behind, clean))
    for number in behind[:MOST_MEASURES]:
        lead = f"{f'{number}.' if number is not None else ''}{material.measure_title(number)}。"
        told = _measure(material, touched[number])
        yield Paragraph(lead=lead, runs=plain(told))
    rest = behind[MOST_MEASURES:]
    if rest:
        yield _paragraph(f"其余{len(rest)}项举措的逾期情况见附件“{MEASURES}”。")
    told_figures = list(figures.done(material, book))
    if told_figures:
        yield _paragraph(
            f"据各单位报送并经审核的数据，今年以来（截至{chinese_date(material.until)}已结束的各期）："
        )
        yield from told_figures


def _measures_summed(
    material: CircularMaterial,
    touched: dict[int | None, Tally],
    behind: Sequence[int | None],
    clean: Sequence[int | None],
) -> str:
    name, total = material.period.name, sum(n is not None for n in touched)
    all_ = len(material.plan.measures)
    safeguards = "和组织保障工作" if None in touched else ""
    what = "到期或逾期事项" if behind else "到期事项"
    if not touched:
        return f"{name}各项任务举措没有到期事项，也没有逾期事项。"
    if not total:
        head = f"{name}只有组织保障工作有{what}"
    elif total == all_:
        head = f"{all_}项任务举措{safeguards}{say.all_of(all_)}有{what}"
    else:
        head = f"{all_}项任务举措中，{total}项{safeguards}有{what}"
    if not behind:
        return f"{head}，目前没有逾期的。{_clean(material, clean)}"
    if len(behind) == len(touched):
        return f"{head}，且{say.all_of(len(behind))}有逾期，需要加快推进。"
    return f"{head}，其中{len(behind)}项有逾期。{_clean(material, clean)}有逾期的情况如下："


def _clean(material: CircularMaterial, clean: Sequence[int | None]) -> str:
    if not clean:
        return ""
    titles = [f"“{material.measure_title(n)}”" for n in clean]
    shown = "".join(titles[:4]) if len(titles) <= 4 else "".join(titles[:3]) + f"等{len(titles)}项"
    return f"{shown}的到期事项{say.all_of(len(titles))}按期报送、一次审核通过。"


def _measure(material: CircularMaterial, tally: Tally) -> str:
    found, name = tally.rates, material.period.name
    units = material.names(one.facts.item.unit for one in tally.late)
    if not found.due:
        head = f"{name}没有到期事项"
    elif found.completeness.count == found.due:
        head = f"{name}到期{found.due}项，{say.all_of(found.due)}已报送"
    elif found.completeness.count:
        head = f"{name}到期{found.due}项，已报送{found.completeness.count}项"
    else:
        head = f"{name}到期{found.due}项，{say.all_of(found.due)}未报送{'或退回后未补正' if found.returned else ''}"
    count = len(tally.late)
    older = f"其中{tally.older}项" if tally.older < count else say.all_of(count)
    older = f"（{older}系{name}以前到期）" if tally.older else ""
    longest = f"{'最长' if count > 1 else '已'}逾期{tally.worst}个工作日"
    return f"{head}；逾期{count}项{older}，涉及{say.units_named(units)}，{longest}。"


def units(material: CircularMaterial) -> Iterator[Block]:
    """各单位完成情况."""
    clean = [u for u, t in material.by_unit.items() if t.clean]
    busy = [u for u, t in material.by_unit.items() if t.rates.due or t.late]
    behind = sorted(
        (u for u in busy if material.by_unit[u].late), key=lambda u: _lateness(material.by_unit[u])
    )
    untidy = [u for u in busy if u not in behind and material.by_unit[u].untidy]
    yield Heading(level=2, text="（一）完成较好的单位")
    yield _paragraph(_praised(material, material.names(clean), len(busy)))
    yield Heading(level=2, text="（二）需要加快进度的单位")
    yield _paragraph(_pressed(material, behind))
    if untidy:
        names = say.units_named(material.names(untidy))
        yield _paragraph(f"{names}没有逾期事项，但有事项未按期报送或经退回补正，请注意改进。")
    yield from ranked(material)


def ranked(material: CircularMaterial) -> Iterator[Block]:
    """The units by their score; nothing where none is reckoned, or all stand alike."""
    groups: dict[Decimal, list[str]] = {}
    for one in material.ranking:
        if one.points is not None:
            groups.setdefault(one.points, []).append(one.unit)
    if len(groups) < 2:
        return
    told = say.ranking([(points, material.names(groups[points])) for points in sorted(groups, reverse=True)])
    yield Heading(level=2, text="（三）计分排名")
    yield _paragraph(
        f"按方案确定的计分规则，{sum(map(len, groups.values()))}个单位参加{material.period.name}计分，{told}"
        f"各单位得分和位次见附件“{UNITS}”。"
    )


def _lateness(tally: Tally) -> tuple[int, int]:
    return -len(tally.late), -tally.worst


def _praised(material: CircularMaterial, clean: Sequence[str], busy: int) -> str:
    name = material.period.name
    if not busy:
        return f"{name}各单位没有到期事项。"
    if not clean:
        return f"{name}没有单位做到到期事项全部按期报送并一次审核通过，报送的及时性和质量有待提高。"
    who = "、".join(clean) + (f"{len(clean)}个单位" if len(clean) > 2 else "")
    praise = "予以肯定" if material.interim else "予以通报表扬"
    return f"{who}{name}到期事项全部按期报送、一次审核通过，{praise}。"


def _pressed(material: CircularMaterial, behind: Sequence[str]) -> str:
    if not behind:
        return "各单位均没有逾期事项。"
    if len(behind) == 1:
        own = material.by_unit[behind[0]]
        longest = f"最长的已逾期{own.worst}个工作日" if len(own.late) > 1 else f"已逾期{own.worst}个工作日"
        return f"{material.unit_name(behind[0])}有{len(own.late)}项事项逾期，{longest}。"
    told = "、".join(_counted(material, unit) for unit in behind[:MOST_UNITS])
    if len(behind) > MOST_UNITS:
        return f"{len(behind)}个单位有逾期事项，项数较多的依次为：{told}。其余单位的情况见附件“{UNITS}”。"
    return f"{len(behind)}个单位有逾期事项，按项数依次为：{told}。"


def _counted(material: CircularMaterial, unit: str) -> str:
    own = material.by_unit[unit]
    longest = f"最长{own.worst}个工作日" if len(own.late) > 1 else f"{own.worst}个工作日"
    return f"{material.unit_name(unit)}（{len(own.late)}项，{longest}）"


def changes(material: CircularMaterial) -> Iterator[Block]:
    """What has changed against the period before; nothing where there was none."""
    earlier = material.previous
    if earlier is None:
        return
    yield _paragraph(
        f"{_compared_head(material, earlier)}{_compared(earlier.whole.rates, material.whole.rates)}"
    )
    now = {f.item.key: f for f in material.known}
    late = {one.facts.item.key for one in material.late}
    gone = [now[one.facts.item.key] for one in earlier.late if one.facts.item.key not in late]
    done = sum(stage(f) not in OWED for f in gone)
    told = say.settled(len(earlier.late), done, len(gone) - done)
    turned = _turned(material, earlier)
    if told or turned:
        yield _paragraph(told, turned)


def _compared_head(material: CircularMaterial, earlier: CircularMaterial) -> str:
    return f"与{before_name(material)}同期（截至{chinese_date(earlier.as_of)}）相比，"


def before_name(material: CircularMaterial) -> str:
    """The period before, with its year where that is another one."""
    earlier = material.period.before
    return earlier.name if earlier.year == material.period.year else earlier.label


def _compared(before: Rates, now: Rates) -> str:
    told = say.compared((title, getattr(before, key), getattr(now, key)) for key, title in RATE_NAMES)
    return told or "其中一期没有到期事项，各项比率不作比较。"


def _turned(material: CircularMaterial, earlier: CircularMaterial) -> str:
    then = {u: len(t.late) for u, t in earlier.by_unit.items()}
    now = {u: len(t.late) for u, t in material.by_unit.items()}
    return say.turned(
        material.names(u for u in now if then[u] and not now[u]),
        material.names(u for u in now if 0 < now[u] < then[u]),
        material.names(u for u in now if now[u] > then[u]),
    )


def late_words(material: CircularMaterial, one: Late) -> say.LateItem:
    """A late item in words."""
    item = one.facts.item
    return say.LateItem(material.unit_name(item.unit), material.duty_title(one.facts), item.occurrence.label)


def _paragraph(*sentences: str) -> Paragraph:
    return Paragraph(runs=plain("".join(_told(sentences))))


def _told(sentences: Iterable[str]) -> Iterator[str]:
    return (sentence for sentence in sentences if sentence)
