"""Plans from files: sound ones load, faulty ones are told by file, line, entry and mend."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from domain.problems import Problem, ProblemKind
from services.places import shipped_plan
from services.plan_files import PlanFault
from services.plan_versions import plan_sha256
from services.plans import check_plan, load_plan, outline_yaml, read_notice
from tests.linhe import LINHE, LINHE_NOTICE, LINHE_PLAN

LINHE_TEXT = LINHE_PLAN.read_text("utf-8")


def spoilt(folder: Path, old: str, new: str) -> tuple[list[PlanFault], int]:
    """The faults of 临河县's plan with ``old`` replaced once, and the line where that happened."""
    assert old in LINHE_TEXT
    file = folder / "plan.yaml"
    file.write_text(LINHE_TEXT.replace(old, new, 1), "utf-8")
    return check_plan(file), LINHE_TEXT[: LINHE_TEXT.index(old)].count("\n") + 1


def written(folder: Path, content: str | bytes) -> Path:
    file = folder / "plan.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


class TestSoundPlans:
    def test_the_shipped_plan_has_no_faults(self) -> None:
        assert check_plan(shipped_plan()) == []

    def test_a_plan_of_another_shape_has_no_faults(self) -> None:
        assert check_plan(LINHE_PLAN) == []

    def test_its_citations_agree_with_its_notice(self) -> None:
        assert check_plan(LINHE_PLAN, read_notice(LINHE_NOTICE)) == []

    def test_a_plan_in_one_file_is_the_same_as_in_its_folder(self) -> None:
        assert load_plan(LINHE_PLAN) == load_plan(LINHE)

    def test_a_plan_may_be_spread_over_files_and_its_lists_too(self, tmp_path: Path) -> None:
        head, _, rest = LINHE_TEXT.partition("  - id: campus-checks\n")
        (tmp_path / "1.yaml").write_text(head, "utf-8")
        (tmp_path / "2.yaml").write_text("duties:\n  - id: campus-checks\n" + rest, "utf-8")

        assert plan_sha256(load_plan(tmp_path)) == plan_sha256(load_plan(LINHE_PLAN))

    def test_the_digest_is_of_the_content_and_not_of_its_spelling(self, tmp_path: Path) -> None:
        spelt = LINHE_TEXT.replace("every: half-year", 'every:  "half-year"').replace("# ", "#  ")
        changed = LINHE_TEXT.replace("threshold: 5", "threshold: 6")

        digest = plan_sha256(load_plan(LINHE_PLAN))

        assert plan_sha256(load_plan(written(tmp_path, spelt))) == digest
        assert plan_sha256(load_plan(written(tmp_path, changed))) != digest
        assert re.fullmatch("[0-9a-f]{64}", digest)

    def test_the_digest_is_the_same_in_another_process(self) -> None:
        program = (
            "from pathlib import Path; from services.plans import *; from services.plan_versions import *;"
            f"print(plan_sha256(load_plan(Path({str(LINHE_PLAN)!r}))))"
        )
        ended = subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[2],
        )

        assert ended.stdout.strip() == plan_sha256(load_plan(LINHE_PLAN))


class TestRefusals:
    def test_a_missing_plan_is_a_numbered_problem(self, tmp_path: Path) -> None:
        for path in (tmp_path / "no.yaml", tmp_path):
            with pytest.raises(Problem) as told:
                check_plan(path)
            assert told.value.kind is ProblemKind.PLAN_NOT_FOUND

    def test_a_faulty_plan_does_not_load_and_says_how_to_see_why(self, tmp_path: Path) -> None:
        file = written(tmp_path, LINHE_TEXT.replace("action: campus", "action: campsu"))

        with pytest.raises(Problem) as told:
            load_plan(file)

        assert told.value.kind is ProblemKind.PLAN_FAULTY
        assert f"guanai plan check {file}" in str(told.value)

    def test_a_missing_notice_is_a_numbered_problem(self, tmp_path: Path) -> None:
        with pytest.raises(Problem) as told:
            read_notice(tmp_path / "no.txt")

        assert told.value.kind is ProblemKind.NOTICE_NOT_FOUND


