/* The Mapper page in the browser: nodes are painted, and the selection is drawn into the graphs. What is pointed at
   becomes one store, the gesture; which points it means is worked out by the server. The other parts: gestures on a
   graph (mapper_graph.js) and a lasso over it (mapper_lasso.js), where its nodes stand (mapper_layout.js), the views
   beside it (mapper_views.js), tables, play, and exports. */
(function () {
    'use strict';
    const dash = (window.dash_clientside = window.dash_clientside || {});
    const app = (window.topodash = window.topodash || {});
    const page = (app.mapper = {requests: {}, selection: null, painted: {}, shown: {}, home: {}});
    const same = () => dash.no_update;

    const box = page.box = (slot) => document.getElementById('mapper-graph-' + slot);
    page.cy = (slot) => {
        const root = box(slot);
        const inner = root && [root, ...root.querySelectorAll('div')].find((each) => each._cyreg && each._cyreg.cy);
        return inner ? inner._cyreg.cy : null;
    };

    function gesture(what) {
        if (!document.getElementById('mapper-graph-a')) return;
        dash.set_props('mapper-gesture', {data: Object.assign({at: Date.now()}, what)});
        /* Not between the two clicks of a path: the drawer would move the node that is aimed at. */
        if (what.how !== 'clear' && !page.path && window.innerWidth > 1100) app.drawer('mapper-inspector', true);
    }
    page.gesture = gesture;

    /* The elements reach cytoscape a little after Dash has set them; wait until they are this answer's. */
    function whenDrawn(slot, painted, then, tries) {
        const cy = page.cy(slot);
        const nodes = cy ? cy.nodes() : [];
        const ready = cy && (nodes.length === 0 ? painted.n === 0 || painted.n > 2000 : nodes.some((node) => node.data('g') === painted.key)) && (nodes.length === painted.n || painted.n > 2000);
        if (ready) then(cy);
        else if ((tries || 0) < 600 && page.painted[slot] === painted) setTimeout(() => whenDrawn(slot, painted, then, (tries || 0) + 1), (tries || 0) < 80 ? 25 : 150);
    }

    /* The views beside a graph are asked for when it stands on screen: a browser draws one after the other. */
    page.drawn = (slot, key) => {
        requestAnimationFrame(() => setTimeout(() => {
            if (document.getElementById('mapper-graph-' + slot)) dash.set_props('mapper-drawn-' + slot, {data: key});
        }, 0));
    };

    function repaint(slot, painted) {
        if (!painted) { page.drawn(slot, null); return same(); }
        page.painted[slot] = painted;
        whenDrawn(slot, painted, (cy) => {
            page.listen(slot, cy);
            cy.resize();
            const fresh = page.shown[slot] !== painted.key;
            cy.batch(() => {
                cy.nodes().forEach((node) => {
                    const colour = painted.mode === 'value' ? painted.colours[node.data('k')] : null;
                    if (colour) node.data('paint', colour);
                    node.toggleClass('value', Boolean(colour));
                });
                cy.edges().forEach((edge) => edge.toggleClass('thin', edge.data('w') < painted.threshold));
            });
            if (fresh) {
                page.shown[slot] = painted.key;
                page.home[slot] = {};
                cy.nodes().forEach((node) => { page.home[slot][node.id()] = Object.assign({}, node.position()); });
                page.restore(cy, painted.key);
                cy.fit(undefined, 18);
                page.drawn(slot, painted.key);
            }
            highlightGraph(slot);
        });
        return same();
    }

    function highlightGraph(slot) {
        const cy = page.cy(slot);
        if (!cy) return;
        const chosen = page.selection ? page.selection.nodes[slot] : [];
        const found = new Map(chosen.map((each) => [each[0], each]));
        cy.batch(() => {
            cy.elements().removeClass('on dim told');
            if (!page.selection) return;
            cy.nodes().forEach((node) => {
                const each = found.get(node.data('k'));
                if (!each) { node.addClass('dim'); return; }
                node.addClass('on');
                if (each[1] < each[2] || chosen.length === 1) {
                    node.data('told', each[1] + ' of ' + each[2]);
                    if (chosen.length <= 60) node.addClass('told');
                }
            });
            cy.edges().forEach((edge) => {
                const both = found.has(edge.source().data('k')) && found.has(edge.target().data('k'));
                edge.addClass(both ? 'on' : 'dim');
            });
        });
    }

    function highlightAll() {
        if (!document.getElementById('mapper-graph-a')) return;
        ['a', 'b'].forEach(highlightGraph);
        page.highlightViews();
    }

    /* A drawer that opens, a second graph, or a tool bar of two lines changes the room that a graph has. */
    const room = new ResizeObserver(() => {
        clearTimeout(page.resized);
        page.resized = setTimeout(() => ['a', 'b'].forEach((slot) => {
            const cy = page.cy(slot);
            if (!cy || !box(slot).clientWidth) return;
            cy.resize();
            cy.fit(undefined, 18);
        }), 120);
    });
    page.watchRoom = (slot) => room.observe(box(slot));

    /* ---- what Dash calls ------------------------------------------------------------------------------------- */

    dash.mapper = {
        paint_a: (painted, elements, answer) => { page.requests.a = answer; repaint('a', painted); },
        paint_b: (painted, elements, answer) => { page.requests.b = answer; repaint('b', painted); },
        highlight: (selection) => {
            page.selection = selection || null;
            if (!selection) page.brushed = null;
            /* Figures of the same round are drawn first. */
            requestAnimationFrame(() => setTimeout(highlightAll, 60));
        },
        room: () => { setTimeout(() => window.dispatchEvent(new Event('resize')), 60); },
        address: (search) => {
            if (typeof search !== 'string' || window.location.pathname !== '/mapper') return;
            window.history.replaceState(window.history.state, '', window.location.pathname + search);
        },
    };
})();
