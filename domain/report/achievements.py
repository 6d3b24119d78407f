"""Part two of the consolidated report: 主要做法与成效, action by action and measure by measure.

Each measure's paragraph begins with its published figures, then gives the departments' own accepted words, shortened
to whole sentences. Townships and streets do the same work many times over: they are counted, and at most
``LOCAL_EXAMPLES`` of them speak (:meth:`domain.report.material.Material.best_first`).
"""

from collections.abc import Iterator, Sequence

from domain.entries import measure_slot
from domain.numerals import chinese
from domain.plan import Action, Measure, Unit
from domain.report.blocks import Block, Heading, Paragraph, Run
from domain.report.figures import district_figure, printable
from domain.report.material import LOCAL_EXAMPLES, Material
from domain.report.prose import brief, runs, told_by
from domain.report.release import ReleasedFigure
from domain.report.sums import parts_of
from domain.status import Light

DEPARTMENT_CHARACTERS = 110
LOCAL_CHARACTERS = 70
MOST_FIGURES = 6


def achievements(material: Material) -> Iterator[Block]:
    """The blocks of 二、主要做法与成效."""
    yield Heading(level=1, text="二、主要做法与成效")
    for place, action in enumerate(material.plan.actions, start=1):
        yield Heading(level=2, text=f"（{chinese(place)}）{action.name}")
        for measure in _measures(material, action):
            yield Paragraph(lead=f"{measure.number}.{measure.title}。", runs=told(material, measure))


def told(material: Material, measure: Measure) -> tuple[Run, ...]:
    """What is told of one measure: figures, departments' words, how far the townships are."""
    parts: list[str | Run] = list(figure_sentence(material, measure))
    units = [material.plan.units_by_id[u] for u in material.plan.measure_units(measure.number)]
    departments = [unit for unit in units if not material.is_local(unit)]
    parts += [_words(material, unit, measure, DEPARTMENT_CHARACTERS) for unit in departments]
    parts += _local(material, measure, [unit for unit in units if material.is_local(unit)])
    if not any(parts):
        parts.append("承担单位的工作进展情况尚未报送或尚未审核通过，暂无可汇总的内容。")
    return runs(parts)


def figure_sentence(material: Material, measure: Measure) -> Iterator[str | Run]:
    """One sentence with the district's published figures of a measure; nothing where there are none."""
    yield from sentence(tuple(measure_figures(material, measure)))


def sentence(found: Sequence[ReleasedFigure]) -> Iterator[str | Run]:
    """One sentence with those figures that are published and not zero; nothing where there are none."""
    figures = [f for f in found if f.shown][:MOST_FIGURES]
    for place, figure in enumerate(figures):
        before, after = figure.indicator.told_around
        yield ("，" if place else "") + before
        yield figure.ref()
        yield after
    if any(figure.gaps for figure in figures):
        yield "（部分数据尚未报齐）"
    if figures:
        yield "。"


def measure_figures(material: Material, measure: Measure) -> Iterator[ReleasedFigure]:
    """A measure's own figures: no breakdowns, no groups of children, and no parts of a rate told before them."""
    told: set[str] = set()
    for indicator in printable(material.plan):
        if indicator.measures[0] != measure.number or indicator.part_of or indicator.overlaps:
            continue
        figure = district_figure(material.book, indicator, material)
        if figure is not None and indicator.id not in told:
            yield figure
            told.update(parts_of(indicator) if figure.shown else ())


def _measures(material: Material, action: Action) -> Iterator[Measure]:
    return (m for m in material.plan.measures if m.action == action.id)


def _words(material: Material, unit: Unit, measure: Measure, limit: int) -> str:
    report = material.accepted_report(unit.id)
    text = "" if report is None else report.passage(measure_slot(measure.number))
    return told_by(unit, brief(text, limit))


def _local(material: Material, measure: Measure, units: list[Unit]) -> Iterator[str]:
    """How many townships and streets are on their way, and the words of some."""
    lights = [
        material.lights[u.id, measure.number] for u in units if (u.id, measure.number) in material.lights
    ]
    if lights:
        behind = sum(light in {Light.YELLOW, Light.RED} for light in lights)
        yield f"{len(lights)}个{material.local_name}"
        yield f"中，{behind}个有事项需要督促，其余按计划推进。" if behind else "均按计划推进本项工作。"
    spoken = (_words(material, unit, measure, LOCAL_CHARACTERS) for unit in material.best_first(units))
    yield from [words for words in spoken if words][:LOCAL_EXAMPLES]
