/* A Mapper graph on a canvas: where its nodes stand, what part of the plane is seen, and the painting. Thousands of nodes are
   painted once into a sheet; while the view moves or a node is dragged, the sheet is put down again instead. */
(function () {
    'use strict';
    const app = window.topodash, page = app.mapper;
    const PAD = 18, LEAST = 0.02, MOST = 8;
    /* A node is never smaller than this, in pixels of the screen: seen from afar it can still be seen, and hit. */
    const DOT = 2.2;
    /* More elements than this are not painted anew for every move of the view. */
    const LIGHT = 1200;

    const variable = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const look = () => ({
        text: variable('--td-text'), quiet: variable('--td-quiet'), panel: variable('--td-panel'), edge: variable('--mapper-edge'),
        on: variable('--mapper-on'), dim: Number(variable('--mapper-dim')), other: '#999999',
    });

    class View {
        constructor(host) {
            this.host = host;
            this.canvas = host.appendChild(document.createElement('canvas'));
            this.sheet = document.createElement('canvas');
            Object.assign(this, {graph: null, painted: null, marks: null, scale: 1, left: 0, top: 0, moved: null, frame: 0, drawn: 0, width: 0, height: 0});
        }

        /* A graph to draw, as `figures/mapper_graph.drawing` writes it; `marks` are the nodes that are selected, or null. */
        show(graph, painted) {
            const n = graph ? graph.x.length : 0;
            this.source = graph;
            this.painted = painted;
            this.moved = null;
            this.graph = graph && {
                n: n, x: Float64Array.from(graph.x), y: Float64Array.from(graph.y), r: Float64Array.from(graph.d, (d) => d / 2),
                size: graph.n, ids: graph.ids, tips: graph.tips, pure: graph.pure, slices: graph.slices, edges: graph.edges,
            };
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

        /* The node under a place of the screen, the nearest one, or -1. */
        hit(x, y, slack) {
            let found = -1, best = Infinity;
            for (let k = 0; this.graph && k < this.graph.n; k++) {
                const dx = this.left + this.scale * this.graph.x[k] - x, dy = this.top + this.scale * this.graph.y[k] - y;
                const far = Math.hypot(dx, dy) - this.radius(k);
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

        put(k, x, y) {
            this.graph.x[k] = (x - this.left) / this.scale;
            this.graph.y[k] = (y - this.top) / this.scale;
            this.paint();
        }

        /* Something other than the view has changed. */
        stale() { this.at = null; this.paint(); }

        /* The view has moved: a heavy graph follows as a picture, and is painted anew when it rests. */
        looked() {
            const g = this.graph;
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

        /* Paint the nodes that are wanted; of the edges those between wanted nodes, or with `touching` those at one. */
        draw(context, wanted, touching) {
            const g = this.graph;
            if (!g) return;
            const style = look(), on = this.marks;
            this.lines(context, style, (a, b) => (touching ? wanted(a) || wanted(b) : wanted(a) && wanted(b)));
            const order = [...Array(g.n).keys()].filter(wanted);
            if (on) order.sort((a, b) => on.has(a) - on.has(b));
            const seen = order.filter((k) => {
                const at = this.screen(k), far = this.radius(k) + 12;
                return at.x > -far && at.y > -far && at.x < this.width + far && at.y < this.height + far;
            });
            for (const k of seen) page.node(context, this.shape(k, style), style);
            context.globalAlpha = 1;
            if (on && on.size <= 60) for (const k of seen) if (on.has(k) && on.get(k)) this.label(context, k, on.get(k), style);
        }

        /* What a node looks like: place, radius, fill or slices, border. The exports use it too. */
        shape(k, style) {
            const g = this.graph, at = this.screen(k), on = this.marks && this.marks.has(k), value = this.painted.mode === 'value';
            const mixed = !value && g.pure && g.pure[k] < 0, small = this.scale < 0.5;
            const colour = (index) => this.source.colours[index % this.source.colours.length];
            return {
                x: at.x, y: at.y, r: this.radius(k), tip: g.tips[k], on: on, alpha: this.marks && !on ? style.dim : 1,
                slices: mixed ? g.slices[k].reduce((all, each, i, flat) => (i % 2 ? [...all, [colour(flat[i - 1]), each / 100]] : all), []) : null,
                fill: value ? this.painted.colours[k] : colour(g.pure ? Math.max(0, g.pure[k]) : 0),
                shape: value || !g.pure || mixed ? 'circle' : this.source.shapes[g.pure[k] % this.source.shapes.length],
                border: on ? style.on : mixed ? style.text : style.quiet,
                line: Math.max(on ? 2 : 0, (on ? 3.4 : mixed ? 1.6 : small ? 0.6 : 1) * Math.min(1, Math.max(0.45, this.scale))),
            };
        }

        lines(context, style, wanted) {
            const g = this.graph, on = this.marks, least = this.painted.threshold;
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
            Object.assign(context, {globalAlpha: 1, strokeStyle: style.on, lineWidth: width + 0.9});
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
    }

    page.look = look;
    page.View = View;
    /* The drawing of a slot; made when the page's place for it is there. */
    page.view = (slot) => {
        const host = document.getElementById('mapper-graph-' + slot);
        if (!host) return null;
        if (!host.topodashView) {
            host.topodashView = new View(host);
            page.listen(slot, host.topodashView);
        }
        return host.topodashView;
    };
})();
