/* Files of the Mapper page. Pictures are made here from what is on screen; everything else is computed by the server. */
(function () {
    'use strict';
    const app = (window.topodash = window.topodash || {});

    const save = (name, blob) => app.save(name, blob);

    const ground = () => getComputedStyle(document.documentElement).getPropertyValue('--td-panel').trim() || '#ffffff';
    const escape = (text) => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
    const round = (value) => Math.round(value * 100) / 100;

    /* One node as SVG, with the same shapes and slices as on screen. */
    function shape(node) {
        const at = node.position(), r = node.width() / 2, border = node.numericStyle('border-width');
        const line = ' stroke="' + node.style('border-color') + '" stroke-width="' + round(border) + '"';
        const title = '<title>' + escape(node.data('tip') || '') + '</title>';
        const circle = (fill) => '<circle cx="' + round(at.x) + '" cy="' + round(at.y) + '" r="' + round(r) + '" fill="' + fill + '"' + line + '>' + title + '</circle>';
        if (!node.hasClass('mixed') || node.hasClass('value')) {
            const fill = node.style('background-color');
            const sides = {diamond: [4, 0], rectangle: [4, 45], triangle: [3, 0], pentagon: [5, 0], hexagon: [6, 30], octagon: [8, 22.5]}[node.style('shape')];
            if (!sides) return circle(fill);
            const far = node.style('shape') === 'rectangle' ? r * Math.SQRT2 : r;
            const corners = [...Array(sides[0]).keys()].map((k) => {
                const angle = ((k / sides[0]) * 360 + sides[1] - 90) * Math.PI / 180;
                return round(at.x + far * Math.cos(angle)) + ',' + round(at.y + far * Math.sin(angle));
            });
            return '<polygon points="' + corners.join(' ') + '" fill="' + fill + '"' + line + '>' + title + '</polygon>';
        }
        let from = 0;
        const slices = [];
        for (let k = 0; k < 6; k++) {
            const share = Number(node.data('s' + k) || 0) / 100;
            if (share <= 0) continue;
            const to = Math.min(1, from + share);
            const point = (turn) => round(at.x + r * Math.sin(2 * Math.PI * turn)) + ' ' + round(at.y - r * Math.cos(2 * Math.PI * turn));
            const colour = k < 5 ? node.data('c' + k) : '#999999';
            slices.push('<path d="M' + round(at.x) + ' ' + round(at.y) + 'L' + point(from) + 'A' + round(r) + ' ' + round(r) + ' 0 ' + (to - from > 0.5 ? 1 : 0) + ' 1 ' + point(to) + 'Z" fill="' + colour + '"/>');
            from = to;
        }
        return slices.join('') + circle('none');
    }

    function svg(cy) {
        const bounds = cy.elements().boundingBox(), margin = 12;
        const lines = cy.edges(':visible').map((edge) => {
            const a = edge.source().position(), b = edge.target().position();
            return '<line x1="' + round(a.x) + '" y1="' + round(a.y) + '" x2="' + round(b.x) + '" y2="' + round(b.y) + '" stroke="' + edge.style('line-color') + '" stroke-width="' + edge.numericStyle('width') + '" stroke-opacity="' + edge.style('opacity') + '"/>';
        });
        const nodes = cy.nodes().map((node) => '<g opacity="' + node.style('opacity') + '">' + shape(node) + '</g>');
        const view = [bounds.x1 - margin, bounds.y1 - margin, bounds.w + 2 * margin, bounds.h + 2 * margin].map(round);
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="' + view.join(' ') + '" width="' + view[2] + '" height="' + view[3] + '">' +
            '<rect x="' + view[0] + '" y="' + view[1] + '" width="' + view[2] + '" height="' + view[3] + '" fill="' + ground() + '"/>' +
            lines.join('') + nodes.join('') + '</svg>';
    }

    async function picture(slot, kind) {
        const cy = app.mapper.cy(slot), painted = app.mapper.painted[slot];
        if (painted && painted.n > 2000) return app.exportGraph('mapper-large-' + slot, kind, 'mapper-graph');
        if (!cy || !cy.nodes().length) throw new Error('there is no graph yet');
        if (kind === 'svg') return save('mapper-graph.svg', new Blob([svg(cy)], {type: 'image/svg+xml'}));
        return save('mapper-graph.png', await cy.png({output: 'blob-promise', full: true, scale: 3, bg: ground()}));
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
