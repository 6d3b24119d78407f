"""The notice itself: number, title, issuer, date, district, addressee, and what it rests on. Pure."""

import re
from collections.abc import Iterator
from datetime import date

from domain.drafting.dates import first_day, years
from domain.drafting.desk import Desk, Entry, Node
from domain.notice import COVER, HEAD, INTRODUCTION

_NUMBER = r"[\u4e00-\u9fff]{1,14}\s*[〔\[【（(]\s*(?:19|20)\d\d\s*[〕\]】）)]\s*(?:第\s*)?\d{1,4}\s*号"
_ISSUERS = re.compile(
    r"^(?:中共)?[\u4e00-\u9fff]{2,30}?(?:人民政府办公室|人民政府办公厅|人民政府|委员会办公室|委员会|办公室|局|领导小组|委|厅|法院|检察院|联合会|中心)(?=关于|印发|$)"
)
_BASIS = re.compile(rf"《([^《》]*(?:《[^》]*》[^《》]*)*)》\s*[（(]\s*({_NUMBER})\s*[）)]")
_UNNUMBERED = re.compile(r"《([^《》]*(?:《[^》]*》[^《》]*)*)》(?!\s*[（(][^）)]*号)")
_ISSUED_BY = re.compile(
    r"(?:按照|根据|依据|落实|贯彻|贯彻落实|遵照|结合|及|和|与|，|、|；|。|^)([^，。；、《》]{2,40}?)(?:关于)?(?:联合)?(?:印发|下发|制定|发布|出台)?的?$"
)
_REGION = re.compile(
    r"(?:中共)?([\u4e00-\u9fff]{1,20}[区县市旗盟州])(?!场)(?=人民政府|委|政府|[\u4e00-\u9fff]{1,14}(?:局|办|领导小组|联合会|中心|院)$)"
)
_TITLE_END = re.compile(
    "的(?:通知|意见|决定|通报|函)(?:（试行）)?|(?:方案|计划|办法|要点|意见)(?:（试行）)?$"
)
# lines that web pages of governments put before a document
_META = re.compile(
    r"^(?:索\s*引\s*号|发布机构|发文机关|成文日期|发文日期|发布日期|发布时间|生成日期|主题分类|主题词|有效性|时效|文\s*号|发文字号|分\s*类|标\s*题|名\s*称|信息来源|来源|浏览次数|【?字体|打印)"
)


