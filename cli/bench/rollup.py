"""Adding up many districts' packages, beside reading the same bytes and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cli.bench.measure import Stopwatch, in_turn
from cli.bench.results import Result, Row, Target
from cli.bench.scene import Scene
from cli.terminal import tracked
from domain.plan import Plan
from domain.report.material import Issue, Material
from domain.report.snapshot import freeze, to_bytes
from domain.rollup.frame import Frame
from services import report_folder, reporting
from services.documents import document_pdf
from services.report_folder import SNAPSHOT
from services.sample.behaviour import Behaviour
from services.sample.year import report_day
from services.upward.packing import pack
from services.upward.rolling import read_packages, roll_up

TARGET = Target(seconds=60)
_NO_DIGEST = "0" * 64


def rollup(scene: Scene, home: Path, districts: int) -> Result:
    """Check and add up the packages of so many districts, each with the plan's units and figures of its own."""
    paths = list(tracked(_packages(scene, home, districts), f"准备 {districts} 个地区的上报包", districts))
    day = report_day(scene.plan, scene.year)
    frame = Frame(region="示例市", report=scene.plan.report)

    def whole(watch: Stopwatch) -> None:
        with watch:
            roll_up(read_packages(paths), frame, day, home / "汇总", Issue(sample=True))

    def bare(watch: Stopwatch) -> None:
        with watch:
            for path in paths:
                sha256(path.read_bytes()).digest()

    costs = in_turn("汇总", {"bare": bare, "whole": whole}, 1)
    reference = Row("└ 对照：只读一遍全部文件并求 SHA-256", costs["bare"], districts, "个")
    units = districts * len(scene.plan.units)
    row = Row(f"核验 {districts} 个上报包（{units} 个单位）并生成汇总报告", costs["whole"], districts, "个")
    return Result("rollup", "跨地区汇总", (row.compared(reference, "对照").held_to(TARGET), reference))


def _packages(scene: Scene, home: Path, districts: int) -> Iterator[Path]:
    """A package for each district; the PDFs in them are of the first one, rendered once."""
    key = Ed25519PrivateKey.generate()
    papers: dict[str, bytes] = {}
    for number in range(1, districts + 1):
        plan = _named(scene.plan, number)
        own = replace(scene, plan=plan)
        own.__dict__["behaviour"] = Behaviour(plan, scene.spec, number)
        day = report_day(plan, scene.year)
        material = Material(plan, scene.calendar, scene.year, day, own.history(), Issue(sample=True))
        snapshot = freeze(material, _NO_DIGEST)
        folder = report_folder.report_folder(home / "报告", f"{number}", f"{number:064}")
        report_folder.prepare(folder)
        report_folder.put(folder, SNAPSHOT, to_bytes(snapshot))
        for job in reporting.jobs(snapshot):
            if job.kind not in papers:
                document = snapshot.consolidated if job.unit is None else snapshot.units[0].document
                papers[job.kind] = document_pdf(document, job.kind, _NO_DIGEST)
            report_folder.put(folder, job.name, papers[job.kind])
        report_folder.seal(folder, {})
        yield pack(folder.final, home / "上报", key).path


def _named(plan: Plan, number: int) -> Plan:
    document = plan.document.model_copy(update={"region": f"示例市第{number}区"})
    return plan.model_copy(update={"id": f"{plan.id}-{number}"[:60], "document": document})
