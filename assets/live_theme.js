/* Light and dark: templates, and every colour that a template cannot reach.
   A part of the page: its methods join those of `live_page.js`. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});
  (live.pageParts = live.pageParts || []).push({
    /* Light and dark: templates and every colour that a template cannot reach. */
    retheme() {
      if (!this.themes) return;
      const theme = this.theme();
      document.querySelectorAll(".td-page-live .js-plotly-plot").forEach((gd) => {
        if (!gd._fullLayout) return;
        window.Plotly.relayout(gd, { template: theme.template }).then(() => this.views[gd.closest("[data-slot=b]") ? "b" : "a"].poke());
      });
      for (const slot of ["a", "b"]) this.rethemeGraphs(slot, theme);
      document.querySelectorAll("img[data-themed]").forEach((img) => {
        const address = new URL(img.src);
        address.searchParams.set("dark", this.dark() ? "1" : "0");
        img.src = address.pathname + address.search;
      });
    },

    rethemeGraphs(slot, theme) {
      const view = this.views[slot], plane = view.graph("plane"), space = view.graph("space"), curves = view.graph("curves");
      const c = theme.colours;
      if (plane && plane.data && plane.data.length) window.Plotly.restyle(plane, { colorscale: [theme.diverging] }, [0]);
      if (space && space.data && space.data.length > 10) {
        const n = space.data.length - 10;
        window.Plotly.restyle(space, { "line.color": [c.quiet, c.quiet, c.text] }, [n + 1, n + 2, n + 5]);
        window.Plotly.restyle(space, { "marker.color": c.text }, [n + 3]);
        window.Plotly.restyle(space, { color: c.quiet }, [n + 4]);
        window.Plotly.restyle(space, { "textfont.color": c.text }, [n + 6]);
      }
      if (curves && curves.data && curves.data.length > 3) {
        window.Plotly.restyle(curves, { "line.color": [c.text, c.quiet, c.text, c.quiet] }, [0, 1, 2, 3]);
      }
      for (let unit = 0; unit < 8; unit++) {
        const gd = view.graph(`neuron${unit}`);
        if (gd && gd.data && gd.data.length) window.Plotly.restyle(gd, { colorscale: [theme.scales[unit % theme.scales.length]] }, [0]);
      }
    },
  });
})();
