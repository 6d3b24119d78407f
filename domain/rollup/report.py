"""The consolidated report over districts: the same kind of official report upward as a district's own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from domain.rates import Rates
from domain.report.annual import BLANK, CLOSING_WORDS
from domain.report.blocks import Block, Document, Heading, Letterhead, Paragraph, plain
from domain.report.material import Issue
from domain.rollup import tables
from domain.rollup.frame import Frame, Matching
from domain.rollup.senders import Sender
from domain.rollup.totals import Total, measure_totals, rates_of, totals

MOST_NAMED = 10
"""Districts named in a sentence; more are counted."""
TOLD = 6
"""Districts whose own words the report gives."""


@dataclass(frozen=True)
class RollUp:
    """What a report over districts is written from.

    Attributes:
        year: the year reported on.
        day: of the report.
        senders: the packages, in the frame's order of districts and then by name.
    """

    frame: Frame
    year: int
    day: date
    senders: tuple[Sender, ...]
    issue: Issue

    @cached_property
    def matching(self) -> Matching:
        """What corresponds to what."""
        return Matching(self.frame, tuple(sender.summary for sender in self.senders))

    @cached_property
    def rates(self) -> Rates:
        """The rates over all districts."""
        return rates_of(summary.standing for summary in self.matching.summaries)

    @cached_property
    def totals(self) -> tuple[Total, ...]:
        """Every indicator over all districts."""
        return totals(self.matching)


def consolidated(rollup: RollUp) -> Document:
    """The consolidated report over the districts of a year."""
    spec = rollup.frame.report
    return Document(
        title=f"{spec.issuer}关于{rollup.year}年度{spec.subject}工作进展情况的报告",
        author=spec.issuer,
        day=rollup.day,
        sample=rollup.issue.sample,
        face=tuple(_face(rollup)),
        letterhead=Letterhead(
            heading=spec.heading,
            number=rollup.issue.number or f"{spec.number_prefix}〔{rollup.day.year}〕　　号",
            signatory=rollup.issue.signatory or BLANK,
            addressee=spec.addressee,
            issuer=spec.issuer,
            signed=rollup.day,
            copies=spec.copies,
            printer=spec.printer,
            printed=rollup.day,
        ),
        blocks=(
            Paragraph(
                runs=plain(
                    f"现将{rollup.frame.region}{rollup.year}年度{spec.subject}工作进展情况汇总报告如下："
                )
            ),
            *_overview(rollup),
            *_measures(rollup),
            *_figures(rollup),
            *_words(rollup),
            Paragraph(runs=plain(CLOSING_WORDS)),
        ),
        annexes=tables.annexes(rollup.senders, rollup.matching, rollup.totals),
    )


def _face(rollup: RollUp) -> Iterator[str]:
    """What must be known before anything else is read."""
    if rollup.matching.missing:
        missing = rollup.matching.missing
        yield f"{len(missing)}个地区尚未报送，数据未计入：{_named(missing)}。"
    unknown = [s.summary.region for s in rollup.senders if not s.known]
    if unknown:
        yield f"{len(unknown)}个地区的签名公钥未登记，来源尚待核对：{_named(unknown)}。"
    if rollup.matching.unmatched:
        yield f"有{len(rollup.matching.unmatched)}项举措或指标在汇总口径中没有对应项，未计入，详见“未计入事项清单”。"


def _overview(rollup: RollUp) -> Iterator[Block]:
    summaries = rollup.matching.summaries
    units = sum(len(s.units) for s in summaries)
    yield Heading(level=1, text="一、总体情况")
    expected = len(summaries) + len(rollup.matching.missing)
    sent = (
        f"应报送的{expected}个地区中，{len(summaries)}个"
        if rollup.matching.missing
        else f"{len(summaries)}个地区均"
    )
    yield Paragraph(
        runs=plain(
            f"{sent}已报送年度工作进展情况，共涉及{units}个单位、{len(rollup.matching.measures)}项任务举措。"
        )
    )
    yield Paragraph(runs=plain(_rates(rollup.rates)))
    yield tables.by_district(rollup.senders)


def _rates(found: Rates) -> str:
    if not found.due:
        return "各地区事项均未到期。"
    return (
        f"到期事项共{found.due}项，已报送{found.completeness.count}项，完整率{found.completeness.text()}；"
        f"首次报送未过期限的{found.timeliness.count}项，及时率{found.timeliness.text()}；"
        f"及时、通过且未退回的{found.quality.count}项，一次合格率{found.quality.text()}。"
    )


def _measures(rollup: RollUp) -> Iterator[Block]:
    yield Heading(level=1, text="二、任务举措推进情况")
    found = measure_totals(rollup.matching)
    due = [m for m in found if m.rates.due]
    whole = [m for m in due if m.rates.completeness.count == m.rates.due]
    behind = sorted(
        (m for m in due if m.rates.completeness.count < m.rates.due),
        key=lambda m: m.rates.completeness.percent or 0,
    )
    if due and not behind:
        yield Paragraph(runs=plain(f"有到期事项的{len(due)}项举措，事项均已报送。"))
    elif due:
        start = f"有到期事项的{len(due)}项举措中，{len(whole)}项的事项已全部报送。" if whole else ""
        low = "；".join(f"“{m.measure.title}”{m.rates.completeness.text()}" for m in behind[:3])
        yield Paragraph(runs=plain(f"{start}完整率较低的是：{low}。"))
    yield tables.by_measure(found)


def _figures(rollup: RollUp) -> Iterator[Block]:
    yield Heading(level=1, text="三、主要指标情况")
    told = [t for t in rollup.totals if t.value is not None]
    if not told:
        yield Paragraph(runs=plain("各地区均无可汇总的指标数据。"))
        return
    partial = sum(bool(t.withheld or t.missing) for t in told)
    note = f"其中{partial}项未含部分地区的数据（表中以“▲”标注）。" if partial else ""
    yield Paragraph(
        runs=plain(
            f"据各地区公布的数据汇总，可合计的指标共{len(told)}项。{note}各类儿童之间有交叉，分别统计，不作合计。"
        )
    )
    yield tables.by_indicator(rollup.totals)


def _words(rollup: RollUp) -> Iterator[Block]:
    summaries = rollup.matching.summaries
    yield Heading(level=1, text="四、工作亮点")
    yield from _told([(s.region, s.highlights) for s in summaries], "各地区未报送亮点材料。")
    yield Heading(level=1, text="五、存在问题")
    late = [s for s in summaries if s.standing.complete < s.standing.due]
    if late:
        listed = sorted(late, key=lambda s: s.standing.complete - s.standing.due)
        names = [f"{s.region}{s.standing.due - s.standing.complete}项" for s in listed]
        yield Paragraph(runs=plain(f"{len(late)}个地区有到期事项尚未报送：{_named(names)}。"))
    yield from _told([(s.region, s.shortcomings) for s in summaries], "" if late else "各地区未反映问题。")


def _told(words: Sequence[tuple[str, tuple[str, ...]]], otherwise: str) -> Iterator[Block]:
    """One unit's words for each of some districts that say different things."""
    told: dict[str, str] = {}
    for region, said in words:
        new = next((one for one in said if one not in told), None)
        if new is not None:
            told[new] = region
    for text, region in list(told.items())[:TOLD]:
        yield Paragraph(runs=plain(f"{region}：{text}"))
    if len(told) > TOLD:
        yield Paragraph(runs=plain(f"其余{len(told) - TOLD}个地区的情况见各自年度报告。"))
    if not told and otherwise:
        yield Paragraph(runs=plain(otherwise))


def _named(names: Sequence[str]) -> str:
    if len(names) <= MOST_NAMED:
        return "、".join(names)
    return f"{'、'.join(names[:MOST_NAMED])}等{len(names)}个"
