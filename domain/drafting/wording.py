"""How a sentence of a notice says who does what: its subject, and a title for the rest. Pure."""

import re

from domain.drafting.names import group_of, is_unit, split_names
from domain.drafting.units import is_body

# 民政部门要…, 公安机关每季度…: who acts, before 要 or what else begins what is to be done
_SUBJECT = re.compile(
    r"^(?:[一二三四五六七八九十]{1,2}是)?(?:同时，|此外，|其中，|另外，)?(?:由)?([^，。；：“”《》]{2,60}?)"
    r"(?:(?:还|也|都|共同|分别|同时)*(?:要|应当?|须|需要?|必须|将(?=本|其|有关)|负责|牵头|会同|通过|以(?=“)|对(?!照)|于(?=每)|按照|积极|至少|定期)"
    r"|(?=监督|依法|开展|组织|认真|在每|每))"
)
_LEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,2}是)?(?:还|也|都)?(?:要|应当|应|须|需|必须|并|同时|可)+|^[，、]"
)
# clauses that say under what circumstances, not what is to be done: 结合…, …的, …前
_CIRCUMSTANCE = re.compile(
    r"^(?:结合|依托|按照|根据|对照|依据|围绕|为|在(?!.*(?:开展|建立))|对于|如|若|因|随着|从|当|以.*?为)|(?:的|时|时间节点|前|之前|期间|后|中|要求|形式|方面|原则|基础上)$|^[\d年月日底前（）()每\s]+$"
)
# 在2025年9月1日前建成: the day before what is to be done
_WHEN_FIRST = re.compile(
    r"^(?:在|于|到|自|从)?(?=[\d年])(?:20\d\d年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:年?底|上半年|下半年)?(?:（含）)?(?:之前|以前|前|内)?(?=.{4})"
)
_TITLE_LIMIT = 26


def subject_of(text: str) -> tuple[list[str], int] | None:
    """The bodies with which a sentence begins, and where it goes on; None where it begins otherwise."""
    found = _SUBJECT.match(text)
    if found is None or re.match("[要应对在如若因为以按]", found.group(1)):
        return None
    names = list(split_names(found.group(1)))
    if names and all(is_actor(name) for name in names):
        return names, found.end()
    return None


def title_for(text: str) -> str:
    """The first clause that says what is done, without who does it, when, and by which document."""
    told = subject_of(text.lstrip("，；。 "))
    rest = text.lstrip("，；。 ")[told[1] :] if told else text
    parts = [
        _WHEN_FIRST.sub("", _LEADING.sub("", part))
        for part in re.split("[，；。：,;]", rest.strip("，；。 "))
        if len(part) > 1
    ]
    doing = [part for part in parts if len(part) >= 4 and not _CIRCUMSTANCE.search(part)]
    first = (doing or parts[-1:] or [text])[0]
    if again := subject_of(first):
        first = first[again[1] :] or first
    first = _LEADING.sub("", first)
    if first.count("“") != first.count("”"):
        first = first.strip("“” ")
    return first if len(first) <= _TITLE_LIMIT else first[: _TITLE_LIMIT - 1] + "…"


def is_actor(name: str) -> bool:
    """Whether a name is one of a body that a sentence may begin with."""
    if len(name) > 16:
        return False
    own = re.match("[区县市旗省团]|.*(?:镇|乡|街道|办事处)$", name)
    return bool(is_body(name) or group_of(name) or (own and is_unit(name)))
