"""The styles of a report in Word: headings that Word's navigation knows, and the fonts that GB/T 9704-2012 names.

Fonts are named, not embedded: an office has them, and where one is missing Word takes the name beside it.
"""

from collections.abc import Iterator, Sequence

from services.word.elements import Element, el, root
from services.word.measures import INDENT, MM, ROW, TRACKING, half_points, twips

FANGSONG, XIAOBIAOSONG, KAITI, HEITI, SONGTI = "仿宋_GB2312", "方正小标宋_GBK", "楷体_GB2312", "黑体", "宋体"
LATIN = "Times New Roman"
FACES = {1: HEITI, 2: KAITI, 3: FANGSONG, 4: FANGSONG}
"""The face of headings by their level, of those too that run into a paragraph (7.3.3)."""
RED = "D8000F"

_ELSEWHERE = {
    FANGSONG: "仿宋",
    XIAOBIAOSONG: "方正小标宋简体",
    KAITI: "楷体",
    HEITI: "SimHei",
    SONGTI: "SimSun",
}


def fonts(name: str) -> Element:
    """A Chinese font with the digits and letters that go with it."""
    return el("w:rFonts", ascii=LATIN, hAnsi=LATIN, eastAsia=name, cs=LATIN)


def alone(name: str) -> Element:
    """A Chinese font for digits and letters too: in titles, beside whose strokes another's look thin, and page numbers."""
    return el("w:rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=LATIN)


def size(points: float) -> list[Element]:
    """A size of type."""
    return [el("w:sz", val=half_points(points)), el("w:szCs", val=half_points(points))]


def leading(line: int, before: int = 0, after: int = 0) -> Element:
    """Lines of an exact height, with what stands over and under the paragraph; all in twips."""
    return el("w:spacing", before=before, after=after, line=line, lineRule="exact")


def indent(*, left: int = 0, right: int = 0, first: int = 0) -> Element:
    """Indents in twips; a negative ``first`` lets the first line hang out."""
    turn = {"hanging": -first} if first < 0 else {"firstLine": first}
    return el("w:ind", left=left, right=right, **turn)


def aligned(side: str) -> Element:
    """How lines are aligned: left, center, right or both."""
    return el("w:jc", val=side)


def untracked() -> Element:
    """Characters set no closer than the font says."""
    return el("w:spacing", val=0)


def document_styles() -> Element:
    """The whole part ``styles.xml``."""
    return root("w:styles", _defaults(), *_paragraph_styles(), *_other_styles())


def font_table() -> Element:
    """The fonts that are named, each with what stands in on a machine that lacks it."""
    return root(
        "w:fonts",
        *(
            el(
                "w:font",
                el("w:altName", val=other),
                el("w:charset", val="86"),
                el("w:family", val="auto"),
                el("w:pitch", val="variable"),
                name=name,
            )
            for name, other in _ELSEWHERE.items()
        ),
        el("w:font", el("w:charset", val="00"), el("w:family", val="roman"), name=LATIN),
    )


def _defaults() -> Element:
    return el(
        "w:docDefaults",
        el(
            "w:rPrDefault",
            el(
                "w:rPr",
                fonts(FANGSONG),
                el("w:spacing", val=TRACKING),
                *size(16),
                el("w:lang", val="en-US", eastAsia="zh-CN"),
            ),
        ),
        el("w:pPrDefault"),
    )


def _style(
    key: str,
    name: str,
    paragraph: Sequence[Element] = (),
    text: Sequence[Element] = (),
    *,
    based: str = "Normal",
    then: str = "BodyText",
) -> Element:
    return el(
        "w:style",
        el("w:name", val=name),
        el("w:basedOn", val=based),
        el("w:next", val=then or key),
        el("w:qFormat"),
        el("w:pPr", *paragraph),
        el("w:rPr", *text),
        type="paragraph",
        styleId=key,
    )


def _heading(level: int, font: str) -> Element:
    return _style(
        f"Heading{level}",
        f"heading {level}",
        [el("w:keepNext"), indent(first=INDENT), el("w:outlineLvl", val=level - 1)],
        [fonts(font)],
    )


def _paragraph_styles() -> Iterator[Element]:
    yield el(
        "w:style",
        el("w:name", val="Normal"),
        el("w:qFormat"),
        el(
            "w:pPr",
            el("w:widowControl", val=0),
            el("w:kinsoku"),
            el("w:overflowPunct", val=0),
            el("w:autoSpaceDE", val=0),
            el("w:autoSpaceDN", val=0),
            el(
                "w:snapToGrid", val=0
            ),  # every style has its own exact height; the grid would double what is larger
            leading(ROW),
            el("w:jc", val="both"),
        ),
        type="paragraph",
        default=1,
        styleId="Normal",
    )
    yield _style("BodyText", "Body Text", [indent(first=INDENT)])
    for level, font in FACES.items():
        yield _heading(level, font)
    yield from _furniture_styles()
    yield from _table_styles()


def _furniture_styles() -> Iterator[Element]:
    """What stands around the text, in the order in which it is met."""
    yield _style("Header", "header", [aligned("center")], [untracked(), *size(12)], then="")
    yield _style(
        "Mark",
        "发文机关标志",
        [aligned("center")],
        [alone(XIAOBIAOSONG), el("w:color", val=RED), untracked()],
    )
    yield _style("DocumentNumber", "发文字号", [aligned("left")])
    yield _style(
        "Title", "Title", [el("w:keepNext"), aligned("center")], [alone(XIAOBIAOSONG), untracked(), *size(22)]
    )
    yield _style("Subtitle", "Subtitle", [el("w:keepNext"), aligned("center")], [fonts(KAITI)])
    framed = [leading(round(6.5 * MM)), indent(left=twips(22), right=twips(10), first=-twips(12))]
    yield _style("Notice", "首页提示", framed, [untracked(), *size(12)], then="")
    yield _style("Addressee", "主送机关")
    yield _style("Annexes", "附件说明", [el("w:keepLines"), aligned("left")])
    yield _style("Signature", "署名和日期", [el("w:keepNext"), el("w:keepLines"), aligned("right")])
    yield _style("AnnexMark", "附件编号", [el("w:keepNext"), aligned("left")], [fonts(HEITI)])
    under = [leading(ROW, before=ROW, after=ROW // 2), indent(), aligned("center"), el("w:outlineLvl", val=0)]
    yield _style(
        "AnnexTitle",
        "附件标题",
        [el("w:keepNext"), *under],
        [alone(XIAOBIAOSONG), untracked(), *size(22)],
        based="Heading1",
    )
    yield _style("Imprint", "版记", [leading(round(8.5 * MM)), aligned("left")], _small(14), then="")
    dashed = [alone(SONGTI), *_small(14)]
    yield _style("Footer", "footer", [leading(round(5 * MM)), aligned("left")], dashed, then="")
    yield _style("Gap", "分隔", [leading(20)], size(1), then="")


def _table_styles() -> Iterator[Element]:
    """Tables and charts; the smaller ones for tables that are large."""
    over = [el("w:keepNext"), leading(twips(17.6), before=twips(8.5), after=twips(2)), aligned("center")]
    yield _style("Caption", "caption", over, [fonts(HEITI), *_small(12)])
    for key, name, points, line, then in (
        ("TableText", "表格文字", 12, 6.2, ""),
        ("SmallTableText", "表格小字", 9, 4.6, ""),
        ("TableNote", "表注", 10.5, 5.4, "BodyText"),
        ("SmallTableNote", "表注小字", 9, 4.6, "BodyText"),
    ):
        yield _style(key, name, [leading(round(line * MM)), aligned("left")], _small(points), then=then)
    freely = el("w:spacing", before=0, after=twips(10), line=240, lineRule="auto")
    yield _style("Chart", "图", [freely, aligned("center")])
    yield _style("ChartText", "图中文字", [aligned("left")], [fonts(HEITI), *_small(10.5)], then="")


def _small(points: float) -> list[Element]:
    """A size of type whose characters are not set closer."""
    return [untracked(), *size(points)]


def _other_styles() -> Iterator[Element]:
    for level, font in FACES.items():
        yield _character(f"Lead{level}", f"段首标题 {level}", [fonts(font)])
    yield _character(
        "Source",
        "来源标记",
        [
            fonts(SONGTI),
            el("w:color", val="555555"),
            el("w:spacing", val=0),
            el("w:position", val=10),
            *size(6.5),
        ],
    )
    yield el(
        "w:style",
        el("w:name", val="Normal Table"),
        el(
            "w:tblPr",
            el("w:tblInd", w=0, type="dxa"),
            el(
                "w:tblCellMar",
                *(el(f"w:{side}", w=0, type="dxa") for side in ("top", "left", "bottom", "right")),
            ),
        ),
        type="table",
        default=1,
        styleId="TableNormal",
    )


def _character(key: str, name: str, text: Sequence[Element]) -> Element:
    return el(
        "w:style", el("w:name", val=name), el("w:qFormat"), el("w:rPr", *text), type="character", styleId=key
    )
