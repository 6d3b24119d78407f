"""Who may use which address: every route of the portal has its row here, or the suite fails.

A row names the logins of the cast that are let through; everybody else is turned away. ``STRANGER`` is somebody who is not
signed in. Addresses are filled in with 高原's unit (县民政局), so that 许静 of another unit must be turned away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.portal.browser import ADMIN, GAO_YUAN, LUO_MIN, XU_JING, ZHENG_MING, ZHOU_LAN

STRANGER = "stranger"
EVERYBODY = frozenset({STRANGER, ZHOU_LAN, LUO_MIN, GAO_YUAN, XU_JING, ZHENG_MING, ADMIN})
PEOPLE = EVERYBODY - {STRANGER}
OFFICE = frozenset({ZHOU_LAN, LUO_MIN})
UNIT = frozenset({GAO_YUAN})
LEADERS = OFFICE | {ZHENG_MING}
ADMINISTRATORS = frozenset({ADMIN})
OVERSEERS = OFFICE | ADMINISTRATORS


@dataclass(frozen=True)
class Row:
    """Who is let through, and what a form there is sent with; ``{name}`` in an address is filled in by the test."""

    who: frozenset[str]
    fields: Mapping[str, str] = field(default_factory=dict)


ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/"): Row(EVERYBODY),
    ("GET", "/health"): Row(EVERYBODY),
    ("GET", "/sign-in"): Row(EVERYBODY),
    ("POST", "/sign-in"): Row(EVERYBODY),
    ("GET", "/enter/{token}"): Row(EVERYBODY),
    ("POST", "/enter/{token}"): Row(EVERYBODY),
    ("POST", "/sign-out"): Row(EVERYBODY),
    ("GET", "/account"): Row(PEOPLE),
    ("POST", "/account/password"): Row(PEOPLE),
    ("GET", "/people"): Row(OVERSEERS),
    ("POST", "/people"): Row(ADMINISTRATORS),
    ("GET", "/people/{number}"): Row(ADMINISTRATORS),
    ("POST", "/people/{number}"): Row(ADMINISTRATORS),
    ("POST", "/people/{number}/link"): Row(OVERSEERS),
    ("GET", "/office/reports"): Row(OFFICE),
    ("GET", "/office/reports/{report}"): Row(OFFICE),
    ("POST", "/office/reports/{report}/release"): Row(OFFICE),
    ("GET", "/reports/{report}/papers/{paper}"): Row(LEADERS | UNIT),
    ("GET", "/platform"): Row(OVERSEERS),
}
