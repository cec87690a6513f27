/* Reads one frame of GET /api/runs/<id>/frame: four letters, the header's length, a JSON header that says where
   each array lies, then the arrays. The layout is written by topodash/web/frames.py. */
(function () {
  "use strict";
  const live = (window.topodashLive = window.topodashLive || {});
  const TYPES = {
    f4: Float32Array, u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, i2: Int16Array,
  };
  const MAGIC = "TDF1";

  live.decodeFrame = function (buffer) {
    const letters = String.fromCharCode.apply(null, new Uint8Array(buffer, 0, 4));
    if (letters !== MAGIC) {
      throw new Error("This frame is of another version of TopoDash; reload the page.");
    }
    const length = new DataView(buffer).getUint32(4, true);
    const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
    const frame = { head: head };
    for (const name of Object.keys(head.arrays)) {
      const [type, shape, offset] = head.arrays[name];
      const count = shape.reduce((a, b) => a * b, 1);
      frame[name] = new TYPES[type](buffer, 8 + length + offset, count);
      frame[name].shape = shape;
    }
    return frame;
  };

  /* The text of a cell's activation pattern: layers apart, as "110" or "110 01". */
  live.patternText = function (frame, cell) {
    const widths = frame.head.widths;
    const units = frame.pattern.shape[1];
    let at = cell * units;
    return widths.map((w) => {
      let word = "";
      for (let i = 0; i < w; i++) word += frame.pattern[at++];
      return word;
    }).join(" ");
  };

  /* Which patterns there are, whatever their order. */
  live.patternSet = function (frame) {
    const units = frame.pattern.shape[1];
    const words = Array.from(frame.rank, (_, cell) => frame.pattern.subarray(cell * units, (cell + 1) * units).join(""));
    return words.sort().join(" ");
  };

  live.firing = function (frame, cell) {
    const units = frame.pattern.shape[1];
    let sum = 0;
    for (let i = 0; i < units; i++) sum += frame.pattern[cell * units + i];
    return sum;
  };

  live.cellOfPattern = function (frame, text) {
    const cells = frame.rank.length;
    for (let cell = 0; cell < cells; cell++) {
      if (live.patternText(frame, cell) === text) return cell;
    }
    return -1;
  };

  /* The cell under a point of the plane: hit-testing a picture of convex polygons. */
  live.cellAt = function (frame, x, y) {
    const { polygon, offsets } = frame;
    for (let cell = 0; cell + 1 < offsets.length; cell++) {
      let inside = false;
      for (let i = offsets[cell], j = offsets[cell + 1] - 1; i < offsets[cell + 1]; j = i++) {
        const xi = polygon[2 * i], yi = polygon[2 * i + 1], xj = polygon[2 * j], yj = polygon[2 * j + 1];
        if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
      }
      if (inside) return cell;
    }
    return -1;
  };

  live.number = function (value, digits) {
    if (!Number.isFinite(value)) return String(value);
    const size = Math.abs(value);
    if (value !== 0 && (size < 1e-3 || size >= 1e5)) return value.toExponential(2);
    return value.toFixed(digits === undefined ? 3 : digits);
  };
})();
