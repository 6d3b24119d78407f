"""What a check says: where in the plan's data, what is wrong, what to do."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple, TypeVar

from domain.plan import Plan

Loc = tuple[str | int, ...]
Node = TypeVar("Node", bound=Hashable)


class Finding(NamedTuple):
    """One disagreement: ``loc`` leads to the entry in the plan's data, by keys and list positions."""

    loc: Loc
    message: str
    mend: str


def nearest(word: str, known: Iterable[str]) -> str:
    """A suggestion for a misspelt word; empty where nothing is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"是否应为“{near[0]}”？" if near else ""


def known_units(plan: Plan, names: Iterable[str]) -> tuple[str, ...]:
    """Unit ids of those ``names`` that the plan knows; the others are findings of their own."""
    return plan.expand(name for name in names if plan.knows_unit(name))


def cycles(needs: Mapping[Node, Iterable[Node]]) -> Iterator[list[Node]]:
    """Closed paths in a graph of who needs whom, each from a node back to itself."""
    graph = {node: set(needed) for node, needed in needs.items()}
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            path: list[Node] = error.args[1][::-1]
            yield path
            graph = {node: needed - set(path) for node, needed in graph.items() if node not in path}
        else:
            return