MISWRITTEN = [
    ("缺键", "    title: 检修书屋、补充图书\n", "", -1, "bookrooms › title", "缺少“title”", "请补上“title"),
    (
        "错键",
        "    active_until:",
        "    active_untill:",
        0,
        "festival-visits",
        "没有名为“active_untill”",
        "active_until",
    ),
    ("周期里的错键", "bound: by}", "buond: by}", 0, "report › cadence", "没有名为“buond”", "“bound”？"),
    (
        "规则里的错键",
        "{threshold: 5}",
        "{treshold: 5}",
        0,
        "suppression",
        "没有名为“treshold”",
        "“threshold”？",
    ),
    ("整数", "number: 3\n", "number: 三\n", 0, "number", "应为整数，实为“三”", "整数"),
    ("无此日", "start: 2025-03-01", "start: 2025-02-29", 0, "start", "日期“2025-02-29”无效", "年-月-日"),
    ("不是日期", "issued: 2025-02-20", "issued: 去年", 0, "issued", "日期“去年”无效", "年-月-日"),
    ("无此时刻", 'start: "09:00"', 'start: "25:00"', 0, "hours › start", "时刻“25:00”无效", "时:分"),
    ("时刻没有冒号", 'start: "09:00"', "start: 900", 0, "hours › start", "时刻须写成“时:分”", "改正"),
    ("岗位拼错", "to: [liaison, office]", "to: [liason, office]", 0, "late › to", "“liason”", "liaison"),
    ("日期没有横线", "issued: 2025-02-20", "issued: 20250220", 0, "issued", "日期“20250220”无效", "年-月-日"),
    ("年内无此日", "due: 05-31", "due: 05-32", 0, "checkups", "没有“05-32”这一天", "请改正"),
    ("月日写法", "due: 05-31", "due: 5月31日", 0, "checkups", "日期须写成“月-日”", "请改正"),
    ("周期写错", "{every: quarter}", "{every: quartr}", 0, "every", "“quartr”不在可选范围内", "“quarter”？"),
    ("没写周期", "{every: quarter}", "{due: 05-31}", 0, "cadence", "缺少 every", "quarter"),
    ("类别", "kind: street", "kind: stret", 0, "chengguan › kind", "“stret”不在可选范围内", "“street”？"),
    (
        "角色",
        "role: annual-report",
        "role: anual-report",
        0,
        "role",
        "“anual-report”不在可选范围内",
        "annual-report",
    ),
    ("空表", "demands: [每季度排查]", "demands: []", 0, "demands", "不能为空", "至少"),
    ("不是列表", "cites: [三（五）6#1]", "cites: 三（五）6#1", 0, "hotline › cites", "应为列表", "列表"),
    ("不是键值", "{threshold: 5}", "5", 0, "suppression", "应为“键: 值”", "缩进"),
    ("编号写法", "id: lessons\n", "id: 课堂\n", 0, "课堂 › id", "“课堂”的写法不合要求", "小写字母"),
    ("出处写法", "cites: [三（五）6#1]", 'cites: ["三（五） 6"]', 0, "cites", "写法不合要求", "四（三）8"),
    ("数字当文字", "evidence: 台账", "evidence: 2025", 0, "evidence", "应为文字，实为“2025”", "引号"),
    ("太小", "{threshold: 5}", "{threshold: 1}", 0, "threshold", "不得小于 2", "改正"),
    ("太大", "decimals: 1", "decimals: 9", 0, "decimals", "不得大于 4", "改正"),
    ("不够大", "factor: 2.5", "factor: 1", 0, "factor", "应大于 1", "改正"),
    ("不是数", "factor: 2.5", "factor: 两倍", 0, "factor", "应为数字", "数字"),
    ("是非", "member: true, cites: [二]", "member: 是, cites: [二]", 0, "member", "true 或 false", "true"),
    (
        "季节倒置",
        "opens: 03-01, due: 05-31",
        "opens: 06-01, due: 05-31",
        0,
        "checkups",
        "opens 不得晚于 due",
        "改正",
    ),
    ("节日没有日子", ", on: 06-01}", "}", 0, "june", "on（固定日期）或 holiday", "改正"),
    ("未知节日", "holiday: 春节", "holiday: 过年", 0, "spring › holiday", "没有法定节假日“过年”", "春节"),
    ("重复键", "    measure: 7\n", "    measure: 7\n    measure: 7\n", 1, "measure", "“measure”重复", "一处"),
    (
        "未知单位",
        "supplier: [县公安局]",
        "supplier: [县公安]",
        0,
        "supplier",
        "没有定义单位“县公安”",
        "“县公安局”？",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "shift", "where", "message", "mend"), [pytest.param(*m[1:], id=m[0]) for m in MISWRITTEN]
)
def test_what_is_miswritten_is_told_with_its_line_and_mend(
    tmp_path: Path, old: str, new: str, shift: int, where: str, message: str, mend: str
) -> None:
    faults, line = spoilt(tmp_path, old, new)
    told = [f for f in faults if message in f.message and mend in f.mend and where in f.where]

    assert told, faults
    assert told[0].file == "plan.yaml"
    # a missing key is told at the head of its entry, a line or two above
    assert told[0].line == line + shift or (
        message.startswith("缺少") and 0 < line - (told[0].line or 0) <= 3
    )


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = LINHE_TEXT.replace("kind: street", "kind: stret").replace("issued: 2025-02-20", "issued: 去年")

    faults = check_plan(written(tmp_path, text))

    assert len(faults) == 2
    assert [f.line for f in faults] == sorted(f.line or 0 for f in faults)


def test_faults_are_told_in_plain_chinese_only(tmp_path: Path) -> None:
    for _, old, new, *_ in MISWRITTEN:
        for fault in spoilt(tmp_path, old, new)[0]:
            assert "Input should" not in str(fault)
            assert "Value error" not in str(fault)


def test_what_is_missing_altogether_is_told_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "some-plan"
    folder.mkdir()
    (folder / "a.yaml").write_text(LINHE_TEXT[: LINHE_TEXT.index("outline:")], "utf-8")

    (fault,) = check_plan(folder)

    assert (fault.file, fault.line, fault.message) == ("some-plan", None, "缺少“outline”。")


