/* Gestures on a Mapper graph: a click, a box, the two ends of a path; what a node is said to be under the pointer. */
(function () {
    'use strict';
    const app = window.topodash, page = app.mapper;
    page.path = null;

    function setPath(slot) {
        page.path = slot === null ? null : {slot: slot, from: null};
        if (slot !== null) page.stopLasso();
        document.querySelectorAll('[data-mapper-path]').forEach((button) => {
            button.setAttribute('aria-pressed', String(slot !== null && button.dataset.mapperPath === slot));
        });
        if (slot !== null) app.say('Click the first node of the path, then the last.');
    }

    function tip(slot, node) {
        const frame = page.box(slot).closest('.mapper-canvas');
        let place = frame.querySelector('.mapper-tip');
        if (!node) {
            if (place) place.hidden = true;
            return;
        }
        if (!place) {
            place = document.createElement('div');
            place.className = 'mapper-tip';
            frame.appendChild(place);
        }
        const at = node.renderedPosition();
        place.textContent = node.data('tip');
        place.hidden = false;
        place.style.left = Math.max(4, Math.min(at.x + 14, frame.clientWidth - place.offsetWidth - 4)) + 'px';
        place.style.top = Math.max(4, at.y - place.offsetHeight - 10) + 'px';
    }

    function tapped(slot, node, event) {
        const k = node.data('k');
        if (page.path && page.path.slot === slot) {
            if (page.path.from === null) {
                page.path.from = k;
                page.gesture({how: 'node', slot: slot, ks: [k]});
                return;
            }
            const from = page.path.from;
            setPath(null);
            page.gesture({how: 'path', slot: slot, ks: [from, k]});
            return;
        }
        const keys = event.originalEvent || {};
        page.gesture({how: 'node', slot: slot, ks: [k], add: Boolean(keys.shiftKey || keys.ctrlKey || keys.metaKey)});
    }

    page.listen = (slot, cy) => {
        if (cy.scratch('_topodash')) return;
        cy.scratch('_topodash', true);
        /* Dash's own listeners send every element back to the server's side after each change; nothing here reads them. */
        cy.removeAllListeners();
        page.watchRoom(slot);
        cy.autounselectify(false);
        cy.on('tap', (event) => {
            if (event.target === cy) page.gesture({how: 'clear'});
            else if (event.target.isNode && event.target.isNode()) tapped(slot, event.target, event);
        });
        let boxed = [], timer = null;
        cy.on('boxselect', 'node', (event) => {
            boxed.push(event.target.data('k'));
            clearTimeout(timer);
            timer = setTimeout(() => {
                page.gesture({how: 'nodes', slot: slot, ks: boxed});
                boxed = [];
                cy.elements().unselect();
            }, 30);
        });
        cy.on('mouseover', 'node', (event) => tip(slot, event.target));
        cy.on('mouseout viewport drag', () => tip(slot, null));
    };

    page.stopPath = () => { if (page.path) setPath(null); };

    document.addEventListener('click', (event) => {
        const find = (name) => event.target.closest('[data-mapper-' + name + ']');
        const chosen = find('select');
        if (chosen) { page.gesture(JSON.parse(chosen.dataset.mapperSelect)); return; }
        const path = find('path');
        if (path) { setPath(page.path && page.path.slot === path.dataset.mapperPath ? null : path.dataset.mapperPath); return; }
        const fit = find('fit');
        if (fit) { const cy = page.cy(fit.dataset.mapperFit); if (cy) cy.fit(undefined, 18); return; }
    });
})();
