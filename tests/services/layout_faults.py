"""Faults of layout, each moving a document away from one clause; in groups that do not touch each other."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A rule of style that moves a document away from a clause, and the parts in which that must be found."""

    css: str
    clause: str
    parts: tuple[str, ...]
    grid: tuple[str, float] | None = None
    """What blocks are brought to in the renderer, where the fault moves it too: its name, and millimetres."""


MARGINS = {
    "the type area moves away from the binding": Fault(
        "@page { margin: 37mm 22mm 35mm 32mm } @page :left { margin: 37mm 32mm 35mm 22mm }"
        ".imprint-running { width: 22mm } .imprint-running .imprint { margin-left: 22mm }",
        "5.2.1",
        ("订口（单页）", "订口（双页）"),
    ),
    "the mark is too high": Fault(".letterhead .mark { top: 30mm }", "7.2.4", ("发文机关标志",)),
    "the title is too small": Fault(".title h1 { font-size: 18pt }", "7.3.1", ("标题字号",)),
    "the list of annexes begins at the edge": Fault(
        ".annex-list { padding-left: 63.2pt }", "7.3.4", ("附件说明",)
    ),
    "page numbers are too small": Fault(
        "@page { @bottom-right { font-size: 10.5pt } }", "7.5", ("页码字体字号",)
    ),
}
HEIGHTS = {
    "the type area moves down": Fault(
        "@page { margin-top: 41mm; margin-bottom: 31mm } @page :left { margin-top: 41mm; margin-bottom: 31mm }",
        "5.2.1",
        ("上白边（天头）",),
        ("TYPE_AREA_TOP", 41),
    ),
    "the red rule is too short": Fault(".letterhead .rule { right: 20mm }", "7.2.7", ("红色分隔线",)),
    "the title is in another face": Fault(
        ".title h1 { font-family: guanai-latin, guanai-heiti }", "7.3.1", ("标题字体",)
    ),
    "the signature stands at the edge": Fault(
        ".signature p { padding-right: 0 !important }", "7.3.5", ("署名和成文日期",)
    ),
    "page numbers have lost their dashes": Fault(
        "@page { @bottom-right { content: counter(page) } }", "7.5", ("页码形式",)
    ),
}
FACES = {
    "the body is in another face": Fault(
        "body > p { font-family: guanai-latin, guanai-kaiti } .lead { font-family: guanai-fangsong }",
        "5.2.2、7.3.3",
        ("正文字体",),
    ),
    "the text is grey": Fault("body > p { color: #888 }", "5.2.4", ("文字颜色",)),
    "the red rule is black": Fault(".letterhead .rule { border-color: #000 }", "7.2.7", ("红色分隔线",)),
    "headings are in other faces": Fault(
        "h2 { font-family: guanai-songti } h3 { font-family: guanai-heiti }",
        "7.3.3",
        ("第一层标题", "第二层标题"),
    ),
    "page numbers stand in the middle": Fault(
        "@page { @bottom-right { padding-right: 70mm } }", "7.5", ("页码左右",)
    ),
}
ROWS = {
    "lines stand closer": Fault(
        ":root { --row: 9.4mm } .letterhead .number, .letterhead .signatory { top: 71.59mm !important }"
        ".letterhead + .title { margin-top: 18.2mm }",
        "5.2.3",
        ("每面行数",),
        ("ROW", 9.4),
    ),
    "annexes have their title on the second line": Fault(
        ".annex > h1 { margin-top: 0 }", "7.3.7", ("附件标题",)
    ),
}
CHARACTERS = {
    "characters stand wider apart": Fault(":root { --tracking: 0.5pt }", "5.2.3", ("每行字数",)),
    "the red rule is too low": Fault(".letterhead .rule { bottom: -2mm }", "7.2.7", ("红色分隔线",)),
    "the rules of 版记 are too thick": Fault(".imprint { border-top-width: 1mm }", "7.4.1", ("版记分隔线",)),
    "page numbers stand too low": Fault("@page { @bottom-right { padding-top: 9mm } }", "7.5", ("页码上下",)),
}
TABLES = {
    "pages across are numbered along their long side": Fault(
        "@page landscape { @left-bottom { content: none }"
        " @bottom-center { font-size: 14pt; white-space: nowrap; content: '— ' counter(page) ' —' } }"
        "@page landscape:left { @left-top { content: none } }",
        "8",
        ("横排表格",),
    ),
    "a table goes on without its head": Fault(
        ".table thead { display: table-row-group }", "排印", ("续表表头",)
    ),
}

GROUPS = (MARGINS, HEIGHTS, FACES, ROWS, CHARACTERS, TABLES)
