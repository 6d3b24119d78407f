"""Filters as they stand in the address, so that a page can be sent to a colleague."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from domain.piles import Pile
from domain.plan import Plan, UnitKind
from domain.schedule import measure_name
from domain.status import Light
from services.extension_list import Filters as ExtensionFilters
from services.extension_list import Outcome
from services.worklist import Filters, Order

SAFEGUARDS = "none"
"""How the address calls the duties that serve all measures."""
_RUNS_SECONDS = 90 * 24 * 3600


def _light(value: object) -> object:
    return Light[value.upper()] if isinstance(value, str) and value.upper() in Light.__members__ else value


ALight = Annotated[Light, BeforeValidator(_light), PlainSerializer(lambda light: light.name.lower())]
"""A light by its name: ``red``."""
AMeasure = Annotated[str, Field(pattern=rf"^(\d{{1,3}}|{SAFEGUARDS})$")]
Number = Annotated[int, Field(ge=1, le=1_000_000)]
Year = Annotated[int, Field(ge=1900, le=2999)]
Text = Annotated[str, Field(max_length=100)]


class Query(BaseModel):
    """What an address asks for; an empty field of a form asks for nothing."""

    model_config = ConfigDict(frozen=True)

    page: Number = 1

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, given: Any) -> Any:
        return {k: v for k, v in given.items() if v != ""} if isinstance(given, Mapping) else given

    def address(self, path: str, **changed: object) -> str:
        """An address that asks for the same, but for what is changed; the first page where that is not named."""
        asked = self.model_copy(update={"page": 1, **changed}).model_dump(mode="json", exclude_defaults=True)
        return f"{path}?{urlencode(asked)}" if asked else path


class ItemsQuery(Query):
    """Which items a list shows, in the words of :class:`services.worklist.Filters`."""

    pile: Pile | None = None
    light: ALight | None = None
    unit: str | None = None
    measure: AMeasure | None = None
    duty: str | None = None
    year: Year | None = None
    period: Text | None = None
    text: Text = ""
    first: date | None = None
    last: date | None = None
    order: Order = Order.DUE
    descending: bool = False

    def filters(self, plan: Plan) -> Filters:
        """The same for the store.

        Raises:
            Problem: 103 for a unit that the plan does not know.
        """
        return Filters(
            pile=self.pile,
            light=self.light,
            units=(plan.unit(self.unit).id,) if self.unit else (),
            measures=measures(self.measure),
            duties=(self.duty,) if self.duty else (),
            year=self.year,
            period=self.period,
            text=self.text,
            first=self.first,
            last=self.last,
        )


class ExtensionsQuery(Query):
    """Which requests for more time a list shows."""

    outcome: Outcome | None = None
    unit: str | None = None
    measure: AMeasure | None = None
    year: Year | None = None

    def filters(self, plan: Plan) -> ExtensionFilters:
        """The same for the store; those that were decided, where nothing is said.

        Raises:
            Problem: 103 for a unit that the plan does not know.
        """
        return ExtensionFilters(
            outcomes=(self.outcome,) if self.outcome else (Outcome.GRANTED, Outcome.REFUSED),
            units=(plan.unit(self.unit).id,) if self.unit else (),
            measures=measures(self.measure),
            year=self.year,
        )


class MatrixQuery(Query):
    """Which part of the matrix is shown."""

    kind: UnitKind | None = None
    measure: AMeasure | None = None
    light: ALight | None = None
    year: Year | None = None


def measures(asked: str | None) -> tuple[int | None, ...]:
    """The measures that an address asks for; none where it asks for all."""
    if asked is None:
        return ()
    return (None,) if asked == SAFEGUARDS else (int(asked),)


def runs_address(engine: str, plan: Plan, number: int | None) -> str:
    """Where Prefect's pages (3.8) list the runs of a measure in the last three months: a run bears the measure's name."""
    found = plan.measures_by_number.get(number) if number is not None else None
    if not engine or found is None:
        return ""
    asked = {"type": "span", "seconds": -_RUNS_SECONDS, "flow-run-search": measure_name(found)}
    return f"{engine}/runs?{urlencode(asked, quote_via=quote)}"
