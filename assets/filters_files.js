/* Files of the Filters page, and the buttons that carry `data-filters-...`. */
(function () {
    'use strict';
    const app = window.topodash;
    const page = app.filters;

    async function picture(slot) {
        const view = page.view(slot);
        if (!view || !view.graph) return app.say('There is no ring to save yet.');
        return app.save('ring-' + slot + '.png', await view.png());
    }

    async function file(kind, slot) {
        const request = page.request && page.request[slot];
        if (!request) return app.say('There is nothing to save yet.');
        const colour = new URLSearchParams(page.search).get('colour') || 'circular';
        const layout = new URLSearchParams(page.search).get('layout') || 'spring';
        const circular = new URLSearchParams(page.search).get('circular') || 'proved';
        const nulls = parseInt((document.getElementById('filters-nulls') || {}).value, 10) || 99;
        const query = new URLSearchParams({circular: circular, nulls: nulls, request: JSON.stringify(request), colour: colour, layout: layout, dark: app.theme && app.theme() === 'dark' ? '1' : '0'});
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
        if (!page.here() || !event.target.closest) return;
        const opened = event.target.closest('[data-filters-open]');
        if (opened) {
            const row = Number(opened.dataset.filtersOpen);
            page.choose({slot: (page.selection && page.selection.slot) || 'a', title: 'Filter ' + row, rows: [row], one: true});
        }
        const fit = event.target.closest('[data-filters-fit]');
        if (fit) {
            const view = page.view(fit.dataset.filtersFit);
            if (view && view.graph) view.fit();
        }
        const save = event.target.closest('[data-filters-export]');
        if (save) {
            const kind = save.dataset.filtersExport;
            if (kind === 'png') picture(save.dataset.slot).catch((problem) => app.say('The picture could not be made: ' + problem.message + '.'));
            else file(kind === 'svg' || kind === 'html' ? 'ring.' + kind : kind, save.dataset.slot);
        }
    });
})();
