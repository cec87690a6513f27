/* Where the nodes of a Mapper graph stand: kept in this browser, put back, or read from the graph's JSON file. */
(function () {
    'use strict';
    const app = window.topodash, page = app.mapper;
    const kept = (key) => 'topodash-mapper-layout-' + key;
    const tenth = (value) => Math.round(value * 10) / 10;

    const graphOf = (slot) => { const view = page.view(slot); return view && view.graph && view.graph.n ? view.graph : null; };

    /* Places [[x, y], ...] in the order of the nodes, y downwards, in the drawing's own unit. */
    page.places = (slot) => {
        const graph = graphOf(slot);
        return graph && [...graph.x].map((x, k) => [tenth(x), tenth(graph.y[k])]);
    };

    const isPlaces = (places, n) => Array.isArray(places) && places.length === n &&
        places.every((at) => Array.isArray(at) && at.length === 2 && at.every(Number.isFinite));

    function place(view, places) {
        if (!view.graph || !isPlaces(places, view.graph.n)) return false;
        places.forEach(([x, y], k) => { view.graph.x[k] = x; view.graph.y[k] = y; });
        view.fit();
        return true;
    }

    page.restore = (view, key) => {
        try { return place(view, JSON.parse(localStorage.getItem(kept(key)) || 'null')); } catch (problem) { return false; }
    };

    function keep(slot) {
        try {
            localStorage.setItem(kept(page.painted[slot].key), JSON.stringify(page.places(slot)));
            return true;
        } catch (problem) {
            return false;
        }
    }

    function reset(slot) {
        const view = page.view(slot);
        localStorage.removeItem(kept(page.painted[slot].key));
        view.graph.x.set(view.source.x);
        view.graph.y.set(view.source.y);
        view.fit();
    }

    async function read(slot, file) {
        const view = page.view(slot), here = view.graph;
        const graph = JSON.parse(await file.text());
        const sizes = Array.isArray(graph.nodes) ? graph.nodes.map((points) => points.length) : null;
        if (!sizes || !graph.positions) throw new Error('it is no Mapper graph with places of its nodes; save one as JSON first');
        if (sizes.length !== here.n || sizes.some((size, k) => size !== here.size[k])) {
            throw new Error('it is the layout of another graph (' + sizes.length + ' nodes; here are ' + here.n + ')');
        }
        if (!place(view, graph.positions)) throw new Error('positions must be two numbers for every node');
        app.say(keep(slot) ? 'The layout of the file is used, and kept in this browser.' : 'The layout of the file is used.');
    }

    function choose(slot) {
        const input = document.createElement('input');
        input.type = 'file';
        input.accept = '.json,application/json';
        input.addEventListener('change', () => {
            if (!input.files.length) return;
            read(slot, input.files[0]).catch((problem) => app.say('The file ' + input.files[0].name + ' cannot be used: ' +
                (problem instanceof SyntaxError ? 'it is not JSON' : problem.message) + '.'));
        });
        input.click();
    }

    document.addEventListener('click', (event) => {
        const button = event.target.closest('[data-mapper-layout]');
        if (!button) return;
        const slot = button.dataset.mapperLayout;
        if (!graphOf(slot)) {
            app.say('There is no graph yet.');
        } else if (button.dataset.do === 'save') {
            app.say(keep(slot) ? 'The layout of this graph is saved in this browser, and goes into its JSON file.' : 'The browser has no room to save the layout.');
        } else if (button.dataset.do === 'open') {
            choose(slot);
        } else {
            reset(slot);
        }
    });
})();
