"""Notices as files: text of any encoding, Word with lists that number themselves, PDF; and what is none of these."""

import io
import os
import zipfile
from pathlib import Path

import pikepdf
import pytest
from docx import Document

from domain.drafting.lines import ROW
from domain.problems import Problem, ProblemKind
from services.notices import read_lines
from services.notices.reading import MOST_BYTES, MOST_CHARACTERS, MOST_LINES
from tests.notices import YUNXI, as_pdf, as_word
from tests.services.attached_files import pdf, repacked

TEXT = YUNXI.read_text("utf-8")


def texts(path: Path) -> list[str]:
    return ["".join(line.text.split()) for line in read_lines(path) if line.text]


def stored(folder: Path, content: bytes | str, name: str = "通知") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(path: Path) -> Problem:
    with pytest.raises(Problem) as told:
        read_lines(path)
    return told.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_of_every_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    assert texts(stored(tmp_path, TEXT.encode(encoding))) == texts(YUNXI)


def test_a_pdf_gives_the_same_paragraphs_without_heads_and_page_numbers(tmp_path: Path) -> None:
    path = stored(tmp_path, as_pdf(TEXT))

    assert texts(path) == texts(YUNXI)
    places = [line.place(0) for line in read_lines(path)]
    assert places[0] == "第1页第1行"
    assert {place.partition("页")[0] for place in places} == {"第1", "第2", "第3"}


WORD = [
    (None, "某县人民政府办公室关于印发《某县方案》的通知"),
    (None, "各镇人民政府："),
    (None, "现印发给你们。\n某县人民政府办公室\n2025年1月2日"),
    (0, "总体要求"),
    (None, "全面加强。"),
    (0, "重点任务"),
    (1, "阅读行动"),
    (2, "建书屋。每年检修。（县教育局负责）"),
    (2, "查隐患。每季度排查。（县公安局负责）"),
    (1, "健康行动"),
    (2, "做体检。每年5月底前完成。（县卫健局负责）"),
    (0, "工作要求"),
]
ROWS = [("工作任务", "牵头单位", "配合单位"), ("建书屋", "县教育局", "县妇联")]


def test_numbers_that_word_makes_by_itself_are_read(tmp_path: Path) -> None:
    assert texts(stored(tmp_path, as_word(WORD)))[-9:] == [
        "一、总体要求",
        "全面加强。",
        "二、重点任务",
        "（一）阅读行动",
        "1.建书屋。每年检修。（县教育局负责）",
        "2.查隐患。每季度排查。（县公安局负责）",
        "（二）健康行动",
        "1.做体检。每年5月底前完成。（县卫健局负责）",
        "三、工作要求",
    ]


def test_rows_of_a_word_table_are_lines_with_merged_cells_said_again(tmp_path: Path) -> None:
    document = Document()
    table = document.add_table(rows=3, cols=3)
    for r, row in enumerate(
        [("任务", "牵头单位", "时限"), ("建书屋", "县教育局", "年底前"), ("", "县妇联", "年底前")]
    ):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    out = io.BytesIO()
    document.save(out)

    (first, second, third) = read_lines(stored(tmp_path, out.getvalue()))

    assert first.text == ROW + ROW.join(("任务", "牵头单位", "时限"))
    assert (second.text, third.text) == (ROW + "建书屋｜县教育局｜年底前", ROW + "建书屋｜县妇联｜年底前")
    assert third.place(0) == "第1个表第3行"


def test_rows_between_upright_strokes_of_a_text_are_lines_of_a_table(tmp_path: Path) -> None:
    lines = read_lines(stored(tmp_path, "任务 | 牵头单位 | 时限 |\n建书屋 | 县教育局 | |\n附件1 |\n"))

    assert [line.text for line in lines] == [
        ROW + "任务｜牵头单位｜时限",
        ROW + "建书屋｜县教育局｜",
        "附件1",
    ]


def test_text_in_boxes_content_controls_and_revisions_is_read_and_struck_out_text_is_not(
    tmp_path: Path,
) -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    other = "http://schemas.openxmlformats.org/markup-compatibility/2006"

    def run(text: str) -> str:
        return f"<w:r><w:t>{text}</w:t></w:r>"

    box = f"<w:txbxContent><w:p>{run('某县文件')}</w:p></w:txbxContent>"
    twice = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    boxes = f"<w:r><mc:AlternateContent>{twice}</mc:AlternateContent></w:r>"
    body = (
        f"<w:p>{boxes}{run('一、')}<w:ins>{run('重点')}</w:ins>"
        f"<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>{run('任务')}</w:p>"
        f"<w:sdt><w:sdtContent><w:p>{run('1.甲。')}</w:p></w:sdtContent></w:sdt>"
    )
    document = f'<w:document xmlns:w="{space}" xmlns:mc="{other}"><w:body>{body}</w:body></w:document>'

    lines = read_lines(stored(tmp_path, repacked(as_word([]), {"word/document.xml": document.encode()})))

    assert [(line.text, line.place(0)) for line in lines] == [
        ("某县文件", "正文第1段的文本框"),
        ("一、重点任务", "正文第1段"),
        ("1.甲。", "正文第2段"),
    ]


