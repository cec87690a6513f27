/* Fills the curves from GET /api/runs/<id>/curves: scalars by epoch, the topology of the decision, the cursor. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});

  /* Exponential smoothing for the eye only; 0 shows the values as they are. */
  function smooth(values, weight) {
    if (!weight) return values;
    let mean = null;
    return values.map((v) => {
      if (v === null || !Number.isFinite(v)) return v;
      mean = mean === null ? v : weight * mean + (1 - weight) * v;
      return mean;
    });
  }

  /* Everything known of a run by epoch; answers of the curves route are added as they come. */
  live.emptyHistory = function () {
    return { steps: [], scalars: {}, events: [], after: -1, eventsAfter: 0,
      region: { steps: [], b0: [], b1: [], events: [], after: -1 } };
  };

  live.addHistory = function (history, answer) {
    if (answer.steps.length) {
      for (const name of Object.keys(answer.scalars)) {
        const column = (history.scalars[name] = history.scalars[name] || history.steps.map(() => null));
        for (const v of answer.scalars[name]) column.push(v);
      }
      for (const step of answer.steps) history.steps.push(step);
      history.after = answer.steps[answer.steps.length - 1];
    }
    const region = history.region, got = answer.region;
    if (got.steps.length) {
      for (const name of ["steps", "b0", "b1"]) for (const v of got[name]) region[name].push(v);
      region.after = got.steps[got.steps.length - 1];
      region.events = region.events.concat(got.events);
    }
    history.events = history.events.concat(answer.events);
    history.eventsAfter = answer.events_after;
  };

  live.drawCurves = function (gd, history, options) {
    const x = [], y = [];
    const rows = gd.data.map((trace, i) => i);
    for (const trace of gd.data) {
      const name = trace.meta;
      if (name === "b0" || name === "b1") {
        x.push(history.region.steps); y.push(history.region[name]);
      } else {
        x.push(history.steps);
        y.push(smooth(history.scalars[name] || [], name.endsWith("loss") ? options.smoothing : 0));
      }
    }
    return window.Plotly.restyle(gd, { x: x, y: y }, rows);
  };

  live.scaleLoss = (gd, log) =>
    window.Plotly.relayout(gd, { "yaxis.type": log ? "log" : "linear", "yaxis.rangemode": log ? "normal" : "tozero" });

  live.drawCursor = function (gd, step, colour) {
    const shapes = (gd.layout.shapes || []).filter((s) => s.name !== "cursor");
    shapes.push({ name: "cursor", type: "line", xref: "x", yref: "paper", x0: step, x1: step, y0: 0, y1: 1,
      line: { width: 1.2, color: colour } });
    return window.Plotly.relayout(gd, { shapes: shapes });
  };
})();
