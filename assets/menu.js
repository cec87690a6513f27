/* Menus (components/menu.py): one is open at a time; arrow keys, Home, End and Escape move in it. */
(function () {
    'use strict';
    const idle = (go) => (window.requestIdleCallback || window.setTimeout)(go);

    /* The entries of a menu from what Dash says of it. */
    function fill(list) {
        for (const section of JSON.parse(list.dataset.sections)) {
            const group = document.createElement('div');
            group.setAttribute('role', 'group');
            group.setAttribute('aria-label', section.heading);
            const heading = document.createElement('div');
            heading.className = 'td-menu-heading';
            heading.setAttribute('aria-hidden', 'true');
            heading.textContent = section.heading;
            group.append(heading);
            for (const {label, ...attributes} of section.entries) {
                const item = document.createElement('button');
                Object.entries({...attributes, type: 'button', class: 'td-menu-item', role: 'menuitem', tabindex: '-1'})
                    .forEach(([name, value]) => item.setAttribute(name, value));
                item.textContent = label;
                group.append(item);
            }
            list.append(group);
        }
    }
    const fillAll = () => document.querySelectorAll('.td-menu-list[data-sections]:empty').forEach(fill);
    let asked = false;
    new MutationObserver(() => {
        if (asked) return;
        asked = true;
        idle(() => { asked = false; fillAll(); });
    }).observe(document.documentElement, {childList: true, subtree: true});

    const items = (menu) => [...menu.querySelectorAll('[role="menuitem"]')];
    const opened = () => document.querySelector('.td-menu-button[aria-expanded="true"]');

    function set(button, open, focus) {
        const list = button.parentElement.querySelector('.td-menu-list');
        if (open) fillAll();
        button.setAttribute('aria-expanded', String(open));
        list.hidden = !open;
        if (open && focus) items(list)[0].focus();
        if (!open && focus) button.focus();
    }

    document.addEventListener('click', (event) => {
        const now = opened();
        const button = event.target.closest('.td-menu-button');
        if (now && now !== button) set(now, false);
        if (button) set(button, button !== now, event.detail === 0);
        else if (now && event.target.closest('[role="menuitem"]')) now.focus();
    });

    document.addEventListener('keydown', (event) => {
        const button = opened();
        if (!button) {
            if (event.key === 'ArrowDown' && event.target.classList.contains('td-menu-button')) {
                event.preventDefault();
                set(event.target, true, true);
            }
            return;
        }
        if (event.key === 'Escape' || event.key === 'Tab') {
            if (event.key === 'Escape') event.preventDefault();
            set(button, false, event.key === 'Escape');
            return;
        }
        const all = items(button.parentElement);
        const at = all.indexOf(document.activeElement);
        const next = {ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1}[event.key];
        if (next === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        all.at(next % all.length).focus();
    }, true);
})();
