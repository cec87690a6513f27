/* The timeline of the Filters page steps over recorded iterations, and plays them no faster than they are drawn. */
(function () {
    'use strict';
    const dash = (window.dash_clientside = window.dash_clientside || {});
    const page = window.topodash.filters;
    const SLIDER = {page: 'filters', timeline: 'slider'};

    function stepBy(by) {
        const moments = page.moments;
        if (!moments || moments.steps.length < 2) return false;
        const now = page.at === undefined ? moments.steps.length - 1 : page.at;
        const next = Math.min(moments.steps.length - 1, Math.max(0, now + by));
        dash.set_props(SLIDER, {value: moments.steps[next]});
        page.at = next;
        return next > 0 && next < moments.steps.length - 1;
    }

    /* One moment has no timeline, and only what grows has a newest iteration to follow (filters.css). */
    function stamp(kind, tries) {
        const root = document.querySelector('.td-page-filters');
        if (root) root.dataset.moments = kind;
        else if (tries > 0) setTimeout(() => stamp(kind, tries - 1), 50);
    }

    function halt() {
        clearTimeout(page.player);
        page.player = null;
    }

    /* The next iteration waits until this one is drawn. */
    function playOn() {
        if (!page.here() || !stepBy(1)) return halt();
        page.waiting = true;
        return undefined;
    }

    dash.filters = Object.assign(dash.filters || {}, {
        moments(data) {
            page.moments = data;
            stamp(!data || data.live ? 'live' : data.steps.length < 2 ? 'one' : 'recorded', 100);
            if (data && (page.at === undefined || page.at >= data.steps.length)) page.at = data.steps.length - 1;
            return dash.no_update;
        },
        /* Train is at the foot of Setup; what the training does is said beside its name, at the top. */
        source(value) {
            const select = value && value.startsWith('run:') && document.getElementById('filters-source');
            if (select) select.scrollIntoView({block: 'nearest'});
            return dash.no_update;
        },
        ready(data) {
            page.request = data;
            page.look();
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
    });

    document.addEventListener('click', (event) => {
        const recorded = page.here() && event.target.closest && event.target.closest('.td-page-filters .td-mark');
        if (recorded && page.moments) {
            const id = JSON.parse(recorded.id);
            page.at = page.moments.steps.indexOf(id.mark);
            dash.set_props(SLIDER, {value: id.mark});
        }
    });
})();
