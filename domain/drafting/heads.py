"""Chapters that say unit by unit what each does: （一）县教育局：负责…. Pure."""

import re
from collections.abc import Iterable

from domain.drafting.assignments import Assignment
from domain.drafting.desk import Desk, Node, Sentence
from domain.drafting.names import split_names
from domain.drafting.wording import is_actor

_HEAD = re.compile(r"([^：。；，（）]{2,40})(?:[：。](.*))?", re.DOTALL)
_LEAST = 2
"""Sections with a unit for their heading that make a chapter of such; one alone may be about the unit."""


def unit_headed(desk: Desk, nodes: Iterable[Node]) -> dict[int, Assignment]:
    """Whom the headings of sections name, where several are nothing but names; what follows the name is a sentence."""
    found: dict[int, Assignment] = {}
    said: dict[int, str] = {}
    for node in nodes:
        told = _HEAD.fullmatch(node.title or node.section.text)
        names = list(split_names(told.group(1))) if told else []
        if node.section.style is None or node.children or not names or not all(map(is_actor, names)):
            continue
        found[node.index] = Assignment(share=names)
        if told and node.title and told.group(2):
            said[node.index] = told.group(2)
    if len(found) < _LEAST:
        return {}
    for index, rest in said.items():
        node = desk.nodes[index]
        desk.say(node, Sentence(rest, node.section.id, desk.place(node)))
    return found
