/* What is selected lights up in both rings. The drawing of a ring takes long (hundreds of pictures, thousands of edges), so
   it is not drawn anew: it becomes faint as a whole, and the nodes that hold something selected are painted above it. */
(function () {
    'use strict';
    const app = window.topodash;
    const page = app.filters;
    const RIM = '#D55E00'; /* figures/ring_graph.py: SELECTED */
    const FAINT = '0.18';
    const pictures = new Map();
    page.lit = {a: null, b: null};
    page.told = {a: null, b: null};

    function picture(url, then) {
        if (!pictures.has(url)) {
            if (pictures.size > 3000) pictures.clear();
            const image = new Image();
            image.src = url;
            pictures.set(url, image);
        }
        const image = pictures.get(url);
        if (!image.complete) image.addEventListener('load', then, {once: true});
        return image;
    }

    function sheet(slot) {
        const root = document.getElementById('filters-graph-' + slot), around = root && root.parentElement;
        if (!around) return null;
        let canvas = around.querySelector('.filters-lit');
        if (!canvas) {
            canvas = document.createElement('canvas');
            canvas.className = 'filters-lit';
            canvas.setAttribute('aria-hidden', 'true');
            root.after(canvas);
        }
        return canvas;
    }

    function paint(slot) {
        const cy = page.cy(slot), canvas = sheet(slot);
        if (!cy || !canvas || cy.destroyed()) return;
        const root = document.getElementById('filters-graph-' + slot), sharp = window.devicePixelRatio || 1;
        root.style.opacity = page.lit[slot] === null ? '' : FAINT;
        canvas.hidden = page.lit[slot] === null;
        if (canvas.hidden) return;
        const wide = Math.round(root.clientWidth * sharp), high = Math.round(root.clientHeight * sharp);
        if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, {width: wide, height: high});
        const pen = canvas.getContext('2d'), zoom = cy.zoom(), pan = cy.pan();
        pen.setTransform(1, 0, 0, 1, 0, 0);
        pen.clearRect(0, 0, wide, high);
        pen.setTransform(sharp * zoom, 0, 0, sharp * zoom, sharp * pan.x, sharp * pan.y);
        pen.imageSmoothingEnabled = false;
        const told = page.told[slot];
        (told && !page.lit[slot].includes(told) ? [...page.lit[slot], told] : page.lit[slot]).forEach((node) => {
            const data = node.data(), at = node.position(), d = data.d, b = data.b;
            const square = (side, colour) => { pen.fillStyle = colour; pen.fillRect(at.x - side / 2, at.y - side / 2, side, side); };
            if (node !== told || page.lit[slot].includes(node)) square(d + b + 10, RIM);
            square(d + b, data.c);
            const image = picture(data.image, () => later(slot));
            if (image.complete && image.naturalWidth) pen.drawImage(image, at.x - (d - b) / 2, at.y - (d - b) / 2, d - b, d - b);
        });
        if (told) name(pen, told, root);
    }

    /* The name of the node under the pointer: that of the drawing is as faint as the drawing. */
    function name(pen, node, root) {
        const at = node.position(), data = node.data();
        pen.font = '15px system-ui, sans-serif';
        pen.textAlign = 'center';
        pen.lineJoin = 'round';
        pen.lineWidth = 6;
        pen.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue('--td-panel').trim();
        pen.fillStyle = getComputedStyle(root).color;
        pen.strokeText(data.tip, at.x, at.y - data.d / 2 - 12);
        pen.fillText(data.tip, at.x, at.y - data.d / 2 - 12);
    }

    /* One painting a frame, however many events ask for it. */
    const due = {};
    function later(slot) {
        if (due[slot]) return;
        due[slot] = requestAnimationFrame(() => { due[slot] = 0; paint(slot); });
    }
    page.repaint = later;

    page.light = function (rows) {
        const wanted = rows && rows.length ? new Set(rows) : null;
        page.slots.forEach((slot) => {
            const cy = page.cy(slot), held = page.rings[slot];
            const ready = wanted && cy && held && cy.nodes().length === held.length;
            page.lit[slot] = ready ? cy.nodes().filter((node) => held[node.data('k')].some((row) => wanted.has(row))).toArray() : null;
            paint(slot);
        });
    };
})();
