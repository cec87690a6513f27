"""MNIST against published facts and damaged copies; circles and squares against areas."""

import gzip
import hashlib
import shutil

import numpy as np
import pytest

from topodash.datasets import DatasetFileError, load
from topodash.datasets.circles_squares import disk_coverage, half_side, square_coverage
from topodash.datasets.idx import read_idx
from topodash.datasets.mnist import FILES, read_mnist
from topodash.resources import resource_dir

FOLDER = resource_dir("data") / "mnist"


@pytest.fixture(scope="module")
def all_digits():
    return load("mnist")


def test_mnist_has_the_published_counts(all_digits):
    assert all_digits.images.shape == (70_000, 28, 28)
    assert len(all_digits.train) == 60_000
    assert len(all_digits.test) == 10_000
    train = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    test = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert np.bincount(all_digits.labels[all_digits.train]).tolist() == train
    assert np.bincount(all_digits.labels[all_digits.test]).tolist() == test
    assert all_digits.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert all_digits.notices == ()


def test_mnist_has_the_well_known_mean_and_deviation(all_digits):
    pixels = all_digits.images[all_digits.train]
    assert pixels.mean(dtype=np.float64) == pytest.approx(0.1307, abs=5e-5)
    assert pixels.std(dtype=np.float64) == pytest.approx(0.3081, abs=5e-5)


def test_a_subset_is_seeded_said_and_taken_from_its_own_part(all_digits):
    data = load("mnist", train_images=50, test_images=20, digits=[7, 3], seed=2)
    assert data.class_names == ("3", "7")
    assert len(data.train) == 50
    assert len(data.test) == 20
    assert len(data.notices) == 2
    assert "50 of 12,396 train images" in data.notices[0]  # 6131 + 6265
    digit = np.array([3, 7])[data.labels]
    pool = all_digits.images[all_digits.train][: all_digits.train.size]
    for image, own in zip(data.images[data.train][:5], digit[data.train][:5], strict=True):
        match = np.flatnonzero((pool == image).all(axis=(1, 2)))
        assert len(match) >= 1
        assert set(all_digits.labels[match]) == {own}


def test_digits_that_cannot_give_the_wished_number_are_refused():
    with pytest.raises(ValueError, match="train_images must be at most 5923 with digits"):
        load("mnist", digits=[0], train_images=6000)
    with pytest.raises(ValueError, match="digits must be different"):
        load("mnist", digits=[0, 0])
    assert len(load("mnist", digits=[0], test_images=0).train) == 5923  # the default is all there are


def test_the_checksums_are_the_published_ones():
    listed = dict(reversed(line.split()) for line in (FOLDER / "MD5SUMS").read_text().splitlines())
    assert listed == {each.name: each.md5 for each in FILES}
    small = FILES[3]
    content = gzip.decompress((FOLDER / f"{small.name}.gz").read_bytes())
    assert hashlib.md5(content).hexdigest() == small.md5
    assert np.array_equal(read_idx(FOLDER, small), np.frombuffer(content[8:], dtype=np.uint8))


def test_mnist_is_read_once_and_shared():
    assert read_mnist()[0] is read_mnist()[0]
    assert not read_mnist()[0].flags.writeable


