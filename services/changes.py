"""What changed from one version of what a unit handed in to the next, with its files; for the unit and for the office."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.differences import Differences, differences
from domain.entries import ItemEntry
from domain.facts import ItemFacts, Submission
from services.attachments import Attachment, Files


@dataclass(frozen=True)
class Change:
    """A version beside the one before it.

    Attributes:
        shown: the version.
        before: the one before it; None for the first.
        differences: what changed; None for the first.
        files: handed in with the version.
        file_names: names of the files of both by their digest.
    """

    shown: Submission
    before: Submission | None
    differences: Differences | None
    files: tuple[Attachment, ...]
    file_names: Mapping[str, str]


def change(facts: ItemFacts, version: int, files: Files) -> Change | None:
    """A version of an item and what changed in it; None where there is no such version.

    Args:
        facts: the item with every version.
        version: the one to show.
        files: those of the item.
    """
    by_number = {one.version: one for one in facts.submissions}
    shown, before = by_number.get(version), by_number.get(version - 1)
    if shown is None:
        return None
    own = files.handed_in.get(shown.id, ())
    old = files.handed_in.get(before.id, ()) if before else ()
    key = facts.item.key
    return Change(
        shown=shown,
        before=before,
        differences=differences(_entry(key, before, old), _entry(key, shown, own)) if before else None,
        files=own,
        file_names={file.sha256: file.name for file in (*old, *own)},
    )


def _entry(key: str, version: Submission, files: Sequence[Attachment]) -> ItemEntry:
    return ItemEntry(
        key=key,
        state=version.state,
        passages=version.passages,
        figures=version.figures,
        attachments=tuple(file.sha256 for file in files),
    )
