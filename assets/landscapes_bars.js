/* The bars of the open layer on the Landscapes page: chosen by keyboard, and their cycle in figure 1 as well. */
(function () {
  "use strict";
  const app = (window.topodash = window.topodash || {});
  const KEYS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };
  const button = (event) => event.target.closest && event.target.closest("[data-bar]");

  document.addEventListener("click", (event) => {
    const pressed = button(event);
    if (pressed) app.pickBar(Number(pressed.dataset.bar));
  });
  document.addEventListener("keydown", (event) => {
    if (!button(event) || !(event.key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    app.pickBar(KEYS[event.key]);
  });

  /* Figure 1 with the lines of a cycle in the scene of its layer, whose points step back; the same figure where that layer is
     not shown, or is of another network or moment. */
  app.withCycle = function (points, cycle) {
    const of = points.layout.meta, from = cycle && cycle.layout.meta;
    if (!of || !from || JSON.stringify(of.place) !== JSON.stringify(from.place)) return points;
    const at = of.layers.indexOf(from.layers[0]);
    const lines = cycle.data.filter((trace) => trace.mode !== "markers");
    if (at < 0 || !lines.length) return points;
    const scene = at ? "scene" + (at + 1) : "scene";
    const faint = (trace) => (trace.scene !== scene ? trace : Object.assign({}, trace, { marker: Object.assign({}, trace.marker, { opacity: 0.3 }) }));
    const moved = lines.map((trace) => Object.assign({}, trace, { scene: scene }));
    return Object.assign({}, points, { data: points.data.map(faint).concat(moved), layout: Object.assign({}, points.layout) });
  };
})();
