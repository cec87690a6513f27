/* A graph on a canvas: where its nodes stand, what part of the plane is seen, and the painting. What a node looks like says the
   page (mapper_canvas.js, filters_ring.js). Thousands of nodes are painted once into a sheet; while the view moves or a node is
   dragged, the sheet is put down again instead. */
(function () {
    'use strict';
    const app = (window.topodash = window.topodash || {});
    const PAD = 18, LEAST = 0.02, MOST = 8;
    /* A node is never smaller than this, in pixels of the screen: seen from afar it can still be seen, and hit. */
    const DOT = 2.2;
    /* More elements than this are not painted anew for every move of the view. */
    const LIGHT = 1200;

    const variable = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const ground = () => variable('--td-panel') || '#ffffff';

    /* A drawer that opens, a second graph, or a tool bar of two lines changes the room that a graph has: the whole graph stays
       in view, unless somebody has moved it. */
    const room = new ResizeObserver((entries) => entries.forEach(({target}) => {
        const view = target.topodashView;
        if (view && target.clientWidth && view.measure() && !view.touched) view.fit();
    }));

    class GraphView {
        constructor(host) {
            this.host = host;
            this.canvas = host.appendChild(document.createElement('canvas'));
            this.sheet = document.createElement('canvas');
            Object.assign(this, {graph: null, marks: null, scale: 1, left: 0, top: 0, moved: null, touched: false, frame: 0, drawn: 0, width: 0, height: 0});
            host.topodashView = this;
            room.observe(host);
        }

        /* A graph to draw: `n` nodes with `x`, `y` (downwards), `r`, `tips`; `edges`, [node, node, weight, ...] flat; or null. */
        put(graph) {
            this.moved = null;
            this.graph = graph;
            this.at = null;
            this.measure();
            this.fit();
        }

        /* The room that the drawing has. */
        measure() {
            const ratio = window.devicePixelRatio || 1, w = this.host.clientWidth, h = this.host.clientHeight;
            if (w === this.width && h === this.height && ratio === this.ratio) return false;
            Object.assign(this, {width: w, height: h, ratio: ratio});
            for (const each of [this.canvas, this.sheet]) Object.assign(each, {width: Math.max(1, Math.round(w * ratio)), height: Math.max(1, Math.round(h * ratio))});
            this.stale();
            return true;
        }

        bounds() {
            const g = this.graph, b = [Infinity, Infinity, -Infinity, -Infinity];
            for (let k = 0; g && k < g.n; k++) {
                b[0] = Math.min(b[0], g.x[k] - g.r[k]); b[1] = Math.min(b[1], g.y[k] - g.r[k]);
                b[2] = Math.max(b[2], g.x[k] + g.r[k]); b[3] = Math.max(b[3], g.y[k] + g.r[k]);
            }
            return g && g.n ? b : [0, 0, 1, 1];
        }

        fit() {
            const b = this.bounds(), room = (size) => Math.max(10, size - 2 * PAD);
            this.touched = false;
            this.scale = Math.min(MOST / 2, Math.max(LEAST, Math.min(room(this.width) / (b[2] - b[0]), room(this.height) / (b[3] - b[1]))));
            this.left = this.width / 2 - this.scale * (b[0] + b[2]) / 2;
            this.top = this.height / 2 - this.scale * (b[1] + b[3]) / 2;
            this.stale();
        }

        pan(dx, dy) { this.left += dx; this.top += dy; this.looked(); }

        zoom(factor, x, y) {
            const scale = Math.min(MOST, Math.max(LEAST, this.scale * factor)), by = scale / this.scale;
            this.left = x - by * (x - this.left);
            this.top = y - by * (y - this.top);
            this.scale = scale;
            this.looked();
        }

        /* Where a node stands on the screen, from the corner of the drawing. */
        screen(k) { return {x: this.left + this.scale * this.graph.x[k], y: this.top + this.scale * this.graph.y[k]}; }
        radius(k) { return Math.max(DOT, this.scale * this.graph.r[k]); }
        /* How far a place that lies (dx, dy) from the middle of a node is from its rim. */
        far(k, dx, dy) { return Math.hypot(dx, dy) - this.radius(k); }

        /* The node under a place of the screen, the nearest one, or -1. */
        hit(x, y, slack) {
            let found = -1, best = Infinity;
            for (let k = 0; this.graph && k < this.graph.n; k++) {
                const far = this.far(k, this.left + this.scale * this.graph.x[k] - x, this.top + this.scale * this.graph.y[k] - y);
                if (far < slack && far < best) { best = far; found = k; }
            }
            return found;
        }

        /* Nodes whose middle fulfils a condition on its place on the screen. */
        where(condition) {
            return [...Array(this.graph ? this.graph.n : 0).keys()].filter((k) => condition(this.screen(k)));
        }

        /* Nodes that are dragged are painted over the sheet, with their edges. */
        hold(nodes) {
            this.moved = nodes && new Set(nodes);
            this.stale();
        }

        drag(k, x, y) {
            this.graph.x[k] = (x - this.left) / this.scale;
            this.graph.y[k] = (y - this.top) / this.scale;
            this.paint();
        }

        /* Something other than the view has changed. */
        stale() { this.at = null; this.paint(); }

        /* The view has moved: a heavy graph follows as a picture, and is painted anew when it rests. */
        looked() {
            const g = this.graph;
            this.touched = true;
            if (g && g.n + g.edges.length / 3 > LIGHT && this.at) {
                clearTimeout(this.resting);
                this.resting = setTimeout(() => this.stale(), 140);
            } else {
                this.at = null;
            }
            this.paint();
        }

        paint() {
            if (!this.frame) this.frame = requestAnimationFrame(() => { this.frame = 0; this.now(); });
        }

        now() {
            const context = this.canvas.getContext('2d');
            if (!this.at) {
                const sheet = this.sheet.getContext('2d');
                sheet.setTransform(1, 0, 0, 1, 0, 0);
                sheet.clearRect(0, 0, this.sheet.width, this.sheet.height);
                sheet.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
                this.draw(sheet, (k) => !this.moved || !this.moved.has(k));
                this.at = {scale: this.scale, left: this.left, top: this.top};
            }
            const by = this.scale / this.at.scale;
            context.setTransform(1, 0, 0, 1, 0, 0);
            context.clearRect(0, 0, this.canvas.width, this.canvas.height);
            context.setTransform(by, 0, 0, by, this.ratio * (this.left - by * this.at.left), this.ratio * (this.top - by * this.at.top));
            context.drawImage(this.sheet, 0, 0);
            context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
            if (this.moved) this.draw(context, (k) => this.moved.has(k), true);
            this.drawn += 1;
            if (this.ondrawn) this.ondrawn();
        }

        /* Paint the nodes that are wanted, the marked ones last; of the edges those between wanted nodes, or with `touching`
           those at one. `look()` (colours: edge, joined between marked nodes, dim, panel, text) and `node(context, k, style)` are the page's. */
        draw(context, wanted, touching) {
            const g = this.graph, on = this.marks;
            if (!g) return;
            const style = this.look();
            this.lines(context, style, (a, b) => (touching ? wanted(a) || wanted(b) : wanted(a) && wanted(b)));
            const order = [...Array(g.n).keys()].filter(wanted);
            if (on) order.sort((a, b) => on.has(a) - on.has(b));
            const seen = order.filter((k) => {
                const at = this.screen(k), far = this.radius(k) + 12;
                return at.x > -far && at.y > -far && at.x < this.width + far && at.y < this.height + far;
            });
            for (const k of seen) this.node(context, k, style);
            context.globalAlpha = 1;
            if (on && on.size <= 60) for (const k of seen) if (on.has(k) && on.get(k)) this.label(context, k, on.get(k), style);
        }

        lines(context, style, wanted) {
            const g = this.graph, on = this.marks, least = this.least || 0;
            const paths = {plain: new Path2D(), on: new Path2D()};
            for (let e = 0; e < g.edges.length; e += 3) {
                const a = g.edges[e], b = g.edges[e + 1];
                if (g.edges[e + 2] < least || !wanted(a, b)) continue;
                const path = on && on.has(a) && on.has(b) ? paths.on : paths.plain;
                path.moveTo(this.left + this.scale * g.x[a], this.top + this.scale * g.y[a]);
                path.lineTo(this.left + this.scale * g.x[b], this.top + this.scale * g.y[b]);
            }
            const width = Math.min(2.4, Math.max(0.7, 1.7 * this.scale));
            Object.assign(context, {globalAlpha: on ? style.dim : 1, strokeStyle: style.edge, lineWidth: width});
            context.stroke(paths.plain);
            Object.assign(context, {globalAlpha: 1, strokeStyle: style.joined, lineWidth: width + 0.9});
            context.stroke(paths.on);
        }

        label(context, k, text, style) {
            const at = this.screen(k);
            Object.assign(context, {font: '11px system-ui, sans-serif', textAlign: 'center', textBaseline: 'bottom', lineJoin: 'round',
                strokeStyle: style.panel, lineWidth: 3, fillStyle: style.text});
            const y = at.y - this.radius(k) - 5;
            context.strokeText(text, at.x, y);
            context.fillText(text, at.x, y);
        }

        /* The whole graph on paper of its own: a view that is nowhere on the page, at the scale of the layout. */
        paper() {
            if (!this.graph || !this.graph.n) throw new Error('there is no graph yet');
            const b = this.bounds(), margin = 18;
            const scale = Math.max(0.4, Math.min(1.5, 1600 / Math.max(b[2] - b[0], b[3] - b[1])));
            return Object.assign(Object.create(this), {
                scale: scale, left: margin - scale * b[0], top: margin - scale * b[1], moved: null,
                width: scale * (b[2] - b[0]) + 2 * margin, height: scale * (b[3] - b[1]) + 2 * margin,
            });
        }

        /* A PNG of the whole graph, three times as sharp as the screen. */
        png() {
            const paper = this.paper();
            /* Browsers refuse a canvas of more than some hundred million pixels. */
            const times = Math.min(3, 8000 / Math.max(paper.width, paper.height));
            const canvas = Object.assign(document.createElement('canvas'), {width: Math.round(times * paper.width), height: Math.round(times * paper.height)});
            const context = canvas.getContext('2d');
            context.scale(times, times);
            context.fillStyle = ground();
            context.fillRect(0, 0, paper.width, paper.height);
            paper.draw(context, () => true);
            return new Promise((go, fail) => canvas.toBlob((blob) => (blob ? go(blob) : fail(new Error('the browser made no picture'))), 'image/png'));
        }
    }

    Object.assign(app, {GraphView: GraphView, variable: variable, ground: ground});
})();
