/* What gestures on a Mapper graph (canvas_gestures.js) select: a node, a box, the path between two nodes. */
(function () {
    'use strict';
    const app = window.topodash, page = app.mapper;
    page.path = null;

    function setPath(slot) {
        page.path = slot === null ? null : {slot: slot, from: null};
        if (slot !== null) page.stopLasso();
        document.querySelectorAll('[data-mapper-path]').forEach((button) => {
            button.setAttribute('aria-pressed', String(slot !== null && button.dataset.mapperPath === slot));
        });
        if (slot !== null) app.say('Click the first node of the path, then the last.');
    }

    function tapped(slot, k, keys) {
        if (k < 0) { page.gesture({how: 'clear'}); return; }
        if (page.path && page.path.slot === slot) {
            if (page.path.from === null) {
                page.path.from = k;
                page.gesture({how: 'node', slot: slot, ks: [k]});
                return;
            }
            const from = page.path.from;
            setPath(null);
            page.gesture({how: 'path', slot: slot, ks: [from, k]});
            return;
        }
        page.gesture({how: 'node', slot: slot, ks: [k], add: Boolean(keys.shiftKey || keys.ctrlKey || keys.metaKey)});
    }

    function boxed(slot, view, from, to, keys) {
        const ks = view.where((at) => at.x >= Math.min(from.x, to.x) && at.x <= Math.max(from.x, to.x) && at.y >= Math.min(from.y, to.y) && at.y <= Math.max(from.y, to.y));
        if (ks.length) page.gesture({how: 'nodes', slot: slot, ks: ks, add: Boolean(keys.ctrlKey || keys.metaKey)});
    }

    page.listen = (slot, view) => app.graphGestures(view, {
        tapped: (k, event) => tapped(slot, k, event),
        boxed: (from, to, event) => boxed(slot, view, from, to, event),
    });

    page.stopPath = () => { if (page.path) setPath(null); };

    document.addEventListener('click', (event) => {
        const find = (name) => event.target.closest('[data-mapper-' + name + ']');
        const chosen = find('select');
        if (chosen) { page.gesture(JSON.parse(chosen.dataset.mapperSelect)); return; }
        const path = find('path');
        if (path) { setPath(page.path && page.path.slot === path.dataset.mapperPath ? null : path.dataset.mapperPath); return; }
        const fit = find('fit'), view = fit && page.view(fit.dataset.mapperFit);
        if (view && view.graph) view.fit();
    });
})();
