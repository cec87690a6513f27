/* Draws a frame on the input plane: cells, hyperplanes and boundary are shapes and names are annotations, painted on canvases
   (live_canvas.js) around the points, which stay as they are. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});
  const MAX_LABELS = 40;
  /* Longer patterns hide what they name; the tip under the pointer has them. */
  const MAX_LETTERS = (live.MAX_LETTERS = 10);
  const fixed = (v) => Number(v.toPrecision(6));

  function polygonPath(frame, cell) {
    const { polygon, offsets } = frame;
    let path = "";
    for (let i = offsets[cell]; i < offsets[cell + 1]; i++) {
      path += (path ? "L" : "M") + fixed(polygon[2 * i]) + "," + fixed(polygon[2 * i + 1]);
    }
    return path + "Z";
  }

  function segmentPath(array, rows) {
    let path = "";
    for (const row of rows) {
      const a = 4 * row;
      if (Number.isNaN(array[a])) continue;
      path += `M${fixed(array[a])},${fixed(array[a + 1])}L${fixed(array[a + 2])},${fixed(array[a + 3])}`;
    }
    return path;
  }

  const range = (n) => Array.from({ length: n }, (_, i) => i);

  function cellShapes(frame, theme) {
    const units = frame.pattern.shape[1];
    const byLevel = range(units + 1).map(() => "");
    for (let cell = 0; cell < frame.rank.length; cell++) byLevel[live.firing(frame, cell)] += polygonPath(frame, cell);
    const shapes = [];
    byLevel.forEach((path, level) => {
      if (!path) return;
      shapes.push({ type: "path", path: path, layer: "below", fillcolor: theme.tints[units][level],
        line: { width: 0.6, color: theme.colours.line }, name: "cells" });
    });
    return shapes;
  }

  /* A short tick at the middle of a hyperplane, on its positive side. */
  function tick(frame, unit, length) {
    const a = 4 * unit;
    const x = (frame.lines[a] + frame.lines[a + 2]) / 2, y = (frame.lines[a + 1] + frame.lines[a + 3]) / 2;
    return `M${fixed(x)},${fixed(y)}L${fixed(x + length * frame.normals[2 * unit])},${fixed(y + length * frame.normals[2 * unit + 1])}`;
  }

  function neuronShapes(frame, theme, editable) {
    const box = frame.head.box;
    const length = 0.05 * Math.min(box[0][1] - box[0][0], box[1][1] - box[1][0]);
    const shapes = [];
    for (let unit = 0; unit < frame.lines.length / 4; unit++) {
      const a = 4 * unit;
      if (Number.isNaN(frame.lines[a])) continue;
      const colour = theme.neurons[unit % theme.neurons.length];
      shapes.push({ type: "path", path: tick(frame, unit, length), line: { width: 4, color: colour }, name: "tick " + unit });
      shapes.push({ type: "line", x0: frame.lines[a], y0: frame.lines[a + 1], x1: frame.lines[a + 2], y1: frame.lines[a + 3],
        line: { width: editable ? 3.5 : 2.2, color: colour }, name: "neuron " + unit });
    }
    const bent = {};
    for (let row = 0; row < (frame.bent_unit || []).length; row++) {
      (bent[frame.bent_unit[row]] = bent[frame.bent_unit[row]] || []).push(row);
    }
    for (const unit of Object.keys(bent)) {
      shapes.push({ type: "path", path: segmentPath(frame.bent, bent[unit]), name: "bent " + unit,
        line: { width: 1.2, dash: "dot", color: theme.neurons[unit % theme.neurons.length] } });
    }
    return shapes;
  }

  live.planeShapes = function (frame, theme, options) {
    const shapes = options.cells ? cellShapes(frame, theme) : [];
    if (options.cell >= 0) {
      shapes.push({ type: "path", path: polygonPath(frame, options.cell), fillcolor: "rgba(213,94,0,0.10)",
        line: { width: 3, color: "#D55E00" }, name: "selected cell" });
    }
    const boundary = segmentPath(frame.boundary, range(frame.boundary.length / 4));
    if (boundary) shapes.push({ type: "path", path: boundary, line: { width: 3.4, color: theme.colours.text }, name: "boundary" });
    return options.lines ? shapes.concat(neuronShapes(frame, theme, options.editable)) : shapes;
  };

  /* Patterns at the middle of the largest cells; small cells have no room for a word. */
  live.planeLabels = function (frame, theme) {
    if (frame.pattern.shape[1] > MAX_LETTERS) return [];
    const box = frame.head.box;
    const least = 0.004 * (box[0][1] - box[0][0]) * (box[1][1] - box[1][0]);
    const cells = range(frame.rank.length).filter((cell) => frame.area[cell] > least)
      .sort((a, b) => frame.area[b] - frame.area[a]).slice(0, MAX_LABELS);
    return cells.map((cell) => {
      let x = 0, y = 0;
      const from = frame.offsets[cell], to = frame.offsets[cell + 1];
      for (let i = from; i < to; i++) { x += frame.polygon[2 * i]; y += frame.polygon[2 * i + 1]; }
      return { x: x / (to - from), y: y / (to - from), text: live.patternText(frame, cell), showarrow: false,
        font: { size: 12, color: theme.colours.text }, bgcolor: theme.colours.panel, opacity: 0.8, borderpad: 2, name: "pattern" };
    });
  };

  /* Predicted probability behind the cells, as rows of the heat map. */
  live.fieldRows = function (frame) {
    const size = Math.round(Math.sqrt(frame.field.length));
    return range(size).map((row) => Float32Array.from(frame.field.subarray(row * size, (row + 1) * size), (v) => v / 255));
  };

  live.drawPlane = function (gd, frame, theme, options) {
    live.paint(gd, live.planeShapes(frame, theme, options), options.labels ? live.planeLabels(frame, theme) : []);
  };
})();
