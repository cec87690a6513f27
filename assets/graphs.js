/* Plotly graphs that Dash made: what a page's script, or a person's hand, does to them is not Dash's to draw again. */
(function () {
    'use strict';
    const app = (window.topodash = window.topodash || {});

    /* After every relayout (a zoom, a turned camera, a shape that a script adds) Dash takes the layout over as the property
       `figure`, which draws the whole graph once more; every restyle is a change of a property. No callback reads either, so
       the listeners go. Call it before listeners of one's own are there. */
    app.freeOfDash = function (graph) {
        if (!graph || graph._topodashFree || !graph.removeAllListeners) return;
        graph._topodashFree = true;
        for (const name of ['plotly_relayout', 'plotly_restyle']) graph.removeAllListeners(name);
    };

    for (const name of ['pointerdown', 'wheel']) {
        document.addEventListener(name, (event) => {
            app.freeOfDash(event.target.closest && event.target.closest('.js-plotly-plot'));
        }, {capture: true, passive: true});
    }

    /* A finger that moves over a flat plot scrolls the page, until a drag (zoom, lasso) is chosen in the plot's own bar. Plotly
       asks for the drag mode when the touch starts, which comes after the pointer. */
    const dragged = (graph) => {
        if (graph._topodashMode || !graph._fullLayout._has('cartesian')) return false;
        const mode = graph._fullLayout.dragmode;
        return mode === 'zoom' || (mode === 'lasso' && graph._context.displayModeBar !== false);
    };
    document.addEventListener('click', (event) => {
        const button = event.target.closest && event.target.closest('.modebar-btn[data-attr="dragmode"]');
        if (button) button.closest('.js-plotly-plot')._topodashMode = true;
    }, {capture: true, passive: true});

    document.addEventListener('pointerover', (event) => {
        if (event.pointerType !== 'touch' || !event.target.closest) return;
        const graph = event.target.closest('.js-plotly-plot');
        if (!graph || !graph._fullLayout || event.target.closest('.modebar') || !dragged(graph)) return;
        app.freeOfDash(graph);
        window.Plotly.relayout(graph, {dragmode: false});
    }, {capture: true, passive: true});

    /* The page was scrolled: what ends there is no click, which is what Plotly takes it for. */
    document.addEventListener('pointercancel', (event) => {
        const graph = event.target.closest && event.target.closest('.js-plotly-plot');
        if (graph) graph._dragged = true;
    }, {capture: true, passive: true});

    /* Where nothing can hover, a plot's bar comes with a tap on the plot and goes with the next, or with one beside it; the
       style sheet (page.css) shows it. */
    let touched = null;
    document.addEventListener('pointerdown', (event) => {
        touched = event.pointerType === 'touch' ? event : null;
        const here = event.target.closest && event.target.closest('.td-graph');
        document.querySelectorAll('.td-graph[data-bar]').forEach((box) => { if (box !== here) delete box.dataset.bar; });
    }, {capture: true, passive: true});
    document.addEventListener('pointerup', (event) => {
        const box = touched && event.target.closest && event.target.closest('.td-graph');
        if (!box || event.target.closest('.modebar')) return;
        if (Math.hypot(event.clientX - touched.clientX, event.clientY - touched.clientY) > 10) return;
        // The click of this tap comes first: it must not hit a button that was not there.
        setTimeout(() => { if (box.dataset.bar) delete box.dataset.bar; else box.dataset.bar = '1'; }, 150);
    }, {capture: true, passive: true});

    /* When the page has a moment, or this many milliseconds later. */
    app.idle = (timeout) => new Promise((go) => (window.requestIdleCallback || window.setTimeout)(go, {timeout: timeout}));

    /* Whether somebody can see it; what is not on the page counts as seen. */
    app.inWindow = (place) => {
        const box = place && place.getBoundingClientRect();
        return !box || (box.top <= window.innerHeight && box.bottom >= 0);
    };

    window.dash_clientside = window.dash_clientside || {};
    const turns = {};
    window.dash_clientside.topodash = {
        /* A figure in its turn (components/waiting.py): at once in the window, after what stands there else; of several that
           wait only the newest is drawn. */
        turn: async function (figure) {
            const dash = window.dash_clientside;
            if (!figure) return dash.no_update;
            const id = dash.callback_context.outputs_list.id, turn = (turns[id] = (turns[id] || 0) + 1);
            if (!app.inWindow(document.getElementById(id))) await app.idle(500);
            return turn === turns[id] ? figure : dash.no_update;
        },
        /* A figure that costs much to draw, a 3-D scene above all, waits until the page has a moment for it. */
        later: async function (figure) {
            if (!figure) return window.dash_clientside.no_update;
            await app.idle(1500);
            return figure;
        },
        /* A tick of an interval (components/polling.py): it rests until the answer says that it goes on. */
        asked: () => true,
    };
})();
