"""A circular of 临河县 that the office has released, with contacts in two units."""

from pathlib import Path

from sqlalchemy import Engine

from domain.plan import Plan
from models.engine import reading, writing
from services import acknowledging, clock, filed_reports
from services.orders import CIRCULAR
from tests.services.circular_files import add_contacts, file_circular


def release_circular(engine: Engine, plan: Plan, out: Path) -> int:
    """File and release a circular of the third quarter; says its number."""
    add_contacts(engine, plan, ["civil", "edu"], clock.now())
    number = file_circular(engine, plan, out, clock.now())
    with writing(engine) as session:
        acknowledging.release(session, plan, number, folders=[out], by="周岚", at=clock.now())
    return number


def newest_circular(engine: Engine, plan: Plan) -> int:
    """Number of the circular that was filed last; 0 where none was."""
    with reading(engine) as session:
        found = filed_reports.filed(session, plan.id, kind=CIRCULAR)
    return found[0].id if found else 0
