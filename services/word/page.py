"""Pages: paper, margins, 22 lines, and what stands on every page outside the type area."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.word.elements import Element, Numbers, el, field, paragraph, related, root, run
from services.word.measures import A4, EMU_OF_MM, MM, ROW, twips
from services.word.shapes import anchored, text_box
from services.word.styles import HEITI, RED, SONGTI, aligned, alone, fonts, indent, leading, size, untracked

SAMPLE = "示例数据　仅供演示"

_UPRIGHT = {"top": 37, "right": 26, "bottom": 35, "left": 28}
"""On right pages; Word mirrors left and right on left ones."""
_TURNED = {"top": 27, "right": 36, "bottom": 27, "left": 36}
"""The means of what a turned right and a turned left page want: Word mirrors no top and bottom."""
_HEADS = {False: 24, True: 16}
"""Millimetres from the paper's edge to the sample mark, on upright and on turned pages."""
_FOOT = 26.2
"""Millimetres from the paper's edge to the foot of the page number: 7 mm under the type area stands its dash."""
_CHARACTER = 14
"""4号, in points."""
_SIDES = ("default", "even")


@dataclass(frozen=True)
class Look:
    """A kind of page: turned or upright, numbered or not."""

    turned: bool = False
    numbered: bool = True


UPRIGHT, TURNED, UNNUMBERED = Look(), Look(turned=True), Look(numbered=False)


def margins(look: Look) -> Mapping[str, int]:
    """Margins in millimetres."""
    return _TURNED if look.turned else _UPRIGHT


def running(look: Look, numbers: Numbers, *, sample: bool) -> Iterator[tuple[str, str, Element]]:
    """The parts over and under the type area: header or footer, of odd (``default``) or even pages, its content."""
    for side in _SIDES:
        heading = [_sample_mark()] if sample else [paragraph("Header")]
        if look.turned:
            heading[0].append(_turned_number(side, numbers))
        yield "header", side, root("w:hdr", *heading)
        foot = _number(side) if look.numbered and not look.turned else paragraph("Footer")
        yield "footer", side, root("w:ftr", foot)


def section(look: Look, parts: Mapping[tuple[str, str], str], start: str) -> Element:
    """A section's properties.

    Args:
        look: the kind of its pages.
        parts: ids of its headers and footers.
        start: how it begins: ``nextPage``, or ``evenPage`` for what must stand on a left page.
    """
    wide, high = A4[::-1] if look.turned else A4
    paper = el("w:pgSz", w=wide, h=high, **({"orient": "landscape"} if look.turned else {}))
    sides = {side: round(length * MM) for side, length in margins(look).items()}
    return el(
        "w:sectPr",
        *(related(el(f"w:{kind}Reference", type=side), part) for (kind, side), part in parts.items()),
        el("w:type", val=start),
        paper,
        el("w:pgMar", **sides, header=round(_HEADS[look.turned] * MM), footer=round(_FOOT * MM), gutter=0),
        el("w:cols", space=425),
        # 22 lines of the body on an upright page; on a turned one, which holds tables, some programs would centre the grid.
        el("w:docGrid", linePitch=ROW, **({} if look.turned else {"type": "lines"})),
    )


def settings() -> Element:
    """The whole part ``settings.xml``: facing pages, and Chinese typesetting without Word's own ideas of it."""
    word = "http://schemas.microsoft.com/office/word"
    return root(
        "w:settings",
        el("w:zoom", percent=100),
        el("w:mirrorMargins"),
        el("w:defaultTabStop", val=420),
        el("w:evenAndOddHeaders"),
        el("w:characterSpacingControl", val="doNotCompress"),
        el(
            "w:compat",
            el("w:spaceForUL"),
            el("w:balanceSingleByteDoubleByteWidth"),
            el("w:doNotLeaveBackslashAlone"),
            el("w:ulTrailSpace"),
            el("w:doNotExpandShiftReturn"),
            el("w:useFELayout"),
            el("w:compatSetting", name="compatibilityMode", uri=word, val=15),
        ),
        el("w:themeFontLang", val="en-US", eastAsia="zh-CN"),
        el("w:decimalSymbol", val="."),
        el("w:listSeparator", val=","),
    )


def _number(side: str) -> Element:
    """The page number: at the right of odd pages and the left of even ones, one character in."""
    odd = side == "default"
    place = indent(right=twips(_CHARACTER)) if odd else indent(left=twips(_CHARACTER))
    return paragraph("Footer", *_dashed_number(), properties=(place, aligned("right" if odd else "left")))


def _dashed_number() -> list[Element]:
    return [run("— "), *field("PAGE", "1", alone(SONGTI), untracked(), *size(_CHARACTER)), run(" —")]


def _turned_number(side: str, numbers: Numbers) -> Element:
    """The number of a turned page where the upright one has it, to be read with the paper upright."""
    odd = side == "default"
    margin = margins(TURNED)
    length = 40
    # The paper is turned to the left: its foot is at the left, its right-hand side at the bottom.
    left = margin["left"] - 3.8 - 5
    top = 210 - margin["bottom"] - length if odd else margin["top"]
    box = text_box(_number(side), numbers, (5 * EMU_OF_MM, length * EMU_OF_MM), turned=True)
    return anchored(box, numbers, (round(left * EMU_OF_MM), round(top * EMU_OF_MM)), "页码")


def _sample_mark() -> Element:
    border = el("w:bdr", val="single", sz=8, space=3, color=RED)
    words = run(f"\u00a0\u00a0{SAMPLE}\u00a0\u00a0", fonts(HEITI), el("w:color", val=RED), *size(12), border)
    return paragraph("Header", words, properties=(leading(twips(20)),))
