"""What an installation may decide for itself, read once at the start and passed down.

Everything is an environment variable that starts with ``GUANAI_``; one that nobody knows is refused, because a
misspelt ``GUANAI_DATABASE_URL`` would quietly put a year's work into another database.
"""

import os
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.problems import Problem, ProblemKind
from services.places import PROJECT, shipped_plan

PREFIX = "GUANAI_"
HOME = PREFIX + "HOME"
DATABASE_URL = PREFIX + "DATABASE_URL"
CHANNELS = PREFIX + "CHANNELS"
SECRETS = ("database_url", "engine_database_url", "engine_password")
"""What may stand in a file that ``..._FILE`` names, where it shall not stand in the environment."""
DATABASE_URL_FILE = DATABASE_URL + "_FILE"
SECRET_FILES = tuple(f"{PREFIX}{name.upper()}_FILE" for name in SECRETS)


_WEB = "^(https?://.+)?$"
_MENDS = {
    "PORTAL_URL": "请写 http:// 或 https:// 开头的地址。",
    "WATCH_URL": "请写 http:// 或 https:// 开头的地址。",
    "ENGINE_URL": "请写 http:// 或 https:// 开头的地址。",
    "ENGINE_DATABASE_URL": "请写成 postgresql://用户:口令@主机/库名。",
    "ENGINE_PASSWORD": "请用 8 个以上的半角字母、数字或符号。",
    "DEAD_AFTER": "请写 40 以上的秒数。",
    "CHANNELS": "请写渠道文件的路径。",
    "MESSAGES_KEPT": "请写 30 以上的天数。",
}
_UNTOLD = {PREFIX + name.upper() for name in SECRETS}


class Settings(BaseSettings):
    """The settings; relative paths are taken from the current directory.

    Attributes:
        home: folder of everything that the platform writes (GUANAI_HOME).
        database_url: ``sqlite:///FILE`` or ``postgresql://...`` (GUANAI_DATABASE_URL, or the content of the file
            that GUANAI_DATABASE_URL_FILE names); empty for ``guanai.db`` in ``home``.
        plan: folder of the plan in use (GUANAI_PLAN).
        portal_url: address under which browsers reach the portal, for links and cookies (GUANAI_PORTAL_URL); empty for
            the address on which ``guanai up`` listens.
        watch_url: address of an outside watch that expects a sign of life (GUANAI_WATCH_URL); empty for none.
        reports: folder of the reports that are made on their day (GUANAI_REPORTS); None for ``报告`` in ``home``.
        engine_database_url: the engine's own database, ``postgresql://...`` (GUANAI_ENGINE_DATABASE_URL or a file
            likewise); empty for a SQLite file in ``home``.
        engine_password: what the engine asks of everybody who speaks to it (GUANAI_ENGINE_PASSWORD or a file
            likewise); empty for nothing.
        engine_url: where a worker on another machine finds the engine (GUANAI_ENGINE_URL).
        dead_after: seconds without a sign of life after which a run counts as dead (GUANAI_DEAD_AFTER); its sign
            comes every 30.
        channels: the file that names the channels of messages (GUANAI_CHANNELS); None for ``channels.toml`` in ``home``.
        messages_kept: days after which contents of messages, and the names and addresses of contacts who have left, are
            forgotten (GUANAI_MESSAGES_KEPT).
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    home: Path = PROJECT / "var"
    database_url: str = ""
    plan: Path = Field(default_factory=shipped_plan)
    portal_url: str = Field(default="", pattern=_WEB)
    watch_url: str = Field(default="", pattern=_WEB)
    reports: Path | None = None
    engine_database_url: str = Field(default="", pattern="^(postgres(ql)?://.+)?$")
    engine_password: str = Field(default="", pattern="^([!-~]{8,})?$")  # Prefect compares nothing but ASCII
    engine_url: str = Field(default="", pattern=_WEB)
    dead_after: int = Field(default=90, ge=40)
    channels: Path | None = None
    messages_kept: int = Field(default=180, ge=30)

    @field_validator("home", "plan", "reports")
    @classmethod
    def _absolute_folder(cls, path: Path | None) -> Path | None:
        if path is None:
            return None
        path = path.expanduser().resolve()
        if path.exists() and not path.is_dir():
            raise ValueError("not a folder")
        return path

    @field_validator("channels")
    @classmethod
    def _absolute_file(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser().resolve()

    @property
    def store_url(self) -> str:
        """The store's address."""
        return self.database_url or f"sqlite:///{self.home / 'guanai.db'}"

    @property
    def reports_folder(self) -> Path:
        """Where reports that are made on their day are filed."""
        return self.reports or self.home / "报告"

    @property
    def own_folders(self) -> tuple[Path, ...]:
        """The folders whose files may be enclosed in messages."""
        return self.home, self.reports_folder

    def environment(self) -> dict[str, str]:
        """Variables by which a process started elsewhere reads these very settings; secrets in files stay there."""
        folders = {
            "home": self.home,
            "plan": self.plan,
            **({"reports": self.reports} if self.reports else {}),
            **({"channels": self.channels} if self.channels else {}),
        }
        files = {
            name: str(Path(os.environ[name]).expanduser().resolve())
            for name in SECRET_FILES
            if os.environ.get(name)
        }
        return {**{PREFIX + name.upper(): str(path) for name, path in folders.items()}, **files}


def read_settings() -> Settings:
    """The settings of this installation.

    Raises:
        Problem: 301 for a name that nobody knows, a file that cannot be read, or a value that cannot be meant.
    """
    _refuse_unknown()
    read: dict[str, Any] = {
        name: content for name in SECRETS if (content := _from_file(PREFIX + name.upper()))
    }
    try:
        return Settings(**read)
    except (ValidationError, RuntimeError) as error:  # RuntimeError: a home (~) of nobody
        name = str(error.errors()[0]["loc"][0]).upper() if isinstance(error, ValidationError) else "HOME"
        found = "格式不对" if PREFIX + name in _UNTOLD else os.environ.get(PREFIX + name, "")
        raise _invalid(PREFIX + name, found, _MENDS.get(name, "请写一个文件夹的路径。")) from None


def _refuse_unknown() -> None:
    known = [*(PREFIX + field.upper() for field in Settings.model_fields), *SECRET_FILES]
    for variable in sorted(os.environ):
        if variable.upper().startswith(PREFIX) and variable.upper() not in known:
            raise _invalid(variable, "没有这个配置项", f"可用的配置项：{'、'.join(known)}。")


def _from_file(variable: str) -> str:
    """What stands in the file that ``variable`` with ``_FILE`` names; empty where none is named."""
    name = f"{variable}_FILE"
    path = os.environ.get(name)
    if not path:
        return ""
    if os.environ.get(variable):
        raise _invalid(variable, f"与 {name} 同时设置", "请只保留其中一个。")
    try:
        content = Path(path).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError, RuntimeError):
        content = ""
    if not content:
        raise _invalid(name, path, "请检查该文件是否存在、可读且不为空。")
    return content


def _invalid(name: str, found: str, mend: str) -> Problem:
    return Problem(ProblemKind.SETTING_INVALID, name=name, found=found, mend=mend)
