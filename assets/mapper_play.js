/* Time on the Mapper page: play, back and step over the recorded epochs of a run. */
(function () {
    'use strict';
    const dash = (window.dash_clientside = window.dash_clientside || {});
    const app = window.topodash, page = app.mapper;

    const same = () => dash.no_update;
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
            const key = page.shown.a;
            if (asked === key && waited++ < 20 || (progress && progress.textContent)) return;
            asked = key;
            waited = 0;
            at = Math.min(steps.length - 1, at + stride);
            dash.set_props(slider, {value: steps[at]});
            if (at === steps.length - 1) stopPlaying();
        }, Math.max(120, 400 / Number(speed || 1)));
        return steps[at];
    }


    Object.assign(dash.mapper, {back: go(-1), step: go(1), play: play});
})();