def test_a_line_in_the_second_file_of_a_list_is_that_file_s(tmp_path: Path) -> None:
    head, _, rest = LINHE_TEXT.partition("  - id: campus-checks\n")
    (tmp_path / "1.yaml").write_text(head, "utf-8")
    second = "duties:\n  - id: campus-checks\n" + rest.replace("cites: [三（五）7#1]", "cites: [三（五）7#9]")
    (tmp_path / "2.yaml").write_text(second, "utf-8")

    (fault,) = check_plan(tmp_path)

    assert fault.file == "2.yaml"
    assert second.splitlines()[(fault.line or 0) - 1].strip() == "cites: [三（五）7#9]"


def test_a_key_in_two_files_is_a_fault_that_names_both(tmp_path: Path) -> None:
    (tmp_path / "1.yaml").write_text(LINHE_TEXT, "utf-8")
    (tmp_path / "2.yaml").write_text("# 又写一次\nname: 另一个名称\n", "utf-8")

    (fault,) = check_plan(tmp_path)

    assert (fault.file, fault.line) == ("2.yaml", 2)
    assert "1.yaml" in fault.message


UNREADABLE = [
    ("括号不配", "a: [1, 2\nb: 3\n", "不是有效的 YAML"),
    ("缩进错误", "a:\n  b: 1\n c: 2\n", "不是有效的 YAML"),
    ("空文件", "", "没有任何"),
    ("只有注释", "# 说明\n", "没有任何"),
    ("顶层是列表", "- a\n- b\n", "没有任何"),
    ("顶层是文字", "方案\n", "没有任何"),
    ("两份文档", "a: 1\n---\nb: 2\n", "多份文档"),
    ("不是 UTF-8", "名称: 方案\n".encode("gbk"), "不是 UTF-8"),
    ("控制字符", b"a: \x00\n", "YAML"),
    ("键是列表", "? [a, b]\n: 1\n", "键必须是一个词"),
    ("引用", "a: &x [1]\nb: *x\n", "不使用引用"),
    ("过深", "a: " + "[" * 200_000, "嵌套超过"),
    ("过大", "a: " + "x" * (4 * 1024 * 1024), "超过 4 MB"),
]


@pytest.mark.parametrize(("content", "message"), [pytest.param(*u[1:], id=u[0]) for u in UNREADABLE])
def test_a_file_that_cannot_be_read_is_a_fault_and_no_crash(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    faults = check_plan(written(tmp_path, content))

    assert any(message in fault.message for fault in faults), faults


def test_aliases_cannot_multiply_data(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join(f'*a{n - 1}' for _ in range(9))}]\n" for n in range(1, 12)
    )

    faults = check_plan(written(tmp_path, bomb))

    assert faults
    assert all("不使用引用" in fault.message for fault in faults)


def test_a_tag_makes_no_object(tmp_path: Path) -> None:
    target = tmp_path / "made"
    text = LINHE_TEXT.replace(
        "short_name: 临河县儿童关爱计划",
        f"short_name: !!python/object/apply:pathlib.Path.touch [{target}]",
    )

    faults = check_plan(written(tmp_path, text))

    assert [f.where for f in faults] == ["short_name"]
    assert not target.exists()


def test_a_file_that_notepad_saved_with_a_mark_is_read(tmp_path: Path) -> None:
    assert check_plan(written(tmp_path, b"\xef\xbb\xbf" + LINHE_TEXT.encode())) == []


class TestNotices:
    def test_a_notice_in_the_national_encoding_is_read(self, tmp_path: Path) -> None:
        file = tmp_path / "notice.txt"
        file.write_bytes(LINHE_NOTICE.read_text("utf-8").encode("gb18030"))

        assert read_notice(file) == read_notice(LINHE_NOTICE)

    def test_a_changed_notice_is_found_at_the_line_of_its_digest(self, tmp_path: Path) -> None:
        file = tmp_path / "notice.txt"
        file.write_text(LINHE_NOTICE.read_text("utf-8").replace("每季度排查一次", "每月排查一次"), "utf-8")

        (fault,) = check_plan(LINHE_PLAN, read_notice(file))

        assert "三（四）5" in LINHE_TEXT.splitlines()[(fault.line or 0) - 1]
        assert "第 1 句与原文不符" in fault.message

    def test_a_generated_outline_is_the_one_in_the_plan(self) -> None:
        assert outline_yaml(read_notice(LINHE_NOTICE)) == LINHE_TEXT[LINHE_TEXT.index("# 通知各段") :]


def test_a_plan_is_read_again_once_its_file_has_changed(tmp_path: Path) -> None:
    file = written(tmp_path, LINHE_TEXT)
    first = load_plan(file)
    assert load_plan(file) is first
    file.write_text(LINHE_TEXT.replace(first.short_name, f"新{first.short_name}"), "utf-8")
    assert load_plan(file).short_name == f"新{first.short_name}"
    file.write_text("", "utf-8")
    with pytest.raises(Problem):
        load_plan(file)
