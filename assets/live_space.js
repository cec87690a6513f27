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
      if (frame.area[cell] > least && labels.text.length < 24 && units <= live.MAX_LETTERS) {
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

  /* One length for all three axes, so that shapes keep their proportions also when a neuron is dead and its axis is
     flat. It changes only when the picture outgrows it or fills less than two fifths of it: axes that breathe hide motion,
     and new axes take as long as ten frames. What is over (`settled`) fills its axes. */
  const GROWTH = 1.3, SNUG = 1.06;
  live.spaceRanges = function (frame, old, settled) {
    const growth = settled ? SNUG : GROWTH, least = settled ? 0.85 : 0.4;
    const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
    const look = (array, scale) => {
      for (let i = 0; i < array.length; i++) {
        const d = i % 3, v = array[i] * scale;
        if (v < low[d]) low[d] = v;
        if (v > high[d]) high[d] = v;
      }
    };
    look(frame.act, frame.head.act_scale); look(frame.image, 1);
    const units = frame.head.axes_kind === "units";
    const length = Math.max(1e-6, ...high.map((h, d) => h - (units ? Math.min(0, low[d]) : low[d])));
    const fits = old && low.every((l, d) => l >= old[d][0] - 0.02 * length && high[d] <= old[d][1] + 0.02 * length) &&
      length > least * (old[0][1] - old[0][0]);
    if (fits) return null;
    return low.map((l, d) => {
      const from = units ? 0 : (l + high[d]) / 2 - growth / 2 * length;
      return [from - (units ? 0.03 * length : 0), from + growth * length];
    });
  };

  /* Nothing in the 3-D view answers to the pointer but the camera. Left alone, Plotly draws every object a second time
     for picking, and reads all pixels back, at each frame: objects without pick slots are spared that. */
  function withoutPicking(gd) {
    const scene = gd._fullLayout.scene && gd._fullLayout.scene._scene, plot = scene && scene.glplot;
    if (!plot || plot._topodash) return;
    plot._topodash = true;
    const add = plot.add;
    plot.add = function (object) { object.pickSlots = 0; add.call(plot, object); };
    for (const object of plot.objects.slice()) { plot.remove(object); plot.add(object); }
    // Asked once a frame whether a buffer of its own still is one, the graphics process would be waited for.
    plot.gl.isBuffer = () => true;
  }

  /* Plotly scales a scene by the bounds of its data, and makes the axes anew (shaders too) when that scale changes: two
     unseen points outside of everything keep it as it is while the axes stay. */
  function corners(ranges) {
    const low = ranges.map((r) => r[0] - 0.2 * (r[1] - r[0])), high = ranges.map((r) => r[1] + 0.2 * (r[1] - r[0]));
    return { x: [low[0], high[0]], y: [low[1], high[1]], z: [low[2], high[2]] };
  }

  /* A round mark is nineteen triangles, a diamond two: on a machine without a graphics card a thousand of them decide how
     often a frame is drawn, and at this size they look alike. */
  const SOFTWARE = /swiftshader|llvmpipe|softpipe|basic render/i;
  function simpleMarks(gd, classes) {
    if (gd._topodashSoftware === undefined) {
      const scene = gd._fullLayout.scene && gd._fullLayout.scene._scene, gl = scene && scene.glplot && scene.glplot.gl;
      if (!gl) return;
      const info = gl.getExtension("WEBGL_debug_renderer_info");
      gd._topodashSoftware = Boolean(info) && SOFTWARE.test(gl.getParameter(info.UNMASKED_RENDERER_WEBGL));
    }
    if (gd._topodashSoftware) for (const trace of gd.data.slice(0, classes)) trace.marker.symbol = "diamond";
  }

  /* Only what moved is sent: writing in 3-D is rasterised letter by letter, so labels follow a few times a second. */
  live.drawSpace = function (gd, frame, theme, options) {
    withoutPicking(gd);
    const made = live.spaceTraces(frame, theme, options);
    const ranges = live.spaceRanges(frame, gd._topodashRanges, options.settled);
    const points = pointTraces(frame, options.rowsOfClass, options.selected);
    const classes = options.rowsOfClass.length;
    simpleMarks(gd, classes);
    const traces = points.classes.concat([made.mesh, made.edges, made.segments, made.origin, made.plane, made.boundary,
      made.labels, made.selected, points.selection, ranges ? corners(ranges) : null]);
    const shown = traces.map((_, i) => i).filter((i) => {
      const later = i - classes;
      if (later < 0 || later <= 2) return true;
      if (traces[i] === null) return false;
      if (later === 6) return options.labels !== false;
      const key = traces[i].x.length;
      return key > 0 || (gd.data[i].x || []).length > 0;
    });
    const hidden = options.labels === null;
    const update = { x: [], y: [], z: [], i: [], j: [], k: [], facecolor: [], text: [] };
    for (const i of shown) {
      const trace = hidden && i - classes === 6 ? { x: [], y: [], z: [], text: [] } : traces[i];
      for (const name of Object.keys(update)) update[name].push(trace[name] !== undefined ? trace[name] : gd.data[i][name]);
    }
    if (options.pointColours) {
      update["marker.color"] = shown.map((i) => (i < classes ? options.pointColours[i] : gd.data[i].marker && gd.data[i].marker.color));
    }
    if (!ranges) return window.Plotly.restyle(gd, update, shown);
    gd._topodashRanges = ranges;
    return window.Plotly.update(gd, update, {
      "scene.xaxis.range": ranges[0], "scene.yaxis.range": ranges[1], "scene.zaxis.range": ranges[2],
      "scene.xaxis.title.text": frame.head.axes[0], "scene.yaxis.title.text": frame.head.axes[1], "scene.zaxis.title.text": frame.head.axes[2],
    }, shown);
  };
})();
