"""Where the project's own files are, from whichever directory it was started."""

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
"""The folder of the checkout."""

PLANS = PROJECT / "plans"
TEMPLATES = PROJECT / "report_templates"

FONTS = Path(sys.prefix) / "share" / "guanai" / "fonts"
"""Fonts that the bootstrap script put beside the interpreter; may be absent."""
