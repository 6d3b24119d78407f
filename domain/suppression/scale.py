"""Sizes of figures: decimal places, and what it costs to withhold one."""

from collections.abc import Sequence
from decimal import Decimal

_FIRST_GRADE = 5  # below five thresholds all partners are equally good


def decimal_places(figures: Sequence[Decimal | None], equations: Sequence[dict[int, int]]) -> list[int]:
    """How many decimal places each figure needs; figures of one sum share the largest number.

    Whole figures that hang together with whole figures only need none: children stay whole.
    """
    places = [_places(figure) for figure in figures]
    if not any(places):
        return places
    parent = list(range(len(places)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for equation in equations:
        if all(abs(c) == 1 for c in equation.values()):
            first, *others = equation
            for other in others:
                parent[root(other)] = root(first)
    most: dict[int, int] = {}
    for i, p in enumerate(places):
        most[root(i)] = max(p, most.get(root(i), 0))
    return [most[root(i)] for i in range(len(places))]


def _places(figure: Decimal | None) -> int:
    if figure is None or figure == figure.to_integral_value():
        return 0
    exponent = figure.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def grade_of(size: float, threshold: int) -> int:
    """Cost of withholding a figure: 1 below five thresholds, then three times as much per decade.

    Steps rather than sizes, so that which partner was chosen tells little about its size.
    """
    grade, limit = 1, _FIRST_GRADE * threshold
    while size >= limit:
        grade, limit = grade * 3, limit * 10
    return grade
