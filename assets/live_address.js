/* The address of the live page: what is seen can be sent to someone. Read by `pages/live/state.py`.
   A part of the page: its methods join those of `live_page.js`. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});
  live.VIEW_DEFAULTS = { cells: true, lines: true, labels: true, field: false, axes: "auto", layer: "last", colour: "class", smoothing: 0, log: false };

  (live.pageParts = live.pageParts || []).push({
    address(push) {
      if (!window.location.pathname.endsWith("/live")) return;
      const a = this.views.a, options = new URLSearchParams();
      if (!a.id) {
        if (!push) return;
        this.writeAddress();
        window.history.pushState(null, "", window.location.pathname + (this.query || ""));
        return;
      }
      options.set("run", a.id);
      if (this.views.b.id) options.set("with", this.views.b.id);
      if (!this.cursor.follow) options.set("epoch", this.cursor.step);
      if (this.selection.pattern) options.set("cell", this.selection.pattern.replace(/ /g, "."));
      for (const [name, plain] of Object.entries(live.VIEW_DEFAULTS)) {
        if (this.view[name] !== plain) options.set(name, this.view[name] === true ? "1" : this.view[name] === false ? "0" : this.view[name]);
      }
      if (this.edit) options.set("edit", JSON.stringify(this.edit.changes));
      if (this.stripText && this.stripText !== "1, 100, 500, 1000") options.set("strip", this.stripText.replace(/\s/g, ""));
      const address = window.location.pathname + "?" + options;
      if (push) {
        this.writeAddress();
        window.history.pushState(null, "", address);
        return;
      }
      this.due = address;
      clearTimeout(this.addressTimer);
      this.addressTimer = setTimeout(() => this.writeAddress(), 250);
    },

    /* What is due is written now: later it would stand in the entry of the run that comes next. */
    writeAddress() {
      clearTimeout(this.addressTimer);
      if (this.due && window.location.pathname.endsWith("/live")) window.history.replaceState(window.history.state, "", this.due);
      this.due = null;
    },
  });
})();
