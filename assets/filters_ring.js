/* A ring on a canvas (canvas_graph.js): its nodes are the mean filters of their members, with a rim of the node's colour. */
(function () {
    'use strict';
    const app = window.topodash, page = app.filters;
    const RIM = '#D55E00', DIM = 0.18;
    /* Below so many pixels a filter cannot be seen any more: the node is a square of its colour. */
    const LEAST_PICTURE = 4;

    class Ring extends app.GraphView {
        /* A ring as `figures/ring_graph.drawing` writes it, or null. */
        show(ring) {
            this.pictures = ring && sheetOf(ring);
            this.side = ring && ring.side;
            this.colours = ring && ring.colours;
            this.marks = null;
            this.put(ring && {
                n: ring.x.length, x: Float64Array.from(ring.x), y: Float64Array.from(ring.y), r: Float64Array.from(ring.d, (d) => d / 2),
                tips: ring.tips, edges: ring.edges,
            });
        }

        /* Thousands of edges: fainter than those of a Mapper graph, so that the filters stay in front. */
        look() {
            const edge = app.variable('--filters-edge');
            return {edge: edge, joined: edge, on: RIM, dim: DIM, panel: app.ground(), text: app.variable('--td-text')};
        }

        far(k, dx, dy) { return Math.max(Math.abs(dx), Math.abs(dy)) - 1.11 * this.radius(k); }

        node(context, k, style) {
            const at = this.screen(k), on = this.marks && this.marks.has(k), wide = 2 * this.radius(k), rim = wide / 9;
            const square = (side, colour) => { context.fillStyle = colour; context.fillRect(at.x - side / 2, at.y - side / 2, side, side); };
            context.globalAlpha = this.marks && !on ? style.dim : 1;
            if (on) square(wide + rim + Math.max(4, 10 * Math.min(1, this.scale)), style.on);
            square(wide + rim, this.colours[k]);
            const inner = wide - rim;
            if (inner < LEAST_PICTURE) return;
            context.imageSmoothingEnabled = false;
            context.drawImage(this.pictures, k * this.side, 0, this.side, this.side, at.x - inner / 2, at.y - inner / 2, inner, inner);
        }
    }

    /* The greys of all nodes, base64, beside each other on one small canvas. */
    function sheetOf(ring) {
        const side = ring.side, count = ring.x.length, greys = atob(ring.greys);
        const sheet = Object.assign(document.createElement('canvas'), {width: Math.max(1, count * side), height: Math.max(1, side)});
        if (!count) return sheet;
        const context = sheet.getContext('2d'), pixels = context.createImageData(count * side, side);
        for (let k = 0; k < count; k++) {
            for (let p = 0; p < side * side; p++) {
                const at = 4 * ((Math.floor(p / side) * count + k) * side + (p % side)), grey = greys.charCodeAt(k * side * side + p);
                pixels.data.fill(grey, at, at + 3);
                pixels.data[at + 3] = 255;
            }
        }
        context.putImageData(pixels, 0, 0);
        return sheet;
    }

    /* The drawing of a slot; made when the page's place for it is there. */
    page.view = (slot) => {
        const host = document.getElementById('filters-graph-' + slot);
        if (!host) return null;
        if (!host.topodashView) app.graphGestures(new Ring(host), {tapped: (k) => page.tapped(slot, k)});
        return host.topodashView;
    };

    /* Draws what is not drawn yet; a ring that stands is left as somebody has moved it. */
    page.drawRings = () => page.slots.forEach((slot) => {
        const view = page.view(slot), ring = page.rings[slot], said = JSON.stringify(ring ? ring.drawing : null);
        if (!view || view.said === said) return;
        view.said = said;
        view.show(ring ? ring.drawing : null);
        view.now();
    });

    /* The nodes that hold one of these filters stand out in both rings; null: all are alike. */
    page.light = (rows) => {
        const wanted = rows && rows.length ? new Set(rows) : null;
        page.slots.forEach((slot) => {
            const view = page.view(slot), held = page.rings[slot] && page.rings[slot].rows;
            if (!view || !view.graph) return;
            const found = wanted && held ? held.flatMap((each, k) => (each.some((row) => wanted.has(row)) ? [[k, '']] : [])) : null;
            if (!found && !view.marks) return;
            view.marks = found && new Map(found);
            view.stale();
        });
    };

    document.addEventListener('topodash:theme', () => { if (page.here()) page.slots.forEach((slot) => page.view(slot).stale()); });
})();
