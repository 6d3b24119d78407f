"""A draft on the disk: a plan's folder that can be read, checked and mended."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.problems import Problem, ProblemKind
from services.notices import reading
from services.plan_drafts import draft_plan
from services.plans import check_plan, load_plan, read_notice
from tests.notices import DANJIANG, QINGHE, YUNXI, as_pdf, as_word, wrapped
from tests.services.test_notices import ROWS, WORD

FILES = {
    "plan.yaml",
    "units.yaml",
    "measures.yaml",
    "phases.yaml",
    "duties.yaml",
    "indicators.yaml",
    "notes.yaml",
    "outline.yaml",
}


def mend(folder: Path, *changes: tuple[str, str, str]) -> None:
    for file, old, new in changes:
        path = folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")


LETTERHEAD = (
    ("plan.yaml", "number_prefix:\n", "number_prefix: 云民\n"),
    ("plan.yaml", "addressee:\n", "addressee: 江州市民政局\n"),
)


def test_a_draft_says_what_a_person_must_fill_in_and_passes_once_that_is_done(tmp_path: Path) -> None:
    folder = tmp_path / "plans" / "yunxi"

    written = draft_plan(YUNXI, plan_id="yunxi-2025", folder=folder)

    assert {path.name for path in folder.iterdir()} == FILES
    assert {fault.where for fault in written.faults} == {"report › number_prefix", "report › addressee"}
    mend(folder, *LETTERHEAD)
    assert check_plan(folder, read_notice(YUNXI)) == []
    plan = load_plan(folder)
    assert (plan.id, len(plan.measures), len(plan.units)) == ("yunxi-2025", 4, len(written.draft.units))
    assert sum(len(plan.measure_units(m.number)) for m in plan.measures) == written.draft.assignments
    assert plan.annual_duty is not None


def test_gaps_of_another_notice_are_named_one_by_one(tmp_path: Path) -> None:
    folder = tmp_path / "danjiang"

    written = draft_plan(DANJIANG, folder=folder)

    assert {fault.where for fault in written.faults} == {
        "report › number_prefix",
        "report › addressee",
        "groups › 各乡（镇） › members",
    }
    mend(
        folder,
        *LETTERHEAD,
        (
            "units.yaml",
            "groups:",
            "  - {id: hexi, name: 河西镇, kind: township, member: false, cites: [二1]}\ngroups:",
        ),
        ("units.yaml", "members: []", "members: [河西镇]"),
    )
    assert check_plan(folder, read_notice(DANJIANG)) == []
    assert load_plan(folder).id == "notice-2024-8"


def test_doubts_stand_as_comments_beside_their_entries_and_as_open_notes(tmp_path: Path) -> None:
    draft_plan(YUNXI, folder=tmp_path / "x")

    units = (tmp_path / "x" / "units.yaml").read_text("utf-8").split("\n")
    doubted = next(n for n, line in enumerate(units) if "区卫健局、区卫生健康局按同一单位处理" in line)
    assert units[doubted].startswith("  # 存疑：（第")
    assert units[doubted + 1].startswith("  - {id: health, ")
    notes = (tmp_path / "x" / "notes.yaml").read_text("utf-8")
    assert "{kind: open, text: 区卫健局、区卫生健康局按同一单位处理" in notes


def test_the_form_is_that_of_plans_written_by_hand(tmp_path: Path) -> None:
    draft_plan(YUNXI, folder=tmp_path / "x")

    duties = (tmp_path / "x" / "duties.yaml").read_text("utf-8")
    assert "    cadence: {every: year, due: 12-10, bound: before}\n    cites: [六（二）#1]\n" in duties
    plan = (tmp_path / "x" / "plan.yaml").read_text("utf-8")
    assert "  issued: 2025-03-18\n" in plan
    assert "\n\nleading_group:\n" in plan
    assert "    - {role: lead, name: 方远, post: 副区长}\n" in plan


def as_wrapped(text: str) -> bytes:
    return wrapped(text).encode()


@pytest.mark.parametrize("form", [as_pdf, as_wrapped])
def test_a_pdf_or_wrapped_text_gives_the_same_plan(tmp_path: Path, form: Callable[[str], bytes]) -> None:
    file = tmp_path / "notice"
    file.write_bytes(form(YUNXI.read_text("utf-8")))

    made = draft_plan(file, folder=tmp_path / "other").draft
    same = draft_plan(YUNXI, folder=tmp_path / "same").draft

    for part in ("units", "groups", "actions", "measures", "phases", "duties"):
        assert getattr(made, part) == getattr(same, part)
    assert made.outline == same.outline


def test_a_word_notice_with_its_table_is_drafted(tmp_path: Path) -> None:
    file = tmp_path / "notice.docx"
    file.write_bytes(as_word(WORD, ROWS))

    made = draft_plan(file, folder=tmp_path / "plan").draft

    assert [(m["title"], m.get("lead"), m["units"]) for m in made.measures] == [
        ("建书屋", ["县教育局"], ["县妇联"]),
        ("查隐患", None, ["县公安局"]),
        ("做体检", None, ["县卫健局"]),
    ]
    assert "单位，正文与表格写法不同" in "".join(d.text for d in made.doubts)
    assert (
        check_plan(tmp_path / "plan", read_notice(file)) != []
    )  # phases and letterhead are not in the notice


def test_without_an_id_the_plan_is_called_by_the_notice_s_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert draft_plan(YUNXI).folder == Path("plans/notice-2025-12")
    assert draft_plan(QINGHE).folder == Path("plans/notice")


class TestRefusals:
    def test_a_folder_that_is_there_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "plan.yaml").write_text("id: mine\n", "utf-8")

        with pytest.raises(Problem) as told:
            draft_plan(YUNXI, folder=tmp_path / "mine")

        assert told.value.kind is ProblemKind.DRAFT_EXISTS
        assert (tmp_path / "mine" / "plan.yaml").read_text("utf-8") == "id: mine\n"

    @pytest.mark.parametrize("plan_id", ["", "Yunxi", "云溪", "../x", "-x", "x" * 61])
    def test_an_id_that_no_plan_may_have_is_refused(self, tmp_path: Path, plan_id: str) -> None:
        with pytest.raises(Problem) as told:
            draft_plan(YUNXI, plan_id=plan_id, folder=tmp_path / "x")

        assert told.value.kind is ProblemKind.DRAFT_ID

    def test_a_text_without_numbers_leaves_nothing_behind(self, tmp_path: Path) -> None:
        file = tmp_path / "letter.txt"
        file.write_text("尊敬的各位家长：\n暑假将至，请注意安全。\n", "utf-8")

        with pytest.raises(Problem) as told:
            draft_plan(file, folder=tmp_path / "deep" / "x")

        assert told.value.kind is ProblemKind.NOTICE_UNNUMBERED
        assert sorted(tmp_path.iterdir()) == [file]

    def test_the_largest_notice_is_drafted_in_seconds(self, tmp_path: Path) -> None:
        item = "{}.加强排查。公安机关每季度排查一次，2025年9月底前完成。（区公安局、各镇（街道）负责）\n"
        body = YUNXI.read_text("utf-8") + "七、补充任务\n" + "".join(item.format(n) for n in range(1, 150))
        file = tmp_path / "long.txt"
        file.write_text(body + "字" * (reading.MOST_CHARACTERS - len(body) - 10), "utf-8")

        assert len(draft_plan(file, folder=tmp_path / "x").draft.measures) == 4 + 149
