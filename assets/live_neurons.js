/* One small panel a neuron: shading sampled by the server a few times a second, the line exact. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});

  function gridRows(frame, unit) {
    const [, area] = frame.panels.shape;
    const size = Math.round(Math.sqrt(area)), top = frame.head.panel_max[unit] / 255;
    return Array.from({ length: size }, (_, row) =>
      Float32Array.from(frame.panels.subarray(unit * area + row * size, unit * area + (row + 1) * size), (v) => v * top));
  }

  live.drawNeuron = function (gd, frame, unit, theme) {
    if (!frame.panels || unit >= frame.panels.shape[0]) return null;
    const shapes = [], a = 4 * unit;
    if (frame.head.panel_layer === 1 && !Number.isNaN(frame.lines[a])) {
      shapes.push({ type: "line", x0: frame.lines[a], y0: frame.lines[a + 1], x1: frame.lines[a + 2], y1: frame.lines[a + 3],
        line: { width: 2.5, color: theme.neurons[unit % theme.neurons.length] } });
    }
    const top = frame.head.panel_max[unit];
    return window.Plotly.update(gd, { z: [gridRows(frame, unit)], zmax: top > 0 ? top : 1 }, { shapes: shapes });
  };

  live.drawLandscape = function (gd, surface) {
    return window.Plotly.restyle(gd, {
      x: [surface.x, surface.edge_x], y: [surface.y, surface.edge_y], z: [surface.z, surface.edge_z],
      i: [surface.i, null], j: [surface.j, null], k: [surface.k, null],
    }, [0, 1]);
  };
})();
