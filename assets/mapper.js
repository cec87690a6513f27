/* The Mapper page in the browser: gestures on the graph become one store, the selection is drawn into every view,
   nodes are painted, play runs over recorded epochs. Which points a gesture means is worked out by the server. */
(function () {
    'use strict';
    const dash = (window.dash_clientside = window.dash_clientside || {});
    const app = (window.topodash = window.topodash || {});
    const page = (app.mapper = {requests: {}, selection: null, painted: {}, path: null, shown: {}, player: null});
    const same = () => dash.no_update;

    const box = (slot) => document.getElementById('mapper-graph-' + slot);
    page.cy = (slot) => {
        const root = box(slot);
        const inner = root && [root, ...root.querySelectorAll('div')].find((each) => each._cyreg && each._cyreg.cy);
        return inner ? inner._cyreg.cy : null;
    };
    const plot = (id) => {
        const root = document.getElementById(id);
        return root ? root.querySelector('.js-plotly-plot') : null;
    };

    function gesture(what) {
        if (!document.getElementById('mapper-graph-a')) return;
        dash.set_props('mapper-gesture', {data: Object.assign({at: Date.now()}, what)});
        if (what.how !== 'clear' && window.innerWidth > 1100) app.drawer('mapper-inspector', true);
    }
    page.gesture = gesture;

    /* ---- the graph ------------------------------------------------------------------------------------------- */

    function setPath(slot) {
        page.path = slot === null ? null : {slot: slot, from: null};
        document.querySelectorAll('[data-mapper-path]').forEach((button) => {
            button.setAttribute('aria-pressed', String(slot !== null && button.dataset.mapperPath === slot));
        });
        if (slot !== null) app.say('Click the first node of the path, then the last.');
    }

    function tip(slot, node) {
        const frame = box(slot).closest('.mapper-canvas');
        let place = frame.querySelector('.mapper-tip');
        if (!node) {
            if (place) place.hidden = true;
            return;
        }
        if (!place) {
            place = document.createElement('div');
            place.className = 'mapper-tip';
            frame.appendChild(place);
        }
        const at = node.renderedPosition();
        place.textContent = node.data('tip');
        place.hidden = false;
        place.style.left = Math.max(4, Math.min(at.x + 14, frame.clientWidth - place.offsetWidth - 4)) + 'px';
        place.style.top = Math.max(4, at.y - place.offsetHeight - 10) + 'px';
    }

    function tapped(slot, node, event) {
        const k = node.data('k');
        if (page.path && page.path.slot === slot) {
            if (page.path.from === null) {
                page.path.from = k;
                gesture({how: 'node', slot: slot, ks: [k]});
                return;
            }
            gesture({how: 'path', slot: slot, ks: [page.path.from, k]});
            setPath(null);
            return;
        }
        const keys = event.originalEvent || {};
        gesture({how: 'node', slot: slot, ks: [k], add: Boolean(keys.shiftKey || keys.ctrlKey || keys.metaKey)});
    }

    function listen(slot, cy) {
        if (cy.scratch('_topodash')) return;
        cy.scratch('_topodash', true);
        cy.autounselectify(false);
        cy.on('tap', (event) => {
            if (event.target === cy) gesture({how: 'clear'});
            else if (event.target.isNode && event.target.isNode()) tapped(slot, event.target, event);
        });
        let boxed = [], timer = null;
        cy.on('boxselect', 'node', (event) => {
            boxed.push(event.target.data('k'));
            clearTimeout(timer);
            timer = setTimeout(() => {
                gesture({how: 'nodes', slot: slot, ks: boxed});
                boxed = [];
                cy.elements().unselect();
            }, 30);
        });
        cy.on('mouseover', 'node', (event) => tip(slot, event.target));
        cy.on('mouseout viewport drag', () => tip(slot, null));
    }

    /* The elements reach cytoscape a little after Dash has set them; wait until they are this answer's. */
    function whenDrawn(slot, painted, then, tries) {
        const cy = page.cy(slot);
        const nodes = cy ? cy.nodes() : [];
        const ready = cy && (nodes.length === 0 ? painted.n > 2000 : nodes.some((node) => node.data('g') === painted.key)) && (nodes.length === painted.n || painted.n > 2000);
        if (ready) then(cy);
        else if ((tries || 0) < 600 && page.painted[slot] === painted) setTimeout(() => whenDrawn(slot, painted, then, (tries || 0) + 1), (tries || 0) < 80 ? 25 : 150);
    }

    const kept = (key) => 'topodash-mapper-layout-' + key;

    function restore(cy, key) {
        let places = null;
        try { places = JSON.parse(localStorage.getItem(kept(key)) || 'null'); } catch (problem) { places = null; }
        if (!places) return false;
        cy.batch(() => cy.nodes().forEach((node) => {
            const at = places[node.id()];
            if (Array.isArray(at)) node.position({x: at[0], y: at[1]});
        }));
        return true;
    }

    function repaint(slot, painted) {
        if (!painted) return same();
        page.painted[slot] = painted;
        whenDrawn(slot, painted, (cy) => {
            listen(slot, cy);
            cy.resize();
            const fresh = page.shown[slot] !== painted.key;
            cy.batch(() => {
                cy.nodes().forEach((node) => {
                    const colour = painted.mode === 'value' ? painted.colours[node.data('k')] : null;
                    if (colour) node.data('paint', colour);
                    node.toggleClass('value', Boolean(colour));
                });
                cy.edges().forEach((edge) => edge.toggleClass('thin', edge.data('w') < painted.threshold));
            });
            if (fresh) {
                page.shown[slot] = painted.key;
                if (page.home === undefined) page.home = {};
                page.home[slot] = {};
                cy.nodes().forEach((node) => { page.home[slot][node.id()] = Object.assign({}, node.position()); });
                restore(cy, painted.key);
                cy.fit(undefined, 18);
            }
            highlightGraph(slot);
        });
        return same();
    }

    function highlightGraph(slot) {
        const cy = page.cy(slot);
        if (!cy) return;
        const chosen = page.selection ? page.selection.nodes[slot] : [];
        const found = new Map(chosen.map((each) => [each[0], each]));
        cy.batch(() => {
            cy.elements().removeClass('on dim told');
            if (!page.selection) return;
            cy.nodes().forEach((node) => {
                const each = found.get(node.data('k'));
                if (!each) { node.addClass('dim'); return; }
                node.addClass('on');
                if (each[1] < each[2] || chosen.length === 1) {
                    node.data('told', each[1] + ' of ' + each[2]);
                    if (chosen.length <= 60) node.addClass('told');
                }
            });
            cy.edges().forEach((edge) => {
                const both = found.has(edge.source().data('k')) && found.has(edge.target().data('k'));
                edge.addClass(both ? 'on' : 'dim');
            });
        });
    }

    /* ---- the other views ------------------------------------------------------------------------------------- */

    const values = (trace, name) => (trace && trace[name] ? trace[name] : []);

    function highlightSpace(slot) {
        const graph = plot('mapper-space-' + slot);
        if (!graph || !graph._fullData || !graph._fullData.length) return;
        const traces = graph._fullData;
        const last = traces.length - 1;
        if (traces[last].name !== 'selected') return;
        const rows = page.selection ? new Set(page.selection.rows[slot]) : null;
        const at = {x: [], y: [], z: []};
        if (rows) traces.slice(0, last).forEach((trace) => {
            const which = values(trace, 'customdata');
            for (let k = 0; k < which.length; k++) {
                if (!rows.has(which[k])) continue;
                at.x.push(trace.x[k]); at.y.push(trace.y[k]); at.z.push(trace.z[k]);
            }
        });
        const others = [...Array(last).keys()];
        window.Plotly.restyle(graph, {x: [at.x], y: [at.y], z: [at.z]}, [last])
            .then(() => window.Plotly.restyle(graph, {opacity: rows ? 0.22 : 1}, others));
    }

    function highlightPlane(id, slot) {
        const graph = plot(id);
        if (!graph || !graph._fullData || !graph._fullData.length) return;
        const rows = page.selection ? new Set(page.selection.rows[slot]) : null;
        const chosen = graph._fullData.map((trace) => {
            if (!rows) return null;
            const found = [];
            const which = values(trace, 'customdata');
            for (let k = 0; k < which.length; k++) if (rows.has(which[k])) found.push(k);
            return found;
        });
        window.Plotly.restyle(graph, {selectedpoints: chosen});
        if (graph.layout.selections && graph.layout.selections.length && !(page.selection && page.brushed === id)) {
            window.Plotly.relayout(graph, {selections: []});
        }
        listenPlane(graph, id);
    }

    function listenPlane(graph, id) {
        if (graph.topodashListens || !graph.on) return;
        graph.topodashListens = true;
        graph.on('plotly_selected', (event) => {
            if (!event || !event.points || !event.points.length) return;
            page.brushed = id;
            gesture({how: 'points', slot: 'a', rows: event.points.map((each) => each.customdata)});
        });
        graph.on('plotly_deselect', () => gesture({how: 'clear'}));
        graph.on('plotly_click', (event) => {
            if (event.points && event.points.length) gesture({how: 'points', slot: 'a', rows: [event.points[0].customdata], title: 'Point ' + event.points[0].customdata});
        });
    }

    function highlightLarge(slot) {
        const graph = plot('mapper-large-' + slot);
        if (!graph || !graph._fullData || graph._fullData.length < 2) return;
        const chosen = page.selection ? page.selection.nodes[slot].map((each) => each[0]) : null;
        window.Plotly.restyle(graph, {selectedpoints: [chosen]}, [1]);
        if (graph.topodashListens) return;
        graph.topodashListens = true;
        graph.on('plotly_click', (event) => gesture({how: 'node', slot: slot, ks: [event.points[0].customdata]}));
        graph.on('plotly_selected', (event) => {
            const ks = event && event.points ? event.points.filter((each) => each.curveNumber === 1).map((each) => each.customdata) : [];
            if (ks.length) gesture({how: 'nodes', slot: slot, ks: ks});
        });
    }

    function highlightAll() {
        if (!document.getElementById('mapper-graph-a')) return;
        ['a', 'b'].forEach((slot) => { highlightGraph(slot); highlightSpace(slot); highlightLarge(slot); });
        highlightPlane('mapper-lens', 'a');
        highlightPlane('mapper-plane', 'a');
    }

    /* ---- tables (pages/mapper/words.py) ----------------------------------------------------------------------- */

    function cell(row, content, first, colours) {
        const place = document.createElement(first ? 'th' : 'td');
        if (first) place.scope = 'row';
        if (content && typeof content === 'object') {
            if (content.select) {
                const button = document.createElement('button');
                button.type = 'button';
                button.className = 'mapper-link';
                button.dataset.mapperSelect = JSON.stringify(content.select);
                button.textContent = content.label;
                place.appendChild(button);
            } else {
                const mark = document.createElement('span');
                mark.className = 'mapper-swatch';
                mark.style.background = colours[content.class % colours.length];
                place.append(mark, content.label);
            }
        } else {
            place.textContent = content;
            if (!first && /^[\d−.,∞–%± e+]+$/.test(String(content))) place.className = 'td-number';
        }
        row.appendChild(place);
    }

    function drawTable(frame) {
        const spec = JSON.parse(frame.dataset.mapperTable);
        const table = document.createElement('table');
        table.className = 'mapper-table';
        const caption = table.createCaption();
        caption.className = 'td-visually-hidden';
        caption.textContent = spec.caption;
        const head = table.createTHead().insertRow();
        spec.heads.forEach((name) => {
            const place = document.createElement('th');
            place.scope = 'col';
            place.textContent = name;
            head.appendChild(place);
        });
        const body = table.createTBody();
        spec.rows.forEach((cells) => {
            const row = body.insertRow();
            cells.forEach((content, k) => cell(row, content, k === 0, spec.colours));
        });
        frame.replaceChildren(table);
    }

    new MutationObserver(() => {
        document.querySelectorAll('[data-mapper-table]').forEach((frame) => {
            if (frame.topodashTable === frame.dataset.mapperTable && frame.firstChild) return;
            frame.topodashTable = frame.dataset.mapperTable;
            drawTable(frame);
        });
    }).observe(document.documentElement, {childList: true, subtree: true, attributes: true, attributeFilter: ['data-mapper-table']});

    /* A drawer that opens, or a second graph, changes the room that a graph has. */
    window.addEventListener('resize', () => {
        clearTimeout(page.resized);
        page.resized = setTimeout(() => ['a', 'b'].forEach((slot) => {
            const cy = page.cy(slot);
            if (cy && box(slot).clientWidth) { cy.resize(); cy.fit(undefined, 18); }
        }), 80);
    });

    /* ---- time ------------------------------------------------------------------------------------------------ */

    const nearest = (steps, value, by) => {
        const here = steps.filter((step) => step <= value).length - 1;
        return steps[Math.max(0, Math.min(steps.length - 1, here + by))];
    };
    const go = (by) => (clicks, run, value) => (!clicks || !run || !run.steps.length ? same() : nearest(run.steps, value, by));

    function stopPlaying() {
        clearInterval(page.player);
        page.player = null;
        const button = document.querySelector('.td-page-mapper .td-time-play');
        if (button) { button.setAttribute('aria-label', 'Play'); button.title = 'Play'; button.classList.remove('mapper-playing'); }
    }

    function play(clicks, run, value, speed) {
        if (!clicks || !run || !run.steps.length) return same();
        if (page.player) { stopPlaying(); return same(); }
        const steps = run.steps;
        /* About sixty pictures from the first to the last epoch; each waits until the one before is on screen. */
        const stride = Math.max(1, Math.round(steps.length / 60));
        let at = value >= steps[steps.length - 1] ? 0 : steps.filter((step) => step <= value).length - 1;
        const slider = {page: 'mapper', timeline: 'slider'};
        const button = document.querySelector('.td-page-mapper .td-time-play');
        button.setAttribute('aria-label', 'Pause'); button.title = 'Pause'; button.classList.add('mapper-playing');
        let waited = 0, asked = null;
        page.player = setInterval(() => {
            if (!document.getElementById('mapper-graph-a')) { stopPlaying(); return; }
            const progress = document.getElementById('mapper-progress');
            const key = (page.painted.a || {}).key;
            if (asked === key && waited++ < 20 || (progress && progress.textContent)) return;
            asked = key;
            waited = 0;
            at = Math.min(steps.length - 1, at + stride);
            dash.set_props(slider, {value: steps[at]});
            if (at === steps.length - 1) stopPlaying();
        }, Math.max(120, 400 / Number(speed || 1)));
        return steps[at];
    }

    /* ---- what Dash calls ------------------------------------------------------------------------------------- */

    dash.mapper = {
        paint_a: (painted, elements, answer) => { page.requests.a = answer; repaint('a', painted); },
        paint_b: (painted, elements, answer) => { page.requests.b = answer; repaint('b', painted); },
        highlight: (selection) => {
            page.selection = selection || null;
            if (!selection) page.brushed = null;
            /* Figures of the same round are drawn first. */
            requestAnimationFrame(() => setTimeout(highlightAll, 60));
        },
        room: () => { setTimeout(() => window.dispatchEvent(new Event('resize')), 60); },
        address: (search) => {
            if (typeof search !== 'string' || window.location.pathname !== '/mapper') return;
            window.history.replaceState(window.history.state, '', window.location.pathname + search);
        },
        back: go(-1),
        step: go(1),
        play: play,
    };

    /* ---- buttons --------------------------------------------------------------------------------------------- */

    function layout(slot, what) {
        const cy = page.cy(slot), painted = page.painted[slot];
        if (!cy || !painted) return;
        if (what === 'save') {
            const places = {};
            cy.nodes().forEach((node) => { const at = node.position(); places[node.id()] = [Math.round(at.x * 10) / 10, Math.round(at.y * 10) / 10]; });
            try {
                localStorage.setItem(kept(painted.key), JSON.stringify(places));
                app.say('The layout of this graph is saved in this browser.');
            } catch (problem) {
                app.say('The browser has no room to save the layout.');
            }
            return;
        }
        localStorage.removeItem(kept(painted.key));
        const home = (page.home || {})[slot] || {};
        cy.batch(() => cy.nodes().forEach((node) => { if (home[node.id()]) node.position(home[node.id()]); }));
        cy.fit(undefined, 18);
    }

    document.addEventListener('click', (event) => {
        const find = (name) => event.target.closest('[data-mapper-' + name + ']');
        const chosen = find('select');
        if (chosen) { gesture(JSON.parse(chosen.dataset.mapperSelect)); return; }
        const path = find('path');
        if (path) { setPath(page.path && page.path.slot === path.dataset.mapperPath ? null : path.dataset.mapperPath); return; }
        const fit = find('fit');
        if (fit) { const cy = page.cy(fit.dataset.mapperFit); if (cy) cy.fit(undefined, 18); return; }
        const kept_ = find('layout');
        if (kept_) layout(kept_.dataset.mapperLayout, kept_.dataset.do);
    });
})();
