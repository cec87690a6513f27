/* The Filters page in the browser: what is selected lights up in every view, nodes are painted, the timeline steps over
   recorded iterations. What a selection means is worked out by the server. */
(function () {
    'use strict';
    const dash = (window.dash_clientside = window.dash_clientside || {});
    const app = (window.topodash = window.topodash || {});
    const page = (app.filters = {rings: {}, paint: null, selection: null, moments: null, request: null, search: '', player: null, speed: 1});
    const SLOTS = ['a', 'b'];
    const PLOTS = ['filters-plane', 'filters-klein', 'filters-angles'];
    const SLIDER = {page: 'filters', timeline: 'slider'};
    const here = () => document.getElementById('filters-graph-a');

    page.cy = (slot) => {
        const root = document.getElementById('filters-graph-' + slot);
        const inner = root && [root, ...root.querySelectorAll('div')].find((each) => each._cyreg && each._cyreg.cy);
        return inner ? inner._cyreg.cy : null;
    };
    const plot = (id) => {
        const root = document.getElementById(id);
        return root ? root.querySelector('.js-plotly-plot') : null;
    };

    function choose(selection) {
        dash.set_props('filters-selection', {data: selection});
        if (selection && window.innerWidth > 1100) app.drawer('filters-inspector', true);
    }
    page.choose = choose;

    /* ---- lighting up ------------------------------------------------------------------------------------------- */

    function light(rows) {
        const wanted = rows && rows.length ? new Set(rows) : null;
        SLOTS.forEach((slot) => {
            const cy = page.cy(slot);
            const nodes = page.rings[slot];
            if (!cy || !nodes) return;
            cy.batch(() => {
                cy.elements().removeClass('on dim');
                if (!wanted) return;
                cy.elements().addClass('dim');
                cy.nodes().forEach((node) => {
                    const held = nodes[node.data('k')];
                    if (held && held.some((row) => wanted.has(row))) node.removeClass('dim').addClass('on');
                });
            });
        });
    }

    function mark(rows) {
        const wanted = rows && rows.length ? new Set(rows) : null;
        PLOTS.forEach((id) => {
            const graph = plot(id);
            if (!graph || !graph._fullData || !window.Plotly) return;
            const indices = [], points = [];
            graph._fullData.forEach((trace, k) => {
                if (trace.mode !== 'markers' || !trace.customdata) return;
                indices.push(k);
                points.push(wanted ? [...trace.customdata].reduce((found, row, at) => (wanted.has(Number(row)) && found.push(at), found), []) : null);
            });
            if (indices.length) window.Plotly.restyle(graph, {selectedpoints: points}, indices);
        });
    }

    function show(selection) {
        page.selection = selection;
        const rows = selection ? selection.rows : null;
        light(rows);
        mark(rows);
    }

    /* ---- the rings --------------------------------------------------------------------------------------------- */

    function listen(slot) {
        const cy = page.cy(slot);
        if (!cy || cy.scratch('filters')) return cy;
        cy.scratch('filters', true);
        /* When a drawer opens or the panel is enlarged, the whole ring stays in view, unless somebody has moved it. */
        const box = document.getElementById('filters-graph-' + slot);
        let wide = box.clientWidth, high = box.clientHeight;
        cy.on('dragpan scrollzoom pinchzoom', () => cy.scratch('moved', true));
        new ResizeObserver(() => {
            if (cy.destroyed() || (box.clientWidth === wide && box.clientHeight === high)) return;
            wide = box.clientWidth;
            high = box.clientHeight;
            cy.resize();
            if (!cy.scratch('moved')) cy.fit(undefined, 24);
        }).observe(box);
        cy.on('tap', 'node', (event) => {
            const k = event.target.data('k');
            choose({slot: slot, title: (slot === 'b' ? 'Left ring, node ' : 'Node ') + k, rows: page.rings[slot][k], one: false});
        });
        cy.on('tap', (event) => { if (event.target === cy && page.selection) choose(null); });
        cy.on('mouseover', 'node', (event) => event.target.addClass('told'));
        cy.on('mouseout', 'node', (event) => event.target.removeClass('told'));
        return cy;
    }

    function paintNow() {
        if (!page.paint) return;
        SLOTS.forEach((slot) => {
            const cy = page.cy(slot), painted = page.paint[slot];
            if (!cy || !painted) return;
            cy.batch(() => cy.nodes().forEach((node) => { node.data('c', painted.colours[node.data('k')] || '#888888'); }));
        });
    }

    /* Dash's cytoscape puts new elements in after this script has heard of them. */
    function settle(tries) {
        let waits = false;
        SLOTS.forEach((slot) => {
            const cy = listen(slot), wanted = (page.rings[slot] || []).length;
            if (!cy || cy.nodes().length !== wanted) waits = true;
            else if (wanted && cy.scratch('drawn') !== page.rings) {
                cy.scratch('drawn', page.rings);
                cy.scratch('moved', false);
                cy.resize();
                cy.fit(undefined, 24);
            }
        });
        paintNow();
        if (waits && tries > 0) setTimeout(() => settle(tries - 1), 120);
        else if (page.selection) show(page.selection);
    }

    /* ---- plots ------------------------------------------------------------------------------------------------- */

    const rowsOf = (points) => [...new Set(points.filter((point) => point.customdata !== undefined).map((point) => Number(point.customdata)))];

    function attach() {
        if (!here()) return;
        SLOTS.forEach(listen);
        PLOTS.forEach((id) => {
            const graph = plot(id);
            if (!graph || !graph.on || graph._filters) return;
            graph._filters = true;
            graph.on('plotly_click', (event) => {
                const rows = rowsOf(event.points).slice(0, 1);
                if (rows.length) choose({slot: 'a', title: 'Filter ' + rows[0], rows: rows, one: true});
            });
            graph.on('plotly_selected', (event) => {
                if (!event || !event.points) return;
                const rows = rowsOf(event.points);
                if (rows.length) choose({slot: 'a', title: rows.length + ' filters of a region', rows: rows, one: rows.length === 1});
            });
            graph.on('plotly_deselect', () => choose(null));
        });
        const wheel = plot('filters-wheel');
        if (wheel && wheel.on && !wheel._filters) {
            wheel._filters = true;
            const sector = (event) => {
                const point = event.points && event.points[0];
                const meta = wheel.layout && wheel.layout.meta;
                return point && meta && point.customdata !== undefined ? Number(point.customdata) : null;
            };
            wheel.on('plotly_hover', (event) => {
                const k = sector(event);
                if (k !== null) light(wheel.layout.meta.rows[k]);
            });
            wheel.on('plotly_unhover', () => light(page.selection ? page.selection.rows : null));
            wheel.on('plotly_click', (event) => {
                const k = sector(event);
                if (k !== null) choose({slot: 'a', title: 'Around the circle, ' + wheel.layout.meta.names[k], rows: wheel.layout.meta.rows[k], one: false});
            });
        }
        /* A figure that was drawn anew has lost its marks. */
        if (page.selection && PLOTS.some((id) => { const graph = plot(id); return graph && graph._fullData && graph._filtersData !== graph.data; })) {
            PLOTS.forEach((id) => { const graph = plot(id); if (graph) graph._filtersData = graph.data; });
            mark(page.selection.rows);
        }
    }
    setInterval(attach, 600);

    /* ---- time -------------------------------------------------------------------------------------------------- */

    function stepBy(by) {
        const moments = page.moments;
        if (!moments || moments.steps.length < 2) return false;
        const now = page.at === undefined ? moments.steps.length - 1 : page.at;
        const next = Math.min(moments.steps.length - 1, Math.max(0, now + by));
        dash.set_props(SLIDER, {value: moments.steps[next]});
        page.at = next;
        return next > 0 && next < moments.steps.length - 1;
    }

    function halt() {
        clearTimeout(page.player);
        page.player = null;
    }

    /* The next iteration waits until this one is drawn. */
    function playOn() {
        if (!here() || !stepBy(1)) return halt();
        page.waiting = true;
        return undefined;
    }

    dash.filters = {
        rings(data) {
            page.rings = data || {};
            settle(40);
            return dash.no_update;
        },
        paint(data) {
            page.paint = data;
            paintNow();
            return dash.no_update;
        },
        select(data) {
            show(data);
            write();
            return dash.no_update;
        },
        address(search) {
            page.search = search || '';
            write();
            return dash.no_update;
        },
        moments(data) {
            page.moments = data;
            if (data && (page.at === undefined || page.at >= data.steps.length)) page.at = data.steps.length - 1;
            return dash.no_update;
        },
        ready(data) {
            page.request = data;
            if (data && page.moments) {
                const step = data.a.filters.iteration === undefined ? data.a.filters.step : data.a.filters.iteration;
                const at = page.moments.steps.indexOf(step);
                if (at >= 0) page.at = at;
            }
            if (page.player !== null && page.waiting) {
                page.waiting = false;
                page.player = setTimeout(playOn, 900 / page.speed);
            }
            return dash.no_update;
        },
        play() {
            if (page.player !== null) halt();
            else if (page.moments && page.moments.steps.length > 1) {
                if (page.at === page.moments.steps.length - 1) {
                    page.at = 0;
                    dash.set_props(SLIDER, {value: page.moments.steps[0]});
                    page.player = 0;
                    page.waiting = true;
                } else {
                    page.player = 0;
                    playOn();
                }
            }
            return dash.no_update;
        },
        back() { halt(); stepBy(-1); return dash.no_update; },
        step() { halt(); stepBy(1); return dash.no_update; },
        speed(value) { page.speed = Number(value) || 1; return dash.no_update; },
    };

    function write() {
        if (!here() || !page.search) return;
        const one = page.selection && page.selection.one ? '&filter=' + page.selection.rows[0] : '';
        history.replaceState(history.state, '', location.pathname + page.search + one + location.hash);
    }

    /* ---- clicks and files -------------------------------------------------------------------------------------- */

    const bytes = (url) => Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (letter) => letter.charCodeAt(0));

    function picture(slot) {
        const cy = page.cy(slot);
        if (!cy || !cy.nodes().length) return app.say('There is no ring to save yet.');
        const ground = getComputedStyle(document.documentElement).getPropertyValue('--td-panel').trim();
        app.save('ring-' + slot + '.png', new Blob([bytes(cy.png({full: true, scale: 3, bg: ground, maxWidth: 6000}))], {type: 'image/png'}));
        return undefined;
    }

    async function file(kind, slot) {
        const request = page.request && page.request[slot];
        if (!request) return app.say('There is nothing to save yet.');
        const colour = new URLSearchParams(page.search).get('colour') || 'circular';
        const layout = new URLSearchParams(page.search).get('layout') || 'spring';
        const circular = new URLSearchParams(page.search).get('circular') || 'proved';
        const query = new URLSearchParams({circular: circular, request: JSON.stringify(request), colour: colour, layout: layout, dark: app.theme && app.theme() === 'dark' ? '1' : '0'});
        for (let tries = 0; tries < 240; tries++) {
            const answer = await fetch('/api/filters/' + kind + '?' + query);
            if (answer.status === 202) {
                app.say('Preparing the file.');
                await new Promise((done) => setTimeout(done, 500));
                continue;
            }
            if (!answer.ok) {
                const told = await answer.json().catch(() => ({error: 'the server answered ' + answer.status}));
                return app.say('The file could not be made: ' + told.error);
            }
            const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') || '');
            return app.save(name ? name[1] : kind, await answer.blob());
        }
        return app.say('The file takes too long to make.');
    }

    document.addEventListener('click', (event) => {
        if (!here() || !event.target.closest) return;
        const opened = event.target.closest('[data-filters-open]');
        if (opened) {
            const row = Number(opened.dataset.filtersOpen);
            choose({slot: (page.selection && page.selection.slot) || 'a', title: 'Filter ' + row, rows: [row], one: true});
        }
        const fit = event.target.closest('[data-filters-fit]');
        if (fit) {
            const cy = page.cy(fit.dataset.filtersFit);
            if (cy) cy.scratch('moved', false);
            if (cy) cy.animate({fit: {padding: 24}, duration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 200});
        }
        const save = event.target.closest('[data-filters-export]');
        if (save) {
            const kind = save.dataset.filtersExport;
            if (kind === 'png') picture(save.dataset.slot);
            else file(kind === 'svg' || kind === 'html' ? 'ring.' + kind : kind, save.dataset.slot);
        }
        const recorded = event.target.closest('.td-page-filters .td-mark');
        if (recorded && page.moments) {
            const id = JSON.parse(recorded.id);
            page.at = page.moments.steps.indexOf(id.mark);
            dash.set_props(SLIDER, {value: id.mark});
        }
    });
})();
