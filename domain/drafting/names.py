"""Names of units as notices write them: lists taken apart, short and full forms of one body recognised. Pure."""

import re
from collections.abc import Iterator
from enum import StrEnum

from domain.drafting.vocabulary import LOOKS_LIKE_UNIT, STREET, TOWNSHIP, known_body
from domain.plan import UnitKind

_OPEN, _CLOSE = "（(〔[【《“", "）)〕]】》”"
_PARTING = "、，,；;。 　\t/\n"
# what may follow the last name of a list: 等部门按照职责分工负责
_TRAILING = re.compile(
    r"(?:等(?:相关|有关|各)?(?:部门|单位|成员单位)?)?"
    r"(?:(?:按照?|根据|依据|依照|依)(?:各自|部门)?(?:的)?(?:工作)?(?:职责|职能|任务|职责任务)?(?:进行)?(?:分工|范围)?|(?:职责)?分工)?"
    r"(?:分别|共同|具体|密切|协同|协助|积极|做好|抓好)*(?:牵头)?(?:组织)?(?:负责|落实|配合|参与|参加|承担|实施|推进|推动)*(?:工作)?$"
)
_LEADING = re.compile(
    r"^(?:由|和|及|与|以及|其中|各|并)(?=[区县市旗团各]|民政|教育)(?!各)|^(?:由|和|及|与|以及|并|其他)(?=.{2})"
)
_JOINING = re.compile(r"(?:以及|及其|和|与|及)")
# 各乡镇（街道）, 镇街, 街道办事处: names made of kinds of places only
_PLACES = re.compile(
    r"(?:全[区县市旗])?各?((?:乡|镇|街道|街|办事处|办|人民政府|政府|党委|党工委|园区|开发区|管委会|和|及)+)"
)
_BODIES = re.compile(
    r"(?:各|全[区县市旗])*(?:[区县市旗](?:级|直|委|政府|直属)?(?:机关)?)?(?:各|有关|相关|职能|责任|其他|行业|主管|领导小组)*(?:部门|单位|成员单位)(?:和单位)?"
)
_MEMBERS = re.compile("(?:各|全体|领导小组|专班|联席会议|指挥部|工作组|委员会|工作|主要)*成员单位")
_OTHERS = re.compile(
    r"各\w{0,8}(?:学校|中小学|校|村|社区|居委会|机构|企业|医院|幼儿园|园区|单位|部门|政府|[县区市旗局委办]|中心|专班)"
)


class Group(StrEnum):
    """What a name stands for that is not one unit's."""

    TOWNSHIPS = "townships"
    STREETS = "streets"
    PLACES = "places"
    MEMBERS = "members"
    OTHERS = "others"


def group_of(name: str) -> Group | None:
    """What several units a name stands for; None for the name of one unit."""
    plain = re.sub(r"[（()）、/\s]", "", name)
    if _MEMBERS.fullmatch(plain):
        return Group.MEMBERS
    if len(plain) > 1 and (found := _PLACES.fullmatch(plain)) and plain not in ("政府", "办事处"):
        towns, streets = re.search("[乡镇]", found.group(1)), re.search("街|办事处", found.group(1))
        if towns and streets:
            return Group.PLACES
        return Group.TOWNSHIPS if towns else Group.STREETS if streets else Group.OTHERS
    if len(plain) > 2 and _BODIES.fullmatch(plain):
        return Group.OTHERS
    return Group.OTHERS if _OTHERS.fullmatch(plain) else None


def split_names(text: str) -> Iterator[str]:
    """The names in a list; what stands in brackets stays with its name."""
    depth, name = 0, ""
    for sign in re.sub("会同|联合(?!会)", "、", text):
        if sign in _OPEN:
            depth += 1
        elif sign in _CLOSE:
            depth = max(depth - 1, 0)
        if sign in _PARTING and depth == 0:
            yield from _joined(name)
            name = ""
        else:
            name += sign
    yield from _joined(name)


def _joined(name: str) -> Iterator[str]:
    """A name, or two that 和 joins, where both are names by themselves."""
    name = tidy(name)
    for found in _JOINING.finditer(name):
        left, right = tidy(name[: found.start()]), tidy(name[found.end() :])
        if is_unit(left) and is_unit(right) and not known_body(_bare(name)):
            yield from _joined(left)
            yield from _joined(right)
            return
    if name:
        yield name


def tidy(name: str) -> str:
    """A name without what is said around it: 由…按职责分工负责."""
    name = "".join(name.split()).strip("：:。，、；")
    name = _TRAILING.sub("", name)
    return _LEADING.sub("", name)


def is_unit(name: str) -> bool:
    """Whether a name looks like one of a unit or a group."""
    if not 2 <= len(name) <= 26:
        return False
    return bool(group_of(name) or known_body(_bare(name)) or LOOKS_LIKE_UNIT.fullmatch(name))


def _bare(name: str) -> str:
    return re.sub(r"^[区县市旗](?:委(?=.{2}))?", "", name) if not name.startswith("市场") else name


class Namer:
    """Knows the district, and so which names mean one body."""

    def __init__(self, region: str) -> None:
        own = region[-1:] if region else ""
        self._own = own if own in "区县市旗" else ""
        tail = re.split(r"[省市州盟]|地区|自治区", region[:-1])[-1] + own if region else ""
        self._prefixes = tuple(p for p in (region, tail, f"中共{region}", f"中共{tail}") if len(p) > 1)

    def core(self, name: str) -> str:
        """A name without the district's, and without what makes it longer: 区民政局 and 民政局 are one."""
        name = re.sub(r"[（(].*?[）)]$", "", name)
        for prefix in self._prefixes:
            if name.startswith(prefix) and len(name) > len(prefix) + 1:
                name = name[len(prefix) :]
                break
        if (
            self._own
            and name.startswith(self._own)
            and not name.startswith(("市场", "区块"))
            and len(name) > 2
        ):
            name = name[1:]
            if name.startswith("委") and len(name) > 2:
                name = name[1:]
        for end in ("人民政府", "政府", "办事处"):
            if name.endswith(end) and (
                TOWNSHIP.fullmatch(name[: -len(end)]) or STREET.fullmatch(name[: -len(end)])
            ):
                name = name[: -len(end)]
        if name.endswith("街道办"):
            name = name[:-1]
        return name + "道" if name.endswith("街") and STREET.fullmatch(name) else name

    def key(self, name: str) -> str:
        """What two names of one body share."""
        core = self.core(name)
        known = known_body(core)
        return known[0] if known else core

    def kind(self, name: str) -> UnitKind:
        """What sort of body it is, by its name."""
        core = self.core(name)
        known = known_body(core)
        if known:
            return known[1]
        if TOWNSHIP.fullmatch(core):
            return UnitKind.TOWNSHIP
        return UnitKind.STREET if STREET.fullmatch(core) else UnitKind.DEPARTMENT
