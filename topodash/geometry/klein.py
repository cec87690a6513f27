"""The Klein bottle of edge and line patches, and the place of a filter on it.

On the k x k grid over [-1, 1]^2 let t = cos(theta) x + sin(theta) y, and let L and Q be t and t^2, each
centred and scaled to norm 1. The patches

    p(theta, phi) = sin(phi) L_theta + cos(phi) Q_theta

repeat under (theta, phi) ~ (theta + pi, -phi): the chart [0, pi) x [0, 2 pi) has its left and right sides
glued with a flip, which is a Klein bottle. sin(phi) = +-1 are the edges (the primary circle), cos(phi) = +-1
the lines.

x grows along a patch's columns, y against its rows, so that a patch drawn as an image has y upwards.
Patches are flattened row by row.

Source: Carlsson, Ishkhanov, de Silva, Zomorodian, 'On the local behavior of spaces of natural images'
(doi 10.1007/s11263-007-0056-x); paper C, section on the improved model.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .layers import Array

_SAMPLES = 256  # of psi = 2 theta; the objective has at most five maxima, so each is seen
_CONSTANT = 1e-10  # a spread below this share of the greatest weight is rounding


@dataclass(frozen=True, eq=False)
class KleinFit:
    """The nearest patch of the Klein bottle to each filter.

    Attributes
    ----------
    theta (n,) : in [0, pi). phi (n,) : in [0, 2 pi).
    r2 (n,) : share of the centred filter's squared norm that the patch explains, 0 to 1; NaN for a constant
        filter, whose theta and phi are NaN too.
    constant (n,) bool : which filters are constant, and so have no place.
    """

    theta: Array
    phi: Array
    r2: Array
    constant: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Circle:
    """One of the three circles: ``chart`` (n, 2) its canonical (theta, phi), ``patches`` (n, k * k)."""

    name: str
    chart: Array
    patches: Array


def patch(theta: npt.ArrayLike, phi: npt.ArrayLike, k: int = 5) -> Array:
    """The patches at given places, of mean 0 and norm 1.

    Parameters
    ----------
    theta, phi : angles in radians, of shapes that broadcast to some shape s.
    k : side of the patch, at least 3. On the 2 x 2 grid Q vanishes at theta = 0: no Klein bottle.

    Returns
    -------
    s + (k * k,) float64
    """
    theta, phi = np.broadcast_arrays(np.asarray(theta, dtype=np.float64), np.asarray(phi, dtype=np.float64))
    x, y, _, _, _ = _grid(k)
    t = np.cos(theta)[..., None] * x + np.sin(theta)[..., None] * y
    linear = t / np.linalg.norm(t, axis=-1, keepdims=True)
    quadratic = t**2 - (t**2).mean(axis=-1, keepdims=True)
    quadratic /= np.linalg.norm(quadratic, axis=-1, keepdims=True)
    return np.sin(phi)[..., None] * linear + np.cos(phi)[..., None] * quadratic


def canonical(theta: npt.ArrayLike, phi: npt.ArrayLike) -> tuple[Array, Array]:
    """The same places with theta in [0, pi) and phi in [0, 2 pi), by (theta, phi) ~ (theta + pi, -phi)."""
    theta, phi = np.broadcast_arrays(np.asarray(theta, dtype=np.float64), np.asarray(phi, dtype=np.float64))
    turns = np.floor(theta / np.pi)
    theta = theta - turns * np.pi
    # A theta a rounding below 0 becomes pi itself, which is 0 after one more turn.
    over = theta >= np.pi
    theta = np.where(over, 0.0, np.maximum(theta, 0.0))
    phi = np.where((turns + over) % 2 == 1, -phi, phi) % (2 * np.pi)
    return theta, np.where(phi >= 2 * np.pi, 0.0, phi)


def klein_fit(filters: npt.ArrayLike) -> KleinFit:
    """The nearest patch on the Klein bottle to each filter, exactly.

    Parameters
    ----------
    filters : (n, k * k), k >= 3. They are centred here; scale does not matter.

    Returns
    -------
    KleinFit
        theta maximises <w, L_theta>^2 + <w, Q_theta>^2, phi = atan2(<w, L>, <w, Q>), and r2 is that maximum
        over |w|^2.

    Raises
    ------
    ValueError
        For another shape or numbers that are not finite.

    Notes
    -----
    In psi = 2 theta the objective is a trigonometric polynomial plus the square of one over a third: at
    most five maxima. The maxima of a dense sample are refined on the derivative, and the best is taken.
    """
    moments, k, constant = _moments(filters)
    psi, best = _maximise(moments, k)
    theta = psi / 2
    c, s = np.cos(theta), np.sin(theta)
    scales = _norms(k)
    linear = (c * moments[:, 0] + s * moments[:, 1]) / math.sqrt(scales[0])
    quadratic = c * c * moments[:, 2] + 2 * c * s * moments[:, 3] + s * s * moments[:, 4]
    quadratic /= np.sqrt(scales[1] + (scales[2] - scales[1] / 2) * np.sin(psi) ** 2)
    theta, phi = canonical(theta, np.arctan2(linear, quadratic))
    nan = np.where(constant, np.nan, 0.0)
    return KleinFit(theta + nan, phi + nan, np.clip(best, 0.0, 1.0) + nan, constant)


def gradient_direction(filters: npt.ArrayLike) -> Array:
    """The direction in which each filter's linear part rises, (n,) in [0, 2 pi); NaN where it has none.

    Parameters
    ----------
    filters : (n, k * k), k >= 3. The angle is counter-clockwise from the x axis, y upwards.
    """
    moments, _, constant = _moments(filters)
    x, y = moments[:, 0], moments[:, 1]
    angle = np.arctan2(y, x) % (2 * np.pi)
    return np.where(
        constant | (np.hypot(x, y) <= _CONSTANT), np.nan, np.where(angle >= 2 * np.pi, 0.0, angle)
    )


def line_orientation(filters: npt.ArrayLike) -> Array:
    """The direction across each filter's best line, (n,) in [0, pi); NaN where there is none.

    The theta that maximises <w, Q_theta>^2: a bright or dark line runs at a right angle to it. Double it to
    compare orientations as angles.

    Parameters
    ----------
    filters : (n, k * k), k >= 3.
    """
    moments, k, constant = _moments(filters)
    moments[:, :2] = 0.0
    psi, best = _maximise(moments, k)
    theta, _ = canonical(psi / 2, 0.0)
    return np.where(constant | (best <= _CONSTANT**2), np.nan, theta)


def three_circles(n: int = 120, k: int = 5) -> tuple[Circle, Circle, Circle]:
    """The three-circle model as closed curves of n points each.

    The primary circle (edges of all directions: phi = pi / 2, which is two lines of the chart, phi =
    +-pi / 2) and the secondary ones, theta = 0 and theta = pi / 2 (vertical and horizontal edges and lines).
    Each secondary circle meets the primary in two points; together their first Betti number is 5.

    Raises
    ------
    ValueError
        When n is below 3 or k is below 3.
    """
    if n < 3:
        raise ValueError(f"n must be at least 3, not {n!r}")
    turn = np.arange(n) * (2 * np.pi / n)
    places = (
        ("primary", turn, np.full(n, np.pi / 2)),
        ("secondary, theta = 0", np.zeros(n), turn),
        ("secondary, theta = pi / 2", np.full(n, np.pi / 2), turn),
    )
    first, second, third = (
        Circle(name, np.stack(canonical(theta, phi), axis=1), patch(theta, phi, k))
        for name, theta, phi in places
    )
    return first, second, third


def _grid(k: int) -> tuple[Array, Array, Array, Array, Array]:
    """x, y, and the centred x^2, x y, y^2 on the flattened grid."""
    if k < 3:
        raise ValueError(f"k must be at least 3 for the Klein bottle of k x k patches, not {k!r}")
    ticks = np.linspace(-1.0, 1.0, k)
    x, y = np.tile(ticks, k), np.repeat(-ticks, k)
    square = (ticks**2).mean()
    return x, y, x * x - square, x * y, y * y - square


def _norms(k: int) -> tuple[float, float, float]:
    """|x|^2, |x^2 - mean|^2 and |x y|^2 on the grid. These functions are orthogonal there."""
    x, _, xx, xy, _ = _grid(k)
    return float(x @ x), float(xx @ xx), float(xy @ xy)


def _moments(filters: npt.ArrayLike) -> tuple[Array, int, npt.NDArray[np.bool_]]:
    """Products of the centred filters of norm 1 with x, y, x^2, xy, y^2, (n, 5); k; which are constant."""
    array = np.asarray(filters, dtype=np.float64)
    k = math.isqrt(array.shape[1]) if array.ndim == 2 else 0
    if array.ndim != 2 or k < 3 or k * k != array.shape[1]:
        raise ValueError(f"filters must have shape (n, k * k) with k >= 3, not {array.shape}")
    if not np.isfinite(array).all():
        bad = np.flatnonzero(~np.isfinite(array).all(axis=1))
        raise ValueError(f"filters must be finite; {len(bad)} are not, the first is number {bad[0]}")
    greatest = np.abs(array).max(axis=1, keepdims=True, initial=0.0)
    array = array / np.where(greatest > 0, greatest, 1.0)
    array -= array.mean(axis=1, keepdims=True)
    norm = np.linalg.norm(array, axis=1, keepdims=True)
    constant = norm[:, 0] <= _CONSTANT
    array /= np.where(constant[:, None], 1.0, norm)
    array[constant] = 0.0
    return array @ np.stack(_grid(k), axis=1), k, constant


def _maximise(moments: Array, k: int) -> tuple[Array, Array]:
    """The psi = 2 theta in [0, 2 pi) with the greatest <w, L>^2 + <w, Q>^2, and its value; (n,) each."""
    if not len(moments):
        return np.empty(0), np.empty(0)
    x, y, xx, xy, yy = moments.T
    lin, one, two = _norms(k)
    # <w, L>^2 = p0 + p1 cos psi + p2 sin psi; <w, t^2> = q0 + q1 cos psi + q2 sin psi;
    # |t^2 - mean|^2 = one + d sin^2 psi
    p = np.stack([(x * x + y * y) / 2, (x * x - y * y) / 2, x * y], axis=1) / lin
    q = np.stack([(xx + yy) / 2, (xx - yy) / 2, xy], axis=1)
    d = two - one / 2

    grid = np.arange(_SAMPLES) * (2 * np.pi / _SAMPLES)
    basis = np.stack([np.ones(_SAMPLES), np.cos(grid), np.sin(grid)])
    values = (q @ basis) ** 2
    values /= one + d * np.sin(grid) ** 2
    values += p @ basis
    peak = (values >= np.roll(values, 1, axis=1)) & (values > np.roll(values, -1, axis=1))
    peak[np.arange(len(values)), values.argmax(axis=1)] = True
    rows, columns = np.nonzero(peak)

    p, q = p[rows].T, q[rows].T
    step = 2 * np.pi / _SAMPLES

    def value_and_slope(psi: npt.NDArray) -> tuple[Array, Array]:
        c, s = np.cos(psi), np.sin(psi)
        size, inner = one + d * s * s, q[0] + q[1] * c + q[2] * s
        ratio = inner / size
        slope = p[2] * c - p[1] * s + 2 * ratio * (q[2] * c - q[1] * s - ratio * d * s * c)
        return p[0] + p[1] * c + p[2] * s + inner * ratio, slope

    low, high = grid[columns] - step, grid[columns] + step
    for _ in range(20):
        middle = (low + high) / 2
        rising = value_and_slope(middle)[1] > 0
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    # On what is left the derivative is a straight line to the last digit.
    at_low, at_high = value_and_slope(low)[1], value_and_slope(high)[1]
    fall = at_low - at_high
    share = np.where(fall > 0, at_low / np.where(fall > 0, fall, 1.0), 0.5)
    psi = low + np.clip(share, 0.0, 1.0) * (high - low)
    refined, _ = value_and_slope(psi)
    # Where the objective is flat, bisection may drift to a side: the sample itself is then as good.
    flat = refined < values[rows, columns]
    psi, refined = np.where(flat, grid[columns], psi), np.where(flat, values[rows, columns], refined)
    order = np.lexsort((psi, -refined, rows))
    chosen = order[np.searchsorted(rows[order], np.arange(len(values)))]
    return psi[chosen] % (2 * np.pi), refined[chosen]
