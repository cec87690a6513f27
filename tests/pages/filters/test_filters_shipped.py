"""The evidence that travels with the banks: all that the page asks for when it opens, and what the code computes today."""

import numpy as np
import pytest

from topodash.cli_answers import QUESTION, asked
from topodash.compute import Shipped, codec
from topodash.compute.cache import SHIPPED
from topodash.jobs.questions import question, question_key
from topodash.jobs.sources import Sources
from topodash.resources import resource_dir
from topodash.settings import Settings


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    return Sources(Settings(data_dir=tmp_path_factory.mktemp("shipped")))


@pytest.fixture(scope="module")
def shipped():
    return Shipped(resource_dir("data") / SHIPPED)


def test_everything_that_the_page_opens_on_is_there(shipped, sources):
    missing = [
        f"{name} at iteration {step}"
        for name, step, each in asked()
        if shipped.load(question_key(QUESTION, each, sources)) is None
    ]
    assert not missing, "run python -m topodash.cli_answers"


def test_it_is_what_the_code_computes(shipped, sources):
    name, step, first = next(asked())
    kept = codec.decode(shipped.load(question_key(QUESTION, first, sources)))
    now = question(QUESTION)(first, sources)
    assert (name, step) == ("mnist_512_128_1024", 0)
    for statistic, values in now["statistics"].items():
        assert kept["statistics"][statistic] == pytest.approx(values, rel=1e-6)
    assert np.allclose(kept["bars"], now["bars"], rtol=1e-6)
