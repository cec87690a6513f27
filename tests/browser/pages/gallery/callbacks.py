"""What the gallery does: it says what its table parsed, and draws again when the look changes."""

from dash import Input, Output
from topodash.pages.gallery.layout import TABLE, plane

from topodash.components import ControlErrors


def register(app, _settings):
    @app.callback(
        output={"said": Output("gallery-said", "children"), "errors": TABLE.error_outputs()},
        inputs={"raw": TABLE.inputs(), "clicks": Input("gallery-start", "n_clicks")},
    )
    def say(raw, clicks):
        if clicks and clicks > 1:
            raise RuntimeError("the gallery fails on the second click")
        try:
            return {"said": TABLE.query(TABLE.parse(raw)) or "defaults", "errors": TABLE.errors()}
        except ControlErrors as problem:
            return {"said": "refused", "errors": TABLE.errors(problem)}

    @app.callback(Output("gallery-plane", "figure"), Input("theme", "data"), prevent_initial_call=True)
    def redraw(look):
        return plane(look == "dark")
