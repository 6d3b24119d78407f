"""Which font plays which role of GB/T 9704-2012, and what to install where one is missing.

The standard names four faces: 仿宋 for the body, 小标宋 for titles, 黑体 and 楷体 for headings. Offices that own them
get them; elsewhere an open font stands in, and :func:`check_fonts` says which. Stylesheets and drawings ask for roles
by their aliases (:func:`stack`) and never for a font, so that no machine's fonts show in the HTML.
"""

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from domain.problems import Problem, ProblemKind
from services.places import FONTS

_REGULAR, _BOLD = 80, 200  # fontconfig's weights
_FANDOL = "texlive-lang-chinese（其中的 Fandol 字体）"


@dataclass(frozen=True)
class Role:
    """A part that a font plays in a document.

    Attributes:
        key: what stylesheets call it.
        label: the face's name in the standard.
        standard: families of the face itself, the most usual first.
        stand_ins: open families that may stand in, best first.
        package: Debian package that brings the first stand-in.
        weight: fontconfig's weight in which the stand-in (or an alphabet's own face) plays this part.
        ascii_only: cut down to U+0020-007E, because the font's Chinese punctuation is half as wide as due.
    """

    key: str
    label: str
    standard: tuple[str, ...]
    stand_ins: tuple[str, ...]
    package: str
    weight: int = _REGULAR
    ascii_only: bool = False

    @property
    def alias(self) -> str:
        """The family name to use in stylesheets and drawings."""
        return f"guanai-{self.key}"


_DIGITS = ("Times New Roman",), ("Liberation Serif",), "fonts-liberation2"
ROLES = (
    Role(
        "fangsong",
        "仿宋体",
        ("仿宋_GB2312", "FangSong_GB2312", "方正仿宋_GBK", "仿宋", "FangSong"),
        ("FandolFang",),
        _FANDOL,
    ),
    Role(
        "xiaobiaosong",
        "小标宋体",
        ("方正小标宋_GBK", "方正小标宋简体", "FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05S"),
        ("Noto Serif CJK SC", "FandolSong"),
        "fonts-noto-cjk",
        weight=_BOLD,
    ),
    Role("heiti", "黑体", ("方正黑体_GBK", "黑体", "SimHei"), ("FandolHei", "Noto Sans CJK SC"), _FANDOL),
    Role(
        "kaiti",
        "楷体",
        ("楷体_GB2312", "KaiTi_GB2312", "方正楷体_GBK", "楷体", "KaiTi"),
        ("FandolKai",),
        _FANDOL,
    ),
    Role(
        "songti",
        "宋体",
        ("方正书宋_GBK", "宋体", "SimSun"),
        ("Noto Serif CJK SC", "FandolSong"),
        "fonts-noto-cjk",
    ),
    Role("latin", "阿拉伯数字", *_DIGITS, ascii_only=True),
    Role("latin-bold", "阿拉伯数字（粗体）", *_DIGITS, ascii_only=True, weight=_BOLD),
    Role("rare", "生僻字", (), ("LXGW WenKai Light", "LXGW WenKai"), "fonts-lxgw-wenkai"),
)

BUNDLED = {
    "FandolFang": "FandolFang-Regular.otf",
    "FandolKai": "FandolKai-Regular.otf",
    "FandolHei": "FandolHei-Regular.otf",
}
"""Families that the start script unpacks into the project's own folder, with their files.

FandolHei's bold file claims the regular weight too, so only the regular one is ever taken up.
"""


@dataclass(frozen=True)
class Face:
    """One face of a font file: ``index`` counts the faces of a collection; ``weight`` is fontconfig's."""

    file: Path
    index: int
    weight: int


@dataclass(frozen=True)
class FontCheck:
    """What :func:`check_fonts` found.

    Attributes:
        missing: roles that no font on this machine can play.
        standing_in: open family in use, by the label of the standard's face that it replaces.
    """

    missing: tuple[Role, ...]
    standing_in: Mapping[str, str]


def stack(key: str) -> str:
    """The value of ``font-family`` for a role: digits first, then the face itself, then the rare characters' fonts."""
    digits = "latin-bold" if key == "xiaobiaosong" else "latin"
    return ", ".join(f"guanai-{part}" for part in dict.fromkeys((digits, key, "rare", "songti")))


def check_fonts(folder: Path | None = None) -> FontCheck:
    """Say, before anything is rendered, which role has no font and which is played by a stand-in.

    Without any font the renderer's process dies, and without a Chinese one it prints empty boxes whose text still
    reads well when extracted: neither may be found out from the PDF.

    Args:
        folder: where the unpacked fonts lie; by default in this Python environment.

    Raises:
        Problem: 703 where fontconfig itself is missing.
    """
    installed = _installed(folder or FONTS)
    players = {role: _player(role, installed) for role in ROLES}
    return FontCheck(
        missing=tuple(role for role, family in players.items() if family is None),
        standing_in={
            role.label: family
            for role, family in players.items()
            if family is not None and role.standard and family not in role.standard
        },
    )


def find_faces(folder: Path | None = None) -> dict[Role, Face]:
    """The face that plays each role on this machine.

    Args:
        folder: where the unpacked fonts lie; by default in this Python environment.

    Raises:
        Problem: 703 naming each role without a font and the packages to install.
    """
    folder = folder or FONTS
    missing = check_fonts(folder).missing
    if missing:
        raise Problem(
            ProblemKind.FONT_MISSING,
            roles="、".join(role.label for role in missing),
            packages="、".join(dict.fromkeys(role.package for role in missing)),
        )
    installed = _installed(folder)
    return {
        role: min(installed[family], key=lambda face: (abs(face.weight - role.weight), face.file))
        for role in ROLES
        if (family := _player(role, installed)) is not None
    }


def _player(role: Role, installed: Mapping[str, Iterable[Face]]) -> str | None:
    """Family that plays a role on this machine; None where there is none."""
    return next((name for name in (*role.standard, *role.stand_ins) if name in installed), None)


def _installed(folder: Path) -> dict[str, list[Face]]:
    """Faces of every family that fontconfig knows, and of the project's own folder in their stead."""
    families: dict[str, list[Face]] = {}
    for line in _fontconfig_list():
        file, index, weight, names = line.split("\t")
        if index.isdigit() and weight.isdigit():  # a variable font states ranges; none is needed
            for name in names.split(","):
                families.setdefault(name, []).append(Face(Path(file), int(index), int(weight)))
    for family, name in BUNDLED.items():
        if (folder / name).is_file():
            families[family] = [Face(folder / name, 0, _REGULAR)]
    return families


def _fontconfig_list() -> list[str]:
    program = shutil.which("fc-list")
    if program is None:
        raise Problem(ProblemKind.FONT_MISSING, roles="全部", packages="fontconfig")
    return subprocess.run(  # noqa: S603 - a fixed command without user input
        [program, ":slant=0", "--format", "%{file}\t%{index}\t%{weight}\t%{family}\n"],
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout.splitlines()
