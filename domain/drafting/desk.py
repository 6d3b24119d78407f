"""What the readers of a notice share: its sections as a tree, the places of its sentences, and the doubts. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from domain.drafting.lines import Line, widened
from domain.notice import Reading, Section, split_sentences

MOST_QUOTED = 60
"""Characters of the notice that an entry quotes; people then say it in their own words."""


MOST_READ = 1_500
"""Characters of one sentence that are read; the longest of real notices has some four hundred."""


class Entry(dict[str, Any]):
    """An entry of the draft, with what the reader was unsure of in it."""

    def __init__(self, **values: Any) -> None:
        super().__init__(values)
        self.doubts: list[str] = []


@dataclass(frozen=True)
class Doubt:
    """Something that a person must look at: where it stands in the file, what it is, and the paragraph to cite."""

    place: str
    text: str
    cite: str


@dataclass(frozen=True)
class Sentence:
    """A sentence with its citation and its place in the file."""

    text: str
    cite: str
    place: str


@dataclass(eq=False)
class Node:
    """A section in the tree of a notice; its marks are in full width, as the readers expect them."""

    index: int
    section: Section
    parent: "Node | None"
    children: list["Node"] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The heading as it stands."""
        return self.section.title

    @property
    def root(self) -> "Node":
        """The section of the first rank that this one stands under."""
        return self if self.parent is None else self.parent.root

    def walk(self) -> Iterator["Node"]:
        """This section and all below, in their order."""
        yield self
        for child in self.children:
            yield from child.walk()


class Desk:
    """A notice laid out for its readers, and the doubts that they have."""

    def __init__(self, reading: Reading, lines: Sequence[Line]) -> None:
        self.reading = reading
        self.doubts: list[Doubt] = []
        self._lines = lines
        self.nodes: list[Node] = []
        for index, section in enumerate(reading.sections):
            parent = None if section.parent is None else self.nodes[section.parent]
            texts = [(line, start, widened(text)) for line, start, text in section.lines]
            node = Node(index, replace(section, title=widened(section.title), lines=texts), parent)
            if parent is not None:
                parent.children.append(node)
            self.nodes.append(node)

    @cached_property
    def _sentences(self) -> list[tuple[Sentence, ...]]:
        return [self._of(section) for section in self.reading.sections]

    def sentences(self, node: Node) -> tuple[Sentence, ...]:
        """A section's own sentences."""
        return self._sentences[node.index]

    def say(self, node: Node, sentence: Sentence) -> None:
        """Count what a heading says behind a name among the section's sentences."""
        self._sentences[node.index] = (sentence, *self._sentences[node.index])

    def statements(self, node: Node) -> tuple[Sentence, ...]:
        """A section's sentences, and before them its heading: many a point is nothing else."""
        heading = Sentence(node.title, node.section.id, self.place(node))
        return (heading, *self.sentences(node)) if node.title else self.sentences(node)

    @property
    def first(self) -> Node:
        """The first section that says something."""
        return next((n for n in self.nodes if n.section.title or n.section.text), self.nodes[0])

    def named(self, *ids: str) -> tuple[Node, ...]:
        """The sections with these ids that are there and say something."""
        return tuple(n for n in self.nodes if n.section.id in ids and (n.section.title or n.section.text))

    def place(self, node: Node) -> str:
        """Where a section's heading stands."""
        return self._lines[node.section.line].place(0) if self._lines else ""

    def line_place(self, line: int) -> str:
        """Where a line stands."""
        return self._lines[line].place(0)

    def doubt(self, text: str, where: Node | Sentence, entry: Entry | None = None) -> None:
        """Remember that the reader was unsure, beside an entry where there is one."""
        if isinstance(where, Sentence):
            place, cite = where.place, where.cite
        else:
            place, cite = self.place(where), where.section.id
        if entry is not None:
            entry.doubts.append(f"（{place}）{text}")
        self.doubts.append(Doubt(place, text, cite))

    def _short(self, text: str, section: Section, number: int) -> str:
        """A sentence as its readers get it; of one that no person wrote only the beginning."""
        if len(text) > MOST_READ:
            place = self._lines[section.line].place(0)
            told = f"这一句长达{len(text)}字，只读了前{MOST_READ}字"
            self.doubts.append(Doubt(place, told, f"{section.id}#{number}"))
        return widened(text[:MOST_READ])

    def _of(self, section: Section) -> tuple[Sentence, ...]:
        texts = split_sentences(section.text)
        return tuple(
            Sentence(
                self._short(text, section, number), f"{section.id}#{number}", self._lines[line].place(at)
            )
            for number, (text, (line, at)) in enumerate(zip(texts, section.places(), strict=True), start=1)
        )


def quoted(text: str, most: int = MOST_QUOTED) -> str:
    """The beginning of a sentence, up to a whole clause where one fits."""
    text = text.strip("。；！？，、：,;: ")
    if len(text) <= most:
        return text
    cut = max(text.rfind(mark, 0, most) for mark in "，；、。,;")
    return text[:cut] if cut > most // 2 else text[: most - 1] + "…"
