"""From a template to the bytes of a PDF: the same bytes for the same input, whatever the hour, zone or folder.

WeasyPrint is loaded on the first render only, because it takes most of a second.
"""

import atexit
import gc
import logging
import mimetypes
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import jinja2

from domain.numerals import chinese, chinese_date
from domain.problems import Problem, ProblemKind
from domain.status import LIGHT_NAMES, LIGHT_SIGNS, Light
from services.charts import draw_bars, draw_columns, draw_timeline
from services.fonts import find_faces, stack
from services.house_layout import TYPE_AREA_TOP, column_widths, lead_level, mark_size, place_signature
from services.line_breaks import JOIN, guard_breaks
from services.missing_characters import told
from services.places import TEMPLATES
from services.titles import title_lines

if TYPE_CHECKING:
    from weasyprint import Document, Page

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CLOSINGS = frozenset({"signature", "annex-list"})
_NOT_PROSE = ("head", "style", "script", "pre", "code", "{http://www.w3.org/2000/svg}svg")
_GENERATOR = "guanai"
VARIANT = "pdf/a-3a"
"""PDF/A-3 (ISO 19005-3), level A: kept for decades, read aloud by screen readers, with the data inside."""


@dataclass(frozen=True)
class Metadata:
    """What a PDF says of itself.

    Attributes:
        title: shown in the reader's title bar.
        author: the office that issues the document.
        identifier: the file's own mark (PDF 32000-1, 14.4), for instance the digest of what is rendered.
        created: moment of creation, with its zone; never the clock's unless the caller asked the clock.
        subject: one line on what it is about.
        keywords: words to be found by.
    """

    title: str
    author: str
    identifier: bytes
    created: datetime
    subject: str = ""
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True)
class EmbeddedFile:
    """A file carried inside the PDF, such as the data behind a report."""

    name: str
    description: str
    content: bytes


def environment(finalize: Callable[[Any], Any] | None = None) -> jinja2.Environment:
    """Jinja2 for documents: values are text and never markup, and an undefined name is an error.

    Filters: ``chinese`` (1 to 99 as 一 to 九十九) and ``chinese_date`` (2026年12月1日). Functions: ``font_stack(role)``
    for drawings, which inherit no font; the lengths of :mod:`services.house_layout`, the lines of
    :mod:`services.titles` and the drawings of :mod:`services.charts`; ``lights``, sign and name of each status light.

    Args:
        finalize: looks at each value before it is printed; it may refuse one by raising.
    """
    jinja = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize,
    )
    jinja.filters["chinese"] = chinese
    jinja.filters["chinese_date"] = chinese_date
    jinja.globals.update(
        font_stack=stack,
        mark_size=mark_size,
        place_signature=place_signature,
        lead_level=lead_level,
        title_lines=title_lines,
        column_widths=column_widths,
        draw_bars=draw_bars,
        draw_columns=draw_columns,
        draw_timeline=draw_timeline,
        lights={light: (LIGHT_SIGNS[light], LIGHT_NAMES[light]) for light in Light},
    )
    return jinja


def render_pdf(
    html: str,
    metadata: Metadata,
    *,
    attachments: Sequence[EmbeddedFile] = (),
    fonts_folder: Path | None = None,
) -> bytes:
    """Render HTML, by the house layout, to PDF/A-3a: tagged, with bookmarks, embedded subset fonts, and files inside.

    Args:
        html: a whole document; paths in it are relative to ``report_templates/``.
        metadata: what the PDF says of itself.
        attachments: files to carry inside, dated as ``metadata.created``.
        fonts_folder: where the unpacked fonts lie; by default in this Python environment.

    Returns:
        The PDF; the same for the same arguments, fonts and libraries.

    Raises:
        Problem: 702 where the renderer complains of the document; 703 where a font is missing; 704 where no font has
            a character; 705 where the document asks for anything but the project's own files; 706 where the
            renderer's version is unknown.
    """
    if metadata.created.tzinfo is None:
        raise ValueError("metadata.created must carry its time zone")
    fonts = _house_fonts(fonts_folder)
    import weasyprint  # noqa: PLC0415 - loaded late, see above

    with _complaints(metadata.title, html), _own_files() as fetcher, _collecting_seldom():
        source = weasyprint.HTML(string=html, base_url=f"{TEMPLATES.as_uri()}/", url_fetcher=fetcher)
        _prepare(source.etree_element)
        document = source.render(font_config=fonts)
        document = document.copy(_with_imprint(document.pages))
        _describe(document, metadata)
        pdf: bytes = document.write_pdf(
            pdf_identifier=metadata.identifier,
            pdf_variant=VARIANT,
            pdf_tags=True,
            attachments=[_attachment(file, metadata.created) for file in attachments],
        )
    return pdf


@cache
def _house_fonts(folder: Path | None) -> Any:
    """The fonts of this machine, looked for once per process; checked before WeasyPrint, which dies without any."""
    faces = find_faces(folder)
    from services import typesetting  # noqa: PLC0415 - loads WeasyPrint

    typesetting.adapt()
    return typesetting.HouseFonts(faces)


