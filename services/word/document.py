"""From a frozen document to its Word file: the same bytes for the same document."""

from collections.abc import Iterator
from itertools import chain

from domain.report.blocks import Annex, Document
from services.documents import Kind
from services.titles import title_lines
from services.word import furniture, page
from services.word.blocks import elements
from services.word.elements import Element, Numbers, is_gap, paragraph, run, with_next
from services.word.marks import Marks
from services.word.measures import TEXT_HEIGHT, TEXT_WIDTH
from services.word.package import Origin, WordFile
from services.word.page import Look


def document_docx(document: Document, snapshot: str, paper: int, kind: Kind = "annual") -> bytes:
    """A document as a Word file.

    Args:
        document: what it says.
        snapshot: digest of the snapshot that it belongs to.
        paper: its place among the papers of that snapshot; 0 for the consolidated report.
        kind: as the template of its PDF; what it says decides the rest of its looks.
    """
    return _Writer(document, Origin(snapshot, paper), kind).file()


class _Writer:
    def __init__(self, document: Document, origin: Origin, kind: Kind) -> None:
        self._document, self._origin, self._kind = document, origin, kind
        self._numbers = Numbers()
        self._marks = Marks(self._numbers)
        self._package = WordFile(document, origin)
        self._parts: dict[Look, dict[tuple[str, str], str]] = {}

    def file(self) -> bytes:
        """The file's bytes."""
        self._fill()
        return self._package.file()

    def _fill(self) -> None:
        """Put everything in its order; a section's properties stand in its last paragraph, the last one's at the end."""
        body = self._package.body
        document, head = self._document, self._document.letterhead
        look, start = page.UPRIGHT, "nextPage"
        body.extend(self._front())
        for annex in document.annexes:
            wanted = page.TURNED if annex.landscape else page.UPRIGHT
            first = wanted != look
            if first:
                self._end_section(look, start)
                look = wanted
            body.extend(self._annex(annex, first=first))
        if head is not None:
            self._end_section(look, start)
            body.extend(furniture.imprint(head))
            look, start = page.UNNUMBERED, "evenPage"
        body.append(self._section(look, start))

    def _front(self) -> Iterator[Element]:
        document, head = self._document, self._document.letterhead
        if head is not None:
            yield from furniture.letterhead(head)
        marked = self._marks.origin(
            self._origin.snapshot, self._origin.paper, run("\n".join(title_lines(document.title)))
        )
        yield from furniture.title(marked, document.subtitle)
        yield from furniture.notice(document.face, self._kind)
        if head is not None:
            yield furniture.addressee(head.addressee)
        *text, last = elements(document.blocks, self._marks, self._numbers, TEXT_WIDTH)
        yield from text
        yield with_next(last)
        yield from furniture.annex_list([annex.title for annex in document.annexes])
        issuer, day = (document.author, document.day) if head is None else (head.issuer, head.signed)
        yield from furniture.signature(issuer, day)

    def _annex(self, annex: Annex, *, first: bool) -> Iterator[Element]:
        whole = TEXT_HEIGHT if annex.landscape else TEXT_WIDTH
        return chain(
            furniture.annex_head(annex.number, annex.title, turned=annex.landscape, first=first),
            elements(annex.blocks, self._marks, self._numbers, whole),
        )

    def _end_section(self, look: Look, start: str) -> None:
        """End a section without a line of its own, which might come to stand alone on a page."""
        body = self._package.body
        if is_gap(body[-1]):
            body.remove(body[-1])
        body.append(paragraph("Gap", properties=[self._section(look, start)]))

    def _section(self, look: Look, start: str) -> Element:
        if look not in self._parts:
            self._parts[look] = {
                (kind, side): self._package.add(kind, content)
                for kind, side, content in page.running(look, self._numbers, sample=self._document.sample)
            }
        return page.section(look, self._parts[look], start)
