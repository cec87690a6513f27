/* What is selected stands out in the plots. Plotly would draw a plot anew for it, two thousand points each; here the points
   that are there become faint or clear, and plotly's own lists say the same, so that a zoom or an export shows it too. */
(function () {
    'use strict';
    const app = window.topodash;
    const page = app.filters;
    const FAINT = 0.2;
    let turn = 0;

    function listed(graph, wanted) {
        graph._fullData.forEach((trace, k) => {
            if (trace.mode !== 'markers' || !trace.customdata) return;
            const found = wanted ? [] : undefined;
            if (wanted) [...trace.customdata].forEach((row, at) => { if (wanted.has(Number(row))) found.push(at); });
            trace.selectedpoints = found;
            if (graph.data[k]) graph.data[k].selectedpoints = wanted ? found : null;
            const on = wanted && new Set(found), drawn = graph.calcdata && graph.calcdata[k];
            if (drawn) drawn.forEach((point) => { if (wanted) point.selected = on.has(point.i) ? 1 : 0; else delete point.selected; });
        });
    }

    function seen(graph, wanted) {
        graph.querySelectorAll('.scatterlayer path.point').forEach((element) => {
            const point = element.__data__, trace = element.parentNode.__data__ && element.parentNode.__data__[0] && element.parentNode.__data__[0].trace;
            if (!point || !trace || !trace.customdata) return;
            /* The opacity that plotly gave it, before anything was selected. */
            if (element._clear === undefined || element._of !== point) {
                element._of = point;
                element._clear = element.style.opacity;
            }
            const opacity = wanted && !wanted.has(Number(trace.customdata[point.i])) ? FAINT * (element._clear === '' ? 1 : Number(element._clear)) : element._clear;
            if (element.style.opacity !== String(opacity)) element.style.opacity = opacity;
        });
    }

    page.mark = async function (rows) {
        const wanted = rows && rows.length ? new Set(rows) : null, mine = ++turn;
        /* What was asked for is seen first: thousands of points that change take the browser a third of a second to paint. */
        await Promise.race([page.answered, new Promise((go) => setTimeout(go, 700))]);
        await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
        for (const id of page.plots) {
            await app.idle(200);
            if (mine !== turn) return;
            const graph = page.plot(id);
            if (!graph || !graph._fullData) continue;
            listed(graph, wanted);
            seen(graph, wanted);
        }
    };
})();
