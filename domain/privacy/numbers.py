"""Numbers in a text by which a person is found: identity, card, telephone, document, account.

Digits may stand apart: spaces, dashes, brackets and line ends between them are read over. How far
depends on what proves the number. An identity number has a date and a check character, so any
grouping counts; a telephone number or a card has little or nothing, so only the groupings people
use count, or a row of counts in a table would be taken for one.
"""

import re
from collections.abc import Iterator
from typing import Final

from domain.privacy import identity
from domain.privacy.rules import RuleId

Span = tuple[RuleId, int, int]

_BETWEEN: Final = r"[-\s._·•/\\|,、:;()\[\]{}*'\"“”‘’=+~#]"
_GAP: Final = rf"{_BETWEEN}{{0,4}}"
_RUN: Final = re.compile(rf"[0-9](?:{_BETWEEN}*+[0-9Xx])*+")
_TOKEN: Final = re.compile(r"[0-9]+")
_PLAIN_GAPS: Final = re.compile(r"[0-9](?:[ \n.-]*+[0-9])*+")
_CHINESE_DIGITS: Final = str.maketrans(
    "〇零○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "0001234567891123456789"
)

_CARD_GROUPS: Final = re.compile(
    rf"(?<![0-9])(?=([0-9]{{4}}(?:{_GAP}[0-9]{{4}}){{3}}(?:{_GAP}[0-9]{{1,3}})?"
    rf"|[0-9]{{6}}{_GAP}[0-9]{{10,13}}|[0-9]{{4}}{_GAP}[0-9]{{6}}{_GAP}[0-9]{{5}})(?![0-9]))"
)
_CARD_SPELLED: Final = re.compile(
    r"[0-9](?: [0-9]){12,18}(?! ?[0-9])|(?<![0-9])[0-9]++(?:[-·_]{1,3}[0-9]++)++"
)
_MOBILE: Final = re.compile(
    rf"(?<![0-9])(?:(?:\+|00)?86{_GAP}|0)?"
    rf"(?:1[3-9][0-9]{{9}}|1[3-9][0-9]({_BETWEEN}{{1,4}})[0-9]{{4}}\1[0-9]{{4}}"
    r"|1[3-9][0-9]([-. ]{1,2})[0-9]{3}\2[0-9]{5}|1[3-9][0-9]{2}([-. ]{1,2})[0-9]{3}\3[0-9]{4}"
    r"|1[3-9][0-9]{2}([-. ]{1,2})[0-9]{4}\4[0-9]{3}|1[3-9][0-9][-. ]{1,2}[0-9]{8}"
    r"|1[3-9][0-9]{5}-[0-9]{4}"
    rf"|1({_BETWEEN}{{1,4}})[3-9](?:\5[0-9]){{9}}"
    r"|1[3-9][0-9]\*{4}[0-9]{4})(?![0-9])"
)
_GIVEN_AS_MOBILE: Final = re.compile(
    rf"(?:电话|手机|联系方式|号码|tel|mobile|phone)[^0-9\n]{{0,10}}(?:(?:00)?86{_GAP})?"
    rf"1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}(?![0-9])",
    re.IGNORECASE,
)
_FIXED: Final = re.compile(
    r"(?<![0-9])(?:\(?0|(?:\+|00)86[-. ()]{0,3}0?)"
    r"(?:(?:10|2[0-9])[-. )]{0,3}[2-9][0-9]{3}[- ]?[0-9]{4}"
    r"|[3-9][0-9]{2}[-. )]{0,3}[2-9][0-9]{2,3}[- ]?[0-9]{4})(?![0-9])"
)
_GIVEN_AS_FIXED: Final = re.compile(
    r"(?:电话|座机|宅电|固话|传真|tel|fax)[^0-9\n]{0,8}(?!20[0-9]{2}-?20)"
    r"[2-8][0-9]{2,3}[- ]?[0-9]{4}(?![0-9])",
    re.IGNORECASE,
)
# A stored number that a spreadsheet shows in powers of ten: 2.20302E+17, 1.38E+10.
_POWER_OF_TEN: Final = (
    (RuleId.IDENTITY_NUMBER, re.compile(r"[1-9]\.[0-9]{1,17}[Ee]\+?17(?![0-9])")),
    (RuleId.TELEPHONE, re.compile(r"1\.[3-9][0-9]{0,9}[Ee]\+?10(?![0-9])")),
)
_BY_PATTERN: Final = (
    (
        RuleId.IDENTITY_NUMBER,
        re.compile(
            rf"身份证(?:件|号码?|编号){{0,2}}[^0-9\n]{{0,6}}[0-9](?:{_BETWEEN}{{0,4}}[0-9Xx*]){{11,19}}"
            r"|(?<![0-9])[1-9][0-9]{5}[0-9*]{0,8}\*{4,12}[0-9Xx*]{0,4}"
        ),
    ),
    (
        RuleId.OTHER_DOCUMENT,
        re.compile(
            r"(?<![A-Za-z0-9])(?:[EG][0-9]{8}|E[A-HJ-NP-Z][0-9]{7}|[A-Z]{3}[0-9]{12}|[A-Z][0-9]{9})"
            r"(?![A-Za-z0-9])"
            r"|(?:护照|通行证|居留证|居住证|户口[簿本]|户号|残疾人证|残疾证|出生医学证明|出生证|低保证"
            r"|学籍号|学号|病历号|住院号|病案号|医保号|社保号|证件号)"
            r"[^A-Za-z0-9\n,。;、]{0,8}[A-Za-z]{0,2}[0-9]{6,20}(?![0-9])"
            r"|\(?20[0-9]{2}\)?[\u4e00-\u9fff]{1,2}[0-9]{2,4}[刑民行执破少][\u4e00-\u9fff]{1,3}"
            r"[0-9]{1,6}号"
        ),
    ),
    (
        RuleId.BIRTH_DATE,
        re.compile(
            r"(?:19|20)[0-9]{2}[年./-][0-9]{1,2}[月./-][0-9]{1,2}[日号]?出?生"
            r"|(?:出生(?:日期|年月日?|时间|于)|生日|生于)[: ]{0,3}[为是在]?(?:19|20)[0-9]{2}"
            r"[年./-]?[0-9]{1,2}"
        ),
    ),
    (
        RuleId.ONLINE_CONTACT,
        re.compile(
            r"(?:微信|薇信|wechat|weixin|(?<![A-Za-z])[wv]x)(?:账?号|id|账户)?[: 为是]{1,4}"
            r"[A-Za-z0-9][-_A-Za-z0-9]{4,19}"
            r"|(?:微信|薇信)(?:账?号|id)?[A-Za-z][-_A-Za-z0-9]{5,19}"
            r"|qq(?:群?号?码?)[: 为是]{0,4}[1-9][0-9]{4,11}"
            r"|(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++ ?@ ?[A-Za-z0-9-]{1,63}"
            r"(?: ?\. ?[A-Za-z0-9-]{1,63}){1,5}",
            re.IGNORECASE,
        ),
    ),
    (
        RuleId.BANK_CARD,
        re.compile(
            r"(?:银行卡|卡号|账号|账户|存折|一卡通)[^0-9\n,。;]{0,6}[0-9](?:[- ]?[0-9]){7,22}(?![0-9])"
        ),
    ),
)


