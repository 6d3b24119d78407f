"""What units owe: a duty for each sentence of a measure, with its cadence or its day, and whatever else is dated. Pure."""

import re
from datetime import date
from typing import Any

from domain.cadence import Bound
from domain.drafting import assignments
from domain.drafting.cadences import recurrences, vague
from domain.drafting.dates import Dated, dates
from domain.drafting.desk import Desk, Entry, Node, Sentence, quoted
from domain.drafting.lines import ROW
from domain.drafting.measures import Measures, Piece, is_heading, pieces, without_units
from domain.drafting.names import Group, group_of, is_unit, split_names
from domain.drafting.units import Register, is_body

_SUBJECT = re.compile(
    r"^(?:[一二三四五六七八九十]{1,2}是)?(?:同时，|此外，|其中，|另外，)?(?:由)?([^，。；：“”《》]{2,60}?)"
    r"(?:(?:还|也|都|共同|分别|同时)*(?:要|应当?|须|需要?|必须|将(?=本|其|有关)|负责|牵头|会同|通过|以(?=“)|对(?!照)|于(?=每)|按照|积极|至少|定期)"
    r"|(?=监督|依法|开展|组织|认真|在每|每))"
)
_LEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,2}是)?(?:还|也|都)?(?:要|应当|应|须|需|必须|并|同时|可)+|^[，、]"
)
_GOES_ON = re.compile(r"^(?:还|并|也|同时，?)*要")
_CIRCUMSTANCE = re.compile(
    r"^(?:结合|依托|按照|根据|对照|依据|围绕|为|在(?!.*(?:开展|建立))|对于|如|若|因|随着|从|当|以.*?为)|(?:的|时|时间节点|前|之前|期间|后|中|要求|形式|方面|原则|基础上|失当的)$|^[\d年月日底前（）()每\s]+$"
)
_WHEN_FIRST = re.compile(
    r"^(?:在|于|到|自|从)?(?=[\d年])(?:20\d\d年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:年?底|上半年|下半年)?(?:（含）)?(?:之前|以前|前|内)?(?=.{4})"
)
_REPORT = re.compile(
    r"(?:进展|工作|落实|完成|推进|开展)?(?:情况|总结|进展|报告|小结).{0,16}?(?:报送?|上报|报至|报告|反馈)|(?:报送?|上报|反馈).{0,24}?(?:情况|总结|进展|报告)"
)
_TITLE_LIMIT = 26


