/* The Filters page in the browser: rings are put on screen, and what is selected lights up in both rings and every plot. What a
   selection means is worked out by the server. The rings' drawing (filters_ring.js), inspector, plots, time and files have
   scripts of their own. */
(function () {
    'use strict';
    const dash = (window.dash_clientside = window.dash_clientside || {});
    const app = (window.topodash = window.topodash || {});
    const page = (app.filters = {rings: {}, paint: null, selection: null, moments: null, request: null, search: '', player: null, speed: 1});
    page.slots = ['a', 'b'];
    page.plots = ['filters-plane', 'filters-klein', 'filters-angles'];
    page.here = () => document.getElementById('filters-graph-a');

    page.plot = (id) => {
        const root = document.getElementById(id);
        return root ? root.querySelector('.js-plotly-plot') : null;
    };

    /* The selection is the script's own: a property of Dash costs a look at every component of the page. */
    function choose(selection) {
        page.selection = selection;
        page.write();
        page.look();
        if (selection && window.innerWidth > 1100) app.drawer('filters-inspector', true);
        /* First what was asked for, then what lights up: the plots take longer to paint than the inspector. */
        requestAnimationFrame(() => setTimeout(() => { if (page.selection === selection) show(selection); }));
    }
    page.choose = choose;

    /* What was selected is not there any more; where one is does not change by that. */
    page.drop = () => {
        page.selection = null;
        page.look();
        show(null);
    };

    function show(selection) {
        page.selection = selection;
        const rows = selection ? selection.rows : null;
        page.light(rows);
        page.mark(rows);
    }

    page.tapped = (slot, k) => {
        if (k >= 0) choose({slot: slot, title: (slot === 'b' ? 'Left ring, node ' : 'Node ') + k, rows: page.rings[slot].rows[k], one: false});
        else if (page.selection) choose(null);
    };

    function paint() {
        page.slots.forEach((slot) => {
            const view = page.view(slot), painted = page.paint && page.paint[slot];
            /* Colours of another ring, which came before its nodes or stay after them, would be wrong ones. */
            if (!view || !view.graph || !painted || painted.colours.length !== view.graph.n) return;
            view.colours = painted.colours;
            view.stale();
        });
    }

    /* ---- told by the server ------------------------------------------------------------------------------------------ */

    dash.filters = Object.assign(dash.filters || {}, {
        rings(data) {
            page.rings = data || {};
            page.drawRings();
            paint();
            if (page.selection) show(page.selection);
            return dash.no_update;
        },
        paint(data) {
            page.paint = data;
            paint();
            return dash.no_update;
        },
        /* Also called when the page is opened. */
        select(data) {
            show(data);
            page.look();
            return dash.no_update;
        },
    });
})();
