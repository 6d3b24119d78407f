"""Drafting a plan's folder from another district's notice, in the form in which people write plans."""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from domain.drafting.desk import Entry
from domain.drafting.draft import Draft, draft
from domain.problems import Problem, ProblemKind
from services.notices import read_lines
from services.plan_files import PlanFault
from services.plans import check_plan, outline_yaml

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_NUMBER = re.compile(r"[〔\[【（(]\s*((?:19|20)\d\d)\s*[〕\]】）)]\s*(?:第\s*)?(\d{1,4})\s*号")
_SECTION = re.compile(r"\n((?:#.*\n)*(?:document|service_objects|leading_group|report|groups|measures):)")
_LINE_FORM = {"units", "groups", "actions", "notes", "roster", "festivals"}
"""Lists whose entries stand on a line each."""


@dataclass(frozen=True)
class Written:
    """A draft on the disk: its folder, what it holds, and what ``guanai plan check`` says of it."""

    folder: Path
    draft: Draft
    faults: tuple[PlanFault, ...]


def draft_plan(notice: Path, *, plan_id: str | None = None, folder: Path | None = None) -> Written:
    """Read a notice and write the draft of its plan.

    Args:
        notice: the file: text, Word or PDF.
        plan_id: the plan's id; by default made of the notice's year and number.
        folder: where to write; by default ``plans/<id>`` below the working directory. It must not be there yet.

    Raises:
        Problem: 107, 1501 to 1503 for the notice; 1504, 1505 for where it should go. Nothing is written then.
    """
    if plan_id is not None and not _SLUG.fullmatch(plan_id):
        raise Problem(ProblemKind.DRAFT_ID, found=plan_id)
    lines = read_lines(notice)
    name = plan_id or _id_of(lines[0].text + "".join(line.text for line in lines[1:12]))
    target = folder or Path("plans") / name
    if target.exists():
        raise Problem(ProblemKind.DRAFT_EXISTS, folder=target)
    made = draft(lines, name)
    if made is None:
        raise Problem(ProblemKind.NOTICE_UNNUMBERED, file=notice.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".draft-") as made_in:
        ready = Path(made_in) / "plan"
        ready.mkdir(mode=0o755)
        for file, text in _files(made):
            (ready / file).write_text(text, encoding="utf-8")
        ready.rename(target)
    return Written(target, made, tuple(check_plan(target)))


def _id_of(head: str) -> str:
    found = _NUMBER.search(head)
    return f"notice-{found.group(1)}-{int(found.group(2))}" if found else "notice"


def _files(made: Draft) -> Iterator[tuple[str, str]]:
    number = made.plan["document"]["number"] or "通知"
    yield (
        "plan.yaml",
        _yaml(f"{number}：方案概要。由 guanai plan draft 起草，“存疑”处请逐条核对后删去注释。", made.plan),
    )
    for file, what, parts in (
        (
            "units",
            f"{len(made.units)} 个单位。名称照通知写法，别名是通知中的其他写法。",
            {"units": made.units, "groups": made.groups},
        ),
        (
            "measures",
            f"{len(made.actions)} 项行动、{len(made.measures)} 项任务举措。demands 摘自通知，请改成自己的概括。",
            {"actions": made.actions, "measures": made.measures},
        ),
        (
            "phases",
            f"{len(made.phases)} 个阶段及其节点。“底前”含当日，“日前”不含当日；evidence 请补写。",
            {"phases": made.phases},
        ),
        (
            "duties",
            "职责事项：任务正文每句一项，可合并、删减。没有写明周期的列为常态化（standing）。",
            {"duties": made.duties},
        ),
        ("indicators", "指标目录：通知没有规定报表，请按需要补写。", {"indicators": []}),
        ("notes", "起草时存疑之处，核对后请改写为说明或删去。", {"notes": made.notes}),
    ):
        yield f"{file}.yaml", _yaml(what, parts)
    yield "outline.yaml", outline_yaml(made.outline)


def _yaml(head: str, parts: dict[str, Any]) -> str:
    """A file of the plan, with the doubts as comments before their entries."""
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 10_000
    yaml.allow_unicode = True
    yaml.representer.ignore_aliases = lambda *_: True  # plans know no references
    yaml.representer.add_representer(
        type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", "")
    )
    out = StringIO()
    content = CommentedMap()
    for key, value in parts.items():
        content[key] = _plain(value, key, 2)
    for key, value in parts.items():
        _comment(content, key, value, 0)
    if isinstance(parts, Entry):
        content.yaml_set_start_comment("\n".join([head, *map(_doubt, parts.doubts)]))
    else:
        content.yaml_set_start_comment(head)
    yaml.dump(content, out)
    return _SECTION.sub(r"\n\n\1", out.getvalue())


def _plain(value: Any, key: str, indent: int) -> Any:
    """An entry in ruamel's terms: short lists and cadences on one line, comments before entries."""
    if isinstance(value, dict):
        made = CommentedMap()
        for name, inner in value.items():
            made[name] = _plain(inner, name, indent + 2)
        for name, inner in value.items():
            _comment(made, name, inner, indent)
        if key == "cadence" and value.get("every") != "festival":
            made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        items = CommentedSeq()
        for at, inner in enumerate(value):
            item = _plain(inner, "", indent + 2)
            if key in _LINE_FORM and isinstance(item, CommentedMap):
                item.fa.set_flow_style()
            items.append(item)
            if isinstance(inner, Entry) and inner.doubts:
                items.yaml_set_comment_before_after_key(
                    at, before="\n".join(map(_doubt, inner.doubts)), indent=indent
                )
        if not value or (
            all(isinstance(inner, str | int) for inner in value) and key not in {"demands", "tasks"}
        ):
            items.fa.set_flow_style()
        return items
    return value


def _comment(made: CommentedMap, key: str, value: Any, indent: int) -> None:
    if isinstance(value, Entry) and value.doubts:
        made.yaml_set_comment_before_after_key(
            key, before="\n".join(map(_doubt, value.doubts)), indent=indent
        )


def _doubt(words: str) -> str:
    return f"存疑：{words}"