# WeasyPrint's own clearing away fails where the interpreter has taken its modules down before
atexit.register(_house_fonts.cache_clear)


def _prepare(element: Element) -> None:
    """Set the line breaks of Chinese text, keep headings' own words for the bookmarks, and mark what stands last."""
    if element.tag in _NOT_PROSE:
        return
    _mark_last(element)
    if element.tag in _HEADINGS and "data-bookmark" not in element.attrib:
        element.set("data-bookmark", "".join(element.itertext()).strip())
    if element.text:
        element.text = guard_breaks(element.text)
    if element.tag == "sup":  # a mark never leaves what it marks
        element.text = JOIN + (element.text or "")
    for child in element:
        _prepare(child)
        if child.tail:
            child.tail = guard_breaks(child.tail)


def _mark_last(element: Element) -> None:
    """Give paragraphs before a closing and the last rows of a table a class of their own.

    A selector could find them, but would look through all siblings of each: twice the pages, four times the time.
    """
    for one, following in pairwise(element):
        if one.tag == "p" and not _CLOSINGS.isdisjoint(following.get("class", "").split()):
            one.set("class", f"{one.get('class', '')} before-closing".strip())
    if element.tag == "tbody":
        for row in element[-2:]:
            row.set("class", f"{row.get('class', '')} last-rows".strip())


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Look for garbage less often: a document is nearly all alive until it is done, and looking took a third of the time."""
    before = gc.get_threshold()
    gc.set_threshold(10_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _with_imprint(pages: "list[Page]") -> "list[Page]":
    """Choose the pages that bring 版记 to the foot of the last even page (GB/T 9704-2012, 7.4 and 7.5).

    The template lays out both ways of closing a document and marks them by anchors: ``imprint-room`` is the room that
    版记 takes after the text, shown on even pages only; ``imprint-end`` begins a right-hand page after it, so that an
    even page stands before; ``imprint-alone`` is the pair of a blank page and a page of 版记, both without number.
    """
    at = {name: place for place, page in enumerate(pages) for name in page.anchors}
    if "imprint-room" not in at:
        return list(pages)
    room, end, alone = at["imprint-room"], at["imprint-end"], at["imprint-alone"]
    room_above = pages[room].anchors["imprint-room"][1] - TYPE_AREA_TOP
    from services import typesetting  # noqa: PLC0415 - loads WeasyPrint

    for page in pages[
        :room
    ]:  # where the room was tried and did not fit, the renderer leaves the running 版记 behind
        typesetting.drop_imprint(page)
    if room % 2 == 0 and room_above < 1:  # counted from 0: an odd page, with nothing on it but this room
        return [*pages[:room], *pages[alone - 1 : alone + 1]]
    return pages[:end]


def _describe(document: "Document", metadata: Metadata) -> None:
    own = document.metadata
    own.title = metadata.title
    own.authors = [metadata.author]
    own.description = metadata.subject
    own.keywords = list(metadata.keywords)
    own.generator = _GENERATOR
    own.created = own.modified = metadata.created.isoformat(timespec="seconds")


def _attachment(file: EmbeddedFile, created: datetime) -> Any:
    import weasyprint  # noqa: PLC0415

    return weasyprint.Attachment(
        string=file.content,
        name=file.name,
        description=file.description,
        created=created,
        modified=created,
        relationship="Data",
    )


@contextmanager
def _own_files() -> Iterator[Any]:
    """A fetcher that serves files of ``report_templates/`` and stops the render at anything else.

    WeasyPrint goes on without what it could not fetch, and swallows even a fatal error inside a drawing: hence the list.
    """
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415 - loaded late

    refused: list[str] = []

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            own = (
                parts.scheme == "file"
                and not parts.netloc
                and path.is_relative_to(TEMPLATES)
                and path.is_file()
            )
            if not own:
                refused.append(url)
                raise FatalURLFetchingError(url)
            kind, _ = mimetypes.guess_type(path.name)
            headers = {"Content-Type": kind or "application/octet-stream"}
            return URLFetcherResponse(url, path.read_bytes(), headers)

    with suppress(FatalURLFetchingError):
        yield OwnFiles()
    if refused:
        raise Problem(ProblemKind.RESOURCE_REFUSED, url=refused[0][:200])


@contextmanager
def _complaints(title: str, html: str) -> Iterator[None]:
    """Turn what WeasyPrint would only log into a refusal to deliver the document."""
    heard = _Listener()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(heard)
    try:
        yield
    finally:
        logger.removeHandler(heard)
    if heard.missing:
        raise Problem(ProblemKind.GLYPH_MISSING, file=title, characters=told(html, heard.missing))
    if heard.others:
        raise Problem(ProblemKind.REPORT_FAULTY, file=title, reasons="；".join(heard.others))


class _Listener(logging.Handler):
    """Collects WeasyPrint's warnings of this thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._thread = threading.get_ident()
        self.missing: dict[str, None] = {}
        self.others: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread != self._thread:
            return
        if str(record.msg).startswith(".notdef glyph") and isinstance(record.args, tuple):
            character, _ = record.args
            self.missing[str(character)] = None
        else:
            self.others[record.getMessage()] = None