def find_numbers(text: str) -> Iterator[Span]:
    """Spans of the folded `text` that hold a person's number; the surest kinds first.

    A span inside one that was already found is left out: one number, one finding.
    """
    claimed = bytearray(len(text))
    for rule, start, end in _candidates(text):
        if not any(claimed[start:end]):
            claimed[start:end] = b"\x01" * (end - start)
            yield rule, start, end


def _candidates(text: str) -> Iterator[Span]:
    spelled = text.translate(_CHINESE_DIGITS)
    readings = (text,) if spelled == text else (text, spelled)
    for reading in readings:
        yield from _identity_numbers(reading)
    for reading in readings:
        yield from _cards(reading)
        for pattern in (_MOBILE, _GIVEN_AS_MOBILE, _FIXED, _GIVEN_AS_FIXED):
            yield from ((RuleId.TELEPHONE, *match.span()) for match in pattern.finditer(reading))
    for rule, pattern in (*_BY_PATTERN, *_POWER_OF_TEN):
        yield from ((rule, *match.span()) for match in pattern.finditer(text))


def _identity_numbers(text: str) -> Iterator[Span]:
    for run in _RUN.finditer(text):
        places = [run.start() + at for at, c in enumerate(run.group()) if c in "0123456789Xx"]
        digits = "".join(text[place] for place in places)
        for start, end in identity.identity_numbers(digits):
            yield RuleId.IDENTITY_NUMBER, places[start], places[end - 1] + 1
    for pattern in (_TOKEN, _PLAIN_GAPS):
        for match in pattern.finditer(text):
            if identity.is_old_identity_number(_digits(match.group())):
                yield RuleId.IDENTITY_NUMBER, *match.span()


def _cards(text: str) -> Iterator[Span]:
    for match in _CARD_GROUPS.finditer(text):
        if identity.is_card_number(_digits(match.group(1))):
            yield RuleId.BANK_CARD, *match.span(1)
    for pattern in (_TOKEN, _CARD_SPELLED):
        for match in pattern.finditer(text):
            if identity.is_card_number(_digits(match.group())):
                yield RuleId.BANK_CARD, *match.span()


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())
