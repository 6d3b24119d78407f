from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from domain.report.blocks import Bar, BarChart, Mark, Stretch, Timeline
from domain.status import Light
from services.charts import (
    WIDTH,
    Diamond,
    Drawing,
    Label,
    Line,
    Rect,
    draw_bars,
    draw_columns,
    draw_timeline,
    text_width,
)
from services.house_layout import column_widths, mark_size, place_signature


def chart(*values: tuple[int, ...], stacked: bool = False, label: str = "区民政局") -> BarChart:
    bars = tuple(
        Bar(label=label, values=tuple(map(Decimal, row)), texts=tuple(f"{n}项" for n in row))
        for row in values
    )
    series = tuple(f"第{n}类" for n in range(len(values[0])))
    return BarChart(title="图", alt="说明", series=series, stacked=stacked, bars=bars, unit="项")


def rects(drawing: Drawing) -> list[Rect]:
    return [shape for shape in drawing.shapes if isinstance(shape, Rect)]


def extent(label: Label) -> tuple[float, float]:
    """Left and right end of a label, as wide as it is reckoned to be."""
    width = text_width(label.text, label.size)
    left = {"start": label.x, "middle": label.x - width / 2, "end": label.x - width}[label.anchor]
    return left, left + width


def test_bars_are_as_long_as_their_values() -> None:
    one, two = rects(draw_bars(chart((10,), (25,))))
    assert two.width == pytest.approx(2.5 * one.width, abs=0.05)


def test_parts_of_a_stacked_bar_meet_and_an_empty_part_is_left_out() -> None:
    first, second = [rect for rect in rects(draw_bars(chart((3, 0, 5), stacked=True))) if rect.height != 10]
    assert first.x + first.width == pytest.approx(second.x, abs=0.05)
    assert first.fill != second.fill


@pytest.mark.parametrize("label", ["区妇联", "区妇女儿童工作委员会办公室（区妇联）及其所属单位", "很长" * 40])
@pytest.mark.parametrize("draw", [draw_bars, draw_columns])
@pytest.mark.parametrize("stacked", [True, False])
def test_nothing_of_a_chart_stands_outside_it(draw: object, label: str, *, stacked: bool) -> None:
    drawing = draw(chart((1, 2), (0, 0), (980, 1200), (7, 5), stacked=stacked, label=label))  # type: ignore[operator]
    for shape in drawing.shapes:
        if isinstance(shape, Label):
            left, right = extent(shape)
            assert left >= -0.5
            assert right <= WIDTH + 0.5
            assert shape.y <= drawing.height
        if isinstance(shape, Rect):
            assert shape.x >= 0
            assert shape.x + shape.width <= WIDTH + 0.01
            assert shape.y + shape.height <= drawing.height


@pytest.mark.parametrize("stacked", [True, False])
def test_words_beside_bars_have_room_to_spare_on_both_sides(*, stacked: bool) -> None:
    for shape in draw_bars(chart((1, 2), (980, 1200), stacked=stacked, label="14—15岁留守儿童")).shapes:
        if isinstance(shape, Label) and shape.anchor == "end":
            assert extent(shape)[0] >= 4
        elif isinstance(shape, Label):
            assert extent(shape)[1] <= WIDTH - 4


def test_words_beside_narrow_bars_do_not_overlap() -> None:
    drawn = draw_bars(chart((1, 2, 3), (7, 8, 9)))
    figures = [s for s in drawn.shapes if isinstance(s, Label) and s.text.endswith("项")]
    assert len(figures) == 6
    for above, below in pairwise(sorted(figures, key=lambda label: label.y)):
        assert below.y - above.y >= above.size


def test_a_chart_of_zeros_is_drawn() -> None:
    assert all(rect.width == 0 for rect in rects(draw_bars(chart((0,), (0,)))))
    assert all(rect.height == 0 for rect in rects(draw_columns(chart((0,), (0,)))))


def timeline(today: date, label: str = "完成摸底") -> Timeline:
    return Timeline(
        title="图",
        alt="说明",
        stretches=(
            Stretch(start=date(2024, 1, 1), end=date(2024, 12, 31), label="动员部署"),
            Stretch(start=date(2025, 1, 1), end=date(2026, 12, 31), label="组织实施"),
        ),
        marks=tuple(Mark(day=date(2024 + n, 6, 30), label=label, light=Light(n + 1)) for n in range(3)),
        today=today,
    )


def test_milestones_stand_in_the_order_of_time_one_a_line() -> None:
    drawing = draw_timeline(timeline(date(2025, 12, 31)))
    starts = [shape.points.split(",")[0] for shape in drawing.shapes if isinstance(shape, Diamond)]
    assert [float(start) for start in starts] == sorted(map(float, starts))
    lines = [shape.y for shape in drawing.shapes if isinstance(shape, Label) and "完成摸底" in shape.text]
    assert len(set(lines)) == 3


def test_words_too_long_for_a_line_take_two_and_the_next_milestone_makes_room() -> None:
    label = "儿童福利机构实现养育、医疗、康复、教育、社会工作一体化（已达成）"
    drawing = draw_timeline(timeline(date(2027, 1, 1), label=label))
    lines = [s for s in drawing.shapes if isinstance(s, Label) and s.y > 42]
    assert len(lines) > 3
    told = "".join(line.text for line in lines)
    assert told.count(label) == 3
    assert not any(line.text[0] in "，、）" for line in lines)
    for above, below in pairwise(lines):
        assert below.y - above.y >= above.size
    assert all(line.y <= drawing.height for line in lines)


def test_words_beside_a_milestone_stay_inside_however_long() -> None:
    for shape in draw_timeline(timeline(date(2025, 1, 1), label="很长的事项" * 30)).shapes:
        if isinstance(shape, Label):
            left, right = extent(shape)
            assert left >= -0.5
            assert right <= WIDTH + 0.5


def test_the_day_of_the_report_is_drawn_only_where_it_falls_into_the_plan() -> None:
    def dashed(today: date) -> int:
        return sum(isinstance(s, Line) and s.dashed for s in draw_timeline(timeline(today)).shapes)

    assert dashed(date(2025, 12, 31)) == 1
    assert dashed(date(2027, 1, 1)) == 0


def test_a_long_name_of_an_office_shrinks_to_one_line() -> None:
    assert mark_size("甲区民政局文件") == 45
    long = "甲区未成年人保护工作领导小组办公室文件"
    assert mark_size(long) * len(long) <= 442


def test_the_date_stands_four_characters_in_with_the_issuer_centred_over_it() -> None:
    place = place_signature("甲区民政局", "2026年1月5日")
    assert place.day == 64
    middle_of_day = place.day + text_width("2026年1月5日", 16) / 2
    assert place.issuer + text_width("甲区民政局", 16) / 2 == pytest.approx(middle_of_day)


def test_an_issuer_too_long_for_that_ends_at_the_right_edge() -> None:
    place = place_signature("甲区农村留守儿童关爱保护和困境儿童保障工作领导小组办公室", "2026年1月5日")
    assert place.issuer == 0
    assert place.day > 64


def test_column_widths_are_shares_of_the_whole() -> None:
    assert column_widths((1, 3)) == ("25.000%", "75.000%")
