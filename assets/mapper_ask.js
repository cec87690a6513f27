/* What the Mapper page asks for: settings go to a route of the server, its pictures are drawn, and those of the last settings
   are kept, so that a return to them costs no request. One question is on its way at a time; of those that came up meanwhile
   only the newest is asked. */
(function () {
    'use strict';
    const dash = window.dash_clientside, page = window.topodash.mapper;
    const FIELDS = ['run', 'layer', 'slider', 'info', 'upload', 'columns', 'label', 'lens_column'];  /* as `chosen_inputs` has them */
    const KEPT = 30, LETTERS = 12e6;
    const SLOTS = ['a', 'b'];
    const place = (id) => document.getElementById(id);

    /* Pictures by the settings that they are of, the last used last; as many as fit. */
    const memory = new Map();
    function keep(key, found, size) {
        if (size > LETTERS / 2) return;
        memory.delete(key);
        memory.set(key, {found: found, size: size});
        let sum = 0;
        memory.forEach((each) => { sum += each.size; });
        for (const [old, each] of memory) {
            if (memory.size <= KEPT && sum <= LETTERS) break;
            memory.delete(old);
            sum -= each.size;
        }
    }
    function known(key) {
        const each = memory.get(key);
        if (!each) return null;
        memory.delete(key);
        memory.set(key, each);
        return each.found;
    }
    page.memory = memory;

    /* What this page shows and asks for; anew with every page that Dash makes. */
    let now = null;
    const fresh = (request) => ({
        host: place('mapper-graph-a'), request: request || {a: null, b: null}, pictures: {}, errors: {},
        busy: false, question: null, next: null, wake: () => {},
    });
    const alive = (state) => state === now && state.host && state.host.isConnected;

    const say = (id, words) => { const at = place(id); if (at && at.textContent !== words) at.textContent = words; };
    function working(on, words) {
        say('mapper-progress', words || '');
        const cancel = place('mapper-cancel');
        if (cancel) cancel.hidden = !on;
    }

    function blame(errors) {
        for (const name of new Set([...Object.keys(now.errors), ...Object.keys(errors)])) {
            if (now.errors[name] !== errors[name]) dash.set_props({page: 'mapper', control: name}, {error: errors[name] || null});
        }
        now.errors = errors;
    }

    /* The request is Dash's to know once the picture is there: each change of a property costs every component a look. */
    function put(request) {
        const state = now;
        if (JSON.stringify(state.request) === JSON.stringify(request)) { page.enter = false; return; }
        state.request = request;
        requestAnimationFrame(() => setTimeout(() => { if (alive(state)) dash.set_props('mapper-request', {data: state.request}); }, 30));
    }

    function show(slot, picture) {
        now.pictures[slot] = picture;
        page.draw(slot, picture);
    }

    /* Of the run: the newest recorded step that is not after the slider. */
    function stepOf(info, run, slider) {
        if (!info || info.run !== run || !info.steps.length) return null;
        let found = info.steps[0];
        for (const step of info.steps) if (step <= slider) found = step;
        return found;
    }

    async function post(route, body) {
        try {
            const answer = await fetch('/api/mapper/' + route, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
            const text = await answer.text(), found = JSON.parse(text);
            return answer.ok ? Object.assign(found, {size: text.length}) : {problem: found.error};
        } catch (failure) {
            return {problem: 'The server does not answer. Is it still running?'};
        }
    }
    const drop = (request) => post('cancel', request);
    const pause = (state, milliseconds) => new Promise((go) => { state.wake = go; setTimeout(go, milliseconds); });

    /* Ask until the answer is there, or another question has come up. */
    async function ask(question) {
        const state = now;
        state.next = question;
        if (state.busy) { state.wake(); return; }
        state.busy = true;
        while (state.next && alive(state)) {
            question = state.question = state.next;
            state.next = null;
            let body = question.body;
            for (let tries = 1; ; tries++) {
                const have = {};
                for (const slot of SLOTS) if (state.pictures[slot]) have[slot] = state.pictures[slot].key;
                const found = await post('graphs', Object.assign({have: have}, body));
                if (!alive(state)) return;
                if (question.stopped) break;
                take(question, found, Boolean(state.next));
                if (!found.working) break;
                /* Asking is waiting, too: the server holds the question for a moment. */
                await pause(state, Math.min(400, 40 * tries));
                if (question.stopped || state.next) { drop(found.request); break; }
                body = Object.assign({request: found.request}, question.look);
            }
        }
        state.busy = false;
        state.question = null;
    }

    /* Nothing of what is on its way is wanted any more. */
    function stop() {
        now.next = null;
        if (now.question) now.question.stopped = true;
        now.wake();
    }

    function take(question, found, more) {
        if (found.problem) { working(false, found.problem); now.key = null; return; }
        const errors = Object.keys(found.errors).length > 0;
        blame(found.errors);
        if (found.said.length || now.said) {
            now.said = found.said.length > 0;
            dash.set_props('mapper-said', {children: found.said});
        }
        if (!errors) {
            if (found.pictures.a && question.key) keep(question.key, found.pictures.a, found.size);
            put(found.request);
        }
        for (const slot of SLOTS) if (found.pictures[slot]) show(slot, found.pictures[slot]);
        if (!more || !found.working) working(found.working, found.progress);
    }

    /* ---- what Dash calls ------------------------------------------------------------------------------------- */

    function compose(...given) {
        page.given = given;
        const [clicks, auto, colour, threshold, request] = given.slice(-5);
        const values = given.slice(0, -5 - FIELDS.length), chosen = {};
        FIELDS.forEach((name, k) => { chosen[name] = given[values.length + k]; });
        if (!now || now.host !== place('mapper-graph-a')) { now = fresh(request); now.clicks = clicks; }
        const pressed = clicks !== now.clicks;
        now.clicks = clicks;
        const step = stepOf(chosen.info, chosen.run, chosen.slider);
        const from = {run: chosen.run, layer: chosen.layer, step: step, upload: (chosen.upload || {}).id, columns: chosen.columns || [], label: chosen.label, lens_column: chosen.lens_column};
        if (now.request.a && !auto && !pressed) { say('mapper-words', 'Settings changed; press Compute.'); return; }
        say('mapper-words', '');
        const look = {colour: colour, threshold: threshold}, key = JSON.stringify([values, from, look]);
        if (!pressed && key === now.key) { page.enter = false; return; }
        if (pressed) page.enter = true;
        now.key = key;
        const found = pressed ? null : known(key), other = now.request.b;
        if (!found) {
            ask({key: key, look: look, body: Object.assign({values: values, chosen: from, beside: other, again: pressed}, look)});
            return;
        }
        stop();
        working(false, '');
        blame({});
        if (!now.pictures.a || now.pictures.a.key !== found.key) show('a', found);
        put({a: found.request, b: other});
        if (other && !now.pictures.b) ask({look: look, body: Object.assign({request: now.request}, look)});
    }

    function beside(keep, close) {
        if (!now || !now.request.a || !now.pictures.a) return;
        const kept = (keep || 0) !== (now.kept || 0);
        now.kept = keep || 0;
        now.closed = close || 0;
        if (kept) {
            page.reveal(true);
            show('b', now.pictures.a);
            put({a: now.request.a, b: now.pictures.a.request});
        } else {
            page.reveal(false);
            show('b', null);
            put({a: now.request.a, b: null});
        }
    }

    /* The second graph has a place: at once, not when Dash has heard of it. */
    page.reveal = (on) => ['mapper-view-b', 'mapper-space-b-panel'].forEach((id) => dash.set_props(id, {hidden: !on}));

    document.addEventListener('click', (event) => {
        if (!event.target.closest('#mapper-cancel') || !now) return;
        stop();
        now.key = null;
        working(false, 'cancelled; press Compute to try again');
        drop(now.request);
    });

    /* The switch and what colours the nodes, as they stand: `compose` is not called for them. */
    function looked(...look) { if (page.given) page.given.splice(-4, 3, ...look); }

    /* A number that was just typed: its graph first, then Dash. The controls stand in the order of the table. */
    document.addEventListener('topodash:control', (event) => {
        const {id, value} = event.detail;
        if (id.page !== 'mapper' || !now || now.host !== place('mapper-graph-a')) return;
        const names = [...document.querySelectorAll('.td-page-mapper .td-controls [data-control]')].map((each) => each.dataset.control);
        if (names.length !== page.given.length - 5 - FIELDS.length || !names.includes(id.control)) return;
        event.preventDefault();
        const given = page.given.slice();
        given[names.indexOf(id.control)] = value;
        compose(...given);
    });

    Object.assign(dash.mapper, {looked: looked, compose: (...given) => { compose(...given); return dash.no_update; }, beside: beside});
})();
