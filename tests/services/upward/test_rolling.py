"""Many packages become one report, filed whole; what cannot be used is named, all of it at once."""

from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.problems import Problem, ProblemKind
from domain.report.edits import Verdict
from domain.report.material import Issue
from domain.rollup.frame import Frame
from services import edited_reports
from services.layout_check.check import check_layout_file
from services.report_folder import altered
from services.upward.packing import fingerprint
from services.upward.rolling import draft_frame, read_frame, read_packages, roll_up
from tests.domain.rollup.districts import SPEC
from tests.services.upward.packages import KEY, package

DAY = date(2025, 12, 20)
REGIONS = ("临河县", "望江区")


def frame_of(**keys: str) -> Frame:
    districts = [{"region": region, "key": keys.get(region, "")} for region in REGIONS]
    return Frame.model_validate({"region": "江北市", "report": SPEC, "districts": districts})


def test_the_report_over_districts_is_filed_with_its_sources_and_bytes_do_not_change(tmp_path: Path) -> None:
    packages = read_packages([package(tmp_path, region) for region in REGIONS])
    frame = frame_of(**dict.fromkeys(REGIONS, fingerprint(KEY.public_key())))
    rolled = roll_up(packages, frame, DAY, tmp_path / "汇总", Issue(sample=True))
    assert altered(rolled.folder) == []
    assert (rolled.districts, rolled.missing, rolled.unmatched) == (2, (), 0)
    again = roll_up(packages[::-1], frame, DAY, tmp_path / "又一次", Issue(sample=True))
    assert again.pdf.read_bytes() == rolled.pdf.read_bytes()
    document = pypdfium2.PdfDocument(rolled.pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "江北市民政局文件" in text
    assert "未登记" not in text
    assert check_layout_file(rolled.pdf).broken == ()
    word = rolled.pdf.with_suffix(".docx")
    assert word.read_bytes() == again.pdf.with_suffix(".docx").read_bytes()
    edited = edited_reports.read(word.name, word.read_bytes())
    found = edited_reports.compare_filed(rolled.folder, word.name, edited)
    assert (found.edits.verdict, found.day) == (Verdict.UNCHANGED, DAY)


def test_everything_that_is_wrong_with_packages_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "坏.zip").write_text("x")
    (tmp_path / "空.zip").write_bytes(b"")
    with pytest.raises(Problem) as refused:
        read_packages([tmp_path / "坏.zip", package(tmp_path), tmp_path / "空.zip"])
    assert refused.value.kind is ProblemKind.PACKAGES_FAULTY
    assert "坏.zip" in refused.value.title
    assert "空.zip" in refused.value.title


def test_a_district_that_signs_with_another_key_than_the_registered_one_is_not_taken_in(
    tmp_path: Path,
) -> None:
    packages = read_packages([package(tmp_path, "临河县", Ed25519PrivateKey.generate())])
    with pytest.raises(Problem) as refused:
        roll_up(packages, frame_of(临河县=fingerprint(KEY.public_key())), DAY, tmp_path / "out", Issue())
    assert "〔1806〕" in refused.value.title
    assert not (tmp_path / "out").exists()


def test_two_packages_of_one_district_are_not_both_counted(tmp_path: Path) -> None:
    one = package(tmp_path / "甲")
    with pytest.raises(Problem) as refused:
        read_packages([one, package(tmp_path / "乙")])
    assert refused.value.kind is ProblemKind.PACKAGE_TWICE


def test_a_drafted_frame_can_be_used_once_it_is_filled_in_and_is_never_overwritten(tmp_path: Path) -> None:
    packages = read_packages([package(tmp_path, region) for region in REGIONS])
    target = tmp_path / "口径.yaml"
    draft_frame(packages, target)
    drafted = read_frame(target)
    assert [d.region for d in drafted.districts] == list(REGIONS)
    assert len(drafted.measures) == 18
    assert target.read_text(encoding="utf-8").startswith("# 汇总口径")
    with pytest.raises(Problem) as refused:
        draft_frame(packages, target)
    assert refused.value.kind is ProblemKind.FILE_THERE
    assert read_frame(target) == drafted


def test_a_fault_in_a_frame_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "口径.yaml"
    path.write_text("region: 江北市\nmeasures:\n  - number: 一\n    title: 台账\n", encoding="utf-8")
    with pytest.raises(Problem) as refused:
        read_frame(path)
    assert refused.value.kind is ProblemKind.FRAME_FAULTY
    assert "口径.yaml 第 3 行" in refused.value.title
    assert "缺少“report”" in refused.value.title


def test_a_frame_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused:
        read_frame(tmp_path / "没有.yaml")
    assert refused.value.kind is ProblemKind.PLAN_NOT_FOUND
