"""The page: what an address says, and the sources that it can name."""

import pytest

from topodash.pages.filters import choice
from topodash.pages.filters.address import first_beside, read_address, write_address
from topodash.pages.filters.choice import Source, missing_words, read_source
from topodash.pages.filters.controls import STUDY, VIEW

BANK = Source("bank:mnist_64_8_512", "M(64, 8, 512) on MNIST", (0, 100, 500, 1000, 2000), 6400)


def test_an_address_comes_back_as_it_was_written(monkeypatch):
    monkeypatch.setattr("topodash.pages.filters.address.read_source", lambda value: BANK)
    study = STUDY.parse({"k": 50, "share": 20, "lens": "neighbourhood"})
    view = VIEW.parse({"colour": "direction", "layout": "plane"})
    text = write_address(BANK, 500, "100", layer=None, channels="mean", study=study, view=view)
    query = dict(pair.split("=") for pair in text[1:].split("&"))
    found = read_address({**query, "filter": "12"})
    assert (found.step, found.beside, found.study, found.view, found.row, found.notices) == (
        500,
        "100",
        study,
        view,
        12,
        [],
    )


def test_a_wrong_address_gives_defaults_and_says_so(monkeypatch):
    monkeypatch.setattr("topodash.pages.filters.address.read_source", lambda value: BANK)
    found = read_address({"source": BANK.value, "at": "soon", "beside": "7", "k": "-3", "channels": "x"})
    assert found.step == 2000 and found.beside == "0" and found.channels == "mean"
    assert len(found.notices) == 4


def test_what_a_link_says_of_a_source_that_is_gone_is_not_said_of_another(monkeypatch):
    monkeypatch.setattr("topodash.pages.filters.address.first_source", lambda: (BANK, ""))
    gone = {
        "at": "40",
        "beside": "3",
        "layer": "x",
        "channels": "each",
        "k": "5",
        "share": "60",
        "filter": "9",
    }
    found = read_address({"source": "bank:../../etc", **gone, "colour": "direction"})
    assert found.source is BANK and len(found.notices) == 1
    plain = read_address({"source": "", "colour": "direction"})
    assert (found.study, found.view, found.step, found.beside, found.layer, found.channels, found.row, found.given) == (
        plain.study, plain.view, plain.step, plain.beside, plain.layer, plain.channels, plain.row, plain.given
    )  # fmt: skip


def test_a_wrong_setting_gives_what_the_page_shows_without_it(monkeypatch):
    few = Source("bank:x", "x", (0, 9), 512)
    monkeypatch.setattr("topodash.pages.filters.address.read_source", lambda value: few)
    found = read_address({"source": "bank:x", "k": "-3", "share": "much", "gain": "4", "at": "7"})
    assert found.study == {**read_address({"source": "bank:x"}).study, "gain": 4}
    assert (found.study["k"], found.study["share"], found.given) == (16, 20, ("gain",))
    assert "The link is read with 16 instead." in found.notices[1]
    assert "at=7, which is not recorded; iteration 9 is shown" in " ".join(found.notices)


def test_a_link_to_a_file_keeps_its_settings_and_leaves_the_rest_to_be_fitted():
    found = read_address({"source": "upload:" + "a" * 32 + ":x.npz", "k": "0", "share": "40"})
    assert found.given == ("share",) and found.study["share"] == 40
    assert len(found.notices) == 1 and found.notices[0].endswith("The link is read without it.")


@pytest.mark.parametrize(
    "value", ["", "bank:", "bank:../x", "run:zz", "upload:1:x", "upload:" + "a" * 32 + ":", "x"]
)
def test_sources_that_cannot_exist_are_refused(value):
    with pytest.raises(ValueError, match=r"Source must|bank must"):
        read_source(value)


@pytest.mark.parametrize(("live", "total"), [(True, 400), (False, 36)])
def test_a_training_counts_to_what_is_planned_while_it_grows(live, total):
    assert Source("run:x", "x", (0, 36), live=live, planned=400).total == total
    assert Source("run:x", "x", live=live, planned=400).total == (400 if live else 0)


def test_circles_and_squares_are_compared_from_iteration_40():
    assert (
        first_beside(Source("bank:shapes_512_128_1024", "x", (0, 40, 2000), data="circles_squares")) == "40"
    )
    assert first_beside(Source("upload:x", "x")) == "none"


def test_missing_banks_are_named(monkeypatch):
    monkeypatch.setattr(choice, "bank_names", lambda: ("mnist_64_8_512",))
    said = missing_words()
    assert "M(512, 128, 1024) on MNIST" in said and "circles and squares" in said and "M(64" not in said
    monkeypatch.setattr(choice, "bank_names", lambda: tuple(choice.BANKS))
    assert missing_words() == ""


def test_without_any_bank_the_page_says_how_to_fill_it(monkeypatch):
    monkeypatch.setattr(choice, "bank_names", lambda: ())
    source, why = choice.first_source()
    assert source is None and "Train a network" in why
