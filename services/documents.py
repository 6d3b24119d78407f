"""From a frozen document to its PDF: which template draws it, and what the PDF says of itself."""

from collections.abc import Sequence
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Literal

import jinja2

from domain.counts import RawCount, RawCountLeakError
from domain.report.blocks import Document
from domain.workdays import BEIJING
from services import rendering
from services.rendering import EmbeddedFile, Metadata

Kind = Literal["annual", "unit", "circular", "brief", "public", "phase", "final"]


def document_html(document: Document, kind: Kind) -> str:
    """A document as HTML by the template of its kind.

    Args:
        document: what it says; its texts are escaped, so that no markup comes in through them.
        kind: the folder in ``report_templates`` that draws it.
    """
    return _templates().get_template(f"{kind}/report.html").render(document=document)


def document_pdf(
    document: Document,
    kind: Kind,
    identifier: str,
    *,
    attachments: Sequence[EmbeddedFile] = (),
    fonts_folder: Path | None = None,
) -> bytes:
    """A document as PDF; the same bytes for the same document, fonts and libraries.

    Args:
        document: what it says.
        kind: the template that draws it.
        identifier: digest of the snapshot that it belongs to, carried as the file's own mark.
        attachments: files to carry inside.
        fonts_folder: where the unpacked fonts lie; by default in this Python environment.

    Raises:
        Problem: 702 to 706, as :func:`services.rendering.render_pdf`.
    """
    metadata = Metadata(
        title=document.title,
        author=document.author,
        identifier=bytes.fromhex(identifier)[:16],
        created=datetime.combine(document.day, time(), tzinfo=BEIJING),
        subject="示例数据，仅供演示" if document.sample else document.subtitle,
    )
    return rendering.render_pdf(
        document_html(document, kind), metadata, attachments=attachments, fonts_folder=fonts_folder
    )


@cache
def _templates() -> jinja2.Environment:
    return rendering.environment(finalize=_released_only)


def _released_only(value: Any) -> Any:
    """The last gate: a raw count that came as far as a template stops the render."""
    if isinstance(value, RawCount):
        raise RawCountLeakError
    return value
