"""What every folder's tests may ask for."""

import plotly.graph_objects as go
import pytest

from topodash.figures import theme


@pytest.fixture(scope="session")
def check():
    """Hands a figure that plotly did not check (`figures/plain.py`) to the constructor that refuses what is no figure."""

    def passes(figure, *, dark):
        made = figure.to_plotly_json()
        checked = go.Figure(made).to_plotly_json()
        assert [set(one) for one in checked["data"]] == [set(one) for one in made["data"]]
        assert set(checked["layout"]) == {name for name, value in made["layout"].items() if value != []}
        assert made["layout"]["template"] == theme.TEMPLATES[theme.template(dark)].to_plotly_json()

    return passes