class Head:
    """What the head and the covering letter say; what they do not is None."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.head: Node | None = next(iter(desk.named(HEAD)), None)
        self.cover: Node | None = next(iter(desk.named(COVER)), None)
        self.introduction: Node | None = next(iter(desk.named(INTRODUCTION)), None)
        self._head_lines = [text for _, _, text in self.head.section.lines] if self.head else []
        self.number = self._number()
        self.title = self._title()
        self.issued = self._issued()
        self.issuer = self._issuer()
        self.region = self._region()
        self.addressee = next(
            (t.rstrip("：:") for t in reversed(self._head_lines) if t.endswith(("：", ":"))), None
        )
        self.name = self._name()
        self.span = self._span()

    @property
    def cites(self) -> list[str]:
        """The paragraphs before the first heading, by which the document is cited."""
        return [n.section.id for n in (self.head, self.cover) if n is not None] or [
            self._desk.first.section.id
        ]

    @property
    def opening(self) -> str:
        """Everything before the first heading."""
        return "".join(n.section.text for n in (self.cover, self.introduction) if n is not None)

    def entry(self) -> Entry:
        """The plan's ``document``."""
        entry = Entry(
            title=self.title,
            number=self.number,
            issuer=self.issuer,
            issued=self.issued,
            region=self.region,
            addressee=self.addressee,
        )
        where = self.cover or self.head or self._desk.first
        missing = {
            "number": "发文字号",
            "title": "标题",
            "issuer": "发文机关",
            "issued": "印发日期",
            "region": "区县名称",
            "addressee": "主送机关",
        }
        for key, words in missing.items():
            if entry[key] is None:
                self._desk.doubt(f"没有读出{words}，请填写 document.{key}", where, entry)
        basis = list(self._basis(entry))
        if basis:
            entry["basis"] = basis
        entry["cites"] = self.cites
        return entry

    def _number(self) -> str | None:
        for text in self._head_lines:
            if "》" in text:
                continue
            found = re.search(_NUMBER, text)
            if found:
                return re.sub(r"^(?:文号|发文字号)[:：]?", "", "".join(found.group().split()))
        return None

    def _title(self) -> str | None:
        lines = [t for t in self._head_lines if not t.endswith(("：", ":")) and not _META.match(t)]
        kept: list[str] = []
        for text in lines:
            plain = "".join(text.split())
            if re.fullmatch(_NUMBER, plain) or (plain.endswith("文件") and not kept):
                continue
            kept.append(plain)
        joined = "".join(kept)
        for found in _TITLE_END.finditer(joined):
            title = joined[: found.end()]
            if "关于" in title and title.count("《") == title.count("》"):
                return title
        return joined if 4 <= len(joined) <= 90 else None

    def _issued(self) -> date | None:
        covers = [n.section.text for n in self._desk.nodes if n.section.id.startswith(COVER)]
        signed = next((day for text in reversed(covers) if (day := first_day(text[-60:]))), None)
        if signed is None and self.cover is None and self.head is not None:
            signed = first_day(self.head.section.text)
        if signed is None and self.introduction is not None:
            signed = next(
                (d for _, _, t in self.introduction.section.lines if len(t) < 16 and (d := first_day(t))),
                None,
            )
        if signed is None:
            last = self._desk.nodes[-1].section.lines
            signed = next((d for _, _, t in reversed(last[-6:]) if len(t) < 18 and (d := first_day(t))), None)
        if signed is None and self.head is not None:
            signed = first_day("".join(t for t in self._head_lines if len(t) < 40))
        return signed

    def _issuer(self) -> str | None:
        titled = _ISSUERS.match(self.title) if self.title else None
        if titled and not re.match("[区县市旗]人民政府", titled.group()):
            return titled.group()
        for node in reversed([n for n in self._desk.nodes if n.section.id.startswith(COVER)]):
            for _, _, text in reversed(node.section.lines):
                plain = re.sub(r"(?:\d{4}|[二一][〇○零九].{2})年.*$", "", "".join(text.split()))
                if _ISSUERS.fullmatch(plain):
                    return plain
        return titled.group() if titled else None

    def _region(self) -> str | None:
        found = _REGION.match(self.issuer or "")
        return found.group(1) if found else None

    def _name(self) -> str | None:
        """The plan's name: the first title in quotation marks of the notice's title, else what is 关于印发…的通知."""
        if not self.title:
            return None
        found = re.search(r"(?:印发|下发|公布|实施)(?:《(?=.+》的通知)(.+)》|(.+?))的通知", self.title)
        if found:
            return found.group(1) or found.group(2)
        return re.sub(r"^.*?关于|的(?:通知|意见|决定)$", "", self.title) or None

    def _span(self) -> tuple[int, int] | None:
        return years(self.title or "") or years(self.opening)

    def _basis(self, entry: Entry) -> Iterator[Entry]:
        seen: set[str] = set()
        for node in (self.cover, self.introduction):
            for sentence in self._desk.sentences(node) if node else ():
                for found in _BASIS.finditer(sentence.text):
                    title, number = found.group(1), "".join(found.group(2).split())
                    if number in seen:
                        continue
                    seen.add(number)
                    issuer = _basis_issuer(sentence.text[: found.start()], title)
                    if issuer is None:
                        self._desk.doubt(
                            f"依据文件《{title}》没有写明发文机关，未列入 basis", sentence, entry
                        )
                        continue
                    yield Entry(number=number, title=title, issuer=issuer)
                for found in _UNNUMBERED.finditer(sentence.text):
                    before = sentence.text[: found.start()]
                    if found.group(1) not in (self.name or "") and re.search(
                        "按照|根据|依据|落实|贯彻|遵照", before
                    ):
                        self._desk.doubt(f"依据《{found.group(1)}》没有写文号，未列入 basis", sentence)


def _basis_issuer(before: str, title: str) -> str | None:
    found = _ISSUED_BY.search(before)
    if found and re.search("部|委|局|厅|办|府|院|会|组|部门|单位|中央|国务院|联|法院|检察院", found.group(1)):
        return re.sub(r"^(?:按照|根据|依据|贯彻落实|贯彻|落实|和|及|与)+", "", found.group(1))
    found = re.match(r"(.{2,30}?)(?:关于|印发)", title)
    return found.group(1) if found else None
