/* Paints what moves on a graph, shapes and annotations in the words of a Plotly layout, on two canvases around the graph's
   own marks: one under them (shapes with layer "below"), one over them. The marks, a thousand points say, are then not
   drawn again with every frame. What was painted stays at `gd._topodashLayout`, where an export finds it. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});
  const DASHES = { dot: [2, 3], dash: [7, 4] };

  function canvas(gd, place) {
    const holder = gd.querySelector(".svg-container"), marks = holder && holder.querySelector(".main-svg");
    if (!marks) return null;
    let found = holder.querySelector(`canvas.live-${place}`);
    if (!found) {
      found = document.createElement("canvas");
      found.className = `live-canvas live-${place}`;
      found.setAttribute("aria-hidden", "true");
      marks[place === "under" ? "before" : "after"](found);
    }
    return found;
  }

  /* A clean canvas of the graph's size, clipped to its axes. */
  function begin(gd, place) {
    const sheet = canvas(gd, place);
    if (!sheet) return null;
    const { width, height, xaxis, yaxis } = gd._fullLayout, ratio = window.devicePixelRatio || 1;
    const w = Math.round(width * ratio), h = Math.round(height * ratio);
    if (sheet.width !== w || sheet.height !== h) {
      sheet.width = w; sheet.height = h;
      sheet.style.width = width + "px"; sheet.style.height = height + "px";
    }
    // Small pictures that change as a whole are painted faster by the processor than by way of the graphics process.
    const pen = sheet.getContext("2d", { willReadFrequently: true });
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, w, h);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.save();
    pen.beginPath();
    pen.rect(xaxis._offset, yaxis._offset, xaxis._length, yaxis._length);
    pen.clip();
    return pen;
  }

  /* Data units to pixels of the graph. */
  function scale(gd) {
    const { xaxis, yaxis } = gd._fullLayout;
    const x0 = xaxis._offset + xaxis.d2p(0), y0 = yaxis._offset + yaxis.d2p(0);
    return new DOMMatrix([xaxis.d2p(1) - xaxis.d2p(0), 0, 0, yaxis.d2p(1) - yaxis.d2p(0), x0, y0]);
  }

  function paintShape(pen, shape, matrix) {
    const words = shape.type === "line" ? `M${shape.x0},${shape.y0}L${shape.x1},${shape.y1}` : shape.path;
    const path = new Path2D();
    path.addPath(new Path2D(words), matrix);
    if (shape.fillcolor) { pen.fillStyle = shape.fillcolor; pen.fill(path); }
    pen.lineWidth = shape.line.width; pen.strokeStyle = shape.line.color;
    pen.setLineDash(DASHES[shape.line.dash] || []);
    pen.stroke(path);
  }

  function paintLabel(pen, label, matrix, family) {
    const at = matrix.transformPoint(new DOMPoint(label.x, label.y)), size = label.font.size;
    pen.font = `${size}px ${family}`;
    const width = pen.measureText(label.text).width + 2 * label.borderpad, height = size + 2 * label.borderpad;
    pen.globalAlpha = label.opacity;
    pen.fillStyle = label.bgcolor;
    pen.fillRect(at.x - width / 2, at.y - height / 2, width, height);
    pen.globalAlpha = 1;
    pen.fillStyle = label.font.color;
    pen.fillText(label.text, at.x, at.y + 0.5);
  }

  function repaint(gd) {
    const picture = gd._topodashLayout, full = gd._fullLayout;
    if (!picture || !full || !full.xaxis || !full.xaxis._length) return;
    const matrix = scale(gd);
    const under = begin(gd, "under"), over = begin(gd, "over");
    if (!under || !over) return;
    for (const shape of picture.shapes) paintShape(shape.layer === "below" ? under : over, shape, matrix);
    over.textAlign = "center"; over.textBaseline = "middle";
    for (const label of picture.annotations) paintLabel(over, label, matrix, full.font.family);
    under.restore(); over.restore();
  }

  /* Shapes: paths and lines. Annotations: words without arrows. Both in data units. */
  live.paint = function (gd, shapes, annotations) {
    gd._topodashLayout = { shapes: shapes, annotations: annotations };
    if (!gd._topodashPaints) {
      gd._topodashPaints = true;
      // The axes move when a person zooms or drags, when the window changes, and when Dash brings another figure.
      for (const event of ["plotly_afterplot", "plotly_relayouting"]) gd.on(event, () => repaint(gd));
    }
    repaint(gd);
  };

  /* Nothing is left of the run that was painted. */
  live.unpaint = function (gd) { if (gd && gd._topodashLayout) { gd._topodashLayout = { shapes: [], annotations: [] }; repaint(gd); } };
})();
