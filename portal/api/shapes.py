"""What goes over the wire alike everywhere: times with their zone, days as ISO 8601, figures as decimal strings."""

from pydantic import BaseModel, ConfigDict, Field

from domain.plan import Plan


class Shape(BaseModel):
    """What is answered."""

    model_config = ConfigDict(frozen=True)


class Citation(Shape):
    """Where the notice says so."""

    cite: str = Field(description="通知条目，#后为第几句", examples=["四（三）8#2"])
    heading: str = Field(description="条目标题；没有标题的为空")


def citations(plan: Plan, cites: tuple[str, ...]) -> list[Citation]:
    """Where the notice says something, with the headings of its paragraphs."""
    headings = {paragraph.id: paragraph.title for paragraph in plan.outline}
    return [Citation(cite=cite, heading=headings.get(cite.split("#")[0], "")) for cite in cites]
