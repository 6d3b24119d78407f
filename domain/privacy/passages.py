"""What identifies by its content: addresses, classes, health, cases, placement, joined facts.

A category is no person: "救助患有先天性心脏病的儿童" tells of work, "一名儿童被诊断为心脏病" of a
child. Health, events and placement count only beside a mark of one person: this child (该儿童),
one child, an individual age, a name.
"""

import re
from collections.abc import Iterator
from typing import Final

from domain.privacy.lexicon import ABUSE, CHILD, HAN, ILLNESS, LIFE, STATUS
from domain.privacy.rules import RuleId

Span = tuple[RuleId, int, int]

_NUMERAL: Final = r"(?:[0-9]{1,4}|[一二三四五六七八九十]{1,3})"
_ADDRESS: Final = re.compile(
    rf"[村屯委区](?:第)?{_NUMERAL}(?:村民)?(?:小组|组|社|队)(?![织建成])"
    rf"|(?<!第){_NUMERAL}(?:号楼|单元|栋|幢)(?!作业|教学|测)"
    rf"|(?:楼|单元|栋|幢|座|号|[0-9]-)[0-9]{{1,4}}(?:室|号|户)"
    rf"|(?:路|街|胡同|巷|弄|大街|大路|委)(?:第)?{_NUMERAL}(?:-[0-9]{{1,4}})?号(?!线|院士|文)"
    rf"|门牌(?:号码?)?[: 为是]{{0,2}}[0-9一二三四五六七八九十]"
    rf"|(?:{HAN}(?:家|子|岗|沟|山|河|台|林|甸|沟子|窝堡)|大{HAN}|小{HAN}|前{HAN}|后{HAN}|东{HAN}|西{HAN}|南{HAN}|北{HAN})屯"
    r"(?![村镇乡街小中兵垦田])"
    rf"|(?:家庭住址|现住址|户籍地址|住址|家庭地址|详细地址)(?:为|是|:) ?{HAN}{{2,}}"
    rf"|家住(?!农村|偏远|城区|边远|外地|附近|较远|山区|校外|本地|外市|外县){HAN}{{2,}}"
)
_GRADE: Final = r"(?:[一二三四五六七八九1-9]年级?|[初高][一二三1-3]|小[一二三四五六](?![班]))"
_CLASS: Final = re.compile(
    rf"(?<!\d){_GRADE}(?:级)?[ ]?[(]?第?[0-9一二三四五六七八九十]{{1,3}}[)]?班(?![次期车组子主])"
    rf"|(?:幼儿园|园|入读|就读于?){HAN}{{0,6}}[大中小][一二三四1-4]?班(?![教级])"
    r"|(?:学校|小学|中学|校)[0-9]{1,2}[.-][0-9]{1,2}班"
)

