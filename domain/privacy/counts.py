"""Small counts of children in running text.

Figures belong in the indicator table, where counts below ten are suppressed; in prose nothing can
hide them. "3名孤儿" counts children; "5名儿童主任" counts officers: the noun at the head decides.
"""

import re
from collections.abc import Iterator
from typing import Final

from domain.privacy.lexicon import ABUSE, CHILD, HAN, STAFF
from domain.privacy.rules import RuleId

Span = tuple[RuleId, int, int]

_NUMBER: Final = (
    r"(?:(?<![\d第每十百千万亿〇零])(?<!\d\.)"
    r"(?:[1-9]|(?<![统同专任逐唯])一|[二两三四五六七八九]))"
)
_COUNTED: Final = re.compile(rf"{_NUMBER} ?(?P<measure>名|位|人|户|例|个)(?!月|小时|百分|环节|方面)")
_NOUN: Final = re.compile(CHILD)
_REACH: Final = 20
_CLAUSE_END: Final = re.compile(r"[,。;!?\n:]")

_OFFICERS: Final = re.compile(rf"(?<!由){STAFF}")
_ACTION: Final = re.compile(
    r"[为给向对](?!$)|看望|走访|慰问|帮扶|服务|陪伴|辅导|接送|指导|教育|关爱|关注|培训|入户|到|建立|开展|组织|配备"
    r"|设立|参加|负责|承担|以上|以下|覆盖|结对帮|联系|档|专题|问题"
)
_SITES: Final = re.compile(
    r"(?<!农)村|社区|乡镇|街道|学校|部门|单位|县|基地|站|中心|项目|活动|机构|场所|团队|平台"
)
_SCOPE: Final = (
    r"^(?:(?![由被在为与和得享纳参均已进随因患的送到入去至获赴转就经从给向对接受完])[\u4e00-\u9fff]){0,6}?"
)
_OTHER_HEAD: Final = re.compile(rf"{_SCOPE}(?:{STAFF}|之家|之友|福利|中心|机构|医院|乐园|服务[站点])")
_THING_HEAD: Final = re.compile(
    rf"{_SCOPE}(?:{STAFF}|之家|福利|中心|机构|医院|乐园|保护|服务|关爱|项目|档案|台账|工作|基地|平台|社团|小组|团队"
    r"|班|床|村|社区|学校|集中|教育|讲座|课|图书|读物|用品|节|友好|权益|心理|群体|问题|类|方面|活动|场所|站|阵地"
    r"|微心愿|心愿|救助|安全|康复|阅|书屋|餐|权利|成长)"
)
_SLOGAN_BEFORE: Final = re.compile(
    r"(?:不让|不落下?|不漏掉?|不使|不丢下?|不少|不忘|任何|每|让每|哪怕|不放弃)$"
)
_EACH_BEFORE: Final = re.compile(rf"每{HAN}{{1,5}}$")
_PAIR_BEFORE: Final = re.compile(
    r"[一1][名个位人][^,。;\n]{0,10}(?:结对|帮扶|包保|联系|负责|服务|对接|关爱|陪伴|帮助|包联)$"
)
_SLOGAN_AFTER: Final = re.compile(r"[都也][不没能]|掉队|[^,。;\n]{0,3}一[份档策案表卡人个名册对]|一生")

_LINK: Final = r"[:( ]?(?:人?数)?(?:共有?|共计|合计|仅有?|只有|约|为|有|达|计|新增|减少|增加|退出){0,2}[: ]?"
_TOTAL: Final = re.compile(
    rf"{CHILD}(?:家庭)?{_LINK}{_NUMBER} ?(?P<measure>名|位|人|户|例|个)(?!一|[都也]|月|小时|{HAN}{{0,4}}{STAFF})"
)
_BARE_CELL: Final = re.compile(rf"{CHILD}(?:数|人数)?[ \t:|]{{1,3}}[1-9](?=[ \t,;|)。]|$|\n)")
_KIN: Final = re.compile(
    r"(?:姐弟|兄妹|姐妹|兄弟|母子|母女|父子|父女|祖孙)(?:[二两三四五2-5]人|俩|仨)|[俩仨]个?孩子"
)
_CASES: Final = re.compile(
    rf"{_NUMBER}(?:起|件|例|宗|条){HAN}{{0,10}}?{ABUSE}{HAN}{{0,6}}?(?:案|事件|线索|犯罪)"
    rf"|(?:{ABUSE}|强制报告){HAN}{{0,8}}?(?:案件?|线索|事件|犯罪)?[:(]?{HAN}{{0,2}}{_NUMBER}(?:起|件|例|宗|条)"
    rf"|(?:确诊|阳性|感染)(?:病例)?[: ]?{HAN}{{0,2}}{_NUMBER}[例名人]"
)


def find_small_counts(text: str) -> Iterator[Span]:
    """Spans of the folded `text` that count 1 to 9 children, their families or their cases."""
    for match in _COUNTED.finditer(text):
        end = _counts_children(text, match)
        if end is not None:
            yield RuleId.SMALL_COUNT, match.start(), end
    for match in _TOTAL.finditer(text):
        follows = text[match.end() : match.end() + 1]
        if match["measure"] != "个" or not re.match(HAN, follows):
            yield RuleId.SMALL_COUNT, *match.span()
    for pattern in (_BARE_CELL, _KIN, _CASES):
        yield from ((RuleId.SMALL_COUNT, *match.span()) for match in pattern.finditer(text))


def _counts_children(text: str, counted: re.Match[str]) -> int | None:
    """Where the counted children end; None if the count is of something else, or a slogan."""
    before = text[max(0, counted.start() - 16) : counted.start()]
    if any(p.search(before) for p in (_SLOGAN_BEFORE, _EACH_BEFORE, _PAIR_BEFORE)):
        return None
    start = counted.end()
    clause_end = _CLAUSE_END.search(text, start, start + _REACH)
    stop = clause_end.start() if clause_end else start + _REACH
    of_things = counted["measure"] == "个"
    for noun in _NOUN.finditer(text, start, stop):
        if _is_of_others(text[start : noun.start()], of_things=of_things):
            return None
        after = text[noun.end() : noun.end() + _REACH]
        if _SLOGAN_AFTER.match(after):
            return None
        if not (_THING_HEAD if of_things else _OTHER_HEAD).match(after):
            return noun.end()
    return None


def _is_of_others(between: str, *, of_things: bool) -> bool:
    """Whether the words between number and child say that somebody or something else is counted."""
    if of_things and _SITES.search(between):
        return True
    if between.startswith("一"):
        return True
    relative_clause = between.endswith("的")
    if _OFFICERS.search(between):
        return not (relative_clause and between.startswith(("由", "被", "经")))
    return bool(_ACTION.search(between)) and not relative_clause
