"""Messages (消息) as everybody knows them: to whom they go, what they are about, and how far they have come. Pure."""

from enum import StrEnum


class Post(StrEnum):
    """Who somebody is to the plan, so that a rung of the ladder can name whom it tells."""

    LIAISON = "liaison"
    UNIT_LEADER = "unit-leader"
    OFFICE = "office"
    OFFICE_DIRECTOR = "office-director"
    LEADER = "leader"


POST_NAMES = {
    Post.LIAISON: "单位联络员",
    Post.UNIT_LEADER: "单位分管领导",
    Post.OFFICE: "办公室工作人员",
    Post.OFFICE_DIRECTOR: "办公室主任",
    Post.LEADER: "领导小组领导",
}

OF_UNITS = frozenset({Post.LIAISON, Post.UNIT_LEADER})
"""Posts that are held in a unit; all others are the district's."""


class MessageKind(StrEnum):
    """What made a message be owed."""

    LADDER = "ladder"
    URGE = "urge"
    INSTRUCTION = "instruction"
    CIRCULAR = "circular"
    TEST = "test"


KIND_NAMES = {
    MessageKind.LADDER: "提醒",
    MessageKind.URGE: "催办",
    MessageKind.INSTRUCTION: "批示",
    MessageKind.CIRCULAR: "通报",
    MessageKind.TEST: "测试",
}


class MessageState(StrEnum):
    """How far a message has come.

    A claim is recorded before anything is sent. Where a sender dies between the claim and what came of it, nobody can know
    whether the message went out: it is ``DOUBTFUL`` then, unless the channel tells. ``DROPPED`` was never sent, because
    nothing in it was owed any more, or because the office said so.
    """

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    DELIVERED = "delivered"
    DOUBTFUL = "doubtful"
    FAILED = "failed"
    GIVEN_UP = "given-up"
    DROPPED = "dropped"


STATE_NAMES = {
    MessageState.PLANNED: "待发送",
    MessageState.CLAIMED: "正在发送",
    MessageState.SENT: "已发出",
    MessageState.DELIVERED: "已送达",
    MessageState.DOUBTFUL: "是否发出存疑",
    MessageState.FAILED: "发送失败，稍后重试",
    MessageState.GIVEN_UP: "发送失败，已停止重试",
    MessageState.DROPPED: "不再需要，未发送",
}

WAITING = frozenset({MessageState.PLANNED, MessageState.FAILED})
"""States in which a message waits for a sender."""

TROUBLED = frozenset({MessageState.DOUBTFUL, MessageState.FAILED, MessageState.GIVEN_UP})
"""States that the office should look at."""
