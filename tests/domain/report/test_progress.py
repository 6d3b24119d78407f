"""The table of actions: every due item once, and the three rates apart."""

from domain.rates import rates
from domain.report.progress import by_action, rates_told
from tests.domain.happenings import facts
from tests.domain.report import tiedong


def test_actions_and_what_serves_them_all_add_up_to_the_whole_year() -> None:
    material = tiedong.material()
    *parts, total = by_action(material, material.facts).rows
    for column in (2, 3):
        assert sum(int(row.cells[column].text) for row in parts) == int(total.cells[column].text)
    assert int(total.cells[2].text) == len(material.due)


def test_an_action_s_rates_are_those_of_its_measures_items() -> None:
    silent = tiedong.handed("education")  # the education bureau hands in no yearly report
    material = tiedong.material("2025-12-08", silent)
    table = by_action(material, material.facts)
    first = material.plan.actions[0]
    numbers = {m.number for m in material.plan.measures if m.action == first.id}
    found = rates((f for f in material.facts if f.item.measure in numbers), material.as_of)
    told = [cell.text for cell in table.rows[0].cells]
    assert told[0] == first.name
    assert told[4:] == [found.completeness.text(), found.timeliness.text(), found.quality.text()]
    assert table.rows[-2].cells[4].text != "100%"  # the yearly report belongs to no action


def test_rates_are_told_as_numbers_where_anything_is_there_and_in_a_word_where_nothing_is() -> None:
    material = tiedong.material()
    assert rates_told(material.rates) == (
        "到期事项647项，已报送647项，报送完整率100%、及时率100%、一次合格率100%。"
    )
    silent = [facts(f.item) for f in material.due]
    assert rates_told(rates(silent, material.as_of)) == "到期事项647项，均未报送。"
    assert rates_told(rates(silent[:1], material.as_of)) == "到期事项1项，未报送。"
