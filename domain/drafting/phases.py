"""Phases with their days, and the dated results that they must bring. Pure."""

import re
from datetime import date, timedelta

from domain.cadence import Bound
from domain.drafting.chapters import Role
from domain.drafting.dates import Dated, dates, spans, without_quotes
from domain.drafting.desk import Desk, Entry, Node, Sentence, quoted
from domain.drafting.measures import title_of

_BEFORE_NAME = re.compile(r"^第?[一二三四五六七八九十\d]+(?:个)?(?:阶段|步)[：:，,、\s]*")
_WHEN = re.compile(r"[（(][^（）()]*(?:年|月|日|旬|季度|起|底)[^（）()]*[）)]")
_PROVINCE = re.compile(r"全省|省民政厅|全国|全市")


class Phases:
    """Writes the phases, and puts dated results into them."""

    def __init__(self, desk: Desk, roles: dict[int, Role], issued: date | None) -> None:
        self._desk, self._issued = desk, issued
        self.phases: list[Entry] = []
        for node in desk.nodes:
            if (
                roles[node.index] is Role.PHASES
                and not node.children
                and (node.parent is not None or self._says_when(node))
            ):
                self._phase(node)

    def milestone(self, sentence: Sentence, dated: Dated, number: int | None, duty: Entry) -> bool:
        """Put a dated result into the phase of its day; False where there is none."""
        if dated.day is None:
            return False
        last = dated.day - timedelta(days=1) if dated.bound is Bound.BEFORE else dated.day
        for phase in self.phases:
            if phase["start"] and phase["end"] and phase["start"] <= last <= phase["end"]:
                self._add(phase, sentence, dated, number, duty)
                return True
        return False

    def sort(self) -> None:
        """Put each phase's milestones in the order of their days, and number them so."""
        number = 0
        for phase in self.phases:
            phase["milestones"].sort(key=lambda entry: entry["due"])
            for entry in phase["milestones"]:
                number += 1
                entry["id"] = f"milestone-{number}"

    def _says_when(self, node: Node) -> bool:
        return any(spans(node.section.title + node.section.text, issued=self._issued))

    def _phase(self, node: Node) -> None:
        title, text = node.section.title, node.section.text
        start, end, words, unsure = (
            self._days(title) or self._days(text.split("。")[0]) or (None, None, "", "")
        )
        name = _BEFORE_NAME.sub("", title_of(_WHEN.sub("", title)) or title_of(title)) or title_of(title)
        name = re.split(r"[（(]", name or _BEFORE_NAME.sub("", text))[0].strip("：:。 ")
        name = name if 0 < len(name) <= 20 else quoted(name or text, 12)
        entry = Entry(id=f"phase-{len(self.phases) + 1}", name=name, start=start, end=end, goal="")
        sentences = self._desk.sentences(node)
        entry["goal"] = quoted(sentences[0].text) if sentences else name
        entry["milestones"] = []
        entry["cites"] = [node.section.id]
        self._complete(entry, node)
        if unsure:
            self._desk.doubt(unsure, node, entry)
        self.phases.append(entry)
        for sentence in sentences:
            for one in dates(_without(sentence.text, words), issued=self._issued, year=_year(entry)):
                if one.goal and not one.limit:
                    continue
                self._own(entry, sentence, one)

    def _own(self, entry: Entry, sentence: Sentence, one: Dated) -> None:
        if one.day is None:
            self._desk.doubt(f"{one.unsure}，没有列入节点", sentence, entry)
        elif not self._inside(entry, one):
            self._desk.doubt(f"“{one.words}”不在本阶段之内，没有列入节点", sentence, entry)
        else:
            self._add(entry, sentence, one, None, None)

    def _inside(self, entry: Entry, one: Dated) -> bool:
        if one.day is None or entry["start"] is None or entry["end"] is None:
            return False
        last = one.day - timedelta(days=1) if one.bound is Bound.BEFORE else one.day
        return bool(entry["start"] <= last <= entry["end"])

    def _days(self, text: str) -> tuple[date | None, date | None, str, str] | None:
        """First and last day, and the words that say so."""
        for words, first, last, unsure in spans(text, issued=self._issued):
            return first, last, words, unsure
        found = [one for one in dates(text, issued=self._issued) if one.day]
        started = re.search(r"即日起|印发之日起|发文之日起", text)
        if found and started:
            return self._issued, found[-1].day, text, ""
        if found and re.search(r"[（(]", text):
            last = found[-1].day
            whole = re.fullmatch(r".*?(\d{4})年(\d{1,2})月(?:份)?", found[-1].words)
            if whole and last:
                return last.replace(day=1), last, found[-1].words, found[-1].unsure
            return None, last, found[-1].words, found[-1].unsure
        return None

    def _complete(self, entry: Entry, node: Node) -> None:
        """A phase that says only its end begins where the one before ended."""
        if entry["start"] is None and entry["end"] is not None:
            before = self.phases[-1]["end"] if self.phases else None
            entry["start"] = before + timedelta(days=1) if before else self._issued
            words = "上一阶段结束的次日" if before else "印发日期"
            self._desk.doubt(f"“{entry['name']}”没有写从何时开始，暂从{words}算起", node, entry)
        if entry["end"] is None:
            self._desk.doubt(f"没有读出“{entry['name']}”的起止时间，请填写 start 和 end", node, entry)

    def _add(
        self, phase: Entry, sentence: Sentence, dated: Dated, number: int | None, duty: Entry | None
    ) -> None:
        clause = sentence.text[: dated.start], sentence.text[dated.end :]
        words = re.split("[。；]", clause[1])[0].strip("，、的。；") or clause[0].strip("，、于在。")
        entry = Entry(id="", due=dated.day)
        if dated.bound is Bound.BEFORE:
            entry["bound"] = "before"
        alone = duty is not None and len(dated.words) * 2 >= len(
            sentence.text
        )  # a time limit beside the units
        entry["title"] = duty["title"] if duty and alone else quoted(words, 40) or quoted(sentence.text, 40)
        if number is not None:
            entry["measures"] = [number]
        if duty is not None:
            if "units" in duty:
                entry["units"] = duty["units"]
            entry["duties"] = [duty["id"]]
        entry |= {"evidence": "", "cites": [sentence.cite]}
        if dated.unsure and duty is None:
            self._desk.doubt(dated.unsure, sentence, entry)
        if _PROVINCE.search(without_quotes(sentence.text)):
            self._desk.doubt("这一句可能是上级的目标，不是本地的节点", sentence, entry)
        phase["milestones"].append(entry)


def _without(text: str, words: str) -> str:
    """A sentence with the phase's own days blanked out, as long as before."""
    return text.replace(words, "＊" * len(words)) if words else text


def _year(entry: Entry) -> int | None:
    start, end = entry["start"], entry["end"]
    return start.year if start and end and start.year == end.year else None
