"""How often something is due, in the words of notices: 每季度, 每年12月1日前, 春节、六一儿童节. Pure."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from domain.drafting.dates import without_quotes
from domain.numerals import numeral

_N = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_ONE = r"[一1]"
_YEARLY = re.compile(
    rf"(?:每(?:个)?(?:{_ONE})?(?:自然)?年度?(?!龄)|(?:逐年|按年度?(?=[报开对进])|每学年|一年一[次度])|年度(?=内?(?:至少|不少于)))"
    rf"(?:的|于|在|内|中)?\s*(?:(?P<m>{_N})\s*月\s*(?:(?P<d>{_N})\s*[日号]|(?P<part>上旬|中旬|下旬|底|末|初))?(?P<incl>（含）|\(含\)|（含当日）)?\s*(?P<bound>之前|以前|前)?|(?P<end>年?底)(?P<ebound>前)?)?"
)
_OTHERS = (
    ("half-year", re.compile(r"每半年|半年(?=[一1]次|至少|不少于|开展|进行)|每六个月|每6个月|按半年")),
    (
        "quarter",
        re.compile(r"每(?:个)?(?:一)?季度?|按季度?(?=[^节])|季度(?=[一1]次|至少)|每三个月|每3个月|逐季"),
    ),
    ("month", re.compile(r"每(?:个)?(?:一)?月|按月|逐月|每1个月")),
)
_ODD = re.compile(
    r"每(?:一)?[周日天]|每个?(?:星期|工作日|学期)|按周|每(?P<n>[两二三四五六七八九十2-9])(?P<u>年|个?月|周|天)|每隔.{1,6}?[年月周天]|每逢"
)
_TWICE = re.compile(
    r"(?:至少|不少于|不低于|开展|进行|召开)?\s*(?P<n>[两二三四五六七八九十2-9])\s*(?:次|轮|场|期|遍)"
)
_MANY = re.compile(r"(?:重要|重大|传统|法定)?节(?:假日|日|庆日)")
_FESTIVALS: tuple[tuple[str, str, str, str], ...] = (
    ("new-year", "元旦", "元旦", ""),
    ("spring-festival", "春节", "春节", ""),
    ("womens-day", "三八妇女节|妇女节|“三八”|国际妇女节", "", "03-08"),
    ("tomb-sweeping", "清明节?", "清明", ""),
    ("labour-day", "五一劳动节|劳动节|“五一”", "劳动节", ""),
    ("youth-day", "五四青年节|青年节|“五四”", "", "05-04"),
    ("children", "六一儿童节|“?六[·.]?一”?国际儿童节|国际儿童节|儿童节|“六一”|六一|“6·1”", "", "06-01"),
    ("dragon-boat", "端午节?", "端午", ""),
    ("drug-day", "国际禁毒日|禁毒日|6·26", "", "06-26"),
    ("teachers-day", "教师节", "", "09-10"),
    ("mid-autumn", "中秋节?", "中秋", ""),
    ("national-day", "国庆节?", "国庆节", ""),
    ("fire-day", "消防(?:宣传)?日|“?119”?消防", "", "11-09"),
    ("world-children", "世界儿童日", "", "11-20"),
    ("constitution", "(?:“?12[·.]4”?)?国家宪法日|宪法日|宪法宣传周|12[·.]4", "", "12-04"),
    ("volunteers-day", "国际志愿者日", "", "12-05"),
)
_MOVING = re.compile("母亲节|父亲节|重阳节?|(?:全国)?助残日|寒暑假|寒假|暑假|暑期|元宵节?|开学季|开学初")
_TENTHS = {"上旬": 10, "初": 10, "中旬": 20}
_NATURE = re.compile(r"(?<!一)(?:不?定期)(?![限间])|经常性")


MOST_TIMES = 20
"""Recurrences that one sentence can have."""


@dataclass(frozen=True)
class Recurring:
    """A recurrence in a text: where, in which words, and as what ``cadence`` entry (None where no entry says it)."""

    start: int
    end: int
    words: str
    cadence: dict[str, Any] | None
    unsure: str = ""


def recurrences(text: str) -> Iterator[Recurring]:
    """Every recurrence in a sentence, in its order; festivals named together are one."""
    plain = without_quotes(text)
    found = [*_yearly(plain), *_short(plain), *_odd(plain)]
    festivals = _festivals(text)
    found += [festivals] if festivals else []
    if (
        not festivals
        and (many := _MANY.search(plain))
        and re.search("慰问|走访|看望|节前|期间|时间节点|开展", plain)
    ):
        found.append(Recurring(*many.span(), many.group(), None, f"“{many.group()}”没有写明是哪些节日"))
    taken: list[Recurring] = []
    if len([one for one in found if one.cadence is None]) > 1:  # 每天、每周: one thing to look at
        found = [
            *(one for one in found if one.cadence),
            _together([one for one in found if one.cadence is None]),
        ]
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        if not any(other.start < one.end and one.start < other.end for other in taken):
            taken.append(one)
            yield one
        if len(taken) == MOST_TIMES:
            return


def _together(odd: list[Recurring]) -> Recurring:
    odd.sort(key=lambda one: one.start)
    words = "、".join(one.words for one in odd)
    return Recurring(odd[0].start, odd[0].end, words, None, "；".join(one.unsure for one in odd))


def vague(text: str) -> str:
    """A word that says again and again, without how often; empty where there is none."""
    found = _NATURE.search(without_quotes(text))
    return found.group() if found else ""


def _yearly(plain: str) -> Iterator[Recurring]:
    for found in _YEARLY.finditer(plain):
        cadence: dict[str, Any] = {"every": "year"}
        unsure = ""
        if found.group("m"):
            due, bound, unsure = _month_day(found)
            if due is None:
                yield Recurring(*found.span(), found.group(), None, f"“{found.group()}”不是有效的日期")
                continue
            if bound == "within":
                cadence |= {"opens": f"{due[:2]}-01", "due": due}
            else:
                cadence["due"] = due
                if bound == "before":
                    cadence["bound"] = bound
            if re.match(r"[和、及]\s*\d{1,2}\s*月", plain[found.end() :]):
                unsure = f"“{found.group()}”之后还有月份，一年不止一次，请分成几项"
        yield Recurring(*found.span(), found.group(), cadence, unsure or _times(plain, found, "每年"))


def _month_day(found: re.Match[str]) -> tuple[str | None, str, str]:
    """Day of the year, whether it is still in time (or the month is a season), and what had to be supposed."""
    month = numeral(found.group("m"))
    if not 1 <= month <= 12:
        return None, "", ""
    words, bound, part = found.group(), found.group("bound"), found.group("part")
    if found.group("d"):
        day = numeral(found.group("d"))
        known = 1 <= day <= monthrange(2024, month)[1]  # a leap year, so that 02-29 is a day
        before = "before" if bound and not found.group("incl") else "by"
        return (f"{month:02}-{day:02}" if known else None), before, ""
    end = f"{month:02}-{monthrange(2025, month)[1]:02}"
    if part in _TENTHS:
        return (
            f"{month:02}-{_TENTHS[part]}",
            "by" if bound else "within",
            f"“{words}”算到{month}月{_TENTHS[part]}日",
        )
    if part:
        return end, "by", ""
    if bound:
        return end, "by", f"“{words}”是否含{month}月，原文未写明，暂算到月底"
    return end, "within", ""


def _short(plain: str) -> Iterator[Recurring]:
    for every, pattern in _OTHERS:
        for found in pattern.finditer(plain):
            after = plain[found.end() : found.end() + 22]
            unsure = _times(plain, found, found.group())
            if re.match(
                r"(?:的)?(?:首月|末月|第.月|最后一?个?月|初|末|底|结束|后|前)?.{0,6}?\d{1,2}\s*[日号]", after
            ):
                unsure = f"“{found.group()}{after.split('，')[0]}”写有具体日子，方案只能记到期末"
            yield Recurring(*found.span(), found.group(), {"every": every}, unsure)


def _times(plain: str, found: re.Match[str], words: str) -> str:
    """What to say where a period has several times."""
    many = _TWICE.match(
        plain[found.end() : found.end() + 12].lstrip("至少不于开展进行对召集组织的应当要须")[:8]
    )
    return f"“{words}”{many.group()}：方案按每期一项记，次数写在要求里" if many else ""


def _odd(plain: str) -> Iterator[Recurring]:
    for found in _ODD.finditer(plain):
        if found.groupdict().get("u") in ("个月", "月") and numeral(found.group("n")) in (3, 6):
            continue
        yield Recurring(*found.span(), found.group(), None, f"“{found.group()}”没有对应的周期，暂列为常态化")


def _festivals(text: str) -> Recurring | None:
    hits: list[tuple[int, int, dict[str, str]]] = []
    for name, pattern, holiday, on in _FESTIVALS:
        if found := re.search(pattern, text):
            words = re.sub("[“”]", "", found.group())
            hits.append(
                (
                    *found.span(),
                    {"id": name, "name": words} | ({"holiday": holiday} if holiday else {"on": on}),
                )
            )
    moving = _MOVING.search(text)
    unsure = f"“{moving.group()}”没有固定的日期，请写明" if moving else ""
    if not hits:
        return Recurring(*moving.span(), moving.group(), None, unsure) if moving else None
    hits.sort(key=lambda hit: hit[0])
    words = "、".join(hit[2]["name"] for hit in hits)
    cadence = {"every": "festival", "festivals": [hit[2] for hit in hits], "lead_days": 14}
    return Recurring(hits[0][0], hits[-1][1], words, cadence, unsure)
