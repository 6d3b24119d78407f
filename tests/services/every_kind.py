"""A document of every kind that has pages; as a program, the digests of those made beside the consolidated report."""

import hashlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from random import Random

from domain.gates import gates
from domain.report.blocks import Annex, Document
from domain.report.brief import brief_report
from domain.report.circular.document import circular
from domain.report.final import Merits, final_report
from domain.report.material import Issue
from domain.report.phase import phase_report
from domain.report.public import public_report
from services.documents import Kind, document_pdf
from services.word.document import document_docx
from tests import cast
from tests.domain.report import tiedong
from tests.domain.report.circulars import at_random, material
from tests.services.sample_document import LETTERHEAD, body, completion_table, indicator_table

NO_DIGEST = "0" * 64

ISSUED = Document(
    title="甲区民政局关于2025年度留守儿童和困境儿童关爱服务质量提升三年行动工作进展情况的报告",
    author="甲区民政局",
    day=date(2026, 1, 5),
    sample=False,
    letterhead=LETTERHEAD,
    blocks=tuple(body(4)),
    annexes=(
        Annex(number=1, title="主要指标完成情况表", blocks=(indicator_table(45),)),
        Annex(number=2, title="任务举措完成情况表", landscape=True, blocks=(completion_table(9),)),
    ),
)
OWN = Document(
    title="区民政局2025年度工作进展情况",
    subtitle="甲区儿童关爱服务三年行动",
    author="区民政局",
    day=date(2026, 1, 5),
    sample=True,
    blocks=(*body(4), indicator_table(40)),
)
DOWNWARD = ISSUED.model_copy(update={"letterhead": LETTERHEAD.model_copy(update={"signatory": ""})})


@cache
def family() -> Mapping[Kind, Document]:
    """What is made beside the consolidated report in the plan's last year."""
    issue = Issue("甲民〔2026〕5号", "王建国")
    year = replace(tiedong.material("2026-12-08", year=2026), issue=issue)
    found = gates(year.plan, year.history, {}, year.as_of, year.calendar)
    return {
        "brief": brief_report(year),
        "public": public_report(year),
        "phase": phase_report(year, found[-1], None),
        "final": final_report(year, found, Merits()),
    }


def document_of(kind: Kind) -> Document:
    """A document of a kind, with everything that its template can draw."""
    made: dict[Kind, Document] = {"annual": ISSUED, "circular": DOWNWARD, "unit": OWN}
    return made.get(kind) or family()[kind]


def told_circular(seed: int) -> Document:
    """The circular of a small plan's quarter that went one way or another."""
    world = at_random(cast.small_plan(), cast.calendar(), Random(seed))  # noqa: S311 - a world to write about
    return circular(material(world, "2025Q1", "2025-04-10"))


def digests() -> Iterator[str]:
    """Of the PDF and the Word file of each document of the family and of a circular: kind and digest."""
    made: dict[Kind, Document] = {**family(), "circular": told_circular(0)}
    for kind, document in made.items():
        pdf, word = document_pdf(document, kind, NO_DIGEST), document_docx(document, NO_DIGEST, 0, kind)
        yield f"{kind} {hashlib.sha256(pdf).hexdigest()} {hashlib.sha256(word).hexdigest()}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in digests())
