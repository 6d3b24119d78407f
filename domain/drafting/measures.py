"""Actions and measures, with the units that the notice names for each. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from domain.drafting import assignments
from domain.drafting.assignments import Assignment
from domain.drafting.desk import Desk, Entry, Node, Sentence, quoted
from domain.drafting.units import Register
from domain.notice import TITLE_LIMIT

_ACTION_VERB = re.compile(
    r"^(?:大力|深入|扎实|全面|组织)?(?:实施|开展|推进)(?=.{2,}(?:行动|工程|计划|活动)$)"
)
_POINT = re.compile(r"^[一二三四五六七八九十]{1,2}是")


@dataclass
class Task:
    """A measure before it is written: its section, whom it names, and what the reader was unsure of.

    ``row`` is what a table's row asks, where the measure is one, and not a section.
    """

    node: Node
    title: str
    assigned: Assignment
    action: Node | None = None
    doubts: list[str] = field(default_factory=list)
    row: str | None = None


def title_of(text: str) -> str:
    """A heading without what stands in brackets behind it, and without its stop."""
    for start, end in reversed(list(assignments.brackets(text))):
        if end >= len(text.rstrip("。；：: ")) and start > 0:
            text = text[:start]
    return "".join(text.split()).strip("。；：:，、.")


def assignment_of(desk: Desk, node: Node) -> Assignment:
    """Whom a section itself names: in its heading, in brackets, on labelled lines, else in its first sentences."""
    found = Assignment()
    for _, _, told in assignments.in_brackets(node.section.title):
        found.take(told)
    for _, _, told in assignments.in_brackets(node.section.text):
        found.take(told)
    for text in _labelled_lines(node):
        found.take(assignments.labelled(text))
    if not found:
        for sentence in desk.sentences(node):
            found.take(assignments.inline(sentence.text))
    return found


def _labelled_lines(node: Node) -> Iterable[str]:
    """The lines of a section; a label alone on its line goes on with the next."""
    held = ""
    for _, _, text in node.section.lines:
        held += text
        if not held.rstrip().endswith(("：", ":")):
            yield held
            held = ""


def tasks_of(nodes: list[Node], named: dict[int, Assignment]) -> list[Task]:
    """The measures among the sections of tasks, in their order."""
    with_units = [node for node in nodes if named.get(node.index)]
    shared = _closing(with_units)
    if shared:
        return [_shared(parent, last, named) for parent, last in shared]
    if not with_units:
        return [_task(node, Assignment()) for node in _by_shape(nodes)]
    style = Counter(node.section.style for node in with_units).most_common(1)[0][0]
    chosen = [
        node for node in nodes if node.section.style is style and (named.get(node.index) or not node.children)
    ]
    chosen = [
        node for node in chosen if named.get(node.index) or node.parent in {one.parent for one in with_units}
    ]
    inside = {one.index for node in chosen for one in node.walk()}
    above = {up.index for node in chosen for up in _ancestors(node)}
    chosen += [node for node in with_units if node.index not in inside and node.index not in above]
    found = []
    for node in sorted(chosen, key=lambda each: each.index):
        own = Assignment()
        for one in node.walk():
            own.take(named.get(one.index) or Assignment())
        found.append(_task(node, own))
    return found


def _closing(with_units: list[Node]) -> list[tuple[Node, Node]]:
    """Parents whose last point alone names units, on a line of its own: these are the whole parent's."""
    if len(with_units) < 2 or any(node.parent is None for node in with_units):
        return []
    pairs = [(node.parent, node) for node in with_units if node.parent is not None]
    for parent, node in pairs:
        if len(parent.children) < 2 or parent.children[-1] is not node or len(node.section.lines) < 2:
            return []
        last = node.section.lines[-1][2].strip()
        if not (last[0] in "（(〔【" or assignments.labelled(last)):
            return []
    return pairs


def _shared(parent: Node, last: Node, named: dict[int, Assignment]) -> Task:
    task = _task(parent, named[last.index])
    task.doubts.append(f"单位写在最后一点之后，按“{task.title}”全部各点的单位处理")
    return task


def _by_shape(nodes: list[Node]) -> list[Node]:
    """Measures of a notice that names no units: the points below the actions, else the sections below the chapter."""
    tops = [node for node in nodes if node.parent not in nodes]
    below = [child for top in tops for child in top.children] or tops
    if below and all(
        re.search("(行动|工程|计划)$", title_of(node.title)) and node.children for node in below
    ):
        return [child for node in below for child in node.children]
    return below


def _ancestors(node: Node) -> Iterable[Node]:
    while node.parent is not None:
        node = node.parent
        yield node


