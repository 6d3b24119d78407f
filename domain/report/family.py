"""What is made beside the consolidated report and the units' own: for leaders, for the public, of all years."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from domain.counts import Shown
from domain.gates import Closing, Gate, gates
from domain.report.blocks import Document, Part
from domain.report.brief import brief_report
from domain.report.final import Merits, final_report
from domain.report.ledger import Ledger, year_ledger
from domain.report.material import Material
from domain.report.public import open_indicators, public_report
from domain.report.sums import DISTRICT

OtherKind = Literal["brief", "public", "phase", "final"]
"""``phase`` only in snapshots filed before the assessment of a phase became a report of its own."""


class OtherDocument(Part):
    """Another document of a year: what sort it is, what its file is called, and where its figures come from."""

    kind: OtherKind
    name: str
    document: Document
    ledger: Ledger


@dataclass(frozen=True)
class Beyond:
    """What these documents tell beyond the year's items: phases that the office closed, by id, and what stands out."""

    closings: Mapping[str, Closing] = field(default_factory=dict)
    merits: Merits = field(default_factory=Merits)


def others(material: Material, beyond: Beyond, whole: Ledger | None = None) -> tuple[OtherDocument, ...]:
    """Brief and public version of every year, and of the last one the final report.

    Args:
        material: what they are written from.
        beyond: what they tell beyond the year's items.
        whole: the ledger of the consolidated report, where it is at hand.
    """
    district = _of_district(whole or year_ledger(material))
    found = gates(material.plan, material.history, beyond.closings, material.as_of, material.calendar)
    return (
        _other("brief", "领导参阅", brief_report(material), district),
        _other("public", "公开版", public_report(material), _for_the_public(material, district)),
        *_final(material, found, beyond.merits),
    )


def _final(material: Material, found: tuple[Gate, ...], merits: Merits) -> Iterator[OtherDocument]:
    if material.year == material.plan.years[-1] and len(material.books) > 1:
        document = final_report(material, found, merits)
        yield _other("final", "总结报告", document, year_ledger(material, tuple(material.books.values())))


def _of_district(whole: Ledger) -> Ledger:
    """The district's figures alone; where they come from, the consolidated report tells."""
    figures = tuple(f.model_copy(update={"sources": ()}) for f in whole.figures if f.owner == DISTRICT)
    return Ledger(figures=figures, sources=())


def _for_the_public(material: Material, district: Ledger) -> Ledger:
    """What the public version shows, and nothing that it does not."""
    allowed = {i.id for i in open_indicators(material.plan)}
    own = [f for f in district.figures if isinstance(f.released, Shown)]
    told = allowed & {f.indicator for f in own if f.year == material.year}
    return Ledger(figures=tuple(f for f in own if f.indicator in told), sources=())


def _other(kind: OtherKind, name: str, document: Document, own: Ledger) -> OtherDocument:
    return OtherDocument(kind=kind, name=name, document=document, ledger=own)