def test_pictures_in_a_word_notice_do_no_harm(tmp_path: Path) -> None:
    plain = as_word([(0, "任务"), (None, "做好。")])

    assert texts(stored(tmp_path, repacked(plain, {"word/media/seal.png": b"\x89PNG"}))) == [
        "一、任务",
        "做好。",
    ]


class TestRefusals:
    def test_a_missing_file_or_a_folder_is_a_mistake_in_the_path(self, tmp_path: Path) -> None:
        for path in (tmp_path / "no.txt", tmp_path):
            assert refused(path).kind is ProblemKind.NOTICE_NOT_FOUND

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "没有文字"),
            (b"   \n\n", "没有文字"),
            (b"\x00\x01\x02" * 999, "不是文字文件"),
            (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "不是文字文件"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(999), "旧格式"),
            (b"%PDF-1.7 cut off", "PDF 已损坏"),
            (b"PK\x03\x04 cut off", "不完整"),
        ],
    )
    def test_what_is_no_notice_says_what_it_is(self, tmp_path: Path, content: bytes, words: str) -> None:
        problem = refused(stored(tmp_path, content))

        assert problem.kind is ProblemKind.NOTICE_UNREADABLE
        assert words in str(problem)
        assert str(tmp_path) not in str(problem)

    def test_noise_of_any_kind_is_refused_with_a_number(self, tmp_path: Path) -> None:
        for start in (b"", b"%PDF-1.4\n", b"PK\x03\x04", b"\xff\xfe"):
            assert refused(stored(tmp_path, start + os.urandom(5000))).kind is ProblemKind.NOTICE_UNREADABLE

    def test_a_huge_file_is_refused_unread(self, tmp_path: Path) -> None:
        path = tmp_path / "huge"
        with path.open("wb") as file:
            file.truncate(MOST_BYTES + 1)

        assert refused(path).kind is ProblemKind.NOTICE_TOO_LARGE

    def test_a_book_is_refused(self, tmp_path: Path) -> None:
        assert refused(stored(tmp_path, "字" * (MOST_CHARACTERS + 1))).kind is ProblemKind.NOTICE_TOO_LARGE

    def test_a_file_of_lines_without_end_is_refused(self, tmp_path: Path) -> None:
        assert refused(stored(tmp_path, "①\n" * (MOST_LINES + 1))).kind is ProblemKind.NOTICE_TOO_LARGE

    def test_a_word_document_that_unpacks_to_a_flood_is_refused(self, tmp_path: Path) -> None:
        bomb = repacked(as_word([(0, "任务")]), {"word/document.xml": b"<a>" + b" " * 30_000_000 + b"</a>"})

        problem = refused(stored(tmp_path, bomb))

        assert problem.kind is ProblemKind.NOTICE_UNREADABLE
        assert "过大的压缩内容" in str(problem)

    def test_entities_macros_and_other_archives_are_refused(self, tmp_path: Path) -> None:
        plain = as_word([(0, "任务")])
        entity = b'<!DOCTYPE a [<!ENTITY x "yyyy">]><a>&x;</a>'
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as other:
            other.writestr("readme.txt", "no document")
        for content, words in (
            (repacked(plain, {"word/styles.xml": entity}), "实体定义"),
            (repacked(plain, {"word/vbaProject.bin": b"x"}), "宏"),
            (archive.getvalue(), "不是 Word 文档"),
        ):
            assert words in str(refused(stored(tmp_path, content)))

    def test_a_table_that_claims_endless_columns_is_cut(self, tmp_path: Path) -> None:
        span = (
            b'<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>'
        )
        body = (
            b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:tbl><w:tblPr/>'
            b"<w:tblGrid/><w:tr>" + span + b"</w:tr></w:tbl></w:body></w:document>"
        )

        (line,) = read_lines(stored(tmp_path, repacked(as_word([]), {"word/document.xml": body})))

        assert len(line.text) < 200

    def test_a_pdf_with_a_password_or_without_text_says_so(self, tmp_path: Path) -> None:
        locked = pdf("secret", encryption=pikepdf.Encryption(user="one", owner="two"))

        assert "密码" in str(refused(stored(tmp_path, locked)))
        assert "没有文字" in str(refused(stored(tmp_path, pdf(""))))
