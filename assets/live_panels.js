/* The small words around the pictures: tips under the pointer, events on the timeline, the table of numbers. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});
  const element = (id) => document.getElementById(id);

  /* ---- tips ---- */
  let tip = null;
  function tipBox() {
    if (!tip) {
      tip = document.createElement("div");
      tip.className = "live-tip"; tip.setAttribute("role", "tooltip"); tip.hidden = true;
      document.body.appendChild(tip);
    }
    return tip;
  }
  function line(name, value) { return [name, value]; }

  live.hideTip = function () { if (tip) tip.hidden = true; };
  live.showTip = function (gd, event, content) {
    const box = tipBox();
    if (!content) { box.hidden = true; return; }
    box.replaceChildren();
    const title = document.createElement("strong");
    title.textContent = content.title;
    box.appendChild(title);
    for (const [name, value] of content.lines) {
      const row = document.createElement("div"), left = document.createElement("span"), right = document.createElement("span");
      left.textContent = name; right.textContent = value; row.append(left, right); box.appendChild(row);
    }
    box.hidden = false;
    const width = box.offsetWidth, height = box.offsetHeight;
    box.style.left = Math.min(event.clientX + 14, window.innerWidth - width - 8) + "px";
    box.style.top = Math.min(event.clientY + 14, window.innerHeight - height - 8) + "px";
  };

  live.cellTip = function (view, cell) {
    const frame = view.frame, n = live.number;
    if (cell < 0 || !frame) return null;
    const classes = view.info.class_names, lines = [];
    lines.push(line("area", n(frame.area[cell])));
    for (let c = 0; c < classes.length; c++) lines.push(line(classes[c], frame.counts[cell * classes.length + c] + " points"));
    const kind = ["a point", "a segment", "a polygon"][frame.rank[cell]];
    lines.push(line("image", `${kind} (rank ${frame.rank[cell]})`));
    lines.push(line("magnification", frame.magnification[cell] > 0 ? n(frame.magnification[cell]) + " ×" : "0"));
    if (frame.A) {
      const out = frame.A.shape[1];
      for (let i = 0; i < out; i++) {
        const a = 2 * (cell * out + i);
        lines.push(line(`n${i + 1} =`, `${n(frame.A[a], 2)} x ${frame.A[a + 1] < 0 ? "−" : "+"} ${n(Math.abs(frame.A[a + 1]), 2)} y ` +
          `${frame.c[cell * out + i] < 0 ? "−" : "+"} ${n(Math.abs(frame.c[cell * out + i]), 2)}`));
      }
    }
    return { title: "Cell " + live.patternText(frame, cell), lines: lines };
  };

  live.pointTip = function (view, row) {
    const frame = view.frame, n = live.number;
    if (!frame || row >= frame.pred.length) return null;
    const classes = view.info.class_names, plane = view.graph("plane");
    let x = NaN, y = NaN, label = "";
    for (const trace of plane._fullData) {
      const at = trace.customdata ? Array.prototype.indexOf.call(trace.customdata, row) : -1;
      if (at >= 0) { x = trace.x[at]; y = trace.y[at]; label = trace.name; break; }
    }
    const names = view.info.columns, s = frame.head.act_scale;
    const lines = [line(names[0], n(x)), line(names[1], n(y)), line("class", label),
      line("predicted", classes[frame.pred[row]]),
      line(classes.length === 2 ? `P(${classes[1]})` : "its probability", n(frame.prob[row] / 65535))];
    for (let d = 0; d < 3; d++) if (frame.head.axes[d]) lines.push(line(frame.head.axes[d], n(frame.act[3 * row + d] * s)));
    return { title: "Point " + (view.info.drawn ? view.info.drawn[row] : row), lines: lines };
  };

  /* ---- state, play ---- */
  /* The style sheet shows the buttons that can do something in this state. */
  live.showState = function (state, own) {
    const mark = element("live-state"), page = document.querySelector(".td-page-live");
    if (mark) mark.dataset.state = state;
    if (page) { page.dataset.runState = state || "none"; page.dataset.own = own ? "1" : "0"; }
    if (!state) { const words = element("live-words"); if (words) words.textContent = ""; }
  };

  /* The slider is a native range: it moves many times a second. */
  live.slider = function (page) {
    const place = live.domId(live.part("slider"));
    if (!place) return null;
    let slider = place.querySelector("input");
    if (!slider) {
      slider = document.createElement("input");
      slider.type = "range"; slider.step = 1; slider.disabled = true; slider.setAttribute("aria-label", "Epoch");
      slider.addEventListener("input", () => { page.dragging = true; page.scrubbed(Number(slider.value)); });
      slider.addEventListener("change", () => { page.dragging = false; });
      place.appendChild(slider);
    }
    return slider;
  };

  /* The weights on screen; fields while they may be changed. */
  live.showWeights = function (page, frame) {
    const place = element("live-weights"), shown = frame.head.weights;
    if (!place) return;
    const may = page.mayEdit(page.views.a), shape = (shown ? shown.map((l) => l.W.length + "x" + l.W[0].length).join() : "-") + may;
    if (page.weightShape !== shape || !place.querySelector("[data-entry]")) {
      page.weightShape = shape;
      place.replaceChildren();
      if (!shown) { place.textContent = "More numbers than one reads; the JSON export of the input plane has them."; return; }
      shown.forEach((layer, l) => place.append(...weightTable(page, layer, l + 1, l + 1 === shown.length, may)));
    }
    if (!shown) return;
    for (const spot of place.querySelectorAll("[data-entry]")) {
      const [, kind, l, i, j] = spot.dataset.entry.match(/(W|b)(\d+)\[(\d+)(?:,(\d+))?\]/);
      const layer = shown[Number(l) - 1], value = kind === "W" ? layer.W[i][j] : layer.b[i];
      if (spot.tagName !== "INPUT") spot.textContent = value.toFixed(3);
      else if (document.activeElement !== spot) spot.value = String(Number(value.toFixed(5)));
    }
  };

  function weightTable(page, layer, number, output, may) {
    const title = document.createElement("h4"), table = document.createElement("table");
    title.textContent = output ? "Output" : "Layer " + number;
    table.className = "live-weights td-number";
    const head = table.createTHead().insertRow();
    for (const word of ["unit", ...layer.W[0].map((_, j) => "w" + (j + 1)), "b"]) cell(head, word, "th").scope = "col";
    const body = table.createTBody();
    layer.b.forEach((_, i) => {
      const row = body.insertRow();
      cell(row, String(i + 1), "th").scope = "row";
      for (const entry of [...layer.W[i].map((__, j) => `W${number}[${i},${j}]`), `b${number}[${i}]`]) {
        const spot = document.createElement(may ? "input" : "span");
        spot.dataset.entry = entry;
        if (may) {
          spot.type = "number"; spot.step = "0.1"; spot.setAttribute("aria-label", entry);
          spot.addEventListener("change", () => {
            const value = Number(spot.value);
            if (spot.value !== "" && Number.isFinite(value)) page.edited({ entry: entry, value: value });
          });
        }
        row.insertCell().appendChild(spot);
      }
    });
    return [title, table];
  }
  live.setPlayIcon = function (playing) {
    const button = live.domId(live.part("play"));
    if (!button) return;
    button.dataset.playing = playing ? "1" : "0";
    button.setAttribute("aria-label", playing ? "Stop play-back" : "Play");
    button.title = playing ? "Stop play-back" : "Play the recorded epochs";
  };
  live.showProblem = function (text) {
    const box = element("live-problem");
    if (box && (box.hidden || box.textContent !== text)) { box.textContent = text; box.hidden = false; }
  };
  live.clearProblem = function () {
    const box = element("live-problem");
    if (box && !box.hidden) box.hidden = true;
  };

  /* ---- numbers of the frame ---- */
  function cell(row, text, tag) {
    const made = document.createElement(tag || "td");
    made.textContent = text; row.appendChild(made);
    return made;
  }
  function confusion(table, matrix, names) {
    table.replaceChildren();
    const head = table.createTHead().insertRow();
    cell(head, "true \\ predicted", "th");
    for (const name of names) cell(head, name, "th").scope = "col";
    const body = table.createTBody();
    matrix.forEach((counts, c) => {
      const row = body.insertRow();
      cell(row, names[c], "th").scope = "row";
      counts.forEach((count, k) => { cell(row, count).className = c === k ? "live-right" : count ? "live-wrong" : ""; });
    });
  }
  live.showNumbers = function (frame) {
    const head = frame.head;
    for (const name of Object.keys(head.numbers)) {
      const place = element("live-number-" + name);
      if (place && place.textContent !== head.numbers[name]) place.textContent = head.numbers[name];
    }
    const names = live.page.views.a.info.class_names;
    for (const part of ["train", "test"]) {
      const table = element("live-confusion-" + part);
      if (table && head.confusion[part]) confusion(table, head.confusion[part], names);
    }
    const said = element("live-said");
    if (said) { const text = head.notices.join(" "); if (said.textContent !== text) said.textContent = text; }
  };

  live.clearEvents = function () {
    const track = live.domId(live.part("events")), list = element("live-events"), weights = element("live-weights");
    if (track) track.replaceChildren();
    for (const box of [list, weights]) if (box) box.replaceChildren();
  };

  /* ---- events ---- */
  const KEEP = 60;
  live.showEvents = function (page, history) {
    const all = history.events.concat(history.region.events).sort((a, b) => a.step - b.step);
    const stamp = all.length + ":" + page.end() + page.views.a.id;
    if (stamp === page.eventStamp) return;
    page.eventStamp = stamp;
    const track = live.domId(live.part("events")), list = element("live-events");
    const span = Math.max(1, page.end() - page.first), together = new Map();
    for (const event of all) together.set(event.step, (together.get(event.step) || []).concat([event]));
    if (track) {
      const lastAt = {};
      track.replaceChildren();
      for (const [step, events] of together) {
        const kind = events.some((e) => e.kind === "diverged" || e.kind === "dead") ? "bad" :
          events.some((e) => e.kind === "region") ? "region" : events.some((e) => e.kind === "learning_rate") ? "control" : "event";
        const at = 100 * (step - page.first) / span;
        if (lastAt[kind] !== undefined && at - lastAt[kind] < 0.4) continue;
        lastAt[kind] = at;
        const mark = document.createElement("button");
        mark.type = "button"; mark.className = "td-mark td-mark-" + kind; mark.style.left = at.toFixed(3) + "%"; mark.tabIndex = -1;
        mark.title = `epoch ${step}: ` + events.map((e) => e.label).join("; ");
        mark.setAttribute("aria-label", "Go to " + mark.title);
        mark.addEventListener("click", () => page.jump(step));
        track.appendChild(mark);
      }
    }
    if (!list) return;
    list.replaceChildren();
    if (!all.length) { const p = document.createElement("p"); p.className = "td-empty"; p.textContent = "Nothing has happened yet."; list.appendChild(p); return; }
    const shown = [...together.entries()].slice(-KEEP).reverse();
    for (const [step, events] of shown) {
      const button = document.createElement("button"), epoch = document.createElement("span"), words = document.createElement("span");
      button.type = "button"; button.className = "live-event";
      epoch.textContent = step; epoch.className = "td-number"; words.textContent = events.map((e) => e.label).join("; ");
      button.append(epoch, words);
      button.addEventListener("click", () => page.jump(step));
      list.appendChild(button);
    }
    if (together.size > KEEP) {
      const p = document.createElement("p");
      p.className = "td-empty"; p.textContent = `The ${KEEP} latest of ${together.size} epochs with events.`;
      list.appendChild(p);
    }
  };

  live.markStrip = function (step) {
    document.querySelectorAll("#live-strip [data-epoch]").forEach((b) =>
      b.setAttribute("aria-current", Number(b.dataset.epoch) === step ? "true" : "false"));
  };
})();
