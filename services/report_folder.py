"""A year's reports on disk: worked on in a hidden folder, filed by one rename, never half there.

Whatever is killed at whatever moment can be run again. Each file appears under its name only when it is whole; the
folder gets its final name only when all files are in it and checked; and the digest of the snapshot in that name
makes a second run of the same facts find what is there.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.problems import Problem, ProblemKind

SNAPSHOT = "snapshot.json"
MANIFEST = "manifest.json"
LOCK = ".guanai-report.lock"
WORK = ".guanai-work-"


@dataclass(frozen=True)
class ReportFolder:
    """Where one snapshot's files are being made, and where they will be filed."""

    work: Path
    final: Path

    @property
    def filed(self) -> bool:
        """Whether the folder has its final name, hence everything in it."""
        return self.final.is_dir()

    def has(self, name: str) -> bool:
        """Whether a file is there, whole, from this run or one before it that was cut off."""
        return (self.work / name).is_file()


def report_folder(out: Path, name: str, snapshot_sha256: str) -> ReportFolder:
    """The folder of a snapshot under ``out``: ``<name>-<first 8 of the digest>``."""
    return ReportFolder(
        work=out / f"{WORK}{snapshot_sha256[:16]}",
        final=out / f"{name}-{snapshot_sha256[:8]}",
    )


def filed_as(out: Path, name: str) -> ReportFolder | None:
    """The report that was filed first under ``name``, of whatever snapshot; None where none was."""
    filed = [p for p in out.glob(f"{name}-*") if (p / MANIFEST).is_file()]
    first = min(filed, key=lambda p: (p.stat().st_mtime, p.name), default=None)
    return None if first is None else ReportFolder(work=first, final=first)


@contextmanager
def only_one(out: Path) -> Iterator[None]:
    """Keep other runs out of ``out``; the lock goes with the process, however that ends.

    Raises:
        Problem: 707 where another run is at work there.
    """
    out.mkdir(parents=True, exist_ok=True)
    with (out / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(ProblemKind.REPORT_BUSY, folder=out) from None
        yield


def file_name(title: str) -> str:
    """A title as a file name on any system, short enough for each."""
    return re.sub(r'[\\/:*?"<>|\s]', "", title)[:60]


def word_name(pdf: str) -> str:
    """Name of the Word file beside a PDF."""
    return f"{pdf.removesuffix('.pdf')}.docx"


def prepare(folder: ReportFolder) -> None:
    """Make room to work in, and clear away what cut-off runs of other facts left behind."""
    for left in folder.work.parent.glob(f"{WORK}*"):
        if left != folder.work:
            shutil.rmtree(left)
    folder.work.mkdir(parents=True, exist_ok=True)


def put(folder: ReportFolder, name: str, content: bytes) -> None:
    """Write a file so that it is either whole or not there, also after a power cut."""
    target = folder.work / name
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.part")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)


def seal(folder: ReportFolder, about: Mapping[str, object]) -> None:
    """List every file with its digest in the manifest, then give the folder its final name."""
    for draft in folder.work.rglob("*.part"):
        draft.unlink()
    files = sorted(p for p in folder.work.rglob("*") if p.is_file() and p.name != MANIFEST)
    manifest = {**about, "files": {str(p.relative_to(folder.work)): digest(p) for p in files}}
    put(folder, MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n")
    folder.work.rename(folder.final)
    descriptor = os.open(folder.final.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)  # the rename itself must survive a power cut
    finally:
        os.close(descriptor)


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def altered(final: Path) -> list[str]:
    """Files of a filed folder that are missing or differ from its manifest."""
    listed = json.loads((final / MANIFEST).read_text(encoding="utf-8"))["files"]
    return [
        name for name, sha in listed.items() if not (final / name).is_file() or digest(final / name) != sha
    ]
