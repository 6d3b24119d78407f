"""Reading PDF files: the text of every page, and whatever else holds text; pictures and scripts are refused."""

import io
from collections.abc import Iterator

import pikepdf
import pypdfium2
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

from services.attaching.pieces import Headings, Piece, UnfitError
from services.attaching.plain import words

MOST_PAGES = 200
MOST_DEPTH = 40
"""How deep objects may be nested, and pictures be hidden in drawings."""

_PICTURE = (
    "含有图片或扫描页（{place}）：程序读不了图片中的内容，也无法防止其中有儿童照片。"
    "请用 Word 或 WPS 将文字材料直接输出为 PDF，盖章原件由本单位留存"
)
_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/ImportData",
    "/SubmitForm",
    "/Rendition",
    "/Movie",
    "/Sound",
    "/RichMediaExecute",
}
_TEXTS = {
    "/Contents", "/V", "/DV", "/TU", "/Title", "/Subject", "/Keywords", "/Author", "/RC", "/ActualText",
    "/Alt", "/T",
}  # fmt: skip


def read_pdf(data: bytes) -> Iterator[Piece | Headings]:
    """The text of every page, of notes, fields, bookmarks and properties.

    Raises:
        UnfitError: for what is encrypted, damaged, holds pictures, scripts or files, or has pages without text.
    """
    _check_ends(data)
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if document.is_encrypted:
                raise UnfitError("设有密码或权限限制，请取消后重新上传")
            yield from _objects(document)
        yield from _pages(data)
    except pikepdf.PasswordError as error:
        raise UnfitError("设有打开密码，请取消密码后重新上传") from error
    except (pikepdf.PdfError, pypdfium2.PdfiumError) as error:
        raise UnfitError("文件不完整或已损坏，请重新导出后上传") from error


def _check_ends(data: bytes) -> None:
    """Nothing before its first mark and nothing behind its last: no second file of another kind hides there."""
    body, mark, rest = data.rpartition(b"%%EOF")
    start = data[:1024].lower()
    if not mark or rest.strip(b"\r\n\t \0") or b"<html" in start or b"<script" in start or not body:
        raise UnfitError("文件首尾有不属于 PDF 的内容，请重新导出后上传")


def _objects(document: pikepdf.Pdf) -> Iterator[Piece]:
    for item in document.objects:
        yield from _object(item, 0)
    yield from _object(document.trailer, 0)


def _object(item: pikepdf.Object, depth: int) -> Iterator[Piece]:
    """Texts in an object and those that stand inside it; others are come by on their own."""
    if depth > MOST_DEPTH:
        raise UnfitError("内部结构过于复杂，请重新导出后上传")
    if isinstance(item, pikepdf.Array):
        for child in item:
            if isinstance(child, pikepdf.Object) and not child.is_indirect:
                yield from _object(child, depth + 1)
    if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return
    _refuse(item)
    for key, child in item.items():
        if isinstance(child, pikepdf.String) and key in _TEXTS:
            yield Piece("批注、表单、书签或文档属性", str(child))
        elif isinstance(child, pikepdf.Object) and not child.is_indirect:
            yield from _object(child, depth + 1)


def _refuse(item: pikepdf.Object) -> None:
    if str(item.get("/Subtype")) == "/Image":
        raise UnfitError(_PICTURE.format(place="文件内"))
    if str(item.get("/S")) in _ACTIONS or "/JS" in item or "/XFA" in item:
        raise UnfitError("含有脚本或自动动作，请重新导出后上传")
    if str(item.get("/Type")) == "/EmbeddedFile" or "/EF" in item:
        raise UnfitError("嵌有其他文件，请分开上传")


def _pages(data: bytes) -> Iterator[Piece | Headings]:
    document = pypdfium2.PdfDocument(data)
    if len(document) > MOST_PAGES:
        raise UnfitError(f"超过 {MOST_PAGES} 页，请只附与本事项有关的部分")
    told = False
    for number, page in enumerate(document, start=1):
        place = f"第 {number} 页"
        if next(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=MOST_DEPTH), None) is not None:
            raise UnfitError(_PICTURE.format(place=place))
        text = page.get_textpage().get_text_range()
        if not text.strip() and next(page.get_objects(max_depth=1), None) is not None:
            raise UnfitError(_PICTURE.format(place=place))
        told = told or bool(text.strip())
        yield Piece(place, text)
        yield Headings(place, tuple(words(text)))
    if not told:
        raise UnfitError("没有可以读取的文字，请用 Word 或 WPS 重新导出后上传")
