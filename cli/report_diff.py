"""``guanai report diff``: what was changed by hand in a Word file, figures first.

It ends with 0 where nothing was changed, 1 where words only, 2 where figures were, 3 where the file cannot be compared.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.differences import Mark, Piece
from domain.numerals import chinese_date
from domain.problems import Problem, ProblemKind
from domain.report.edits import EDIT_NAMES, Edit, FigureEdit, TextEdit
from models.engine import open_store, reading
from services import edited_reports
from services.edited_reports import Compared
from services.settings import read_settings
from services.word.marks import figure_of
from services.word.reading import MOST_BYTES

NOT_COMPARED = 3
"""Exit status where there is nothing to tell; 0 to 2 are :class:`domain.report.edits.Verdict`."""
_AROUND = 12
"""Characters of unchanged words that are shown on either side of a change."""


def diff_command(
    file: Annotated[Path, typer.Argument(help="改过的 Word 文件（.docx）。", show_default=False)],
    folder: Annotated[
        Path | None,
        typer.Option(help="归档报告的目录；不写则按文件中的来源标记从数据库查找。", show_default=False),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。")] = False,
) -> None:
    """Compare, tell, and end as the comparison says."""
    try:
        found = _compared(file, folder)
    except Problem as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(NOT_COMPARED) from problem
    if as_json:
        typer.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_lines(file, found)))
    raise typer.Exit(found.edits.verdict)


def _compared(file: Path, folder: Path | None) -> Compared:
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        told = {"reason": "文件不存在或不能读取", "mend": "请检查路径。"}
        raise Problem(ProblemKind.EDITED_UNREADABLE, file=file.name, **told) from error
    edited = edited_reports.read(file.name, data)
    if folder is not None:
        return edited_reports.compare_filed(folder, file.name, edited)
    engine = open_store(read_settings().store_url)
    try:
        with reading(engine) as session:
            return edited_reports.compare(session, file.name, edited)
    finally:
        engine.dispose()


def _lines(file: Path, found: Compared) -> Iterator[str]:
    yield f"文件：{file.name}"
    yield f"出自：《{found.title}》，数据截至{chinese_date(found.day)}，快照 {found.snapshot[:8]}"
    if not found.edits.verdict:
        yield "与生成时相同，没有改动。"
        return
    yield f"改动：数字 {len(found.edits.figures)} 处，文字 {len(found.edits.texts)} 处。"
    if found.edits.figures:
        yield "\n── 数字 ──"
        for number, edit in enumerate(found.edits.figures, start=1):
            yield f"{number}. {_figure(edit)}"
    if found.edits.texts:
        yield "\n── 文字 ──"
        for number, text in enumerate(found.edits.texts, start=1):
            yield f"{number}. {text.place}：{''.join(_shown(text))}"


def _figure(edit: FigureEdit) -> str:
    source = f"（数据来源编号 {figure_of(edit.id)}）" if figure_of(edit.id) else ""
    match edit.edit:
        case Edit.REMOVED:
            told = edit.before
        case Edit.ADDED:
            told = edit.after
        case Edit.MOVED if edit.before == edit.after:
            told = edit.after
        case _:
            told = f"{edit.before} → {edit.after}"
    return f"{EDIT_NAMES[edit.edit]}　{told}{source}　{edit.place}"


def _shown(text: TextEdit) -> Iterator[str]:
    """What was struck out and put in, with a few of the words around it."""
    last = len(text.pieces) - 1
    for place, piece in enumerate(text.pieces):
        match piece.mark:
            case Mark.REMOVED:
                yield f"【删：{_flat(piece)}】"
            case Mark.ADDED:
                yield f"【增：{_flat(piece)}】"
            case _:
                yield _cut(_flat(piece), start=place == 0, end=place == last)


def _cut(words: str, *, start: bool, end: bool) -> str:
    """Unchanged words between two changes, or before the first or after the last one."""
    head = "" if start else words[:_AROUND]
    tail = "" if end else words[-_AROUND:]
    if len(words) <= len(head) + len(tail):
        return words
    return f"{head}…{tail}"


def _flat(piece: Piece) -> str:
    return piece.text.replace("\t", " ｜ ")


def _as_json(found: Compared) -> dict[str, Any]:
    return {
        "title": found.title,
        "day": found.day.isoformat(),
        "snapshot": found.snapshot,
        "verdict": found.edits.verdict.name.lower(),
        "figures": [
            {
                "edit": edit.edit.value,
                "mark": edit.id or None,
                "source": figure_of(edit.id) or None,
                "place": edit.place,
                "before": edit.before or None,
                "after": edit.after or None,
                "passage": edit.passage,
            }
            for edit in found.edits.figures
        ],
        "texts": [
            {
                "place": text.place,
                "pieces": [{"mark": piece.mark.value, "text": piece.text} for piece in text.pieces],
            }
            for text in found.edits.texts
        ],
    }
