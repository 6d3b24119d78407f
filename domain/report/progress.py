"""How far the year's items are, action by action: the table of 组织推进情况."""

from collections.abc import Iterable, Sequence

from domain.facts import ItemFacts
from domain.rates import Rates, rates
from domain.report.blocks import Cell, Column, Row, Table
from domain.report.material import Material


def by_action(material: Material, facts: Sequence[ItemFacts]) -> Table:
    """Items due, handed in and in time, by action; those of no measure (保障措施) and the sum stand at the end.

    Args:
        material: the plan, and the day from which is looked.
        facts: the items in question.
    """
    plan = material.plan
    rows = []
    for action in plan.actions:
        numbers = {m.number for m in plan.measures if m.action == action.id}
        own = [f for f in facts if f.item.measure in numbers]
        rows.append(_row(material, action.name, str(len(numbers)), own))
    others = [f for f in facts if f.item.measure is None]
    if others:
        rows.append(_row(material, "组织保障", "—", others))
    total = _row(material, "合计", str(len(plan.measures)), facts)
    return Table(
        caption="各项行动进展情况",
        columns=(
            Column(title="行动", share=46),
            Column(title="举措", share=14, align="right"),
            Column(title="到期事项", share=20, align="right"),
            Column(title="已报送", share=18, align="right"),
            Column(title="完整率", share=18, align="right"),
            Column(title="及时率", share=18, align="right"),
            Column(title="一次合格率", share=22, align="right"),
        ),
        rows=(*rows, total.model_copy(update={"kind": "total"})),
        notes=(
            "完整率：已报送且未退回的占比；及时率：首次报送未逾期的占比；一次合格率：及时通过且未退回的占比。",
        ),
        small=True,
    )


def rates_told(found: Rates) -> str:
    """How items stand that have fallen due, to be led in by whose they are: 到期事项14项，已报送13项，….

    Args:
        found: over items of which one at least is due.
    """
    head = f"到期事项{found.due}项，"
    if not found.completeness.count:
        every = "均" if found.due > 1 else ""
        return f"{head}{every}未报送{'或退回后未补正' if found.returned else ''}。"
    return (
        f"{head}已报送{found.completeness.count}项，报送完整率{found.completeness.text()}、"
        f"及时率{found.timeliness.text()}、一次合格率{found.quality.text()}。"
    )


def _row(material: Material, name: str, measures: str, facts: Iterable[ItemFacts]) -> Row:
    found = rates(facts, material.as_of)
    texts = (
        name,
        measures,
        str(found.due),
        str(found.completeness.count),
        found.completeness.text(),
        found.timeliness.text(),
        found.quality.text(),
    )
    return Row(cells=tuple(Cell(text=text) for text in texts))
