"""What a reader of a year's tables knows about how their figures hang together, for the rule on small counts.

Figures that no table prints, but that readers can work out, stand here too: who was due but not visited, the level at
the turn of the year, the parts of a rate that leaves a unit out, and everything of earlier years' reports.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from domain.aggregate import Figure, Key
from domain.counts import RawCount, Sensitivity
from domain.plan import Indicator, Plan
from domain.report.sums import DISTRICT, Sums, parts_of
from domain.suppression import AtMost, Cell, Equation, Link, Ratio, Table

CHILDREN = (Sensitivity.COUNT, Sensitivity.SENSITIVE)


@dataclass
class _Builder:
    """Cells and relations of one year as they are put together."""

    plan: Plan
    year: int
    sums: Sums
    cells: list[Cell] = field(default_factory=list)
    equations: list[Equation] = field(default_factory=list)
    bounds: list[AtMost] = field(default_factory=list)
    ratios: list[Ratio] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def id(self, indicator: str, unit: str) -> str:
        return cell_id(self.year, (indicator, unit))

    def has(self, *indicators: str, unit: str) -> bool:
        return all((i, unit) in self.sums.figures for i in indicators)

    def value(self, indicator: str, unit: str) -> Decimal | None:
        return self.sums.figures[indicator, unit].value

    def unprinted(self, name: str, value: Decimal | None, sensitivity: Sensitivity) -> None:
        raw = None if value is None else RawCount(value)
        self.cells.append(Cell(name, raw, sensitivity, printed=False))


@dataclass(frozen=True)
class Opening:
    """The levels at the turn of the year, of the stocks that carry over.

    ``printed`` are those that the earlier year's report prints as they are: it spoke of the whole year.
    """

    figures: Mapping[Key, Figure] = field(default_factory=dict)
    printed: frozenset[Key] = frozenset()


def cell_id(year: int, key: Key) -> str:
    """The name of a figure among the cells of several years."""
    return f"{year}|{key[0]}|{key[1]}"


def relations(plan: Plan, sums: Sums, year: int, opening: Opening, earlier: Table) -> Table:
    """Every cell and relation of a year's report.

    Args:
        plan: says how figures hang together and what is sensitive.
        sums: the year's figures.
        year: the year.
        opening: the levels from which the year started; none in the first year.
        earlier: the table of the year before as readers were given it (:func:`as_published`).
    """
    build = _Builder(plan, year, sums)
    for key, figure in sums.figures.items():
        raw = None if figure.value is None else RawCount(figure.value)
        build.cells.append(Cell(cell_id(year, key), raw, _sensitivity(plan.indicators_by_id[key[0]])))
    _unit_sums(build)
    _breakdowns(build)
    _identities(build)
    _rates(build)
    _links(build)
    _balances(build, opening)
    return Table(
        cells=(*build.cells, *earlier.cells),
        equations=(*build.equations, *earlier.equations),
        bounds=(*build.bounds, *earlier.bounds),
        ratios=tuple(build.ratios),
        links=tuple(build.links),
        already_published=earlier.already_published,
    )


def as_published(table: Table, shown: Iterable[str]) -> Table:
    """A table as the next year's readers know it: what was shown stays known, the rest must stay unknown.

    Of what was withheld they know that it is not 0: zeros were shown.
    Its rates and amounts are left out: one is printed only where what it is reckoned from is printed too.
    """
    dropped = {ratio.percentage for ratio in table.ratios} | {link.amount for link in table.links}
    known = {*table.already_published, *shown}
    kept = tuple(
        Cell(
            c.id,
            c.value,
            c.sensitivity,
            printed=False,
            marked=c.marked or (c.printed and c.value is not None and c.id not in known),
        )
        for c in table.cells
        if c.id not in dropped
    )
    names = {cell.id for cell in kept}
    return Table(
        cells=kept,
        equations=tuple(e for e in table.equations if names.issuperset(e.terms)),
        bounds=tuple(b for b in table.bounds if {b.part, b.whole} <= names),
        already_published=frozenset(names & known),
    )


def _sensitivity(indicator: Indicator) -> Sensitivity:
    """A rate is no count of children: it is withheld with its parts, not because 5.0 looks small."""
    if indicator.ratio is not None and indicator.sensitivity is not Sensitivity.INTERNAL:
        return Sensitivity.OPEN
    return indicator.sensitivity


def _places(plan: Plan) -> tuple[str, ...]:
    return (DISTRICT, *plan.units_by_id)


def _unit_sums(build: _Builder) -> None:
    for indicator in build.plan.indicators:
        if indicator.ratio is not None or not build.has(indicator.id, unit=DISTRICT):
            continue
        units = [u for u in build.plan.suppliers(indicator) if build.has(indicator.id, unit=u)]
        if units:
            whole, parts = build.id(indicator.id, DISTRICT), [build.id(indicator.id, u) for u in units]
            build.equations.append(Equation.total(whole, parts))


def _breakdowns(build: _Builder) -> None:
    families: dict[tuple[str, str], list[str]] = {}
    for indicator in build.plan.indicators:
        if indicator.part_of is not None:
            families.setdefault((indicator.part_of, indicator.breakdown or ""), []).append(indicator.id)
    for (whole, _), parts in families.items():
        for unit in _places(build.plan):
            if build.has(whole, *parts, unit=unit):
                terms = [build.id(part, unit) for part in parts]
                build.equations.append(Equation.total(build.id(whole, unit), terms))


def _identities(build: _Builder) -> None:
    for identity in build.plan.identities:
        signs = {**dict.fromkeys(identity.left, 1), **dict.fromkeys(identity.right, -1)}
        for unit in _places(build.plan):
            if build.has(*signs, unit=unit):
                build.equations.append(Equation({build.id(i, unit): sign for i, sign in signs.items()}))


def _rates(build: _Builder) -> None:
    """Each percentage with its parts, and what the parts leave over."""
    for rate in build.plan.indicators:
        if rate.ratio is None:
            continue
        for unit in _places(build.plan):
            if build.has(*parts_of(rate), unit=unit):
                top, bottom = (build.id(part, unit) for part in parts_of(rate))
                values = [build.value(part, unit) for part in parts_of(rate)]
                if unit == DISTRICT and not build.sums.whole_coverage(build.plan, rate):
                    top, bottom = _covered_parts(build, rate)
                    values = [_covered_sum(build, part, rate) for part in parts_of(rate)]
                if build.has(rate.id, unit=unit):
                    build.ratios.append(Ratio(build.id(rate.id, unit), top, bottom))
                _remainder(build, rate, unit, (top, bottom), values)


def _remainder(
    build: _Builder, rate: Indicator, unit: str, parts: tuple[str, str], values: list[Decimal | None]
) -> None:
    """Whole less part, as 应读 less 在读: readers see it, so it is protected unless it tells nothing of a child."""
    part, whole = values
    if part is None or whole is None or part > whole:
        return
    kinds = {build.plan.indicators_by_id[i].sensitivity for i in parts_of(rate)}
    harmless = rate.ratio is not None and rate.ratio.remainder_open
    if harmless or not kinds.issubset(CHILDREN):
        build.bounds.append(AtMost(*parts))
        return
    name = f"{build.id(rate.id, unit)}|remainder"
    strict = Sensitivity.SENSITIVE if kinds == {Sensitivity.SENSITIVE} else Sensitivity.COUNT
    build.unprinted(name, whole - part, strict)
    build.equations.append(Equation.total(parts[1], [parts[0], name]))


def _covered_sum(build: _Builder, part: str, rate: Indicator) -> Decimal:
    return sum((build.value(part, u) or Decimal(0) for u in build.sums.coverage[rate.id]), Decimal(0))


def _covered_parts(build: _Builder, rate: Indicator) -> tuple[str, str]:
    """Unprinted sums over the units that gave both parts, which the district's rate is really of."""
    names = []
    for part in parts_of(rate):
        name = f"{build.id(part, DISTRICT)}|{rate.id}"
        indicator = build.plan.indicators_by_id[part]
        covered = build.sums.coverage[rate.id]
        value = _covered_sum(build, part, rate) if covered else None
        build.unprinted(name, value, indicator.sensitivity)
        if covered:
            build.equations.append(Equation.total(name, [build.id(part, u) for u in covered]))
        names.append(name)
    return names[0], names[1]


