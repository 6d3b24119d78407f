"""The consolidated report, beside a bare WeasyPrint render of the same HTML; and the growth of its figures."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import pikepdf

from cli.bench.measure import Stopwatch, in_turn, timed
from cli.bench.results import Result, Row, Target
from cli.bench.scene import Scene
from domain.facts import ItemFacts
from domain.report.material import Issue, Material
from domain.report.snapshot import Snapshot, freeze, sha256, to_bytes
from services.documents import document_html, document_pdf
from services.evidence import attachments, evidence
from services.fonts import find_faces
from services.pdf_checks import check_pdf
from services.places import TEMPLATES
from services.sample.year import report_day

TARGET = Target(ratio=1.2)

_NO_DIGEST = "0" * 64


def report(scene: Scene, sizes: Sequence[int], rounds: int) -> Result:
    """Make the report of the plan's own units; then only its figures, for each number of units."""
    history = scene.history()
    trials = _Trials(scene, history)
    parts = {"freeze": timed(partial(_freeze, scene, history)), "html": timed(trials.html)}
    costs = in_turn("冻结数据、生成网页", parts, rounds)
    costs |= in_turn(
        "排版综合报告", {"whole": trials.whole, "bare": trials.bare, "check": trials.check}, rounds
    )
    pages = trials.pages
    bare = Row("└ 对照：直接用 WeasyPrint 排同一网页", costs["bare"], pages, "页")
    whole = Row("综合报告：从快照到核验过的 PDF", costs["whole"], pages, "页")
    rows = [
        whole.compared(bare, "对照").held_to(TARGET),
        bare,
        Row("其中：由快照生成网页", costs["html"]),
        Row("其中：核验 PDF", costs["check"]),
        Row("在此之前：冻结快照（综合报告和各单位报告）", costs["freeze"]),
    ]
    return Result("report", "年度综合报告", (*rows, *_growth(scene, sizes)))


def _growth(scene: Scene, sizes: Sequence[int]) -> list[Row]:
    """Figures (aggregation and suppression), then documents written from them, for each number of units; once each."""
    figures: list[Row] = []
    documents: list[Row] = []
    for units in sizes:
        larger = scene.of(units)
        material = _material(larger, larger.history())
        trials = {
            "book": timed(partial(getattr, material, "book")),
            "freeze": timed(partial(freeze, material, _NO_DIGEST)),
        }
        costs = in_turn(f"汇总与小数保护（{units} 个单位）", trials, 1)
        book = Row(f"汇总与小数保护：{units} 个单位", costs["book"], len(material.book.figures), "个数")
        written = Row(f"撰写各报告：{units} 个单位", costs["freeze"], units + 1, "份")
        figures.append(book.grown(figures[0]) if figures else book)
        documents.append(written.grown(documents[0]) if documents else written)
    return [*figures, *documents]


def _material(scene: Scene, history: tuple[ItemFacts, ...]) -> Material:
    day = report_day(scene.plan, scene.year)
    return Material(scene.plan, scene.calendar, scene.year, day, history, Issue(sample=True))


def _freeze(scene: Scene, history: tuple[ItemFacts, ...]) -> Snapshot:
    return freeze(_material(scene, history), _NO_DIGEST)


@dataclass(frozen=True)
class _Trials:
    """The ways from one snapshot to a PDF."""

    scene: Scene
    history: tuple[ItemFacts, ...]

    def html(self) -> str:
        """The report as a web page."""
        return document_html(self._snapshot.consolidated, "annual")

    def whole(self, watch: Stopwatch) -> None:
        """As the flow does it, checks included."""
        content = self._content
        with watch:
            faults = check_pdf(self._filed(content))
        if faults:
            raise RuntimeError(f"the report of the benchmark is faulty: {faults}")

    def bare(self, watch: Stopwatch) -> None:
        """The same web page with the same fonts and typesetting, and nothing of what is ours besides."""
        import weasyprint  # noqa: PLC0415 - takes most of a second, and only this needs it

        page, fonts = self._page, self._fonts
        with watch:
            weasyprint.HTML(string=page, base_url=f"{TEMPLATES.as_uri()}/").write_pdf(
                font_config=fonts, pdf_tags=True
            )

    def check(self, watch: Stopwatch) -> None:
        """The checks of the finished PDF."""
        pdf = self._pdf
        with watch:
            check_pdf(pdf)

    @cached_property
    def pages(self) -> int:
        """Pages of the report."""
        with pikepdf.open(io.BytesIO(self._pdf)) as document:
            return len(document.pages)

    @cached_property
    def _snapshot(self) -> Snapshot:
        return _freeze(self.scene, self.history)

    @cached_property
    def _content(self) -> bytes:
        return to_bytes(self._snapshot)

    @cached_property
    def _page(self) -> str:
        return self.html()

    @cached_property
    def _pdf(self) -> bytes:
        return self._filed(self._content)

    def _filed(self, content: bytes) -> bytes:
        """The PDF as it is filed, with its data inside."""
        found = evidence(self._snapshot, sha256(content), None)
        if found is None:
            raise ValueError("a snapshot of this program has a ledger")
        inside = attachments(content, found)
        return document_pdf(found.document, found.kind, found.snapshot_sha256, attachments=inside)

    @cached_property
    def _fonts(self) -> Any:
        from services import typesetting  # noqa: PLC0415 - loads WeasyPrint

        typesetting.adapt()
        return typesetting.HouseFonts(find_faces())
