"""Typesetting: what a page costs from few pages to many, and what other engines take for the same content."""

import importlib.util
import io
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf

from cli.bench.measure import Stopwatch, Trial, in_turn
from cli.bench.results import Result, Row
from cli.bench.scene import Scene
from domain.report.blocks import Block, Document, Heading, Paragraph, Table
from domain.report.material import Issue, Material
from domain.report.unit import unit_report
from services.documents import document_html, document_pdf
from services.fonts import find_faces
from services.places import TEMPLATES
from services.sample.year import report_day

_NO_DIGEST = "0" * 64
SPEAKERS = 5
"""Units whose reports the documents are made of."""
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def pdf(scene: Scene, sizes: Sequence[int], rounds: int) -> Result:
    """Typeset documents of about so many pages; the middle size also by Typst and by headless Chromium."""
    first, *others = _reports(scene)
    blocks = tuple(block for report in (first, *others) for block in report.blocks)
    per_page = len(blocks) / _pages(_pdf(first.model_copy(update={"blocks": blocks})))
    documents = {size: _document(blocks, per_page, size, first) for size in sizes}
    rows: list[Row] = []
    for size, document in documents.items():
        made: dict[str, bytes] = {}
        trial = _ours(document, made)
        costs = in_turn(f"排版约 {size} 页", {"ours": trial}, rounds)
        pages = _pages(made["ours"])
        row = Row(f"本平台：{pages} 页", costs["ours"], pages, "页")
        rows.append(row.grown(rows[0]) if rows else row)
    return Result("pdf", "PDF 排版", (*rows, *_others(documents[sizes[len(sizes) // 2]], rounds)))


def _others(document: Document, rounds: int) -> Iterator[Row]:
    """The same blocks by other engines, with the same fonts, each beside ours; one that is not installed is left out."""
    made: dict[str, bytes] = {}
    trials: dict[str, Trial] = {"ours": _ours(document, made)}
    if (program := next(filter(None, map(shutil.which, _CHROMIUM)), None)) is not None:
        trials["chromium"] = partial(_chromium, program, document, made)
    if _has_typst():
        trials["typst"] = partial(_typst, document, made)
    costs = in_turn("与其他排版程序比较", trials, rounds)
    names = {"chromium": "对照：Chromium 打印同一网页", "typst": "对照：Typst 排同样的内容"}
    pages = _pages(made["ours"])
    ours = Row(f"本平台：{pages} 页，{len(made['ours']) // 1024} KiB", costs["ours"], pages, "页")
    for name in list(trials)[1:]:
        own = _pages(made[name])
        row = Row(f"{names[name]}：{own} 页，{len(made[name]) // 1024} KiB", costs[name], own, "页")
        yield row.compared(ours, "本平台")


def _document(blocks: tuple[Block, ...], per_page: float, pages: int, like: Document) -> Document:
    """A document of about so many pages: the blocks over and over."""
    wanted = round(pages * per_page)
    repeated = blocks * (wanted // len(blocks) + 1)
    return like.model_copy(update={"title": f"排版测速（约{pages}页）", "blocks": repeated[:wanted]})


def _reports(scene: Scene) -> tuple[Document, ...]:
    """Some units' reports: words, tables, headings, as the year has them."""
    day = report_day(scene.plan, scene.year)
    material = Material(scene.plan, scene.calendar, scene.year, day, scene.history(), Issue(sample=True))
    return tuple(unit_report(material, unit) for unit in list(scene.plan.units_by_id)[:SPEAKERS])


def _ours(document: Document, made: dict[str, bytes]) -> Trial:
    def trial(watch: Stopwatch) -> None:
        with watch:
            made["ours"] = _pdf(document)

    return trial


def _pdf(document: Document) -> bytes:
    return document_pdf(document, "unit", _NO_DIGEST)


def _pages(content: bytes) -> int:
    with pikepdf.open(io.BytesIO(content)) as document:
        return len(document.pages)


def _chromium(program: str, document: Document, made: dict[str, bytes], watch: Stopwatch) -> None:
    """The web page as ours is made from, printed by a browser that is started for it, with the same fonts."""
    faces = "".join(
        f"@font-face{{font-family:{role.alias};src:url('{face.file.as_uri()}')}}"
        for role, face in find_faces().items()
    )
    page = document_html(document, "unit").replace(
        "<head>", f'<head><base href="{TEMPLATES.as_uri()}/"><style>{faces}</style>'
    )
    with tempfile.TemporaryDirectory(prefix="guanai-bench-") as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page, encoding="utf-8")
        command = [
            program,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={folder}/profile",
        ]
        with watch:
            subprocess.run(  # noqa: S603 - a page of ours
                [*command, "--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri()],
                check=True,
                capture_output=True,
                env={**os.environ, "TMPDIR": "/tmp"},  # noqa: S108 - its socket's path must be short
            )
        made["chromium"] = target.read_bytes()


def _has_typst() -> bool:
    return importlib.util.find_spec("typst") is not None


def _typst(document: Document, made: dict[str, bytes], watch: Stopwatch) -> None:
    """The same blocks in Typst's language, on the grid of the house layout."""
    import typst  # noqa: PLC0415 - only this needs it, and an office does not have it

    faces = find_faces()
    families = {role.key: _family(face.file, face.index) for role, face in faces.items()}
    with tempfile.TemporaryDirectory(prefix="guanai-bench-") as folder:
        for face in faces.values():
            link = Path(folder, face.file.name)
            link.unlink(missing_ok=True)
            link.symlink_to(face.file)
        source = Path(folder, "page.typ")
        source.write_text(_typst_source(document, families), encoding="utf-8")
        with watch:
            made["typst"] = typst.compile(str(source), font_paths=[folder], ignore_system_fonts=True)


def _family(file: Path, index: int) -> str:
    """What a font calls its family in English, by which Typst asks for it."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - as Typst

    with TTFont(file, fontNumber=index, lazy=True) as font:
        return str(font["name"].getBestFamilyName())


def _typst_source(document: Document, families: Mapping[str, str]) -> str:
    body, head = families["fangsong"], families["heiti"]
    lines = [
        '#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm), numbering: "— 1 —")',
        f'#set text(font: ("{families["latin"]}", "{body}", "{families["rare"]}"), size: 16pt, lang: "zh")',
        "#set par(justify: true, leading: 13pt, spacing: 13pt, first-line-indent: (amount: 2em, all: true))",
        f'#show heading: set text(font: ("{families["latin"]}", "{head}"), size: 16pt, weight: "regular")',
    ]
    for block in document.blocks:
        match block:
            case Heading():
                lines.append(f"{'=' * block.level} {_escaped(block.text)}")
            case Paragraph():
                lines.append(_escaped(block.lead + "".join(run.text for run in block.runs)))
            case Table():
                widths = ", ".join(f"{column.share}fr" for column in block.columns)
                cells = [column.title for column in block.columns]
                header = ", ".join(f"[{_escaped(text)}]" for text in cells)
                rows = "".join(_typst_row(row, len(block.columns)) for row in block.rows)
                lines.append(f"#text(size: 9pt)[#table(columns: ({widths}), table.header({header}), {rows})]")
    return "\n\n".join(lines)


def _typst_row(row: Any, columns: int) -> str:
    if row.kind == "section":
        return f"table.cell(colspan: {columns})[{_escaped(row.cells[0].text)}], "
    return "".join(f"[{_escaped(cell.text)}], " for cell in row.cells)


def _escaped(text: str) -> str:
    return re.sub(r"([\\#$*_\[\]<>@`~/=+-])", r"\\\1", text)
