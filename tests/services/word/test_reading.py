"""A Word file read again after people had it: what they did is seen, and a file that is none of ours is told apart."""

import zipfile
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from domain.report.edits import Edit, Verdict, edits
from services import office_package
from services.attaching.inspector import inspect
from services.office_package import UnreadableError, UnsafeError
from services.word import reading
from services.word.reading import NotOneOfOursError, TooLongError, read_edited
from tests.services.word.editing import (
    cell_mark,
    compared,
    control,
    digest,
    edited,
    packed,
    paragraph_of,
    parts,
    report,
    small,
    type_over,
    words_of,
)

DATA = Path(__file__).parents[2] / "data"
MAIN, CUSTOM, TYPES = "word/document.xml", "docProps/custom.xml", "[Content_Types].xml"


def test_a_file_that_was_only_saved_again_is_unchanged() -> None:
    assert compared(edited(lambda _: None)).verdict is Verdict.UNCHANGED


def test_a_file_that_libreoffice_saved_is_unchanged_and_has_all_its_marks() -> None:
    made, saved = read_edited(small()), read_edited((DATA / "word" / "libreoffice.docx").read_bytes())
    assert saved.origin == made.origin
    assert [p.figures for p in saved.passages] == [p.figures for p in made.passages]
    assert edits(made.passages, saved.passages).verdict is Verdict.UNCHANGED


def test_a_figure_typed_over_in_its_control_is_noticed() -> None:
    def change(document: WordDocument) -> None:
        type_over(control(document), "1474人")

    (found,) = compared(edited(change)).figures
    assert (found.edit, found.after) == (Edit.CHANGED, "1474人")
    assert found.place.startswith("“（二）服务对象情况”下第")


def test_a_paragraph_retyped_without_its_marks_is_compared_number_by_number() -> None:
    before = ""

    def change(document: WordDocument) -> None:
        nonlocal before
        paragraph = paragraph_of(control(document))
        before = words_of(control(document))
        words = words_of(paragraph).replace(before, "9" + before, 1)
        for child in list(paragraph):
            if child.tag != qn("w:pPr"):
                paragraph.remove(child)
        run, text = OxmlElement("w:r"), OxmlElement("w:t")
        text.text = words
        run.append(text)
        paragraph.append(run)

    (found,) = compared(edited(change)).figures
    assert (found.edit, found.before, found.after) == (Edit.CHANGED, before, "9" + before)


def test_a_cell_typed_over_is_noticed_with_and_without_its_bookmark() -> None:
    def change(document: WordDocument, *, marked: bool) -> None:
        mark = cell_mark(document, 40)
        paragraph = paragraph_of(mark)
        type_over(paragraph, "777")
        if not marked:
            for each in paragraph.findall(qn("w:bookmarkStart")):
                paragraph.remove(each)

    for marked in (True, False):
        (found,) = compared(edited(partial(change, marked=marked))).figures
        assert (found.edit, found.after) == (Edit.CHANGED, "777")
        assert "表格第" in found.place


def test_a_control_moved_into_another_paragraph_is_a_figure_moved() -> None:
    def change(document: WordDocument) -> None:
        moved = control(document)
        document.paragraphs[-3]._p.append(moved)  # noqa: SLF001

    found = compared(edited(change)).figures
    assert [one.edit for one in found] == [Edit.MOVED]


def test_a_control_copied_is_a_figure_added_and_one_cut_away_is_removed() -> None:
    def copy(document: WordDocument) -> None:
        found = control(document)
        found.addnext(deepcopy(found))

    def cut(document: WordDocument) -> None:
        found = control(document)
        paragraph = paragraph_of(found)
        paragraph.remove(found)

    assert [one.edit for one in compared(edited(copy)).figures] == [Edit.ADDED]
    assert [one.edit for one in compared(edited(cut)).figures] == [Edit.REMOVED]


def wrapped(element: Any, name: str) -> None:
    """What Word puts around a run in tracked changes."""
    outer = OxmlElement(name)
    element.addprevious(outer)
    outer.append(element)


def test_what_was_struck_out_in_tracked_changes_is_gone_and_what_was_inserted_is_there() -> None:
    def strike(document: WordDocument) -> None:
        run = control(document).find(f".//{qn('w:r')}")
        new = deepcopy(run)
        type_over(new, "1人")
        run.addnext(new)
        wrapped(run, "w:del")
        wrapped(new, "w:ins")

    (found,) = compared(edited(strike)).figures
    assert (found.edit, found.after) == (Edit.CHANGED, "1人")


def test_hidden_words_are_not_there() -> None:
    def hide(document: WordDocument) -> None:
        run = control(document).find(f".//{qn('w:r')}")
        run.find(qn("w:rPr")).append(OxmlElement("w:vanish"))

    assert [one.edit for one in compared(edited(hide)).figures] == [Edit.REMOVED]


def test_words_in_a_text_box_or_a_footer_are_read_too() -> None:
    def change(document: WordDocument) -> None:
        box = next(
            node for node in document.element.body.iter(qn("w:txbxContent")) if "372" in words_of(node)
        )
        type_over(box, "999")
        footer = document.sections[0].footer.paragraphs[0]
        footer.add_run("共25份")

    found = compared(edited(change)).figures
    assert {(one.edit, one.before, one.after) for one in found} == {
        (Edit.CHANGED, "372", "999"),
        (Edit.ADDED, "", "25"),
    }


