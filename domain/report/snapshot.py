"""The frozen content of a year's reports: everything that is rendered, with its digest.

A snapshot holds released figures only, never a raw count. Equal facts give equal bytes, so that a report can be
rendered again and compared.
"""

import hashlib
from datetime import date

from pydantic import TypeAdapter

from domain.report.annual import annual_report
from domain.report.blocks import Document, Part
from domain.report.family import Beyond, OtherDocument, others
from domain.report.ledger import Ledger, year_ledger
from domain.report.material import Material
from domain.report.summary import Summary, summarise
from domain.report.unit import unit_report

FORMAT = 2
"""Format 1 had neither summary nor ledger, and no documents besides the consolidated and the units' own."""


class UnitDocument(Part):
    """A unit's own report within a snapshot."""

    unit: str
    name: str
    document: Document


class Snapshot(Part):
    """A year's reports as frozen: which plan, which year, seen from which day, and every document.

    ``summary`` is what goes upward in figures, ``ledger`` where each figure comes from; None in a snapshot of format 1.
    """

    format: int = FORMAT
    plan: str
    plan_sha256: str
    year: int
    as_of: date
    sample: bool
    consolidated: Document
    units: tuple[UnitDocument, ...]
    summary: Summary | None = None
    ledger: Ledger | None = None
    others: tuple[OtherDocument, ...] = ()


ADAPTER = TypeAdapter(Snapshot)


def freeze(material: Material, plan_sha256: str, beyond: Beyond | None = None) -> Snapshot:
    """Freeze a year's reports: the consolidated one, each unit's own, and the others of the family.

    Args:
        material: what they are written from.
        plan_sha256: digest of the plan's version.
        beyond: what the others tell beyond the year's items.
    """
    whole = year_ledger(material)
    return Snapshot(
        plan=material.plan.id,
        plan_sha256=plan_sha256,
        year=material.year,
        as_of=material.as_of,
        sample=material.issue.sample,
        consolidated=annual_report(material),
        units=tuple(
            UnitDocument(unit=unit.id, name=unit.name, document=unit_report(material, unit.id))
            for unit in material.plan.units
        ),
        summary=summarise(material),
        ledger=whole,
        others=others(material, beyond or Beyond(), whole),
    )


def to_bytes(snapshot: Snapshot) -> bytes:
    """The snapshot as canonical JSON: UTF-8, one stable order of keys, two spaces, a line feed at the end."""
    return ADAPTER.dump_json(snapshot, indent=2) + b"\n"


def from_bytes(content: bytes) -> Snapshot:
    """Read a snapshot back.

    Raises:
        pydantic.ValidationError: where a field is missing or strange; never half a snapshot.
    """
    return ADAPTER.validate_json(content)


def sha256(content: bytes) -> str:
    """The digest by which a snapshot, and all that was rendered from it, is known."""
    return hashlib.sha256(content).hexdigest()
