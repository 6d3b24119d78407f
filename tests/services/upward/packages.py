"""Filed reports of districts to be packed: snapshots of a real year, papers that are no real PDFs."""

import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.report.snapshot import Snapshot, freeze, sha256, to_bytes
from services import report_folder, reporting
from services.report_folder import SNAPSHOT
from services.upward.packing import pack
from tests.domain.report import tiedong

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
"""The key of every district in these tests but where one says otherwise."""


@cache
def snapshot(region: str = "临河县") -> Snapshot:
    """The shipped plan's year as that of another district."""
    frozen = freeze(tiedong.material(), "0" * 64)
    assert frozen.summary is not None
    own = frozen.summary.model_copy(update={"region": region})
    return frozen.model_copy(update={"summary": own})


def filed(out: Path, one: Snapshot) -> Path:
    """A report in its folder, as it is filed."""
    content = to_bytes(one)
    folder = report_folder.report_folder(out, "2025年度报告", sha256(content))
    report_folder.prepare(folder)
    report_folder.put(folder, SNAPSHOT, content)
    for job in reporting.jobs(one):
        report_folder.put(folder, job.name, f"%PDF {job.name}".encode())
    report_folder.seal(folder, {})
    return folder.final


def package(out: Path, region: str = "临河县", key: Ed25519PrivateKey = KEY) -> Path:
    """The package of a district."""
    return pack(filed(out / region, snapshot(region)), out, key).path


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The package with members changed, or left out where ``change`` gives None; checksums of the zip fit again."""
    target = path.with_name(f"改-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target
