"""Items over the API: lists, what is asked for, and the versions handed in."""

from datetime import date, datetime

from pydantic import Field

from domain.canonical import decimal_text
from domain.entries import State
from domain.entry_check import indicators, slots
from domain.facts import ItemFacts, Submission, Verdict
from domain.plan import Plan
from domain.plausibility import LastFigure
from domain.status import Stage, stage
from portal.api.shapes import Citation, Shape, citations
from services.attachments import Files
from services.intake import receipt_number
from services.unit_items import UnitItem


class ReviewShape(Shape):
    """The office's verdict."""

    verdict: Verdict = Field(description="通过或退回")
    reason: str = Field(description="退回理由")
    at: datetime = Field(description="审核时间")


class PassageShape(Shape):
    """A piece of narrative as stored."""

    slot: str
    text: str


class FigureShape(Shape):
    """A figure as stored."""

    indicator: str
    value: str | None = Field(description="数值，十进制字符串；没有数据时为 null")
    remark: str


class Version(Shape):
    """One version of what was handed in."""

    version: int = Field(description="第几版")
    receipt: str = Field(description="回执编号")
    state: State
    by: str = Field(description="填报人")
    at: datetime
    door: str = Field(description="报送途径：page 页面，excel 填报表，api 接口")
    content_sha256: str
    passages: list[PassageShape]
    figures: list[FigureShape]
    attachments: list[str] = Field(description="随本版报送的附件（校验值）")
    review: ReviewShape | None = Field(description="审核意见；尚未审核时为 null")

    @classmethod
    def of(cls, found: Submission, files: Files) -> "Version":
        """A version as it is sent."""
        review = found.review
        return cls(
            version=found.version,
            receipt=receipt_number(found.id, found.at),
            state=found.state,
            by=found.by,
            at=found.at,
            door=found.door,
            content_sha256=found.content_sha256,
            passages=[PassageShape(slot=p.slot, text=p.text) for p in found.passages],
            figures=[
                FigureShape(
                    indicator=f.indicator,
                    value=None if f.value is None else decimal_text(f.value),
                    remark=f.remark,
                )
                for f in found.figures
            ],
            attachments=[file.sha256 for file in files.handed_in.get(found.id, ())],
            review=ReviewShape(verdict=review.verdict, reason=review.reason, at=review.at)
            if review
            else None,
        )


class Versions(Shape):
    """Every version of an item, oldest first."""

    item: str
    versions: list[Version]


class ItemShape(Shape):
    """An item (事项)."""

    key: str = Field(description="事项编号")
    title: str = Field(description="职责名称")
    duty: str
    measure: int | None = Field(description="任务举措编号；综合类为 null")
    period: str = Field(description="报送期", examples=["2025年第三季度"])
    year: int
    opens: date = Field(description="起报日")
    due: date = Field(description="截止日（含当日；准予延期的，为延期后的）")
    stage: Stage = Field(description="所处环节")
    version: int | None = Field(description="最新一版；未报送为 null")
    submitted_at: datetime | None = Field(description="最新一版收到的时间")

    @classmethod
    def of(cls, plan: Plan, item: UnitItem) -> "ItemShape":
        """An item of a list."""
        return cls(
            key=item.key,
            title=_title(plan, item.duty),
            duty=item.duty,
            measure=item.measure,
            period=item.period_label,
            year=item.year,
            opens=item.opens,
            due=item.due,
            stage=item.stage,
            version=item.version,
            submitted_at=item.submitted_at,
        )


class Items(Shape):
    """A part of a unit's items; ``next`` leads to the next part."""

    items: list[ItemShape]
    next: int | None = Field(description="下一部分的 cursor；没有更多时为 null")


class Slot(Shape):
    """A place for narrative."""

    slot: str
    name: str


class LastShape(Shape):
    """Last period's figure."""

    value: str
    period: str


class Wanted(Shape):
    """A figure that is asked for."""

    indicator: str
    name: str
    unit: str = Field(description="计量单位")
    decimals: int = Field(description="最多几位小数")
    definition: str = Field(description="口径")
    last: LastShape | None = Field(description="上期数值；没有时为 null")


class Why(Shape):
    """Why something is asked for."""

    demand: str = Field(description="要求")
    evidence: str = Field(description="佐证材料")
    document: str = Field(description="发文字号")
    citations: list[Citation]


class ItemDetail(ItemShape):
    """An item with what is asked for, why, and what was handed in last."""

    act_by: date = Field(description="截止日或其前最后一个工作日")
    slots: list[Slot] = Field(description="文字栏目")
    indicators: list[Wanted] = Field(description="须填报的指标")
    why: Why | None = Field(description="依据；现行方案已无此职责的为 null")
    newest: Version | None = Field(description="最新一版；未报送为 null")

    @classmethod
    def told(cls, plan: Plan, facts: ItemFacts, last: dict[str, LastFigure], files: Files) -> "ItemDetail":
        """An item as a unit's system needs it to hand in."""
        item, latest = facts.item, facts.latest
        duty = plan.duties_by_id.get(item.duty)
        return cls(
            **_basics(plan, facts),
            act_by=item.act_by,
            slots=[Slot(slot=slot, name=name) for slot, name in slots(plan, duty, item.unit).items()],
            indicators=[
                Wanted(
                    indicator=i.id,
                    name=i.name,
                    unit=i.unit,
                    decimals=i.decimals,
                    definition=i.definition,
                    last=_last(last.get(i.id)),
                )
                for i in indicators(plan, duty, item.unit)
            ],
            why=Why(
                demand=duty.demand,
                evidence=duty.evidence,
                document=plan.document.number,
                citations=citations(plan, duty.cites),
            )
            if duty
            else None,
            newest=Version.of(latest, files) if latest else None,
        )


def _basics(plan: Plan, facts: ItemFacts) -> dict[str, object]:
    item, latest = facts.item, facts.latest
    return {
        "key": item.key,
        "title": _title(plan, item.duty),
        "duty": item.duty,
        "measure": item.measure,
        "period": item.occurrence.label,
        "year": item.year,
        "opens": item.occurrence.opens,
        "due": item.due,
        "stage": stage(facts),
        "version": latest.version if latest else None,
        "submitted_at": latest.at if latest else None,
    }


def _title(plan: Plan, duty: str) -> str:
    """What an item is called; the code of its duty where the plan in force no longer has it."""
    known = plan.duties_by_id.get(duty)
    return known.title if known else duty


def _last(figure: LastFigure | None) -> LastShape | None:
    return LastShape(value=decimal_text(figure.value), period=figure.period) if figure else None
