"""The guard at the door: refuses what identifies a child, alone or joined with other information."""

from domain.privacy.guard import find, find_in_value
from domain.privacy.rules import RULES, Context, Finding, Rule, RuleId

__all__ = ["RULES", "Context", "Finding", "Rule", "RuleId", "find", "find_in_value"]
