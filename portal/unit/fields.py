"""The fields of an item's form: what they ask, what was typed, what is wrong with it, and what stands elsewhere. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData

from domain.canonical import decimal_text
from domain.entries import HIGHLIGHTS, NEXT_STEPS, SHORTCOMINGS, STATE_NAMES, Fault, State, measure_slot
from domain.entry_check import MOST_REMARK, MOST_TEXT, indicators, slots
from domain.form import MOST_FILES, MOST_TYPED, Form, TypedFigure
from domain.plan import Duty, Indicator, Plan
from domain.plausibility import LastFigure
from domain.problems import Problem

STATE, ATTACHMENTS = "state", "attachments"
_PASSAGE, _FIGURE, _REMARK = "passage:", "figure:", "remark:"
_DIGEST = re.compile("[0-9a-f]{64}")
_HINTS = {
    HIGHLIGHTS: "写有特色、可推广的做法；没有的可不填。",
    SHORTCOMINGS: "写主要问题和原因；没有的可不填。",
    NEXT_STEPS: "写下一步的安排。",
}


@dataclass(frozen=True)
class Field:
    """One field.

    Attributes:
        name: as forms send it and as faults name it: ``passage:progress``.
        label: what it asks for.
        value: what stands in it.
        hint: how to fill it in.
        most: how many characters it takes.
        problems: what is wrong with it.
        beside: what another window of the same person holds, where that is something else; else None.
    """

    name: str
    label: str
    value: str
    hint: str = ""
    most: int = MOST_TEXT
    problems: tuple[Problem, ...] = ()
    beside: str | None = None

    @property
    def id(self) -> str:
        """Its name as an id."""
        return self.name.replace(":", "-")


@dataclass(frozen=True)
class Figure:
    """A figure with its remark; ``last`` says what was reported for the period before, empty for nothing."""

    unit: str
    value: Field
    remark: Field
    last: str


@dataclass(frozen=True)
class Fields:
    """The whole form; ``state`` is None where the item has no state to choose."""

    state: Field | None
    passages: tuple[Field, ...]
    figures: tuple[Figure, ...]
    attachments: Field
    whole: tuple[Problem, ...]

    @property
    def faulty(self) -> tuple[Field, ...]:
        """The fields with something wrong, in the form's order."""
        figures = (field for one in self.figures for field in (one.value, one.remark))
        state = () if self.state is None else (self.state,)
        return tuple(f for f in (*state, *self.passages, *figures, self.attachments) if f.problems)


@dataclass(frozen=True)
class _Shown:
    """What was typed, what another window holds, and what is wrong, by field."""

    form: Form
    other: Form | None
    faults: Mapping[str | None, tuple[Problem, ...]]

    def field(self, name: str, label: str, hint: str = "", most: int = MOST_TEXT) -> Field:
        value = texts(self.form).get(name, "")
        beside = None if self.other is None else texts(self.other).get(name, "")
        return Field(
            name=name,
            label=label,
            value=value,
            hint=hint,
            most=most,
            problems=self.faults.get(name, ()),
            beside=None if beside == value else beside,
        )


def typed_form(sent: FormData) -> Form:
    """What was typed into the form, as a browser sends it."""
    said = {name: value.replace("\r\n", "\n") for name, value in sent.multi_items() if isinstance(value, str)}
    figures = dict.fromkeys(n.partition(":")[2] for n in said if n.startswith((_FIGURE, _REMARK)))
    digests = [value for value in sent.getlist(ATTACHMENTS) if isinstance(value, str)]
    state = said.get(STATE)
    return Form(
        state=State(state) if state in tuple(State) else None,
        passages={n.removeprefix(_PASSAGE): text for n, text in said.items() if n.startswith(_PASSAGE)},
        figures={
            one: TypedFigure(value=said.get(_FIGURE + one, ""), remark=said.get(_REMARK + one, ""))
            for one in figures
        },
        attachments=tuple(dict.fromkeys(d for d in digests if _DIGEST.fullmatch(d)))[:MOST_FILES],
    )


def texts(form: Form) -> dict[str, str]:
    """What stands in a form, by the names of its fields; the state in words."""
    found = {_PASSAGE + slot: text for slot, text in form.passages.items()}
    for indicator, figure in form.figures.items():
        found |= {_FIGURE + indicator: figure.value, _REMARK + indicator: figure.remark}
    if form.state is not None:
        found[STATE] = STATE_NAMES[form.state]
    return found


def by_field(faults: Iterable[Fault]) -> dict[str | None, tuple[Problem, ...]]:
    """Problems by field, each told once."""
    found: dict[str | None, tuple[Problem, ...]] = {}
    for fault in faults:
        told = found.get(fault.field, ())
        if all(str(one) != str(fault.problem) for one in told):
            found[fault.field] = (*told, fault.problem)
    return found


def fields_of(
    plan: Plan,
    duty: Duty | None,
    unit: str,
    form: Form,
    *,
    last: Mapping[str, LastFigure],
    faults: Sequence[Fault] = (),
    other: Form | None = None,
) -> Fields:
    """The form of an item.

    Args:
        plan: the plan in force.
        duty: the item's duty.
        unit: id of the unit.
        form: what stands in it.
        last: last period's figures by indicator.
        faults: what is wrong with it.
        other: what another window of the same person holds; None where there is none.
    """
    problems = by_field(faults)
    shown = _Shown(form, other, problems)
    annual = duty is not None and duty.role == "annual-report"
    hints = _HINTS | {measure_slot(m.number): "方案要求：" + "；".join(m.demands) for m in plan.measures}
    names = slots(plan, duty, unit)
    fields = Fields(
        state=None if annual else shown.field(STATE, "完成情况"),
        passages=tuple(
            shown.field(_PASSAGE + slot, name, hints.get(slot, "写做了什么、到了哪一步、有何成效。"))
            for slot, name in names.items()
        ),
        figures=tuple(_figure(shown, one, last.get(one.id)) for one in indicators(plan, duty, unit)),
        attachments=shown.field(ATTACHMENTS, "附件"),
        whole=(),
    )
    seen = {field.name for field in fields.faulty}
    whole = tuple(one for name, told in problems.items() if name not in seen for one in told)
    return Fields(fields.state, fields.passages, fields.figures, fields.attachments, whole)


def _figure(shown: _Shown, indicator: Indicator, last: LastFigure | None) -> Figure:
    return Figure(
        unit=indicator.unit,
        value=shown.field(_FIGURE + indicator.id, indicator.name, indicator.definition, MOST_TYPED),
        remark=shown.field(_REMARK + indicator.id, f"{indicator.name}的说明", "", MOST_REMARK),
        last=f"{last.period}：{decimal_text(last.value)} {indicator.unit}" if last else "",
    )
