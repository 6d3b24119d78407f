"""What a demonstration says and counts: read from ``demo/`` beside the plan, else made up from the plan itself."""

from decimal import Decimal
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from domain.plan import Measure, Plan, Unit


class Typical(BaseModel):
    """How large a sample figure is.

    One of: ``typical`` (for one unit in one period), ``by_year``, ``of`` with ``rate`` (a share of another indicator),
    ``plus`` and ``minus`` (a sum of others), or ``share`` (of the indicator that the plan says it is part of).

    Attributes:
        by_unit: what stands instead of ``typical``, or of ``rate``, for single units, by name.
        by_year: the very figure, from each year on.
        spread: how far units differ in size where ``by_unit`` does not tell: 0.5 is half as much more or less.
        growth: how much more there is a year later, as a share.
        noise: how far one period is off another, as a share; a usual width where it is not told.
        steady: the typical figure as it stands, without growth or noise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    typical: Decimal | None = None
    by_unit: dict[str, Decimal] = {}
    by_year: dict[int, Decimal] = {}
    spread: Decimal = Decimal("0.5")
    growth: Decimal = Decimal("0.06")
    noise: Decimal | None = None
    of: str | None = None
    rate: Decimal = Decimal(1)
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    share: Decimal | None = None
    steady: bool = False


class Words(BaseModel):
    """What a unit says in one place; townships and streets share variants."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    measures: dict[int, dict[str, str | tuple[str, ...]]] = {}
    highlights: dict[str, str | tuple[str, ...]] = {}
    shortcomings: dict[str, str | tuple[str, ...]] = {}
    next_steps: dict[str, str | tuple[str, ...]] = {}


class SampleSpec(BaseModel):
    """A plan's sample material."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    figures: dict[str, Typical] = {}
    words: Words = Words()

    @classmethod
    def beside(cls, plan_folder: Path) -> "SampleSpec":
        """The sample material in ``<plan>/demo/*.yaml``; empty where a plan brings none."""
        content: dict[str, object] = {}
        for path in sorted((plan_folder / "demo").glob("*.yaml")):
            content.update(YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {})
        return cls.model_validate(content)


class Speaker:
    """Chooses a unit's sample words: its own, its group's variants in turn, or the plan's demands."""

    def __init__(self, plan: Plan, spec: SampleSpec) -> None:
        self._plan = plan
        self._words = spec.words

    def on_measure(self, unit: Unit, measure: Measure) -> str:
        """What a unit did under a measure."""
        own = self._pick(self._words.measures.get(measure.number, {}), unit)
        demand = measure.demands[self._turn(unit) % len(measure.demands)].rstrip("。；")
        return own or f"围绕“{measure.title}”制定工作台账，{demand}，按季度自查。"

    def highlights(self, unit: Unit) -> str:
        """What a unit is proud of; may be empty."""
        return self._pick(self._words.highlights, unit)

    def shortcomings(self, unit: Unit) -> str:
        """What a unit says is lacking."""
        return self._pick(self._words.shortcomings, unit) or "个别工作台账更新不够及时，基层力量有待充实。"

    def next_steps(self, unit: Unit) -> str:
        """What a unit means to do."""
        return self._pick(self._words.next_steps, unit) or "对照方案逐项查漏补缺，按期完成下一阶段任务。"

    def _pick(self, told: dict[str, str | tuple[str, ...]], unit: Unit) -> str:
        for name, text in told.items():
            if unit.id in self._plan.expand([name]):
                return text if isinstance(text, str) else text[self._turn(unit) % len(text)]
        return ""

    @cached_property
    def _turns(self) -> dict[str, int]:
        return {unit: place for place, unit in enumerate(self._plan.units_by_id)}

    def _turn(self, unit: Unit) -> int:
        return self._turns[unit.id]
