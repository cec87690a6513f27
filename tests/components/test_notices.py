"""Many faults of a link are one notice, each said once."""

import pytest
from dash import html

from topodash.components.notices import MOST_SEEN, notices


def items(component):
    return [each.children for each in component.children[0].children]


def test_nothing_to_say_is_no_notice():
    assert notices([]) == []


def test_one_sentence_is_its_own_notice_however_often_it_was_found():
    (only,) = notices(["Twice.", "Twice."])
    assert only.children == "Twice."


@pytest.mark.parametrize("count", [2, MOST_SEEN])
def test_a_few_are_one_list(count):
    (only,) = notices([f"Fault {k}." for k in range(count)])
    assert items(only) == [f"Fault {k}." for k in range(count)]
    assert len(only.children) == 1


def test_long_sentences_are_folded_earlier_but_one_is_always_seen():
    (only,) = notices(["a" * 500, "b", "c"])
    assert items(only) == ["a" * 500]
    assert only.children[1].children[0].children == "and 2 more"
    assert only.withCloseButton


def test_more_are_folded():
    (only,) = notices(f"Fault {k}." for k in range(8))
    folded = only.children[1]
    assert len(items(only)) == MOST_SEEN - 1
    assert isinstance(folded, html.Details)
    assert folded.children[0].children == f"and {8 - MOST_SEEN + 1} more"
