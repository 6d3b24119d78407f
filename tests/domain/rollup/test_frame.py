"""What corresponds to what: as the frame says, else by title, and nothing is lost in silence."""

from domain.rollup.frame import Frame, Matching, Unmatched, draft
from tests.domain.rollup.districts import KEY, SPEC, figure, frame, measure, slug, summary

LINHE = summary("临河县", figure("留守儿童", 100), measures=(measure(1, "建立台账"), measure(2, "走访慰问")))
WANGJIANG = summary(
    "望江区", figure("留守儿童数", 50), measures=(measure(7, "台账管理"), measure(8, "走访 慰问"))
)


def test_without_a_word_in_the_frame_equal_titles_are_the_same_whatever_their_number_and_blanks() -> None:
    matching = Matching(frame(), (LINHE, WANGJIANG))
    assert [m.title for m in matching.measures] == ["建立台账", "走访慰问", "台账管理"]
    assert matching.measures_of(WANGJIANG)[2][0].number == 8
    assert matching.unmatched == ()


def test_what_the_frame_names_is_taken_as_it_says() -> None:
    named = frame(
        measures=[
            {
                "number": 1,
                "title": "台账",
                "sources": [{"plan": "linhe", "measures": [1, 2]}, {"plan": "wangjiang", "measures": [7]}],
            }
        ],
        indicators=[
            {
                "name": "留守儿童",
                "unit": "人",
                "sources": [{"plan": "wangjiang", "indicator": slug("留守儿童数")}],
            }
        ],
    )
    matching = Matching(named, (LINHE, WANGJIANG))
    assert [m.number for m in matching.measures_of(LINHE)[1]] == [1, 2]
    assert matching.figures_of(WANGJIANG)["留守儿童", "人"].name == "留守儿童数"
    assert matching.figures_of(LINHE)["留守儿童", "人"].name == "留守儿童"
    assert matching.unmatched == (Unmatched("望江区", "举措 8.走访 慰问"),)


def test_the_same_name_in_another_unit_of_measure_is_something_else() -> None:
    named = frame(indicators=[{"name": "留守儿童", "unit": "户"}])
    assert Matching(named, (LINHE,)).unmatched == (Unmatched("临河县", "指标 留守儿童（人）"),)


def test_a_source_that_the_plan_lost_leaves_the_others_in_place() -> None:
    gone = frame(
        measures=[{"number": 1, "title": "台账", "sources": [{"plan": "linhe", "measures": [1, 99]}]}]
    )
    assert [m.number for m in Matching(gone, (LINHE,)).measures_of(LINHE)[1]] == [1]


def test_who_is_expected_and_sent_nothing_is_named() -> None:
    named = frame(districts=[{"region": "临河县"}, {"region": "青山区", "key": KEY}])
    assert Matching(named, (LINHE,)).missing == ("青山区",)


def test_a_drafted_frame_matches_everything_that_it_was_drafted_from() -> None:
    drafted = draft("江北市", SPEC, [(LINHE, KEY), (WANGJIANG, KEY)])
    read_back = Frame.model_validate(drafted.model_dump(mode="json"))
    matching = Matching(read_back, (LINHE, WANGJIANG))
    assert matching.unmatched == ()
    assert matching.missing == ()
    assert [s.plan for s in drafted.measures[1].sources] == ["linhe", "wangjiang"]
    assert [d.key for d in drafted.districts] == [KEY, KEY]
