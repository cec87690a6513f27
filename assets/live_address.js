/* The address of the live page: what is seen can be sent to someone. Read by `pages/live/state.py`.
   A part of the page: its methods join those of `live_page.js`. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});
  live.VIEW_DEFAULTS = { cells: true, lines: true, labels: true, field: false, axes: "auto", layer: "last", colour: "class", smoothing: 0, log: false };

  const address = new window.topodash.Address({ path: "/live", stage: "live-plane-a", left: () => live.page.dropAddress() });

  (live.pageParts = live.pageParts || []).push({
    address(push) {
      if (!address.here()) return;
      const a = this.views.a, options = new URLSearchParams();
      if (!a.id) {
        if (push) this.writeAddress(this.query || "", true);
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
      const search = "?" + options;
      if (push) {
        this.writeAddress(search, true);
        return;
      }
      this.due = search;
      clearTimeout(this.addressTimer);
      this.addressTimer = setTimeout(() => this.writeDue(), 250);
    },

    /* What is due is written first: later it would stand in the entry of the run that comes next. */
    writeAddress(search, enter) {
      this.writeDue();
      address.write(search, enter);
    },

    writeDue() {
      if (this.due) address.write(this.due, false);
      this.dropAddress();
    },

    dropAddress() {
      clearTimeout(this.addressTimer);
      this.due = null;
    },
  });
})();
