"""Where the project's own files are, from whichever directory it was started."""

import sys
from pathlib import Path

from domain.problems import Problem, ProblemKind

PROJECT = Path(__file__).resolve().parents[1]
"""The folder of the checkout."""

PLANS = PROJECT / "plans"
TEMPLATES = PROJECT / "report_templates"

FONTS = Path(sys.prefix) / "share" / "guanai" / "fonts"
"""Fonts that the bootstrap script put beside the interpreter; may be absent."""


def shipped_plan() -> Path:
    """The plan that comes with the platform: the first folder in ``plans``.

    Raises:
        Problem: 101 where there is none.
    """
    found = sorted(path for path in PLANS.glob("*/") if any(path.glob("*.yaml")))
    if not found:
        raise Problem(ProblemKind.PLAN_NOT_FOUND, path=PLANS)
    return found[0]
