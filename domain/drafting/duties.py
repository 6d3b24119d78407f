"""What units owe: a duty for each sentence of a measure, with its cadence or its day, and whatever else is dated. Pure."""

import re
from datetime import date
from typing import Any

from domain.cadence import Bound
from domain.drafting import assignments
from domain.drafting.cadences import Recurring, recurrences, vague
from domain.drafting.dates import Dated, dates
from domain.drafting.desk import Desk, Entry, Node, Sentence, quoted
from domain.drafting.lines import ROW
from domain.drafting.measures import Measures, Piece, is_heading, pieces, without_units
from domain.drafting.names import Group, group_of
from domain.drafting.units import Register
from domain.drafting.wording import subject_of, title_for

_GOES_ON = re.compile(r"^(?:还|并|也|同时，?)*要")
_REPORT = re.compile(
    r"(?:进展|工作|落实|完成|推进|开展)?(?:情况|总结|进展|报告|小结).{0,16}?(?:报送?|上报|报至|报告|反馈)|(?:报送?|上报|反馈).{0,24}?(?:情况|总结|进展|报告)"
)


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
                told_already = any(one.cite == node.section.id for one in self._desk.sentences(node))
                if _is_timed(node.title) and not told_already:
                    self._read(number, pieces(self._desk.statements(node)[:1])[0][0])
                for point in pieces(self._desk.sentences(node)):
                    for piece in point[1:] if len(point) > 1 and is_heading(point[0]) else point:
                        self._read(number, piece)
            self._assigned_deadline(number)
            self._remaining(number, [one for one in self.duties[before:] if one.get("measure") == number])

    def of_other(self, node: Node) -> None:
        """What is dated or recurs in a section that is no measure's: the yearly report above all."""
        self._subject = []
        for point in pieces(self._desk.statements(node)):
            for piece in point:
                self._read(None, piece)

    def of_phase(self, node: Node) -> None:
        """What recurs in a phase; its dated results are milestones."""
        self._subject = []
        for piece in (piece for point in pieces(self._desk.sentences(node)) for piece in point):
            self._recurring(None, piece)

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
        rhythms = self._recurring(number, piece)
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

    def _recurring(self, number: int | None, piece: Piece) -> list[Recurring]:
        """A duty for each recurrence in a sentence."""
        rhythms = list(recurrences(piece.text))
        for rhythm in rhythms:
            clause = piece.text[self._clause(piece.text, rhythm.start) :]
            cadence = rhythm.cadence or {"every": "standing"}
            entry = self._add(number, piece.sentence, cadence, clause, piece.own)
            if rhythm.unsure:
                self._desk.doubt(rhythm.unsure, piece.sentence, entry)
            self._as_report(entry, piece.text, piece.sentence)
        return rhythms

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
        subjects = self._subjects(number, text, sentence)
        if told := subject_of(clause) if clause and not text.startswith(clause) else None:
            subjects = self._meant(number, told[0], sentence)
        units = self._named(number, own) or subjects
        entry["title"] = title_for(clause or text)
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
        self._subject = self._meant(number, told[0], sentence)
        return self._subject

    def _meant(self, number: int | None, names: list[str], sentence: Sentence) -> list[str]:
        """The units that names mean, under a measure or outside of all."""
        return self._measure_subjects(number, names) if number is not None else self._others(names, sentence)

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


def _is_rhythm(one: Dated, rhythms: list[Recurring]) -> bool:
    return any(rhythm.start < one.end and one.start < rhythm.end for rhythm in rhythms)
