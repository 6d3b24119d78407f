"""The unit's form in Excel as it goes with a message: to be filled in, without anything that was filled in before.

A form from the platform shows what the unit handed in and last period's figures; what is mailed must not.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from domain.plan import Plan
from domain.workdays import BEIJING
from models.message_items import Told
from services.delivery.letter import Enclosure
from services.facts import year_facts
from services.workbook.composing import Material, build_form
from services.workbook.export import render
from services.workbook.layout import file_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def unit_forms(
    session: Session, plan: Plan, sha256: str, unit: str, told: Sequence[Told], at: datetime
) -> list[Enclosure]:
    """A form with the items for each of their years; none for a unit that the plan has no more.

    Args:
        session: of :func:`models.engine.reading`.
        plan: the plan in force; ``sha256`` is its digest.
        sha256: see above.
        unit: id of the unit.
        told: the items, which are the unit's own.
        at: the moment of writing.
    """
    if unit not in plan.units_by_id:
        return []
    wanted, day = {one.key for one in told}, at.astimezone(BEIJING).date()
    found: list[Enclosure] = []
    for year in sorted({one.year for one in told}):
        facts = (one for one in year_facts(session, plan, year, unit) if one.item.key in wanted)
        bare = [one.model_copy(update={"submissions": ()}) for one in facts]
        form = build_form(plan, unit, year, Material(bare, {}, day))
        if form is not None:
            name = file_name(form.unit_name, year)
            found.append(Enclosure(name, render(form, sha256, at), XLSX))
    return found
