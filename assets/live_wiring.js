/* Where Dash and the page's script meet: clientside callbacks, keys, the strip, light and dark. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});
  live.pageParts.forEach((part) => Object.assign(live.Page.prototype, part));
  const page = (live.page = new live.Page());
  const NOTHING = () => window.dash_clientside.no_update;

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.live = {
    attach: function (data, themes, run) {
      page.themes = themes;
      if (run && run.view) Object.assign(page.view, run.view);
      if (data) page.attach(data);
      return NOTHING();
    },
    view: function (layers, axes, colour, smoothing, layer, log) {
      const on = new Set(layers || []);
      page.setView({ cells: on.has("cells"), lines: on.has("lines"), labels: on.has("labels"), field: on.has("field"),
        axes: (axes || "auto").replace(/\s/g, ""), colour: colour || "class", layer: layer || "last", smoothing: Number(smoothing) || 0, log: !!log });
      return NOTHING();
    },
    editing: function (on) {
      page.view.edit = !!on; page.weightShape = null; page.views.a.poke();
      const button = document.getElementById("live-edit-lines");
      if (button) button.setAttribute("aria-pressed", String(!!on));
      return NOTHING();
    },
    /* Other panels came: draw into them once they stand. */
    panels: function () { setTimeout(() => page.views.a.poke(), 300); return NOTHING(); },
    curves: function () { page.curvesCame(); return NOTHING(); },
    follow: function (on) { page.follow(!!on); return NOTHING(); },
    speed: function (value) { page.view.speed = Number(value) || 1; return NOTHING(); },
    play: function (clicks) { if (clicks) page.playToggle(); return NOTHING(); },
    back: function (clicks) { if (clicks) { page.stopPlaying(); page.jump(current() - 1); } return NOTHING(); },
    step: function (clicks) { if (clicks) { page.stopPlaying(); page.jump(current() + 1); } return NOTHING(); },
    landscape: function (clicks) {
      const context = window.dash_clientside.callback_context;
      if (!context.triggered.length || !context.triggered[0].value) return NOTHING();
      const id = JSON.parse(context.triggered[0].prop_id.replace(/\.n_clicks$/, ""));
      setTimeout(() => page.openLandscape(id.unit), 350);
      return NOTHING();
    },
    landscapeClosed: function (opened) { if (!opened) page.landscape = undefined; return NOTHING(); },
    discard: function (clicks) { if (clicks) page.discardEdit(); return NOTHING(); },
    camera: function (clicks, camera) {
      if (clicks) for (const slot of ["a", "b"]) {
        const gd = page.views[slot].graph("space");
        if (gd && gd._fullLayout && gd.data.length) window.Plotly.relayout(gd, { "scene.camera": camera });
      }
      return NOTHING();
    },
    /* A 3-D scene takes a while to make: after the first picture, and before anyone presses Start. */
    scene: async function (scene, shown) {
      const turn = (page.sceneTurn = (page.sceneTurn || 0) + 1);
      const plane = () => page.views.a.graph("plane");
      for (let tries = 0; scene && tries < 200 && !(plane() && plane().querySelector(".point")); tries++) await new Promise((go) => setTimeout(go, 50));
      for (let frames = 0; frames < 2; frames++) await new Promise((go) => requestAnimationFrame(go));
      await window.topodash.idle(500);
      const due = scene && turn === page.sceneTurn && !page.views.a.id && document.getElementById("live-plane-a");
      return due ? [scene.figure, Object.assign({}, shown, { space: scene.key })] : [NOTHING(), NOTHING()];
    },
    /* What is on screen when a button is pressed: the server makes a run from it. */
    moment: function () {
      const context = window.dash_clientside.callback_context;
      if (!context.triggered.length || !context.triggered[0].value) return NOTHING();
      const button = context.triggered[0].prop_id.replace("live-", "").replace(".n_clicks", "");
      const frame = page.views.a.frame;
      return { button: button, run: page.views.a.id, step: frame ? frame.head.step : null, press: performance.now() };
    },
    /* Before a run the address holds what Setup says. */
    query: function (query) {
      page.query = query || "";
      // When the page opens the address says it already, or names a run that is still on its way.
      if (window.dash_clientside.callback_context.triggered.length && !page.views.a.id) page.writeAddress(page.query, false);
      return NOTHING();
    },
    strip: function (_children, text) {
      if (page.stripText !== undefined && page.stripText !== text) { page.stripText = text; page.address(); }
      page.stripText = text;
      setTimeout(() => { if (page.views.a.frame) live.markStrip(page.views.a.frame.head.step); }, 50);
      return NOTHING();
    },
  };

  function current() { return page.cursor.follow ? (page.views.a.frame ? page.views.a.frame.head.step : 0) : page.cursor.step; }

  function press(id) {
    const button = document.getElementById(id);
    if (button && !button.disabled && button.offsetParent) { button.click(); return true; }
    return false;
  }

  document.addEventListener("keydown", (event) => {
    if (!window.location.pathname.endsWith("/live") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, button, summary, a, [role=slider], [role=dialog], [contenteditable]")) return;
    if (event.key === " ") {
      event.preventDefault();
      const state = page.views.a.status && page.views.a.status.state;
      if (state === "running" && page.cursor.follow) press("live-pause");
      else if (state === "paused" && page.cursor.follow) press("live-resume");
      else if (!page.views.a.id) press("live-start");
      else page.playToggle();
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      const on = event.key === "ArrowRight", state = page.views.a.status && page.views.a.status.state;
      if (on && state === "paused" && current() >= page.last && press("live-step")) { page.follow(true); return; }
      page.stopPlaying();
      page.jump(current() + (on ? 1 : -1) * (event.shiftKey ? 10 : 1));
    } else if (event.key === "Home") { page.jump(page.first); }
    else if (event.key === "End") { page.jump(page.last); }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest && event.target.closest("#live-edit-lines")) live.setProps("live-edit-on", { checked: !page.view.edit });
    if (event.target.closest && event.target.closest("#live-resume, #live-step")) { page.views.a.revive(); page.follow(true); }
    const frame = event.target.closest && event.target.closest("#live-strip [data-epoch]");
    if (frame) page.jump(Number(frame.dataset.epoch));
  });

  /* While the pointer is down on a 3-D plot, frames wait: an update in mid-drag would reset the camera. */
  for (const name of ["pointerup", "pointercancel"]) {
    document.addEventListener(name, () => { setTimeout(() => { page.held = false; }, 0); }, true);
  }
  window.addEventListener("blur", () => { page.held = false; });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { page.views.a.poke(); page.views.b.poke(); } });

  new MutationObserver(() => page.retheme()).observe(document.documentElement, {
    attributes: true, attributeFilter: ["data-mantine-color-scheme"],
  });

  /* Leaving the page ends its loops. */
  setInterval(() => {
    if (page.views.a.id && !document.getElementById("live-plane-a")) { page.views.a.detach(); page.views.b.detach(); page.stopPlaying(); live.hideTip(); }
  }, 500);
})();
