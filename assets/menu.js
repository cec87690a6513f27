/* Menus (components/menu.py): one is open at a time; arrow keys, Home, End and Escape move in it. */
(function () {
    'use strict';
    const items = (menu) => [...menu.querySelectorAll('[role="menuitem"]')];
    const opened = () => document.querySelector('.td-menu-button[aria-expanded="true"]');

    function set(button, open, focus) {
        const list = button.parentElement.querySelector('.td-menu-list');
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
