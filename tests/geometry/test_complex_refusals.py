"""Where points lie in a complex, and what it refuses: too many cells, wrong boxes, wrong networks."""

import numpy as np
import pytest
from relu_nets import BOX, layers_from, random_net

from topodash.geometry import CellLimitExceeded, polyhedral_complex


def test_locate_agrees_with_the_polygons():
    complex = polyhedral_complex(random_net((2, 8, 8), 7), BOX)
    middles = np.array([cell.polygon.mean(axis=0) for cell in complex.cells])
    found = complex.locate(middles)
    wide = complex.area > 1e-9
    np.testing.assert_array_equal(found[wide], np.arange(len(complex))[wide])


def test_locate_outside_and_on_the_rim():
    complex = polyhedral_complex(layers_from(([[1, 0]], [0])), BOX)
    outside = [[2.0001, 0], [0, -2.0001], [np.nan, 0], [np.inf, 0]]
    assert complex.locate(outside).tolist() == [-1] * 4
    assert (complex.locate([[2, 2], [-2, -2], [0, 0]]) >= 0).all()
    assert complex.locate(np.empty((0, 2))).shape == (0,)
    with pytest.raises(ValueError, match="points must have shape"):
        complex.locate([0.0, 0.0])


def test_locate_gives_points_on_crossings_a_cell_beside_them():
    layers = layers_from(([[1, 0], [0, 1], [-1, -1]], [0, 0, 0]))
    complex = polyhedral_complex(layers, BOX)
    (found,) = complex.locate([[0.0, 0.0]])
    assert np.abs(complex.cells[found].polygon).sum(axis=1).min() < 1e-12


def test_cell_limit():
    layers = random_net((2, 64, 64), 0)
    with pytest.raises(CellLimitExceeded, match="more than cell_limit = 100 linear regions"):
        polyhedral_complex(layers, BOX, cell_limit=100)
    number = len(polyhedral_complex(layers, BOX))
    assert len(polyhedral_complex(layers, BOX, cell_limit=number)) == number
    with pytest.raises(CellLimitExceeded):
        polyhedral_complex(layers, BOX, cell_limit=number - 1)
    assert issubclass(CellLimitExceeded, ValueError)
    with pytest.raises(ValueError, match="cell_limit must be at least 1"):
        polyhedral_complex(layers, BOX, cell_limit=0)


@pytest.mark.parametrize(
    ("box", "message"),
    [
        (((0, 0), (0, 1)), "xmin must be finite and below xmax"),
        (((0, 1), (2, 1)), "ymin must be finite and below ymax"),
        (((0, np.inf), (0, 1)), "xmin must be finite"),
        (((np.nan, 1), (0, 1)), "xmin must be finite"),
        (((1e9, 1e9 + 1e-3), (0, 1)), "too thin"),
        ((0, 1, 2, 3), "box must be"),
        (None, "box must be"),
    ],
)
def test_wrong_boxes(box, message):
    with pytest.raises(ValueError, match=message):
        polyhedral_complex(random_net((2, 3), 0), box)


def test_wrong_networks():
    with pytest.raises(ValueError, match=r"layers\[0\]: W must take 2 inputs, not 3"):
        polyhedral_complex(random_net((3, 3), 0), BOX)
    with pytest.raises(ValueError, match=r"layers\[1\]: .* finite"):
        polyhedral_complex([*random_net((2, 3), 0), (np.full((1, 3), np.nan), np.zeros(1))], BOX)
    huge = [(np.full((2, 2), 1e200), np.zeros(2)), (np.full((2, 2), 1e200), np.zeros(2))]
    with pytest.raises(ValueError, match=r"layers\[1\]: pre-activations overflow"):
        polyhedral_complex(huge, BOX)
