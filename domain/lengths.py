"""How long a message may be, counted as each vendor counts. Pure."""

from collections.abc import Callable, Sequence

Size = Callable[[str], int]


def utf8(text: str) -> int:
    """Bytes in UTF-8: what WeCom, DingTalk and Feishu count; a Chinese character has three."""
    return len(text.encode())


def sms_units(text: str) -> int:
    """Units of UTF-16, which gateways bill by: 70 make one text, and most characters beyond the first plane count two."""
    return len(text.encode("utf-16-le")) // 2


def shortened(lines: Sequence[str], tail: str, limit: int, size: Size) -> str:
    """Lines as one text that is not longer than ``limit``: whole where it fits, else what fits and ``tail``.

    What does not fit is left out by whole lines; only where not even the first one fits, that is cut. A character is never
    cut in two.

    Args:
        lines: the message.
        tail: what stands below it in any case: where all of it can be read; may be empty.
        limit: the most that the vendor takes, with the tail.
        size: how the vendor counts.
    """
    whole = _joined([*lines, tail])
    if size(whole) <= limit:
        return whole
    kept = list(lines)
    while kept:
        kept.pop()
        shorter = _joined([*kept, f"……（另有 {len(lines) - len(kept)} 行从略）", tail])
        if kept and size(shorter) <= limit:
            return shorter
    return _cut(lines[0] if lines else "", tail, limit, size)


def _cut(line: str, tail: str, limit: int, size: Size) -> str:
    """As much of a line as fits above the tail; of the tail itself, where even that is too long."""
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        if size(_joined([line[:middle] + "……", tail])) <= limit:
            low = middle
        else:
            high = middle - 1
    found = _joined([line[:low] + "……" if low else "", tail])
    while size(found) > limit:
        found = found[:-1]
    return found


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if line)
