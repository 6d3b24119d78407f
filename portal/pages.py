"""Pages from templates: what every page knows, and how moments and days are written."""

from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.templating import Jinja2Templates
from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.responses import HTMLResponse

from domain.canonical import decimal_text
from domain.messages import POST_NAMES
from domain.people import ROLE_NAMES, Account, Role
from domain.status import LIGHT_NAMES, LIGHT_SIGNS
from domain.workdays import BEIJING
from portal.desk import Desk
from portal.visitor import COOKIE, CSRF_FIELD, remember, visitor

STATIC = Path(__file__).parent / "static"

OFFICE_PAGES = (
    ("/office", "今日"),
    ("/office/review", "审核"),
    ("/office/items", "事项"),
    ("/office/matrix", "矩阵"),
    ("/office/phases", "阶段"),
    ("/office/rates", "完成质量"),
    ("/office/extensions", "延期"),
    ("/office/messages", "消息"),
    ("/office/supervision", "督查"),
    ("/office/reports", "报告"),
)
"""The office's desk, in the order in which a day goes."""


def show(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page.

    Besides ``context``, every template knows ``who`` (the visitor), ``menu`` (the entries of the head, by the
    visitor's roles) and ``here`` (the path of this page).

    Args:
        request: what it answers.
        template: file in ``portal/templates``.
        status: HTTP status.
        context: what the template shows.
    """
    desk: Desk = request.app.state.desk
    who = visitor(request, desk)
    known = {"who": who, "menu": menu(who.account), "here": request.url.path, **context}
    response = _templates.TemplateResponse(request, template, known, status_code=status)
    if COOKIE not in request.cookies:
        remember(desk, response, who.token)  # so that the form on it can be known again
    return response


def menu(account: Account | None) -> tuple[tuple[str, str], ...]:
    """The entries of a page's head for an account: address and title."""
    if account is None:
        return ()
    entries: list[tuple[str, str]] = []
    if account.may(Role.OFFICE):
        entries += OFFICE_PAGES
    if account.may(Role.OFFICE, Role.LEADER):
        entries.append(("/leader", "总体进展"))
    if account.units:
        entries.append((f"/units/{account.units[0]}", "我的事项"))
    if account.may(Role.ADMINISTRATOR):
        entries.append(("/people", "人员与账号"))
        entries.append(("/tokens", "接口令牌"))
    if account.may(Role.OFFICE, Role.ADMINISTRATOR):
        entries.append(("/contacts", "联系人"))
        entries.append(("/platform", "平台状态"))
    return tuple(entries)


def home(account: Account) -> str:
    """Where somebody begins, by the first of their roles."""
    return menu(account)[0][0] if menu(account) else "/account"


def day_text(day: date | None) -> str:
    """2026年12月1日; a dash for none."""
    return "—" if day is None else f"{day.year}年{day.month}月{day.day}日"


def moment_text(moment: datetime | None) -> str:
    """2026年12月1日 09:30 in 北京时间; a dash for none."""
    if moment is None:
        return "—"
    local = moment.astimezone(BEIJING)
    return f"{day_text(local.date())} {local:%H:%M}"


@pass_context
def csrf(context: Context) -> Markup:
    """The hidden field by which a form is known as ours; every form of a page begins with it."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, context["who"].csrf)


@cache
def static(name: str) -> str:
    """Address of a file of ours; it changes with the content, so that browsers may keep it."""
    digest = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def _make_templates() -> Jinja2Templates:
    made = Jinja2Templates(directory=Path(__file__).parent / "templates")
    made.env.auto_reload = False  # else each page looks at the files of its templates
    made.env.trim_blocks = made.env.lstrip_blocks = True
    made.env.undefined = StrictUndefined  # a misspelt name is a fault, not an empty place
    made.env.globals.update(
        csrf=csrf,
        light_names=LIGHT_NAMES,
        light_signs=LIGHT_SIGNS,
        post_names=POST_NAMES,
        role_names=ROLE_NAMES,
        static=static,
    )
    made.env.filters.update(day=day_text, moment=moment_text, decimal=decimal_text)
    return made


_templates = _make_templates()
