"""The file around a document's XML: its parts, what it says of itself, and bytes that do not depend on the hour."""

import io
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.coreprops import CoreProperties
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml.coreprops import CT_CoreProperties
from docx.package import Package
from lxml import etree

from domain.report.blocks import Document
from domain.workdays import BEIJING
from services.word.elements import Element, clean, el, root
from services.word.page import settings
from services.word.styles import document_styles, font_table

PROGRAM = "关爱"
SNAPSHOT, PAPER = "关爱数据快照", "关爱文件序号"
"""Names of the file's own properties that tell where it comes from."""
PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"

_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CUSTOM_KIND = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_PROPERTY_SET = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""The set to which such properties belong, as the standard has it."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_MOST = 255
"""Characters of a property that Word shows."""
_LINKS = {"header": RELATIONSHIP_TYPE.HEADER, "footer": RELATIONSHIP_TYPE.FOOTER}
_KINDS = {"header": CONTENT_TYPE.WML_HEADER, "footer": CONTENT_TYPE.WML_FOOTER}


@dataclass(frozen=True)
class Origin:
    """Where a file comes from: the digest of its snapshot, and its place among that one's papers."""

    snapshot: str
    paper: int


class WordFile:
    """Collects the parts of one file; ``body`` takes the document's content."""

    def __init__(self, document: Document, origin: Origin) -> None:
        self.body = el("w:body")
        self._package = Package()
        self._numbers: Counter[str] = Counter()
        self._main = self._part("document", CONTENT_TYPE.WML_DOCUMENT_MAIN, root("w:document", self.body))
        self._package.relate_to(self._main, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
        for name, link, kind, content in (
            ("styles", RELATIONSHIP_TYPE.STYLES, CONTENT_TYPE.WML_STYLES, document_styles()),
            ("settings", RELATIONSHIP_TYPE.SETTINGS, CONTENT_TYPE.WML_SETTINGS, settings()),
            ("fontTable", RELATIONSHIP_TYPE.FONT_TABLE, CONTENT_TYPE.WML_FONT_TABLE, font_table()),
        ):
            self._main.relate_to(self._part(name, kind, content), link)
        self._tell(
            "core", CONTENT_TYPE.OPC_CORE_PROPERTIES, RELATIONSHIP_TYPE.CORE_PROPERTIES, _core(document)
        )
        self._tell(
            "app", CONTENT_TYPE.OFC_EXTENDED_PROPERTIES, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES, _program()
        )
        self._tell("custom", _CUSTOM_KIND, _CUSTOM_LINK, _told(origin))

    def add(self, kind: str, content: Element) -> str:
        """Take in a header or footer; gives the id by which a section points to it."""
        self._numbers[kind] += 1
        part = self._part(f"{kind}{self._numbers[kind]}", _KINDS[kind], content)
        return str(self._main.relate_to(part, _LINKS[kind]))

    def file(self) -> bytes:
        """The file's bytes."""
        made, fixed = io.BytesIO(), io.BytesIO()
        self._package.save(made)
        with zipfile.ZipFile(made) as parts, zipfile.ZipFile(fixed, "w") as archive:
            for name in parts.namelist():
                member = zipfile.ZipInfo(name, _EARLIEST)
                member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 0
                archive.writestr(member, parts.read(name))
        return fixed.getvalue()

    def _part(self, name: str, kind: str, content: Element) -> XmlPart:
        return XmlPart(PackURI(f"/word/{name}.xml"), kind, content, self._package)

    def _tell(self, name: str, kind: str, link: str, content: Element) -> None:
        part = XmlPart(PackURI(f"/docProps/{name}.xml"), kind, content, self._package)
        self._package.relate_to(part, link)


def _core(document: Document) -> Element:
    """What file managers show: of the document and the office, nothing of a machine or a person."""
    part = CT_CoreProperties.new()
    told = CoreProperties(part)
    moment = datetime.combine(document.day, time(), tzinfo=BEIJING).astimezone(UTC)
    told.title, told.author = _property(document.title), _property(document.author)
    told.last_modified_by, told.revision = told.author, 1
    told.subject = "示例数据，仅供演示" if document.sample else _property(document.subtitle)
    told.created = told.modified = moment
    told.language = "zh-CN"
    return part


def _property(text: str) -> str:
    return clean(text)[:_MOST]


def _program() -> Element:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    properties = etree.Element(f"{{{space}}}Properties", nsmap={None: space})
    etree.SubElement(properties, f"{{{space}}}Application").text = PROGRAM
    return properties


def _told(origin: Origin) -> Element:
    properties = etree.Element(f"{{{PROPERTIES}}}Properties", nsmap={None: PROPERTIES, "vt": _VALUES})
    told = {SNAPSHOT: origin.snapshot, PAPER: str(origin.paper)}
    for number, (name, value) in enumerate(told.items(), start=2):  # 0 and 1 are taken by the standard
        attributes = {"fmtid": _PROPERTY_SET, "pid": str(number), "name": name}
        one = etree.SubElement(properties, f"{{{PROPERTIES}}}property", attributes)
        etree.SubElement(one, f"{{{_VALUES}}}lpwstr").text = value
    return properties
