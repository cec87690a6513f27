/* Curves that look different while their moment is chosen (figures/plain.py: with_looks): both looks travel with each trace,
   and the script puts them on when the cursor moves. */
(function () {
  "use strict";
  const app = (window.topodash = window.topodash || {});
  const known = (figure) => figure && figure.layout && figure.layout.meta && "moment" in figure.layout.meta;

  /* Before it is drawn: the figure with the look of that moment. */
  app.lookOf = function (figure, moment) {
    if (!known(figure) || figure.layout.meta.moment === moment) return figure;
    const put = (trace) => {
      if (!trace.meta || !trace.meta.looks) return trace;
      const made = Object.assign({}, trace);
      for (const [name, value] of Object.entries(trace.meta.looks[Number(trace.meta.moment === moment)])) {
        const [first, second] = name.split(".");
        if (second) made[first] = Object.assign({}, made[first], { [second]: value });
        else made[first] = value;
      }
      return made;
    };
    const meta = Object.assign({}, figure.layout.meta, { moment: moment });
    return { data: figure.data.map(put), layout: Object.assign({}, figure.layout, { meta: meta }) };
  };

  /* On screen: only what belonged to the old moment, or belongs to the new one, changes. */
  app.look = function (graph, moment) {
    if (!known(graph) || !graph.calcdata || !graph.calcdata.length || !window.Plotly) return;
    const before = graph.layout.meta.moment;
    if (before === moment) return;
    app.freeOfDash(graph);
    const rows = [], changes = {};
    graph.data.forEach((trace, row) => {
      if (trace.meta && trace.meta.looks && (trace.meta.moment === before || trace.meta.moment === moment)) rows.push(row);
    });
    rows.forEach((row, k) => {
      const meta = graph.data[row].meta;
      for (const [name, value] of Object.entries(meta.looks[Number(meta.moment === moment)])) {
        (changes[name] = changes[name] || new Array(rows.length).fill(undefined))[k] = value;
      }
    });
    graph.layout.meta.moment = moment;
    if (rows.length) Promise.resolve(window.Plotly.restyle(graph, changes, rows)).catch(() => {});
  };
})();
