/* Files of the Mapper page. Pictures are made here from what is on screen; everything else is computed by the server. */
(function () {
    'use strict';
    const app = window.topodash, page = app.mapper;

    const save = (name, blob) => app.save(name, blob);

    const ground = () => getComputedStyle(document.documentElement).getPropertyValue('--td-panel').trim() || '#ffffff';
    const round = (value) => Math.round(value * 100) / 100;

    /* The whole graph on paper of its own: a view that is nowhere on the page, at the scale of the layout. */
    function paper(slot) {
        const view = page.view(slot);
        if (!view || !view.graph || !view.graph.n) throw new Error('there is no graph yet');
        const b = view.bounds(), margin = 18, sheet = Object.create(view);
        const scale = Math.max(0.4, Math.min(1.5, 1600 / Math.max(b[2] - b[0], b[3] - b[1])));
        return Object.assign(sheet, {
            scale: scale, left: margin - scale * b[0], top: margin - scale * b[1], moved: null,
            width: scale * (b[2] - b[0]) + 2 * margin, height: scale * (b[3] - b[1]) + 2 * margin,
        });
    }

    function svg(sheet) {
        const style = page.look(), g = sheet.graph, lines = [];
        const at = (k) => sheet.screen(k), on = sheet.marks, width = round(Math.max(0.7, 1.7 * sheet.scale));
        for (let e = 0; e < g.edges.length; e += 3) {
            if (g.edges[e + 2] < sheet.painted.threshold) continue;
            const a = at(g.edges[e]), b = at(g.edges[e + 1]), both = on && on.has(g.edges[e]) && on.has(g.edges[e + 1]);
            lines.push('<line x1="' + round(a.x) + '" y1="' + round(a.y) + '" x2="' + round(b.x) + '" y2="' + round(b.y) + '" stroke="' + (both ? style.on : style.edge) +
                '" stroke-width="' + width + '" stroke-opacity="' + (on && !both ? style.dim : 1) + '"/>');
        }
        const nodes = [...Array(g.n).keys()].map((k) => page.nodeSVG(sheet.shape(k, style), style));
        const w = round(sheet.width), h = round(sheet.height);
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ' + w + ' ' + h + '" width="' + w + '" height="' + h + '">' +
            '<rect width="' + w + '" height="' + h + '" fill="' + ground() + '"/>' + lines.join('') + nodes.join('') + '</svg>';
    }

    function png(sheet) {
        /* Browsers refuse a canvas of more than some hundred million pixels. */
        const times = Math.min(3, 8000 / Math.max(sheet.width, sheet.height));
        const canvas = Object.assign(document.createElement('canvas'), {width: Math.round(times * sheet.width), height: Math.round(times * sheet.height)});
        const context = canvas.getContext('2d');
        context.scale(times, times);
        context.fillStyle = ground();
        context.fillRect(0, 0, sheet.width, sheet.height);
        sheet.draw(context, () => true);
        return new Promise((go, fail) => canvas.toBlob((blob) => (blob ? go(blob) : fail(new Error('the browser made no picture'))), 'image/png'));
    }

    async function picture(slot, kind) {
        const sheet = paper(slot);
        if (kind === 'svg') return save('mapper-graph.svg', new Blob([svg(sheet)], {type: 'image/svg+xml'}));
        return save('mapper-graph.png', await png(sheet));
    }

    async function data(slot, kind, selected) {
        const store = app.mapper.requests[slot];
        if (!store) throw new Error('there is no graph yet');
        const chosen = app.mapper.selection;
        const body = {kind: kind, request: store.request, points: selected && chosen ? chosen.rows[slot] : null};
        for (let tries = 0; tries < 600; tries++) {
            const answer = await fetch('/api/mapper/export', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
            if (answer.status === 202) {
                const told = await answer.json();
                app.say('Preparing the file: ' + (told.message || 'working') + '.');
                await new Promise((then) => setTimeout(then, 500));
                continue;
            }
            if (!answer.ok) {
                const told = await answer.json().catch(() => ({error: 'the server answered ' + answer.status}));
                throw new Error(told.error);
            }
            const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') || '');
            let file = await answer.blob();
            const places = kind === 'json' ? app.mapper.places(slot) : null;
            if (places) file = new Blob([JSON.stringify(Object.assign(JSON.parse(await file.text()), {positions: places}))], {type: file.type});
            return save(name ? name[1] : 'mapper', file);
        }
        throw new Error('it takes too long');
    }

    document.addEventListener('click', (event) => {
        const item = event.target.closest('[data-mapper-export]');
        if (!item) return;
        const kind = item.dataset.mapperExport, slot = item.dataset.slot || 'a';
        const work = kind === 'png' || kind === 'svg' ? picture(slot, kind) : data(slot, kind, item.dataset.selected === '1');
        work.catch((problem) => app.say('The file could not be saved: ' + problem.message));
    });
})();
