/* The addresses of the pages, and the browser's Back and Forward. What is opened or computed is a place that Back returns to: a new
   entry of the history. What only moves (a timeline, a slider, a number that is typed) writes the entry anew where one is. */
(function () {
  "use strict";
  const app = (window.topodash = window.topodash || {});
  const pages = [];

  const differ = (one, other, names) => {
    const [a, b] = [new URLSearchParams(one), new URLSearchParams(other)];
    return (names || [...a.keys(), ...b.keys()]).some((name) => a.get(name) !== b.get(name));
  };

  /* The address of one page. `path` is its end; `stage` the id of what always stands on the page, another element once Dash has
     made it anew. Where addresses differ in the names `cursor` alone, `move(found)` may show the other one and say true; for all
     else the page is made anew from the address, as for a link, and `left()` hears of it. */
  class Address {
    constructor(page) {
      Object.assign(this, { cursor: [], move: () => false, left: () => {}, shown: null, stands: null, gone: null }, page);
      pages.push(this);
    }

    here() { return window.location.pathname.endsWith(this.path) ? document.getElementById(this.stage) : null; }

    /* Whether nothing was written since the page was opened or made anew. */
    fresh() { return this.here() !== this.stands; }

    /* What is shown is at this address; `enter`: another place than before. */
    write(search, enter) {
      const stage = this.here();
      /* What a page that is on its way out still has to say belongs to no entry. */
      if (!stage || stage === this.gone) return;
      this.stands = stage;
      this.shown = search;
      if (search === window.location.search) return;
      window.history[enter ? "pushState" : "replaceState"](enter ? null : window.history.state, "", window.location.pathname + search);
    }

    /* The browser has gone to an address of this page. */
    arrived() {
      const search = window.location.search, known = !this.fresh();
      if (known && search === this.shown) return;
      const others = [...new URLSearchParams(search).keys(), ...new URLSearchParams(this.shown).keys()].filter((name) => !this.cursor.includes(name));
      if (known && !differ(search, this.shown, others) && this.move(new URLSearchParams(search))) {
        this.shown = search;
        return;
      }
      this.left();
      this.gone = this.here();
      this.stands = null;
      /* All that it holds of an address: it would go back to the rest of the one before. */
      const { href, pathname, hash } = window.location;
      window.dash_clientside.set_props("_pages_location", { href, pathname, hash, search });
    }
  }

  /* Dash must not hear of it besides: it knows of no entry that was written here, so it would make the page a second time, or, where
     it believes to be at that address still, not at all. A link to the page where one is (the second event) is no different. */
  for (const name of ["popstate", "_dashprivate_pushstate"]) {
    window.addEventListener(name, (event) => {
      const page = pages.find((each) => each.here());
      if (!page) return;
      event.stopImmediatePropagation();
      page.arrived();
    });
  }

  app.Address = Address;
  app.differ = differ;
})();
