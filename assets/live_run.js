/* One run on the page: asks for the newest frame after the last one drawn, draws it, asks again.
   A slow browser skips frames; nothing queues. It stops at a final state or in a hidden tab and slows down when paused. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});
  const FINAL = new Set(["finished", "stopped", "failed", "interrupted"]);
  const SHORTEST = 66, PAUSED_WAIT = 700, EMPTY_WAIT = 120, HIDDEN_WAIT = 1000, SLOW_EVERY = 450, CURVES_EVERY = 500;
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  live.FINAL = FINAL;

  class RunView {
    constructor(page, slot) {
      this.page = page; this.slot = slot; this.generation = 0; this.frame = null; this.status = null;
      this.history = live.emptyHistory(); this.wake = null; this.slow = 0; this.drawn = 0; this.cost = 0;
    }

    graph(name) {
      const holder = document.getElementById(`live-${name}-${this.slot}`);
      return holder && (holder.classList.contains("js-plotly-plot") ? holder : holder.querySelector(".js-plotly-plot"));
    }

    attach(info) {
      this.detach();
      this.info = info; this.id = info.id; this.frame = null; this.history = live.emptyHistory();
      this.classRows = null; this.dirty = true; this.whole = true; this.status = null;
      live.unpaint(this.graph("plane"));
      const space = this.graph("space");
      if (space) space._topodashRanges = null;
      const generation = this.generation;
      this.frames(generation); this.curves(generation);
    }

    detach() { this.generation++; this.id = null; this.poke(); }

    /* Something the loop waits for has changed: go on at once, and draw also what costs most unless only the epoch moved. */
    poke(whole = true) { this.dirty = true; this.whole = this.whole || whole; if (this.wake) { this.wake(); this.wake = null; } }

    rest(ms) {
      return Promise.race([sleep(ms), new Promise((resolve) => { this.wake = resolve; })]);
    }

    rowsOfClass() {
      const plane = this.graph("plane");
      if (!this.classRows && plane && plane._fullData) {
        // What arrived in base64 is decoded in the full data only.
        this.classRows = plane._fullData.filter((t) => t.customdata).map((t) => Array.from(t.customdata));
      }
      return this.classRows || [];
    }

    ready() {
      const plane = this.graph("plane"), space = this.graph("space");
      return plane && space && plane._fullLayout && space._fullLayout;
    }

    address(slow, again) {
      const page = this.page, options = new URLSearchParams();
      const cursor = page.cursorFor(this);
      if (cursor === null) options.set("after", !this.frame ? -1 : again ? this.frame.head.step - 1 : this.frame.head.step);
      else { options.set("step", cursor); options.set("near", "1"); }
      options.set("axes", page.view.axes);
      if (slow && page.view.panels) { options.set("panels", page.view.layer); }
      if (page.view.field && slow) options.set("field", "1");
      return `/api/runs/${this.id}/frame?${options}`;
    }

    request(slow, again) {
      const edit = this.slot === "a" ? this.page.edit : null;
      if (!edit) return fetch(this.address(slow, again), { cache: "no-store" });
      const options = new URLSearchParams({ axes: this.page.view.axes, panels: this.page.view.layer });
      if (this.page.view.field) options.set("field", "1");
      return fetch(`/api/runs/${this.id}/preview?${options}`, { method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify(edit) });
    }

    async frames(generation) {
      let failures = 0, ahead = null;
      while (generation === this.generation) {
        if (document.hidden || !this.ready()) { await this.rest(document.hidden ? HIDDEN_WAIT : 60); continue; }
        const cursor = this.page.cursorFor(this);
        const over = this.status && FINAL.has(this.status.state) && performance.now() > (this.revived || 0);
        if (!this.dirty && this.frame && (cursor !== null || over)) {
          await this.rest(PAUSED_WAIT);
          // A cursor that stands still needs no frames, but the run's state is still to be heard.
          if (cursor !== null && !over) await this.listen();
          continue;
        }
        const began = performance.now();
        // What costs most (labels, neurons, curves) comes a few times a second, and never with every frame of a slow browser.
        const due = this.whole || began - this.slow > Math.max(SLOW_EVERY, 3 * this.cost);
        try {
          const wasDirty = this.dirty, first = this.whole;
          const ready = wasDirty ? null : ahead;
          const slow = ready ? ready.slow : due;
          this.dirty = false; this.whole = false; ahead = null;
          const answer = await (ready ? ready.answer : this.request(slow, wasDirty));
          if (generation !== this.generation) return;
          this.heard(answer.headers.get("X-Run-Status"));
          if (answer.status === 200) {
            const frame = live.decodeFrame(await answer.arrayBuffer());
            if (generation !== this.generation) return;
            while (this.page.held) await sleep(30);
            const drawing = performance.now();
            const work = this.draw(frame, slow, first);
            // While the browser paints, the next frame is already on its way.
            if (this.status && this.status.state === "running" && this.page.cursorFor(this) === null) {
              const next = performance.now() - this.slow > Math.max(SLOW_EVERY, 3 * this.cost) && !slow;
              ahead = { slow: next, answer: this.request(next, false) };
              ahead.answer.catch(() => {});
            }
            await work;
            if (slow) { this.slow = performance.now(); this.cost = this.slow - drawing; }
            failures = 0;
            await this.rest(Math.max(0, SHORTEST - (performance.now() - began)));
          } else if (answer.status === 204) {
            await this.rest(this.status && this.status.state === "paused" ? PAUSED_WAIT : EMPTY_WAIT);
          } else {
            const problem = await answer.json().catch(() => ({}));
            if (this.slot === "a" && this.page.edit && answer.status < 500) {
              this.page.discardEdit();
              window.topodash.say(`The edited weights do not fit this network (${problem.error || answer.status}). It is shown as it was recorded.`);
              continue;
            }
            this.page.problem(problem.error || `The server answered ${answer.status}.`);
            if (answer.status === 404) return;
            // A view that cannot be drawn (axes that do not exist) waits for another choice, it does not end the page.
            await this.rest(answer.status === 422 ? 600000 : 2000);
          }
        } catch (error) {
          if (generation !== this.generation) return;
          failures++;
          this.dirty = true; ahead = null;
          if (!(error instanceof TypeError)) { console.error(error); }
          this.page.problem("The server cannot be reached; trying again. Nothing that was recorded is lost.");
          await this.rest(Math.min(8000, 500 * failures));
        }
      }
    }

    /* Only how the run stands: the answer to a step that is not there yet is empty. */
    async listen() {
      try { this.heard((await fetch(`/api/runs/${this.id}/frame?after=9007199254740991`, { cache: "no-store" })).headers.get("X-Run-Status")); }
      catch (error) { if (!(error instanceof TypeError)) throw error; }
    }

    /* A run that was over is to go on: look again for a while, until its process has taken it. */
    revive() { this.revived = performance.now() + 15000; this.poke(); }

    heard(text) {
      if (!text) return;
      const status = JSON.parse(text);
      const old = this.status;
      this.status = status;
      if (!old || old.words !== status.words || old.state !== status.state) this.page.statusChanged(this, status, old);
    }

    async draw(frame, slow, first) {
      const page = this.page, theme = page.theme(), view = page.view;
      const plane = this.graph("plane"), space = this.graph("space");
      if (!plane || !space) return;
      this.frame = frame;
      this.drawn++;
      const cell = page.selection.pattern ? live.cellOfPattern(frame, page.selection.pattern) : -1;
      const still = !this.status || this.status.state !== "running" || page.cursorFor(this) !== null;
      live.drawPlane(plane, frame, theme, { cells: view.cells, lines: view.lines, cell: cell, editable: page.mayEdit(this), labels: view.labels });
      // A name in 3-D is never left on a cell that is gone: names follow at once when the set of patterns changes.
      const names = live.patternSet(frame);
      const labelsDue = view.labels && (first || names !== this.names || slow || (still && !page.playing));
      if (labelsDue) this.names = names;
      const work = [live.drawSpace(space, frame, theme, {
        cell: cell, rowsOfClass: this.rowsOfClass(), selected: page.selection.points,
        settled: !!this.status && FINAL.has(this.status.state) && page.cursorFor(this) === null,
        pointColours: page.pointColours(this, frame, first), labels: view.labels ? labelsDue : null,
      })];
      if (frame.field) window.Plotly.restyle(plane, { z: [live.fieldRows(frame)], visible: true }, [0]);
      if (frame.panels && this.slot === "a") {
        for (let unit = 0; unit < frame.panels.shape[0]; unit++) {
          const panel = this.graph(`neuron${unit}`);
          if (panel && panel._fullLayout) { window.topodash.freeOfDash(panel); live.drawNeuron(panel, frame, unit, theme); }
        }
      }
      page.frameDrawn(this, frame, slow);
      await Promise.all(work);
      await new Promise((resolve) => requestAnimationFrame(resolve));
      if (this.slot === "a") page.rest(this.id);
    }

    async curves(generation) {
      while (generation === this.generation) {
        if (!document.hidden) {
          try {
            const h = this.history;
            const answer = await fetch(`/api/runs/${this.id}/curves?after=${h.after}&events=${h.eventsAfter}&region=${h.region.after}`, { cache: "no-store" });
            if (generation !== this.generation) return;
            if (answer.ok) {
              const got = await answer.json();
              live.addHistory(h, got);
              this.page.historyGrew(this, got);
              const final = FINAL.has(got.state);
              if (final && got.region_complete && !got.more) { await this.rest(20000); continue; }
              if (got.more) continue;
            }
          } catch (error) {
            if (!(error instanceof TypeError)) console.error(error);
          }
        }
        await sleep(CURVES_EVERY);
      }
    }
  }

  live.RunView = RunView;
})();
