/* The address of the Landscapes page, and the browser's Back and Forward. The server says what the address is
   (`pages/landscapes/addressing.py`); here it becomes a new entry of the history, or the same one written anew. */
(function () {
  "use strict";
  const dash = window.dash_clientside, page = window.topodashLandscapes;
  /* What is opened or computed is a place that Back returns to; what only moves (the timeline, bars, the picture's settings)
     changes the place where one is. Another layer says so itself: it changes with the source too. */
  const ENTERED = ["run", "a", "b", "of", "degree", "homology", "class", "networks", "depth", "grid_end", "grid_step"];
  const CURSOR = ["layer", "moment", "epoch", "bar", "test"];
  let stage = null, shown = "";

  const differ = (one, other, names) => {
    const [a, b] = [new URLSearchParams(one), new URLSearchParams(other)];
    return names.some((name) => a.get(name) !== b.get(name));
  };

  dash.landscapes.query = function (query) {
    const graph = document.getElementById("landscapes-grid");
    if (!page.here() || !graph) return dash.no_update;
    const search = query === "?" ? "" : query, before = window.location.search;
    /* What the page itself mends of the address that it was opened with is no new place; a person may be faster than it. */
    const opened = graph !== stage, run = new URLSearchParams(before).get("run") || "";
    const enter = page.state.enter || (/^[0-9a-f]{16}$/.test(run) && differ(before, search, opened ? ["run"] : ENTERED));
    stage = graph;
    shown = search;
    page.state.enter = false;
    if (search !== before) window.history[enter ? "pushState" : "replaceState"](enter ? null : window.history.state, "", window.location.pathname + search);
    return dash.no_update;
  };

  /* Back and Forward. Where only the cursor is another it moves; for all else the page is made anew from the address, as for a
     link. Dash must not hear of it besides: it would make the page a second time, or, where it believes to be at that address
     still, not at all. */
  window.addEventListener("popstate", (event) => {
    const graph = document.getElementById("landscapes-grid");
    if (!page.here() || !graph) return;
    event.stopImmediatePropagation();
    const search = window.location.search, found = new URLSearchParams(search);
    page.state.enter = false;
    const names = [...found.keys(), ...new URLSearchParams(shown).keys()].filter((name) => !CURSOR.includes(name));
    const { shape, cursor } = page.state;
    if (graph !== stage || !shape || !cursor || differ(search, shown, names)) {
      stage = null;
      dash.set_props("_pages_location", { search: search });
      return;
    }
    const number = (name, plain) => (found.has(name) ? Number(found.get(name)) : plain);
    shown = search;
    const epoch = number("epoch", null), moment = epoch === null ? number("moment", shape.last) : page.nearest(epoch);
    page.move({ layer: number("layer", 0), moment, epoch, bar: number("bar", 0), test: found.get("test"), chosen: found.has("layer") });
  });
})();
