"""Handing out and taking in the units' workbooks, beside what openpyxl takes for the same files by itself."""

import io
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from openpyxl import load_workbook

from cli.bench.measure import Stopwatch, in_turn
from cli.bench.results import Result, Row, Target
from cli.bench.scene import Scene
from cli.terminal import tracked
from domain.duties import open_items, report_due
from models.engine import open_store, reading, writing
from services.opening import open_year
from services.plan_versions import adopt
from services.sample.desk import OFFICE, moment
from services.workbook.delivery import Edition, forms, hand_out
from services.workbook.filling import fill
from services.workbook.layout import Form
from services.workbook.receiving import Sender, receive

TARGET = Target(seconds=10.0)
"""For taking in as many workbooks as the plan has units."""

NOTE = "每份填报表都填满：截至年度报告之日已开出的全部事项和指标，比实际一次报送的更多。"


def workbooks(scene: Scene, folder: Path, sizes: Sequence[int], rounds: int) -> Result:
    """Hand out, load, and take in so many workbooks; the first number of them is held to the target."""
    written: list[Row] = []
    taken: list[Row] = []
    for size in sizes:
        trials = _Trials(scene.of(size), folder / str(size), size)
        trials.prepare()
        costs = in_turn(
            f"填报表（{size} 份）",
            {
                "write": trials.write,
                "save": trials.save,
                "take": trials.take_in,
                "load": trials.load,
            },
            rounds,
        )
        lines = trials.lines
        save = Row("└ 对照：openpyxl 保存同样的文件", costs["save"], lines, "行")
        write = Row(f"导出 {size} 份", costs["write"], lines, "行").compared(save, "对照")
        written += [write.grown(written[0]) if written else write, save]
        load = Row("└ 对照：openpyxl 读取同样的文件", costs["load"], lines, "行")
        take = Row(f"导入 {size} 份", costs["take"], lines, "行").compared(load, "对照")
        taken += [take.grown(taken[0]) if taken else take, load]
    taken[0] = taken[0].held_to(TARGET)
    return Result("workbooks", "导出、导入填报表（SQLite）", (*written, *taken), (NOTE,))


@dataclass
class _Trials:
    """So many units' forms in a folder, and a store in which the year is open."""

    scene: Scene
    folder: Path
    size: int
    forms: list[Form] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)

    def prepare(self) -> None:
        """Open the year, and have each unit fill in all that its form asks for."""
        plan, day = self.scene.plan, self._day
        engine = open_store(self._url("open.db"))
        with writing(engine) as session:
            version = adopt(session, plan, at=moment(plan.document.issued), actor=OFFICE)
            open_year(
                session,
                plan,
                version,
                self.scene.year,
                as_of=day,
                calendar=self.scene.calendar,
                at=moment(day),
                actor=OFFICE,
            )
        with reading(engine) as session:
            units = list(plan.units_by_id)[: self.size]
            self.forms = [form for _, form in forms(session, plan, self.scene.year, day, units) if form]
        engine.dispose()
        self.edition = Edition(plan, version.sha256)
        items = open_items(plan, self.scene.year, day, self.scene.calendar)
        for form in tracked(self.forms, f"填写 {self.size} 份填报表", len(self.forms)):
            answers = {i.key: self.scene.behaviour.entry(i) for i in items if i.unit == form.unit}
            path = hand_out(form, self.edition, self.folder / "filled", moment(day))
            fill(path, answers, by="联络员（示例）")
            self.paths.append(path)

    @property
    def lines(self) -> int:
        """Rows to be filled in, over all forms; some units' forms are longer than others'."""
        return sum(len(lines) for form in self.forms for lines in form.lines.values())

    def write(self, watch: Stopwatch) -> None:
        """Export all forms."""
        with watch:
            for form in self.forms:
                hand_out(form, self.edition, self.folder / "written", moment(self._day))

    def save(self, watch: Stopwatch) -> None:
        """The same cells with the same styles, saved by openpyxl alone."""
        loaded = [load_workbook(self.folder / "written" / path.name) for path in self.paths]
        with watch:
            for workbook in loaded:
                workbook.save(io.BytesIO())

    def take_in(self, watch: Stopwatch) -> None:
        """Import all filled-in forms into a copy of the store."""
        shutil.copy(self.folder / "open.db", self.folder / "trial.db")
        engine = open_store(self._url("trial.db"))
        sender = Sender(at=moment(self._day, hour=14))
        with watch:
            outcomes = [receive(engine, self.edition, path, sender) for path in self.paths]
        engine.dispose()
        for outcome in outcomes:
            if outcome.refused or not outcome.receipts:
                raise RuntimeError(f"a sample workbook was refused: {outcome.problem or outcome.faults[:3]}")

    def load(self, watch: Stopwatch) -> None:
        """Read all filled-in forms by openpyxl alone."""
        with watch:
            for path in self.paths:
                load_workbook(path)

    @cached_property
    def _day(self) -> date:
        return report_due(self.scene.plan, self.scene.year)

    def _url(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}"
