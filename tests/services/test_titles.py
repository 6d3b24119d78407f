"""Long titles are parted as a printer would: words whole, lines a trapezoid or a lozenge."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.charts import text_width
from services.titles import SIZE, WIDTH, title_lines

WORDS = [
    "关于",
    "2025年度",
    "留守儿童",
    "和",
    "困境儿童",
    "关爱服务",
    "质量提升",
    "三年行动",
    "工作进展",
    "情况",
    "的报告",
    "（试行）",
    "甲区",
]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("区民政局2025年度工作进展情况", ["区民政局2025年度工作进展情况"]),
        (
            "四平市铁东区民政局关于留守儿童和困境儿童关爱服务质量提升三年行动的总结报告",
            ["四平市铁东区民政局关于留守儿童和困境儿童", "关爱服务质量提升三年行动的总结报告"],
        ),
        (
            "四平市铁东区民政局关于2025年度留守儿童和困境儿童关爱服务质量提升三年行动工作进展情况的报告",
            [
                "四平市铁东区民政局关于2025年度",
                "留守儿童和困境儿童关爱服务质量提升",
                "三年行动工作进展情况的报告",
            ],
        ),
        (
            "关于农村留守儿童和困境儿童关爱服务质量提升三年行动2025年度工作情况的报告",
            ["关于农村留守儿童和困境儿童关爱服务", "质量提升三年行动2025年度工作情况的报告"],
        ),
        (
            "区妇女儿童工作委员会办公室（区妇联）2025年度工作进展情况",
            ["区妇女儿童工作委员会办公室", "（区妇联）2025年度工作进展情况"],
        ),
    ],
)
def test_a_title_is_parted_between_words(title: str, lines: list[str]) -> None:
    assert list(title_lines(title)) == lines


def test_a_title_on_a_turned_page_has_its_width() -> None:
    title = "留守儿童和困境儿童关爱服务任务举措完成情况表"
    assert len(title_lines(title)) == 2
    assert title_lines(title, turned=True) == (title,)


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map("".join))
def test_every_line_fits_and_nothing_is_lost_and_the_lines_have_a_shape(title: str) -> None:
    lines = title_lines(title)
    assert "".join(lines) == title
    if len(lines) == 1:
        return
    assert all(text_width(line, SIZE) <= WIDTH for line in lines)
    assert not any(below[0] in "，。、）的" or above[-1] in "（《“" for above, below in pairwise(lines))
    assert not any(above[-1].isascii() and below[0].isascii() for above, below in pairwise(lines))
    steps = [text_width(below, SIZE) - text_width(above, SIZE) for above, below in pairwise(lines)]
    growing = [step > 0 for step in steps]
    assert all(steps)
    assert growing == sorted(growing, reverse=True)
