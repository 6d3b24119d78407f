"""The adaptation of WeasyPrint to Chinese official typesetting (GB/T 9704-2012: 22 lines of 28 characters).

WeasyPrint 70.0 does six things that the standard's page does not bear, and offers no setting for any:

* it justifies by stretching spaces, of which Chinese has none, so that the right edge is ragged;
* digits and stand-in glyphs, whose fonts are taller, push a line down, so that 21 lines fit instead of 22;
* after a table or a figure it goes on wherever that ends, so that lines of facing pages no longer stand on one grid;
* it subsets with the system's HarfBuzz, which in Debian 12 fails on large TrueType fonts and embeds them whole;
* it writes empty strings between spaced characters, after which PDFium (Chrome, Edge) forgets the spacing that ends a run;
* for each tag it lists all pages anew, so that the time for a page grows with their number.

:func:`adapt` puts seven functions in the place of WeasyPrint's own, once per process, and refuses any version whose
insides it does not know. :class:`HouseFonts` needs no such step: it is passed in by the front door.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

import pydyf
import uharfbuzz
import weasyprint
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block, inline
from weasyprint.pdf import fonts as pdf_fonts
from weasyprint.pdf.stream import Stream
from weasyprint.text import ffi as text_ffi
from weasyprint.text import line_break
from weasyprint.text.fonts import FontConfiguration

from domain.problems import Problem, ProblemKind
from services.fonts import Face, Role
from services.house_layout import ROW, TYPE_AREA_TOP

KNOWN_VERSION = "70.0"

# Characters whose gaps are not stretched: Latin words and numbers, zero-width spaces, joiners, variation selectors.
_RIGID_CHARACTERS = r"!-~\u200b\u2060\ufe00-\ufe0f"
_RIGID = re.compile(f"[{_RIGID_CHARACTERS}]+")
_RUNS = re.compile(f"([^{_RIGID_CHARACTERS}]+)|[{_RIGID_CHARACTERS}]+")

# Pango measures in 1/1024 of WeasyPrint's pixel.
_PANGO_UNITS: int = text_ffi.TO_UNITS

_ON_GRID = 0.5
"""How far past its line of the grid a block may end, in pixels: what rounding leaves."""

_USELESS_TABLES = tuple(
    int.from_bytes(tag, "big")
    for tag in (
        b"BASE",
        b"DSIG",
        b"EBDT",
        b"EBLC",
        b"EBSC",
        b"GPOS",
        b"GSUB",
        b"JSTF",
        b"LTSH",
        b"PCLT",
        b"SVG ",
    )
)
_SUBSET_FLAGS = uharfbuzz.SubsetFlags.PASSTHROUGH_UNRECOGNIZED | uharfbuzz.SubsetFlags.DESUBROUTINIZE

_original_block_level_layout = block.block_level_layout
_original_split_text_box = inline.split_text_box
_original_show_text = Stream.show_text


class HouseFonts(FontConfiguration):  # type: ignore[misc]  # WeasyPrint ships no types
    """WeasyPrint's font configuration, with the roles of :mod:`services.fonts` as families.

    Font files are read where they lie. ``@font-face`` would copy each into a temporary folder for every render, and a
    killed process would leave them behind.
    """

    def __init__(self, faces: Mapping[Role, Face]) -> None:
        super().__init__()
        library = text_ffi.fontconfig
        rules = "".join(_fontconfig_rules(role, face) for role, face in faces.items())
        document = f'<?xml version="1.0"?><fontconfig>{rules}</fontconfig>'
        library.FcConfigParseAndLoadFromMemory(self._config, document.encode(), 1)
        for file in sorted({face.file for face in faces.values()}):
            if not library.FcConfigAppFontAddFile(self._config, os.fsencode(file)):
                raise Problem(ProblemKind.FONT_MISSING, roles=file.name, packages=file.name)
        text_ffi.pangoft2.pango_fc_font_map_config_changed(
            text_ffi.ffi.cast("PangoFcFontMap *", self.font_map)
        )


def _fontconfig_rules(role: Role, face: Face) -> str:
    """Fontconfig's rules that give a face its role's alias, one weight and, where due, ASCII only."""
    test = (
        f'<test name="file" compare="eq"><string>{escape(face.file.as_posix())}</string></test>'
        f'<test name="index" compare="eq"><int>{face.index}</int></test>'
    )
    # The alias comes before the family's own name, because Pango loses a font whose own name is gone.
    rules = (
        f'<match target="scan">{test}<edit name="family" mode="prepend">'
        f'<string>{role.alias}</string></edit><edit name="weight" mode="assign_replace">'
        f"<const>regular</const></edit></match>"
    )
    if role.ascii_only:
        rules += (
            f'<match target="font">{test}<edit name="charset" mode="assign_replace"><charset>'
            "<range><int>0x20</int><int>0x7e</int></range></charset></edit></match>"
        )
    return rules


def adapt() -> None:
    """Put the adaptation in place; doing so again changes nothing.

    Raises:
        Problem: 706 where WeasyPrint is not the version that this module knows.
    """
    if weasyprint.VERSION != KNOWN_VERSION:
        raise Problem(ProblemKind.RENDERER_UNKNOWN, found=weasyprint.VERSION, known=KNOWN_VERSION)
    block.block_level_layout = _block_level_layout
    inline.justify_line = _justify_line
    inline.split_text_box = _split_text_box
    line_break.Layout.reactivate = _reactivate
    Stream.show_text = _show_text
    pydyf.PDF.page_references = property(_page_references)
    pdf_fonts.Font._harfbuzz_subset = _subset  # noqa: SLF001 - the point of this module


def drop_imprint(page: Any) -> None:
    """Take 版记 away from the margin of an upright page; pages across have their number there."""
    if page.height > page.width:
        box = page._page_box  # noqa: SLF001 - the point of this module
        box.children = tuple(one for one in box.children if getattr(one, "at_keyword", "") != "@left-bottom")


def elasticity(text: str) -> int:
    """How many characters of a text open their gaps when a line is justified; a rigid one lends no half of its own."""
    return len(text) - sum(map(len, _RIGID.findall(text)))


def _outer_halves(text: str) -> float:
    """The spacing outside a text's first and last character, which Pango takes away again when it draws."""
    return sum(elasticity(char) / 2 for char in (text[0], text[-1])) if text else 0.0


