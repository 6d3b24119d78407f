"""Looking an Office file over before any library opens it: is it whole, and is it harmless.

Everything here works on bytes that a stranger may have made. Limits stand well above any real file of this platform
(a form has about 30 KiB) and well below what would hurt a small machine.
"""

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError  # only the exception

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from openpyxl.utils.cell import range_boundaries

MAX_UNPACKED = 40 * 1024 * 1024
"""Bytes of all its members together."""
MAX_MEMBER = 20 * 1024 * 1024
MAX_MEMBERS = 400
MAX_RATIO = 150
"""How many times a member of more than ``RATIO_FROM`` bytes may grow when unpacked."""
RATIO_FROM = 512 * 1024
MAX_RANGE = 5_000
"""Cells in one merged range, link or comment; openpyxl makes an object of each."""

SEND_AGAIN = "请重新拷贝或重新发送原文件。"


class UnreadableError(ValueError):
    """The file is not what it should be: ``reason`` says why, ``mend`` what to do, in Chinese."""

    def __init__(self, reason: str, mend: str = SEND_AGAIN) -> None:
        self.reason, self.mend = reason, mend
        super().__init__(reason)


class UnsafeError(ValueError):
    """The file holds ``found`` (in Chinese), which it must not."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(found)


@dataclass(frozen=True)
class Format:
    """A kind of Office file.

    Attributes:
        main: the part that makes it one.
        missing: what to say where that is not there.
        save_again: how to get a good one.
        others: parts of other kinds, and what to say of those.
        refused: beginnings of parts that must not be there, and what they are.
        xml_kinds: kinds of relationships whose target is parsed, and so must be XML.
        text_only: whether only the text is read, so that pictures and links to other files do no harm and may stay.
    """

    main: str
    missing: str
    save_again: str
    others: Mapping[str, str]
    refused: tuple[tuple[str, str], ...]
    xml_kinds: frozenset[str]
    text_only: bool = False


def inspect_package(data: bytes, kind: Format) -> None:
    """Refuse whatever is no harmless file of a kind.

    Args:
        data: the whole file, which begins like an archive.
        kind: what it should be.

    Raises:
        UnreadableError: where it cannot be read as such.
        UnsafeError: where it holds what it must not (macros, pictures, links, too much data).
    """
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise UnreadableError("文件不完整（可能传输中断）")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_sizes(members, kind)
            _check_parts(members, kind)
            for member in members:
                if member.filename.lower().endswith((".xml", ".rels")):
                    _check_xml(archive.read(member), kind)
    except (UnreadableError, UnsafeError):
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise UnreadableError("文件不完整或已损坏") from error


def part_names(members: list[zipfile.ZipInfo]) -> list[str]:
    """Names of an archive's members; case and slashes may be anything."""
    return [member.filename.replace("\\", "/").lstrip("/").lower() for member in members]


def _check_sizes(members: list[zipfile.ZipInfo], kind: Format) -> None:
    """The directory's own figures; zipfile never unpacks more of a member than they say."""
    if len(members) > MAX_MEMBERS:
        raise UnsafeError("过多的内部文件")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise UnsafeError("过大的压缩内容")
    for member in members:
        grown = member.file_size / max(member.compress_size, 1)
        if member.file_size > MAX_MEMBER or (member.file_size > RATIO_FROM and grown > MAX_RATIO):
            raise UnsafeError("过大的压缩内容")
        if member.flag_bits & 0x1:
            raise UnreadableError("文件设有密码", "请取消密码后重新报送。")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableError("压缩方式不是 Office 所用的", kind.save_again)


def _check_parts(members: list[zipfile.ZipInfo], kind: Format) -> None:
    """Which parts are there, by their names."""
    names = part_names(members)
    if len(set(names)) != len(names):
        raise UnsafeError("重名的内部文件")
    for part in names:
        if part.endswith("vbaproject.bin"):
            raise UnsafeError("宏")
        for prefix, what in kind.refused:
            if part.startswith(prefix):
                raise UnsafeError(what)
    if kind.main in names and "[content_types].xml" in names:
        return
    for part, reason in kind.others.items():
        if part in names:
            raise UnreadableError(reason, kind.save_again)
    raise UnreadableError(kind.missing, kind.save_again)


def _check_xml(data: bytes, kind: Format) -> None:
    """Parse a part without building anything: no DTD, no entities, nothing of what a form must not hold."""
    parser = DefusedXMLParser(target=_Watcher(kind), forbid_dtd=True)
    try:
        parser.feed(data)
        parser.close()
    except DefusedXmlException as error:
        raise UnsafeError("实体定义（DTD）") from error
    except (ParseError, LookupError) as error:  # LookupError: an encoding that nobody knows
        raise UnreadableError("文件内容已损坏") from error


class _Watcher:
    """Sees every element of a part go by, and refuses what must not be there.

    It looks at every part alike: which part is a sheet, a drawing or a list of links is for the file to claim.
    """

    def __init__(self, kind: Format) -> None:
        self._kind = kind

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """One element with its attributes."""
        match tag.rpartition("}")[2]:
            case "Relationship":
                self._relationship(attributes)
            case "Override" | "Default":
                self._content_type(attributes)
            case "mergeCell" | "hyperlink" | "comment" if _cells(attributes.get("ref", "A1")) > MAX_RANGE:
                raise UnsafeError("范围过大的合并单元格、链接或批注")
            case "twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor" if not self._kind.text_only:
                raise UnsafeError("图片、图形或文本框")
            case "oleObject" | "altChunk":
                raise UnsafeError("嵌入的对象")

    def close(self) -> None:
        """Nothing was built."""

    def _relationship(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        if attributes.get("TargetMode", "").lower() == "external":
            if kind != "hyperlink" and not self._kind.text_only:
                raise UnsafeError("指向其他文件的链接")
        elif kind == "image" and not self._kind.text_only:
            raise UnsafeError("图片")
        elif kind in self._kind.xml_kinds and not attributes.get("Target", "").lower().endswith(".xml"):
            raise UnsafeError("来历不明的内部文件")  # it would be parsed without having been looked at

    def _content_type(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "").lower()
        if "macroenabled" in kind:
            raise UnsafeError("宏")
        name = attributes.get("PartName", ".xml").lower()
        if kind.endswith("+xml") and not name.endswith(
            (".xml", ".rels")
        ):  # LibreOffice names its lists of links too
            raise UnsafeError("来历不明的内部文件")


def _cells(reference: str) -> int:
    left, top, right, bottom = range_boundaries(reference)
    if left is None or top is None or right is None or bottom is None:
        return MAX_RANGE + 1  # whole rows or columns
    return int((right - left + 1) * (bottom - top + 1))
