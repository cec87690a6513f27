"""Small pictures of filters: grey-scale PNGs, 0 in the middle grey, and many of them on one canvas.

A filter's row 0 is at the top. All pictures are made by an encoder of a few lines, so that a page with hundreds of
them needs neither an imaging library nor a request for each.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

MIDDLE = 128


def png(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG file of (h, w) grey or (h, w, 4) RGBA pixels.

    Raises
    ------
    ValueError
        For another shape or type.
    """
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] != 4):
        raise ValueError(
            f"pixels must be uint8 of shape (h, w) or (h, w, 4); they were {pixels.dtype} {pixels.shape}"
        )
    height, width = pixels.shape[:2]
    rows = pixels.reshape(height, -1)
    raw = np.concatenate([np.zeros((height, 1), dtype=np.uint8), rows], axis=1).tobytes()
    head = struct.pack(">IIBBBBB", width, height, 8, 0 if pixels.ndim == 2 else 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(raw, 6))
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def data_uri(pixels: NDArray[np.uint8]) -> str:
    """The PNG as a `data:` address."""
    return "data:image/png;base64," + base64.b64encode(png(pixels)).decode("ascii")


def laid(
    pixels: NDArray[np.uint8], x: float, y: float, width: float, height: float, **more: Any
) -> dict[str, Any]:
    """The picture as an image of plotly's layout over the traces, its upper left corner at (x, y) of the axes."""
    return {
        "source": data_uri(pixels),
        "x": x,
        "y": y,
        "sizex": width,
        "sizey": height,
        "xref": "x",
        "yref": "y",
        "sizing": "stretch",
        "layer": "above",
        **more,
    }


def greys(filters: ArrayLike) -> NDArray[np.uint8]:
    """(n, d) weights as greys, each filter by its own greatest weight: black is minus that, white plus, 128 is 0."""
    values = np.atleast_2d(np.asarray(filters, dtype=np.float64))
    greatest = np.abs(values).max(axis=1, keepdims=True, initial=0.0)
    share = values / np.where(greatest > 0, greatest, 1.0)
    return np.clip(np.rint(MIDDLE + 127 * share), 0, 255).astype(np.uint8)


def squares(filters: ArrayLike, zoom: int = 6) -> NDArray[np.uint8]:
    """(n, k * k) weights as (n, k * zoom, k * zoom) pictures."""
    grey = greys(filters)
    side = int(np.rint(np.sqrt(grey.shape[1])))
    pictures = grey.reshape(len(grey), side, side)
    return np.repeat(np.repeat(pictures, zoom, axis=1), zoom, axis=2)


def addresses(filters: ArrayLike, zoom: int = 6) -> list[str]:
    """A `data:` address for each filter."""
    return [data_uri(picture) for picture in squares(filters, zoom)]


def patch_address(patch: ArrayLike, zoom: int = 6) -> str:
    """An input patch with pixels in [0, 1]: 0 is black, 1 is white."""
    values = np.clip(np.asarray(patch, dtype=np.float64).ravel(), 0, 1)
    side = int(np.rint(np.sqrt(len(values))))
    return data_uri(patch_square(values, side, zoom))


def patch_square(values: NDArray[np.float64], side: int, zoom: int) -> NDArray[np.uint8]:
    """Pixels in [0, 1] as a grey picture, (side * zoom, side * zoom)."""
    picture = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8).reshape(side, side)
    return np.repeat(np.repeat(picture, zoom, axis=0), zoom, axis=1)


def framed(picture: NDArray[np.uint8], colour: str, width: int = 3) -> NDArray[np.uint8]:
    """A grey picture (h, w) with a frame of the colour `#rrggbb` around it, as RGBA."""
    height, across = picture.shape
    pixels = np.empty((height + 2 * width, across + 2 * width, 4), dtype=np.uint8)
    pixels[...] = (*(int(colour[i : i + 2], 16) for i in (1, 3, 5)), 255)
    pixels[width:-width, width:-width, :3] = picture[..., None]
    return pixels


def canvas(
    places: NDArray[np.float64],
    filters: ArrayLike,
    *,
    size: tuple[int, int],
    zoom: int = 6,
    border: Sequence[tuple[int, int, int]] | None = None,
    gap: float = 1.0,
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Thumbnails at their places on one transparent picture, the first ones first, none over another.

    Parameters
    ----------
    places : (n, 2) array in [0, 1]
        Centres, y upwards.
    filters : (n, k * k) array
    size : (width, height) in pixels
    zoom : pixels a weight
    border : n colours (r, g, b), optional
    gap : least distance of two centres, in widths of a thumbnail

    Returns
    -------
    pixels : (height, width, 4) uint8
    shown : rows that got a thumbnail
    """
    values = np.atleast_2d(np.asarray(filters, dtype=np.float64))
    pictures = squares(values, zoom) if len(places) else np.zeros((0, zoom, zoom), dtype=np.uint8)
    side = pictures.shape[1]
    edge = 2 if border is not None else 0
    whole = side + 2 * edge
    width, height = size
    pixels = np.zeros((height, width, 4), dtype=np.uint8)
    taken: list[tuple[float, float]] = []
    shown = []
    for k, (x, y) in enumerate(np.asarray(places, dtype=np.float64).tolist()):
        left, top = round(x * width - whole / 2), round((1 - y) * height - whole / 2)
        if left < 0 or top < 0 or left + whole > width or top + whole > height:
            continue
        if any(abs(left - a) < whole * gap and abs(top - b) < whole * gap for a, b in taken):
            continue
        taken.append((left, top))
        shown.append(k)
        if border is not None:
            pixels[top : top + whole, left : left + whole] = (*border[k], 255)
        inner = pixels[top + edge : top + edge + side, left + edge : left + edge + side]
        inner[..., :3] = pictures[k][..., None]
        inner[..., 3] = 255
    return pixels, np.array(shown, dtype=np.int64)