def _text_boxes(box: Any) -> Iterator[Any]:
    """The text boxes of a line, in reading order."""
    if isinstance(box, boxes.TextBox):
        yield box
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in box.children:
            yield from _text_boxes(child)


def _justify_line(_context: Any, line: Any, extra_width: float) -> None:
    """Open the gaps between characters until the line is full (stands for ``inline.justify_line``)."""
    texts = [text.text for text in _text_boxes(line)]
    gaps = sum(map(elasticity, texts)) - _outer_halves(texts[-1] if texts else "")
    if gaps > 0:
        _spread(line, extra_width / gaps, 0.0)


def _spread(box: Any, spacing: float, advance: float) -> float:
    """Move and widen the boxes of a line by ``spacing`` for each elastic character; returns how far the next moves."""
    box_start = advance
    if isinstance(box, boxes.TextBox):
        box.position_x += advance
        box.pango_layout.justification_spacing = spacing
        advance += spacing * elasticity(box.text)
        box.width += advance - box_start
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.position_x += advance
        for child in box.children:
            if child.is_in_normal_flow():
                advance = _spread(child, spacing, advance)
        box.width += advance - box_start
    else:
        box.translate(advance, 0)
    return advance


def _reactivate(layout: Any, style: Any) -> None:
    """Prepare a line for drawing, with its gaps opened (stands for ``Layout.reactivate``)."""
    layout.setup(style)
    layout.set_text(layout.text)
    if not layout.justification_spacing:
        return
    pango, ffi = text_ffi.pango, text_ffi.ffi
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    own = 0 if style["letter_spacing"] == "normal" else style["letter_spacing"]
    spacing = int((own + layout.justification_spacing) * _PANGO_UNITS)
    end = 0
    for run in _RUNS.finditer(layout.text):
        start, end = end, end + len(run[0].encode())
        if run[1]:
            attribute = pango.pango_attr_letter_spacing_new(spacing)
            attribute.start_index, attribute.end_index = start, end
            pango.pango_attr_list_change(attributes, attribute)
    pango.pango_layout_set_attributes(layout.layout, attributes)


