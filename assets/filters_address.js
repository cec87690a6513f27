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
        /* Its selection comes with the address, not with the source that was there before. */
        left() { page.of = undefined; },
    });

    /* Another source, another layer of a file and an opened filter are places that Back returns to; settings, the iteration and what is
       compared change the place where one is: what is compared follows the source by itself, and a file's layer comes after it. */
    function another(before, now) {
        const [a, b] = [new URLSearchParams(before), new URLSearchParams(now)];
        const changed = (name) => a.get(name) !== b.get(name);
        return changed('source') || (a.has('layer') && b.has('layer') && changed('layer')) || (b.has('filter') && changed('filter'));
    }

    function write() {
        const one = page.selection && page.selection.one ? '&filter=' + page.selection.rows[0] : '', now = page.search + one;
        address.write(now, !address.fresh() && another(window.location.search, now));
    }

    /* Before the server has said where a page that was made anew is, what it said last is of another. */
    page.write = () => { if (address.here() && page.search && !address.fresh()) write(); };

    dash.filters.address = (search) => {
        const moved = !address.fresh() && app.differ(page.search, search || '', ['source']);
        page.search = search || '';
        if (moved) page.selection = null;
        if (address.here() && page.search) write();
        return dash.no_update;
    };
})();
