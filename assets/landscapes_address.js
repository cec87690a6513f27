/* The address of the Landscapes page. The server says what it is (`pages/landscapes/addressing.py`); here it becomes a new entry
   of the history, or the same one written anew (`address.js`). */
(function () {
  "use strict";
  const dash = window.dash_clientside, page = window.topodashLandscapes;
  /* What is opened or computed is a place that Back returns to; what only moves (the timeline, bars, the picture's settings)
     changes the place where one is. Another layer says so itself: it changes with the source too. */
  const ENTERED = ["run", "a", "b", "of", "degree", "homology", "class", "networks", "depth", "grid_end", "grid_step"];

  const address = new window.topodash.Address({
    path: "/landscapes", stage: "landscapes-grid", cursor: ["layer", "moment", "epoch", "bar", "test"],
    move(found) {
      const { shape, cursor } = page.state;
      if (!shape || !cursor) return false;
      const number = (name, plain) => (found.has(name) ? Number(found.get(name)) : plain);
      page.state.enter = false;
      const epoch = number("epoch", null), moment = epoch === null ? number("moment", shape.last) : page.nearest(epoch);
      page.move({ layer: number("layer", 0), moment, epoch, bar: number("bar", 0), test: found.get("test"), chosen: found.has("layer") });
      return true;
    },
    left() { page.state.enter = false; },
  });

  dash.landscapes.query = function (query) {
    if (!address.here()) return dash.no_update;
    const search = query === "?" ? "" : query, before = window.location.search;
    /* What the page itself mends of the address that it was opened with is no new place; a person may be faster than it. */
    const run = new URLSearchParams(before).get("run") || "", names = address.fresh() ? ["run"] : ENTERED;
    const enter = page.state.enter || (/^[0-9a-f]{16}$/.test(run) && window.topodash.differ(before, search, names));
    page.state.enter = false;
    address.write(search, enter);
    return dash.no_update;
  };
})();
