"""What lets another system act for a unit over the API (访问令牌), and what it lets it do. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """What a token lets its holder do, for its own unit only."""

    ITEMS_READ = "items:read"
    ITEMS_SUBMIT = "items:submit"
    REPORTS_READ = "reports:read"


SCOPE_NAMES = {
    Scope.ITEMS_READ: "查看方案、本单位事项和报送记录",
    Scope.ITEMS_SUBMIT: "检查和报送本单位事项",
    Scope.REPORTS_READ: "查看、下载本单位已发布的报告",
}

MOST_NAME = 20
"""Characters of a token's name, so that it stands in the audit beside a person's (:attr:`Token.label`)."""
MOST_DAYS = 365
"""Days that a token may last."""


@dataclass(frozen=True)
class Token:
    """A token as it is known after it was made; the secret itself is known to its holder only.

    Attributes:
        unit: id of the unit for which it acts.
        name: what it is called, as the system that holds it.
        scopes: what it lets do.
        revoked_at: when it was taken back; None for one that was not.
        used_at: about when it was last used; None for one that never was.
    """

    id: int
    unit: str
    name: str
    scopes: frozenset[Scope]
    made_at: datetime
    made_by: str
    expires_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None

    @property
    def label(self) -> str:
        """How the audit names it: 令牌3 市平台."""
        return f"令牌{self.id} {self.name}"

    @property
    def scope_names(self) -> str:
        """What it lets do, in words."""
        return "；".join(name for scope, name in SCOPE_NAMES.items() if scope in self.scopes)

    def usable(self, at: datetime) -> bool:
        """Whether it may still be used at a moment."""
        return self.revoked_at is None and at < self.expires_at
