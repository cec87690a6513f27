"""Pictures of filters: a PNG of our own against the standard's rules, greys, thumbnails that do not lie over each other."""

import base64
import struct
import zlib

import numpy as np
import pytest

from topodash.figures.filter_images import canvas, data_uri, framed, greys, patch_address, png, squares


def decode(data):
    """An independent reading of an 8-bit PNG without filters."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, body, size = 8, b"", None
    while at < len(data):
        (length,), name = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        content = data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0] == zlib.crc32(name + content)
        if name == b"IHDR":
            size = struct.unpack(">IIBBBBB", content)
        body += content if name == b"IDAT" else b""
        at += 12 + length
    width, height, depth, colour, *_ = size
    assert depth == 8
    channels = {0: 1, 6: 4}[colour]
    rows = np.frombuffer(zlib.decompress(body), dtype=np.uint8).reshape(height, 1 + width * channels)
    assert (rows[:, 0] == 0).all()
    return rows[:, 1:].reshape((height, width) if channels == 1 else (height, width, 4))


@pytest.mark.parametrize("shape", [(3, 5), (1, 1), (4, 2, 4)])
def test_a_png_holds_the_pixels_it_was_made_of(shape):
    pixels = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    assert np.array_equal(decode(png(pixels)), pixels)


def test_other_pixels_are_refused():
    with pytest.raises(ValueError, match="pixels must be uint8"):
        png(np.zeros((3, 3)))


def test_zero_is_the_middle_grey_and_the_greatest_weight_the_end():
    assert greys([[0.0, 2.0, -2.0, 1.0]]).tolist() == [[128, 255, 1, 192]]
    assert (greys(np.zeros((2, 9))) == 128).all()


def test_row_0_is_at_the_top():
    bright_top = np.zeros((1, 9))
    bright_top[0, :3] = 1
    picture = squares(bright_top, 2)[0]
    assert (picture[:2] == 255).all()
    assert (picture[2:] == 128).all()


def test_addresses_are_data_addresses():
    address = patch_address([0, 1, 0.5, 1], zoom=1)
    head, body = address.split(",")
    assert head == "data:image/png;base64"
    assert decode(base64.b64decode(body)).tolist() == [[0, 255], [128, 255]]
    assert data_uri(framed(np.zeros((2, 2), dtype=np.uint8), "#ff0000", 1)).startswith("data:image/png")


def test_thumbnails_never_lie_over_each_other_and_the_densest_come_first():
    rng = np.random.default_rng(1)
    places = rng.random((300, 2))
    pixels, shown = canvas(places, rng.normal(size=(300, 9)), size=(200, 200), zoom=5)
    assert (
        shown[0] == min(k for k in range(300) if (places[k] > 0.05).all() and (places[k] < 0.95).all())
        or 0 in shown
    )
    assert (pixels[..., 3] == 255).sum() == len(shown) * 15 * 15


def test_a_thumbnail_at_the_top_of_the_plane_is_at_the_top_of_the_picture():
    pixels, shown = canvas(np.array([[0.5, 0.9]]), np.ones((1, 9)), size=(100, 100), zoom=2)
    assert shown.tolist() == [0]
    assert pixels[:50, :, 3].any()
    assert not pixels[50:, :, 3].any()