def _links(build: _Builder) -> None:
    for amount, unit in build.sums.figures:
        for count in build.plan.indicators_by_id[amount].linked:
            if build.has(count, unit=unit):
                build.links.append(Link(build.id(amount, unit), build.id(count, unit)))


def _balances(build: _Builder, opening: Opening) -> None:
    """期末数 = 期初数 + 新增 - 退出, with the level at the turn of the year as an unprinted figure of its own."""
    for balance in build.plan.balances:
        opened = [unit for unit in _places(build.plan) if (balance.stock, unit) in opening.figures]
        for unit in opened:
            name = _opening_cell(build, opening, (balance.stock, unit))
            flows = (balance.entered, balance.left)
            if build.has(balance.stock, *flows, unit=unit):
                entered, left = (build.id(flow, unit) for flow in flows)
                build.equations.append(Equation.stock(build.id(balance.stock, unit), name, entered, left))
        parts = [_opening_id(build, balance.stock, unit) for unit in opened if unit != DISTRICT]
        if DISTRICT in opened and parts:
            build.equations.append(Equation.total(_opening_id(build, balance.stock, DISTRICT), parts))


def _opening_cell(build: _Builder, opening: Opening, key: Key) -> str:
    name = _opening_id(build, *key)
    build.unprinted(name, opening.figures[key].value, build.plan.indicators_by_id[key[0]].sensitivity)
    if key in opening.printed:
        build.equations.append(Equation({name: 1, cell_id(build.year - 1, key): -1}))
    return name


def _opening_id(build: _Builder, stock: str, unit: str) -> str:
    return f"{build.id(stock, unit)}|opening"
