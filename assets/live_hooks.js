/* The pointer on the graphs: hover, click, lasso, drag; and the edits that come of it.
   A part of the page: its methods join those of `live_page.js`. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});
  const element = (id) => document.getElementById(id);
  const setProps = (id, props) => window.dash_clientside.set_props(id, props);
  const alike = (one, two) => ["eye", "center", "up"].every((name) => ["x", "y", "z"].every((axis) =>
    Math.abs((one[name] || {})[axis] - (two[name] || {})[axis]) < 1e-6));
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
            window.topodash.freeOfDash(gd);
            this.hook(gd, slot, name);
          }
        }
        const curves = this.views.a.graph("curves");
        if (curves && curves.on && !curves._topodash) {
          curves._topodash = true;
          window.topodash.freeOfDash(curves);
          curves.on("plotly_click", (event) => this.jump(Math.round(event.points[0].x)));
        }
        if (all && curves) clearInterval(tries);
      }, 100);
      setTimeout(() => clearInterval(tries), 20000);
    },

    hook(gd, slot, name) {
      const view = this.views[slot];
      gd.addEventListener("pointerdown", () => { if (name === "space") this.held = true; }, true);
      if (name === "space") {
        gd.on("plotly_relayout", (change) => {
          const other = this.views[slot === "a" ? "b" : "a"], camera = change["scene.camera"];
          const graph = other.id && other.graph("space");
          // The other one says that it has moved too: to follow it would never end.
          if (camera && graph && graph._fullLayout && !alike(camera, graph._fullLayout.scene.camera)) {
            window.Plotly.relayout(graph, { "scene.camera": camera });
          }
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
      const area = gd.querySelector(".nsewdrag");
      const where = (event) => {
        const box = gd.getBoundingClientRect(), { xaxis, yaxis } = gd._fullLayout;
        return [xaxis.p2c(event.clientX - box.left - xaxis._offset), yaxis.p2c(event.clientY - box.top - yaxis._offset)];
      };
      this.hookDrag(view, gd, where);
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
        const free = event.button === 0 && !event.target.closest(".modebar, .legend") && !event.defaultPrevented;
        down = free ? [event.clientX, event.clientY] : null;
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
    /* The line under the pointer, and whether its middle is held (it moves) or an end (it turns about the other end). */
    lineAt(view, x, y, reach) {
      const lines = view.frame.lines;
      let best = null;
      for (let unit = 0; unit < lines.length / 4; unit++) {
        const [ax, ay, bx, by] = lines.subarray(4 * unit, 4 * unit + 4), dx = bx - ax, dy = by - ay;
        if (Number.isNaN(ax)) continue;
        const share = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
        const far = Math.hypot(x - ax - share * dx, y - ay - share * dy);
        if (share < -0.02 || share > 1.02 || far > reach || (best && far >= best.far)) continue;
        best = { unit: unit, far: far, hold: share < 0.25 ? "a" : share > 0.75 ? "b" : "middle", a: [ax, ay], b: [bx, by], from: [x, y] };
      }
      return best;
    },

    moved(line, x, y) {
      const shift = [x - line.from[0], y - line.from[1]], add = (p) => [p[0] + shift[0], p[1] + shift[1]];
      return { unit: line.unit, segment: [line.hold === "b" ? line.a : add(line.a), line.hold === "a" ? line.b : add(line.b)] };
    },

    /* Edit by hand: a neuron's line follows the pointer, and every view follows the line. */
    hookDrag(view, gd, where) {
      const reach = () => 8 * Math.abs(gd._fullLayout.xaxis.p2c(1) - gd._fullLayout.xaxis.p2c(0));
      let line = null, base = null, sent = 0;
      gd.addEventListener("pointermove", (event) => {
        if (!line && this.mayEdit(view) && view.frame) gd.dataset.grab = this.lineAt(view, ...where(event), reach()) ? "1" : "0";
      });
      gd.addEventListener("mousedown", (event) => { if (line) { event.preventDefault(); event.stopPropagation(); } }, true);
      gd.addEventListener("pointerdown", (event) => {
        if (!this.mayEdit(view) || !view.frame || event.button !== 0 || event.target.closest(".modebar, .legend")) return;
        line = this.lineAt(view, ...where(event), reach());
        if (!line) return;
        event.preventDefault(); event.stopPropagation();
        base = (this.edit && this.edit.changes) || [];
        const follow = (move) => {
          const [x, y] = where(move);
          if (Math.hypot(x - line.from[0], y - line.from[1]) < reach() / 4 || performance.now() - sent < 60) return;
          sent = performance.now();
          this.edited(this.moved(line, x, y), base);
        };
        const end = (up) => {
          document.removeEventListener("pointermove", follow, true);
          const [x, y] = where(up);
          if (Math.hypot(x - line.from[0], y - line.from[1]) >= reach() / 4) this.edited(this.moved(line, x, y), base);
          setTimeout(() => { line = null; }, 0);
        };
        document.addEventListener("pointermove", follow, true);
        document.addEventListener("pointerup", end, { once: true, capture: true });
      }, true);
    },

    /* One more change by hand, after those of `base` (all so far, unless a drag that is not over replaces its own). */
    edited(change, base) {
      const step = this.edit ? this.edit.step : this.views.a.frame.head.step;
      this.cursor = { follow: false, step: step }; this.followChanged();
      this.edit = { step: step, changes: (base || (this.edit && this.edit.changes) || []).concat([change]) };
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
