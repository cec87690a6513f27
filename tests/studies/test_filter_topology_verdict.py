"""What may be said of statistics and their null banks, and when."""

import numpy as np
import pytest

from topodash.studies.filter_topology_verdict import EVIDENCE, Shown, p_value, verdicts


def shown(bar, klein, banks=99, untrained=False, longest=1.0):
    null = {"longest_bar": np.linspace(0, longest, banks), "klein_r2": np.linspace(0, 1, banks)}
    name = "iteration 0, untrained" if untrained else "iteration 9"
    return Shown(name, {"longest_bar": bar, "klein_r2": klein}, null, untrained)


@pytest.mark.parametrize(
    ("bar", "klein", "words"),
    [
        (2, 2, "hold a longer loop, than their mean and covariance explain"),
        (0.5, 2, "may not be concluded from the bars"),
        (2, 0.5, "may not be concluded: null banks lie as near"),
        (0.5, 0.5, "neither a loop nor nearness"),
    ],
)
def test_the_verdict_follows_the_two_statistics_that_are_evidence(bar, klein, words):
    said = verdicts([shown(bar, klein)], 99)
    assert words in said[0]
    assert "no evidence whatever their values" in said[1]
    assert "0.010" in said[2]


def test_nothing_is_concluded_before_the_null_banks():
    said = verdicts([Shown("iteration 9", dict.fromkeys(EVIDENCE, 0.5), {})], 99)
    assert len(said) == 1 and "nothing can be concluded" in said[0]


def test_a_file_s_name_stays_as_it_is_written_and_an_iteration_begins_the_sentence():
    for name, start in (("two.pt", "two.pt: "), ("iteration 9", "Iteration 9: ")):
        assert verdicts([Shown(name, dict.fromkeys(EVIDENCE, 0.5), {})], 99)[0].startswith(start)


@pytest.mark.parametrize("banks", [9, 19, 98])
def test_some_null_banks_give_numbers_so_far_and_no_conclusion(banks):
    source = shown(2, 0.5, banks)
    said = verdicts([source], 99)
    assert len(said) == 1 and p_value(source, "longest_bar", 99) is None
    assert f"{banks} of 99 null banks so far" in said[0] and "p =" not in said[0]
    assert f"reached by 0 of the {banks} so far" in said[0]
    assert "explain" not in said[0] and "Nothing is concluded before all 99" in said[0]


def test_what_holds_for_all_sources_waits_for_the_last_of_them():
    said = verdicts([shown(2, 2), shown(0.5, 0.5, 29, untrained=True)], 99)
    assert "explain" in said[0] and "29 of 99 null banks so far" in said[1] and len(said) == 2


def test_a_small_p_value_of_untrained_filters_is_called_chance():
    """They are independent draws: a hundred networks' gave 0.010 for the longest bar against 99 null banks."""
    said = verdicts([shown(1.01, 0.5, untrained=True)], 99)
    assert "chance" in said[0] and "0.010" in said[0] and "longer loop" not in said[0]
    assert "chance" not in verdicts([shown(0.5, 0.5, untrained=True)], 99)[0]
    assert "chance" not in verdicts([shown(2, 0.5)], 99)[0]


@pytest.mark.parametrize(
    ("trained", "untrained", "words"),
    [
        (1.6, 1.01, "standard deviations of its null beyond the longest of it, the latter 0.0 standard"),
        (1.6, 0.5, "the latter among its null"),
        (1.01, 1.6, "cannot be told apart"),
        (0.5, 0.4, "cannot be told apart"),
    ],
)
def test_what_tells_trained_from_untrained_filters_is_measured(trained, untrained, words):
    said = verdicts([shown(trained, 0.5), shown(untrained, 0.5, untrained=True)], 99)
    assert sum(words in one for one in said) == 1
    assert f"{trained:.3f}" in said[2] and f"{untrained:.3f}" in said[2]
