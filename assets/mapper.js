/* The Mapper page in the browser: nodes are painted, and the selection is drawn into the graphs. What is pointed at
   becomes one store, the gesture; which points it means is worked out by the server. The other parts: gestures on a
   graph (mapper_graph.js) and a lasso over it (mapper_lasso.js), where its nodes stand (mapper_layout.js), the views
   beside it (mapper_views.js), tables, play, and exports. */
(function () {
    'use strict';
    const dash = (window.dash_clientside = window.dash_clientside || {});
    const app = (window.topodash = window.topodash || {});
    const page = (app.mapper = {requests: {}, selection: null, painted: {}, shown: {}, home: {}});

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

    /* Dash mounts the drawing a little after the page. */
    function whenThere(slot, then, tries) {
        const cy = page.cy(slot);
        if (cy) then(cy);
        else if ((tries || 0) < 600) setTimeout(() => whenThere(slot, then, (tries || 0) + 1), 25);
    }

    /* What stands beside a graph is asked for when the graph is on screen: a browser draws one after the other. */
    function standing(slot, shown) {
        page.requests[slot] = shown;
        requestAnimationFrame(() => setTimeout(() => {
            if (page.requests[slot] === shown && box(slot)) dash.set_props('mapper-answer-' + slot, {data: shown});
        }, 0));
    }

    const alike = (one, two) => JSON.stringify(one) === JSON.stringify(two);
    const colourOf = (painted, k) => (painted.mode === 'value' ? painted.colours[k] : null);

    /* The elements go straight to cytoscape: through Dash and React every one of them is looked at several times. */
    function draw(slot, text, request) {
        if (!text) {
            page.painted[slot] = page.shown[slot] = null;
            const cy = page.cy(slot);
            if (cy) cy.elements().remove();
            standing(slot, null);
            return;
        }
        const picture = JSON.parse(text), painted = picture.painted;
        if (!request || !alike(request[slot], picture.request)) return;
        page.painted[slot] = painted;
        whenThere(slot, (cy) => {
            if (page.painted[slot] !== painted) return;
            page.listen(slot, cy);
            page.home[slot] = {};
            picture.elements.forEach((element) => {
                const data = element.data;
                if (!element.position) {
                    if (data.w < painted.threshold) element.classes = 'thin';
                    return;
                }
                page.home[slot][data.id] = Object.assign({}, element.position);
                data.paint = colourOf(painted, data.k);
                if (data.paint) element.classes += ' value';
            });
            cy.batch(() => {
                cy.elements().remove();
                cy.add(picture.elements);
            });
            page.restore(cy, painted.key);
            cy.resize();
            cy.fit(undefined, 18);
            page.shown[slot] = painted.key;
            standing(slot, {key: picture.key, request: picture.request});
        });
    }

    function repaint(slot, painted) {
        const cy = page.cy(slot);
        if (!cy || !painted || painted.key !== page.shown[slot] || alike(painted, page.painted[slot])) return;
        page.painted[slot] = painted;
        cy.batch(() => {
            cy.nodes().forEach((node) => {
                const colour = colourOf(painted, node.data('k'));
                if (colour) node.data('paint', colour);
                node.toggleClass('value', Boolean(colour));
            });
            cy.edges().forEach((edge) => edge.toggleClass('thin', edge.data('w') < painted.threshold));
        });
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
        draw_a: (text, request) => draw('a', text, request),
        draw_b: (text, request) => draw('b', text, request),
        paint_a: (painted) => repaint('a', painted),
        paint_b: (painted) => repaint('b', painted),
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
