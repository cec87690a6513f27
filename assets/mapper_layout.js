/* Where the nodes of a Mapper graph stand: kept in this browser, put back, or read from the graph's JSON file. */
(function () {
    'use strict';
    const app = window.topodash, page = app.mapper;
    const kept = (key) => 'topodash-mapper-layout-' + key;
    const tenth = (value) => Math.round(value * 10) / 10;

    /* Places [[x, y], ...] in the order of the nodes, y downwards, in the drawing's own unit. */
    page.places = (slot) => {
        const cy = page.cy(slot);
        if (!cy || !cy.nodes().length) return null;
        const found = [];
        cy.nodes().forEach((node) => { const at = node.position(); found[node.data('k')] = [tenth(at.x), tenth(at.y)]; });
        return found;
    };

    const isPlaces = (places, n) => Array.isArray(places) && places.length === n &&
        places.every((at) => Array.isArray(at) && at.length === 2 && at.every(Number.isFinite));

    function place(cy, places) {
        if (!isPlaces(places, cy.nodes().length)) return false;
        cy.batch(() => cy.nodes().forEach((node) => {
            const [x, y] = places[node.data('k')];
            node.position({x: x, y: y});
        }));
        return true;
    }

    page.restore = (cy, key) => {
        try { return place(cy, JSON.parse(localStorage.getItem(kept(key)) || 'null')); } catch (problem) { return false; }
    };

    function keep(slot) {
        try {
            localStorage.setItem(kept(page.painted[slot].key), JSON.stringify(page.places(slot)));
            return true;
        } catch (problem) {
            return false;
        }
    }

    function reset(slot, cy) {
        localStorage.removeItem(kept(page.painted[slot].key));
        const home = page.home[slot] || {};
        cy.batch(() => cy.nodes().forEach((node) => { if (home[node.id()]) node.position(home[node.id()]); }));
        cy.fit(undefined, 18);
    }

    async function read(slot, file) {
        const cy = page.cy(slot);
        const graph = JSON.parse(await file.text());
        const sizes = Array.isArray(graph.nodes) ? graph.nodes.map((points) => points.length) : null;
        if (!sizes || !graph.positions) throw new Error('it is no Mapper graph with places of its nodes; save one as JSON first');
        if (sizes.length !== cy.nodes().length || cy.nodes().some((node) => node.data('n') !== sizes[node.data('k')])) {
            throw new Error('it is the layout of another graph (' + sizes.length + ' nodes; here are ' + cy.nodes().length + ')');
        }
        if (!place(cy, graph.positions)) throw new Error('positions must be two numbers for every node');
        cy.fit(undefined, 18);
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
        const slot = button.dataset.mapperLayout, cy = page.cy(slot);
        if (!cy || !cy.nodes().length) {
            app.say((page.painted[slot] || {}).n > 2000 ? 'Nodes of a graph of more than 2,000 cannot be moved.' : 'There is no graph yet.');
        } else if (button.dataset.do === 'save') {
            app.say(keep(slot) ? 'The layout of this graph is saved in this browser, and goes into its JSON file.' : 'The browser has no room to save the layout.');
        } else if (button.dataset.do === 'open') {
            choose(slot);
        } else {
            reset(slot, cy);
        }
    });
})();
