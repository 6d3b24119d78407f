"""Lists of people: a table whose headings are a name and what only a list of persons has beside it.

Its cells taken one by one tell the other rules nothing ("王小明" | "8" | "山门镇"), so the headings are judged.
"""

import re
from collections.abc import Iterable
from typing import Final

ROSTER_REASON: Final = (
    "此处疑似是人员花名册（既有姓名栏，又有身份证号、出生日期、住址、监护人等栏）。"
    "请删去名册，只报汇总数字；儿童个人信息请在全国儿童福利信息系统中办理。"
)

_NAME: Final = re.compile(r"(儿童|学生|孩子|孤儿|幼儿|未成年人|监护人|家长|本人)?姓名")
_PERSONAL: Final = re.compile(
    r"(公民)?(居民)?身份证(件)?(号|号码)?|身份号码|(儿童|监护人|家长)(姓名|身份证号码?|电话|联系电话|联系方式)|出生(日期|年月|年月日)"
    r"|(家庭|现|居)?住址|(家庭|详细|居住)地址|监护人|父亲|母亲|父母姓名|与(儿童|监护人|户主)关系|残疾(证号|类别|等级)|学籍号|所在班级|银行卡号|(银行)?账号"
)
_BLANKS: Final = re.compile(r"[\s:：（）()*]+")


def is_roster(headings: Iterable[str]) -> bool:
    """Whether the cells of one table, taken as headings, make it a list of persons."""
    words = {_BLANKS.sub("", heading) for heading in headings}
    names = {word for word in words if _NAME.fullmatch(word)}
    return bool(names) and any(_PERSONAL.fullmatch(word) for word in words - names | _two(names))


def _two(names: set[str]) -> set[str]:
    """The names themselves where there are two kinds of them, a child's and a carer's."""
    return names if len(names) > 1 else set()
