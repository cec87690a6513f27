/* The Filters page in the browser: what is selected lights up in both rings and every plot, and nodes are painted.
   What a selection means is worked out by the server. Inspector, plots, time and files have scripts of their own. */
(function () {
    'use strict';
    const dash = (window.dash_clientside = window.dash_clientside || {});
    const app = (window.topodash = window.topodash || {});
    const page = (app.filters = {rings: {}, paint: null, selection: null, moments: null, request: null, search: '', player: null, speed: 1});
    const SLOTS = ['a', 'b'];
    page.slots = SLOTS;
    page.plots = ['filters-plane', 'filters-klein', 'filters-angles'];
    page.here = () => document.getElementById('filters-graph-a');

    page.cy = (slot) => {
        const root = document.getElementById('filters-graph-' + slot);
        const inner = root && [root, ...root.querySelectorAll('div')].find((each) => each._cyreg && each._cyreg.cy);
        return inner ? inner._cyreg.cy : null;
    };
    page.plot = (id) => {
        const root = document.getElementById(id);
        return root ? root.querySelector('.js-plotly-plot') : null;
    };

    /* The selection is the script's own: a property of Dash costs a look at every component of the page. */
    function choose(selection) {
        page.selection = selection;
        write();
        page.look();
        if (selection && window.innerWidth > 1100) app.drawer('filters-inspector', true);
        /* First what was asked for, then what lights up: the rings take longer to paint than the inspector. */
        requestAnimationFrame(() => setTimeout(() => { if (page.selection === selection) show(selection); }));
    }
    page.choose = choose;

    function show(selection) {
        page.selection = selection;
        const rows = selection ? selection.rows : null;
        page.light(rows);
        page.mark(rows);
    }

    /* ---- the rings --------------------------------------------------------------------------------------------------- */

    function listen(slot) {
        const cy = page.cy(slot);
        if (!cy || cy.scratch('filters')) return cy;
        cy.scratch('filters', true);
        /* Dash's own listeners send every element back after each change, pictures and all; nothing here reads them. */
        cy.removeAllListeners();
        /* When a drawer opens or the panel is enlarged, the whole ring stays in view, unless somebody has moved it. */
        const box = document.getElementById('filters-graph-' + slot);
        let wide = box.clientWidth, high = box.clientHeight;
        cy.on('dragpan scrollzoom pinchzoom', () => cy.scratch('moved', true));
        cy.on('viewport resize position', () => { if (page.lit[slot]) page.repaint(slot); });
        new ResizeObserver(() => {
            if (cy.destroyed() || (box.clientWidth === wide && box.clientHeight === high)) return;
            wide = box.clientWidth;
            high = box.clientHeight;
            cy.resize();
            if (!cy.scratch('moved')) cy.fit(undefined, 24);
        }).observe(box);
        /* A ring that is lit has the name painted above it; told to the drawing, it would be as faint. */
        const tell = (node) => {
            if (page.told[slot] && !page.told[slot].removed()) page.told[slot].removeClass('told');
            page.told[slot] = node;
            if (page.lit[slot]) page.repaint(slot);
            else if (node) node.addClass('told');
        };
        cy.on('tap', 'node', (event) => {
            const k = event.target.data('k');
            choose({slot: slot, title: (slot === 'b' ? 'Left ring, node ' : 'Node ') + k, rows: page.rings[slot][k], one: false});
        });
        cy.on('tap', (event) => { if (event.target === cy && page.selection) choose(null); });
        cy.on('mouseover', 'node', (event) => tell(event.target));
        cy.on('mouseout', 'node', () => tell(null));
        return cy;
    }

    page.listen = listen;

    /* As soon as the drawings are there, before anything is in them. */
    function listenEarly(tries) {
        if (!SLOTS.map(listen).every(Boolean) && tries > 0) setTimeout(() => listenEarly(tries - 1), 40);
    }

    function paintNow() {
        if (!page.paint) return;
        SLOTS.forEach((slot) => {
            const cy = page.cy(slot), painted = page.paint[slot];
            /* Colours of another ring, which came before its nodes or stay after them, would be wrong ones. */
            if (!cy || !painted || painted.colours.length !== cy.nodes().length) return;
            cy.batch(() => cy.nodes().forEach((node) => { node.data('c', painted.colours[node.data('k')] || '#888888'); }));
            if (page.lit[slot]) page.repaint(slot);
        });
    }

    /* Dash's cytoscape puts new elements in after this script has heard of them. */
    function settle(tries) {
        let waits = false;
        SLOTS.forEach((slot) => {
            const cy = listen(slot), wanted = (page.rings[slot] || []).length;
            if (!cy || cy.nodes().length !== wanted) waits = true;
            else if (wanted && cy.scratch('drawn') !== page.rings) {
                cy.scratch('drawn', page.rings);
                cy.scratch('moved', false);
                cy.resize();
                cy.fit(undefined, 24);
            }
        });
        paintNow();
        if (waits && tries > 0) setTimeout(() => settle(tries - 1), 120);
        else if (page.selection) show(page.selection);
    }

    /* ---- told by the server ------------------------------------------------------------------------------------------ */

    dash.filters = Object.assign(dash.filters || {}, {
        rings(data) {
            page.rings = data || {};
            settle(250);
            return dash.no_update;
        },
        paint(data) {
            page.paint = data;
            paintNow();
            return dash.no_update;
        },
        /* Also called when the page is opened. */
        select(data) {
            listenEarly(250);
            show(data);
            page.look();
            return dash.no_update;
        },
        address(search) {
            page.search = search || '';
            write();
            return dash.no_update;
        },
    });

    function write() {
        if (!page.here() || !page.search) return;
        const one = page.selection && page.selection.one ? '&filter=' + page.selection.rows[0] : '';
        history.replaceState(history.state, '', location.pathname + page.search + one + location.hash);
    }
})();
