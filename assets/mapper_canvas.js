/* A Mapper graph on a canvas (canvas_graph.js): its nodes are pies of classes, shapes of one class, or carry a value's colour. */
(function () {
    'use strict';
    const app = window.topodash, page = app.mapper;

    class MapperView extends app.GraphView {
        /* A graph as `figures/mapper_graph.drawing` writes it, or null; `marks` are the nodes that are selected, or null. */
        show(graph, painted) {
            this.source = graph;
            this.painted = painted;
            this.put(graph && {
                n: graph.x.length, x: Float64Array.from(graph.x), y: Float64Array.from(graph.y), r: Float64Array.from(graph.d, (d) => d / 2),
                size: graph.n, ids: graph.ids, tips: graph.tips, pure: graph.pure, slices: graph.slices, edges: graph.edges,
            });
        }

        get least() { return this.painted ? this.painted.threshold : 0; }

        look() {
            return {
                text: app.variable('--td-text'), quiet: app.variable('--td-quiet'), panel: app.variable('--td-panel'), edge: app.variable('--td-graph-edge'),
                on: app.variable('--td-graph-on'), joined: app.variable('--td-graph-on'), dim: Number(app.variable('--td-graph-dim')), other: '#999999',
            };
        }

        node(context, k, style) { page.node(context, this.shape(k, style), style); }

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
    }

    /* The drawing of a slot; made when the page's place for it is there. */
    page.view = (slot) => {
        const host = document.getElementById('mapper-graph-' + slot);
        if (!host) return null;
        if (!host.topodashView) page.listen(slot, new MapperView(host));
        return host.topodashView;
    };
})();
