/* Pictures are saved by the browser itself, from what is on screen: PNG, SVG, and an HTML file that stands alone.
   A menu item says what it saves: data-export="png|svg|html", data-graph=<id of the dcc.Graph>, data-name=<file name>. */
(function () {
    'use strict';
    const app = (window.topodash = window.topodash || {});

    function save(name, blob) {
        const link = document.createElement('a');
        link.href = URL.createObjectURL(blob);
        link.download = name;
        document.body.appendChild(link);
        link.click();
        link.remove();
        setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    }
    app.save = save;

    app.saveText = (name, text, type) => save(name, new Blob([text], {type: type || 'text/plain'}));

    function plot(id) {
        const holder = document.getElementById(id);
        const graph = holder && (holder.classList.contains('js-plotly-plot') ? holder : holder.querySelector('.js-plotly-plot'));
        return graph && graph.data && graph.data.length ? graph : null;
    }

    const ground = () => getComputedStyle(document.documentElement).getPropertyValue('--td-panel').trim();

    /* The figure as it stands, with what a script painted over it, on a solid ground: most viewers show transparent pictures on
       white or on black. */
    function figure(graph) {
        const layout = Object.assign({}, graph.layout, graph._topodashLayout, {paper_bgcolor: ground(), plot_bgcolor: ground()});
        return {data: graph.data, layout: layout};
    }

    async function picture(graph, format, name) {
        const box = graph.getBoundingClientRect();
        const size = {width: Math.max(320, Math.round(box.width)), height: Math.max(240, Math.round(box.height))};
        const url = await window.Plotly.toImage(figure(graph), Object.assign({format: format, scale: format === 'png' ? 3 : 1}, size));
        const blob = format === 'svg'
            ? new Blob([decodeURIComponent(url.slice(url.indexOf(',') + 1))], {type: 'image/svg+xml'})
            : bytes(url);
        save(name + '.' + format, blob);
    }

    /* A data: address may not be fetched under our own security policy; it is decoded here. */
    function bytes(url) {
        const text = atob(url.slice(url.indexOf(',') + 1));
        return new Blob([Uint8Array.from(text, (letter) => letter.charCodeAt(0))], {type: 'image/png'});
    }

    async function plotlySource() {
        const script = [...document.scripts].find((item) => /plotly(\.min)?\.[^/]*js|plotly.min/.test(item.src));
        const entry = performance.getEntriesByType('resource').find((item) => /plotly.*\.js/.test(item.name) && /package_data|plotly\.min/.test(item.name));
        const address = script ? script.src : entry && entry.name;
        if (!address) throw new Error('plotly.js was not found on this page');
        const answer = await fetch(address);
        if (!answer.ok) throw new Error('plotly.js could not be read again (' + answer.status + ')');
        return answer.text();
    }

    const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

    async function standAlone(graph, name) {
        const source = (await plotlySource()).replace(/<\/script/gi, '<\\/script');
        const json = JSON.stringify(figure(graph), (key, value) => {
            if (ArrayBuffer.isView(value)) return Array.from(value);
            return key.startsWith('_') ? undefined : value;
        }).replace(/</g, '\\u003c');
        save(name + '.html', new Blob([
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>', escape(name),
            '</title><style>html,body,#p{height:100%;margin:0;background:', ground(), '}</style></head><body><div id="p"></div><script>',
            source, '</script><script>var f=', json,
            ';delete f.layout.width;delete f.layout.height;f.layout.autosize=true;',
            'Plotly.newPlot("p",f.data,f.layout,{responsive:true,displaylogo:false,showSendToCloud:false});</script></body></html>',
        ], {type: 'text/html'}));
    }

    app.exportGraph = async function (id, format, name) {
        const graph = plot(id);
        if (!graph) throw new Error('there is no picture to save yet');
        return format === 'html' ? standAlone(graph, name) : picture(graph, format, name);
    };

    /* A sentence at the foot of the window, read aloud; for what a callback does not say. */
    app.say = function (text) {
        let place = document.getElementById('td-said');
        if (!place) {
            place = document.createElement('div');
            place.id = 'td-said';
            place.setAttribute('role', 'status');
            document.body.appendChild(place);
        }
        place.textContent = text;
        clearTimeout(app.saidTimer);
        app.saidTimer = setTimeout(() => { place.textContent = ''; }, 6000);
    };

    document.addEventListener('click', (event) => {
        const item = event.target.closest('[data-export]');
        if (!item) return;
        app.exportGraph(item.dataset.graph, item.dataset.export, item.dataset.name || 'topodash')
            .catch((problem) => app.say('The picture could not be saved: ' + problem.message + '.'));
    });
})();
