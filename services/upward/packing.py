"""A district's package (上报包): its filed reports, the figures as tables, and a signed list of all of it.

One zip file. ``package.json`` lists every other member with size and SHA-256; ``package.sig`` is the Ed25519 signature over
that list (RFC 8032). Equal reports give equal bytes.
"""

import base64
import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from domain.problems import Problem, ProblemKind
from domain.report.snapshot import Snapshot, from_bytes
from domain.report.summary import Summary
from domain.workdays import BEIJING
from services.evidence import table_csv
from services.report_folder import SNAPSHOT
from services.workbook.table import render_table

FORMAT = 1
LIST, SIGNATURE = "package.json", "package.sig"
FIGURES = "figures"
"""Name of the tables of figures, as .csv and as .xlsx."""
SUFFIX = ".guanai.zip"
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the first that a zip file knows
_COLUMNS = (
    ("编号", 10),
    ("指标", 44),
    ("计量单位", 10),
    ("性质", 8),
    ("数值", 14),
    ("是否报齐", 10),
)
_NATURES = {"stock": "存量", "flow": "流量", "ratio": "比率"}


@dataclass(frozen=True)
class Packed:
    """A package that was made: where it is, what is in it, and the fingerprint of its key."""

    path: Path
    files: int
    snapshot: str
    key: str


def fingerprint(key: Ed25519PublicKey) -> str:
    """What people compare a key by over the telephone: 32 hexadecimal digits of its SHA-256, in fours."""
    digest = sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:32]
    return "-".join(digest[i : i + 4] for i in range(0, len(digest), 4))


def pack(folder: Path, out: Path, key: Ed25519PrivateKey) -> Packed:
    """Make the package of a filed report; it appears under its name once it is whole.

    Args:
        folder: the filed report, seen to be unaltered.
        out: the folder for the package.
        key: what signs it.

    Raises:
        Problem: 1802 where the report has no summary.
    """
    content = (folder / SNAPSHOT).read_bytes()
    snapshot = from_bytes(content)
    if snapshot.summary is None:
        raise Problem(ProblemKind.PACKAGE_OLD, folder=folder, year=snapshot.year)
    made = {
        f"{FIGURES}.csv": table_csv(_COLUMNS, figure_rows(snapshot.summary)),
        f"{FIGURES}.xlsx": _figures_xlsx(snapshot, snapshot.summary),
    }
    files = {str(p.relative_to(folder)): p for p in sorted(folder.rglob("*")) if p.is_file()}
    listed = {
        **{name: _entry(path.read_bytes()) for name, path in files.items()},
        **{name: _entry(data) for name, data in made.items()},
    }
    about = {
        "format": FORMAT,
        "plan": snapshot.plan,
        "region": snapshot.summary.region,
        "year": snapshot.year,
        "as_of": snapshot.as_of.isoformat(),
        "sample": snapshot.sample,
        "snapshot_sha256": sha256(content).hexdigest(),
        "key": base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode(),
        "files": dict(sorted(listed.items())),
    }
    signed = json.dumps(about, ensure_ascii=False, indent=2).encode() + b"\n"
    out.mkdir(parents=True, exist_ok=True)
    digest = sha256(content).hexdigest()
    path = out / f"{snapshot.summary.region}{snapshot.year}年度上报-{digest[:8]}{SUFFIX}"
    members: dict[str, Path | bytes] = {LIST: signed, SIGNATURE: key.sign(signed), **files, **made}
    _write(path, members)
    return Packed(path, len(listed), digest, fingerprint(key.public_key()))


def figure_rows(summary: Summary) -> Iterator[Sequence[str]]:
    """A row a figure, under the heads of the table."""
    for figure in summary.figures:
        complete = "是" if figure.whole else "否"
        nature = _NATURES[figure.nature]
        yield (figure.id, figure.name, figure.unit, nature, figure.released.text(), complete)


def _figures_xlsx(snapshot: Snapshot, summary: Summary) -> bytes:
    title = f"{summary.region}{snapshot.year}年度主要指标（数据截至{snapshot.as_of}）"
    at = datetime.combine(snapshot.as_of, time(), BEIJING)
    return render_table("主要指标", title, _COLUMNS, figure_rows(summary), at)


def _entry(content: bytes) -> dict[str, object]:
    return {"size": len(content), "sha256": sha256(content).hexdigest()}


def _write(path: Path, members: dict[str, Path | bytes]) -> None:
    """Either the whole file under its name or nothing; PDFs are compressed as they are."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                for name, content in members.items():
                    info = zipfile.ZipInfo(name, _MOMENT)
                    packed = not name.endswith((".pdf", ".xlsx", ".docx", ".sig"))
                    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
                    info.external_attr = 0o644 << 16
                    data = content if isinstance(content, bytes) else content.read_bytes()
                    archive.writestr(info, data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
