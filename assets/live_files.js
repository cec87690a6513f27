/* Files in and out of the live page: a CSV streamed to the server, data of the epoch on screen saved. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});

  async function upload(file) {
    const say = (data) => live.setProps("live-csv", { data: data });
    try {
      const answer = await fetch("/api/uploads?name=" + encodeURIComponent(file.name), { method: "POST", body: file });
      const got = await answer.json().catch(() => ({}));
      if (!answer.ok) { say({ error: got.error || `The server answered ${answer.status}.`, name: file.name }); return; }
      say({ upload: got.id, name: file.name });
    } catch (error) {
      say({ error: "The file could not be sent: the server cannot be reached.", name: file.name });
    }
  }

  document.addEventListener("change", (event) => {
    if (event.target.id === "live-csv-file" && event.target.files.length) upload(event.target.files[0]);
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      const zone = event.target.closest && event.target.closest("#live-csv-drop");
      if (!zone) return;
      event.preventDefault();
      zone.dataset.over = name === "dragover" ? "1" : "0";
      if (name === "drop" && event.dataTransfer.files.length) upload(event.dataTransfer.files[0]);
    });
  }

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
