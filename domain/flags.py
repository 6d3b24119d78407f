"""What asks a reviewer to read a version before accepting it; what bears no flag may be accepted with others. Pure."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from domain.entries import State
from domain.facts import Submission
from domain.plan import PlausibilityRules
from domain.plausibility import LastFigure, far_off


class Flag(StrEnum):
    """Why a version is to be read by itself."""

    CORRECTION = "correction"
    RETURNED_BEFORE = "returned-before"
    FAR_OFF = "far-off"
    NO_FIGURE = "no-figure"
    REMARK = "remark"
    NOT_STARTED = "not-started"
    NO_OCCASION = "no-occasion"


FLAG_NAMES = {
    Flag.CORRECTION: "更正",
    Flag.RETURNED_BEFORE: "曾退回",
    Flag.FAR_OFF: "数值变动大",
    Flag.NO_FIGURE: "缺数",
    Flag.REMARK: "有说明",
    Flag.NOT_STARTED: "未开展",
    Flag.NO_OCCASION: "本期无此情形",
}
_STATES = {State.NOT_STARTED: Flag.NOT_STARTED, State.NO_OCCASION: Flag.NO_OCCASION}


def flags(
    version: Submission,
    last: Mapping[str, LastFigure],
    rules: PlausibilityRules,
    *,
    correction: bool,
    returns: int,
) -> tuple[Flag, ...]:
    """What about a version is out of the ordinary, gravest first; empty where nothing is.

    A correction changes what was already relied on. What was sent back must be seen to be mended. A figure far off last
    period's, a missing one and one that needed a word (说明) rest on that word, which somebody must judge; so does an
    item on which nothing was done.

    Args:
        version: as it was handed in.
        last: last period's figures, by indicator.
        rules: when a figure is far off.
        correction: whether another version is accepted.
        returns: how often the item was sent back.
    """
    found = set(_of_figures(version, last, rules))
    if correction:
        found.add(Flag.CORRECTION)
    if returns:
        found.add(Flag.RETURNED_BEFORE)
    if version.state in _STATES:
        found.add(_STATES[version.state])
    return tuple(flag for flag in Flag if flag in found)


def _of_figures(
    version: Submission, last: Mapping[str, LastFigure], rules: PlausibilityRules
) -> Iterator[Flag]:
    for figure in version.figures:
        before = last.get(figure.indicator)
        if figure.value is None:
            yield Flag.NO_FIGURE
        elif before is not None and far_off(figure.value, before.value, rules):
            yield Flag.FAR_OFF
        if figure.remark:
            yield Flag.REMARK
