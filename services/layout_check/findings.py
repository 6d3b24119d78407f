"""What a check against the standard says: one finding for each clause and part."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

STANDARD = "GB/T 9704-2012"


class Verdict(StrEnum):
    """How a document stands to a clause; by the words that people read."""

    MET = "符合"
    BROKEN = "不符"
    ABSENT = "不适用"
    UNKNOWN = "无法判定"


@dataclass(frozen=True)
class Finding:
    """One part of a document against one clause.

    Attributes:
        clause: the standard's number for it; ``排印`` for the rules of good setting, which the standard leaves to others.
        part: what was looked at.
        measured: what was found, with its pages where it is not the same on all.
        expected: what the clause asks for.
        note: what a reader must know to understand the verdict.
    """

    clause: str
    part: str
    measured: str
    expected: str
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True)
class LayoutReport:
    """Every finding on one document.

    Attributes:
        pages: how many it has.
        stand_ins: the open font that stands in, by the face of the standard.
    """

    pages: int
    findings: tuple[Finding, ...]
    stand_ins: dict[str, str]

    @property
    def broken(self) -> tuple[Finding, ...]:
        """The findings that send a document back."""
        return tuple(finding for finding in self.findings if finding.verdict is Verdict.BROKEN)

    def as_json(self) -> dict[str, Any]:
        """All of it, for programs."""
        return {
            "standard": STANDARD,
            "pages": self.pages,
            "verdict": Verdict.BROKEN if self.broken else Verdict.MET,
            "stand_ins": self.stand_ins,
            "findings": [asdict(finding) for finding in self.findings],
        }


def judged(clause: str, part: str, measured: str, expected: str, *, met: bool, note: str = "") -> Finding:
    """A finding that is met or broken."""
    return Finding(clause, part, measured, expected, Verdict.MET if met else Verdict.BROKEN, note)


def absent(clause: str, part: str, expected: str, why: str) -> Finding:
    """A finding on a part that the document does not have and need not have."""
    return Finding(clause, part, "无", expected, Verdict.ABSENT, why)


def unknown(clause: str, part: str, expected: str, why: str) -> Finding:
    """A finding on what could not be measured."""
    return Finding(clause, part, "—", expected, Verdict.UNKNOWN, why)


def places(found: Sequence[tuple[int, str]], most: int = 3) -> str:
    """Where faults stand, in words: the first few and how many there are."""
    told = "；".join(f"第{page}页“{text[:20]}”" for page, text in found[:most])
    return told + (f"等{len(found)}处" if len(found) > most else "")
