"""What the page says of a bank is what the bank's files say."""

import json

import numpy as np
import pytest

from topodash.pages.filters.provenance import (
    accuracy_by_precision,
    bank_facts,
    bank_words,
    provenance,
    ranges,
)
from topodash.resources import resource_dir
from topodash.studies.filter_topology_bank import FilterBank, bank_names, load_bank


def bank(precisions, wanted=4):
    n = len(precisions)
    each = [{"seed": k, "precision": p, "versions": {"torch": "2"}} for k, p in enumerate(precisions)]
    return FilterBank(
        "x", "about", np.zeros((n, 2, 3, 5, 5), np.float32), np.zeros((n, 2, 3), np.float32), np.array([0, 9]), np.arange(n),
        np.array([[0.1, 0.9 + k / 100] for k in range(n)]), np.zeros((n, 2)),
        {"each": each, "networks_wanted": wanted, "command": "train"},
    )  # fmt: skip


def test_networks_of_both_precisions_are_counted_and_their_accuracy_said():
    said = bank_words(bank(["bfloat16", "float32", "bfloat16"]))
    assert "3 of the 4 networks" in said
    assert "1 network trained in float32: mean test accuracy 0.9100" in said
    assert "2 networks trained with bfloat16 products in the convolutions: mean test accuracy 0.9100" in said


def test_a_complete_bank_in_float32_needs_no_word():
    assert bank_words(bank(["float32"] * 4)) == ""
    assert "bfloat16" in bank_words(bank(["bfloat16"] * 4))


def test_the_panel_names_command_seeds_iterations_accuracy_and_versions():
    facts = dict(bank_facts(bank(["float32", "float32"])))
    assert facts["Networks"] == "2 of 4" and facts["Seeds"] == "0 to 1" and facts["Iterations"] == "0, 9"
    assert facts["Test accuracy"] == "mean 0.9050, smallest 0.9000, largest 0.9100"
    assert facts["Command"] == "train" and facts["Versions"] == "torch 2"


def test_images_are_named_with_their_fingerprint_where_it_was_recorded():
    found = bank(["float32"] * 3)
    found.provenance["dataset"] = {"name": "mnist"}
    assert dict(bank_facts(found))["Images"] == "mnist, fingerprint not recorded"
    found.provenance["each"][1]["data_sha256"] = found.provenance["each"][2]["data_sha256"] = "ab" * 32
    assert dict(bank_facts(found))["Images"] == (
        "mnist, fingerprint not recorded (networks 0), SHA-256 abababababab… (networks 1 to 2)"
    )


def test_ranges_are_short():
    assert ranges([3, 0, 1, 2, 7]) == "0 to 3, 7" and ranges([]) == ""


@pytest.mark.parametrize("name", bank_names())
def test_every_shipped_bank_says_where_it_comes_from(name):
    found = load_bank(name)
    document = json.loads((resource_dir("data") / "banks" / f"{name}.json").read_text(encoding="utf-8"))
    facts = dict(bank_facts(found))
    assert facts["Networks"].startswith(f"{document['networks']} of ")
    assert f"mean {document['last_accuracy']['mean']:.4f}" in facts["Test accuracy"]
    assert facts["Command"] == document["command"]
    groups = accuracy_by_precision(found)
    assert sum(map(len, groups.values())) == len(document["each"]) == len(found.seeds)
    assert provenance(found, bank_words(found))
