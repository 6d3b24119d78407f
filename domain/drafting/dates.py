"""When something is due, in the words of notices: 2024年6月底前, 年底前, 印发之日起30日内. Pure."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from domain.cadence import Bound
from domain.numerals import numeral

_Y = r"(?P<y>(?:19|20)\d\d|[二一][〇○零九][〇○零一二三四五六七八九]{2})\s*年"
_N = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_REL = r"(?P<rel>今年|本年|当年|明年|次年|后年|翌年)"
_MONTH = rf"(?P<m>{_N})\s*月(?:份)?"
_DAY = rf"(?P<d>{_N})\s*[日号]"
_PART = r"(?P<part>上旬|中旬|下旬|月?底|月?末|初)"
_END = r"(?P<end>年底|年末|底|末)"
_SEASON = r"(?P<s>上半年|下半年|第?[一二三四1234]\s*季度)(?P<send>末|底)?"
_BOUND = r"(?P<bound>（含）前|\(含\)前|（含当日）前|之前|以前|前|止|为止|内)?"
_WITH_YEAR = re.compile(rf"(?:{_Y}|{_REL})\s*(?:{_MONTH}\s*(?:{_DAY}|{_PART})?|{_SEASON}|{_END})?\s*{_BOUND}")
_WITHOUT_YEAR = re.compile(
    rf"(?<![\d年])(?:{_MONTH}\s*(?:{_DAY}|{_PART})|(?P<lone>{_N})\s*月(?=前|以前|之前)|(?P<yearend>年底|年末)(?=前|以前|之前)"
    rf"|(?P<monthend>本月底|月底(?=前)))\s*{_BOUND}"
)
_PARTS = ("y", "rel", "m", "d", "part", "end", "s", "send", "bound", "lone", "yearend", "monthend")
_WITHIN = re.compile(
    r"(?:自)?(?P<from>(?:本?(?:通知|方案|意见|文件|计划|办法))?(?:印发|发布|下发|公布|施行|实施)之日)起?\s*"
    r"(?P<n>\d{1,3}|[一二三四五六七八九十两]{1,3})\s*(?P<u>个工作日|工作日|日|天|个月|月|年)(?:之|以)?内"
)
# 三年内: a span without a beginning
_LOOSE = re.compile(
    r"(?<![\d一二三四五六七八九十])(?P<n>\d{1,2}|[一二三四五六七八九十两]{1,2})\s*(?P<u>年|个月|个工作日)(?:之|以)?内"
)
_QUOTED = re.compile(r"《[^》]*》|[〔\[【](?:19|20)\d\d[〕\]】]\s*(?:第)?\d+\s*号|“[^”]*”")
_TENTHS = {"上旬": 10, "初": 10, "中旬": 20}
_SPAN_MARK = r"\s*(?:至|到|—+|－+|-+|–+|~|～|─+)\s*"
_EDGE_DAY = rf"(?:(?:{_N})\s*[日号]|上旬|中旬|下旬|年?底|年?末|初)?"
_EDGE_MONTH = rf"(?:(?:{_N})\s*月(?:份)?)?"
_SPAN = re.compile(
    rf"(?P<a>{_Y.replace('P<y>', 'P<y1>')}\s*{_EDGE_MONTH}{_EDGE_DAY})起?{_SPAN_MARK}"
    rf"(?P<b>(?:{_Y.replace('P<y>', 'P<y2>')}\s*)?{_EDGE_MONTH}{_EDGE_DAY})(?=\W|$|前|期间|为|，|底)"
)
# （5月至8月）, （11月）: a phase of the year of issue
_YEARLESS = re.compile(
    rf"(?<![\d年])(?P<a>(?:{_N})\s*月(?:份)?(?:(?:{_N})\s*[日号]|上旬|中旬|下旬|初)?)(?:{_SPAN_MARK}"
    rf"(?P<b>(?:(?:{_N})\s*月(?:份)?)?(?:(?:{_N})\s*[日号]|上旬|中旬|下旬|底|末)?))?(?=[）)，。；：\s]|$)"
)
_PLAIN_YEARS = re.compile(rf"(?P<a>20\d\d)\s*年?{_SPAN_MARK}(?P<b>20\d\d)\s*年")


MOST_TIMES = 20


@dataclass(frozen=True)
class Dated:
    """A date in a text: where, the day, and whether the day is itself in time.

    ``unsure`` says in Chinese what the reader had to suppose; ``day`` is None where it could not tell. ``goal`` marks
    到2026年, by which year a state is to be reached rather than a piece of work done; ``limit`` that it bounds something.
    """

    start: int
    end: int
    words: str
    day: date | None
    bound: Bound = Bound.BY
    unsure: str = ""
    goal: bool = False
    limit: bool = False


def without_quotes(text: str) -> str:
    """A text with titles, document numbers and quotations blanked out, as long as before."""
    return _QUOTED.sub(lambda found: "＊" * len(found.group()), text)


def dates(text: str, *, issued: date | None, year: int | None = None) -> Iterator[Dated]:
    """Every single date in a sentence that bounds or sets something, in its order; no sentence has more than twenty.

    Args:
        text: a sentence.
        issued: when the notice was issued, for 印发之日起 and for dates without a year.
        year: the year of what the sentence stands in, where that is one year.
    """
    yield from islice(_dates(without_quotes(text), issued, year), MOST_TIMES)


def _dates(plain: str, issued: date | None, last: int | None) -> Iterator[Dated]:
    taken: list[tuple[int, int]] = []
    for found in _WITHIN.finditer(plain):
        taken.append(found.span())
        yield _within(found, issued)
    single = sorted((*_WITH_YEAR.finditer(plain), *_WITHOUT_YEAR.finditer(plain)), key=lambda m: m.start())
    for found in single:
        if _is_repeated(plain, found) or any(a < found.end() and found.start() < b for a, b in taken):
            continue
        one = _dated(plain, found, last, issued)
        if one is None:
            continue
        taken.append(found.span())
        last = one.day.year if one.day else last
        yield one
    for found in _LOOSE.finditer(plain):
        if not any(a < found.end() and found.start() < b for a, b in taken):
            yield Dated(
                *found.span(), found.group(), None, unsure=f"“{found.group()}”没有写从哪天算起", limit=True
            )


def spans(text: str, *, issued: date | None) -> Iterator[tuple[str, date | None, date | None, str]]:
    """Stretches of time (2024年1月至2月底): the words, first and last day, and what had to be supposed."""
    told = False
    for found in _SPAN.finditer(text):
        told = True
        year = numeral(found.group("y1"))
        first, last = _edge(found.group("a"), year, at_end=False), None
        later = numeral(found.group("y2")) if found.group("y2") else year
        if found.group("b"):
            last = _edge(found.group("b"), later, at_end=True)
        if first and last:
            yield found.group(), first, last, ""

    if told or issued is None or "年" in text:
        return
    for found in _YEARLESS.finditer(text):
        words = found.group()
        first = _edge(found.group("a"), issued.year, at_end=False)
        end = found.group("b") or found.group("a")
        if "月" not in end:
            end = found.group("a").partition("月")[0] + "月" + end
        last = _edge(end, issued.year, at_end=True)
        if first and last:
            yield words, first, last, f"“{words}”没有写年份，按印发年份算作{issued.year}年"


def years(text: str) -> tuple[int, int] | None:
    """The years from … to … that a text names (2024年至2026年)."""
    found = _PLAIN_YEARS.search(text)
    return (int(found.group("a")), int(found.group("b"))) if found else None


def first_day(text: str) -> date | None:
    """A full date (2024年4月29日, 二〇二四年四月二十九日) in a text; the last one there is."""
    found = list(re.finditer(rf"{_Y}\s*{_MONTH}\s*{_DAY}", text))
    if not found:
        return None
    return _day(*(numeral(found[-1].group(part)) for part in "ymd"))


def _is_repeated(plain: str, found: re.Match[str]) -> bool:
    """每年12月1日前 is no date but a cadence; so is 2024年以来, or a stretch of time."""
    before, after = plain[max(0, found.start() - 8) : found.start()], plain[found.end() : found.end() + 2]
    if re.search(r"每(?:年度?|学年)?[的于在]?$|每年.{0,4}$", before) and not found.groupdict().get("y"):
        return True
    return after.startswith(("以来", "度")) and not found.group("bound")


def _dated(plain: str, found: re.Match[str], year: int | None, issued: date | None) -> Dated | None:
    part, unsure = dict.fromkeys(_PARTS) | found.groupdict(), ""
    base = issued.year if issued else None
    if part["y"]:
        at = numeral(part["y"])
    elif part["rel"]:
        if base is None:
            return Dated(
                *found.span(), found.group(), None, unsure=f"“{part['rel']}”：没有读出印发日期，不知是哪一年"
            )
        at = base + {"今年": 0, "本年": 0, "当年": 0, "后年": 2}.get(part["rel"], 1)
        unsure = f"“{part['rel']}”按印发日期算作{at}年"
    else:
        guess = year or base
        if guess is None:
            return Dated(*found.span(), found.group(), None, unsure=f"“{found.group()}”没有写年份")
        at, unsure = guess, f"“{found.group()}”没有写年份，暂作{guess}年"
    bounded = bool(part["bound"]) or bool(
        part["end"] or part["yearend"] or part["monthend"] or part["lone"] or part["send"]
    )
    goal = bool(re.search(r"到\s*$", plain[: found.start()]))
    day, more = _resolve(part, at, issued)
    if day is None:
        return Dated(*found.span(), found.group(), None, unsure=more or f"“{found.group()}”不是有效的日期")
    bound = Bound.BEFORE if _excludes(part) else Bound.BY
    return Dated(
        *found.span(),
        found.group(),
        day,
        bound,
        "；".join(filter(None, (unsure, more))),
        goal,
        bounded or goal,
    )


def _excludes(part: dict[str, str | None]) -> bool:
    """Whether 前 follows a day, which is then too late: 12月1日前; not so 6月底前, nor where （含） stands."""
    bound = part["bound"] or ""
    return "前" in bound and "含" not in bound and bool(part["d"])


def _resolve(part: dict[str, str | None], year: int, issued: date | None) -> tuple[date | None, str]:
    """The day that the parts of a date mean, and what had to be supposed."""
    if part["lone"]:
        return _before_month(year, numeral(part["lone"]))
    if part["monthend"]:
        return (_last(issued.year, issued.month), "“月底”按印发当月计") if issued else (None, "不知是哪个月")
    if part["s"]:
        return _season(part["s"], year), ""
    if part["m"] and part["d"]:
        return _day(year, numeral(part["m"]), numeral(part["d"])), ""
    return _in_month(part, year, numeral(part["m"])) if part["m"] else (date(year, 12, 31), "")


def _in_month(part: dict[str, str | None], year: int, month: int) -> tuple[date | None, str]:
    tenth = part["part"] or ""
    if tenth in _TENTHS:
        return _day(year, month, _TENTHS[tenth]), f"“{tenth}”算到{_TENTHS[tenth]}日"
    if not tenth and (part["bound"] or "") in ("前", "以前", "之前"):
        return _before_month(year, month)
    return _last(year, month), ""


def _before_month(year: int, month: int) -> tuple[date | None, str]:
    return _last(year, month), f"“{month}月前”是否含{month}月，原文未写明，暂算到月底"


def _season(words: str, year: int) -> date | None:
    if words.endswith("半年"):
        return date(year, 6, 30) if words.startswith("上") else date(year, 12, 31)
    quarter = numeral(re.sub(r"[第季度\s]", "", words))
    return _last(year, quarter * 3)


def _within(found: re.Match[str], issued: date | None) -> Dated:
    words, number, unit = found.group(), numeral(found.group("n")), found.group("u")
    if issued is None:
        return Dated(*found.span(), words, None, unsure=f"“{words}”：没有读出印发日期", limit=True)
    if "工作日" in unit:
        return Dated(*found.span(), words, None, unsure=f"“{words}”按工作日计，请查日历填写", limit=True)
    if unit in ("日", "天"):
        day: date | None = issued + timedelta(days=number)
    else:
        months = number * (12 if unit == "年" else 1)
        year, month = divmod(issued.year * 12 + issued.month - 1 + months, 12)
        day = date(year, month + 1, min(issued.day, monthrange(year, month + 1)[1]))
    return Dated(*found.span(), words, day, unsure=f"“{words}”从印发日期起算", limit=True)


def _edge(words: str, year: int, *, at_end: bool) -> date | None:
    month = re.search(rf"({_N})\s*月", words)
    day = re.search(rf"({_N})\s*[日号]", words)
    if month is None:
        return date(year, 12, 31) if at_end else date(year, 1, 1)
    number = numeral(month.group(1))
    if day:
        return _day(year, number, numeral(day.group(1)))
    tenth = re.search("上旬|中旬|下旬", words)
    if tenth:
        first, last = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}[tenth.group()]
        if at_end:
            return _last(year, number) if last == 31 else _day(year, number, last)
        return _day(year, number, first)
    return _last(year, number) if at_end else _day(year, number, 1)


def _last(year: int, month: int) -> date | None:
    return date(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 and 1 <= year <= 9999 else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