# An individual age, not a bound, a range or the age groups of laws and services.
_AGE: Final = (
    r"(?<![\d\-~至到—.满])(?<!不足)(?<!超过)(?:[0-9]{1,2}|[二三四五六七八九两]|十[一二三四五六七八九]?)(?<!18)(?:周|个半)?岁半?"
    r"(?!以|及|至|-|~|到|或|未|前|后|组|段|龄|[\u4e00-\u9fff]{0,3}(?:适龄|免费|全体|阶段))"
)
_ONE_CHILD: Final = (
    r"(?:该(?:名|位|个)?(?:困境|留守|农村|受害|患病|残疾){0,2}"
    rf"(?:{CHILD}|生(?=[,。;系患因被父母随就在家与今现学]))"
    rf"|[这那](?:名|位|个)(?:困境|留守)?{CHILD}"
    r"|某[男女](?![性方])|被害人|受害人(?!群)|此(?:名|儿)童"
    rf"|(?<![每让统任])(?<!不落下)[一1](?:名|位|例)(?:[^,。;、为给向对]{{0,10}}?){CHILD}(?!都|也|一)"
    r"|其(?:父亲?(?!母)|母亲?(?!女)|祖父|祖母|爷爷|奶奶|姥姥|姥爷|外公|外婆|姑姑|舅舅|叔叔|伯父|继父|继母|养父(?!母)|养母))"
)
_PERSON: Final = re.compile(f"{_ONE_CHILD}|{_AGE}")
_ONE_CHILD_ONLY: Final = re.compile(_ONE_CHILD)
_AGED: Final = re.compile(_AGE)
_ILL: Final = re.compile(ILLNESS)
_EVENT: Final = re.compile(f"{ABUSE}|{LIFE}")
_PLACED: Final = re.compile(
    r"安置(?:在|到|于|至|进|给)|寄养(?:在|于|到)|收养|托养(?:在|于)|送(?:至|到|往|入|进|回)[^,。;\n]{0,12}"
    r"(?:院|站|中心|机构|家|处|学校)|转(?:至|入|送)|护送|送返|返乡|接回|入住|暂住|收留|交由|移送|移交|(?:现|目前|已|一直)(?:居住|寄居|住|生活)(?:在|于)"
    r"|(?:现|目前|暂)[随由][^,。;\n]{1,10}(?:抚养|生活|居住|照料|照顾|照护)"
)
_HIM_PLACED: Final = re.compile(r"[将把][其她他](?:安置|寄养|托养|送养|(?:护|转)?送(?:至|到|往|入|进))")
_HIV_CHILD: Final = re.compile(r"(?:艾滋病?|HIV)(?:病毒)?感染(?:儿童|者|孤儿|学生)", re.IGNORECASE)
_SINGLE_CASE: Final = re.compile(
    rf"(?:(?:女童|男童|女孩|男孩|女生|男生|幼女|少女|儿童|学生){HAN}{{0,4}}[被遭]{HAN}{{0,8}}?{ABUSE}"
    rf"|[一1某][起例件宗]{HAN}{{0,14}}?{ABUSE})"
)
_SITE: Final = re.compile(
    rf"(?P<name>{HAN}{{2,4}})(?:村|社区|屯|街道|镇|(?<!城)乡)(?![村镇级]|干部|民警|儿童主任|振兴)"
)
# What stands before 村, 社区, 镇 where no one place is meant.
_NO_SITE: Final = re.compile(
    r"(?:各|全|农|城|所有|每个?|本|该|个|进|深入|入|驻|包|在|和|与|及|障碍|论坛|友好|示范|试点|重点|所辖|辖区|行政|自然"
    r"|部门|指导|走进|偏远|贫困|居民|村|组织|面向|学校|由|到|以|级|属地|家庭|一站式|有关|相关|街道|乡|部分|多个?|余个?)$"
)
_CIRCUMSTANCE: Final = re.compile(f"{ABUSE}|{LIFE}|{ILLNESS}|{STATUS}")
_SENTENCE: Final = re.compile(r"[^。!?;\n]+[。!?;\n]?")


def find_passages(text: str, names: tuple[tuple[int, int], ...]) -> Iterator[Span]:
    """Spans of the folded `text` that identify by what they tell.

    Args:
        text: the folded text.
        names: spans of names already found in it; a name marks one person as an age does.

    Yields:
        Rule and span, at most one of each rule for a sentence where facts are joined.
    """
    for rule, pattern in ((RuleId.ADDRESS, _ADDRESS), (RuleId.SCHOOL_CLASS, _CLASS)):
        yield from ((rule, *match.span()) for match in pattern.finditer(text))
    named = sorted(names)
    previous = (0, 0)
    for match in _SENTENCE.finditer(text):
        sentence = match.span()
        while named and named[0][1] <= sentence[0]:
            named.pop(0)
        has_name = bool(named) and named[0][0] < sentence[1]
        yield from _told_of_one(text, sentence, previous, has_name=has_name)
        yield from _told_of_a_place(text, sentence, previous)
        previous = sentence


def _told_of_one(
    text: str, sentence: tuple[int, int], previous: tuple[int, int], *, has_name: bool
) -> Iterator[Span]:
    """Health, case facts and placement of one person, marked in this sentence or the one before."""
    if _HIM_PLACED.search(text, *sentence):
        yield RuleId.PLACEMENT, *sentence
    one_person = (
        has_name
        or _PERSON.search(text, *sentence) is not None
        or _ONE_CHILD_ONLY.search(text, *previous) is not None
    )
    if not one_person:
        return
    for rule, pattern in (
        (RuleId.HEALTH_DETAIL, _ILL),
        (RuleId.CASE_FACT, _EVENT),
        (RuleId.PLACEMENT, _PLACED),
    ):
        if pattern.search(text, *sentence):
            yield rule, *sentence


def _told_of_a_place(text: str, sentence: tuple[int, int], previous: tuple[int, int]) -> Iterator[Span]:
    """Facts that point at one child because a village, community or township is named."""
    site_here = _names_a_site(text, sentence)
    if site_here and _SINGLE_CASE.search(text, *sentence):
        yield RuleId.CASE_FACT, *sentence
    if site_here and _HIV_CHILD.search(text, *sentence):
        yield RuleId.HEALTH_DETAIL, *sentence
    both = (previous[0] if text[previous[0] : sentence[0]].count("\n") < 2 else sentence[0], sentence[1])
    if (
        _AGED.search(text, *both)
        and _CIRCUMSTANCE.search(text, *both)
        and (site_here or _names_a_site(text, both))
    ):
        yield RuleId.JOINED, *both


def _names_a_site(text: str, span: tuple[int, int]) -> bool:
    return any(not _NO_SITE.search(site["name"]) for site in _SITE.finditer(text, *span))
