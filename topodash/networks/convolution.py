"""Two 5x5 convolutions with ReLU and 2x2 max-pooling, forward and backward, as few large matrix products.

The general convolution of a framework spends most of its time here outside the arithmetic (pooling alone took
a third of it). Three observations turn the pair of layers into matrix products on one core:

1. A pooled output of the first layer sees a 6x6 window of the image. Its four candidates are four embeddings
   of the 5x5 kernel in that window, so one product with 4 c1 rows gives all of them, and pooling is three
   elementwise maxima of contiguous blocks.
2. Feature maps are kept on a pitch of 16 x 16 with two zero columns and rows after the 14 x 14 values. The
   zeros are shared by neighbours, so a shift of the kernel is a shift of the flat axis, and 'same' padding
   needs no border case: the second layer is one product with 25 c2 rows and 25 shifted additions.
3. The bias of the first layer is a column of the window matrix that is one on the values and zero on the
   padding, which keeps the padding at zero through the ReLU.

A batch is cut in chunks whose intermediate results stay in the processor's cache. Ties in the pooling go to
the first candidate, as in torch. Tests compare output and gradients with torch's own convolution.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

SIDE = 28
KERNEL = 5
_PITCH = 16
_VALID = 14
_POSITIONS = _PITCH * _PITCH
_WINDOW = 6
_TAPS = tuple((y - 2) * _PITCH + (x - 2) for y in range(KERNEL) for x in range(KERNEL))
_CHUNK_BYTES = 4_000_000


@dataclass
class _Chunk:
    """What the backward pass needs again of some images.

    `windows` (37, p), the first feature `maps` (c1, p), and which candidate won, as float32 zeros and ones:
    `second` (2, c1, p) for the two upper and the two lower candidates, `lower` (c1, p) between the winners.
    """

    windows: Tensor
    maps: Tensor
    second: Tensor
    lower: Tensor


@dataclass
class ConvolutionPair:
    """The convolutional half of M(c1, c2, dense) for 28 x 28 images of one channel.

    Parameters
    ----------
    c1, c2
        Channels of the first and of the second convolution.
    """

    c1: int
    c2: int
    _chunks: list[_Chunk] = field(default_factory=list, repr=False)

    def chunk_size(self) -> int:
        """Images that are worked on at once: their largest intermediate result is about 4 MB."""
        rows = max(4 * self.c1, 25 * self.c2)
        return max(1, min(20, _CHUNK_BYTES // (4 * rows * _POSITIONS)))

    def forward(self, images: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, *, keep: bool = True) -> Tensor:
        """Second-layer responses before bias, pooling and ReLU.

        Parameters
        ----------
        images
            (n, 28, 28) float32.
        w1, b1, w2
            (c1, 1, 5, 5), (c1,), (c2, c1, 5, 5).
        keep
            Whether `backward` will follow.

        Returns
        -------
        Tensor
            (c2, n, 14, 14), a view; the bias of the second layer commutes with pooling and is added after it.
        """
        n = images.shape[0]
        windows = _windows(images)
        first = _embed(w1, b1)
        second = w2.permute(2, 3, 0, 1).reshape(25 * self.c2, self.c1)
        out = torch.empty(self.c2, n * _POSITIONS)
        self._chunks.clear()
        step = self.chunk_size()
        for start in range(0, n, step):
            columns = slice(start * _POSITIONS, min(start + step, n) * _POSITIONS)
            chunk = self._first(windows[:, columns], first)
            products = (second @ chunk.maps).view(25, self.c2, -1)
            _gather(products, out[:, columns])
            if keep:
                self._chunks.append(chunk)
        return out.view(self.c2, n, _PITCH, _PITCH)[:, :, :_VALID, :_VALID]

    def _first(self, windows: Tensor, first: Tensor) -> _Chunk:
        candidates = (first @ windows).view(2, 2, self.c1, -1)
        winners = torch.maximum(candidates[:, 0], candidates[:, 1])
        maps = torch.maximum(winners[0], winners[1]).relu_()
        # Comparisons in place give zeros and ones of the same type, several times faster than booleans.
        second = candidates[:, 1].gt_(candidates[:, 0])
        return _Chunk(windows, maps, second, winners[1].gt_(winners[0]))

    def backward(self, gradient: Tensor, w2: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Gradients of w1, b1 and w2 from the gradient of what `forward` returned, (c2, n, 14, 14)."""
        n = gradient.shape[1]
        padded = torch.zeros(self.c2, n, _PITCH, _PITCH)
        padded[:, :, :_VALID, :_VALID] = gradient
        flat = padded.view(self.c2, n * _POSITIONS)
        second = w2.permute(2, 3, 0, 1).reshape(25 * self.c2, self.c1)
        grad_second = torch.zeros_like(second)
        grad_first = torch.zeros(4 * self.c1, _WINDOW * _WINDOW + 1)
        start = 0
        for chunk in self._chunks:
            size = chunk.maps.shape[1]
            spread = _spread(flat[:, start : start + size])
            start += size
            grad_second.addmm_(spread, chunk.maps.t())
            grad_maps = torch.ops.aten.threshold_backward(second.t() @ spread, chunk.maps, 0)
            grad_first.addmm_(_route(grad_maps, chunk), chunk.windows.t())
        self._chunks.clear()
        grad_w1, grad_b1 = _extract(grad_first.view(4, self.c1, -1))
        grad_w2 = grad_second.view(KERNEL, KERNEL, self.c2, self.c1).permute(2, 3, 0, 1)
        return grad_w1, grad_b1, grad_w2.contiguous()


