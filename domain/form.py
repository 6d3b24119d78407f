"""An item's form as somebody types it: kept as it is while it is a draft, and turned into an entry to be handed in. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain.canonical import decimal_text
from domain.entries import STATE_NAMES, Fault, FigureEntry, ItemEntry, Passage, State
from domain.entry_check import MOST_REMARK, MOST_TEXT, indicators, shown, slots
from domain.plan import Duty, Indicator, Plan
from domain.privacy import find, find_in_value
from domain.problems import Problem, ProblemKind
from domain.typed import FIGURE_EXPECTED, UnfitError, typed_figure

ROOM = 4
"""How many times longer than what may be handed in a draft's text may be, so that nothing is lost before it is cut."""
MOST_TYPED = 40
"""Characters typed for a figure."""
MOST_FILES = 40

Digest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class TypedFigure(BaseModel):
    """A figure as it was typed, with its remark (说明)."""

    model_config = ConfigDict(frozen=True)

    value: str = ""
    remark: str = ""


class Form(BaseModel):
    """What was typed for one item: passages by slot, figures by indicator, and the chosen attachments (SHA-256)."""

    model_config = ConfigDict(frozen=True)

    state: State | None = None
    passages: Mapping[str, str] = Field(default_factory=dict)
    figures: Mapping[str, TypedFigure] = Field(default_factory=dict)
    attachments: tuple[Digest, ...] = Field(default=(), max_length=MOST_FILES)


def form_of(entry: ItemEntry) -> Form:
    """The form as it would have been typed for an entry: what a unit goes on from when it hands in again."""
    return Form(
        state=entry.state,
        passages={p.slot: p.text for p in entry.passages},
        figures={
            f.indicator: TypedFigure(value="" if f.value is None else decimal_text(f.value), remark=f.remark)
            for f in entry.figures
        },
        attachments=entry.attachments or (),
    )


def read_form(
    plan: Plan, duty: Duty | None, unit: str, key: str, form: Form
) -> tuple[ItemEntry | None, tuple[Fault, ...]]:
    """What a form says, and what of it cannot be understood.

    A yearly report has no state to choose: one that is handed in is done. Whether the entry may be handed in is for
    :func:`domain.entry_check.check_entry`.

    Args:
        plan: the plan in force.
        duty: the item's duty; None where the plan in force no longer has it.
        unit: id of the unit.
        key: the item.
        form: what was typed.

    Returns:
        The entry (None without a state), with faults by field; a figure with a fault is None in it.
    """
    faults: list[Fault] = []
    state = State.DONE if duty is not None and duty.role == "annual-report" else form.state
    if state is None:
        problem = Problem(ProblemKind.STATE_MISSING, expected="选择：" + "、".join(STATE_NAMES.values()))
        faults.append(Fault(key, "state", problem))
    figures = []
    for indicator in indicators(plan, duty, unit):
        typed = form.figures.get(indicator.id, TypedFigure())
        value, problems = _figure(indicator, typed.value)
        faults += (Fault(key, f"figure:{indicator.id}", problem) for problem in problems)
        figures.append(FigureEntry(indicator=indicator.id, value=value, remark=typed.remark))
    if state is None:
        return None, tuple(faults)
    passages = tuple(Passage(slot=slot, text=text) for slot, text in form.passages.items() if text.strip())
    entry = ItemEntry(
        key=key, state=state, passages=passages, figures=tuple(figures), attachments=form.attachments
    )
    return entry, tuple(faults)


def keep(
    plan: Plan, duty: Duty | None, unit: str, key: str, form: Form, before: Form
) -> tuple[Form, tuple[Fault, ...]]:
    """What of a form may be kept as a draft: field by field, so that one that is refused takes no other with it.

    Args:
        plan: the plan in force.
        duty: the item's duty.
        unit: id of the unit.
        key: the item.
        form: what was typed.
        before: what is kept already; a field that is refused stays as it is there, and one that has not changed is
            not looked at again.

    Returns:
        The form to keep, and why some of its fields are not those that were typed: what could identify a child, what is
        far too long, what is not asked for.
    """
    faults: list[Fault] = []
    names, wanted = slots(plan, duty, unit), {i.id: i for i in indicators(plan, duty, unit)}
    passages = dict[str, str]()
    for slot, text in form.passages.items():
        old = before.passages.get(slot, "")
        if slot not in names:
            problem = Problem(ProblemKind.PASSAGE_NOT_ASKED, key=key, slot=shown(slot))
            faults.append(Fault(key, f"passage:{shown(slot)}", problem))
            continue
        found = _refusals(names[slot], text, old, MOST_TEXT * ROOM)
        faults += (Fault(key, f"passage:{slot}", problem) for problem in found)
        passages[slot] = old if found else text
    figures = dict[str, TypedFigure]()
    for indicator, typed in form.figures.items():
        if indicator not in wanted:
            problem = Problem(ProblemKind.FIGURE_NOT_ASKED, key=key, name=shown(indicator))
            faults.append(Fault(key, f"figure:{shown(indicator)}", problem))
            continue
        kept = before.figures.get(indicator, TypedFigure())
        name = wanted[indicator].name
        value = _refusals(name, typed.value, kept.value, MOST_TYPED)
        remark = _refusals(f"{name}的说明", typed.remark, kept.remark, MOST_REMARK * ROOM)
        faults += (Fault(key, f"figure:{indicator}", problem) for problem in value)
        faults += (Fault(key, f"remark:{indicator}", problem) for problem in remark)
        figures[indicator] = TypedFigure(
            value=kept.value if value else typed.value, remark=kept.remark if remark else typed.remark
        )
    return form.model_copy(update={"passages": passages, "figures": figures}), tuple(faults)


def _figure(indicator: Indicator, typed: str) -> tuple[Decimal | None, list[Problem]]:
    """The figure that was typed, or why there is none."""
    found = _child_data(typed)
    try:
        value = typed_figure(typed, indicator.decimals)
    except UnfitError as unfit:
        problem = Problem(
            ProblemKind.FIGURE_CELL_INVALID, name=indicator.name, found=unfit.found, expected=FIGURE_EXPECTED
        )
        return None, found or [problem]
    if not found and find_in_value(value):
        found = [Problem(ProblemKind.CHILD_DATA, reason=find_in_value(value)[0].reason.rstrip("。"))]
    return (None, found) if found else (value, [])


def _refusals(name: str, text: str, before: str, most: int) -> list[Problem]:
    if text == before:
        return []
    if len(text) > most:
        return [Problem(ProblemKind.PASSAGE_TOO_LONG, slot=name, length=len(text), limit=most)]
    return _child_data(text)


def _child_data(text: str) -> list[Problem]:
    reasons = dict.fromkeys(finding.reason.rstrip("。") for finding in find(text))
    return [Problem(ProblemKind.CHILD_DATA, reason=reason) for reason in reasons]
