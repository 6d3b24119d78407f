"""The leading group: its name, its office, who sits on it, what it does. Pure."""

import re
from collections.abc import Iterator

from domain.drafting.desk import Desk, Doubt, Entry, Node, quoted
from domain.drafting.names import group_of, is_unit, split_names
from domain.drafting.units import Register
from domain.drafting.vocabulary import JOB, PERSON_JOB_END, UNIT_END

_GROUP_NAME = re.compile(
    r"(?:成立|建立|设立|组建)(?:了)?(?:由[^，。]{2,60}?(?:组成|参加)的)?“?([^，。；“”（）()]{2,60}?(?:领导小组|工作专班|专班|指挥部|工作组|联席会议|委员会))"
)
_OFFICE = re.compile(
    r"((?:领导小组|专班|指挥部|工作组|联席会议|委员会)?(?:下设)?办公室)[，,]?(?:(?:下设|设立?|挂靠)?(?:在|于)|挂靠)([^，。；、（）()]{2,16}?)(?=[，。；（(,;]|$)"
)
_DIRECTOR = re.compile(
    r"(?:办公室)?主任由([^，。；]{2,40}?)(?:同志)?(?:兼任|担任|兼)|办公室主任[：:]\s*([\u4e00-\u9fff·]{2,4})|[，。；]([^，。；]{2,24}?)(?:同志)?(?:兼)?(?:任|担任)办公室主任"
)
_MARK = r"(?:\s*[：:]|(?=\s))"
_ROLES = (
    ("lead", re.compile(rf"(?:组\s*长|总\s*指\s*挥(?:\s*长)?|总?\s*召\s*集\s*人|主\s*任){_MARK}")),
    (
        "deputy",
        re.compile(
            rf"(?:常\s*务\s*)?副\s*(?:组\s*长|总?\s*指\s*挥(?:\s*长)?|总?\s*召\s*集\s*人|主\s*任){_MARK}"
        ),
    ),
    ("member", re.compile(rf"成\s*员(?:\s*单\s*位)?{_MARK}")),
)
_PERSON = re.compile(r"([\u4e00-\u9fff·]{1,6}(?:[\s　]+[\u4e00-\u9fff])?)[\s　]+([\u4e00-\u9fff].*)")
_BRACKETED = re.compile(r"([\u4e00-\u9fff·]{2,4})[（(]([^（）()]{3,40})[）)]")
_GIVEN = re.compile(
    r"(?:由)?([\u4e00-\u9fff、]{3,30}?(?:长|主任|书记|主席|委员|员))([\u4e00-\u9fff]{2,3})(?:同志)?(?:兼)?(?:任|担任)(常务副组长|副组长|组长)"
)