def _task(node: Node, assigned: Assignment) -> Task:
    title = title_of(node.section.title)
    if assigned.share and re.split("[：:。]", title or node.section.text)[0] == "、".join(assigned.share):
        return Task(node, f"{'、'.join(assigned.share)}的职责", assigned, node.parent)
    if not title or len(title) > TITLE_LIMIT:
        text = title or _POINT.sub("", node.section.text)
        title = quoted(re.split("[，；。：:]", title_of(text) or text)[0], 30)
    return Task(node, title, assigned, node.parent)


class Measures:
    """Writes actions and measures, and remembers what each measure's number and units are."""

    def __init__(self, desk: Desk, register: Register, tasks: list[Task]) -> None:
        self._desk, self._register = desk, register
        self.tasks = tasks
        self._actions: dict[int, Entry] = {}
        self.measures: list[Entry] = []
        self.sections: dict[int, int] = {}
        for number, task in enumerate(tasks, start=1):
            self.measures.append(self._measure(number, task))
            for node in task.node.walk() if task.row is None else ():
                self.sections[node.index] = number

    @property
    def actions(self) -> list[Entry]:
        """The plan's ``actions``."""
        return list(self._actions.values())

    def units_of(self, number: int) -> list[str]:
        """Names of a measure's units, leads first."""
        entry = self.measures[number - 1]
        return list(dict.fromkeys([*entry.get("lead", []), *entry["units"]]))

    def _measure(self, number: int, task: Task) -> Entry:
        assigned = task.assigned
        title = task.title
        if title in {entry["title"] for entry in self.measures}:
            title = f"{title}（第{number}项）"
        entry = Entry(number=number, title=title, action=self._action(task))
        if assigned.lead:
            entry["lead"] = assigned.lead
        entry["units"] = assigned.share or list(assigned.lead)
        entry["demands"] = [quoted(task.row)] if task.row else demands(self._desk, task.node) or [task.title]
        entry["cites"] = [task.node.section.id]
        for words in task.doubts:
            self._desk.doubt(words, task.node, entry)
        for name in assigned.unsure:
            self._desk.doubt(f"“{name}”不像单位名称，请核对", task.node, entry)
        if not entry["units"]:
            self._desk.doubt(f"没有读出“{task.title}”的责任单位，请填写 units", task.node, entry)
        return entry

    def _action(self, task: Task) -> str:
        node = task.action or task.node
        if node.index not in self._actions:
            name = _ACTION_VERB.sub("", title_of(node.section.title)) or node.section.id
            if name in {entry["name"] for entry in self._actions.values()}:
                name = f"{name}（{node.section.id}）"
            entry = Entry(id=f"action-{len(self._actions) + 1}", name=name, cites=[node.section.id])
            self._actions[node.index] = entry
        return str(self._actions[node.index]["id"])


def demands(desk: Desk, node: Node) -> list[str]:
    """What a measure asks, quoted short: its points, else its sentences."""
    if node.children:
        found = [title_of(child.section.title) or quoted(child.section.text) for child in node.children]
    else:
        found = [quoted(point[0].text) for point in pieces(desk.sentences(node))]
    return list(dict.fromkeys(text for text in found if len(text) > 1))


@dataclass(frozen=True)
class Piece:
    """A sentence, what it says without whom it names, and whom its point names in brackets."""

    sentence: Sentence
    text: str
    own: Assignment


def pieces(sentences: Sequence[Sentence]) -> list[list[Piece]]:
    """Sentences by the points they make: from 一是 to 二是 where there are such, else each by itself.

    A bracket behind a full stop begins the next sentence, and yet names units for what stood before.
    """
    own = [Assignment() for _ in sentences]
    for at, sentence in enumerate(sentences):
        for start, _, told in assignments.in_brackets(sentence.text):
            own[at - 1 if start == 0 and at else at].take(told)
    texts = [without_units(sentence) for sentence in sentences]
    pointed = sum(1 for text in texts if _POINT.match(text)) > 1
    found: list[list[Piece]] = []
    for sentence, text, told in zip(sentences, texts, own, strict=True):
        if found and pointed and not _POINT.match(text):
            found[-1][0].own.take(told)
            found[-1].append(Piece(sentence, text, found[-1][0].own))
        else:
            found.append([Piece(sentence, text, told)])
    return found


def is_heading(piece: Piece) -> bool:
    """Whether 一是…。 is only the heading of what follows."""
    return bool(_POINT.match(piece.text)) and len(piece.text) <= 26


def without_units(sentence: Sentence) -> str:
    """A sentence without whom it names in brackets and on labelled lines."""
    text = sentence.text
    for start, end, _ in reversed(list(assignments.in_brackets(text))):
        text = text[:start] + text[end:]
    return assignments.without_labels(text)
