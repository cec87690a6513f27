/* The live page: one cursor, one selection and one set of view options for every picture on it. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});
  const part = (name) => ({ page: "live", timeline: name });
  const domId = (id) => document.getElementById(JSON.stringify(id, Object.keys(id).sort()));
  const element = (id) => document.getElementById(id);
  const setProps = (id, props) => window.dash_clientside.set_props(id, props);

  class Page {
    constructor() {
      this.views = { a: new live.RunView(this, "a"), b: new live.RunView(this, "b") };
      this.view = { cells: true, lines: true, labels: true, field: false, axes: "auto", panels: true, layer: "last", colour: "class",
        smoothing: 0, edit: false, speed: 1 };
      this.cursor = { follow: true, step: 0 };
      this.selection = { pattern: null, points: [] };
      this.held = false; this.edit = null; this.playing = false; this.themes = null; this.sliderTime = 0;
      this.selectionTime = 0; this.last = 0; this.first = 0; this.slider = null;
    }

    /* ---- what the drawing needs ---- */
    dark() { return document.documentElement.getAttribute("data-mantine-color-scheme") === "dark"; }
    theme() { return this.themes[this.dark() ? "dark" : "light"]; }
    mayEdit(view) {
      return view.slot === "a" && this.view.edit && !!view.info && view.info.one_box &&
        !!view.status && view.status.state !== "running" && view.status.state !== "queued";
    }
    cursorFor(view) {
      if (view.slot === "a") return this.cursor.follow ? null : this.cursor.step;
      const frame = this.views.a.frame;
      if (!view.info || (this.cursor.follow && !frame)) return null;
      // The second run is looked at where the first one is, but not before it begins.
      return Math.max(this.cursor.follow ? frame.head.step : this.cursor.step, view.info.first);
    }

    /* ---- attaching ---- */
    attach(data) {
      if (!data || !this.themes) return;
      if (data.layer) this.view.layer = data.layer;
      const epoch = data.epoch;
      this.cursor = epoch === null || epoch === undefined ? { follow: true, step: 0 } : { follow: false, step: epoch };
      if (this.selection.points.length) live.unbrush(this.views.a.graph("plane"));
      this.selection = { pattern: data.pattern || null, points: [] };
      this.edit = data.edit || null; this.showEdit();
      this.stopPlaying();
      if (data.a) { this.first = data.a.first; this.last = Math.max(data.a.last, data.a.first); this.views.a.attach(data.a); }
      else { this.views.a.detach(); live.unpaint(this.views.a.graph("plane")); this.views.a.frame = null; this.views.a.status = null; live.showState("", true); live.clearEvents(); }
      if (data.b) this.views.b.attach(data.b); else this.views.b.detach();
      this.listen();
      this.showSlider(true);
      this.followChanged();
      this.address(data.push);
      // A run that has nothing to draw yet is not waited for.
      clearTimeout(this.restTimer);
      if (data.a) this.restTimer = setTimeout(() => this.rest(data.a.id), 1500);
      else if (this.rested) this.rest(null);
    }

    /* ---- the cursor ---- */
    jump(step) {
      if (!this.views.a.id || !Number.isFinite(step)) return;
      this.cursor = { follow: false, step: Math.max(this.first, Math.min(this.last, step)) };
      this.views.a.poke(); this.views.b.poke();
      this.followChanged(); this.showSlider(true); this.address();
    }

    follow(on) {
      if (on === this.cursor.follow) return;
      const step = this.views.a.frame ? this.views.a.frame.head.step : this.cursor.step;
      this.cursor = { follow: on, step: step };
      if (on) this.stopPlaying();
      this.views.a.poke(); this.views.b.poke();
      this.followChanged(); this.address();
    }

    followChanged() {
      // Each change of a Dash property costs every component of the page a look: only real ones are made.
      if (this.shownFollow === this.cursor.follow) return;
      this.shownFollow = this.cursor.follow;
      setProps(part("follow"), { checked: this.cursor.follow });
      setProps("live-cursor", { data: this.cursor.follow ? null : this.cursor.step });
    }

    scrubbed(value) {
      if (!this.views.a.id) return;
      this.stopPlaying();
      this.cursor = { follow: false, step: Math.min(value, this.last) };
      this.views.a.poke(); this.views.b.poke();
      this.followChanged(); this.readout(value); this.address();
    }

    /* The last epoch that the run is to have: the slider's end, so that marks stay where they are. */
    end() { return Math.max(this.last, this.first + 1, (this.views.a.info && this.views.a.info.total) || 0); }

    readout(step) {
      const out = domId(part("readout"));
      if (out) out.textContent = `epoch ${step} / ${this.views.a.info ? this.views.a.info.total : this.last}`;
    }

    showSlider(now) {
      const time = performance.now();
      if (!now && time - this.sliderTime < 200) return;
      this.sliderTime = time;
      const step = this.cursor.follow ? (this.views.a.frame ? this.views.a.frame.head.step : this.last) : this.cursor.step;
      const slider = live.slider(this);
      if (slider && document.activeElement !== slider || !this.dragging) {
        if (!slider) return;
        slider.min = this.first; slider.max = this.end(); slider.disabled = this.last <= this.first;
        slider.value = step;
        slider.setAttribute("aria-valuetext", `epoch ${step} of ${this.last}`);
      }
      this.readout(step);
    }

    playToggle() {
      if (this.playing) { this.stopPlaying(); return; }
      if (!this.views.a.id) return;
      const atEnd = this.cursor.follow || this.cursor.step >= this.last;
      this.playing = true;
      this.cursor = { follow: false, step: atEnd ? this.first : this.cursor.step };
      this.followChanged();
      live.setPlayIcon(true);
      let before = performance.now(), exact = this.cursor.step;
      const go = (now) => {
        if (!this.playing) return;
        exact += Math.max(0, now - before) / 1000 * 30 * this.view.speed;
        before = now;
        const step = Math.min(this.last, Math.floor(exact));
        if (step !== this.cursor.step) {
          this.cursor = { follow: false, step: step };
          this.views.a.poke(false); this.views.b.poke(false); this.showSlider(false);
        }
        if (step >= this.last) { this.stopPlaying(); this.showSlider(true); this.address(); return; }
        requestAnimationFrame(go);
      };
      requestAnimationFrame(go);
    }

    stopPlaying() {
      if (this.playing) { this.playing = false; this.address(); }
      live.setPlayIcon(false);
    }

    /* ---- the selection ---- */
    select(selection) {
      this.selection = selection;
      this.views.a.poke(); this.views.b.poke();
      for (const slot of ["a", "b"]) {
        const gd = this.views[slot].graph("plane");
        if (!gd || !gd.data || !this.views[slot].id) continue;
        if (!selection.points.length) { live.unbrush(gd); continue; }
        const rows = this.views[slot].rowsOfClass(), chosen = new Set(selection.points);
        const classes = gd.data.map((t, i) => i).filter((i) => gd.data[i].customdata);
        window.Plotly.restyle(gd, { selectedpoints: classes.map((_, c) =>
          rows[c].map((row, i) => (chosen.has(row) ? i : -1)).filter((i) => i >= 0)) }, classes);
      }
      this.tellSelection(true); this.address();
    }

    tellSelection(now) {
      const time = performance.now(), frame = this.views.a.frame;
      if (!frame || (!now && (time - this.selectionTime < 600 || (!this.selection.pattern && !this.selection.points.length)))) return;
      this.selectionTime = time;
      setProps("live-selection", { data: { run: this.views.a.id, step: frame.head.step, pattern: this.selection.pattern,
        points: this.selection.points, edit: this.edit } });
    }

    pointColours(view, frame, first) {
      if (this.view.colour === "class") {
        if (view.coloured !== "correct") return null;
        view.coloured = "class";
        const colours = view.rowsOfClass().map((_, c) => this.theme().classes[c % this.theme().classes.length]);
        this.recolour(view, colours);
        return colours;
      }
      view.coloured = "correct";
      const right = this.theme().colours.quiet, wrong = "#D55E00";
      const colours = view.rowsOfClass().map((rows, c) => rows.map((row) => (frame.pred[row] === c ? right : wrong)));
      if (first || performance.now() - (view.recoloured || 0) > 500) { view.recoloured = performance.now(); this.recolour(view, colours); }
      return colours;
    }

    recolour(view, colours) {
      const gd = view.graph("plane");
      const classes = gd.data.map((t, i) => i).filter((i) => gd.data[i].customdata);
      window.Plotly.restyle(gd, { "marker.color": colours }, classes);
    }

    /* Stills of the strip that were not recorded yet are asked for once they are. */
    lookAtStrip() {
      const due = [...document.querySelectorAll(".live-still-missing")].some((still) => {
        const epoch = Number(still.dataset.missing);
        return epoch >= this.first && epoch <= this.last;
      });
      if (!due || performance.now() - (this.stripTime || 0) < 1500) return;
      this.stripTime = performance.now();
      setProps("live-strip-tick", { data: this.last });
    }

    /* ---- what the runs say ---- */
    statusChanged(view, status, old) {
      if (view.slot === "a") {
        // How many epochs there are to be stands beside the slider.
        const words = element("live-words"), said = status.words.replace(/ of \d+/, "");
        if (words && words.textContent !== said) words.textContent = said;
        live.showState(status.state, view.info.own);
        if (!old || old.state !== status.state) view.dirty = true;
      } else {
        const words = element("live-words-b");
        if (words) words.textContent = status.words;
      }
      if (status.last > this.last && (view.slot === "a")) { this.last = status.last; this.showSlider(false); }
    }

    frameDrawn(view, frame, slow) {
      live.clearProblem();
      if (view.slot === "a") {
        this.last = Math.max(this.last, frame.head.step);
        this.showSlider(slow || !this.cursor.follow && !this.playing);
        if (this.cursor.follow) this.readout(frame.head.step);
        if (slow) {
          live.showNumbers(frame); live.showWeights(this, frame); this.tellSelection(false);
          this.showCursor(frame.head.step); live.markStrip(frame.head.step); this.lookAtStrip();
        }
        if (this.landscape !== undefined && slow) this.openLandscape(this.landscape);
        if (this.views.b.id && this.cursor.follow) this.views.b.poke();
      }
      const shown = element(`live-epoch-${view.slot}`);
      const early = view.slot === "b" && this.views.a.frame && this.views.a.frame.head.step < view.info.first;
      if (shown) shown.textContent = `epoch ${frame.head.step}${early ? ", where it begins" : ""}`;
    }

    problem(text) { live.showProblem(text); }

    async openLandscape(unit) {
      const view = this.views.a, gd = view.graph("landscape");
      this.landscape = unit;
      if (!view.frame || !gd || !gd._fullLayout) return;
      const options = new URLSearchParams({ step: view.frame.head.step, layer: this.view.layer, unit: unit });
      const answer = await fetch(`/api/runs/${view.id}/surface?${options}`, { cache: "no-store" });
      if (answer.ok) live.drawLandscape(gd, await answer.json());
    }

    setView(change) {
      Object.assign(this.view, change);
      for (const slot of ["a", "b"]) {
        const gd = this.views[slot].graph("plane");
        if (gd && gd.data && gd.data.length && "field" in change) window.Plotly.restyle(gd, { visible: change.field }, [0]);
        this.views[slot].poke();
      }
      const curves = this.curvesGraph();
      if (curves && ("smoothing" in change || "log" in change)) {
        live.drawCurves(curves, this.views.a.history, this.view);
        live.scaleLoss(curves, this.view.log);
      }
      this.address();
    }
  }

  /* No points of this input plane are chosen any more. */
  live.unbrush = function (gd) {
    if (!gd || !gd.data) return;
    const classes = gd.data.map((t, i) => i).filter((i) => gd.data[i].customdata);
    window.Plotly.restyle(gd, { selectedpoints: classes.map(() => null) }, classes);
    if ((gd.layout.selections || []).length) window.Plotly.relayout(gd, { selections: [] });
  };

  live.domId = domId; live.part = part; live.setProps = setProps;
  live.Page = Page;
})();
