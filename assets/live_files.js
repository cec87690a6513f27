/* Files out of the live page: data of the epoch on screen saved. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});

  document.addEventListener("click", (event) => {
    const item = event.target.closest && event.target.closest("[data-download]");
    if (!item) return;
    const view = live.page.views.a;
    if (!view.id || !view.frame) { live.showProblem("There is nothing to export yet: start a network first."); return; }
    const link = document.createElement("a");
    link.href = `/api/runs/${view.id}/${item.dataset.download}?step=${view.frame.head.step}`;
    link.download = "";
    document.body.appendChild(link); link.click(); link.remove();
  });
})();
