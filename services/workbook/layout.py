"""What stands in a unit's form (填报表), before anything is written: pure, and the same for writer and reader.

A form has up to three sheets to fill in. Each of their rows answers for one item, one indicator of an item, or one
passage of the yearly report, and bears a number (编号) by which it is found again wherever it was moved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from domain.entries import STATE_NAMES
from domain.typed import FIGURE_EXPECTED

LAYOUT_VERSION = 1
"""Raised whenever a sheet or a column changes its meaning; older forms are then refused."""

GUIDE_SHEET = "填报说明"
STAMP_SHEET = "_stamp"
NUMBER = "编号"

Value = str | Decimal | None


class Fill(StrEnum):
    """What may be written into a column; ``LOCKED`` columns are the form's own."""

    LOCKED = "locked"
    STATE = "state"
    TEXT = "text"
    FIGURE = "figure"
    REMARK = "remark"


@dataclass(frozen=True)
class Column:
    """One column: its heading, its width in characters of the default font, and what goes into it."""

    title: str
    width: float
    fill: Fill = Fill.LOCKED


@dataclass(frozen=True)
class Sheet:
    """One sheet to fill in; the first column is always the number (编号), filled columns come last."""

    name: str
    hint: str
    columns: tuple[Column, ...]
    kept_in_sight: int = 3
    """How many columns stay while the others scroll."""

    @property
    def locked(self) -> tuple[Column, ...]:
        """The form's own columns after the number."""
        return tuple(c for c in self.columns[1:] if c.fill is Fill.LOCKED)

    @property
    def filled(self) -> tuple[Column, ...]:
        """The columns that the unit fills in."""
        return tuple(c for c in self.columns if c.fill is not Fill.LOCKED)


PROGRESS_SHEET = Sheet(
    "事项进展",
    "请逐项选择“完成情况”并填写“进展情况”（黄色单元格）；本次不报的事项整行留空即可。",
    (
        Column(NUMBER, 8),
        Column("任务举措", 20),
        Column("事项", 22),
        Column("要求", 36),
        Column("期间", 16),
        Column("截止日期", 25),
        Column("退回理由", 20),
        Column("完成情况", 14, Fill.STATE),
        Column("进展情况", 52, Fill.TEXT),
    ),
)
FIGURES_SHEET = Sheet(
    "指标数据",
    "“本期数”只填数字：没有发生填 0；暂缺的留空并在“说明”中写明原因；与上期相差很大的也请说明。",
    (
        Column(NUMBER, 10),
        Column("事项", 24),
        Column("期间", 16),
        Column("指标", 26),
        Column("计量单位", 11),
        Column("口径", 36),
        Column("上期数", 12),
        Column("本期数", 14, Fill.FIGURE),
        Column("说明", 36, Fill.REMARK),
    ),
)
ANNUAL_SHEET = Sheet(
    "年度报告",
    "请在“填报内容”（黄色单元格）中逐段填写；办公室据此汇总全区年度报告。",
    (
        Column(NUMBER, 8),
        Column("部分", 26),
        Column("要求", 44),
        Column("退回理由", 20),
        Column("填报内容", 96, Fill.TEXT),
    ),
    kept_in_sight=2,
)
SHEETS = (PROGRESS_SHEET, FIGURES_SHEET, ANNUAL_SHEET)


@dataclass(frozen=True)
class Line:
    """One row to fill in.

    Attributes:
        number: the row's number (编号), unique in the form.
        key: key of the work item.
        part: what of the item it answers: the slot of a passage, or the id of an indicator.
        locked: the form's own cells after the number, in the sheet's order.
        filled: what the unit has handed in already; None where it has not.
        decimals: digits after the point that a figure may have.
    """

    number: str
    key: str
    part: str
    locked: tuple[Value, ...]
    filled: tuple[Value, ...]
    decimals: int = 0


@dataclass(frozen=True)
class Deadline:
    """A day by which items of the form are due, and what is due then."""

    due: str
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """A unit's form for a year: who fills it in, by when, and every row of it by sheet name."""

    plan_id: str
    plan_name: str
    unit: str
    unit_name: str
    year: int
    as_of: date
    deadlines: tuple[Deadline, ...]
    lines: Mapping[str, tuple[Line, ...]]

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets that this form has: those with something to fill in."""
        return tuple(sheet for sheet in SHEETS if self.lines.get(sheet.name))


def file_name(unit_name: str, year: int) -> str:
    """The form's file name: ``填报表（区民政局，2025年度）.xlsx``."""
    return f"填报表（{unit_name}，{year}年度）.xlsx"


def expected(fill: Fill) -> str:
    """What belongs into a column of this kind, as told to whoever filled it in."""
    match fill:
        case Fill.LOCKED:
            return "保持原样"
        case Fill.STATE:
            return "从下拉列表中选择：" + "、".join(STATE_NAMES.values())
        case Fill.TEXT | Fill.REMARK:
            return "直接填写文字"
        case Fill.FIGURE:
            return FIGURE_EXPECTED
    assert_never(fill)
