"""Inspecting a file in a process of its own, which may take so much memory and time and no more.

A file that a stranger made may make a library take all memory, loop, or crash; then only this process does.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.attaching.office import is_word, read_word, read_workbook
from services.attaching.pdf import read_pdf
from services.attaching.pieces import Found, Headings, Piece, UnfitError, judge
from services.attaching.plain import read_plain

MEMORY = 1536 * 1024 * 1024
"""Bytes of address space."""
SECONDS = 40
"""Of the processor, and at most half as many again by the clock's reckoning of a busy machine."""
MOST_FOUND = 20

_ONLY = "附件只收 PDF、Word（.docx）、Excel（.xlsx）和纯文本（.txt、.csv）"
_REFUSED = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "是旧格式（.doc、.xls）或设有密码；请取消密码，另存为 .docx 或 .xlsx 后上传",
    ),
    (b"\xff\xd8\xff", "是图片"),
    (b"\x89PNG", "是图片"),
    (b"GIF8", "是图片"),
    (b"BM", "是图片"),
    (b"II*\0", "是图片"),
    (b"MM\0*", "是图片"),
    (b"Rar!", "是压缩包"),
    (b"7z\xbc\xaf", "是压缩包"),
    (b"\x1f\x8b", "是压缩包"),
    (b"{\\rtf", "是 RTF 文档"),
    (b"MZ", "是程序"),
    (b"\x7fELF", "是程序"),
)
_NO_PICTURES = "是图片：工作进展材料不得含有儿童照片，程序也读不了图片中的内容，因此不收图片"


class Kind(StrEnum):
    """What a file is by its content; the value is the suffix that its name bears."""

    PDF = "pdf"
    WORD = "docx"
    WORKBOOK = "xlsx"
    TEXT = "txt"


@dataclass(frozen=True)
class Inspection:
    """What a file is, why it is not taken, and where in it a child could be identified."""

    kind: Kind | None
    refused: str
    found: tuple[Found, ...]


def inspect_apart(data: bytes) -> Inspection:
    """Inspect a file in a process of its own.

    Args:
        data: the whole file, of any content.
    """
    command = [sys.executable, "-m", "services.attaching.inspector"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS * 1.5, check=True)  # noqa: S603 - our own command
        told = json.loads(done.stdout)
    except (subprocess.SubprocessError, json.JSONDecodeError):
        return Inspection(None, "已损坏，或不能在限定的时间和内存内检查完毕；请重新导出或精简后上传", ())
    kind = Kind(told["kind"]) if told["kind"] else None
    return Inspection(kind, told["refused"], tuple(Found(*each) for each in told["found"]))


def inspect(data: bytes) -> Inspection:
    """Inspect a file here; for files of one's own, and within :func:`inspect_apart`."""
    kind: Kind | None = None
    found: list[Found] = []
    try:
        kind, parts = _reader(data)
        for each in judge(parts):
            if each not in found:
                found.append(each)
            if len(found) == MOST_FOUND:
                break
    except UnfitError as unfit:
        return Inspection(kind, unfit.reason, ())
    return Inspection(kind, "", tuple(found))


def _reader(data: bytes) -> tuple[Kind, Iterator[Piece | Headings]]:
    """What a file is by its first bytes, and what reads it."""
    if not data:
        raise UnfitError("是空文件")
    if data.startswith(b"%PDF-"):
        return Kind.PDF, read_pdf(data)
    for start, what in _REFUSED:
        if data.startswith(start):
            raise UnfitError(
                _NO_PICTURES if what == "是图片" else what if "；" in what else f"{what}；{_ONLY}"
            )
    if data.startswith(b"PK\x03\x04"):
        if b"%PDF-" in data[:1024]:
            raise UnfitError(f"同时像是两种文件；{_ONLY}")
        return (Kind.WORD, read_word(data)) if is_word(data) else (Kind.WORKBOOK, read_workbook(data))
    if (
        data[:1024]
        .lstrip(b"\xef\xbb\xbf \t\r\n")
        .lower()
        .startswith((b"<!doctype html", b"<html", b"<?xml", b"<svg"))
    ):
        raise UnfitError(f"是网页；{_ONLY}")
    return Kind.TEXT, read_plain(data)


def main() -> None:
    """Inspect what comes in on standard input, and tell it as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    seen = inspect(sys.stdin.buffer.read())
    told = {"kind": seen.kind, "refused": seen.refused, "found": [[f.place, f.reason] for f in seen.found]}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
