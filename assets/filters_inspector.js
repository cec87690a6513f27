/* The inspector of the Filters page: what the server says of a selection, built here and kept for the next time. */
(function () {
    'use strict';
    const page = window.topodash.filters;
    const seen = new Map();
    const MOST_SEEN = 60;
    const NAMES = {className: 'class', htmlFor: 'for', tabIndex: 'tabindex', colSpan: 'colspan', rowSpan: 'rowspan'};
    let asking = null;

    /* An element of Dash's html components: texts stay texts, nothing is read as markup. */
    function build(tree) {
        if (tree === null || tree === undefined) return document.createTextNode('');
        if (Array.isArray(tree)) {
            const parts = document.createDocumentFragment();
            tree.forEach((each) => parts.append(build(each)));
            return parts;
        }
        if (typeof tree !== 'object') return document.createTextNode(String(tree));
        const element = document.createElement(tree.type);
        for (const [name, value] of Object.entries(tree.props)) {
            if (name === 'children' || value === null || value === false) continue;
            if (name === 'style') Object.assign(element.style, value);
            else element.setAttribute(NAMES[name] || name, value === true ? '' : value);
        }
        if (tree.props.children !== undefined) element.append(build(tree.props.children));
        return element;
    }

    function put(tree) {
        const body = document.getElementById('filters-inspector-body');
        if (!body) return;
        const focused = body.contains(document.activeElement);
        body.replaceChildren(build(tree));
        if (focused) body.focus({preventScroll: true});
    }

    const sentence = (text) => ({type: 'P', props: {className: 'td-empty', children: text}});

    async function ask(key) {
        const mine = (asking = new AbortController());
        for (;;) {
            let answer, tree;
            try {
                answer = await fetch('/api/filters/look', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: key, signal: mine.signal});
                tree = await answer.json();
            } catch (problem) {
                if (mine !== asking || mine.signal.aborted) return;
                return put(sentence('The server does not answer. Click again when it does.'));
            }
            if (mine !== asking) return;
            if (!answer.ok) return put(sentence(tree.error || 'The server answered ' + answer.status + '.'));
            put(tree);
            if (answer.status === 200) {
                seen.set(key, tree);
                if (seen.size > MOST_SEEN) seen.delete(seen.keys().next().value);
                return;
            }
            await new Promise((go) => setTimeout(go, 400));
            if (mine !== asking) return;
        }
    }

    /* Called when something is selected, and when other rings are drawn. */
    page.look = function () {
        if (asking) asking.abort();
        asking = null;
        page.answered = null;
        if (!page.request) {
            if (page.looked) put(sentence('There are no filters to look at.'));
            return;
        }
        const chosen = page.selection;
        if (!chosen || !chosen.rows || !chosen.rows.length) {
            if (page.looked) put(sentence('Nothing is selected. Click a node, a place on the wheel or a filter.'));
            return;
        }
        page.looked = true;
        const key = JSON.stringify({chosen: chosen, ready: page.request});
        if (seen.has(key)) put(seen.get(key));
        else page.answered = ask(key);
    };
})();
