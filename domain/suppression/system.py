"""What a reader knows, as integer equations over cells, and which cells may still vary.

Protection is proved by construction: a withheld figure is safe when there are other tables that
agree with everything published and show it as far away as demanded. Such a table is reached from
the true one by changing cells that readers do not know, in steps that keep every equation. So no
right-hand sides are needed, and figures that disagree with their total do no harm.
"""

from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from domain.counts import Sensitivity
from domain.suppression.scale import decimal_places, grade_of
from domain.suppression.table import Cell, Table

_CHILDREN = (Sensitivity.COUNT, Sensitivity.SENSITIVE)


@dataclass(slots=True, eq=False)
class System:
    """Cells by index (in order of their ids, slack variables last) and the equations over them.

    Attributes:
        ids: Names; slack variables have none.
        value: Figures as integers, in units of the last decimal place in use (`scale`).
        floor: Lowest value a reader must be allowed to think possible. A published table shows
            its zeros (but for sensitive groups), so what it withholds is known to be 1 or more.
        scale: 10 to the number of decimal places.
        fixed: Known to readers, whatever is withheld now.
        free: Never published, so that it may vary without anything being withheld for it.
        hidden: Withheld so far, or free.
        grade: Cost of withholding, by size.
        equations: Coefficients by cell.
        member: Equations of each cell.
        group: Cells that are withheld together.
        known_figure: Whether a cell has a value, reported or worked out.
        plain: Whether an equation only adds and subtracts.
    """

    ids: list[str]
    value: list[int]
    floor: list[int]
    scale: list[int]
    fixed: list[bool]
    free: list[bool]
    hidden: list[bool]
    grade: list[int]
    equations: list[dict[int, int]]
    member: list[list[int]]
    group: dict[int, list[int]]
    known_figure: list[bool]
    plain: list[bool] = field(default_factory=list)
    _loose: list[list[tuple[int, int]]] = field(default_factory=list)
    _ranked: dict[int, list[int]] = field(default_factory=dict)
    _first: dict[int, int] = field(default_factory=dict)
    _largest: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.plain = [all(abs(c) == 1 for c in e.values()) for e in self.equations]
        self._loose = [
            sorted((-self.value[i], i) for i in equation if self.hidden[i] and not self.fixed[i])
            for equation in self.equations
        ]

    def hide(self, cell: int) -> None:
        """Withhold a cell: from now on readers do not know it."""
        if self.hidden[cell]:
            return
        self.hidden[cell] = True
        if not self.fixed[cell]:
            for equation in self.member[cell]:
                insort(self._loose[equation], (-self.value[cell], cell))

    def loose(self, equation: int) -> Iterator[int]:
        """Cells of an equation that may vary, largest first."""
        return (cell for _, cell in self._loose[equation])

    def publishable(self, equation: int) -> Iterator[int]:
        """Cells of an equation that could be withheld besides, cheapest first, zeros last."""
        ranked = self._ranked.get(equation)
        if ranked is None:
            ranked = sorted(
                (i for i in self.equations[equation] if not self.fixed[i]),
                key=lambda i: (not self.value[i], self.grade[i], i),
            )
            self._ranked[equation] = ranked
        first = self._first.get(equation, 0)
        while first < len(ranked) and self.hidden[ranked[first]]:
            first += 1
        self._first[equation] = first
        return (ranked[i] for i in range(first, len(ranked)) if not self.hidden[ranked[i]])

    def largest(self, equation: int) -> int:
        """The largest cell of an equation, as a rule its total."""
        if equation not in self._largest:
            terms = self.equations[equation]
            self._largest[equation] = max(terms, key=lambda i: (self.value[i], i))
        return self._largest[equation]


