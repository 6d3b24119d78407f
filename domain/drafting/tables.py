"""Tables of who does what (分工表): their rows name units for measures, or are the measures themselves. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.drafting.assignments import Assignment
from domain.drafting.desk import Desk, Node
from domain.drafting.lines import ROW
from domain.drafting.measures import Task, title_of

_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("lead", re.compile("牵头|主责|主办|第一责任")),
    ("when", re.compile("时限|时间|期限|节点|进度")),
    ("help", re.compile("配合|协办|协同|参与|参加")),
    ("share", re.compile("责任单位|责任部门|承办|负责单位|实施单位|落实单位|分工单位|单位|部门")),
    ("who", re.compile("领导|责任人|联系")),
    ("task", re.compile("任务|举措|措施|事项|内容|项目|工作|目标|要求")),
)


@dataclass(frozen=True)
class Row:
    """A row of a table of duties: its task's words, whom it names, and the line it stands on."""

    line: int
    task: str
    detail: str
    assigned: Assignment


def duty_tables(desk: Desk, tasks: list[Task]) -> list[Task]:
    """The measures with what tables say of them; where the text named none, the rows of tables are the measures."""
    rows = [(node, row) for node in desk.nodes for row in _rows(node)]
    if not rows:
        return tasks
    if not any(task.assigned for task in tasks):
        told = [(node, row) for node, row in rows if row.assigned]
        matched = [(_match(tasks, row), row) for _, row in told]
        if tasks and sum(1 for task, _ in matched if task) * 2 >= len(matched):
            for task, row in matched:
                if task is not None:
                    task.assigned.take(row.assigned)
            return tasks
        return [
            Task(
                node, row.task, row.assigned, node, ["取自表格的一行，请对照正文核对"], row.detail or row.task
            )
            for node, row in told
        ]
    for node, row in rows:
        task = _match(tasks, row)
        if task is None:
            desk.doubt(f"表格中“{row.task[:24]}”一行在正文中没有对应的任务，未列入", node)
            continue
        before = {*task.assigned.lead, *task.assigned.share}
        told_names = {*row.assigned.lead, *row.assigned.share}
        if told_names and before and told_names != before:
            desk.doubt(f"“{task.title}”的单位，正文与表格写法不同，已合在一起", task.node)
        task.assigned.take(row.assigned)
    return tasks


def _match(tasks: list[Task], row: Row) -> Task | None:
    """The measure that a row is about, by its heading."""
    told = title_of(row.task)
    for task in tasks:
        if task.title and (task.title in row.task or (len(told) >= 4 and told in task.title)):
            return task
    return None


def _rows(node: Node) -> Iterator[Row]:
    columns: dict[int, str] = {}
    width, last, head = 0, "", list[str]()
    for line, _, text in node.section.lines:
        if not text.startswith(ROW):
            columns = {}
            continue
        cells = [cell.strip() for cell in text[1:].split(ROW)]
        if not columns or len(cells) != width or cells == head:  # a head may be repeated on each page
            columns, width, head = _header(cells), len(cells), cells
            continue
        assigned, task, detail = Assignment(), "", ""
        for at, kind in columns.items():
            cell = cells[at]
            if kind == "task":
                task, detail = (task, "；".join(filter(None, (detail, cell)))) if task else (cell, detail)
            elif kind == "when":
                assigned.when = cell
            elif kind != "who" and cell:
                assigned.add("lead" if kind == "lead" else "share", cell)
        last = task or last
        if last and assigned:
            yield Row(line, re.sub(r"^\d+[.、．]\s*", "", last), detail, assigned)


def _header(cells: list[str]) -> dict[int, str]:
    """What the columns hold; empty where the row is no header of a table of duties."""
    found: dict[int, str] = {}
    for at, cell in enumerate(cells):
        plain = "".join(cell.split())
        kind = (
            next((kind for kind, pattern in _COLUMNS if pattern.search(plain)), "")
            if len(plain) <= 12
            else ""
        )
        if kind:
            found[at] = kind
    kinds = set(found.values())
    return found if "task" in kinds and kinds & {"lead", "share"} else {}
