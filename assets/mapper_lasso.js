/* A lasso on a Mapper graph: an outline over the drawing; the nodes whose middle lies inside it are selected. */
(function () {
    'use strict';
    const app = window.topodash, page = app.mapper;
    const SVG = 'http://www.w3.org/2000/svg';
    let active = null;  /* {slot, sheet, line, points} */

    const sheetOf = (slot) => page.view(slot).host.closest('.mapper-canvas');

    function press(slot) {
        document.querySelectorAll('[data-mapper-lasso]').forEach((button) => {
            button.setAttribute('aria-pressed', String(button.dataset.mapperLasso === slot));
        });
    }

    function stop() {
        if (!active) return;
        active.sheet.remove();
        active = null;
        press(null);
    }
    page.stopLasso = stop;

    const inside = (view, line) => view.where((place) => line.isPointInFill(Object.assign(line.ownerSVGElement.createSVGPoint(), place)));

    function start(slot) {
        page.stopPath();
        stop();
        const sheet = document.createElementNS(SVG, 'svg');
        sheet.setAttribute('class', 'mapper-lasso');
        sheet.setAttribute('aria-hidden', 'true');
        const line = sheet.appendChild(document.createElementNS(SVG, 'polygon'));
        active = {slot: slot, sheet: sheet, line: line, points: null};
        press(slot);
        sheetOf(slot).appendChild(sheet);
        const draw = (event) => {
            const frame = sheet.getBoundingClientRect();
            active.points.push([event.clientX - frame.left, event.clientY - frame.top]);
            line.setAttribute('points', active.points.map((each) => each.join(',')).join(' '));
        };
        sheet.addEventListener('pointerdown', (event) => {
            sheet.setPointerCapture(event.pointerId);
            active.points = [];
            draw(event);
        });
        sheet.addEventListener('pointermove', (event) => { if (active && active.points) draw(event); });
        sheet.addEventListener('pointerup', (event) => {
            if (!active || !active.points) return;
            const found = active.points.length > 2 ? inside(page.view(slot), line) : [];
            active.points = null;
            line.setAttribute('points', '');
            if (found.length) page.gesture({how: 'nodes', slot: slot, ks: found, add: event.shiftKey});
            else app.say('No node lies inside this lasso.');
        });
        sheet.addEventListener('pointercancel', stop);
        app.say('Draw around the nodes; Shift adds to what is selected, Escape ends.');
    }

    document.addEventListener('click', (event) => {
        const button = event.target.closest('[data-mapper-lasso]');
        if (!button) return;
        if (active && active.slot === button.dataset.mapperLasso) stop();
        else start(button.dataset.mapperLasso);
    });
    document.addEventListener('keydown', (event) => {
        if (event.key === 'Escape') { stop(); page.stopPath(); }
    });
})();
