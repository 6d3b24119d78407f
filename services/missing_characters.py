"""Where in a document a character stands that no font has, told so that whoever wrote it finds it."""

from collections.abc import Iterable
from typing import Any

import lxml.html

_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_AROUND = 8
"""Characters told before and after it."""


def told(html: str, characters: Iterable[str]) -> str:
    """Characters, each with its code and its whereabouts: 🧿（U+1F9FF，见“三、工作亮点”下“张村的…”）."""
    return "、".join(f"{each}（U+{ord(each):04X}{_seen(whereabouts(html, each))}）" for each in characters)


def whereabouts(html: str, character: str) -> str:
    """The heading under which a character stands first, and the words around it: “三、工作亮点”下“张村的…”.

    Args:
        html: the document as it went to the renderer.
        character: what is looked for.

    Returns:
        Nothing where it is not in the document's body, as where a stylesheet brought it.
    """
    heading = ""
    for text in lxml.html.document_fromstring(html).xpath("//body//text()[not(parent::title)]"):
        own = _heading(text)
        heading = own or heading
        at = text.find(character)
        if at < 0:
            continue
        if own:
            return f"“{own}”"
        words = f"{_cut(text[:at], -_AROUND)}{character}{_cut(text[at + 1 :], _AROUND)}"
        return f"“{heading}”下“{words}”" if heading else f"“{words}”"
    return ""


def _seen(place: str) -> str:
    return f"，见{place}" if place else ""


def _heading(text: Any) -> str:
    """The heading that a text is part of, as it stands in the bookmarks; nothing for any other text."""
    if text.is_tail:
        return ""
    element = text.getparent()
    if element.tag in _HEADINGS or "data-bookmark" in element.attrib:
        return str(element.get("data-bookmark") or element.text_content()).strip()
    return ""


def _cut(text: str, most: int) -> str:
    """So many characters from the start of a text, or from its end where ``most`` is negative, marked where cut."""
    kept = text.strip()
    if len(kept) <= abs(most):
        return kept
    return f"{kept[:most]}…" if most > 0 else f"…{kept[most:]}"