def _flip(data):
    damaged = bytearray(data)
    damaged[len(damaged) // 2] ^= 0xFF
    return bytes(damaged)


@pytest.mark.parametrize(
    ("how", "damage"),
    [
        ("cut in half", lambda data: data[: len(data) // 2]),
        ("empty", lambda data: b""),
        ("one byte changed", _flip),
        ("not gzip", lambda data: b"<html>not found</html>"),
        ("foreign", lambda data: gzip.compress(b"something else")),
        ("longer", lambda data: gzip.compress(gzip.decompress(data) + b"\0")),
        ("a label changed", lambda data: gzip.compress(_flip(gzip.decompress(data)))),
    ],
)
def test_a_damaged_file_is_named_with_what_to_do(tmp_path, how, damage):
    expected = FILES[3]
    path = tmp_path / f"{expected.name}.gz"
    path.write_bytes(damage((FOLDER / path.name).read_bytes()))
    with pytest.raises(DatasetFileError, match="is damaged") as caught:
        read_idx(tmp_path, expected)
    assert str(caught.value).startswith(
        path.name
    )  # a page shows it, to whom the server's folders are nothing
    assert str(tmp_path) not in str(caught.value)
    assert "Restore t10k-labels-idx1-ubyte.gz" in str(caught.value)
    assert caught.value.path == path


def test_a_missing_file_is_named_and_a_repaired_folder_works_at_once(tmp_path):
    for each in FILES:
        shutil.copy(FOLDER / f"{each.name}.gz", tmp_path)
    first = tmp_path / f"{FILES[0].name}.gz"
    content = first.read_bytes()
    first.unlink()
    with pytest.raises(DatasetFileError, match=r"train-images-idx3-ubyte\.gz is missing"):
        read_mnist(tmp_path)
    first.write_bytes(content)
    assert read_mnist(tmp_path)[0].shape == (70_000, 28, 28)


def test_drawn_areas_are_those_of_the_figures():
    rng = np.random.default_rng(0)
    radius = rng.uniform(3, 11, 200)
    centre = 14 + (13.5 - radius)[:, None] * rng.uniform(-1, 1, (200, 2))
    disks = disk_coverage(centre, radius)
    assert disks.sum(axis=(1, 2)) == pytest.approx(np.pi * radius**2, rel=0.02)
    squares = square_coverage(centre, half_side(radius))
    assert squares.sum(axis=(1, 2)) == pytest.approx(np.pi * radius**2, rel=1e-9)
    for images in (disks, squares):  # the centre of mass: x along a row, y down the rows
        mass = images.sum(axis=(1, 2))
        x = (images * (np.arange(28) + 0.5)).sum(axis=(1, 2)) / mass
        y = (images * (np.arange(28) + 0.5)[:, None]).sum(axis=(1, 2)) / mass
        assert np.column_stack([x, y]) == pytest.approx(centre, abs=0.05)


def test_disks_agree_with_supersampling():
    fine = (np.arange(28 * 20) + 0.5) / 20
    for radius, x, y in ((3.2, 9.4, 20.1), (10.7, 14.0, 13.3)):
        inside = (fine[None, :] - x) ** 2 + (fine[:, None] - y) ** 2 <= radius**2
        expected = inside.reshape(28, 20, 28, 20).mean(axis=(1, 3))
        found = disk_coverage(np.array([[x, y]]), np.array([radius]))[0]
        assert np.abs(found - expected).max() < 0.1
        assert np.abs(found - expected).mean() < 0.005


def test_circles_and_squares_have_the_papers_numbers():
    data = load("circles_squares")
    assert data.images.shape == (12_500, 28, 28)
    assert len(data.train) == 10_000
    assert len(data.test) == 2_500
    assert data.class_names == ("circle", "square")
    assert np.bincount(data.labels[data.train]).tolist() == [5000, 5000]
    assert data.images.min() == 0
    assert data.images.max() == 1
    assert (data.images.max(axis=(1, 2)) > 0.4).all(), "every image shows its figure"


@pytest.mark.parametrize("style", ["filled", "outline"])
def test_area_does_not_give_filled_classes_away_and_outlines_are_thin(style):
    data = load(
        "circles_squares", style=style, train_images=4000, test_images=0, radii=[6, 10], line_width=1.5
    )
    area = data.images.sum(axis=(1, 2))
    means = [area[data.labels == label].mean() for label in (0, 1)]
    if style == "filled":
        assert means[0] == pytest.approx(means[1], rel=0.03)
    else:  # length of the line times its width, at the mean radius 8
        assert means[0] == pytest.approx(2 * np.pi * 8 * 1.5, rel=0.03)
        assert means[1] == pytest.approx(4 * np.sqrt(np.pi) * 8 * 1.5, rel=0.03)


def test_test_images_do_not_depend_on_the_number_of_training_images():
    few = load("circles_squares", train_images=10, test_images=30)
    many = load("circles_squares", train_images=50, test_images=30)
    assert np.array_equal(few.images[few.test], many.images[many.test])
