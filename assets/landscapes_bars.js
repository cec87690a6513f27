/* The bars of the open layer on the Landscapes page: chosen by buttons and by keyboard. */
(function () {
  "use strict";
  const app = (window.topodash = window.topodash || {});
  const KEYS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };
  const button = (event) => event.target.closest && event.target.closest("[data-bar]");

  document.addEventListener("click", (event) => {
    const pressed = button(event);
    if (pressed) app.pickBar(Number(pressed.dataset.bar));
  });
  document.addEventListener("keydown", (event) => {
    if (!button(event) || !(event.key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    app.pickBar(KEYS[event.key]);
  });
})();
