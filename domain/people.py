"""Who may do what: the four roles, and an account as the pages know it. Pure."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from domain.canonical import person


class Role(StrEnum):
    """What somebody may do; one account may have several roles."""

    OFFICE = "office"
    LIAISON = "liaison"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {
    Role.OFFICE: "办公室",
    Role.LIAISON: "单位联络员",
    Role.LEADER: "领导",
    Role.ADMINISTRATOR: "系统管理员",
}


@dataclass(frozen=True)
class Grant:
    """A role that an account has; ``unit`` is a unit's id for a liaison, else empty."""

    role: Role
    unit: str = ""


@dataclass(frozen=True)
class Account:
    """A named account.

    Attributes:
        login: what is typed to sign in.
        name: the person's name, as submissions and reviews bear it; unique among accounts.
        grants: its roles.
        active: whether it may sign in.
        has_password: whether a password was ever set; without one only a link signs in.
    """

    id: int
    login: str
    name: str
    grants: tuple[Grant, ...]
    active: bool = True
    has_password: bool = False

    def may(self, *roles: Role) -> bool:
        """Whether it has one of these roles."""
        return any(grant.role in roles for grant in self.grants)

    @property
    def units(self) -> tuple[str, ...]:
        """Ids of the units for which it reports."""
        return tuple(grant.unit for grant in self.grants if grant.role is Role.LIAISON)

    @property
    def role_names(self) -> str:
        """Its roles in words: 办公室、单位联络员."""
        return "、".join(dict.fromkeys(ROLE_NAMES[grant.role] for grant in self.grants))


LEAST_PASSWORD = 10
"""Characters of a password: length helps more than odd characters (NIST SP 800-63B, 3.1.1)."""
MOST_PASSWORD = 128
_FEWEST_DIFFERENT = 5


def weakness(password: str, account_words: Iterable[str]) -> str | None:
    """What is wrong with a new password, as the rest of a sentence; None where it may be used.

    Args:
        password: as typed.
        account_words: login and name, which anybody would try first.
    """
    if len(password) < LEAST_PASSWORD:
        return f"少于 {LEAST_PASSWORD} 个字符"
    if len(password) > MOST_PASSWORD:
        return f"超过 {MOST_PASSWORD} 个字符"
    if len(set(password)) < _FEWEST_DIFFERENT:
        return "重复的字符太多"
    folded = person(password)
    if any(len(person(word)) > 1 and person(word) in folded for word in account_words):
        return "含有登录名或姓名"
    if _is_run(folded):
        return "是连续的字符，容易被猜中"
    return None


def _is_run(text: str) -> bool:
    """Whether each character follows the one before: 1234567890, abcdefghij, and the same backwards."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps in ({1}, {-1}) or text in "1234567890" * 3


def login_of(text: str) -> str:
    """A login as it is stored and compared: one width, one case, no blanks around."""
    return unicodedata.normalize("NFKC", text).strip().casefold()
