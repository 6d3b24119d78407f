"""Real files of every kind that units attach, and what harm can be done with such."""

import io
import zipfile
from collections.abc import Callable, Mapping

import pikepdf
from docx import Document
from docx.document import Document as DocumentType
from openpyxl.workbook import Workbook

ID_NUMBER = "11010519491231002X"  # the textbook example of GB 11643, nobody's


def word(*edits: Callable[[DocumentType], object]) -> bytes:
    """A Word document with one harmless paragraph, and what the edits make of it."""
    document = Document()
    document.add_paragraph("各村已完成走访，台账齐全。")
    for edit in edits:
        edit(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def workbook(*edits: Callable[[Workbook], object]) -> bytes:
    """A workbook with one harmless sheet, and what the edits make of it."""
    book = Workbook()
    book.active.title = "台账"
    book.active["A1"] = "走访情况"
    for edit in edits:
        edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pdf(
    *texts: str,
    edit: Callable[[pikepdf.Pdf], object] | None = None,
    encryption: pikepdf.Encryption | bool = False,
) -> bytes:
    """A PDF with one page for each text, which must be Latin."""
    document = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    for text in texts or ("All visits are done.",):
        page = document.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = document.make_stream(f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode())
    if edit is not None:
        edit(document)
    out = io.BytesIO()
    document.save(out, encryption=encryption)
    return out.getvalue()


def repacked(data: bytes, added: Mapping[str, bytes]) -> bytes:
    """An Office file with more members before its own, or others in their place."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name, content in added.items():
            target.writestr(name, content)
        for name in source.namelist():
            if name not in added:
                target.writestr(name, source.read(name))
    return out.getvalue()
