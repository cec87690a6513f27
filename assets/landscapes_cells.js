/* The cells of figure 2 and of the heat map by keyboard: the arrow keys move a frame, Enter opens the layer, Escape gives it up;
   what the frame is around is said under the figure. */
(function () {
  "use strict";
  const page = window.topodashLandscapes;
  const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], Home: [-Infinity, 0], End: [Infinity, 0] };
  let at = null;

  const cells = (event) => page.here() && event.target.closest && event.target.closest("[data-cells]");
  const say = (box, words) => { document.getElementById(box.dataset.cells + "-cell").textContent = words; };

  /* The frame in the heat map, whose cells have their middles at whole numbers; the curves of a live run have no cells. */
  function frameInHeat(place) {
    const graph = page.plot("landscapes-heat");
    if (!graph || !graph.calcdata || !graph.calcdata.length || graph.data[0].type !== "heatmap") return;
    const y = place && page.state.shape.moments.length - 1 - place.moment;
    const shapes = !place ? [] : [{ type: "rect", x0: place.layer - 0.5, x1: place.layer + 0.5, y0: y - 0.5, y1: y + 0.5,
      line: { color: "#E69F00", width: 2.5 } }];
    window.topodash.freeOfDash(graph);
    Promise.resolve(window.Plotly.relayout(graph, { shapes: shapes })).catch(() => {});
  }

  function show(box) {
    page.draw(at && [at.layer, at.moment]);
    if (box.dataset.cells === "landscapes-heat") frameInHeat(at);
    if (!at) return say(box, "");
    const { shape, cursor } = page.state;
    const open = cursor.layer === at.layer && page.moment() === at.moment;
    say(box, `${shape.layers[at.layer]}, ${page.nameOf(at.moment)}${norm(at)}: ${open ? "is open." : "Enter opens it."}`);
  }

  /* What hovering says of the cell. */
  function norm(place) {
    const graph = page.plot("landscapes-grid"), told = graph && graph._fullData && graph._fullData[0].customdata;
    const value = told && told[place.moment] && told[place.moment][place.layer] && told[place.moment][place.layer][0];
    return Number.isFinite(value) ? `, norm ${value.toPrecision(3)}` : ", no network";
  }

  document.addEventListener("keydown", (event) => {
    const box = cells(event), { shape, cursor } = page.state;
    if (!box || event.target !== box || !shape || !cursor || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = at || { layer: cursor.layer, moment: page.moment() };
    if (event.key in KEYS) {
      const [right, down] = KEYS[event.key];
      at = { layer: page.within(here.layer + right, shape.layers.length), moment: page.within(here.moment + down, shape.moments.length) };
    } else if (event.key === "Enter" || event.key === " ") page.go({ layer: here.layer, moment: here.moment });
    else if (event.key === "Escape" && at) at = null;
    else return;
    event.preventDefault();
    show(box);
  });
  document.addEventListener("focusin", (event) => {
    const box = cells(event);
    if (box && event.target === box && box.matches(":focus-visible") && page.state.shape && page.state.cursor) {
      at = { layer: page.state.cursor.layer, moment: page.moment() };
      show(box);
    }
  });
  document.addEventListener("focusout", (event) => {
    const box = cells(event);
    if (!box || event.target !== box || !at) return;
    at = null;
    show(box);
  });
})();
