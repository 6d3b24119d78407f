"""A small cast of districts that report upward: 临河县, 望江区 and 青山区, each with a plan of its own."""

from datetime import date
from zlib import crc32

from domain.counts import Missing, Released, Shown, Withheld
from domain.plan import ReportSpec
from domain.report.summary import (
    FigureSummary,
    MeasureSummary,
    MilestoneSummary,
    Standing,
    Summary,
    UnitSummary,
)
from domain.rollup.frame import Frame
from domain.rollup.senders import Sender

KEY = "0123-4567-89ab-cdef-0123-4567-89ab-cdef"
SPEC = ReportSpec(
    heading="江北市民政局文件",
    number_prefix="江北民",
    issuer="江北市民政局",
    addressee="省民政厅",
    printer="江北市民政局",
    subject="儿童关爱保护",
)


def slug(name: str) -> str:
    """An id for an indicator of that name."""
    return f"i{crc32(name.encode())}"


def figure(name: str, released: Released | int | None, **more: object) -> FigureSummary:
    """A figure: shown where a number is given, missing for None."""
    if released is None:
        released = Missing()
    elif isinstance(released, int):
        released = Shown.of(released)
    known = {
        "id": "01",
        "indicator": slug(name),
        "name": name,
        "unit": "人",
        "nature": "stock",
        "overlaps": False,
        "adds_up": True,
        "released": released,
        "whole": True,
    }
    return FigureSummary.model_validate({**known, **more})


def measure(number: int, title: str, due: int = 10, complete: int = 10) -> MeasureSummary:
    """A measure of which so many items were due and so many are there, all of them in time and right."""
    standing = Standing(due=due, complete=complete, timely=complete, good=complete)
    return MeasureSummary(number=number, title=title, standing=standing)


def summary(region: str, *figures: FigureSummary, measures: tuple[MeasureSummary, ...] = ()) -> Summary:
    """What a district of two units reports."""
    standing = Standing(
        due=sum(m.standing.due for m in measures),
        complete=sum(m.standing.complete for m in measures),
        timely=sum(m.standing.timely for m in measures),
        good=sum(m.standing.good for m in measures),
    )
    return Summary(
        region=region,
        plan={"临河县": "linhe", "望江区": "wangjiang", "青山区": "qingshan"}.get(region, "other"),
        plan_name=f"{region}行动方案",
        number="〔2025〕1号",
        issuer=f"{region}民政局",
        standing=standing,
        measures=measures,
        units=(UnitSummary(name="教育局", standing=standing), UnitSummary(name="公安局", standing=standing)),
        figures=figures,
        milestones=(MilestoneSummary(phase="全程", title="建立台账", state="已达成"),),
        highlights=(f"{region}教育局建成家校联络站。",),
        shortcomings=(),
    )


def frame(**more: object) -> Frame:
    """江北市's frame."""
    return Frame.model_validate({"region": "江北市", "report": SPEC, **more})


def sent(one: Summary, *, known: bool = True) -> Sender:
    """A package of a district."""
    return Sender(one, f"{one.region}.zip", date(2025, 12, 5), "a" * 64, KEY, known)


WITHHELD = Withheld()
