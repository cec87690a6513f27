/* The views beside the Mapper graph: the selection is drawn into them, and a lasso in a plane selects points. */
(function () {
    'use strict';
    const app = window.topodash, page = app.mapper;

    const plot = (id) => {
        const root = document.getElementById(id);
        return root ? root.querySelector('.js-plotly-plot') : null;
    };
    const values = (trace, name) => (trace && trace[name] ? trace[name] : []);

    /* Whether there is a selection to draw, or one to take away: drawing a scene again costs. */
    function marks(graph, rows) {
        const before = graph.topodashMarked;
        graph.topodashMarked = Boolean(rows);
        return Boolean(rows) || before;
    }

    function highlightSpace(slot) {
        const graph = plot('mapper-space-' + slot);
        if (!graph || !graph._fullData || !graph._fullData.length) return;
        const traces = graph._fullData;
        const last = traces.length - 1;
        if (traces[last].name !== 'selected') return;
        const rows = page.selection ? new Set(page.selection.rows[slot]) : null;
        if (!marks(graph, rows)) return;
        const at = {x: [], y: [], z: []};
        if (rows) traces.slice(0, last).forEach((trace) => {
            const which = values(trace, 'customdata');
            for (let k = 0; k < which.length; k++) {
                if (!rows.has(which[k])) continue;
                at.x.push(trace.x[k]); at.y.push(trace.y[k]); at.z.push(trace.z[k]);
            }
        });
        const others = [...Array(last).keys()];
        window.Plotly.restyle(graph, {x: [at.x], y: [at.y], z: [at.z]}, [last])
            .then(() => window.Plotly.restyle(graph, {opacity: rows ? 0.22 : 1}, others));
    }

    function highlightPlane(id, slot) {
        const graph = plot(id);
        if (!graph || !graph._fullData || !graph._fullData.length) return;
        listenPlane(graph, id);
        const rows = page.selection ? new Set(page.selection.rows[slot]) : null;
        if (!marks(graph, rows)) return;
        const chosen = graph._fullData.map((trace) => {
            if (!rows) return null;
            const found = [];
            const which = values(trace, 'customdata');
            for (let k = 0; k < which.length; k++) if (rows.has(which[k])) found.push(k);
            return found;
        });
        window.Plotly.restyle(graph, {selectedpoints: chosen});
        if (graph.layout.selections && graph.layout.selections.length && !(page.selection && page.brushed === id)) {
            window.Plotly.relayout(graph, {selections: []});
        }
    }

    function listenPlane(graph, id) {
        if (graph.topodashListens || !graph.on) return;
        graph.topodashListens = true;
        graph.on('plotly_selected', (event) => {
            if (!event || !event.points || !event.points.length) return;
            page.brushed = id;
            page.gesture({how: 'points', slot: 'a', rows: event.points.map((each) => each.customdata)});
        });
        graph.on('plotly_deselect', () => page.gesture({how: 'clear'}));
        graph.on('plotly_click', (event) => {
            if (event.points && event.points.length) page.gesture({how: 'points', slot: 'a', rows: [event.points[0].customdata], title: 'Point ' + event.points[0].customdata});
        });
    }

    page.highlightViews = () => {
        ['a', 'b'].forEach((slot) => highlightSpace(slot));
        highlightPlane('mapper-lens', 'a');
        highlightPlane('mapper-plane', 'a');
    };
})();
