"""The register of units: every body that a notice names, once, with the names by which it does. Pure."""

import re
from collections import Counter
from dataclasses import dataclass, field

from domain.drafting.desk import Desk, Entry, Node, Sentence
from domain.drafting.names import Group, Namer, group_of
from domain.drafting.vocabulary import known_body
from domain.plan import UnitKind

_SUBJECT_END = re.compile(r"(?:行政)?(?:部门|机关|单位|系统|组织)$")


@dataclass
class _Body:
    """One body: its names by how often they are used, where it was named first, whether it sits on the roster."""

    id: str
    kind: UnitKind
    where: Node | Sentence
    cite: str
    names: Counter[str] = field(default_factory=Counter)
    member: bool = False


class Register:
    """Collects the bodies, tells which names are one body's, and makes ``units`` and ``groups``."""

    def __init__(self, desk: Desk, region: str | None) -> None:
        self._desk = desk
        self.namer = Namer(region or "")
        self._bodies: dict[str, _Body] = {}
        self._groups: dict[str, tuple[Group, Node | Sentence]] = {}
        self._counts: Counter[UnitKind] = Counter()

    def name(self, name: str, where: Node | Sentence, *, member: bool = False, weight: int = 1) -> None:
        """Remember that a unit or group is named."""
        group = group_of(name)
        if group is not None:
            self._groups.setdefault(name, (group, where))
            return
        key = self.namer.key(name)
        body = self._bodies.get(key)
        if body is None:
            cite = where.cite.partition("#")[0] if isinstance(where, Sentence) else where.section.id
            body = self._bodies[key] = _Body(self._id(name), self.namer.kind(name), where, cite)
        body.names[name] += weight
        body.member = body.member or member

    def knows(self, name: str) -> bool:
        """Whether the body of this name was named before."""
        return self.namer.key(name) in self._bodies

    def subject(self, name: str, among: set[str]) -> str | None:
        """The unit that 民政部门 means, by a name in use; None where none of ``among`` (keys) is meant."""
        core = _SUBJECT_END.sub("", re.sub("^[区县市旗]级", "", name))
        known = known_body(self.namer.core(core)) or known_body(self.namer.core(name))
        for key in (known[0] if known else "", self.namer.key(name)):
            if key in among and key in self._bodies:
                return self.display(key)
        return None

    def key(self, name: str) -> str:
        """What all names of one body share; a group's is its name."""
        return name if group_of(name) else self.namer.key(name)

    def display(self, key: str) -> str:
        """The name in most use."""
        names = self._bodies[key].names
        return max(names, key=lambda name: (names[name], -list(names).index(name)))

    def members(self, group: Group) -> list[str]:
        """Whom a group's name stands for, as far as the notice tells."""
        kinds = {
            Group.TOWNSHIPS: (UnitKind.TOWNSHIP,),
            Group.STREETS: (UnitKind.STREET,),
            Group.PLACES: (UnitKind.TOWNSHIP, UnitKind.STREET),
        }
        if group is Group.MEMBERS:
            return [self.display(key) for key, body in self._bodies.items() if body.member]
        wanted = kinds.get(group, ())
        return [self.display(key) for key, body in self._bodies.items() if body.kind in wanted]

    def members_beyond(self, seated: list[str]) -> list[str]:
        """Member units that none of these names is one of."""
        keys = {self.key(name) for name in seated}
        return [self.display(key) for key, body in self._bodies.items() if body.member and key not in keys]

    def units(self) -> list[Entry]:
        """The plan's ``units``."""
        found = []
        for key, body in self._bodies.items():
            shown = self.display(key)
            aliases = [name for name in body.names if name != shown]
            entry = Entry(id=body.id, name=shown)
            if aliases:
                entry["aliases"] = aliases
            entry |= {"kind": body.kind.value, "member": body.member, "cites": [body.cite]}
            cores = {self.namer.core(name) for name in body.names}
            if len(cores) > 1:
                self._desk.doubt(
                    f"{'、'.join(body.names)}按同一单位处理，不是同一单位的请分开", body.where, entry
                )
            found.append(entry)
        return found

    def groups(self) -> list[Entry]:
        """The plan's ``groups``; those whose members the notice does not tell are left for a person."""
        found = []
        for name, (group, where) in self._groups.items():
            entry = Entry(name=name, members=self.members(group))
            if not entry["members"]:
                self._desk.doubt(f"通知没有列出“{name}”包括哪些单位，请在 groups 中补上", where, entry)
            elif group is Group.MEMBERS or not name.startswith(("各", "全")):
                self._desk.doubt(f"“{name}”按名单中的{len(entry['members'])}个单位处理", where, entry)
            found.append(entry)
        return found

    def _id(self, name: str) -> str:
        known = known_body(self.namer.core(name))
        if known:
            return known[0]
        kind = self.namer.kind(name)
        self._counts[kind] += 1
        return f"{'unit' if kind is UnitKind.DEPARTMENT else kind.value}-{self._counts[kind]}"


def is_body(name: str) -> bool:
    """Whether a name without 部门 or 机关 is one that every district has: 民政部门, 公安机关."""
    return known_body(re.sub("^(?:[区县市旗]级?)?", "", _SUBJECT_END.sub("", name))) is not None
