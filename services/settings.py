"""What an installation may decide for itself, read once at the start and passed down.

Everything is an environment variable that starts with ``GUANAI_``; one that nobody knows is refused, because a
misspelt ``GUANAI_DATABASE_URL`` would quietly put a year's work into another database.
"""

import os
from pathlib import Path

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.problems import Problem, ProblemKind
from services.places import PROJECT, shipped_plan

PREFIX = "GUANAI_"
HOME = PREFIX + "HOME"
DATABASE_URL = PREFIX + "DATABASE_URL"
DATABASE_URL_FILE = DATABASE_URL + "_FILE"
"""The file that holds the store's address, where its password shall not stand in the environment."""


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
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    home: Path = PROJECT / "var"
    database_url: str = ""
    plan: Path = Field(default_factory=shipped_plan)
    portal_url: str = Field(default="", pattern="^(https?://.+)?$")
    watch_url: str = Field(default="", pattern="^(https?://.+)?$")

    @field_validator("home", "plan")
    @classmethod
    def _absolute_folder(cls, path: Path) -> Path:
        path = path.expanduser().resolve()
        if path.exists() and not path.is_dir():
            raise ValueError("not a folder")
        return path

    @property
    def store_url(self) -> str:
        """The store's address."""
        return self.database_url or f"sqlite:///{self.home / 'guanai.db'}"


def read_settings() -> Settings:
    """The settings of this installation.

    Raises:
        Problem: 301 for a name that nobody knows, a file that cannot be read, or a value that cannot be meant.
    """
    _refuse_unknown()
    try:
        settings = Settings()
    except (ValidationError, RuntimeError) as error:  # RuntimeError: a home (~) of nobody
        name = str(error.errors()[0]["loc"][0]).upper() if isinstance(error, ValidationError) else "HOME"
        mend = "请写 http:// 或 https:// 开头的地址。" if name.endswith("_URL") else "请写一个文件夹的路径。"
        raise _invalid(PREFIX + name, os.environ.get(PREFIX + name, ""), mend) from None
    url = _url_from_file()
    return settings.model_copy(update={"database_url": url}) if url else settings


def _refuse_unknown() -> None:
    known = [*(PREFIX + field.upper() for field in Settings.model_fields), DATABASE_URL_FILE]
    for variable in sorted(os.environ):
        if variable.upper().startswith(PREFIX) and variable.upper() not in known:
            raise _invalid(variable, "没有这个配置项", f"可用的配置项：{'、'.join(known)}。")


def _url_from_file() -> str:
    path = os.environ.get(DATABASE_URL_FILE)
    if not path:
        return ""
    if os.environ.get(DATABASE_URL):
        raise _invalid(DATABASE_URL, f"与 {DATABASE_URL_FILE} 同时设置", "请只保留其中一个。")
    try:
        content = Path(path).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError, RuntimeError):
        content = ""
    if not content:
        raise _invalid(DATABASE_URL_FILE, path, "请检查该文件是否存在、可读且不为空。")
    return content


def _invalid(name: str, found: str, mend: str) -> Problem:
    return Problem(ProblemKind.SETTING_INVALID, name=name, found=found, mend=mend)
