/* Files of the Mapper page. Pictures are made here from what is on screen; everything else is computed by the server. */
(function () {
    'use strict';
    const app = window.topodash, page = app.mapper;

    const save = (name, blob) => app.save(name, blob);

    const round = (value) => Math.round(value * 100) / 100;

    function svg(sheet) {
        const style = sheet.look(), g = sheet.graph, lines = [];
        const at = (k) => sheet.screen(k), on = sheet.marks, width = round(Math.max(0.7, 1.7 * sheet.scale));
        for (let e = 0; e < g.edges.length; e += 3) {
            if (g.edges[e + 2] < sheet.least) continue;
            const a = at(g.edges[e]), b = at(g.edges[e + 1]), both = on && on.has(g.edges[e]) && on.has(g.edges[e + 1]);
            lines.push('<line x1="' + round(a.x) + '" y1="' + round(a.y) + '" x2="' + round(b.x) + '" y2="' + round(b.y) + '" stroke="' + (both ? style.on : style.edge) +
                '" stroke-width="' + width + '" stroke-opacity="' + (on && !both ? style.dim : 1) + '"/>');
        }
        const nodes = [...Array(g.n).keys()].map((k) => page.nodeSVG(sheet.shape(k, style), style));
        const w = round(sheet.width), h = round(sheet.height);
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ' + w + ' ' + h + '" width="' + w + '" height="' + h + '">' +
            '<rect width="' + w + '" height="' + h + '" fill="' + app.ground() + '"/>' + lines.join('') + nodes.join('') + '</svg>';
    }

    async function picture(slot, kind) {
        const view = page.view(slot);
        if (!view) throw new Error('there is no graph yet');
        if (kind === 'svg') return save('mapper-graph.svg', new Blob([svg(view.paper())], {type: 'image/svg+xml'}));
        return save('mapper-graph.png', await view.png());
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
