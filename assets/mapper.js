/* The Mapper page in the browser: graphs are put on screen and painted, and the selection is drawn into them. What is pointed
   at becomes one store, the gesture; which points it means is worked out by the server. The other parts: what is asked for
   (mapper_ask.js), the drawing (mapper_canvas.js, mapper_shapes.js), what gestures on a graph select (mapper_graph.js) and a lasso over it
   (mapper_lasso.js), where its nodes stand (mapper_layout.js), the views beside it (mapper_views.js), tables, play, exports. */
(function () {
    'use strict';
    const dash = (window.dash_clientside = window.dash_clientside || {});
    const app = (window.topodash = window.topodash || {});
    const page = (app.mapper = {requests: {}, selection: null, painted: {}, shown: {}});
    const SLOTS = ['a', 'b'];

    function gesture(what) {
        if (!document.getElementById('mapper-graph-a')) return;
        dash.set_props('mapper-gesture', {data: Object.assign({at: Date.now()}, what)});
        /* Not between the two clicks of a path: the drawer would move the node that is aimed at. */
        if (what.how !== 'clear' && !page.path && window.innerWidth > 1100) app.drawer('mapper-inspector', true);
    }
    page.gesture = gesture;

    const alike = (one, two) => JSON.stringify(one) === JSON.stringify(two);

    /* A picture of the server's, or null for none. What stands beside a graph is asked for once the graph is on screen, and
       when it stays there for a moment: a browser draws one after the other. */
    page.draw = (slot, picture) => {
        const view = page.view(slot), shown = picture && {key: picture.key, request: picture.request};
        if (!view) return;
        page.painted[slot] = picture ? picture.painted : null;
        page.shown[slot] = null;
        view.marks = null;
        view.show(picture ? picture.graph : null, page.painted[slot]);
        if (picture) page.restore(view, picture.key);
        view.ondrawn = () => {
            view.ondrawn = null;
            page.shown[slot] = shown && shown.key;
            page.requests[slot] = shown;
            clearTimeout(view.standing);
            view.standing = setTimeout(() => {
                if (page.requests[slot] === shown && view.host.isConnected) dash.set_props('mapper-answer-' + slot, {data: shown});
            }, 60);
        };
    };

    function repaint(slot, painted) {
        const view = page.view(slot);
        if (!view || !painted || painted.key !== page.shown[slot] || alike(painted, page.painted[slot])) return;
        page.painted[slot] = view.painted = painted;
        view.stale();
    }

    function highlightGraph(slot) {
        const view = page.view(slot);
        if (!view || !view.graph) return;
        const chosen = page.selection ? page.selection.nodes[slot] : [];
        view.marks = page.selection && new Map(chosen.filter((each) => each[0] < view.graph.n)
            .map((each) => [each[0], each[1] < each[2] || chosen.length === 1 ? each[1] + ' of ' + each[2] : '']));
        view.stale();
    }

    function highlightAll() {
        if (!document.getElementById('mapper-graph-a')) return;
        SLOTS.forEach(highlightGraph);
        page.highlightViews();
    }

    /* ---- what Dash calls ------------------------------------------------------------------------------------- */

    dash.mapper = {
        paint_a: (painted) => repaint('a', painted),
        paint_b: (painted) => repaint('b', painted),
        look: () => { requestAnimationFrame(() => SLOTS.forEach((slot) => { const view = page.view(slot); if (view) view.stale(); })); },
        highlight: (selection) => {
            page.selection = selection || null;
            if (!selection) page.brushed = null;
            /* Figures of the same round are drawn first. */
            requestAnimationFrame(() => setTimeout(highlightAll, 60));
        },
        room: () => { setTimeout(() => window.dispatchEvent(new Event('resize')), 60); },
    };
})();
