/* The shell's own behaviour: theme, drawers, enlarged panels, the current page's link.
   Pages and other scripts ask `window.topodash.theme()` and listen to the event `topodash:theme`. */
(function () {
    'use strict';
    const root = document.documentElement;
    const dash = (window.dash_clientside = window.dash_clientside || {});
    const app = (window.topodash = window.topodash || {});

    /* What Dash's polyfill took away (`topodash/web/index.py`). */
    for (const [owner, name, native] of window.topodashNatives || []) owner[name] = native;

    /* Dash walks through every component of the page, for every tooltip and every property that changes, to learn
       whether something inside the tooltip changed. Ours hold a button that never does, and a page has fifty: a new
       graph on the Mapper page took seconds. Without this mark a tooltip is redrawn when its own properties change. */
    const mantine = window.dash_mantine_components;
    if (mantine && mantine.Tooltip) delete mantine.Tooltip.dashChildrenUpdate;

    app.theme = () => (root.getAttribute('data-theme') === 'dark' ? 'dark' : 'light');

    /* Mantine changes its own attribute; the rest of the page, the server and the scripts hear of it here. */
    function follow() {
        const look = root.getAttribute('data-mantine-color-scheme');
        if ((look !== 'light' && look !== 'dark') || look === root.getAttribute('data-theme')) return;
        root.setAttribute('data-theme', look);
        document.cookie = 'topodash_theme=' + look + '; path=/; max-age=31536000; SameSite=Lax';
        if (dash.set_props) dash.set_props('theme', {data: look});
        document.dispatchEvent(new CustomEvent('topodash:theme', {detail: look}));
    }
    new MutationObserver(follow).observe(root, {attributes: true, attributeFilter: ['data-mantine-color-scheme']});

    /* Drawers. A button names its drawer in data-drawer; Escape closes one that lies over the page. */
    const narrow = window.matchMedia('(max-width: 700px)');
    const over = (drawer) => getComputedStyle(drawer).position === 'fixed';

    app.drawer = function (id, open) {
        const drawer = document.getElementById(id);
        if (!drawer) return;
        const before = drawer.dataset.open === '1';
        const now = open === undefined ? !before : open;
        drawer.dataset.open = now ? '1' : '0';
        document.querySelectorAll('.td-drawer-button').forEach((button) => {
            if (button.dataset.drawer === id) button.setAttribute('aria-expanded', String(now));
        });
        if (now && !before && over(drawer)) {
            document.querySelectorAll('.td-drawer').forEach((other) => {
                if (other !== drawer && over(other)) app.drawer(other.id, false);
            });
            const close = drawer.querySelector('.td-drawer-close');
            if (close && open === undefined) close.focus();
        }
        window.dispatchEvent(new Event('resize'));
    };

    function closeOverlay() {
        const open = [...document.querySelectorAll('.td-drawer[data-open="1"]')].find(over);
        if (!open) return false;
        app.drawer(open.id, false);
        const opener = document.querySelector('.td-drawer-button[data-drawer="' + open.id + '"]');
        if (opener) opener.focus();
        return true;
    }

    /* On a phone the stage comes first: drawers start closed there. */
    function tidy() {
        if (!narrow.matches) return;
        document.querySelectorAll('.td-drawer[data-open="1"]').forEach((drawer) => {
            if (!drawer.dataset.seen) app.drawer(drawer.id, false);
            drawer.dataset.seen = '1';
        });
    }
    new MutationObserver(tidy).observe(document.body || root, {childList: true, subtree: true});

    function enlarge(panel, on) {
        panel.dataset.enlarged = on ? '1' : '0';
        const button = panel.querySelector('.td-enlarge');
        if (button) button.setAttribute('aria-pressed', String(on));
        window.dispatchEvent(new Event('resize'));
    }

    /* data-copy holds an address of this application; what is copied is the whole link. */
    async function copy(address) {
        const link = new URL(address, window.location.origin).href;
        try {
            await navigator.clipboard.writeText(link);
            app.say('The link is copied.');
        } catch (problem) {
            window.prompt('Copy this link', link);
        }
    }

    document.addEventListener('click', (event) => {
        const copied = event.target.closest('[data-copy]');
        if (copied) {
            copy(copied.dataset.copy);
            return;
        }
        const drawer = event.target.closest('[data-drawer]');
        if (drawer) {
            if (drawer.classList.contains('td-drawer-close')) closeOverlay() || app.drawer(drawer.dataset.drawer, false);
            else app.drawer(drawer.dataset.drawer);
            return;
        }
        const button = event.target.closest('.td-enlarge');
        if (button) {
            const panel = button.closest('.td-panel');
            enlarge(panel, panel.dataset.enlarged !== '1');
        }
    });

    document.addEventListener('keydown', (event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) {
            const panel = document.querySelector('.td-panel[data-enlarged="1"]');
            if (panel) {
                enlarge(panel, false);
                panel.querySelector('.td-enlarge').focus();
            } else closeOverlay();
        }
    }, true);

    /* After each change of page. */
    let arrived = false;
    dash.topodash = Object.assign({}, dash.topodash, {
        routed: function (path) {
            const here = (path || '/').replace(/(.)\/$/, '$1');
            document.querySelectorAll('.td-nav-link').forEach((link) => {
                if (link.getAttribute('href') === here) link.setAttribute('aria-current', 'page');
                else link.removeAttribute('aria-current');
            });
            follow();
            if (arrived) {
                window.scrollTo(0, 0);
                setTimeout(() => {
                    const title = document.getElementById('td-title');
                    if (title) title.focus({preventScroll: true});
                }, 250);
            }
            arrived = true;
            return here;
        },
    });
})();