def _windows(images: Tensor) -> Tensor:
    """(37, n * 256): the 6x6 window of each pooled position, and a row of ones on the values."""
    n = images.shape[0]
    padded = torch.zeros(n, SIDE + 4, SIDE + 4)
    padded[:, 2:-2, 2:-2] = images
    windows = torch.zeros(_WINDOW * _WINDOW + 1, n, _PITCH, _PITCH)
    for row in range(_WINDOW):
        for column in range(_WINDOW):
            windows[row * _WINDOW + column, :, :_VALID, :_VALID] = padded[
                :, row : row + SIDE : 2, column : column + SIDE : 2
            ]
    windows[-1, :, :_VALID, :_VALID] = 1.0
    return windows.view(_WINDOW * _WINDOW + 1, n * _POSITIONS)


def _embed(w1: Tensor, b1: Tensor) -> Tensor:
    """(4 c1, 37): the kernel at its four places in the window, and the bias."""
    c1 = w1.shape[0]
    embedded = torch.zeros(4, c1, _WINDOW * _WINDOW + 1)
    window = embedded[:, :, :-1].unflatten(2, (_WINDOW, _WINDOW))
    for place in range(4):
        row, column = divmod(place, 2)
        window[place, :, row : row + KERNEL, column : column + KERNEL] = w1[:, 0]
    embedded[:, :, -1] = b1
    return embedded.view(4 * c1, -1)


def _extract(gradient: Tensor) -> tuple[Tensor, Tensor]:
    """The transpose of `_embed`: gradients of kernel (c1, 1, 5, 5) and bias (c1,)."""
    window = gradient[:, :, :-1].unflatten(2, (_WINDOW, _WINDOW))
    kernel = torch.zeros(gradient.shape[1], 1, KERNEL, KERNEL)
    for place in range(4):
        row, column = divmod(place, 2)
        kernel[:, 0] += window[place, :, row : row + KERNEL, column : column + KERNEL]
    return kernel, gradient[:, :, -1].sum(0)


def _gather(products: Tensor, out: Tensor) -> None:
    """out[c, p] = sum over taps of products[tap, c, p + offset]; what is cut off at the ends is padding."""
    size = out.shape[1]
    out.zero_()
    for tap, offset in enumerate(_TAPS):
        low, high = max(0, -offset), min(size, size - offset)
        out[:, low:high] += products[tap, :, low + offset : high + offset]


def _spread(gradient: Tensor) -> Tensor:
    """The transpose of `_gather`: (25 c2, p)."""
    channels, size = gradient.shape
    spread = torch.empty(25, channels, size)
    for tap, offset in enumerate(_TAPS):
        low, high = max(0, offset), min(size, size + offset)
        spread[tap, :, :low].zero_()
        spread[tap, :, low:high] = gradient[:, low - offset : high - offset]
        spread[tap, :, high:].zero_()
    return spread.view(25 * channels, size)


def _route(gradient: Tensor, chunk: _Chunk) -> Tensor:
    """Give each pooled gradient to the candidate that won: (4 c1, p)."""
    sides = torch.empty(2, *gradient.shape)
    torch.mul(gradient, chunk.lower, out=sides[1])
    torch.sub(gradient, sides[1], out=sides[0])
    routed = torch.empty(2, 2, *gradient.shape)
    torch.mul(sides, chunk.second, out=routed[:, 1])
    torch.sub(sides, routed[:, 1], out=routed[:, 0])
    return routed.view(4 * gradient.shape[0], -1)
