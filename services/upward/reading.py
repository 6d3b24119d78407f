"""Reading packages that others made: whole, unaltered, signed, and by whom.

A package may come from anybody. Nothing of it is unpacked to disk; each member is read once, piece by piece, against the
size that the signed list gives it.
"""

import base64
import binascii
import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.problems import Problem, ProblemKind
from domain.report.snapshot import Snapshot, from_bytes
from domain.rollup.frame import Frame
from domain.rollup.senders import Sender
from services.report_folder import SNAPSHOT
from services.upward.packing import FORMAT, LIST, SIGNATURE, fingerprint

MOST_FILES = 20_000
MOST_BYTES = 4 * 1024**3
"""Of one package; a district of 3,000 units has a gigabyte of PDFs."""
MOST_SNAPSHOT = 400 * 1024**2
_PIECE = 1024**2


class _Listed(BaseModel):
    model_config = ConfigDict(frozen=True)

    size: int = Field(ge=0)
    sha256: str


class _About(BaseModel):
    model_config = ConfigDict(frozen=True)

    format: int
    plan: str
    region: str
    year: int
    as_of: date
    snapshot_sha256: str
    key: str
    files: dict[str, _Listed]


@dataclass(frozen=True)
class Package:
    """A package that is whole and bears its sender's signature; ``key`` is the fingerprint of the sender's key."""

    path: Path
    year: int
    snapshot: Snapshot
    digest: str
    key: str


def read_package(path: Path) -> Package:
    """Read and check one package.

    Raises:
        Problem: 1803 where it is no package; 1804 where a file in it is not as listed; 1805 where the signature does
            not fit.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(path, archive)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _unreadable(path, "文件打不开，或不是压缩包") from error


def sender(package: Package, frame: Frame | None) -> Sender:
    """Who sent a package, held against what the frame knows of the district.

    Raises:
        Problem: 1802 where it has no summary; 1806 where the district signs with another key.
    """
    summary = package.snapshot.summary
    if summary is None:
        raise Problem(ProblemKind.PACKAGE_OLD, folder=package.path.name, year=package.year)
    listed = {d.region: d.key for d in frame.districts} if frame else {}
    known = listed.get(summary.region, "")
    if known and known != package.key:
        raise Problem(
            ProblemKind.PACKAGE_STRANGER,
            file=package.path.name,
            region=summary.region,
            found=package.key,
            known=known,
        )
    return Sender(
        summary=summary,
        file=package.path.name,
        as_of=package.snapshot.as_of,
        snapshot=package.digest,
        key=package.key,
        known=bool(known),
    )


def see_consistent(packages: Sequence[Package]) -> int:
    """The year of all packages.

    Raises:
        Problem: 1807 for a district that is there twice; 1808 for packages of several years.
    """
    there: dict[str, Path] = {}
    for package in packages:
        region = package.snapshot.summary.region if package.snapshot.summary else ""
        if region in there:
            raise Problem(
                ProblemKind.PACKAGE_TWICE, region=region, file=there[region].name, other=package.path.name
            )
        there[region] = package.path
    years = sorted({package.year for package in packages})
    if len(years) != 1:
        raise Problem(ProblemKind.PACKAGE_YEARS, years="、".join(map(str, years)))
    return years[0]


def _read(path: Path, archive: zipfile.ZipFile) -> Package:
    members = _members(path, archive)
    about, key = _signed(path, archive)
    content = _contents(path, archive, members, about)
    digest = sha256(content).hexdigest()
    try:
        snapshot = from_bytes(content)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise _unreadable(path, f"快照的“{where}”缺失或无效") from error
    if (digest, snapshot.year, snapshot.plan) != (about.snapshot_sha256, about.year, about.plan):
        raise Problem(ProblemKind.PACKAGE_ALTERED, file=path.name, files=SNAPSHOT)
    return Package(path, about.year, snapshot, digest, key)


def _members(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The archive's members by name; what they say of their size is not believed yet."""
    members = {info.filename: info for info in archive.infolist()}
    if len(members) != len(archive.infolist()) or len(members) > MOST_FILES:
        raise _unreadable(path, "内部文件重名或过多")
    if sum(info.file_size for info in members.values()) > MOST_BYTES:
        raise _unreadable(path, "内容过大")
    if LIST not in members or SIGNATURE not in members:
        raise _unreadable(path, f"缺少 {LIST} 或 {SIGNATURE}")
    return members


def _contents(
    path: Path, archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], about: _About
) -> bytes:
    """The bytes of the snapshot, once every member is seen to be as listed, and nothing else there."""
    wrong = sorted((members.keys() ^ about.files.keys()) - {LIST, SIGNATURE})
    content: bytes | None = None
    for name in about.files.keys() & members.keys():
        found = _member(archive, members[name], about.files[name], keep=name == SNAPSHOT)
        if found is None:
            wrong.append(name)
        elif name == SNAPSHOT:
            content = found
    if wrong or content is None:
        raise Problem(ProblemKind.PACKAGE_ALTERED, file=path.name, files="、".join(wrong[:5]) or SNAPSHOT)
    return content


def _signed(path: Path, archive: zipfile.ZipFile) -> tuple[_About, str]:
    """What the list says, seen to be signed by the key that it names; and that key's fingerprint."""
    content = _small(path, archive, LIST)
    try:
        about = _About.model_validate(json.loads(content))
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(about.key, validate=True))
    except (ValidationError, ValueError, binascii.Error) as error:
        raise _unreadable(path, f"{LIST} 的内容无效") from error
    if about.format != FORMAT:
        raise _unreadable(path, f"格式版本（{about.format}）比本程序新，请升级")
    try:
        key.verify(_small(path, archive, SIGNATURE), content)
    except InvalidSignature:
        raise Problem(ProblemKind.PACKAGE_UNSIGNED, file=path.name) from None
    return about, fingerprint(key)


def _small(path: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > MOST_FILES * 1024:
        raise _unreadable(path, f"{name} 过大")
    return archive.read(name)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, listed: _Listed, *, keep: bool) -> bytes | None:
    """The member's bytes where they are kept, else nothing; None where it is not as listed."""
    if info.file_size != listed.size or (keep and info.file_size > MOST_SNAPSHOT):
        return None
    digest, kept = sha256(), bytearray()
    try:
        with archive.open(info) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                if keep:
                    kept += piece
    except zipfile.BadZipFile:  # its checksum, which is as good as ours
        return None
    return bytes(kept) if digest.hexdigest() == listed.sha256 else None


def _unreadable(path: Path, reason: str) -> Problem:
    return Problem(ProblemKind.PACKAGE_UNREADABLE, file=path.name, reason=reason)
