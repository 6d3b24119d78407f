"""The frozen content of a report that is one document, filed by itself: a circular, or the assessment of a phase."""

from datetime import date
from typing import Literal

from domain.report.blocks import Document, Part
from domain.report.ledger import Ledger

FORMAT = 2
"""Format 1, of circulars alone, had neither kind nor ledger, nor the last day that its figures speak of."""

SingleKind = Literal["circular", "phase"]


class SingleSnapshot(Part):
    """A report of one document as frozen: of which plan, about what, seen from which day, and the document.

    Attributes:
        kind: what sort of report it is.
        period: code of the period that a circular is about; id of the phase that is assessed.
        year: the year that it is about.
        as_of: the day from which it is seen.
        until: the last due day that it speaks of; None in format 1.
        interim: whether what it is about is not over yet.
        ledger: where its figures come from, and every other version that it names; None in format 1.
    """

    format: int = FORMAT
    kind: SingleKind = "circular"
    plan: str
    plan_sha256: str
    period: str
    year: int
    as_of: date
    until: date | None = None
    interim: bool
    sample: bool
    document: Document
    ledger: Ledger | None = None

    @property
    def consolidated(self) -> Document:
        """The one document."""
        return self.document

    @property
    def units(self) -> tuple[()]:
        """No unit has a document of its own."""
        return ()

    @property
    def others(self) -> tuple[()]:
        """Nothing is made beside it."""
        return ()
