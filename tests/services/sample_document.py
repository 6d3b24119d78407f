"""A long document in the house layout, for the tests of geometry; its words are made up."""

from datetime import UTC, date, datetime
from decimal import Decimal

from domain.report.blocks import (
    Annex,
    Bar,
    BarChart,
    Block,
    Cell,
    Column,
    FigureRef,
    Heading,
    Letterhead,
    Mark,
    Paragraph,
    Row,
    Stretch,
    Table,
    Text,
    Timeline,
)
from domain.status import LIGHT_SIGNS, Light
from services.rendering import Metadata, environment, render_pdf

TITLE = "关于农村留守儿童和困境儿童关爱服务质量提升三年行动2025年度工作情况的报告"
LETTERHEAD = Letterhead(
    heading="甲区民政局文件",
    number="甲民发〔2026〕1号",
    signatory="翀昇玥",
    addressee="乙市民政局",
    issuer="甲区民政局",
    signed=date(2026, 1, 5),
    copies=("乙市人民政府办公室", "甲区人民政府办公室"),
    printer="甲区民政局办公室",
    printed=date(2026, 1, 5),
)
METADATA = Metadata(
    title=TITLE,
    author="甲区民政局",
    identifier=b"0123456789abcdef",
    created=datetime(2026, 1, 5, 9, 30, tzinfo=UTC),
    subject="年度报告",
    keywords=("留守儿童", "困境儿童"),
)
PROSE = (
    "为深入贯彻落实党中央、国务院关于加强农村留守儿童和困境儿童关爱服务工作的决策部署，全区上下坚持以儿童为中心，"
    "压实家庭监护主体责任，健全部门协同机制，不断提升关爱服务的精准化、专业化水平，切实做到“早发现、早报告、早处置”。"
)
FIGURES = (
    "2025年共走访儿童1,234人次（其中留守儿童567人次），走访完成率为95.5%，较上年提高3.2个百分点；落实《未成年人保护法》"
    "宣传“进村（社区）、进学校、进家庭”活动36场，覆盖9,800余人；协调第1至第4季度数据比对，发现并更正信息41条。"
)

TEMPLATE = """
{% extends "house/base.html" %}
{% import "house/parts.html" as house %}
{% block content %}
{{ house.letterhead("甲区民政局文件", "甲民发〔2026〕1号", signatory="翀昇玥", copy_number="000001") }}
{{ house.title(title) }}
{{ house.notice(face) }}
{{ house.addressee("乙市民政局") }}
{% for block in blocks %}{{ house.block(block) }}{% endfor %}
{{ house.annex_list(annexes | map(attribute="title") | list) }}
{{ house.signature("甲区民政局", day) }}
{% for annex in annexes %}
{% call house.annex(annex.number, annex.title, landscape=annex.landscape) %}
{% for block in annex.blocks %}{{ house.block(block) }}{% endfor %}
{% endcall %}
{% endfor %}
{{ house.imprint(("乙市人民政府办公室", "甲区人民政府办公室"), "甲区民政局办公室", day) }}
{% endblock %}
"""


def body(paragraphs: int) -> list[Block]:
    """Headings of four levels and ``paragraphs`` paragraphs under each of two parts."""
    blocks: list[Block] = []
    for part, name in (("一、", "基本情况"), ("二、", "主要做法与成效")):
        blocks.append(Heading(level=1, text=f"{part}{name}"))
        blocks.append(Heading(level=2, text="（一）强化组织领导，健全工作机制"))
        blocks.append(Heading(level=3, text="1.压实监护责任。"))
        blocks.append(Heading(level=4, text="（1）建立台账。"))
        for number in range(paragraphs):
            runs = (
                Text(text=PROSE),
                Text(text="共走访"),
                FigureRef(id=f"S{number + 1:02d}", text="1,234人次"),
                Text(text=f"。{FIGURES}"),
            )
            lead = f"{number + 1}.实施精准关爱行动。" if number % 2 else ""
            blocks.append(Paragraph(lead=lead, runs=runs))
    return blocks


