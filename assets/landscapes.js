/* The Landscapes page in the browser: one cursor for all views, frames around cells. The address is written by
   `landscapes_address.js`. */
(function () {
  "use strict";
  const dash = (window.dash_clientside = window.dash_clientside || {});
  const here = () => window.location.pathname.endsWith("/landscapes");
  const state = { cursor: null, shape: null, hovered: "", ringed: "", enter: false };

  const plot = (id) => {
    const place = document.getElementById(id);
    return place && place.querySelector(".js-plotly-plot");
  };
  const text = () => getComputedStyle(document.documentElement).getPropertyValue("--td-text").trim();

  function frame(layer, moment, dashed) {
    const y = state.shape.moments.length - 1 - moment;
    return { type: "rect", x0: layer + 0.015, x1: layer + 0.985, y0: y + 0.015, y1: y + 0.985,
      line: { color: dashed ? "#E69F00" : text(), width: 2 } };
  }

  function draw(pointed) {
    const gd = plot("landscapes-grid");
    /* Without calcdata plotly is still drawing it, and the figure that comes has the frame already. */
    if (!gd || !gd._fullLayout || !gd.calcdata || !gd.calcdata.length || !state.shape || !state.cursor || !window.Plotly) return;
    window.topodash.freeOfDash(gd);
    const shapes = [frame(state.cursor.layer, moment(state.cursor), false)];
    if (pointed) shapes.push(frame(pointed[0], pointed[1], true));
    Promise.resolve(window.Plotly.relayout(gd, { shapes: shapes })).catch(() => {});
  }

  /* The curves of the chosen moment stand out in figures 3 and 4. */
  function light() {
    if (!state.shape || !state.cursor) return;
    for (const id of ["landscapes-norms", "landscapes-curves"]) {
      if (window.topodash.inWindow(document.getElementById(id))) window.topodash.look(plot(id), moment(state.cursor));
      else window.topodash.idle(500).then(() => state.cursor && window.topodash.look(plot(id), moment(state.cursor)));
    }
  }

  /* The layer under the pointer in figure 2, ringed in figure 3. */
  function ring(at) {
    const gd = plot("landscapes-curves");
    if (!gd || !gd.calcdata || !gd.calcdata.length || !window.Plotly) return;
    window.topodash.freeOfDash(gd);
    const point = at && gd.calcdata[at.moment] && gd.calcdata[at.moment][at.layer];
    const shapes = !point || !Number.isFinite(point.x) ? [] : [{ type: "circle", xsizemode: "pixel", ysizemode: "pixel",
      xanchor: point.x, yanchor: point.y, x0: -10, x1: 10, y0: -10, y1: 10, line: { color: "#E69F00", width: 2.5 } }];
    Promise.resolve(window.Plotly.relayout(gd, { shapes: shapes })).catch(() => {});
  }

  const known = (value, count) => Number.isInteger(value) && value >= 0 && value < count;
  const moment = (cursor) => (known(cursor.moment, state.shape.moments.length) ? cursor.moment : state.shape.last);
  const within = (value, count) => Math.max(0, Math.min(count - 1, value));

  /* The moment of a live run that is nearest to an epoch: its moments come one by one, and become others while it grows. */
  const nearest = (epoch) => state.shape.moments.reduce((best, name, at, all) => (Math.abs(name - epoch) < Math.abs(all[best] - epoch) ? at : best), 0);
  const live = () => state.shape.title === "epoch";
  const when = (cursor) => ({ moment: cursor.moment, epoch: cursor.epoch });

  /* The moment after the moments changed: the newest for who has chosen none, else the one of the same name. */
  function kept(cursor, old) {
    if (!cursor.chosen) return state.shape.last;
    if (live() && Number.isInteger(cursor.epoch)) return nearest(cursor.epoch);
    const name = old && old.run === state.shape.run ? old.moments[cursor.moment] : undefined;
    const at = name === undefined ? -1 : state.shape.moments.indexOf(name);
    return at >= 0 ? at : moment(cursor);
  }

  /* What a click in a figure names: {layer, moment, bar}; undefined leaves that as it is. */
  function named(id, data, shape) {
    const point = data && data.points && data.points[0];
    if (!point) return null;
    const rows = shape.moments.length;
    if (id === "landscapes-grid") {
      return { layer: within(Math.floor(point.x), shape.layers.length), moment: within(rows - 1 - Math.floor(point.y), rows) };
    }
    if (id === "landscapes-curves") return { layer: point.pointNumber, moment: within(point.curveNumber, rows) };
    if (id === "landscapes-heat") {
      if (shape.title === "epoch") return { layer: within(point.curveNumber, shape.layers.length), moment: within(point.pointNumber, rows) };
      return { layer: within(Math.round(point.x), shape.layers.length), moment: within(shape.moments.indexOf(String(point.y)), rows) };
    }
    if (id === "landscapes-norms") {
      return { layer: within(Math.round(point.x), shape.layers.length), moment: within(point.data.meta.moment, rows) };
    }
    return { bar: point.pointNumber };
  }

  /* The cursor after a change; the same object where nothing changes. */
  function after(cursor, change) {
    const next = Object.assign({}, cursor, change);
    if (!change.keep) next.chosen = true;
    if (change.bar === undefined && !change.keep) next.bar = 0;
    if (!live()) next.epoch = null;
    else if (next.chosen && change.moment !== undefined && !(change.keep && Number.isInteger(next.epoch))) next.epoch = Number(state.shape.moments[change.moment]);
    delete next.keep;
    return JSON.stringify(next) === JSON.stringify(cursor) ? cursor : next;
  }

  /* The cursor elsewhere. Dash hears of what that changes and of no more: each property that Dash writes costs a walk through
     the page. The frame moves before anything is asked for. */
  function move(next) {
    const before = state.cursor;
    if (JSON.stringify(next) === JSON.stringify(before)) return;
    state.cursor = next;
    draw();
    light();
    mark();
    dash.set_props("landscapes-cursor", { data: next });
    if (next.moment !== before.moment) {
      dash.set_props("landscapes-moment", { data: when(next) });
      dash.set_props({ page: "landscapes", timeline: "slider" }, { value: next.moment });
    }
    if (next.test !== before.test) dash.set_props("landscapes-test", { data: { test: next.test } });
  }

  /* Another place is another entry of the history; another bar of the same place is not. */
  function go(change) {
    const before = state.cursor, next = after(before, change);
    if (next.layer !== before.layer || next.moment !== before.moment) state.enter = true;
    move(next);
  }

  function clicked(id, data) {
    const change = state.shape && state.cursor && named(id, data, state.shape);
    if (change) go(change);
  }

  const nameOf = (at) => (state.shape.moments[at].startsWith("iteration") ? "" : state.shape.title + " ") + state.shape.moments[at];

  /* For the page's other scripts. */
  window.topodashLandscapes = { here, state, move, go, plot, draw, within, nameOf, nearest, moment: () => moment(state.cursor) };

  function hovered(id, data) {
    const at = data && state.shape && named(id, data, state.shape);
    const key = at ? at.layer + "," + at.moment : "";
    const last = id === "landscapes-curves" ? "hovered" : "ringed";
    if (key === state[last]) return;
    state[last] = key;
    if (last === "hovered") draw(at && [at.layer, at.moment]);
    else ring(at);
  }

  const CLICKED = ["landscapes-grid", "landscapes-curves", "landscapes-heat", "landscapes-norms", "landscapes-barcode", "landscapes-diagram"];
  const HOVERED = ["landscapes-grid", "landscapes-curves"];

  /* What the pointer does in a figure is heard here; no callback of Dash asks for it. */
  document.addEventListener("pointerover", (event) => {
    const gd = here() && event.target.closest && event.target.closest(".js-plotly-plot");
    const id = gd && gd.parentNode && gd.parentNode.id;
    if (!gd || gd._landscapes || !gd.on || !gd.removeAllListeners) return;
    gd._landscapes = true;
    window.topodash.freeOfDash(gd);
    for (const name of ["plotly_click", "plotly_hover", "plotly_unhover"]) gd.removeAllListeners(name);
    if (CLICKED.includes(id)) gd.on("plotly_click", (data) => clicked(id, data));
    if (HOVERED.includes(id)) {
      gd.on("plotly_hover", (data) => hovered(id, data));
      gd.on("plotly_unhover", () => hovered(id, null));
    }
  }, { capture: true, passive: true });

  dash.landscapes = {
    moved: function (slider, _back, _step) {
      const args = [...arguments];
      const cursor = args[args.length - 1] || {};
      const shape = args[args.length - 2];
      const nothing = dash.no_update;
      const fired = dash.callback_context.triggered[0];
      if (!shape || !fired) return [nothing, nothing, nothing];
      const old = state.shape;
      state.shape = shape;
      const id = fired.prop_id.split(".")[0];
      const before = moment(cursor);
      let change = null;
      if (id === "landscapes-shape") change = { moment: kept(cursor, old), layer: known(cursor.layer, shape.layers.length) ? cursor.layer : 0, keep: true };
      else if (id.includes('"slider"')) change = slider === before ? null : { moment: slider };
      else if (id.includes('"back"')) change = { moment: within(before - 1, shape.moments.length) };
      else if (id.includes('"step"')) change = { moment: within(before + 1, shape.moments.length) };
      if (!change) return [nothing, nothing, nothing];
      const next = after(cursor, change);
      const at = next.moment;
      return [next === cursor ? nothing : next, at === cursor.moment ? nothing : when(next), at === slider ? nothing : at];
    },
    framed: function (cursor, _figure, shape) {
      if (shape) state.shape = shape;
      state.cursor = cursor;
      if (!state.shape || !cursor) return dash.no_update;
      draw();
      light();
      mark();
      return nameOf(moment(cursor));
    },
    /* A figure in its turn, in the look of the newest moment. */
    turn: async function (figure) {
      const drawn = await dash.topodash.turn(figure);
      if (drawn !== figure || !state.shape || !state.cursor) return drawn;
      window.setTimeout(light, 300); /* for a cursor that moves while it is drawn */
      return window.topodash.lookOf(figure, moment(state.cursor));
    },
  };

  /* Bars are picked by buttons and keys too (landscapes_bars.js). How many there are is said before any of them is drawn. */
  window.topodash.pickBar = (step) => {
    const said = document.getElementById("landscapes-bar-said");
    const count = Number((/ of (\d+)/.exec((said && said.textContent) || "") || [])[1] || 0);
    if (!count || !state.cursor) return;
    go({ bar: within(Math.min(state.cursor.bar || 0, count - 1) + step, count) });
  };

  /* The chosen test of Table I. */
  function mark() {
    document.querySelectorAll(".land-p[data-test]").forEach((button) => {
      button.setAttribute("aria-pressed", String(!!state.cursor && button.dataset.test === state.cursor.test));
    });
  }

  document.addEventListener("click", (event) => {
    if (!here()) return;
    const button = event.target.closest("[data-test]");
    if (button && state.cursor) {
      const chosen = state.cursor.test === button.dataset.test;
      state.enter = !chosen;
      dash.set_props("landscapes-groups", { data: null });
      move(Object.assign({}, state.cursor, { test: button.dataset.test }));
      // Two groups that stood in its place made way for it.
      if (chosen) dash.set_props("landscapes-test", { data: { test: button.dataset.test } });
    }
  });
})();
