"""Prefect without a server to set up: its state under GUANAI_HOME, and not a word to the outside."""

import os

from services.settings import Settings

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    # a first start migrates Prefect's own database, which takes longer than its default of 20 s
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}


def prepare(settings: Settings) -> None:
    """Set Prefect's environment; must come before Prefect is imported. What the operator has set stays."""
    os.environ.setdefault("PREFECT_HOME", str(settings.home / "prefect"))
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
