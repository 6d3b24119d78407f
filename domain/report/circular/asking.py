"""The last part of a circular: what is asked of whom, by when (下一步工作要求)."""

from collections import Counter
from collections.abc import Iterator

from domain.numerals import chinese, chinese_date
from domain.report.blocks import Block, Heading, Paragraph, plain
from domain.report.circular import wording as say
from domain.report.circular.annexes import LATE, UNITS
from domain.report.circular.material import CircularMaterial
from domain.status import OWED, stage

MOST_ASKED = 12
"""Units that are asked by name; more are asked by the list in the annex."""


def asks(material: CircularMaterial) -> Iterator[Block]:
    """Every demand under a numbered heading."""
    for place, (heading, text) in enumerate(_asks(material), start=1):
        yield Heading(level=2, text=f"（{chinese(place)}）{heading}")
        yield Paragraph(runs=plain(text))


def _asks(material: CircularMaterial) -> Iterator[tuple[str, str]]:
    if material.late:
        yield "限期办结逾期事项", _mend(material)
    if material.returned:
        units = material.names(f.item.unit for f in material.returned)
        who, count = say.units_named(units), len(material.returned)
        yield "抓紧补正退回事项", f"请{who}对照退回理由，抓紧补正{count}项退回事项，按期重新报送。"
    yield from _later(material)
    if material.to_review:
        office = material.plan.leading_group.office.name
        yield (
            "及时审核报送材料",
            f"{len(material.to_review)}项待审核事项由{office}{say.by_day(material.mend_by.date)}审核完毕。",
        )
    if material.ahead:
        yield "提前安排后续工作", _ahead(material)
    elif not material.late:
        yield "保持工作力度", "请各单位继续按期、保质完成各项工作，及时在平台报送。"
    yield "及时签收", "请各单位收到本通报后登录平台签收，由联络员报分管负责同志阅知。"


def _mend(material: CircularMaterial) -> str:
    late, when = material.late, say.by_day(material.mend_by.date)
    units = material.names(one.facts.item.unit for one in late)
    listed, count = f"附件“{LATE}”所列", f"{len(late)}项" if len(late) > 1 else ""
    if len(units) > MOST_ASKED:
        text = (
            f"请{listed}{len(units)}个单位{when}完成{count}逾期事项的报送或补正；确有困难的，书面说明情况。"
        )
    else:
        who = say.units_named(units, most=MOST_ASKED)
        text = f"请{who}{when}完成{listed}{count}逾期事项的报送或补正；确有困难的，书面说明情况。"
    limit = material.plan.rules.circular.explain_after_workdays
    grave = [one for one in late if one.days > limit]
    if not grave:
        return text
    owing = material.names(one.facts.item.unit for one in grave)
    leaders = (
        f"有关{len(owing)}个单位" if len(owing) > MOST_ASKED else say.units_named(owing, most=MOST_ASKED)
    )
    office = material.plan.leading_group.office.name
    which = "上述事项逾期" if len(grave) == len(late) else f"其中{len(grave)}项逾期"
    if len(grave) == len(late) > 1:
        which = "上述事项逾期均"
    return f"{text}{which}超过{limit}个工作日，请{leaders}分管负责同志牵头督办，并于同日前向{office}书面说明原因和整改措施。"


def _later(material: CircularMaterial) -> Iterator[tuple[str, str]]:
    left = [f for f in material.made_up_for if stage(f) in OWED]
    if left:
        units = say.units_named(material.names(f.item.unit for f in left))
        text = (
            f"请{units}尽快补录平台启用或列入方案以前到期的{len(left)}项事项，当时没有发生的，报“本期无此情形”；"
            f"各单位项数见附件“{UNITS}”。"
        )
        yield "补录以前到期事项", text


def _ahead(material: CircularMaterial) -> str:
    """What falls due next, month by month."""
    period = material.period if material.interim else material.period.following
    name = period.name if period.year == material.period.year else period.label
    months = Counter((f.item.due.year, f.item.due.month) for f in material.ahead)
    first = min(f.item.due for f in material.ahead)
    head = f"{name}{'还' if material.interim else ''}将有{len(material.ahead)}项事项到期"
    if len(material.ahead) == 1:
        (one,) = material.ahead
        unit, title = material.unit_name(one.item.unit), say.quiet(material.duty_title(one))
        return f"{name}将有1项事项到期，为{unit}的“{title}”，请{say.by_day(first)}报送。"
    if len(months) == 1:
        return f"{head}，最早的于{chinese_date(first)}截止，请有关单位提前安排、按期报送。"
    told = "、".join(f"{month}月{count}项" for (_, month), count in sorted(months.items()))
    return f"{head}，其中{told}，最早的于{chinese_date(first)}截止，请有关单位提前安排、按期报送。"
