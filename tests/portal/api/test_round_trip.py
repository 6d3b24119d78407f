"""Whatever a unit may hand in comes back exactly as it was sent."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.canonical import clean_text
from domain.privacy import find
from tests.portal.systems import VISITS, System

WORDS = "走访困难家庭慰问物资台账登记核对入户宣讲、，。；“”（）《》…—·\n\t 0123456789abcXYZ<>&'\"\\/{}%$#𠮷é"

texts = st.text(WORDS, min_size=4, max_size=60).filter(
    lambda text: clean_text(text) == text and len(text) >= 4 and not find(text)
)
remarks = st.just("") | texts
counts = st.integers(0, 1_000_000_000).map(str)


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """What 河口镇 may hand in for its visits."""
    state = draw(st.sampled_from(["done", "under-way", "not-started", "no-occasion"]))
    told = draw(st.booleans()) if state == "no-occasion" else True
    figures = []
    for indicator in ("families", "visited"):
        value = draw(st.none() | counts)
        remark = draw(texts if value is None else remarks)
        figures.append({"indicator": indicator, "value": value, "remark": remark})
    return {
        "by": draw(st.sampled_from(["孙莉", "买买提·艾力", "O'Neil"])),
        "state": state,
        "passages": [{"slot": "progress", "text": draw(texts)}] if told else [],
        "figures": figures,
    }


def test_what_is_handed_in_comes_back_as_it_was_sent(system: System) -> None:
    tried = 0

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(body=bodies())
    def comes_back(body: dict[str, Any]) -> None:
        nonlocal tried
        tried += 1
        answer = system.submit(body, key=str(tried))
        assert answer.status_code in (200, 201), answer.text
        newest = system.get(f"/items/{VISITS}").json()["newest"]
        same = body if answer.status_code == 201 else {**body, "by": newest["by"]}
        assert {name: newest[name] for name in body} == same
        assert newest["content_sha256"] == answer.json()["content_sha256"]

    comes_back()
    assert tried >= 40