def build(table: Table, threshold: int) -> System:
    """Translate a table; the order in which it lists cells and relations makes no difference."""
    cells = sorted(table.cells, key=lambda cell: cell.id)
    index = {cell.id: i for i, cell in enumerate(cells)}
    equations = sorted(
        ({index[name]: c for name, c in e.terms.items()} for e in table.equations),
        key=lambda terms: sorted(terms.items()),
    )
    figures = [None if c.value is None else c.value.reveal_inside_office() for c in cells]
    scale = [10**p for p in decimal_places(figures, equations)]
    raw = [None if f is None else int(f * s) for f, s in zip(figures, scale, strict=True)]
    equations = [_in_units(e, scale) for e in equations]
    _complete(raw, equations)
    slack = _add_slack(table, index, raw, scale, equations)
    fixed = _fixed(table, index, len(cells)) + [False] * slack
    free = _free(table, cells) + [True] * slack
    value = [v or 0 for v in raw]
    system = System(
        ids=[cell.id for cell in cells],
        value=value,
        floor=[_floor(v, c) for v, c in zip(value, cells, strict=False)] + [0] * slack,
        scale=scale,
        fixed=fixed,
        free=free,
        hidden=list(free),
        grade=[grade_of(v / s, threshold) for v, s in zip(value, scale, strict=True)],
        equations=equations,
        member=_membership(equations, len(value)),
        group=_groups((index[k.amount], index[k.count]) for k in table.links),
        known_figure=[v is not None for v in raw],
    )
    for members in system.group.values():
        cheapest = min(system.grade[i] for i in members)
        for i in members:
            system.grade[i] = cheapest  # an amount costs what its children cost, not its yuan
    return system


def _in_units(equation: dict[int, int], scale: list[int]) -> dict[int, int]:
    """Restate an equation over integers in units of each cell's last decimal place."""
    finest = max(scale[i] for i in equation)
    return {i: c * (finest // scale[i]) for i, c in equation.items()}


def _complete(raw: list[int | None], equations: list[dict[int, int]]) -> None:
    """Put in what an equation says of missing figures.

    One that balances without them does not count them (a total of those that reported): they drop
    out. In any other, a single missing figure is what readers can work out it must be.
    """
    pending = [e for e in equations if any(raw[i] is None for i in e)]
    found = True
    while found:
        found = False
        for equation in pending:
            missing = [i for i in equation if raw[i] is None]
            rest = sum(c * (raw[i] or 0) for i, c in equation.items())
            if not missing:
                continue
            if rest == 0 and len(missing) < len(equation):
                for i in missing:
                    del equation[i]
            elif len(missing) == 1 and rest % equation[missing[0]] == 0:
                implied = -rest // equation[missing[0]]
                if implied >= 0:
                    raw[missing[0]] = implied
                    found = True


def _add_slack(
    table: Table,
    index: dict[str, int],
    raw: list[int | None],
    scale: list[int],
    equations: list[dict[int, int]],
) -> int:
    """Write each part-of-whole as an equation with an unknown remainder of 0 or more."""
    pairs = sorted((index[b.part], index[b.whole]) for b in table.bounds)
    for part, whole in pairs:
        known_part, known_whole = raw[part], raw[whole]
        both = known_part is not None and known_whole is not None
        remainder = (known_whole or 0) * scale[part] - (known_part or 0) * scale[whole]
        raw.append(max(remainder, 0) if both else None)
        scale.append(scale[part] * scale[whole])
        equations.append({part: scale[whole], len(raw) - 1: 1, whole: -scale[part]})
    return len(pairs)


def _fixed(table: Table, index: dict[str, int], size: int) -> list[bool]:
    """Cells that readers know; a known percentage ties numerator and denominator too closely."""
    fixed = [False] * size
    for name in table.already_published:
        fixed[index[name]] = True
    for ratio in table.ratios:
        if ratio.percentage in table.already_published:
            fixed[index[ratio.numerator]] = fixed[index[ratio.denominator]] = True
    return fixed


def _free(table: Table, cells: list[Cell]) -> list[bool]:
    """Cells no reader is shown, neither directly nor through a percentage or an amount."""
    betrayed = {name for r in table.ratios for name in (r.numerator, r.denominator)}
    betrayed |= {name for link in table.links for name in (link.amount, link.count)}
    return [
        c.id not in table.already_published and (c.value is None or (not c.printed and c.id not in betrayed))
        for c in cells
    ]


def _floor(value: int, cell: Cell) -> int:
    zero_would_show = (cell.printed or cell.marked) and cell.sensitivity in (
        Sensitivity.OPEN,
        Sensitivity.COUNT,
    )
    return min(value, 1 if zero_would_show else 0)


def _membership(equations: list[dict[int, int]], size: int) -> list[list[int]]:
    member: list[list[int]] = [[] for _ in range(size)]
    for number, equation in enumerate(equations):
        for cell in equation:
            member[cell].append(number)
    return member


def _groups(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """Join linked cells into groups; a cell's group holds the cell itself."""
    group: dict[int, list[int]] = {}
    for one, other in sorted(pairs):
        joined = sorted({*group.get(one, [one]), *group.get(other, [other])})
        for cell in joined:
            group[cell] = joined
    return group
