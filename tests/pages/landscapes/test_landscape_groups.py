"""Two groups of networks by one test, against Table I and against what must be refused."""

from dataclasses import replace

import numpy as np
import pytest

from topodash.jobs.answers import landscape_groups as module
from topodash.jobs.answers.landscape_groups import differences, landscape_groups
from topodash.jobs.answers.landscape_study import load_study
from topodash.jobs.sources import Sources
from topodash.pages.landscapes.comparing import kind_words, sizes_words
from topodash.pages.landscapes.testing import row_words
from topodash.studies.activation_landscapes import DISKS, MNIST, compare

REST = {"layer": "all", "degree": 1, "permutations": 99, "seed": 0, "paired": True}


@pytest.fixture(scope="module")
def sources(settings):
    return Sources(settings)


#: Two networks have a snapshot for each; the third's first one passes the threshold already.
MOMENTS = (0, 1)


def asked(named, **more):
    return {"a": {**named, "moment": MOMENTS[0]}, "b": {**named, "moment": MOMENTS[1]}, **REST, **more}


@pytest.mark.parametrize("paired", [True, False])
def test_two_moments_of_one_study_are_tested_as_in_table_1(named, sources, paired):
    found = landscape_groups(asked(named, paired=paired), sources)
    table = compare(load_study(named, sources), *MOMENTS, paired=paired, permutations=99, seed=0)
    assert found["statistic"] == pytest.approx(table.test.statistic, rel=1e-9)
    assert found["p"] == table.test.p_value
    assert found["sizes"] == [2, 2] == [table.networks] * 2
    assert (found["shared"], found["paired"], found["differences"]) == (table.shared, paired, [])


def test_the_same_networks_as_another_study_are_no_difference(named, settings, sources, tmp_path):
    copy = sources.store.import_file(sources.store.export(named["study"], tmp_path / "copy.run"))
    again = {**named, "study": copy}
    found = landscape_groups({"a": {**named, "moment": 0}, "b": {**again, "moment": 0}, **REST}, sources)
    assert found["statistic"] == pytest.approx(0, abs=1e-7)
    assert found["p"] == 1
    assert not found["same"] and not found["paired"]
    assert sizes_words(found) == "3 and 3 networks, taken as independent"
    sources.store.delete(copy)


def with_steps(monkeypatch, change):
    """Every group's networks with other steps at their snapshots."""
    real = module._group

    def changed(named, sources):
        group = real(named, sources)
        return replace(group, parts={n: {**part, "steps": change(n, part["steps"])} for n, part in group.parts.items()})  # fmt: skip

    monkeypatch.setattr(module, "_group", changed)


@pytest.mark.parametrize("paired", [True, False])
def test_where_most_networks_share_their_snapshots_there_is_no_test(named, sources, monkeypatch, paired):
    with_steps(monkeypatch, lambda n, steps: steps if n == 0 else np.zeros_like(steps))
    with pytest.raises(ValueError, match="2 of 3 networks have one snapshot for both"):
        landscape_groups(asked(named, paired=paired), sources)


def test_networks_left_out_are_said(named, sources, monkeypatch):
    with_steps(monkeypatch, lambda n, steps: np.arange(len(steps)) if n else np.zeros_like(steps))
    found = landscape_groups(asked(named), sources)
    assert found["sizes"] == [2, 2]
    assert "1 more has one snapshot for both and is left out" in sizes_words(found)
    assert "the only other swap within networks reaches it." in row_words({**found, "count": 1})
    assert "the only other swap within networks does not reach it." in row_words({**found, "count": 0})


def test_a_degree_that_a_study_lacks_is_said(named, sources):
    with pytest.raises(ValueError, match="first group has no homology of degree 0, only of degree 1"):
        landscape_groups(asked(named, degree=0), sources)


def test_what_else_differs_is_said(named, sources):
    found = differences(DISKS, MNIST)
    assert ["homology", "ordinary", "local"] in found
    assert ["class", "complement", "all classes"] in found
    row = landscape_groups(asked(named), sources)
    assert "differ" not in kind_words(row)
    assert "6 functions, grid step 0.01" in kind_words(row)
    assert "differ in data (nine_disks, mnist)" in kind_words({**row, "differences": found})


def test_the_finer_grid_is_taken_over_both():
    grid = module._common_grid(DISKS, MNIST)
    assert grid[-1] == max(DISKS.grid_end, MNIST.grid_end)
    assert grid[1] == pytest.approx(min(DISKS.grid_step, MNIST.grid_step))
