"""What each section of a notice is about, by its heading and by what it holds. Pure."""

import re
from collections.abc import Iterable
from enum import StrEnum

from domain.drafting.desk import Node


class Role(StrEnum):
    """What a section is about."""

    AIMS = "aims"
    OBJECTS = "objects"
    GROUP = "group"
    TASKS = "tasks"
    PHASES = "phases"
    SAFEGUARDS = "safeguards"
    OTHER = "other"


_BY_TITLE: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (
        Role.OBJECTS,
        re.compile(
            "(服务|保障|关爱|救助|适用|工作|排查|帮扶|受益|享受)(保护)?对象|对象(和|及)?范围|适用范围"
        ),
    ),
    (Role.PHASES, re.compile("阶段|步骤|(进度|时间|实施|工作|推进)(进度)?安排|时间节点|^时间")),
    (
        Role.GROUP,
        re.compile(
            "组织机构|组成人员|成员名单|联席会议|领导小组|工作专班|组织架构|领导机构|工作机构|指挥部|工作组|机构设置"
        ),
    ),
    (
        Role.SAFEGUARDS,
        re.compile(
            "保障措施|工作要求|组织保障|保障机制|组织实施|有关要求|组织领导|工作保障|附则|其他事项|要求$|监督检查|保障$"
        ),
    ),
    (
        Role.AIMS,
        re.compile("总体要求|指导思想|目标$|原则|总体思路|背景|意义|总则|目标要求|主要目标|工作目标"),
    ),
    (Role.TASKS, re.compile("任务|举措|重点工作|工作内容|行动|措施|职责|分工|工作重点|做法|工程|项目|内容")),
)
_STAGE = re.compile("阶段|步骤|进度安排|时间安排|实施安排")
_GROUP = re.compile("领导小组|工作专班|组织机构|组织架构|指挥部")


def role_of_title(title: str) -> Role:
    """What a heading alone says."""
    return next((role for role, pattern in _BY_TITLE if pattern.search(title)), Role.OTHER)


def roles(nodes: Iterable[Node], assigned: set[int]) -> dict[int, Role]:
    """The role of every numbered section, by its position.

    Args:
        nodes: the sections.
        assigned: positions of those that name units for a task.
    """
    found: dict[int, Role] = {}
    for node in nodes:
        if node.section.style is None:
            found[node.index] = Role.OTHER
        elif node.parent is None:
            found[node.index] = _root(node, assigned)
        else:
            found[node.index] = _below(node, found[node.parent.index], assigned)
    return found


def _root(node: Node, assigned: set[int]) -> Role:
    role = role_of_title(node.title)
    within = sum(1 for one in node.walk() if one.index in assigned)
    if role in (Role.AIMS, Role.OTHER, Role.PHASES) and within >= (1 if role is Role.OTHER else 2):
        return Role.TASKS
    return role


def _below(node: Node, above: Role, assigned: set[int]) -> Role:
    if above in (Role.TASKS, Role.SAFEGUARDS, Role.OTHER) and not any(
        n.index in assigned for n in node.walk()
    ):
        if _STAGE.search(node.title) and any(
            _STAGE.search(child.title) or "年" in child.title for child in node.children
        ):
            return Role.PHASES
        if _GROUP.search(node.title):
            return Role.GROUP
    if above is Role.OTHER:
        return role_of_title(node.title)
    return above
