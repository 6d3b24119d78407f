"""A program that makes reports: ``python -m cli.bench.family_process ORDERS``, a file of :mod:`cli.bench.family`."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from domain.report.material import Issue
from services import clock, reporting
from services.orders import annual_order, circular_order
from services.settings import read_settings


def main(orders: list[dict[str, Any]]) -> None:
    """Make each, by the steps of ``flows/report_steps.py``."""
    settings = read_settings()
    for told in orders:
        day, out = date.fromisoformat(told["as_of"]), Path(told["out"])
        issue, code = Issue(sample=True), told["period"]
        order = circular_order(code, day, out, issue) if code else annual_order(told["year"], day, out, issue)
        with reporting.exclusive(settings, order):
            folder = reporting.freeze_facts(settings, order)
            wanted = reporting.jobs(reporting.read_snapshot(folder)[0])
            list(reporting.render(folder, wanted))
            reporting.check(folder, wanted)
            reporting.file(settings, order, folder, at=clock.now(), actor="测速（示例）")


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
