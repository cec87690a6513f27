/* Gestures on a graph of canvas_graph.js: move, zoom, drag a node, click, box; what a node is said to be under the pointer. One
   finger scrolls the page unless it begins on a node; two fingers move and zoom. Arrow keys, plus, minus and 0 do it too. */
(function () {
    'use strict';
    const app = (window.topodash = window.topodash || {});
    const SLIP = 4;  /* pixels that a click may move */

    function tip(view, k) {
        let place = view.host.querySelector('.td-graph-tip');
        if (k < 0) {
            if (place) place.hidden = true;
            return;
        }
        if (!place) {
            place = view.host.appendChild(document.createElement('div'));
            place.className = 'td-graph-tip';
        }
        const at = view.screen(k);
        place.textContent = view.graph.tips[k];
        place.hidden = false;
        place.style.left = Math.max(4, Math.min(at.x + 14, view.width - place.offsetWidth - 4)) + 'px';
        place.style.top = Math.max(4, at.y - place.offsetHeight - 10) + 'px';
    }

    /* A box over the drawing, from one corner to the pointer. */
    function box(view, from, to) {
        let place = view.host.querySelector('.td-graph-box');
        if (!to) { if (place) place.remove(); return; }
        if (!place) {
            place = view.host.appendChild(document.createElement('div'));
            place.className = 'td-graph-box';
        }
        Object.assign(place.style, {left: Math.min(from.x, to.x) + 'px', top: Math.min(from.y, to.y) + 'px', width: Math.abs(to.x - from.x) + 'px', height: Math.abs(to.y - from.y) + 'px'});
    }

    /* `does`: what the page makes of them: tapped(k, event), k -1 beside all nodes, and boxed(from, to, event) where a box is of use. */
    app.graphGestures = (view, does) => {
        const host = view.host, down = new Map();
        let held = null;  /* {what: 'node' | 'view' | 'box', k, from, last, moved} */
        const place = (event) => {
            const frame = host.getBoundingClientRect();
            return {x: event.clientX - frame.left, y: event.clientY - frame.top};
        };
        const over = (at, event) => view.hit(at.x, at.y, event.pointerType === 'touch' ? 12 : 3);

        host.addEventListener('touchstart', (event) => {
            const touch = event.touches[0], at = place(touch);
            if (event.touches.length > 1 || view.hit(at.x, at.y, 12) >= 0) event.preventDefault();
        }, {passive: false});

        host.addEventListener('pointerdown', (event) => {
            if (event.button || !view.graph) return;
            const at = place(event);
            down.set(event.pointerId, at);
            host.setPointerCapture(event.pointerId);
            if (down.size > 1) { release(); held = null; return; }
            const k = over(at, event);
            held = {what: k >= 0 ? 'node' : event.shiftKey && does.boxed ? 'box' : 'view', k: k, from: at, last: at, moved: false};
            tip(view, -1);
        });

        host.addEventListener('pointermove', (event) => {
            const at = place(event);
            if (down.size === 2 && down.has(event.pointerId)) { pinch(event.pointerId, at); return; }
            if (!held) {
                if (!down.size) {
                    const k = over(at, event);
                    if (k !== view.under) { view.under = k; tip(view, k); host.classList.toggle('td-graph-over', k >= 0); }
                }
                return;
            }
            if (!held.moved && Math.hypot(at.x - held.from.x, at.y - held.from.y) < SLIP) return;
            if (!held.moved) {
                held.moved = true;
                host.classList.add('td-graph-held');
                if (held.what === 'node') view.hold([held.k]);
            }
            if (held.what === 'view') view.pan(at.x - held.last.x, at.y - held.last.y);
            if (held.what === 'node') view.drag(held.k, at.x, at.y);
            if (held.what === 'box') box(view, held.from, at);
            held.last = at;
        });

        function pinch(id, at) {
            const [one, two] = [...down.values()], span = Math.hypot(one.x - two.x, one.y - two.y), middle = {x: (one.x + two.x) / 2, y: (one.y + two.y) / 2};
            down.set(id, at);
            const [a, b] = [...down.values()], now = {x: (a.x + b.x) / 2, y: (a.y + b.y) / 2};
            view.pan(now.x - middle.x, now.y - middle.y);
            if (span > 8) view.zoom(Math.hypot(a.x - b.x, a.y - b.y) / span, now.x, now.y);
        }

        function release() {
            host.classList.remove('td-graph-held');
            if (view.moved) view.hold(null);
            box(view, null, null);
        }

        host.addEventListener('pointerup', (event) => {
            down.delete(event.pointerId);
            if (!held) return;
            const done = held, at = place(event);
            held = null;
            release();
            if (!done.moved) does.tapped(done.k, event);
            else if (done.what === 'box') does.boxed(done.from, at, event);
        });
        host.addEventListener('pointercancel', (event) => { down.delete(event.pointerId); held = null; release(); });
        host.addEventListener('pointerleave', () => { view.under = -1; tip(view, -1); });
        host.addEventListener('wheel', (event) => {
            event.preventDefault();
            const at = place(event), lines = event.deltaMode === 1 ? 33 : 1;
            tip(view, -1);
            view.zoom(Math.exp(Math.max(-0.5, Math.min(0.5, -event.deltaY * lines * 0.0016))), at.x, at.y);
        }, {passive: false});
        host.addEventListener('keydown', (event) => {
            const step = 40, x = view.width / 2, y = view.height / 2;
            const key = {ArrowLeft: () => view.pan(step, 0), ArrowRight: () => view.pan(-step, 0), ArrowUp: () => view.pan(0, step), ArrowDown: () => view.pan(0, -step),
                '+': () => view.zoom(1.25, x, y), '=': () => view.zoom(1.25, x, y), '-': () => view.zoom(0.8, x, y), 0: () => view.fit()}[event.key];
            if (!key || event.ctrlKey || event.metaKey || event.altKey) return;
            event.preventDefault();
            key();
        });
    };

})();
