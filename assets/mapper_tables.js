/* Tables of the Mapper page, from what pages/mapper/words.py says: a thousand cells as Dash components take seconds. */
(function () {
    'use strict';
    const NUMBER = /^[\d−.,∞–%± e+]+$/;

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
            if (!first && NUMBER.test(String(content))) place.className = 'td-number';
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
        spec.heads.forEach((name, k) => {
            const place = document.createElement('th');
            place.scope = 'col';
            place.textContent = name;
            if (k && spec.rows.length && spec.rows.every((cells) => NUMBER.test(String(cells[k])))) place.className = 'td-number';
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
})();
