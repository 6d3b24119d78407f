"""The file in which an office names its channels (渠道文件): read anew for each run, so that a change needs no restart."""

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from domain.channels import OUTBOX, AppriseChannel, Channel, secrets_of
from domain.problems import Problem, ProblemKind
from services.delivery.adapters.others import BLIND, OWN

FILE = "channels.toml"
"""Where the file lies in the platform's home, unless GUANAI_CHANNELS says otherwise."""

_CHANNEL: TypeAdapter[Channel] = TypeAdapter(Channel)
_KINDS = {
    member.model_fields["kind"].annotation.__args__[0].value: member
    for member in get_args(get_args(Channel)[0])
}
_SAID = {
    "missing": "缺少 {loc}",
    "extra_forbidden": "没有 {loc} 这个配置项",
    "union_tag_invalid": "kind 只能是：{kinds}",
    "union_tag_not_found": "缺少 kind",
}


@dataclass(frozen=True)
class Channels:
    """The channels of an installation.

    Attributes:
        by_name: those that can be used.
        faults: of the others, by their name.
        templates: a folder whose texts come before the platform's own; None for none.
    """

    by_name: dict[str, Channel]
    faults: dict[str, Problem] = field(default_factory=dict)
    templates: Path | None = None

    def get(self, name: str) -> Channel:
        """The channel of that name.

        Raises:
            Problem: 1502 for one that is not set up right; 1503 where there is none.
        """
        if name in self.faults:
            raise self.faults[name]
        if name not in self.by_name:
            raise Problem(ProblemKind.CHANNEL_UNKNOWN, name=name, known="、".join(self.by_name))
        return self.by_name[name]


DEFAULT = Channels({OUTBOX.name: OUTBOX})


def read_channels(path: Path | None, home: Path) -> Channels:
    """The channels that the office named; the outbox alone where it named none.

    What is wrong with one channel does not keep the others from being used.

    Args:
        path: the file; ``channels.toml`` in ``home`` where it is None, which need not be there.
        home: folder of everything that the platform writes.

    Raises:
        Problem: 1501 for a file that cannot be read.
    """
    file = path or home / FILE
    if path is None and not file.exists():
        return DEFAULT
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(file, f"打不开（{error}）") from error
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(file, f"不是合格的 TOML（{error}）") from error
    unknown = sorted(set(content) - {"channel", "templates"})
    entries = content.get("channel", [])
    if unknown or not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise _unreadable(
            file, f"不认识 {'、'.join(unknown)}" if unknown else "渠道要以 [[channel]] 开头逐个写"
        )
    return _read(file, entries, content.get("templates"))


def _read(file: Path, entries: list[dict[str, Any]], templates: object) -> Channels:
    by_name: dict[str, Channel] = {}
    faults: dict[str, Problem] = {}
    for place, entry in enumerate(entries, start=1):
        name = str(entry.get("name", f"第 {place} 个渠道"))
        try:
            by_name[name] = _channel(entry, file.parent, known={*by_name, *faults})
        except ValidationError as error:
            faults[name] = _faulty(file, name, _reason(error))
        except ValueError as error:
            by_name.pop(name, None)
            faults[name] = _faulty(file, name, str(error))
    for name, channel in list(by_name.items()):
        if missing := [one for one in channel.failover if one not in by_name and one not in faults]:
            faults[name] = _faulty(file, name, f"failover 中没有名为“{missing[0]}”的渠道")
            del by_name[name]
    folder = file.parent / str(templates) if templates else None
    if folder is not None and not folder.is_dir():
        raise _unreadable(file, f"templates 所指的目录 {folder} 不存在")
    return Channels(by_name, faults, folder)


def _channel(entry: dict[str, Any], folder: Path, known: set[str]) -> Channel:
    """A channel with its secrets, which may stand in files or in variables of the environment."""
    if entry.get("name") in known:
        raise ValueError("名称重复")
    options = _KINDS.get(str(entry.get("kind")))
    told = dict(entry)
    for name in secrets_of(options) if options else ():
        sources = [source for source in (name, f"{name}_file", f"{name}_env") if source in told]
        if len(sources) > 1:
            raise ValueError(f"{'、'.join(sources)} 只能写一个")
        for source in sources:
            told[name] = _secret(source, str(told.pop(source)), folder)
    channel = _CHANNEL.validate_python(told)
    if isinstance(channel, AppriseChannel) and (fault := _scheme_fault(channel.url.get_secret_value())):
        raise ValueError(fault)
    return channel


def _secret(source: str, value: str, folder: Path) -> str:
    if source.endswith("_env"):
        found = os.environ.get(value, "")
        if not found:
            raise ValueError(f"{source} 所指的环境变量 {value} 没有值")
        return found
    if not source.endswith("_file"):
        return value
    try:
        found = (folder / Path(value).expanduser()).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError, RuntimeError):
        found = ""
    if not found:
        raise ValueError(f"{source} 所指的文件 {value} 读不到内容")
    return found


def _scheme_fault(url: str) -> str:
    """Why a service is not to be reached through Apprise; empty where it may be."""
    scheme = url.partition(":")[0].lower()
    if scheme in BLIND:
        return f"{scheme} 被对方拒绝时，Apprise 仍报告已发出；请改用本平台自己的 kind"
    return f"{scheme} 请改用本平台自己的 kind" if scheme in OWN else ""


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    said = _SAID.get(first["type"])
    loc = str(first["loc"][-1]) if first["loc"] else ""
    if said is not None:
        return said.format(loc=loc, kinds="、".join(_KINDS))
    return f"{loc} 的值不对"


def _faulty(file: Path, name: str, reason: str) -> Problem:
    return Problem(ProblemKind.CHANNEL_FAULTY, file=file, name=name, reason=reason)


def _unreadable(file: Path, reason: str) -> Problem:
    return Problem(ProblemKind.CHANNELS_UNREADABLE, file=file, reason=reason)
