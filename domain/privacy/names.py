"""Names of children and of those who care for them.

A name alone proves nothing in Chinese: an officer is named with a post, a family name is also an
everyday word. A name counts where the text itself says whose it is: a label (姓名：), a child's or
carer's role before it (孤儿…), sex or age behind it, a masked form (张某某, 李××), 同学, 小朋友.
Officers stand behind their posts (民政局局长…), which are no such role, and so pass.
"""

import re
from collections.abc import Iterator
from typing import Final

from domain.privacy.lexicon import CARER, CHILD, COMPOUND_SURNAMES, HAN, NO_NAMES, SURNAMES
from domain.privacy.rules import RuleId

Span = tuple[RuleId, int, int]

_COMPOUND: Final = "|".join(COMPOUND_SURNAMES)
_NAME_START: Final = rf"(?:{_COMPOUND}|[{SURNAMES}])"
# Family names that are prepositions or verbs too: 某 behind them may belong to the next word.
_AMBIGUOUS: Final = "于向从任关许时应程常安国项计单全方石路车经解古符付代归居满"
_PLACES: Final = frozenset("村镇乡街区县市省校园所院站局会室家坑庄屯")

_LABEL: Final = re.compile(
    r"(?:姓 {0,4}名|名单|小名|乳名|曾用名|化名|户主|受助人|监护人|照护人|被委托人|患者|当事人|家长"
    r"|父亲|母亲|爷爷|奶奶|儿童|孤儿|学生|患儿|受助儿童|受助学生|(?:服务|救助|保障|帮扶|走访|慰问)对象)"
    r"(?:[(][^()\n]{0,8}[)])?(?: {0,3}[:|/] {0,3}|\t)[“\"'‘(]?"
)
_NAME_LABEL: Final = re.compile(
    r"姓 {0,4}名(?: {0,3}[:|/] {0,3}|[ \t]{1,4}|[为是叫])"
    rf"(?:{_NAME_START} {{0,3}}{HAN} {{0,3}}{HAN}?|{HAN}{{2,5}}·{HAN}{{2,5}}"
    r"|[A-Z][a-z]{1,8} ?[A-Z]?[a-z]{1,9})"
)
_PET_NAME: Final = re.compile(
    rf"(?:小名|乳名|绰号|曾用名)(?:叫做?|是|为|唤|:)[“\"'‘]?{HAN}{{1,4}}"
    rf"|{HAN}{{2,4}}[(](?:化名|小名|乳名|曾用名)|[(]化名[:]?{HAN}{{2,4}}[)]"
    rf"|(?:{CHILD}|{CARER}){HAN}{{1,6}}·{HAN}{{2,6}}(?!{HAN}{{0,8}}(?:项目|行动|工程|活动|计划))"
    rf"|(?<![叫做])(?:名叫|叫做|取名){_NAME_START}{HAN}{{1,2}}"
)
_MASKED: Final = re.compile(
    rf"(?:{_COMPOUND}|[{SURNAMES}])(?:某{{1,3}}|[×*○◯□]{{1,3}}(?!\d)|[xX]{{2,3}}(?![A-Za-z]))"
    rf"|[{SURNAMES}][×*○◯□]{HAN}|(?<![\w×*])[×*○]{{1,2}}{HAN}{{1,2}}(?=[(,]?[男女][,)])"
)
_MASK_IN_PLACE_NAME: Final = re.compile(
    r"[某×*○◯□xX]*(?:[村镇乡街屯县市省校园院站局地年月日天时个些一种类项次户部科小中班单时方]|社区|工作|活动|平台)"
)
_TELLING: Final = re.compile(
    r"[ \t,、(|]{1,3}(?:性别:?)?[男女](?:[ \t,、;)|。]|[汉满回蒙朝]|\d|$)"
    r"|[ \t,、(|]{0,3}(?:现年|今年|年仅|刚满)?\d{1,2}(?:周)?岁(?!以|至|到|及|-|~)"
)
_ROLE: Final = re.compile(
    rf"(?:{CHILD}|{CARER}|受助人|被害人|受害人|嫌疑人|被告人|养女|养子|孙子|孙女|儿子|(?<!妇)女儿(?!童)|贫困户|低保户|帮扶对象)"
    r"(?:[:\"'“‘( ]{1,2})?"
)
_BOUNDARY: Final = re.compile(
    r"[\s,。;:!?、()|\"'”’<>/]|$|今年|现年|年仅|自幼|从小|因(?:病|为|父|母|患|家)|患有?|的[父母爷奶姥外监家病学情]"
    r"|由[祖外爷奶其]|随[祖父母外爷奶其]|被|遭|就读|就医|住院|家庭(?:困难|贫困|经济|情况|变故)|家(?=[中里,。;、\s]|$)|[父母]|同学|小朋友|一家|等[\d一二三两]"
    r"|性别|年龄|身份|电话|住址|结对|成绩|考[上入]|获|说|高兴|激动|送[去上来]|申[请领]|办理|发放|购买|争取|提供|落实|和[妹弟姐哥母父奶爷]|与[妹弟姐哥母父奶爷祖]"
)
_FOLLOWED: Final = re.compile(
    rf"(?<!其他)(?:同学|小朋友|小同学|祖孙|的(?!监护人|照护人|被委托人|家长){CARER}|之[子女孙]|家[中里](?!庭)|一家)"
)
_VISIT: Final = re.compile(
    rf"(?:走访|慰问|看望|探望|帮扶|救助|资助|家访|来到|走进|送到|接回|找到|帮助|陪同|联系)[了过]?(?:{CHILD})?"
)
_AT_HOME: Final = re.compile(r"一?家(?![庭长访乡教])|等[\d一二三两]|同学|小朋友")
_LITTLE: Final = re.compile(
    rf"(?:{CHILD})[“\"'‘]?(?:小{HAN}|{HAN}{HAN}?儿)(?=[\s,。;:!?、()”\"']|$|今年|被|患|随|的[父母爷奶家])"
)
_LITTLE_WORDS: Final = frozenset(
    ("小组", "小学", "小区", "小班", "小队", "小心", "小时", "小说", "小品", "小家", "小镇", "小康", "小伙")
)