class LeadingGroup:
    """Reads the leading group, and puts its units into the register."""

    def __init__(self, desk: Desk, register: Register, nodes: list[Node]) -> None:
        self._desk, self._register, self._nodes = desk, register, nodes
        self.roster: list[Entry] = []
        self._posts: list[tuple[Entry, Node]] = []
        for node in nodes:
            self._read(node)

    def entry(self, fallback: Node, opening: str) -> Entry:
        """The plan's ``leading_group``; what the notice does not say is left for a person.

        Args:
            fallback: what to cite where no section is about it.
            opening: the text before the first heading, which may set the group up.
        """
        where = self._nodes[0] if self._nodes else fallback
        if not self._nodes:
            return self._none(where)
        text = "".join(node.section.text for node in self._nodes)
        entry = Entry(name=self._name(text) or self._name(opening))
        entry["office"] = self._office(text, where)
        if entry["name"] is None:
            self._desk.doubt("没有读出领导小组的名称，请填写 leading_group.name", where, entry)
        self._seat()
        seated = [officer["unit"] for officer in self.roster if "unit" in officer]
        if seated and (empty := self._register.members_beyond(seated)):
            self._desk.doubt(f"{'、'.join(empty)}是成员单位，名单上却没有它的人，请补上", where, entry)
        entry["roster"] = self.roster
        if not self.roster:
            self._desk.doubt("没有读出领导小组的名单", where, entry)
        tasks = list(self._tasks())
        entry["tasks"] = tasks
        entry["cites"] = list(dict.fromkeys(n.section.id for n in self._nodes if n.section.text)) or [
            where.section.id
        ]
        return entry

    def _none(self, where: Node) -> Entry:
        entry = Entry(name=None, office=Entry(name=None, host=None, director=None), roster=[], tasks=[])
        self._desk.doubt("没有读出领导小组（名称、办公室、名单），请填写 leading_group", where, entry)
        entry["cites"] = [where.section.id]
        return entry

    def _name(self, text: str) -> str | None:
        found = _GROUP_NAME.search(text)
        return found.group(1) if found else None

    def _office(self, text: str, where: Node) -> Entry:
        office = Entry(name=None, host=None, director=None)
        found = _OFFICE.search(text)
        if found:
            office["name"] = found.group(1).replace("下设", "")
            office["host"] = found.group(2)
            self._register.name(found.group(2), where)
        told = _DIRECTOR.search(text)
        if told:
            office["director"] = told.group(2) or _person(told.group(1) or told.group(3))
        for key, words in (
            ("name", "办公室的名称"),
            ("host", "办公室设在哪个单位"),
            ("director", "办公室主任的姓名"),
        ):
            if office[key] is None:
                self._desk.doubt(f"没有读出{words}，请填写 leading_group.office.{key}", where, office)
        return office

    def _read(self, node: Node) -> None:
        role = ""
        for line, _, text in node.section.lines:
            rest = text
            for name, pattern in _ROLES:
                if found := pattern.match(text.strip()):
                    role, rest = name, text.strip()[found.end() :]
            if role:
                role = self._people(role, rest.strip(), node, self._desk.line_place(line))
        if not self.roster:
            for found in _GIVEN.finditer(node.section.text):
                given = {"组长": "lead"}.get(found.group(3), "deputy")
                self._officer(given, found.group(2), found.group(1), node)

    def _people(self, role: str, text: str, node: Node, place: str) -> str:
        """The persons or units on a line of the roster; the role that goes on, empty where the list has ended."""
        if not text:
            return role
        bracketed = list(_BRACKETED.finditer(text))
        if bracketed:
            for found in bracketed:
                self._officer(role, found.group(1), found.group(2), node)
            return role
        person = _PERSON.fullmatch(text.strip("；;。"))
        if person:
            name, post = "".join(person.group(1).split()), "".join(person.group(2).split())
            if len(name) == 1 and len(post) > 1 and " " in person.group(2):
                first, _, post = person.group(2).partition(" ")
                name, post = name + first, "".join(post.split())
            if 2 <= len(name) <= 8 and not re.search("[。，]", post):
                self._officer(role, name, post, node)
                return role
        names = [
            name
            for name in split_names(
                re.sub(r"(?:的)?(?:主要|分管)?(?:负责人|负责同志|领导)(?:为成员)?[。；]?$", "", text)
            )
            if is_unit(name)
        ]
        if role == "member" and len(names) > 1:
            for name in names:
                self._register.name(name, node, member=not group_of(name))
            return role
        if re.search("[。；]", text) or len(text) > 30:
            return ""
        self._desk.doubts.append(_unread(place, text, node))
        return role

    def _officer(self, role: str, name: str, post: str, node: Node) -> None:
        entry = Entry(role=role, name=name, post=post)
        self.roster.append(entry)
        self._posts.append((entry, node))
        unit = unit_of_post(post)
        if role == "member":
            if unit is None:
                self._desk.doubt(f"没有读出{name}（{post}）是哪个单位的", node, entry)
                return
            entry["unit"] = unit
            self._register.name(unit, node, member=True)

    def _seat(self) -> None:
        """Leads and deputies sit for a unit only where that is named elsewhere."""
        for entry, node in self._posts:
            unit = unit_of_post(entry["post"])
            if "unit" not in entry and unit is not None and self._register.knows(unit):
                entry["unit"] = unit
                self._register.name(unit, node, member=True, weight=0)

    def _tasks(self) -> Iterator[str]:
        for node in self._nodes:
            if re.search("职责|任务|职能", node.section.title):
                yield from (quoted(sentence.text) for sentence in self._desk.sentences(node))


def unit_of_post(post: str) -> str | None:
    """The unit in 区教育局副局长: what stands before the first office that a unit's name can precede."""
    for end in range(2, len(post)):
        if JOB.match(post[end:]) and re.search(f"(?:{UNIT_END})$", post[:end]):
            return post[:end]
    return None


def _person(words: str) -> str | None:
    """The name in 区民政局局长刘洋: what follows the last office."""
    ends = [found.end() for found in PERSON_JOB_END.finditer(words)]
    name = words[ends[-1] :] if ends else words
    return name if 2 <= len(name) <= 4 and not is_unit(name) else None


def _unread(place: str, text: str, node: Node) -> Doubt:
    return Doubt(place, f"名单中“{text[:20]}”一行没有读懂", node.section.id)


def sets_up(text: str) -> bool:
    """Whether a text sets up a leading group."""
    return _GROUP_NAME.search(text) is not None
