"""A text as a reader sees it, with the way back to where each character stood.

Full-width forms, digits of other scripts, invisible characters and the many dashes and spaces of
Unicode would hide a number from any pattern; they are folded away before the rules look.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

# By general category: what prints nothing, spaces and dashes. Nd (digits) goes by its value.
_BY_CATEGORY: Final = dict.fromkeys(("Cc", "Cf", "Cn", "Co", "Me", "Mn"), "") | {
    "Zs": " ",
    "Pd": "-",
}
_SAME_LOOK: Final = (
    dict.fromkeys("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", "\n")
    | dict.fromkeys("\u115f\u1160\u3164\uffa0\u2800", "")  # letters that print nothing
    | dict.fromkeys("ХхΧχ", "x")  # Cyrillic and Greek, typed for the check character X
    | {"\t": "\t", "\u2212": "-"}
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A folded text.

    Attributes:
        text: the folded text: half-width, visible characters only.
        places: for each character of `text`, its offset in the original.
    """

    text: str
    places: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that the non-empty span `start:end` was read from."""
        return self.places[start], self.places[end - 1] + 1


def read(text: str) -> Reading:
    """Fold `text` for the rules. Linear in its length; never fails on any str."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for folded in _fold(character):
            characters.append(folded)
            places.append(place)
    return Reading("".join(characters), tuple(places))


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    """What one character looks like; empty if it prints nothing."""
    if character in _SAME_LOOK:
        return _SAME_LOOK[character]
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in _BY_CATEGORY:
        return _BY_CATEGORY[category]
    return unicodedata.normalize("NFKC", character)
