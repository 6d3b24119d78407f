"""What an official document has around its text (GB/T 9704-2012): 版头, title, 附件说明, signature, 版记."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from domain.numerals import chinese_date
from domain.report.blocks import Letterhead
from services.documents import Kind
from services.house_layout import mark_size, place_signature
from services.titles import title_lines
from services.word.elements import Element, el, paragraph, run
from services.word.measures import MM, ROW, TEXT_WIDTH, twips
from services.word.styles import HEITI, KAITI, RED, aligned, fonts, indent, leading, size
from services.word.tables import border

_NOTICE = "本报告数据尚不完整或未经审核，不得作为正式依据"
_NOTICES: Mapping[Kind, str] = {"circular": "阅读提示"}
"""What stands over the notice on the face, where it is not that."""

_MARK_TOP = 35.0
"""Millimetres from the top of the type area to 发文机关标志."""
_MARK_LINE = 1.1
"""Height of its line in sizes of type: a little room, so that Word cuts nothing off."""
_NUMBER_ROWS, _TITLE_ROWS = 7, 10
"""Rows over 发文字号 and over the title, which stand on the grid of the body's lines."""
_RULE = round(84.05 * MM)
"""From the top of the type area to the red rule: 4 mm under the number's characters."""
_RULE_WIDTH = 1.5
"""In points."""
_CHARACTER = twips(16)
_THICK, _THIN = 8, 6
"""Rules of 版记 in eighths of a point: 0.35 and 0.25 mm."""


def letterhead(head: Letterhead) -> Iterator[Element]:
    """版头: the issuer's mark, the document's number, with a signatory at the right for a report upward, the red rule."""
    points = mark_size(head.heading)
    line = twips(points * _MARK_LINE)
    top = round(_MARK_TOP * MM) - (line - twips(points)) // 2
    mark = run(head.heading, *size(points))
    yield paragraph("Mark", mark, properties=[leading(line, before=top)])
    gap = _NUMBER_ROWS * ROW - top - line
    if head.signatory:
        place = el("w:tabs", el("w:tab", val="right", pos=TEXT_WIDTH - _CHARACTER))
        words = [run(f"{head.number}\t签发人："), run(head.signatory, fonts(KAITI))]
        properties = [place, leading(ROW, before=gap), indent(left=_CHARACTER)]
    else:
        words, properties = [run(head.number)], [leading(ROW, before=gap), aligned("center")]
    yield paragraph("DocumentNumber", *words, properties=properties)
    width = round(_RULE_WIDTH * 8)
    rule = el("w:pBdr", el("w:bottom", val="single", sz=width, space=0, color=RED))
    high = _RULE - (_NUMBER_ROWS + 1) * ROW
    under = _TITLE_ROWS * ROW - _RULE - twips(_RULE_WIDTH)
    yield paragraph("DocumentNumber", properties=[rule, leading(high, after=under)])


def title(text: Sequence[Element], subtitle: str) -> Iterator[Element]:
    """The title, a line kept free under it."""
    under = [] if subtitle else [el("w:spacing", after=ROW)]
    yield paragraph("Title", *text, properties=under)
    if subtitle:
        yield paragraph("Subtitle", run(subtitle), properties=[el("w:spacing", after=ROW)])


def notice(lines: Sequence[str], kind: Kind) -> Iterator[Element]:
    """What the reader must know first, in a red frame; nothing where there are no lines."""
    if not lines:
        return
    told = [
        run(_NOTICES.get(kind, _NOTICE), fonts(HEITI), el("w:color", val=RED)),
        *(run(f"·{line}") for line in lines),
    ]
    for words in told:
        frame = el("w:pBdr", *(_framed(side, 6 if side in {"top", "bottom"} else 10) for side in _FRAME))
        yield paragraph("Notice", words, properties=[frame])
    yield paragraph("Gap", properties=[leading(round(4 * MM))])


_FRAME = ("top", "left", "bottom", "right")


def _framed(side: str, space: int) -> Element:
    return el(f"w:{side}", val="single", sz=8, space=space, color=RED)


def addressee(text: str) -> Element:
    """主送机关."""
    return paragraph("Addressee", run(f"{text}："))


def annex_list(titles: Sequence[str]) -> Iterator[Element]:
    """附件说明: one line under the text; two of it go over with the signature, which never stands alone (7.3.5.5)."""
    left = twips(94.7)
    for number, text in enumerate(titles, start=1):
        first = number == 1
        yield paragraph(
            "Annexes",
            run(f"{'附件：' if first else ''}{number}.{text}"),
            properties=[
                *([el("w:keepNext")] if number > len(titles) - 2 else []),
                leading(ROW, before=ROW if first else 0),
                indent(left=left, first=-twips(63.2 if first else 16)),
            ],
        )


def signature(issuer: str, day: date) -> Iterator[Element]:
    """署名 and 成文日期."""
    place = place_signature(issuer, chinese_date(day))
    yield paragraph(
        "Signature", run(issuer), properties=[leading(ROW, before=2 * ROW), indent(right=twips(place.issuer))]
    )
    dated = [el("w:keepNext", val=0), indent(right=twips(place.day))]
    yield paragraph("Signature", run(chinese_date(day)), properties=dated)


def annex_head(number: int, text: str, *, turned: bool, first: bool) -> Iterator[Element]:
    """附件1 and its title; ``first`` where a section begins with it, so that the page need not be broken."""
    breaks = [] if first else [el("w:pageBreakBefore")]
    yield paragraph("AnnexMark", run(f"附件{number}"), properties=breaks)
    under = [leading(ROW, before=ROW)] if turned else []
    yield paragraph("AnnexTitle", run("\n".join(title_lines(text, turned=turned))), properties=under)


def imprint(head: Letterhead) -> Iterator[Element]:
    """版记, held at the foot of its page."""
    rows = []
    if head.copies:
        copies = paragraph(
            "Imprint",
            run(f"抄送：{'，'.join(head.copies)}。"),
            properties=[indent(left=twips(56), right=twips(14), first=-twips(42)), aligned("both")],
        )
        rows.append(_imprint_row(copies, top=_THICK, bottom=_THIN))
    printed = paragraph(
        "Imprint",
        run(f"{head.printer}\t{chinese_date(head.printed)}印发"),
        properties=[
            el("w:tabs", el("w:tab", val="right", pos=TEXT_WIDTH - twips(14))),
            indent(left=twips(14), right=twips(14)),
        ],
    )
    rows.append(_imprint_row(printed, top=_THIN if rows else _THICK, bottom=_THICK))
    yield el(
        "w:tbl",
        el(
            "w:tblPr",
            el(
                "w:tblpPr",
                leftFromText=0,
                rightFromText=0,
                vertAnchor="margin",
                horzAnchor="margin",
                tblpX=0,
                tblpYSpec="bottom",
            ),
            el("w:tblW", w=TEXT_WIDTH, type="dxa"),
            el("w:tblLayout", type="fixed"),
        ),
        el("w:tblGrid", el("w:gridCol", w=TEXT_WIDTH)),
        *rows,
    )
    yield paragraph("Gap")


def _imprint_row(content: Element, *, top: int, bottom: int) -> Element:
    rules = el("w:tcBorders", border("top", top), border("bottom", bottom))
    cell = el("w:tc", el("w:tcPr", el("w:tcW", w=TEXT_WIDTH, type="dxa"), rules), content)
    return el("w:tr", el("w:trPr", el("w:cantSplit")), cell)