class Duties:
    """Writes the duties of a notice in its order."""

    def __init__(self, desk: Desk, register: Register, measures: Measures, issued: date | None) -> None:
        self._desk, self._register, self._measures, self._issued = desk, register, measures, issued
        self.duties: list[Entry] = []
        self.told: set[str] = set()
        self.dated: list[tuple[Sentence, Dated, int | None, Entry]] = []
        self._ids: dict[int | None, int] = {}
        self._reported = False
        self._subject: list[str] = []

    def of_measures(self) -> None:
        """Every sentence of every measure is a duty; units that none names get one for the whole."""
        for number, task in enumerate(self._measures.tasks, start=1):
            before = len(self.duties)
            for node in task.node.walk() if task.row is None else ():
                self._subject = []
                if _is_timed(node.title):
                    self._read(number, pieces(self._desk.statements(node)[:1])[0][0])
                for point in pieces(self._desk.sentences(node)):
                    for piece in point[1:] if len(point) > 1 and is_heading(point[0]) else point:
                        self._read(number, piece)
            self._assigned_deadline(number)
            self._remaining(number, self.duties[before:])

    def of_other(self, node: Node) -> None:
        """What is dated or recurs in a section that is no measure's: the yearly report above all."""
        self._subject = []
        for point in pieces(self._desk.statements(node)):
            for piece in point:
                self._read(None, piece)

    def once(self, number: int | None, sentence: Sentence, dated: Dated, title: str = "") -> Entry | None:
        """A duty with a day of its own; None where the day is unknown, which is told."""
        if dated.day is None:
            self._desk.doubt(f"{dated.unsure}，没有列入期限", sentence)
            return None
        cadence: dict[str, Any] = {"every": "once", "due": dated.day}
        if dated.bound is Bound.BEFORE:
            cadence["bound"] = "before"
        entry = self._add(number, sentence, cadence, title)
        if dated.unsure:
            self._desk.doubt(dated.unsure, sentence, entry)
        if self._issued and dated.day < self._issued:
            self._desk.doubt(f"期限“{dated.words}”早于印发日期", sentence, entry)
        self.dated.append((sentence, dated, number, entry))
        return entry

    def _read(self, number: int | None, piece: Piece) -> None:
        sentence, text, own = piece.sentence, piece.text, piece.own
        if len(text.strip("。；，、（） ")) < 4 or ROW in text:  # rows are read as tables
            return
        rhythms = list(recurrences(text))
        for rhythm in rhythms:
            entry = self._add(
                number,
                sentence,
                rhythm.cadence or {"every": "standing"},
                text[self._clause(text, rhythm.start) :],
                own,
            )
            if rhythm.unsure:
                self._desk.doubt(rhythm.unsure, sentence, entry)
            self._as_report(entry, text, sentence)
        due = [one for one in dates(text, issued=self._issued) if one.limit and not _is_rhythm(one, rhythms)]
        made = [
            self.once(number, sentence, one, text[self._clause(text, one.start) :])
            for one in due
            if not one.goal
        ]
        if number is None:
            return
        if not rhythms and not any(made):
            self._add(number, sentence, {"every": "standing"}, "", own)
        for one in (one for one in due if one.goal):
            words = f"“到{one.words}”是要达到的目标，没有列入期限，请核对是否列为节点"
            self._desk.doubt(words, sentence, self.duties[-1])
        if word := vague(text):
            self._desk.doubt(f"“{word}”没有写明多久一次，列为常态化", sentence, self.duties[-1])

    @staticmethod
    def _clause(text: str, at: int) -> int:
        """Where the clause begins in which something stands; the one before too where it says of whom."""
        start = max(text.rfind(mark, 0, at) for mark in "，；。,") + 1
        before = max(text.rfind(mark, 0, max(start - 1, 0)) for mark in "，；。,") + 1
        return before if re.match("对于?|在", text[before:]) else start

    def _as_report(self, entry: Entry, text: str, sentence: Sentence) -> None:
        if self._reported or entry["cadence"]["every"] != "year" or not _REPORT.search(text):
            return
        if not re.search("单位|部门|乡镇|镇|街道|各|牵头", text):
            return
        self._reported = True
        entry["id"] = "annual-report"
        ordered = {
            "id": entry.pop("id"),
            "title": "报送年度工作进展情况",
            "demand": entry["demand"],
            "role": "annual-report",
        }
        rest = {key: value for key, value in entry.items() if key not in ordered and key != "measure"}
        if group_of_all := [name for name in rest.get("units", []) if group_of(name)]:
            rest["units"] = group_of_all
        entry.clear()
        entry.update(ordered | rest)
        if "units" in rest:
            self._desk.doubt(
                f"年度报告的报送单位按原文作“{'、'.join(rest['units'])}”；如为全部单位，请删去 units",
                sentence,
                entry,
            )

    def _add(
        self,
        number: int | None,
        sentence: Sentence,
        cadence: dict[str, Any],
        clause: str,
        own: assignments.Assignment | None = None,
    ) -> Entry:
        text = without_units(sentence)
        self._ids[number] = self._ids.get(number, 0) + 1
        prefix = f"m{number}" if number is not None else "general"
        entry = Entry(id=f"{prefix}-{self._ids[number]}")
        if number is not None:
            entry["measure"] = number
        units = self._named(number, own) or self._subjects(number, text, sentence)
        entry["title"] = _title(clause or text)
        entry["demand"] = quoted(clause or text)
        entry["cadence"] = cadence
        if units:
            entry["units"] = units
        entry["cites"] = [sentence.cite]
        self.duties.append(entry)
        self.told.add(sentence.cite)
        return entry

    def _named(self, number: int | None, own: assignments.Assignment | None) -> list[str]:
        """Units in a sentence's own bracket, where they are fewer than the measure's."""
        if not own:
            return []
        names = [*own.lead, *(name for name in own.share if name not in own.lead)]
        everybody = self._measures.units_of(number) if number is not None else []
        return names if set(names) != set(everybody) else []

    def _subjects(self, number: int | None, text: str, sentence: Sentence) -> list[str]:
        """The units that a sentence begins with; one that begins with 要 goes on with those of the sentence before."""
        told = subject_of(text)
        if told is None:
            return self._subject if _GOES_ON.match(text) else []
        names, _ = told
        self._subject = (
            self._measure_subjects(number, names) if number is not None else self._others(names, sentence)
        )
        return self._subject

    def _measure_subjects(self, number: int, names: list[str]) -> list[str]:
        """As the measure writes them; nobody where one of them is not the measure's, or all are."""
        among = {self._register.key(name): name for name in self._measures.units_of(number)}
        meant = [self._register.subject(name, set(among)) for name in names]
        if any(one is None for one in meant):
            return []
        written = list(dict.fromkeys(among[self._register.key(one)] for one in meant if one is not None))
        return written if len(written) < len(among) else []

    def _others(self, names: list[str], sentence: Sentence) -> list[str]:
        """Units outside measures, where all of them are known or are groups with members."""
        everybody = {Group.OTHERS, Group.MEMBERS}
        if any(group_of(name) in everybody for name in names):
            return []
        if not all(group_of(name) or self._register.knows(name) for name in names):
            return []
        for name in names:
            self._register.name(name, sentence, weight=0)
        return names

    def _assigned_deadline(self, number: int) -> None:
        """A time limit that stands with the units (完成时限：2024年12月底前)."""
        task = self._measures.tasks[number - 1]
        words = task.assigned.when
        if not words:
            return
        sentence = Sentence(words, task.node.section.id, self._desk.place(task.node))
        for told in (told for node in task.node.walk() for told in self._desk.sentences(node)):
            if words in told.text:
                sentence = Sentence(words, told.cite, told.place)
        own = list(dates(words, issued=self._issued))
        for one in own:
            self.once(number, sentence, one, task.title)
        rhythms = [] if own else list(recurrences(words))
        for rhythm in rhythms:
            entry = self._add(number, sentence, rhythm.cadence or {"every": "standing"}, task.title)
            if rhythm.unsure:
                self._desk.doubt(rhythm.unsure, sentence, entry)
        if not own and not rhythms and not re.search("长期|持续|常态|全年|每年", words):
            self._desk.doubt(f"完成时限“{words}”没有读懂", sentence)

    def _remaining(self, number: int, own: list[Entry]) -> None:
        """A duty for the units of a measure that no sentence of it names."""
        units = self._measures.units_of(number)
        if any("units" not in entry for entry in own):
            return
        owing = {self._register.key(name) for entry in own for name in entry.get("units", [])}
        idle = [name for name in units if self._register.key(name) not in owing]
        task = self._measures.tasks[number - 1]
        if not idle and own:
            return
        sentence = Sentence(task.title, task.node.section.id, self._desk.place(task.node))
        entry = self._add(number, sentence, {"every": "standing"}, task.title)
        if own and idle:
            entry_units = {"units": idle}
            cites = entry.pop("cites")
            entry |= entry_units | {"cites": cites}
            self._desk.doubt(f"正文没有写明{'、'.join(idle)}在这一项中做什么", task.node, entry)


def _is_timed(text: str) -> bool:
    """Whether a heading says when or how often."""
    return any(recurrences(text)) or any(one.limit and not one.goal for one in dates(text, issued=None))


def _is_rhythm(one: Dated, rhythms: list[Any]) -> bool:
    return any(rhythm.start < one.end and one.start < rhythm.end for rhythm in rhythms)


def subject_of(text: str) -> tuple[list[str], int] | None:
    """The bodies with which a sentence begins, and where it goes on; None where it begins otherwise."""
    found = _SUBJECT.match(text)
    if found is None or re.match("[要应对在如若因为以按]", found.group(1)):
        return None
    names = list(split_names(found.group(1)))
    if names and all(_acts(name) for name in names):
        return names, found.end()
    return None


def _acts(name: str) -> bool:
    """Whether a name is one of a body that a sentence may begin with."""
    if len(name) > 16:
        return False
    own = re.match("[区县市旗省团]|.*(?:镇|乡|街道|办事处)$", name)
    return bool(is_body(name) or group_of(name) or (own and is_unit(name)))


def _title(text: str) -> str:
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
