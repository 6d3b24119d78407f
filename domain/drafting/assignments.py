"""Who is named for a task: 责任单位：…, （…按职责分工负责）, 由…牵头、…配合. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.drafting.names import is_unit, split_names, tidy

_LEAD = "牵头(?:责任)?(?:单位|部门)|主责(?:单位|部门)|主办(?:单位|部门)|主要责任(?:单位|部门)|第一责任单位|组织单位"
_SHARE = (
    "责任(?:单位|部门|主体)|承办单位|落实单位|负责(?:单位|部门)|实施(?:单位|主体)"
    "|工作分工|职责分工|任务分工|分工"
)
_HELP = (
    "配合(?:责任)?(?:单位|部门)|协办(?:单位|部门)|协同(?:单位|部门)|协作(?:单位|部门)"
    "|参与(?:单位|部门)|参加(?:单位|部门)|支持单位"
)
_WHEN = "完成(?:时限|时间|期限|日期)|时限(?:要求)?|办结时限|时间(?:节点|要求|安排)|推进时限|工作时限|进度(?:安排|要求)"
_WHO = "责任(?:领导|人|科室)|分管(?:区|县|市)?(?:领导|区长|县长|市长|副[区县市]长)|牵头领导|联系人|包保领导"
_LABEL = re.compile(
    rf"(?P<lead>{_LEAD})|(?P<share>{_SHARE})|(?P<help>{_HELP})|(?P<when>{_WHEN})|(?P<who>{_WHO})"
)
_LABELLED = re.compile(rf"(?:{_LEAD}|{_SHARE}|{_HELP}|{_WHEN}|{_WHO})\s*(?:及其?(?:责任人)?)?\s*[:：]")
_ENDS = re.compile(r"(?:负责|牵头|配合|落实|参与|承担|协助|实施|参加|协同|负责落实|抓好落实)[。；，]?$")
_PART = re.compile(r"[，,；;。]")
_INLINE = re.compile(
    r"(?:^|[。；，、:：])\s*(?:由)?([^，。；:：“”《》]{2,120}?)(牵头|负责|配合)(?=[，。；,;）)]|$)"
)


MOST_IN_BRACKETS = 600
"""Characters of a bracket that names units; fifty units have some four hundred."""


@dataclass
class Assignment:
    """Units as named: who leads, who shares or helps; ``when`` is a time limit that stands with them.

    ``unsure`` are names that do not look like a unit's; they are among the others.
    """

    lead: list[str] = field(default_factory=list)
    share: list[str] = field(default_factory=list)
    when: str = ""
    unsure: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anybody is named."""
        return bool(self.lead or self.share)

    def add(self, kind: str, text: str) -> None:
        """Units in a list, under a label's kind."""
        for name in split_names(text):
            if not is_unit(name):
                if len(name) > 20 or len(name) < 2 or re.search(r"[\d〔]|[负牵配]", name):
                    continue
                self.unsure.append(name)
            own = self.lead if kind == "lead" else self.share
            if name not in self.lead and name not in self.share:
                own.append(name)

    def take(self, other: "Assignment") -> None:
        """Add what another names."""
        self.lead += [name for name in other.lead if name not in self.lead]
        self.share = [name for name in dict.fromkeys((*self.share, *other.share)) if name not in self.lead]
        self.unsure += [name for name in other.unsure if name not in self.unsure]
        self.when = self.when or other.when


def brackets(text: str) -> Iterator[tuple[int, int]]:
    """The outermost pairs of round or square brackets, from opening to after closing."""
    depth, start = 0, 0
    for at, sign in enumerate(text):
        if sign in "（(〔[【":
            start = at if depth == 0 else start
            depth += 1
        elif sign in "）)〕]】" and depth:
            depth -= 1
            if depth == 0:
                yield start, at + 1


def in_brackets(text: str) -> Iterator[tuple[int, int, Assignment]]:
    """Assignments that stand in brackets, with where."""
    for start, end in brackets(text):
        if end - start > MOST_IN_BRACKETS:
            continue
        found = _phrase(text[start + 1 : end - 1])
        if found:
            yield start, end, found


def labelled(text: str) -> Assignment:
    """What a text that begins with a label (责任单位：…) says; nobody where it does not."""
    plain = "".join(text.split())
    return _labels(plain) if len(plain) <= 2 * MOST_IN_BRACKETS and _LABELLED.match(plain) else Assignment()


def inline(text: str) -> Assignment:
    """Whom a sentence itself names, as 县教育局牵头，河口镇、城关街道配合 does."""
    found = Assignment()
    for match in _INLINE.finditer(text):
        names = [tidy(name) for name in split_names(match.group(1))]
        if names and all(is_unit(name) for name in names):
            found.add("lead" if match.group(2) == "牵头" else "share", "、".join(names))
    return found


def _phrase(inner: str) -> Assignment:
    """What stands in a bracket: with labels, or with 负责, 牵头, 配合 at the end of its parts."""
    plain = "".join(inner.split())
    if _LABELLED.search(plain):
        return _labels(plain)
    found = Assignment()
    if not any(_ENDS.search(part) for part in _PART.split(plain)):
        names = [tidy(name) for name in split_names(plain)]
        if len(names) > 1 and all(is_unit(name) for name in names):
            found.add("share", plain)
        return found
    waiting: list[str] = []
    for part in _PART.split(plain):
        if not part:
            continue
        waiting.append(part)
        if _ENDS.search(part) is None:
            continue
        told = "、".join(waiting)
        waiting = []
        for kind, listed in _led(told):
            found.add(kind, listed)
    if waiting and all(is_unit(tidy(name)) for part in waiting for name in split_names(part)):
        found.add("share", "、".join(waiting))
    return found


def _led(told: str) -> Iterator[tuple[str, str]]:
    """Names before 牵头 lead, the others share: A牵头、B配合."""
    before, led, after = told.partition("牵头")
    if led:
        yield "lead", before
        told = after.removeprefix("负责").lstrip("，、")
    if told and told not in ("负责", "落实", "实施"):
        yield "share", told


def _labels(text: str) -> Assignment:
    """Labels and what follows each up to the next."""
    found = Assignment()
    plain = "".join(text.split())
    marks = list(re.finditer(_LABELLED, plain))
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        body = plain[mark.end() : after.start() if after else None].strip("；;。，,、")
        kind = (_LABEL.match(mark.group()) or mark).lastgroup
        if kind == "when":
            found.when = body
        elif kind in ("lead", "share", "help"):
            found.add("lead" if kind == "lead" else "share", body)
    return found


def without_labels(text: str) -> str:
    """A text up to its first label (责任单位：…)."""
    found = _LABELLED.search(text)
    return text[: found.start()].rstrip("（([〔【") if found else text
