"""Whom the plan serves (服务对象), where the notice says so. Pure."""

import re
from collections.abc import Iterator

from domain.drafting.chapters import Role
from domain.drafting.desk import Desk, Entry, quoted
from domain.drafting.measures import title_of

_CALLED = re.compile(r"所称(?:的)?“?([\u4e00-\u9fff]{2,14}?)”?[，,]?(?:主要)?是?指(.{4,})")


def service_objects(desk: Desk, roles: dict[int, Role]) -> list[Entry]:
    """A group of persons for each point of the chapter on them, and for each that is defined elsewhere."""
    found: list[Entry] = []
    for name, definition, cite in (*_chapter(desk, roles), *_called(desk, roles)):
        if name in {entry["name"] for entry in found}:
            continue
        found.append(Entry(id=f"object-{len(found) + 1}", name=name, definition=definition, cites=[cite]))
    return found


def _chapter(desk: Desk, roles: dict[int, Role]) -> Iterator[tuple[str, str, str]]:
    for node in desk.nodes:
        if roles[node.index] is not Role.OBJECTS or node.parent is None:
            continue
        name, sentences = title_of(node.title), desk.sentences(node)
        if name and len(name) <= 20 and sentences:
            yield name, quoted(sentences[0].text, 90), node.section.id


def _called(desk: Desk, roles: dict[int, Role]) -> Iterator[tuple[str, str, str]]:
    for node in desk.nodes:
        if roles[node.index] not in (Role.OBJECTS, Role.AIMS, Role.OTHER):
            continue
        for sentence in desk.sentences(node):
            if told := _CALLED.search(sentence.text):
                yield told.group(1), quoted(told.group(2), 90), sentence.cite
