"""What tests ask of the pages of a PDF."""

import pypdfium2

from services.layout_check.geometry import Line
from services.layout_check.reading import read_sheets


def pages(pdf: bytes) -> list[list[Line]]:
    """The lines of each page, from top to bottom; raised marks (of sources) are left out."""
    return [list(sheet.lines) for sheet in read_sheets(pdf)]


def texts(pdf: bytes) -> list[str]:
    """The extracted text of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def ink(pdf: bytes, page: int, box: tuple[float, float, float, float]) -> float:
    """The share of dark pixels in a box (left, bottom, right, top in points) of a page, from 0 to 1."""
    with pypdfium2.PdfDocument(pdf) as document:
        scale = 3
        image = document[page].render(scale=scale).to_pil().convert("L")
    left, bottom, right, top = (round(side * scale) for side in box)
    part = image.crop((left, image.height - top, right, image.height - bottom))
    histogram = part.histogram()
    return float(sum(histogram[:128]) / sum(histogram))
