"""Who may read which paper of a filed report: the office all; leaders what is released; a unit its own and circulars."""

from sqlmodel import Session

from domain.people import Account, Role
from portal.desk import Desk
from portal.visitor import NotAllowed
from services import filed_reports
from services.filed_reports import Filed, Paper


def paper_for(session: Session, desk: Desk, account: Account, report: int, paper: int) -> tuple[Filed, Paper]:
    """A paper that somebody may read, seen to be as it was filed, with its report.

    Raises:
        NotAllowed: where they may not.
        Problem: 710 for no such report or paper; 711 where its folder is gone; 708 where it was changed since.
    """
    plan, _ = desk.in_force(session)
    found = filed_reports.one(session, plan.id, report)
    if found.released_at is None and not account.may(Role.OFFICE):
        raise NotAllowed
    wanted = filed_reports.paper(found, paper)
    own = bool(account.units) if found.is_circular else wanted.unit in account.units
    if not own and not account.may(Role.OFFICE, Role.LEADER):
        raise NotAllowed
    return found, wanted
