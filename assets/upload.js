/* Upload zones (components/upload.py): a file chosen or dropped is sent as it is, with its progress and its errors said. */
(function () {
    'use strict';

    const megabytes = (count) => (count / 1e6).toFixed(count < 1e7 ? 1 : 0) + ' MB';

    function say(zone, text, bad) {
        const place = zone.querySelector('.td-upload-said');
        place.textContent = text;
        place.classList.toggle('td-upload-bad', Boolean(bad));
    }

    /* What the page says of an earlier file would stand beside what is said of this one. */
    function forget(zone) {
        const place = zone.dataset.said && document.getElementById(zone.dataset.said);
        if (place && place.querySelector('.td-notice-error')) window.dash_clientside.set_props(zone.dataset.said, {children: null});
    }

    function answer(request) {
        try {
            return JSON.parse(request.responseText);
        } catch (problem) {
            return {error: 'The server answered ' + request.status + ' without saying why.'};
        }
    }

    function send(zone, file) {
        if (zone.dataset.busy === '1') return;
        forget(zone);
        const most = Number(zone.dataset.max);
        if (file.size > most) {
            say(zone, file.name + ' has ' + megabytes(file.size) + '; at most ' + megabytes(most) + ' are taken.', true);
            return;
        }
        if (file.size === 0) {
            say(zone, file.name + ' is empty.', true);
            return;
        }
        zone.dataset.busy = '1';
        const request = new XMLHttpRequest();
        request.open('POST', zone.dataset.route + '?name=' + encodeURIComponent(file.name));
        request.setRequestHeader('Content-Type', 'application/octet-stream');
        request.upload.onprogress = (event) => {
            if (event.lengthComputable) say(zone, file.name + ': ' + Math.round((100 * event.loaded) / event.total) + ' % sent');
        };
        request.onload = () => {
            zone.dataset.busy = '0';
            const told = answer(request);
            if (request.status >= 400) {
                say(zone, (told.error.startsWith(file.name) ? '' : file.name + ': ') + told.error, true);
                return;
            }
            /* It is here; whether it can be used is the page's to say. */
            say(zone, '');
            window.dash_clientside.set_props(zone.dataset.store, {data: Object.assign({at: Date.now()}, told)});
        };
        request.onerror = () => {
            zone.dataset.busy = '0';
            say(zone, file.name + ' could not be sent; the server cannot be reached, or it refused the file.', true);
        };
        say(zone, file.name + ': sending');
        request.send(file);
    }

    document.addEventListener('click', (event) => {
        const button = event.target.closest('.td-upload-button');
        if (!button) return;
        const zone = button.closest('.td-upload');
        const chooser = document.createElement('input');
        chooser.type = 'file';
        chooser.accept = zone.dataset.accept;
        chooser.hidden = true;
        chooser.addEventListener('change', () => {
            if (chooser.files.length) send(zone, chooser.files[0]);
            chooser.remove();
        });
        chooser.addEventListener('cancel', () => chooser.remove());
        document.body.appendChild(chooser);
        chooser.click();
    });

    const zoneOf = (event) => (event.target.closest ? event.target.closest('.td-upload') : null);
    const hasFile = (event) => event.dataTransfer && [...event.dataTransfer.types].includes('Files');

    ['dragenter', 'dragover'].forEach((name) => document.addEventListener(name, (event) => {
        if (!hasFile(event)) return;
        /* A file dropped beside the zone must not replace the whole page. */
        event.preventDefault();
        const zone = zoneOf(event);
        event.dataTransfer.dropEffect = zone ? 'copy' : 'none';
        document.querySelectorAll('.td-upload').forEach((each) => each.classList.toggle('td-upload-over', each === zone));
    }));
    document.addEventListener('dragleave', (event) => {
        const zone = zoneOf(event);
        if (zone && !zone.contains(event.relatedTarget)) zone.classList.remove('td-upload-over');
    });
    document.addEventListener('drop', (event) => {
        if (!hasFile(event)) return;
        event.preventDefault();
        const zone = zoneOf(event);
        document.querySelectorAll('.td-upload').forEach((each) => each.classList.remove('td-upload-over'));
        if (zone && event.dataTransfer.files.length) send(zone, event.dataTransfer.files[0]);
    });
})();
