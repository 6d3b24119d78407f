"""The plan and the reports over the API, as they concern one unit."""

from datetime import date, datetime

from pydantic import Field

from domain.plan import Plan
from domain.plan_view import cadence_words
from portal.api.shapes import Citation, Shape, citations
from services.filed_reports import Filed


class DocumentShape(Shape):
    """The notice."""

    title: str
    number: str = Field(description="发文字号")
    issuer: str
    issued: date


class UnitShape(Shape):
    """The unit for which the token acts."""

    id: str
    name: str


class MeasureShape(Shape):
    """A measure that the unit shares."""

    number: int
    title: str
    leads: bool = Field(description="本单位是否牵头")
    demands: list[str]
    citations: list[Citation]


class DutyShape(Shape):
    """A duty of the unit."""

    duty: str
    title: str
    measure: int | None
    cadence: str = Field(description="周期", examples=["每季度"])
    demand: str
    citations: list[Citation]


class PlanShape(Shape):
    """The plan as it concerns one unit."""

    id: str
    name: str
    version: int = Field(description="启用的第几版")
    start: date
    end: date
    document: DocumentShape
    unit: UnitShape
    measures: list[MeasureShape]
    duties: list[DutyShape]

    @classmethod
    def of(cls, plan: Plan, version: int, unit: str) -> "PlanShape":
        """What the plan asks of a unit."""
        document = plan.document
        return cls(
            id=plan.id,
            name=plan.name,
            version=version,
            start=plan.start,
            end=plan.end,
            document=DocumentShape(
                title=document.title, number=document.number, issuer=document.issuer, issued=document.issued
            ),
            unit=UnitShape(id=unit, name=plan.units_by_id[unit].name),
            measures=[
                MeasureShape(
                    number=m.number,
                    title=m.title,
                    leads=unit in plan.expand(m.lead),
                    demands=list(m.demands),
                    citations=citations(plan, m.cites),
                )
                for m in plan.unit_measures(unit)
            ],
            duties=[
                DutyShape(
                    duty=d.id,
                    title=d.title,
                    measure=d.measure,
                    cadence=cadence_words(d.cadence),
                    demand=d.demand,
                    citations=citations(plan, d.cites),
                )
                for d in plan.duties
                if unit in plan.duty_units(d)
            ],
        )


class ReportShape(Shape):
    """A report that was released."""

    id: int
    year: int
    as_of: date = Field(description="数据截至")
    released_at: datetime | None = Field(description="发布时间")

    @classmethod
    def of(cls, report: Filed) -> "ReportShape":
        """A report as it is listed."""
        return cls(id=report.id, year=report.year, as_of=report.as_of, released_at=report.released_at)


class Reports(Shape):
    """What was released, the newest first."""

    reports: list[ReportShape]


class KindShape(Shape):
    """A kind of problem; what differs from case to case is left out (…)."""

    type: str
    number: int
    status: int
    title: str
    detail: str
