/* Figure 1 of the Landscapes page: drawn when the page has a moment for it, with the cycle of the chosen bar where that belongs
   to its points; in a narrow window its scenes stand two by two. */
(function () {
  "use strict";
  const app = (window.topodash = window.topodash || {}), dash = window.dash_clientside;
  const narrow = window.matchMedia("(max-width: 700px)");
  let whole = null, cycled = false;
  const place = (figure) => JSON.stringify((figure.layout.meta || {}).place);

  /* Figure 1 with the lines of a cycle in the scene of its layer, whose points step back; the same figure where that layer is
     not shown, or is of another network or moment. */
  const withCycle = (app.withCycle = function (points, cycle) {
    const of = points.layout.meta, from = cycle && cycle.layout.meta;
    if (!of || !from || JSON.stringify(of.place) !== JSON.stringify(from.place)) return points;
    const at = of.layers.indexOf(from.layers[0]);
    const lines = cycle.data.filter((trace) => trace.mode !== "markers");
    if (at < 0 || !lines.length) return points;
    const scene = at ? "scene" + (at + 1) : "scene";
    const faint = (trace) => (trace.scene !== scene ? trace : Object.assign({}, trace, { marker: Object.assign({}, trace.marker, { opacity: 0.3 }) }));
    const moved = lines.map((trace) => Object.assign({}, trace, { scene: scene }));
    return Object.assign({}, points, { data: points.data.map(faint).concat(moved), layout: Object.assign({}, points.layout) });
  });

  function arranged(figure) {
    const scenes = Object.keys(figure.layout).filter((name) => name.startsWith("scene")).sort();
    if (!narrow.matches || scenes.length < 3) return figure;
    const layout = Object.assign({}, figure.layout, { annotations: figure.layout.annotations.slice() });
    scenes.forEach((name, i) => {
      const x = (i % 2) / 2, y = i < 2 ? 0.53 : 0.05;
      layout[name] = Object.assign({}, layout[name], { domain: { x: [x, x + 0.5], y: [y, y + 0.4] } });
      layout.annotations[i] = Object.assign({}, layout.annotations[i], { x: x + 0.25, y: y + 0.47 });
    });
    return { data: figure.data, layout: layout };
  }

  narrow.addEventListener("change", () => {
    const graph = document.querySelector("#landscapes-space .js-plotly-plot");
    if (whole && graph && graph.layout && place(graph) === place(whole)) dash.set_props("landscapes-space", { figure: arranged(whole) });
  });

  dash.landscapes.spread = async function (points, cycle) {
    if (!points) return dash.no_update;
    const alone = dash.callback_context.triggered.every((each) => !each.prop_id.startsWith("landscapes-space"));
    await dash.topodash.later(points);
    const figure = withCycle(points, cycle);
    const within = figure.data !== points.data;
    /* A cycle in another layer leaves figure 1 as it is; to a cycle of another network or moment its points are on their way. */
    if (alone && ((cycle && place(cycle) !== place(points)) || (!within && !cycled))) return dash.no_update;
    cycled = within;
    whole = figure;
    return arranged(figure);
  };
})();
