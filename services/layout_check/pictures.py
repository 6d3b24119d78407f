"""The pages of a PDF as pictures, with the standard's type area and its 22 rows drawn over them, to be looked at."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

from services.layout_check.anatomy import AREA_HEIGHT, AREA_WIDTH
from services.layout_check.geometry import MILLIMETRE

_SCALE = 1.5
_AREA, _ROW = (0, 90, 200), (150, 190, 235)


def draw_pages(pdf: bytes, folder: Path) -> Iterator[Path]:
    """Write each page as a PNG file into ``folder``, which is made where it is not there.

    Args:
        pdf: a document that can be opened.
        folder: where the pictures go; files of the same names are written over.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, start=1):
            image = page.render(scale=_SCALE).to_pil().convert("RGB")
            path = folder / f"第{number:03}页.png"
            _ruled(image, number).save(path)
            yield path


def _ruled(image: Image.Image, number: int) -> Image.Image:
    """A page with the type area around its text, as the standard has it; rows only where the page stands upright."""
    binding = 28 if number % 2 else 26
    width, height = AREA_WIDTH * _SCALE, AREA_HEIGHT * _SCALE
    draw = ImageDraw.Draw(image)
    if image.width > image.height:
        left, top = 35 * MILLIMETRE * _SCALE, binding * MILLIMETRE * _SCALE
        draw.rectangle((left, top, left + height, top + width), outline=_AREA)
        return image
    left, top = binding * MILLIMETRE * _SCALE, 37 * MILLIMETRE * _SCALE
    for row in range(1, 22):
        y = top + row * height / 22
        draw.line((left, y, left + width, y), fill=_ROW)
    draw.rectangle((left, top, left + width, top + height), outline=_AREA)
    return image
