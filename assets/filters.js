/* The Filters page in the browser: what is selected lights up in both rings and every plot, and nodes are painted.
   What a selection means is worked out by the server. Plots, time and files have scripts of their own. */
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

    function choose(selection) {
        dash.set_props('filters-selection', {data: selection});
        if (selection && window.innerWidth > 1100) app.drawer('filters-inspector', true);
    }
    page.choose = choose;

    /* ---- lighting up ------------------------------------------------------------------------------------------------- */

    function light(rows) {
        const wanted = rows && rows.length ? new Set(rows) : null;
        SLOTS.forEach((slot) => {
            const cy = page.cy(slot);
            const nodes = page.rings[slot];
            if (!cy || !nodes) return;
            cy.batch(() => {
                cy.elements().removeClass('on dim');
                if (!wanted) return;
                cy.elements().addClass('dim');
                cy.nodes().forEach((node) => {
                    const held = nodes[node.data('k')];
                    if (held && held.some((row) => wanted.has(row))) node.removeClass('dim').addClass('on');
                });
            });
        });
    }

    /* One plot after the other, each when the page has a moment: four redrawn at once hold up the answer to a click. */
    let turn = 0;
    async function mark(rows) {
        const wanted = rows && rows.length ? new Set(rows) : null, mine = ++turn;
        for (const id of page.plots) {
            await app.idle(300);
            if (mine !== turn) return;
            const graph = page.plot(id);
            if (!graph || !graph._fullData || !window.Plotly) continue;
            const indices = [], points = [];
            graph._fullData.forEach((trace, k) => {
                if (trace.mode !== 'markers' || !trace.customdata) return;
                indices.push(k);
                points.push(wanted ? [...trace.customdata].reduce((found, row, at) => (wanted.has(Number(row)) && found.push(at), found), []) : null);
            });
            if (indices.length) window.Plotly.restyle(graph, {selectedpoints: points}, indices);
        }
    }

    page.light = light;
    page.mark = mark;

    function show(selection) {
        page.selection = selection;
        const rows = selection ? selection.rows : null;
        light(rows);
        mark(rows);
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
        new ResizeObserver(() => {
            if (cy.destroyed() || (box.clientWidth === wide && box.clientHeight === high)) return;
            wide = box.clientWidth;
            high = box.clientHeight;
            cy.resize();
            if (!cy.scratch('moved')) cy.fit(undefined, 24);
        }).observe(box);
        cy.on('tap', 'node', (event) => {
            const k = event.target.data('k');
            choose({slot: slot, title: (slot === 'b' ? 'Left ring, node ' : 'Node ') + k, rows: page.rings[slot][k], one: false});
        });
        cy.on('tap', (event) => { if (event.target === cy && page.selection) choose(null); });
        cy.on('mouseover', 'node', (event) => event.target.addClass('told'));
        cy.on('mouseout', 'node', (event) => event.target.removeClass('told'));
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
            write();
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
