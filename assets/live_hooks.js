/* The pointer on the graphs: hover, click, lasso, drag; and the edits that come of it.
   A part of the page: its methods join those of `live_page.js`. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});
  const element = (id) => document.getElementById(id);
  const setProps = (id, props) => window.dash_clientside.set_props(id, props);
  (live.pageParts = live.pageParts || []).push({
    /* Plotly graphs come and go with Dash; give each its listeners once. */
    listen() {
      const tries = setInterval(() => {
        let all = true;
        for (const slot of ["a", "b"]) {
          if (!this.views[slot].id) continue;
          for (const name of ["plane", "space"]) {
            const gd = this.views[slot].graph(name);
            if (!gd || !gd._fullLayout || !gd.on) { all = false; continue; }
            if (gd._topodash) continue;
            gd._topodash = true;
            this.hook(gd, slot, name);
          }
        }
        const curves = this.views.a.graph("curves");
        if (curves && curves.on && !curves._topodash) {
          curves._topodash = true;
          curves.on("plotly_click", (event) => this.jump(Math.round(event.points[0].x)));
        }
        if (all && curves) clearInterval(tries);
      }, 100);
      setTimeout(() => clearInterval(tries), 20000);
    },

    hook(gd, slot, name) {
      const view = this.views[slot];
      gd.addEventListener("pointerdown", () => { if (name === "space" || this.view.edit) this.held = true; }, true);
      if (name === "space") {
        gd.on("plotly_relayout", (change) => {
          const other = this.views[slot === "a" ? "b" : "a"];
          const camera = change["scene.camera"];
          if (camera && other.id && other.graph("space")) window.Plotly.relayout(other.graph("space"), { "scene.camera": camera });
        });
        return;
      }
      gd.on("plotly_selected", (event) => {
        if (!event) return;
        this.select({ pattern: null, points: event.points.filter((p) => p.customdata !== undefined).map((p) => p.customdata) });
      });
      gd.on("plotly_deselect", () => this.select({ pattern: null, points: [] }));
      gd.on("plotly_hover", (event) => { this.overPoint = event.points[0] && event.points[0].customdata; });
      gd.on("plotly_unhover", () => { this.overPoint = undefined; });
      gd.on("plotly_relayout", (change) => this.dragged(view, gd, change));
      const area = gd.querySelector(".nsewdrag");
      const where = (event) => {
        const box = gd.getBoundingClientRect(), l = gd._fullLayout;
        return [l.xaxis.p2c(event.clientX - box.left - l.margin.l - (l._size ? l._size.l - l.margin.l : 0)),
          l.yaxis.p2c(event.clientY - box.top - (l._size ? l._size.t : l.margin.t))];
      };
      gd.addEventListener("pointermove", (event) => {
        if (!view.frame || !area) return;
        const [x, y] = where(event), b = view.frame.head.box;
        if (x < b[0][0] || x > b[0][1] || y < b[1][0] || y > b[1][1]) { live.hideTip(); return; }
        live.showTip(gd, event, this.overPoint !== undefined ? live.pointTip(view, this.overPoint) : live.cellTip(view, live.cellAt(view.frame, x, y)));
      });
      gd.addEventListener("pointerleave", () => live.hideTip());
      // Plotly lays a cover over the document while the pointer is down, so its end is heard there.
      let down = null;
      gd.addEventListener("pointerdown", (event) => {
        down = event.button === 0 && !event.target.closest(".modebar, .legend") ? [event.clientX, event.clientY] : null;
        if (!down) return;
        document.addEventListener("pointerup", (end) => {
          if (view.frame && gd.isConnected && Math.hypot(end.clientX - down[0], end.clientY - down[1]) <= 4) clicked(end);
        }, { once: true, capture: true });
      }, true);
      const clicked = (event) => {
        const [x, y] = where(event), b = view.frame.head.box;
        if (x < b[0][0] || x > b[0][1] || y < b[1][0] || y > b[1][1]) return;
        const cell = live.cellAt(view.frame, x, y);
        const pattern = cell < 0 ? null : live.patternText(view.frame, cell);
        this.select({ pattern: pattern === this.selection.pattern ? null : pattern, points: [] });
        if (this.selection.pattern && window.topodash && window.innerWidth > 1200) window.topodash.drawer("live-inspector", true);
      };
    },

    /* ---- edits: a hyperplane dragged, a weight typed ---- */
    dragged(view, gd, change) {
      if (!this.mayEdit(view)) return;
      for (const key of Object.keys(change)) {
        const match = key.match(/^shapes\[(\d+)\]\.x0$/);
        if (!match) continue;
        const shape = gd.layout.shapes[Number(match[1])];
        if (!shape || !String(shape.name).startsWith("neuron ")) continue;
        const unit = Number(shape.name.slice(7));
        this.edited({ unit: unit, segment: [[shape.x0, shape.y0], [shape.x1, shape.y1]] });
        return;
      }
    },

    edited(change) {
      const step = this.views.a.frame.head.step;
      this.cursor = { follow: false, step: step }; this.followChanged();
      this.edit = { step: step, changes: ((this.edit && this.edit.changes) || []).concat([change]) };
      this.showEdit(); this.views.a.poke(); this.address();
    },

    discardEdit() { this.edit = null; this.showEdit(); this.views.a.poke(); this.tellSelection(true); this.address(); },

    showEdit() {
      if (this.shownEdit === this.edit) return;
      this.shownEdit = this.edit;
      setProps("live-edit", { data: this.edit });
      const bar = element("live-edit-bar");
      if (bar) bar.hidden = !this.edit;
    },
  });
})();
