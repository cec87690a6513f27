/* Clicks, lassos and hovers in the plots of the Filters page become selections. */
(function () {
    'use strict';
    const page = window.topodash.filters;

    /* The density of the Klein chart carries the number of a region, every other point that of a filter. */
    const inRegion = (point) => point.data.type === 'heatmap';
    const rowsOf = (points) => [...new Set(points.filter((point) => point.customdata !== undefined && !inRegion(point)).map((point) => Number(point.customdata)))];

    function attach() {
        if (!page.here()) return;
        page.plots.forEach((id) => {
            const graph = page.plot(id);
            if (!graph || !graph.on || graph._filters) return;
            graph._filters = true;
            graph.on('plotly_click', (event) => {
                const rows = rowsOf(event.points).slice(0, 1);
                if (rows.length) return page.choose({slot: 'a', title: 'Filter ' + rows[0], rows: rows, one: true});
                const region = event.points.find(inRegion), meta = graph.layout.meta;
                if (region && meta && meta.rows[region.customdata].length) page.choose({slot: 'a', title: meta.names[region.customdata], rows: meta.rows[region.customdata], one: false});
                return undefined;
            });
            graph.on('plotly_selected', (event) => {
                if (!event || !event.points) return;
                const rows = rowsOf(event.points);
                if (rows.length) page.choose({slot: 'a', title: rows.length + ' filters of a region', rows: rows, one: rows.length === 1});
            });
            graph.on('plotly_deselect', () => page.choose(null));
        });
        const wheel = page.plot('filters-wheel');
        if (wheel && wheel.on && !wheel._filters) {
            wheel._filters = true;
            const sector = (event) => {
                const point = event.points && event.points[0];
                const meta = wheel.layout && wheel.layout.meta;
                return point && meta && point.customdata !== undefined ? Number(point.customdata) : null;
            };
            wheel.on('plotly_hover', (event) => {
                const k = sector(event);
                if (k !== null) page.light(wheel.layout.meta.rows[k]);
            });
            wheel.on('plotly_unhover', () => page.light(page.selection ? page.selection.rows : null));
            wheel.on('plotly_click', (event) => {
                const k = sector(event);
                if (k !== null) page.choose({slot: 'a', title: 'Around the circle, ' + wheel.layout.meta.names[k], rows: wheel.layout.meta.rows[k], one: false});
            });
        }
        /* A figure that was drawn anew has lost its marks. */
        if (page.selection && page.plots.some((id) => { const graph = page.plot(id); return graph && graph._fullData && graph._filtersData !== graph.data; })) {
            page.plots.forEach((id) => { const graph = page.plot(id); if (graph) graph._filtersData = graph.data; });
            page.mark(page.selection.rows);
        }
    }
    setInterval(attach, 600);
})();