def charts() -> list[Block]:
    names = ("区民政局", "区教育局", "区人民检察院", "某某街道办事处", "区妇女儿童工作委员会办公室（区妇联）")
    stacked = tuple(
        Bar(
            label=name,
            values=(Decimal(12 + n), Decimal(3), Decimal(n)),
            texts=(str(12 + n), "3", str(n)),
        )
        for n, name in enumerate(names)
    )
    years = tuple(
        Bar(
            label=name,
            values=(Decimal(40 + 7 * n), Decimal(52 + 5 * n)),
            texts=(str(40 + 7 * n), str(52 + 5 * n)),
        )
        for n, name in enumerate(names[:4])
    )
    marks = tuple(
        Mark(
            day=date(2024 + n // 4, 3 * (n % 4) + 1, 15),
            label=f"完成第{n + 1}项阶段性任务",
            light=Light(n % 5),
        )
        for n in range(11)
    )
    return [
        BarChart(
            title="图1　各单位事项办理情况",
            alt="各单位已完成、推进中、未到期的事项数",
            series=("已完成", "推进中", "未到期"),
            stacked=True,
            bars=stacked,
            unit="项",
        ),
        BarChart(
            title="图2　两年走访人次",
            alt="四个单位2024年与2025年的走访人次",
            series=("2024年", "2025年"),
            stacked=False,
            bars=years,
            unit="人次",
        ),
        Timeline(
            title="图3　三个阶段与时间节点",
            alt="三个阶段的起止与十一个时间节点",
            stretches=(
                Stretch(start=date(2024, 1, 1), end=date(2024, 6, 30), label="动员部署"),
                Stretch(start=date(2024, 7, 1), end=date(2026, 6, 30), label="组织实施"),
                Stretch(start=date(2026, 7, 1), end=date(2026, 12, 31), label="总结提升"),
            ),
            marks=marks,
            today=date(2025, 12, 31),
        ),
    ]


def indicator_table(rows: int) -> Table:
    body_rows = tuple(
        Row(
            cells=(
                Cell(text=str(n + 1)),
                Cell(text="享受基本生活保障的困境儿童人数" if n % 3 else "开展入户走访的人次"),
                Cell(text="人"),
                Cell(text=f"{1200 + n:,}"),
                Cell(text=f"{1100 + n:,}"),
            )
        )
        for n in range(rows)
    )
    return Table(
        caption="表1　主要指标完成情况",
        columns=(
            Column(title="序号", share=1, align="center"),
            Column(title="指标", share=6),
            Column(title="单位", share=1, align="center"),
            Column(title="2025年", share=2, align="right"),
            Column(title="2024年", share=2, align="right"),
        ),
        rows=(
            Row(kind="section", cells=(Cell(text="一、精准关爱行动"),)),
            *body_rows,
            Row(kind="total", cells=tuple(Cell(text=text) for text in ("", "合计", "", "48,000", "44,000"))),
        ),
        notes=("注：数字为示例；“—”表示不适用。",),
    )


def completion_table(rows: int) -> Table:
    units = (
        "区委宣传部",
        "区民政局",
        "区教育局",
        "区人民检察院",
        "区公安分局",
        "团区委",
        "区妇联",
        "某某街道",
    )
    return Table(
        caption="表2　任务举措与责任单位完成情况",
        columns=(
            Column(title="任务举措", share=6),
            *(
                Column(title=f"{unit}{n or ''}", share=1, align="center", upright=True)
                for n in range(3)
                for unit in units
            ),
        ),
        rows=tuple(
            Row(
                cells=(
                    Cell(text=f"{n + 1}.加强心理健康关爱服务"),
                    *(
                        Cell(text=LIGHT_SIGNS[Light((n + k) % 5)], light=Light((n + k) % 5))
                        for k in range(24)
                    ),
                )
            )
            for n in range(rows)
        ),
        small=True,
    )


def sample_html(
    paragraphs: int = 8,
    *,
    blocks: list[Block] | None = None,
    annexes: tuple[Annex, ...] | None = None,
    face: tuple[str, ...] = (),
    sample: bool = True,
) -> str:
    """The document as HTML; by default with charts, an upright and a landscape annex."""
    if annexes is None:
        annexes = (
            Annex(number=1, title="主要指标完成情况表", blocks=(indicator_table(45),)),
            Annex(number=2, title="任务举措完成情况表", landscape=True, blocks=(completion_table(30),)),
            Annex(number=3, title="时间节点完成情况", blocks=tuple(charts())),
        )
    return (
        environment()
        .from_string(TEMPLATE)
        .render(
            title=TITLE,
            sample=sample,
            face=face,
            blocks=body(paragraphs) if blocks is None else blocks,
            annexes=annexes,
            day=date(2026, 1, 5),
        )
    )


def sample_pdf(html: str | None = None) -> bytes:
    """The document as PDF."""
    return render_pdf(html or sample_html(), METADATA)
