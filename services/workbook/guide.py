"""The form's first sheet (填报说明): whose form it is, by when, how to fill it in, and what must not be in it."""

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from domain.entries import STATE_NAMES
from domain.numerals import chinese_date
from services.workbook.layout import Form
from services.workbook.style import (
    COVER,
    FILL_IN,
    LABEL,
    SECTION,
    TEXT,
    WARNING,
    height,
    protect,
    set_page,
    wear,
)
from services.workbook.writer import put

REPORTER_LABEL = "填报人"
WIDTHS = (26.0, 110.0)

_HOW = (
    "黄色单元格由本单位填写，其余单元格已锁定，请勿改动；不必增删行列，也不要改工作表名称。",
    "“完成情况”从下拉列表中选择：{states}。选好后请在“进展情况”中写明做了什么、效果如何。",
    "“本期数”只填数字，不带单位和“约”“余”等字样；没有发生填 0；暂缺的留空，并在“说明”中写明原因。",
    "与上期数相差很大的，请在“说明”中写明原因。",
    "本次不报的事项整行留空即可，以后可以接着填；已经报过的内容已预先填好，需要更正的直接修改。",
    "被退回的事项，退回理由在表中以红字列出，请修改后重新报送。",
    "填好后保存为 .xlsx 文件报送；文件名可以改，内容仍按原表识别。不要设置密码，不要使用公式、宏和图片。",
)
_NEVER = (
    "儿童及其监护人的姓名、证件号码、电话号码、银行卡号；",
    "村（社区）以下的住址，学校连同班级；",
    "个人的病情、诊断和残疾情况；受侵害案件的情节；儿童的安置去处；",
    "照片、截图，以及把地点、年龄、事情连在一起能认出某个儿童的描述。",
    "请只写工作和总体情况；儿童人数请填入“指标数据”，不要写在文字里。含有上述内容的填报表会被整份退回。",
)


def write_guide(sheet: Worksheet, form: Form) -> None:
    """Fill the first sheet; its only cell to fill in is the reporter's name (填报人)."""
    wear(sheet.cell(1, 1), COVER)
    put(sheet.cell(1, 1), f"{form.plan_name}\n{form.year}年度填报表")
    sheet.merge_cells("A1:B1")
    sheet.row_dimensions[1].height = 54
    rows: list[tuple[str, str]] = [
        ("填报单位", form.unit_name),
        ("年度", f"{form.year}年"),
        ("生成日期", f"{chinese_date(form.as_of)}（此后新开出的事项不在本表中）"),
    ]
    for label, text in rows:
        _pair(sheet, label, text)
    _pair(sheet, REPORTER_LABEL, "")
    wear(sheet.cell(sheet.max_row, 2), FILL_IN)
    _section(sheet, "截止日期")
    for deadline in form.deadlines:
        _pair(sheet, deadline.due, "；".join(deadline.titles))
    _section(sheet, "怎样填写")
    for number, text in enumerate(_HOW, start=1):
        _pair(sheet, f"{number}", text.format(states="、".join(STATE_NAMES.values())))
    _section(sheet, "表中不得出现")
    for number, text in enumerate(_NEVER, start=1):
        _pair(sheet, f"{number}", text, warn=True)
    set_page(sheet, WIDTHS, repeat_row=None)
    protect(sheet)


def reporter_of(sheet: Worksheet) -> Cell | MergedCell | None:
    """The cell with the reporter's name; None where its label was removed."""
    for row in range(1, min(sheet.max_row, 100) + 1):
        if str(sheet.cell(row, 1).value or "").strip() == REPORTER_LABEL:
            return sheet.cell(row, 2)
    return None


def _section(sheet: Worksheet, title: str) -> None:
    row = sheet.max_row + 1
    for column in (1, 2):
        wear(sheet.cell(row, column), SECTION)
    put(sheet.cell(row, 1), title)
    sheet.row_dimensions[row].height = 24


def _pair(sheet: Worksheet, label: str, text: str, *, warn: bool = False) -> None:
    row = sheet.max_row + 1
    wear(sheet.cell(row, 1), LABEL)
    wear(sheet.cell(row, 2), WARNING if warn else TEXT)
    put(sheet.cell(row, 1), label)
    put(sheet.cell(row, 2), text or None)
    sheet.row_dimensions[row].height = height([(label, WIDTHS[0]), (text, WIDTHS[1])])
