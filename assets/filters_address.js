/* The address of the Filters page. The server says what it is (`pages/filters/choosing.py`), the script which filter is opened; here
   it becomes a new entry of the history, or the same one written anew (`address.js`). */
(function () {
    'use strict';
    const dash = window.dash_clientside, app = window.topodash, page = app.filters;

    const address = new app.Address({
        path: '/filters', stage: 'filters-graph-a', cursor: ['filter'],
        move(found) {
            const row = Number(found.get('filter'));
            page.choose(found.has('filter') ? {slot: 'a', title: 'Filter ' + row, rows: [row], one: true} : null);
            return true;
        },
    });

    /* Another source, another layer of a file and an opened filter are places that Back returns to; settings, the iteration and what is
       compared change the place where one is: what is compared follows the source by itself, and a file's layer comes after it. */
    const another = (before, now) => others(before, now) || (new URLSearchParams(now).has('filter') && app.differ(before, now, ['filter']));

    /* Whether the filters are others, whatever the iteration. */
    function others(before, now) {
        const [a, b] = [new URLSearchParams(before), new URLSearchParams(now)];
        const layers = a.has('layer') && b.has('layer') && a.get('layer') !== b.get('layer');
        return layers || app.differ(before, now, ['source', 'channels']);
    }

    function write() {
        const one = page.selection && page.selection.one ? '&filter=' + page.selection.rows[0] : '', now = page.search + one;
        address.write(now, !address.fresh() && another(window.location.search, now));
    }

    /* Before the server has said where a page that was made anew is, what it said last is of another. */
    page.write = () => { if (address.here() && page.search && !address.fresh()) write(); };

    dash.filters.address = (search) => {
        /* Filter 99 of another source is another filter; what a page that is made anew brings waits for its ring. */
        const moved = !address.fresh() && others(page.search, search || '');
        page.search = search || '';
        if (moved) page.drop();
        if (address.here() && page.search) write();
        return dash.no_update;
    };
})();
