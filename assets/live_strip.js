/* The snapshot strip as one picture: the stills that are on screen, side by side, with their epochs (paper A, figures 3 and 5). */
(function () {
  "use strict";
  const SPACE = "http://www.w3.org/2000/svg", GAP = 14, HEAD = 24, SCALE = 3;
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  async function still(image) {
    const answer = await fetch(image.src);
    if (!answer.ok) throw new Error(`a still could not be read (${answer.status})`);
    return new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
  }

  function element(name, attributes, text) {
    const made = document.createElementNS(SPACE, name);
    for (const key of Object.keys(attributes)) made.setAttribute(key, attributes[key]);
    if (text) made.textContent = text;
    return made;
  }

  async function strip() {
    const columns = [...document.querySelectorAll("#live-strip [data-epoch]")];
    if (!columns.length) throw new Error("no epoch of the strip is recorded yet");
    const whole = element("svg", { xmlns: SPACE }), ground = element("rect", { x: 0, y: 0, fill: style("--td-panel") });
    whole.appendChild(ground);
    let x = GAP, bottom = 0;
    for (const column of columns) {
      let y = GAP + HEAD, widest = 0;
      for (const picture of await Promise.all([...column.querySelectorAll("img")].map(still))) {
        const width = Number(picture.getAttribute("width")), height = Number(picture.getAttribute("height"));
        picture.setAttribute("x", x); picture.setAttribute("y", y);
        whole.appendChild(picture);
        y += height + GAP; widest = Math.max(widest, width);
      }
      whole.appendChild(element("text", { x: x + widest / 2, y: GAP + 12, "text-anchor": "middle", fill: style("--td-text"),
        "font-family": "system-ui, sans-serif", "font-size": 14 }, `epoch ${column.dataset.epoch}`));
      x += widest + GAP; bottom = Math.max(bottom, y);
    }
    for (const made of [whole, ground]) { made.setAttribute("width", x); made.setAttribute("height", bottom); }
    whole.setAttribute("viewBox", `0 0 ${x} ${bottom}`);
    return { text: new XMLSerializer().serializeToString(whole), width: x, height: bottom };
  }

  async function pixels(picture) {
    const image = new Image();
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(picture.text);
    await image.decode();
    const sheet = document.createElement("canvas");
    sheet.width = SCALE * picture.width; sheet.height = SCALE * picture.height;
    sheet.getContext("2d").drawImage(image, 0, 0, sheet.width, sheet.height);
    return new Promise((resolve) => sheet.toBlob(resolve, "image/png"));
  }

  async function save(kind) {
    const picture = await strip();
    if (kind === "svg") return window.topodash.save("snapshots.svg", new Blob([picture.text], { type: "image/svg+xml" }));
    if (kind === "png") return window.topodash.save("snapshots.png", await pixels(picture));
    const page = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Snapshots</title></head><body>${picture.text}</body></html>`;
    return window.topodash.save("snapshots.html", new Blob([page], { type: "text/html" }));
  }

  document.addEventListener("click", (event) => {
    const item = event.target.closest && event.target.closest("[data-strip]");
    if (item) save(item.dataset.strip).catch((problem) => window.topodash.say(`The strip could not be saved: ${problem.message}.`));
  });
})();
