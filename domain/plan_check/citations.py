"""Citations: each leads to a paragraph, and where it says so to a sentence, of the notice."""

from collections.abc import Iterable, Iterator

from domain.cadence import Entry
from domain.notice import NoticeParagraph, digest
from domain.plan import Plan
from domain.plan_check.finding import Finding, Loc


def check_citations(plan: Plan) -> Iterator[Finding]:
    """Citations that the plan's outline of the notice does not bear out."""
    lengths = {paragraph.id: len(paragraph.sentences) for paragraph in plan.outline}
    for loc, cite in _cites(plan, ()):
        paragraph, _, sentence = cite.partition("#")
        if paragraph not in lengths:
            yield Finding(loc, f"通知中没有“{paragraph}”段。", "请对照 outline 中的编号改正。")
        elif sentence and not 1 <= int(sentence) <= lengths[paragraph]:
            yield Finding(
                loc,
                f"“{paragraph}”段只有 {lengths[paragraph]} 句，没有第 {sentence} 句。",
                "请核对句号（标题不计，从 1 数起）。",
            )


def check_outline(plan: Plan, notice: Iterable[NoticeParagraph]) -> list[Finding]:
    """Where the plan's outline differs from the notice itself: paragraphs, headings, wording of sentences."""
    real = {paragraph.id: paragraph for paragraph in notice}
    found = []
    for i, kept in enumerate(plan.outline):
        paragraph = real.pop(kept.id, None)
        if paragraph is None:
            found.append(
                Finding(("outline", i), f"通知原文没有“{kept.id}”段。", "请用 guanai plan outline 重新生成。")
            )
            continue
        if paragraph.title != kept.title:
            found.append(
                Finding(
                    ("outline", i, "title"),
                    f"“{kept.id}”段的标题与原文“{paragraph.title}”不同。",
                    "请照原文改正，并核对引用它的条目。",
                )
            )
        found += _sentences_that_differ(("outline", i, "sentences"), kept.sentences, paragraph)
    missing = "、".join(real)
    if missing:
        found.append(
            Finding(("outline",), f"原文的这些段没有收入：{missing}。", "请用 guanai plan outline 重新生成。")
        )
    return found


def _sentences_that_differ(loc: Loc, kept: tuple[str, ...], paragraph: NoticeParagraph) -> Iterator[Finding]:
    real = [digest(sentence) for sentence in paragraph.sentences]
    if len(kept) != len(real):
        yield Finding(
            loc,
            f"“{paragraph.id}”段原文有 {len(real)} 句，这里有 {len(kept)} 句。",
            "请用 guanai plan outline 重新生成，并核对引用它的条目。",
        )
        return
    for i, (mine, theirs) in enumerate(zip(kept, real, strict=True)):
        if mine != theirs:
            yield Finding(
                (*loc, i),
                f"“{paragraph.id}”段第 {i + 1} 句与原文不符。",
                "原文可能已修改，请核对引用它的条目后重新生成。",
            )


def _cites(value: object, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """Every citation below an entry, with its place."""
    if isinstance(value, tuple):
        for i, item in enumerate(value):
            yield from _cites(item, (*loc, i))
    elif isinstance(value, Entry):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if name == "cites":
                yield from (((*loc, name, i), str(cite)) for i, cite in enumerate(inner))
            else:
                yield from _cites(inner, (*loc, name))
