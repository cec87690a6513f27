/* The address of the Mapper page. The server says what it is (`pages/mapper/computing.py`); here it becomes a new entry of the
   history, or the same one written anew (`address.js`). */
(function () {
    'use strict';
    const dash = window.dash_clientside, app = window.topodash, page = app.mapper;
    /* What is chosen is a place that Back returns to; what is typed or drawn along (numbers, the epoch, colours) changes the
       place where one is, unless it was computed by the button or comes from a cell of a sweep: `page.enter`. */
    const ENTERED = ['source', 'run', 'layer', 'part', 'dataset', 'upload', 'lens', 'lens2', 'cover', 'clusterer', 'metric', 'eps_unit', 'beside', 'sweep'];
    const address = new app.Address({path: '/mapper', stage: 'mapper-graph-a', left: () => { page.enter = false; }});

    Object.assign(dash.mapper, {
        address: (search) => {
            if (typeof search !== 'string') return;
            /* What the page itself mends of the address that it was opened with is no new place. */
            const enter = !address.fresh() && (page.enter || app.differ(window.location.search, search, ENTERED));
            page.enter = false;
            address.write(search, enter);
        },
        /* A cell of a sweep was clicked: the settings that follow are another place. */
        cell: (click) => { page.enter = Boolean(click); },
    });
})();
