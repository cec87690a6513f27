/* Draws a frame in the activation space: every cell's image as a polygon, segment or point, the points over it.
   The order of the traces is that of topodash/figures/activation_space.py (TRACES). */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});

  function gather() { return { x: [], y: [], z: [] }; }
  function push(trace, array, at) {
    trace.x.push(array[3 * at]); trace.y.push(array[3 * at + 1]); trace.z.push(array[3 * at + 2]);
  }
  function gap(trace) { trace.x.push(null); trace.y.push(null); trace.z.push(null); }

  /* A convex polygon as a fan of triangles. */
  function fan(mesh, frame, cell, colour) {
    const from = frame.offsets[cell], to = frame.offsets[cell + 1], base = mesh.x.length;
    for (let i = from; i < to; i++) push(mesh, frame.image, i);
    for (let i = 1; i + 1 < to - from; i++) {
      mesh.i.push(base); mesh.j.push(base + i); mesh.k.push(base + i + 1); mesh.facecolor.push(colour);
    }
  }

  function outline(trace, frame, cell) {
    const from = frame.offsets[cell], to = frame.offsets[cell + 1];
    for (let i = from; i < to; i++) push(trace, frame.image, i);
    push(trace, frame.image, from);
    gap(trace);
  }

  function centre(trace, frame, cell) {
    const from = frame.offsets[cell], to = frame.offsets[cell + 1], sum = [0, 0, 0];
    for (let i = from; i < to; i++) for (let d = 0; d < 3; d++) sum[d] += frame.image[3 * i + d] / (to - from);
    trace.x.push(sum[0]); trace.y.push(sum[1]); trace.z.push(sum[2]);
  }

  live.spaceTraces = function (frame, theme, options) {
    const mesh = Object.assign(gather(), { i: [], j: [], k: [], facecolor: [] });
    const edges = gather(), segments = gather(), origin = gather(), boundary = gather();
    const labels = Object.assign(gather(), { text: [] });
    const selected = gather(), plane = Object.assign(gather(), { i: [], j: [], k: [] });
    const units = frame.pattern.shape[1], tints = theme.tints[units];
    const box = frame.head.box;
    const least = 0.004 * (box[0][1] - box[0][0]) * (box[1][1] - box[1][0]);
    for (let cell = 0; cell < frame.rank.length; cell++) {
      const rank = frame.rank[cell];
      if (rank === 2) { fan(mesh, frame, cell, tints[live.firing(frame, cell)]); outline(edges, frame, cell); }
      else if (rank === 1) outline(segments, frame, cell);
      else centre(origin, frame, cell);
      if (frame.area[cell] > least && labels.text.length < 24) {
        centre(labels, frame, cell);
        labels.text.push(live.patternText(frame, cell));
      }
    }
    if (options.cell >= 0) outline(selected, frame, options.cell);
    for (let row = 0; row < frame.boundary_space.length / 6; row++) {
      push(boundary, frame.boundary_space, 2 * row); push(boundary, frame.boundary_space, 2 * row + 1); gap(boundary);
    }
    const corners = frame.plane ? frame.plane.length / 3 : 0;
    for (let i = 0; i < corners; i++) push(plane, frame.plane, i);
    for (let i = 1; i + 1 < corners; i++) { plane.i.push(0); plane.j.push(i); plane.k.push(i + 1); }
    return { mesh, edges, segments, origin, plane, boundary, labels, selected };
  };

  /* The points of each class, then of the selection, in the frame's axes. */
  function pointTraces(frame, rowsOfClass, selected) {
    const scale = frame.head.act_scale, act = frame.act;
    const take = (rows) => {
      const t = { x: new Float32Array(rows.length), y: new Float32Array(rows.length), z: new Float32Array(rows.length) };
      rows.forEach((row, i) => {
        t.x[i] = act[3 * row] * scale; t.y[i] = act[3 * row + 1] * scale; t.z[i] = act[3 * row + 2] * scale;
      });
      return t;
    };
    return { classes: rowsOfClass.map(take), selection: take(selected) };
  }

  live.drawSpace = function (gd, frame, theme, options) {
    const made = live.spaceTraces(frame, theme, options);
    const points = pointTraces(frame, options.rowsOfClass, options.selected);
    const traces = points.classes.concat([made.mesh, made.edges, made.segments, made.origin, made.plane, made.boundary,
      made.labels, made.selected, points.selection]);
    const update = { x: traces.map((t) => t.x), y: traces.map((t) => t.y), z: traces.map((t) => t.z) };
    const classes = options.rowsOfClass.length;
    const every = traces.map((_, i) => i);
    const pick = (name, empty) => traces.map((t, i) => (t[name] !== undefined ? t[name] : empty(i)));
    const old = (name) => (i) => gd.data[i][name];
    for (const name of ["i", "j", "k", "facecolor", "text"]) update[name] = pick(name, old(name));
    if (options.pointColours) {
      update["marker.color"] = every.map((i) => (i < classes ? options.pointColours[i] : gd.data[i].marker && gd.data[i].marker.color));
    }
    return window.Plotly.restyle(gd, update, every);
  };
})();
