/* What the first frame of a run does not need: the server sends it when that frame stands, so that nobody waits for it.
   A part of the page: its methods join those of `live_page.js`. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});
  (live.pageParts = live.pageParts || []).push({
    /* What the first frame does not need is asked for when it stands: curves, neurons, strip, other runs. */
    rest(run) {
      if (this.rested === run && this.restedFor === this.views.a.generation) return;
      this.rested = run; this.restedFor = this.views.a.generation;
      clearTimeout(this.restTimer);
      live.setProps("live-drawn", { data: { run: run } });
    },

    /* The curves' graph, when it is the one of the run on screen. */
    curvesGraph() {
      const gd = this.views.a.graph("curves");
      return gd && gd._fullLayout && gd.layout.meta === this.views.a.id ? gd : null;
    },

    /* Another graph for the curves came, or is about to be drawn. */
    async curvesCame() {
      for (let tries = 0; tries < 100 && this.views.a.id; tries++) {
        const gd = this.curvesGraph();
        if (gd) {
          this.listen();
          live.drawCurves(gd, this.views.a.history, this.view);
          if (this.view.log) live.scaleLoss(gd, true);
          if (this.views.a.frame) this.showCursor(this.views.a.frame.head.step);
          return;
        }
        await new Promise((go) => setTimeout(go, 50));
      }
    },

    showCursor(step) {
      const gd = this.curvesGraph();
      if (gd) live.drawCursor(gd, step, this.theme().colours.quiet);
    },

    historyGrew(view, answer) {
      if (view.slot !== "a") return;
      const gd = this.curvesGraph();
      if (gd && (answer.steps.length || answer.region.steps.length)) live.drawCurves(gd, view.history, this.view);
      live.showEvents(this, view.history);
    },
  });
})();
