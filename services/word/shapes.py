"""Shapes of DrawingML: boxes of text, rectangles, lines; they stay live and can be edited in Word."""

from collections.abc import Sequence

from services.word.elements import Element, Numbers, el

Size = tuple[int, int]
"""Width and height, or left and top, in EMU."""

SHAPES = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
GROUPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"


def text_box(
    content: Element, numbers: Numbers, size: Size, at: Size = (0, 0), *, turned: bool = False
) -> Element:
    """A box of text without frame or inner margin; ``turned`` reads from top to bottom."""
    return el(
        "wps:wsp",
        el("wps:cNvPr", id=numbers.next(), name="文字"),
        el("wps:cNvSpPr", txBox=1),
        el("wps:spPr", _place(size, at), _geometry("rect"), el("a:noFill"), el("a:ln", el("a:noFill"))),
        el("wps:txbx", el("w:txbxContent", content)),
        el(
            "wps:bodyPr",
            el("a:noAutofit"),
            vert="vert" if turned else "horz",
            wrap="square" if turned else "none",
            lIns=0,
            tIns=0,
            rIns=0,
            bIns=0,
            anchor="t",
        ),
    )


def figure(
    form: str,
    numbers: Numbers,
    size: Size,
    at: Size,
    *,
    fill: str = "",
    stroke: str = "",
    dashed: bool = False,
) -> Element:
    """A preset form such as ``rect``, ``diamond`` or ``line``; colours as six digits."""
    line = el("a:ln", w=6350)
    line.append(el("a:solidFill", el("a:srgbClr", val=stroke)) if stroke else el("a:noFill"))
    if dashed:
        line.append(el("a:prstDash", val="dash"))
    inside = el("a:solidFill", el("a:srgbClr", val=fill)) if fill else el("a:noFill")
    return el(
        "wps:wsp",
        el("wps:cNvPr", id=numbers.next(), name="图形"),
        el("wps:cNvSpPr"),
        el("wps:spPr", _place(size, at), _geometry(form), inside, line),
        el("wps:bodyPr"),
    )


def group(shapes: Sequence[Element], size: Size, numbers: Numbers, alt: str) -> Element:
    """Shapes that stand together in a line of text as one picture."""
    wide, high = size
    together = el(
        "wpg:wgp",
        el("wpg:cNvGrpSpPr"),
        el(
            "wpg:grpSpPr",
            el(
                "a:xfrm",
                el("a:off", x=0, y=0),
                el("a:ext", cx=wide, cy=high),
                el("a:chOff", x=0, y=0),
                el("a:chExt", cx=wide, cy=high),
            ),
        ),
        *shapes,
    )
    inline = el(
        "wp:inline",
        el("wp:extent", cx=wide, cy=high),
        el("wp:docPr", id=numbers.next(), name="图", descr=alt),
        el("wp:cNvGraphicFramePr"),
        el("a:graphic", el("a:graphicData", together, uri=GROUPS)),
        distT=0,
        distB=0,
        distL=0,
        distR=0,
    )
    return _drawing(inline, "wpg")


def anchored(box: Element, numbers: Numbers, at: Size, alt: str) -> Element:
    """A box at a place of the page, over which text does not flow."""
    extent = box.find(".//{*}ext")
    return _drawing(
        el(
            "wp:anchor",
            el("wp:simplePos", x=0, y=0),
            el("wp:positionH", _offset(at[0]), relativeFrom="page"),
            el("wp:positionV", _offset(at[1]), relativeFrom="page"),
            el("wp:extent", cx=extent.get("cx"), cy=extent.get("cy")),
            el("wp:wrapNone"),
            el("wp:docPr", id=numbers.next(), name=alt, descr=alt),
            el("wp:cNvGraphicFramePr"),
            el("a:graphic", el("a:graphicData", box, uri=SHAPES)),
            distT=0,
            distB=0,
            distL=0,
            distR=0,
            simplePos=0,
            relativeHeight=1,
            behindDoc=0,
            locked=0,
            layoutInCell=1,
            allowOverlap=1,
        ),
        "wps",
    )


def _drawing(content: Element, needs: str) -> Element:
    return el("w:r", el("mc:AlternateContent", el("mc:Choice", el("w:drawing", content), Requires=needs)))


def _offset(length: int) -> Element:
    found = el("wp:posOffset")
    found.text = str(length)
    return found


def _place(size: Size, at: Size) -> Element:
    return el("a:xfrm", el("a:off", x=at[0], y=at[1]), el("a:ext", cx=size[0], cy=size[1]))


def _geometry(form: str) -> Element:
    return el("a:prstGeom", el("a:avLst"), prst=form)