def _block_level_layout(context: Any, box: Any, *args: Any, **kwargs: Any) -> Any:
    """Let whatever stands in the body end on the grid of its lines, by a margin under it that joins the next one's."""
    result = _original_block_level_layout(context, box, *args, **kwargs)
    new_box, goes_on = result[:2]
    containing = kwargs.get("containing_block", args[2] if len(args) > 2 else None)
    if new_box is not None and goes_on is None and getattr(containing, "element_tag", None) == "body":
        bottom = new_box.border_box_y() + new_box.border_height() + new_box.margin_bottom
        short = (TYPE_AREA_TOP - bottom) % ROW
        if ROW - short > _ON_GRID:
            new_box.margin_bottom += short
    return result


def _split_text_box(*args: Any, **kwargs: Any) -> Any:
    """Set every line's text on its own baseline, whatever fonts its characters come from."""
    box, resume_at, line_break_kept = _original_split_text_box(*args, **kwargs)
    if box is not None:
        _, box.baseline = line_break.strut(box.style)
    return box, resume_at, line_break_kept


def _show_text(stream: Any, string: str) -> None:
    """Write glyphs and the spacing between them, without empty strings (stands for ``Stream.show_text``)."""
    _original_show_text(stream, string.replace("<>", " "))


def _page_references(pdf: Any) -> tuple[bytes, ...]:
    """The pages as others refer to them, listed anew only where there are more (stands for ``PDF.page_references``)."""
    kids = pdf.pages["Kids"]
    known: tuple[bytes, ...] = pdf.__dict__.get("_known_references", ())
    if len(known) * 3 != len(kids):
        known = tuple(f"{number} 0 R".encode("ascii") for number in kids[::3])
        pdf.__dict__["_known_references"] = known
    return known


def _subset(font: Any, to_unicode: dict[int, str], hinting: bool) -> None:  # noqa: FBT001 - WeasyPrint's signature
    """Cut a font down to its used glyphs by the HarfBuzz of the uharfbuzz wheel (stands for ``_harfbuzz_subset``)."""
    # First keep the glyphs' numbers and empty all others; then drop the empty ones behind the last one used.
    face = uharfbuzz.Face(uharfbuzz.Blob(font.file_content), font.index)
    _name(font, face)
    face = _keep(face, to_unicode, uharfbuzz.SubsetFlags.RETAIN_GIDS, outline=bool(font.missing))
    flags = uharfbuzz.SubsetFlags(0) if hinting else uharfbuzz.SubsetFlags.NO_HINTING
    face = _keep(face, range(max(to_unicode) + 1), flags, outline=bool(font.missing))
    font.file_content = face.blob.data


def _name(font: Any, face: Any) -> None:
    """Let the PDF call a font by its own name, not by its role's alias: who checks fonts must see which stood in."""
    own = face.get_name(uharfbuzz.OTNameIdPredefined.POSTSCRIPT_NAME) or font.family
    font.family = own
    font.name = b"/" + font.hash.encode() + b"+" + _escaped(own)


def _escaped(name: str) -> bytes:
    """A name as PDF writes it: every byte that is not a plain character as #xx (PDF 32000-1, 7.3.5)."""
    return b"".join(
        bytes([byte]) if chr(byte).isascii() and (chr(byte).isalnum() or byte in b"-_.") else b"#%02X" % byte
        for byte in name.encode()
    )


def _keep(face: Any, glyphs: Iterable[int], flags: Any, *, outline: bool) -> Any:
    wanted = uharfbuzz.SubsetInput()
    wanted.flags = flags | _SUBSET_FLAGS
    if outline:
        wanted.flags |= uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    wanted.glyph_set.update(glyphs)
    wanted.drop_table_tag_set.update(_USELESS_TABLES)
    return uharfbuzz.subset(face, wanted)
