/* The shapes of nodes, one a class so that colour never speaks alone: painted on a canvas, or written as SVG. */
(function () {
    'use strict';
    const page = window.topodash.mapper;
    const TURN = 2 * Math.PI;

    /* Corners of the unit shapes, y downwards; what is not here is a circle. Areas are near the circle's. */
    const regular = (sides, first, far) => [...Array(sides).keys()].map((k) => {
        const angle = TURN * (k / sides + first - 0.25);
        return [far * Math.cos(angle), far * Math.sin(angle)];
    });
    const star = [...Array(10).keys()].map((k) => {
        const angle = TURN * (k / 10 - 0.25), far = k % 2 ? 0.58 : 1.25;
        return [far * Math.cos(angle), far * Math.sin(angle)];
    });
    const arm = 0.42, out = 1.05;
    const CORNERS = {
        diamond: regular(4, 0, 1.22), square: regular(4, 0.125, 1.24), triangle: regular(3, 0, 1.3), pentagon: regular(5, 0, 1.14),
        hexagon: regular(6, 1 / 12, 1.08), star: star, octagon: regular(8, 1 / 16, 1.04), kite: [[0, -1.3], [0.85, -0.3], [0, 1.1], [-0.85, -0.3]],
        cross: [[-arm, -out], [arm, -out], [arm, -arm], [out, -arm], [out, arm], [arm, arm], [arm, out], [-arm, out], [-arm, arm], [-out, arm], [-out, -arm], [-arm, -arm]],
    };

    function outline(context, node) {
        context.beginPath();
        const corners = CORNERS[node.shape];
        if (!corners) { context.arc(node.x, node.y, node.r, 0, TURN); return; }
        corners.forEach(([x, y], k) => context[k ? 'lineTo' : 'moveTo'](node.x + node.r * x, node.y + node.r * y));
        context.closePath();
    }

    page.node = (context, node, style) => {
        context.globalAlpha = node.alpha;
        if (node.on) {
            context.globalAlpha = 0.35;
            context.fillStyle = style.on;
            context.beginPath();
            context.arc(node.x, node.y, node.r + 6, 0, TURN);
            context.fill();
            context.globalAlpha = 1;
        }
        outline(context, node);
        context.fillStyle = node.slices ? style.other : node.fill;
        context.fill();
        if (node.slices) {
            let from = -TURN / 4;
            for (const [colour, share] of node.slices) {
                context.fillStyle = colour;
                context.beginPath();
                context.moveTo(node.x, node.y);
                context.arc(node.x, node.y, node.r, from, from + TURN * share);
                context.fill();
                from += TURN * share;
            }
            outline(context, node);
        }
        context.strokeStyle = node.border;
        context.lineWidth = node.line;
        context.stroke();
    };

    const escape = (text) => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
    const round = (value) => Math.round(value * 100) / 100;

    /* The same node as SVG. */
    page.nodeSVG = (node, style) => {
        const {x, y, r} = node, rim = ' stroke="' + node.border + '" stroke-width="' + round(node.line) + '"';
        const circle = (fill, more) => '<circle cx="' + round(x) + '" cy="' + round(y) + '" r="' + round(r) + '" fill="' + fill + '"' + more + '/>';
        const corners = CORNERS[node.shape];
        let body = '';
        if (node.slices) {
            body = circle(style.other, '');
            let from = 0;
            for (const [colour, share] of node.slices) {
                const to = Math.min(from + share, 1);
                const at = (turn) => round(x + r * Math.sin(TURN * turn)) + ' ' + round(y - r * Math.cos(TURN * turn));
                body += '<path d="M' + round(x) + ' ' + round(y) + 'L' + at(from) + 'A' + round(r) + ' ' + round(r) + ' 0 ' + (to - from > 0.5 ? 1 : 0) + ' 1 ' + at(to) + 'Z" fill="' + colour + '"/>';
                from = to;
            }
            body += circle('none', rim);
        } else if (corners) {
            body = '<polygon points="' + corners.map(([u, v]) => round(x + r * u) + ',' + round(y + r * v)).join(' ') + '" fill="' + node.fill + '"' + rim + '/>';
        } else {
            body = circle(node.fill, rim);
        }
        return '<g opacity="' + node.alpha + '"><title>' + escape(node.tip) + '</title>' + body + '</g>';
    };
})();
