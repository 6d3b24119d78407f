"""The texts of messages (消息模板): the platform's own, or an office's in their place, file by file.

A field that a template asks for and nobody gives is an error: a message without its due day is worse than none.
"""

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import SandboxedEnvironment

from domain.numerals import chinese_date
from domain.problems import Problem, ProblemKind
from services.places import TEMPLATES

OWN = TEMPLATES / "mail"


@cache
def _environment(folder: Path | None, *, markup: bool) -> jinja2.Environment:
    """Jinja2 over the office's folder and ours; values are text and never markup, and nothing reaches beyond them."""
    folders = [path for path in (folder, OWN) if path is not None]
    jinja = SandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=markup,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.filters["chinese_date"] = chinese_date
    return jinja


def render(template: str, folder: Path | None, fields: dict[str, Any]) -> str:
    """A text with its fields filled in; ``.html`` is markup.

    Args:
        template: name of the file, as ``ladder/subject.txt``.
        folder: the office's own templates; None for none.
        fields: what it may ask for.

    Raises:
        Problem: 1504 for a template that is missing, is none, or asks for a field that is not there.
    """
    try:
        found = _environment(folder, markup=template.endswith(".html")).get_template(template)
        return found.render(fields).strip()
    except jinja2.TemplateNotFound as error:
        raise _faulty(template, f"没有 {error.name} 这个文件") from error
    except jinja2.UndefinedError as error:
        raise _faulty(template, f"缺少内容（{error.message}）") from error
    except jinja2.TemplateSyntaxError as error:
        raise _faulty(template, f"第 {error.lineno} 行写法不对（{error.message}）") from error
    except (
        jinja2.TemplateError,
        jinja2.exceptions.SecurityError,
        TypeError,
        ValueError,
        ArithmeticError,
    ) as error:
        raise _faulty(template, f"无法填写（{error}）") from error


def _faulty(template: str, reason: str) -> Problem:
    return Problem(ProblemKind.TEMPLATE_FAULTY, template=template, reason=reason)
