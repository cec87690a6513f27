/* Data files of the Landscapes page: the server makes them from the page's address, and from what that does not say: which
   layers figure 1 shows. */
(function () {
  "use strict";
  const page = window.topodashLandscapes;

  document.addEventListener("click", (event) => {
    const item = page.here() && event.target.closest("[data-landscapes]");
    if (!item) return;
    const query = new URLSearchParams(window.location.search), space = page.plot("landscapes-space");
    const layers = ((space && space.layout && space.layout.meta) || {}).layers;
    if (layers) query.set("shown", layers.map((name) => page.state.shape.layers.indexOf(name)).join(","));
    const link = document.createElement("a");
    link.href = "/api/landscapes/" + item.dataset.landscapes + "?" + query;
    link.download = "";
    document.body.append(link);
    link.click();
    link.remove();
  });
})();
