"""The XML of a Word file, element by element: nothing is written as a string, so that no text can become markup."""

import re
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from lxml import etree

from domain.counts import RawCount, RawCountLeakError

NAMESPACES: Mapping[str, str] = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
}

Element = Any
"""An element of lxml, which ships no types."""

_ATTRIBUTES_WITH_NAMESPACE = frozenset({"w", "w15"})
_SIGNS = {"\t": "w:tab", "\n": "w:br"}
_PIECE = re.compile("[\t\n]|[^\t\n]+")
_FORBIDDEN = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold."""


def el(name: str, /, *children: Element, **attributes: str | int) -> Element:
    """An element such as ``w:p`` with its children; attributes get the prefix where that vocabulary has one."""
    prefix, _, local = name.partition(":")
    space = NAMESPACES[prefix]
    own = f"{{{space}}}" if prefix in _ATTRIBUTES_WITH_NAMESPACE else ""
    found = etree.Element(
        f"{{{space}}}{local}",
        {f"{own}{key}": clean(str(value)) for key, value in attributes.items()},
        NAMESPACES,
    )
    found.extend(children)
    return found


def clean(text: str | RawCount) -> str:
    """A text without what XML cannot hold.

    Raises:
        RawCountLeakError: the last gate: a raw count that came as far as this stops the file.
    """
    if isinstance(text, RawCount):
        raise RawCountLeakError
    return _FORBIDDEN.sub("", text)


def related(element: Element, part: str) -> Element:
    """Give an element the id of the part that it points to."""
    element.set(f"{{{NAMESPACES['r']}}}id", part)
    return element


def root(name: str, *children: Element) -> Element:
    """The root of a part; programs that do not know Word's later additions may pass over them."""
    found = el(name, *children)
    found.set(f"{{{NAMESPACES['mc']}}}Ignorable", "w15")
    return found


def run(text: str, *properties: Element, style: str = "") -> Element:
    """A run of text, its line ends and tabs kept; quotation marks and dashes in it are Chinese ones."""
    found = el("w:r")
    given = [el("w:rStyle", val=style)] if style else []
    fonts = [each for each in properties if each.tag.endswith("}rFonts")]
    for each in fonts or [el("w:rFonts")]:
        each.set(f"{{{NAMESPACES['w']}}}hint", "eastAsia")
        given.append(each)
    given += [each for each in properties if each not in fonts]
    found.append(el("w:rPr", *given))
    for piece in _PIECE.findall(clean(text)):
        if piece in _SIGNS:
            found.append(el(_SIGNS[piece]))
            continue
        words = el("w:t")
        words.text = piece
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        found.append(words)
    return found


def paragraph(style: str, *content: Element, properties: Iterable[Element] = ()) -> Element:
    """A paragraph of a style; ``properties`` are its own, in the order of Word's schema."""
    return el("w:p", el("w:pPr", el("w:pStyle", val=style), *properties), *content)


def is_gap(element: Element) -> bool:
    """Whether an element is a paragraph that only keeps something apart."""
    style = element.find("w:pPr/w:pStyle", NAMESPACES)
    return style is not None and style.get(f"{{{NAMESPACES['w']}}}val") == "Gap"


def with_next(element: Element) -> Element:
    """A paragraph that goes over to the next page with what follows, two lines of it at least; anything else as it is."""
    style = element.find("w:pPr/w:pStyle", NAMESPACES)
    if style is not None and not is_gap(element):
        style.addnext(el("w:widowControl"))
        style.addnext(el("w:keepNext"))
    return element


def field(instruction: str, shown: str, *properties: Element) -> list[Element]:
    """A field such as PAGE, with what is shown until Word reckons it."""

    def part(*children: Element) -> Element:
        return el("w:r", el("w:rPr", *(_copy(each) for each in properties)), *children)

    code, words = el("w:instrText"), el("w:t")
    code.text, words.text = f" {instruction} ", shown
    return [
        part(el("w:fldChar", fldCharType="begin")),
        part(code),
        part(el("w:fldChar", fldCharType="separate")),
        part(words),
        part(el("w:fldChar", fldCharType="end")),
    ]


class Numbers:
    """Ids of the marks and drawings of one document; Word wants each to be its own."""

    def __init__(self) -> None:
        self._next = count(1)

    def next(self) -> int:
        """An id that nothing else has."""
        return next(self._next)


def _copy(element: Element) -> Element:
    return etree.fromstring(etree.tostring(element))