def find_names(text: str) -> Iterator[Span]:
    """Spans of the folded `text` that hold the name of a child or of a child's carer."""
    for start, end in _spans(text):
        yield RuleId.PERSON_NAME, start, end


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_NAME_LABEL, _PET_NAME):
        yield from (match.span() for match in pattern.finditer(text))
    yield from _masked(text)
    for opening in (_LABEL, _ROLE):
        yield from _named_after(text, opening, _BOUNDARY)
    yield from _named_after(text, _VISIT, _AT_HOME)
    for closing in (_TELLING, _FOLLOWED):
        yield from _named_before(text, closing)
    for match in _LITTLE.finditer(text):
        if text[match.end() - 2 : match.end()] not in _LITTLE_WORDS and "小" in match.group():
            yield match.span()


def _masked(text: str) -> Iterator[tuple[int, int]]:
    for match in _MASKED.finditer(text):
        ambiguous = match.group()[0] in _AMBIGUOUS
        if not (ambiguous and _MASK_IN_PLACE_NAME.match(text, match.end())):
            yield match.span()


def _named_after(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Names between `opening` and `closing`."""
    for match in opening.finditer(text):
        for length in (3, 2, 4):
            end = match.end() + length
            if _is_name(text[match.end() : end], length) and closing.match(text, end):
                yield match.start(), end
                break


def _named_before(text: str, closing: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Names right before `closing`."""
    for match in closing.finditer(text):
        for length in (3, 2, 4):
            start = match.start() - length
            if start >= 0 and _is_name(text[start : match.start()], length):
                yield start, match.end()
                break


def _is_name(word: str, length: int) -> bool:
    """Whether `word` reads as a full name: family name, one or two more characters, no word."""
    if len(word) != length or any(not "\u4e00" <= character <= "\u9fff" for character in word):
        return False
    if word[:2] in COMPOUND_SURNAMES:
        return length > 2
    return length < 4 and word[0] in SURNAMES and word[:2] not in NO_NAMES and word[-1] not in _PLACES
