"""What a report says differently from the one before: place by place, in the order of the later report. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import count

from domain.report.blocks import BarChart, Block, Document, Heading, Paragraph, Table, Timeline
from domain.report.frozen import Frozen


@dataclass(frozen=True)
class Change:
    """One place: under which heading it stands, what was said there, and what is said now; one may be empty."""

    place: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class DocumentChanges:
    """The changes of one document, by its title; ``unit`` is None for what is no unit's own."""

    title: str
    unit: str | None
    changes: tuple[Change, ...]


_Key = tuple[str | None, str]


def changed(before: Frozen, after: Frozen) -> tuple[DocumentChanges, ...]:
    """The documents that say something else now; one that is new is said to be new as a whole.

    Args:
        before: the report that readers know.
        after: the one that they are to get.
    """
    old, new = _documents(before), _documents(after)
    found = (
        DocumentChanges(document.title, key[0], _changes(old.get(key), document))
        for key, document in new.items()
    )
    return tuple(one for one in found if one.changes)


def _documents(snapshot: Frozen) -> dict[_Key, Document]:
    """Every document by its unit and the name of its file: the consolidated one, the units' own, the others."""
    found: dict[_Key, Document] = {(None, ""): snapshot.consolidated}
    found.update(((one.unit, ""), one.document) for one in snapshot.units)
    found.update(((None, one.name), one.document) for one in snapshot.others)
    return found


def _changes(before: Document | None, after: Document) -> tuple[Change, ...]:
    was, now = ([] if before is None else list(_lines(before))), list(_lines(after))
    matcher = SequenceMatcher(a=was, b=now, autojunk=False)
    return tuple(
        Change(
            place=(now[j] if j < len(now) else now[-1] if now else was[i])[0],
            before=tuple(words for _, words in was[i:i_end]),
            after=tuple(words for _, words in now[j:j_end]),
        )
        for tag, i, i_end, j, j_end in matcher.get_opcodes()
        if tag != "equal"
    )


def _lines(document: Document) -> Iterator[tuple[str, str]]:
    """Everything that a document says, line by line, each with the heading above it."""
    for words in document.face:
        yield "首页提示", words
    yield from _of_blocks("正文", document.blocks)
    for annex in document.annexes:
        yield from _of_blocks(f"附件{annex.number} {annex.title}", annex.blocks)


def _of_blocks(place: str, blocks: tuple[Block, ...]) -> Iterator[tuple[str, str]]:
    here = place
    numbers = count(1)
    for block in blocks:
        match block:
            case Heading():
                here = f"{place} {block.text}"
            case Paragraph():
                yield here, block.lead + "".join(run.text for run in block.runs)
            case Table():
                title = f"{here} {block.caption or f'表{next(numbers)}'}"
                yield from ((title, " ｜ ".join(cell.text for cell in row.cells)) for row in block.rows)
                yield from ((title, note) for note in block.notes)
            case BarChart():
                yield from ((f"{here} {block.title}", f"{b.label}：{'、'.join(b.texts)}") for b in block.bars)
            case Timeline():
                yield from ((f"{here} {block.title}", f"{m.day} {m.label}") for m in block.marks)
