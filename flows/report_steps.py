"""A report, whichever: freeze, render, check, file. Safe to kill and to run again at any moment."""

from services import reporting
from services.orders import Order
from services.settings import read_settings
from tasks.reporting import check, file, freeze_snapshot, list_documents, render


def make_report(order: Order, actor: str) -> str:
    """The steps in their order, within a flow; gives the folder in which the report was filed."""
    with reporting.exclusive(read_settings(), order):
        folder = freeze_snapshot(order)
        wanted = list_documents(folder)
        checked = check(folder, wanted, render(folder, wanted))
        return str(file(order, folder, checked, actor))
