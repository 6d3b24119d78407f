"""Reading a plan's YAML into plain data that knows the line of every entry.

Built on libyaml's events, not on a constructor: no tag makes an object, no alias multiplies data, no nesting exhausts
the stack, and the lines come with it at little cost.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamStartEvent,
)

Value = str | int | bool | list["Value"] | dict[str, "Value"] | None
Loc = tuple[str | int, ...]

DEPTH_LIMIT = 20
SIZE_LIMIT = 4 * 1024 * 1024
"""A file beyond this many bytes is no plan that people wrote."""

_CONSTANTS: dict[str, Value] = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER = re.compile(r"[-+]?(0|[1-9]\d*)")


class PlanFault(NamedTuple):
    """One thing wrong with a plan: in which file and line, in which entry, and what to do about it."""

    file: str
    line: int | None
    where: str
    message: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file} 第 {self.line} 行" if self.line else self.file
        return "：".join(filter(None, (place, self.where, self.message))) + self.mend


class Place(NamedTuple):
    """A file and a line in it, from 1."""

    file: str
    line: int


@dataclass
class PlanFiles:
    """What the files say: the merged data, the place of every entry, and what could not be read.

    ``name`` is of the folder or only file, for what is missing from all of them.
    """

    name: str
    data: dict[str, Value] = field(default_factory=dict)
    places: dict[Loc, Place] = field(default_factory=dict)
    faults: list[PlanFault] = field(default_factory=list)


class _Unreadable(Exception):  # noqa: N818 - a state of the file, not an error of the program
    """A file cannot be read on from here."""

    def __init__(self, line: int | None, message: str, mend: str) -> None:
        self.line, self.message, self.mend = line, message, mend
        super().__init__(message)


def read_plan_files(name: str, files: list[Path]) -> PlanFiles:
    """All files merged: lists under the same top-level key are joined, any other key may stand only once."""
    merged = PlanFiles(name)
    for file in files:
        read = _FileReader(file.name).read(file)
        merged.faults += read.faults
        _merge(merged, read)
    return merged


def _merge(merged: PlanFiles, read: PlanFiles) -> None:
    offsets: dict[str, int] = {}
    for key, value in read.data.items():
        present = merged.data.setdefault(key, [] if isinstance(value, list) else value)
        if isinstance(present, list) and isinstance(value, list):
            offsets[key] = len(present)
            present.extend(value)
        elif (key,) in merged.places:
            here, there = read.places[key,], merged.places[key,]
            merged.faults.append(
                PlanFault(
                    here.file,
                    here.line,
                    key,
                    f"“{key}”在 {there.file} 第 {there.line} 行已经写过。",
                    "请合并为一处。",
                )
            )
    for loc, place in read.places.items():
        offset = offsets.get(str(loc[0]), 0)
        if offset and len(loc) > 1 and isinstance(loc[1], int):
            loc = (loc[0], loc[1] + offset, *loc[2:])  # noqa: PLW2901 - the entry's place in the joined list
        merged.places.setdefault(loc, place)


class _FileReader:
    """Builds plain data out of one file's events."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found = PlanFiles(name)

    def read(self, file: Path) -> PlanFiles:
        try:
            self._read(file)
        except _Unreadable as reason:
            self._fault(reason.line, "", reason.message, reason.mend)
        return self.found

    def _read(self, file: Path) -> None:
        events = self._events(_text(file))
        for event in events:
            if isinstance(event, StreamStartEvent | DocumentStartEvent):
                continue
            if not isinstance(event, MappingStartEvent):
                break
            value = self._value(event, events, (), 1)
            if isinstance(value, dict):
                self.found.data = value
            break
        if not self.found.data and not self.found.faults:
            raise _Unreadable(None, "文件中没有任何“键: 值”内容。", "请写入方案内容或删去此文件。")
        for event in events:
            if isinstance(event, DocumentStartEvent):
                raise _Unreadable(_line(event), "一个文件中有多份文档（---）。", "请删去多余的“---”。")

    def _events(self, text: str) -> Iterator[Event]:
        try:
            yield from YAML(typ="safe", pure=False).parse(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else None
            raise _Unreadable(
                line, "不是有效的 YAML。", "请检查这一行及上一行的缩进、冒号后的空格、引号和括号。"
            ) from error
        except YAMLError as error:
            raise _Unreadable(
                None, "含有 YAML 不允许的控制字符。", "请用纯文本编辑器另存为 UTF-8。"
            ) from error

    def _value(self, event: Event, events: Iterator[Event], loc: Loc, depth: int) -> Value:
        if depth > DEPTH_LIMIT:
            raise _Unreadable(_line(event), f"嵌套超过 {DEPTH_LIMIT} 层。", "请检查括号和缩进。")
        match event:
            case ScalarEvent():
                return _scalar(event)
            case SequenceStartEvent():
                return self._sequence(events, loc, depth)
            case MappingStartEvent():
                return self._mapping(events, loc, depth)
        self._fault(_line(event), _words(loc), "方案不使用引用（*）。", "请把内容直接写在这里。")
        return None

    def _sequence(self, events: Iterator[Event], loc: Loc, depth: int) -> Value:
        items: list[Value] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                break
            inner = (*loc, len(items))
            self.found.places[inner] = Place(self.name, _line(event))
            items.append(self._value(event, events, inner, depth + 1))
        return items

    def _mapping(self, events: Iterator[Event], loc: Loc, depth: int) -> Value:
        entries: dict[str, Value] = {}
        for event in events:
            if isinstance(event, MappingEndEvent):
                break
            if not isinstance(event, ScalarEvent):
                raise _Unreadable(_line(event), "键必须是一个词，不能是列表或引用。", "请检查这一行的写法。")
            key = str(event.value)
            inner = (*loc, key)
            if key in entries:
                self._fault(_line(event), _words(inner), f"“{key}”重复。", "请只保留一处。")
            else:
                self.found.places[inner] = Place(self.name, _line(event))
            value = self._value(next(events), events, inner, depth + 1)
            entries.setdefault(key, value)
        return entries

    def _fault(self, line: int | None, where: str, message: str, mend: str) -> None:
        self.found.faults.append(PlanFault(self.name, line, where, message, mend))


def _text(file: Path) -> str:
    if file.stat().st_size > SIZE_LIMIT:
        raise _Unreadable(None, f"文件超过 {SIZE_LIMIT // 1024 // 1024} MB。", "请确认这是方案文件。")
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Unreadable(None, "不是 UTF-8 编码。", "请用纯文本编辑器另存为 UTF-8。") from error


def _scalar(event: ScalarEvent) -> Value:
    """Plain words that mean null, true, false or a whole number; everything else is text.

    Dates and decimals stay text too: the plan's own types read them.
    """
    text = str(event.value)
    if event.style:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return int(text) if _INTEGER.fullmatch(text) and len(text) < 20 else text


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def _words(loc: Loc) -> str:
    return " › ".join(f"第{part + 1}项" if isinstance(part, int) else part for part in loc)