def test_figures_beside_bars_that_changed_places_are_noticed() -> None:
    def swap(document: WordDocument) -> None:
        boxes = [b for b in document.element.body.iter(qn("w:txbxContent")) if words_of(b) in {"372", "360"}]
        one, other = boxes[0], next(b for b in boxes if words_of(b) != words_of(boxes[0]))
        words = words_of(one), words_of(other)
        type_over(one, words[1])
        type_over(other, words[0])

    found = compared(edited(swap))
    assert {(one.edit, one.before, one.after) for one in found.figures} == {
        (Edit.CHANGED, "372", "360"),
        (Edit.CHANGED, "360", "372"),
    }


def test_words_alone_are_told_as_words() -> None:
    def change(document: WordDocument) -> None:
        document.paragraphs[-2].add_run("（完）")

    found = compared(edited(change))
    assert (found.verdict, len(found.texts)) == (Verdict.TEXT, 1)


def test_a_row_added_by_hand_adds_its_numbers() -> None:
    def change(document: WordDocument) -> None:
        table: Any = document.tables[0]
        row = table.add_row()
        row.cells[0].text, row.cells[1].text = "新行动", "7"

    found = compared(edited(change))
    assert [(one.edit, one.after) for one in found.figures] == [(Edit.ADDED, "7")]


def without(data: bytes, *names: str) -> bytes:
    return packed({name: content for name, content in parts(data).items() if name not in names})


def test_the_origin_is_known_when_an_offices_cleaning_has_taken_the_properties_away() -> None:
    files = parts(report())
    files["_rels/.rels"] = files["_rels/.rels"].replace(b"docProps/custom.xml", b"docProps/app.xml")
    found = read_edited(packed({name: c for name, c in files.items() if name != CUSTOM}))
    assert digest().startswith(found.origin.snapshot)
    assert (len(found.origin.snapshot), found.origin.paper) == (30, 0)


def test_the_origin_is_known_when_the_title_was_typed_anew() -> None:
    def change(document: WordDocument) -> None:
        title = next(p for p in document.paragraphs if p.style is not None and p.style.name == "Title")
        title.text = "另一个题目"

    assert read_edited(edited(change)).origin.snapshot == digest()


def test_two_origins_in_one_file_are_refused() -> None:
    files = parts(report())
    files[CUSTOM] = files[CUSTOM].replace(digest().encode(), b"f" * 64)
    with pytest.raises(NotOneOfOursError) as refused:
        read_edited(packed(files))
    assert refused.value.contradiction


def test_a_word_file_from_elsewhere_is_told_apart() -> None:
    import docx  # noqa: PLC0415

    other = BytesIO()
    docx.Document().save(other)
    with pytest.raises(NotOneOfOursError) as refused:
        read_edited(other.getvalue())
    assert not refused.value.contradiction


def cut_off() -> bytes:
    return report()[:-400]


def a_workbook() -> bytes:
    return packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


@pytest.mark.parametrize("make", [bytes, lambda: b"%PDF-1.7 no", lambda: b"PK\x03\x04", cut_off, a_workbook])
def test_what_is_no_word_file_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(UnreadableError):
        read_edited(make())


def bomb() -> bytes:
    files = parts(report())
    files["word/footnotes.xml"] = b"<x>" + b" " * (office_package.MAX_MEMBER - 100) + b"</x>"
    return packed(files)


def with_entities() -> bytes:
    files = parts(report())
    files[MAIN] = b'<!DOCTYPE w [<!ENTITY a "aaaa">]>' + files[MAIN].split(b"?>", 1)[1]
    return packed(files)


def with_macros() -> bytes:
    return packed(parts(report()) | {"word/vbaProject.bin": b"\0"})


@pytest.mark.parametrize("make", [bomb, with_entities, with_macros])
def test_what_is_not_harmless_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(UnsafeError):
        read_edited(make())


def test_a_file_as_large_as_none_of_ours_is_refused_unread() -> None:
    with pytest.raises(UnsafeError):
        read_edited(b"PK\x03\x04" + b"\0" * reading.MOST_BYTES)


def test_elements_within_elements_without_end_are_refused() -> None:
    files = parts(report())
    head, tail = files[MAIN].split(b"<w:body>", 1)
    files[MAIN] = head + b"<w:body>" + b"<w:smartTag>" * 100_000 + b"</w:smartTag>" * 100_000 + tail
    with pytest.raises(TooLongError):
        read_edited(packed(files))


def test_a_paragraph_longer_than_any_is_refused() -> None:
    def change(document: WordDocument) -> None:
        document.paragraphs[-2].add_run("长" * (reading.MOST_CHARACTERS + 1))

    with pytest.raises(TooLongError):
        read_edited(edited(change))


def test_a_picture_may_be_put_in() -> None:
    files = parts(report())
    files["word/media/image1.png"] = b"\x89PNG"
    links = "word/_rels/document.xml.rels"
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    one = b'<Relationship Id="rId99" Type="' + kind + b'" Target="media/image1.png"/></Relationships>'
    files[links] = files[links].replace(b"</Relationships>", one)
    data = packed(files)
    assert compared(data).verdict is Verdict.UNCHANGED
    assert "图片" in inspect(data).refused  # of what units attach, none is taken


def test_a_file_that_names_its_lists_of_links_as_libreoffice_does_is_read() -> None:
    files = parts(report())
    kind = b"application/vnd.openxmlformats-package.relationships+xml"
    files[TYPES] = files[TYPES].replace(
        b"</Types>", b'<Override PartName="/_rels/.rels" ContentType="' + kind + b'"/></Types>'
    )
    assert compared(packed(files)).verdict is Verdict.UNCHANGED


def test_the_archive_is_one_that_any_unpacker_reads() -> None:
    with zipfile.ZipFile(BytesIO(report())) as archive:
        assert archive.testzip() is None
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == TYPES
