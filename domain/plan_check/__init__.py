"""What a plan's types cannot tell: whether its entries agree with each other and with the notice. Pure."""

from domain.plan import Plan
from domain.plan_check.citations import check_citations, check_outline
from domain.plan_check.duties import check_duties
from domain.plan_check.finding import Finding, Loc, nearest
from domain.plan_check.indicators import check_indicators
from domain.plan_check.ladder import check_ladder
from domain.plan_check.names import check_names
from domain.plan_check.times import check_times

__all__ = ["Finding", "Loc", "check", "check_outline", "nearest"]


def check(plan: Plan) -> list[Finding]:
    """Every disagreement inside ``plan``; empty where it holds together."""
    return [
        *check_names(plan),
        *check_citations(plan),
        *check_times(plan),
        *check_duties(plan),
        *check_indicators(plan),
        *check_ladder(plan),
    ]
