"""Who may use which address: every route of the portal and of its API has its row here, or the suite fails.

A row names the logins of the cast that are let through; everybody else is turned away. ``STRANGER`` is somebody who is not
signed in. Addresses are filled in with 高原's unit (县民政局), so that 许静 of another unit must be turned away.
Rows of the API name the systems of ``tests/portal/systems.py``, whose addresses are 河口镇's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.portal import systems
from tests.portal.browser import ADMIN, GAO_YUAN, LUO_MIN, XU_JING, ZHENG_MING, ZHOU_LAN

STRANGER = "stranger"
EVERYBODY = frozenset({STRANGER, ZHOU_LAN, LUO_MIN, GAO_YUAN, XU_JING, ZHENG_MING, ADMIN})
PEOPLE = EVERYBODY - {STRANGER}
OFFICE = frozenset({ZHOU_LAN, LUO_MIN})
UNIT = frozenset({GAO_YUAN})
LEADERS = OFFICE | {ZHENG_MING}
LEADERS_ALONE = frozenset({ZHENG_MING})
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
    ("GET", "/account/addresses"): Row(PEOPLE),
    ("POST", "/account/addresses/{contact}"): Row(UNIT),
    ("GET", "/contacts"): Row(OVERSEERS),
    ("POST", "/contacts"): Row(OVERSEERS),
    ("GET", "/contacts.xlsx"): Row(OVERSEERS),
    ("POST", "/contacts/import"): Row(OVERSEERS),
    ("GET", "/contacts/{contact}"): Row(OVERSEERS),
    ("POST", "/contacts/{contact}"): Row(OVERSEERS),
    ("POST", "/contacts/{contact}/forget"): Row(OVERSEERS),
    ("GET", "/people"): Row(OVERSEERS),
    ("POST", "/people"): Row(ADMINISTRATORS),
    ("GET", "/people/{number}"): Row(ADMINISTRATORS),
    ("POST", "/people/{number}"): Row(ADMINISTRATORS),
    ("POST", "/people/{number}/link"): Row(OVERSEERS),
    ("GET", "/office"): Row(OFFICE),
    ("GET", "/office/matrix"): Row(OFFICE),
    ("GET", "/office/matrix.xlsx"): Row(OFFICE),
    ("GET", "/office/phases"): Row(OFFICE),
    ("POST", "/office/phases/{phase}/close"): Row(OFFICE),
    ("GET", "/office/rates"): Row(OFFICE),
    ("GET", "/office/rates.xlsx"): Row(OFFICE),
    ("GET", "/office/items"): Row(OFFICE),
    ("GET", "/office/items.xlsx"): Row(OFFICE),
    ("GET", "/office/items/{number}"): Row(OFFICE),
    ("POST", "/office/items/{number}/accept"): Row(OFFICE),
    ("POST", "/office/items/{number}/return"): Row(OFFICE),
    ("POST", "/office/items/{number}/correction"): Row(OFFICE),
    ("GET", "/office/attachments/{number}"): Row(OFFICE),
    ("GET", "/office/review"): Row(OFFICE),
    ("POST", "/office/review"): Row(OFFICE),
    ("GET", "/office/extensions"): Row(OFFICE),
    ("GET", "/office/extensions/decided"): Row(OFFICE),
    ("GET", "/office/extensions/decided.xlsx"): Row(OFFICE),
    ("POST", "/office/extensions/{asked}/grant"): Row(OFFICE),
    ("POST", "/office/extensions/{asked}/refuse"): Row(OFFICE),
    ("GET", "/office/messages"): Row(OFFICE),
    ("GET", "/office/messages.xlsx"): Row(OFFICE),
    ("GET", "/office/messages/{message}"): Row(OFFICE),
    ("POST", "/office/messages/{message}/retry"): Row(OFFICE),
    ("POST", "/office/messages/{message}/settle"): Row(OFFICE),
    ("POST", "/office/messages/{message}/drop"): Row(OFFICE),
    ("POST", "/office/items/{number}/urge"): Row(OFFICE),
    ("POST", "/office/items/{number}/instruction"): Row(OFFICE),
    ("POST", "/office/urges"): Row(OFFICE),
    ("GET", "/office/supervision"): Row(OFFICE),
    ("GET", "/office/supervision.xlsx"): Row(OFFICE),
    ("GET", "/office/supervision/lines.xlsx"): Row(OFFICE),
    ("GET", "/office/supervision/{unit}"): Row(OFFICE),
    ("GET", "/office/instructions"): Row(OFFICE),
    ("GET", "/office/appeals"): Row(OFFICE),
    ("POST", "/office/appeals/{asked}/uphold"): Row(OFFICE),
    ("POST", "/office/appeals/{asked}/refuse"): Row(OFFICE),
    ("GET", "/office/cases"): Row(OFFICE),
    ("GET", "/office/cases.xlsx"): Row(OFFICE),
    ("POST", "/office/cases/{asked}/select"): Row(OFFICE),
    ("POST", "/office/cases/{asked}/decline"): Row(OFFICE),
    ("GET", "/office/commendation"): Row(OFFICE),
    ("GET", "/office/commendation.xlsx"): Row(OFFICE),
    ("POST", "/office/commendation"): Row(OFFICE),
    ("GET", "/office/pauses"): Row(OFFICE),
    ("POST", "/office/pauses"): Row(OFFICE),
    ("GET", "/office/reports"): Row(OFFICE),
    ("POST", "/office/reports"): Row(OFFICE, {"year": "2025", "as_of": "2025-12-31"}),
    ("GET", "/office/reports/runs/{run}"): Row(OFFICE),
    ("GET", "/office/reports/{report}"): Row(OFFICE),
    ("POST", "/office/reports/{report}/release"): Row(OFFICE),
    ("POST", "/office/circulars"): Row(OFFICE, {"period": "2025Q3", "as_of": "2025-12-31"}),
    ("POST", "/office/phase-assessments"): Row(OFFICE, {"phase": "base", "as_of": "2025-12-31"}),
    ("GET", "/office/reports/{circular}/receipts"): Row(OFFICE),
    ("GET", "/office/reports/{circular}/receipts.xlsx"): Row(OFFICE),
    ("POST", "/office/reports/{circular}/urge"): Row(OFFICE),
    ("GET", "/ack/{circular}"): Row(PEOPLE - ADMINISTRATORS),
    ("POST", "/ack/{circular}"): Row(UNIT, {"unit": "civil"}),
    ("GET", "/leader"): Row(LEADERS),
    ("GET", "/leader/items"): Row(LEADERS),
    ("GET", "/leader/items/{number}"): Row(LEADERS),
    ("POST", "/leader/items/{number}/instruction"): Row(LEADERS_ALONE),
    ("GET", "/leader/ranking"): Row(LEADERS),
    ("GET", "/leader/cases"): Row(LEADERS),
    ("GET", "/reports/{report}/papers/{paper}"): Row(LEADERS | UNIT),
    ("GET", "/reports/{report}/papers/{paper}/word"): Row(LEADERS),
    ("GET", "/reports/{report}/papers/{paper}/figures"): Row(LEADERS | UNIT),
    ("GET", "/units/{unit}"): Row(UNIT),
    ("GET", "/units/{unit}/finished"): Row(UNIT),
    ("GET", "/units/{unit}/history"): Row(UNIT),
    ("GET", "/units/{unit}/reports"): Row(UNIT),
    ("GET", "/units/{unit}/workbook"): Row(UNIT),
    ("POST", "/units/{unit}/workbook"): Row(UNIT),
    ("GET", "/units/{unit}/items/{number}"): Row(UNIT),
    ("POST", "/units/{unit}/items/{number}/draft"): Row(UNIT, {"passage:progress": "已建账"}),
    ("POST", "/units/{unit}/items/{number}/discard"): Row(UNIT),
    ("GET", "/units/{unit}/items/{number}/colleagues/{colleague}"): Row(UNIT),
    ("POST", "/units/{unit}/items/{number}/check"): Row(UNIT),
    ("POST", "/units/{unit}/items/{number}/submit"): Row(UNIT),
    ("POST", "/units/{unit}/items/{number}/attachments"): Row(UNIT),
    ("GET", "/units/{unit}/items/{number}/versions/{version}"): Row(UNIT),
    ("GET", "/units/{unit}/items/{number}/extension"): Row(UNIT),
    ("POST", "/units/{unit}/items/{number}/extension"): Row(UNIT),
    ("GET", "/units/{unit}/attachments/{attachment}"): Row(UNIT),
    ("GET", "/units/{unit}/receipts/{receipt}"): Row(UNIT),
    ("GET", "/units/{unit}/supervision"): Row(UNIT),
    ("POST", "/units/{unit}/appeals"): Row(UNIT),
    ("POST", "/units/{unit}/instructions/{asked}/answer"): Row(UNIT),
    ("GET", "/units/{unit}/cases"): Row(UNIT),
    ("POST", "/units/{unit}/cases"): Row(UNIT),
    ("GET", "/platform"): Row(OVERSEERS),
    ("GET", "/tokens"): Row(ADMINISTRATORS),
    ("POST", "/tokens"): Row(ADMINISTRATORS, {"unit": "civil"}),
    ("POST", "/tokens/{held}/revoke"): Row(ADMINISTRATORS),
    ("GET", "/api/v1/docs"): Row(EVERYBODY),
}

SYSTEMS = frozenset(
    {
        systems.READER,
        systems.SENDER,
        systems.REPORTER,
        systems.OTHER,
        systems.EXPIRED,
        systems.REVOKED,
        systems.NOBODY,
    }
)
READERS, SENDERS, REPORTERS = (frozenset({one}) for one in (systems.READER, systems.SENDER, systems.REPORTER))
OTHERS = frozenset({systems.OTHER})

API_ROWS: Mapping[tuple[str, str], frozenset[str]] = {
    ("GET", "/api/v1/openapi.json"): SYSTEMS,
    ("GET", "/api/v1/problems/{number}"): SYSTEMS,
    ("GET", "/api/v1/plan"): READERS | OTHERS,
    ("GET", "/api/v1/items"): READERS | OTHERS,
    ("GET", "/api/v1/items/{key:item}"): READERS,
    ("GET", "/api/v1/items/{key:item}/submissions"): READERS,
    ("GET", "/api/v1/items/{key:item}/attachments"): READERS,
    ("POST", "/api/v1/items/{key:item}/attachments"): SENDERS,
    ("POST", "/api/v1/items/{key:item}/submissions"): SENDERS,
    ("POST", "/api/v1/items/{key:item}/checks"): SENDERS,
    ("GET", "/api/v1/receipts/{receipt}"): READERS,
    ("GET", "/api/v1/reports"): REPORTERS | OTHERS,
    ("GET", "/api/v1/reports/{report}/file"): REPORTERS | OTHERS,
}
"""Which systems are let through; a browser that is signed in is not, nor a token that does not come in its header."""
