// The three pictures: the plane with the output over it, the network, and the learning curve.

import { deltas, forward, makeNetwork } from "./playground_engine.js";
import { digits } from "./playground_formulas.js";

export const RED = "#9c1f05"; // points and lines, dark on pale surfaces
export const BLUE = "#00507d";
const LOW = [240, 168, 147],
  MIDDLE = [250, 250, 250],
  HIGH = [147, 196, 230];
const GRID = 48,
  WORK = 4e6; // points along a side; products a picture
const MANY = 3000; // from so many weights on, weak ones are not drawn

/** The colour of an output between 0 (red) and 1 (blue). */
export function colour(value) {
  const [from, to, t] = value < 0.5 ? [LOW, MIDDLE, 2 * value] : [MIDDLE, HIGH, 2 * value - 1];
  return from.map((part, i) => Math.round(part + t * (to[i] - part)));
}

/** How many grid points along a side one can afford for so many weights. */
export const gridSize = (weights) =>
  Math.max(12, Math.min(GRID, Math.floor(Math.sqrt(WORK / weights))));

/** The range of the plane: that of the points, and 8 % more on each side. */
export function planeRange(X, axes) {
  return axes.map((axis) => {
    let low = Infinity,
      high = -Infinity;
    for (const x of X) {
      low = Math.min(low, x[axis]);
      high = Math.max(high, x[axis]);
    }
    const margin = 0.08 * (high > low ? high - low : 1);
    return [low - margin, high + margin];
  });
}

/** The output of every unit over a grid: units[l][j][row · size + column], row 0 lowest. */
export function surfaces(net, range, axes, middle, size) {
  const inputs = middle.map((value) => new Float64Array(size * size).fill(value));
  for (let k = 0; k < size * size; k++) {
    const at = [k % size, Math.floor(k / size)];
    axes.forEach((axis, i) => {
      const [low, high] = range[i];
      inputs[axis][k] = low + (at[i] / (size - 1)) * (high - low);
    });
  }
  const units = [inputs];
  net.W.forEach((W, l) => units.push(layerOver(units[l], W, net.layers[l + 1], net.bias[l])));
  return units;
}

function layerOver(inputs, W, width, bias) {
  return Array.from({ length: width }, (_, j) => {
    const z = new Float64Array(inputs[0].length).fill(bias ? W[inputs.length * width + j] : 0);
    inputs.forEach((a, i) => {
      const w = W[i * width + j];
      for (let k = 0; k < z.length; k++) z[k] += a[k] * w;
    });
    for (let k = 0; k < z.length; k++) z[k] = 1 / (1 + Math.exp(-z[k]));
    return z;
  });
}

/** Where values on a grid pass one half: pieces [[x0, y0], [x1, y1]] in grid steps. */
export function halfLine(values, size) {
  const pieces = [];
  for (let y = 0; y + 1 < size; y++) {
    for (let x = 0; x + 1 < size; x++) {
      const corners = [
        [x, y],
        [x + 1, y],
        [x + 1, y + 1],
        [x, y + 1],
      ];
      const heights = corners.map(([i, j]) => values[j * size + i] - 0.5),
        found = [];
      for (let k = 0; k < 4; k++) {
        const a = heights[k],
          b = heights[(k + 1) % 4],
          [x0, y0] = corners[k],
          [x1, y1] = corners[(k + 1) % 4];
        if (a > 0 !== b > 0)
          found.push([x0 + (a / (a - b)) * (x1 - x0), y0 + (a / (a - b)) * (y1 - y0)]);
      }
      for (let k = 0; k + 1 < found.length; k += 2) pieces.push([found[k], found[k + 1]]);
    }
  }
  return pieces;
}

/** Round numbers between low and high, some `count` of them. */
export function ticks(low, high, count = 5) {
  const rough = (high - low) / count,
    power = 10 ** Math.floor(Math.log10(rough));
  const stepSize = power * [1, 2, 5, 10].find((m) => m * power >= rough);
  const first = Math.ceil(low / stepSize),
    found = [];
  for (let k = first; k * stepSize <= high + 1e-9 * stepSize; k++)
    found.push(Number((k * stepSize).toPrecision(12)));
  return found;
}

/** Round numbers on a logarithmic axis: powers of ten, and more between them where few fit. */
export function logTicks(low, high) {
  const inside = (factors) => {
    const found = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
      for (const factor of factors) found.push(Number(`${factor}e${power}`));
    }
    return found.filter((value) => value >= low * 0.999 && value <= high * 1.001);
  };
  const choices = [[1], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 6, 8]].map(inside);
  return (
    choices.find((found) => found.length >= 3) ??
    inside([...Array(90).keys()].map((k) => 1 + k / 10))
  );
}

/** Colours of lines: lighter ones where the page is dark, which its ink tells. */
export function palette(ink) {
  const light = (ink.match(/[\d.]+/g) ?? [0, 0, 0]).slice(0, 3).every((part) => part > 140);
  return light ? { red: "#ff8f73", blue: "#74c0f5" } : { red: RED, blue: BLUE };
}

/** A cleared context in CSS pixels, sharp on every screen, and the canvas's size. */
function sheet(canvas) {
  const { width, height } = canvas.getBoundingClientRect(),
    ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.font = "11px sans-serif";
  context.textBaseline = "middle";
  const style = getComputedStyle(canvas);
  return { context, width, height, ink: style.color };
}

const pictures = new WeakMap();

/** Values on a grid as a small picture; one canvas a unit is kept. */
function surfacePicture(key, values, size) {
  let kept = pictures.get(key);
  if (!kept) pictures.set(key, (kept = new Map()));
  return (unit) => {
    if (!kept.has(unit)) kept.set(unit, document.createElement("canvas"));
    const picture = kept.get(unit);
    if (picture.width !== size) picture.width = picture.height = size;
    const context = picture.getContext("2d"),
      image = context.createImageData(size, size);
    for (let k = 0; k < size * size; k++) {
      const row = size - 1 - Math.floor(k / size);
      image.data.set(colour(values[k]), 4 * (row * size + (k % size)));
      image.data[4 * k + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    return picture;
  };
}

/** Pixels and coordinates of the plane, one into the other. */
export function planeFrame(width, height, range) {
  const box = { left: 38, top: 6, width: width - 46, height: height - 42 };
  const [[low0, high0], [low1, high1]] = range;
  return {
    box,
    toPixels: ([x0, x1]) => [
      box.left + ((x0 - low0) / (high0 - low0)) * box.width,
      box.top + ((high1 - x1) / (high1 - low1)) * box.height,
    ],
    fromPixels: (px, py) => [
      low0 + ((px - box.left) / box.width) * (high0 - low0),
      high1 - ((py - box.top) / box.height) * (high1 - low1),
    ],
  };
}

/** A point's mark: circle red (0), triangle blue (1); hollow if it is held out. */
function mark(context, [px, py], label, hollow, large, size) {
  context.beginPath();
  if (label) {
    context.moveTo(px, py - 6.5 * size);
    context.lineTo(px + 6 * size, py + 4.5 * size);
    context.lineTo(px - 6 * size, py + 4.5 * size);
    context.closePath();
  } else {
    context.arc(px, py, 5 * size, 0, 7);
  }
  context.fillStyle = hollow ? "white" : label ? BLUE : RED;
  context.fill();
  context.lineWidth = large ? 3 : hollow ? 2 : 1;
  context.strokeStyle = large ? "black" : hollow ? (label ? BLUE : RED) : "white";
  context.stroke();
}

function axis(context, { box }, range, names, ink, pixels) {
  context.fillStyle = ink;
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.strokeRect(box.left, box.top, box.width, box.height);
  context.textAlign = "center";
  for (const value of ticks(...range[0])) {
    context.fillText(String(value), pixels([value, range[1][0]])[0], box.top + box.height + 10);
  }
  context.fillText(names[0], box.left + box.width / 2, box.top + box.height + 26);
  context.textAlign = "right";
  for (const value of ticks(...range[1])) {
    context.fillText(String(value), box.left - 4, pixels([range[0][0], value])[1]);
  }
  context.save();
  context.translate(7, box.top + box.height / 2 - 16); // beside the number in the middle
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText(names[1], 0, 0);
  context.restore();
}

/** The output whose targets the marks show: the first one, or the one that is shown large. */
export function outputShown({ net, unit }) {
  return unit && unit[0] === net.layers.length - 1 ? unit[1] : 0;
}

/** The plane: one unit's output in colours, its line of one half, points, axes and the cursor. */
export function drawPlane(canvas, view) {
  const { context, width, height, ink } = sheet(canvas),
    { state, range, axes, units, size } = view;
  const frame = planeFrame(width, height, range),
    { box, toPixels } = frame;
  const [l, j] = view.unit ?? [units.length - 1, 0],
    values = units[l][j];
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  const cell = [box.width / (size - 1), box.height / (size - 1)]; // the outer values lie on the rim
  context.drawImage(
    surfacePicture(canvas, values, size)("plane"),
    box.left - cell[0] / 2,
    box.top - cell[1] / 2,
    box.width + cell[0],
    box.height + cell[1],
  );
  context.beginPath();
  const place = ([x, y]) => [box.left + x * cell[0], box.top + box.height - y * cell[1]];
  for (const [from, to] of halfLine(values, size)) {
    context.moveTo(...place(from));
    context.lineTo(...place(to));
  }
  context.strokeStyle = "black";
  context.lineWidth = 1.5;
  context.stroke();
  const at = (x) => toPixels([x[axes[0]], x[axes[1]]]),
    k = outputShown(view),
    marks = state.X.length > 200 ? 0.65 : 1; // many are drawn smaller
  state.XTest.forEach((x, s) => mark(context, at(x), state.TTest[s][k] > 0.5, true, false, marks));
  state.X.forEach((x, s) =>
    mark(context, at(x), state.T[s][k] > 0.5, false, s === view.sample, marks),
  );
  if (view.cursor) {
    const [px, py] = toPixels(view.cursor);
    context.beginPath();
    context.moveTo(px - 9, py);
    context.lineTo(px + 9, py);
    context.moveTo(px, py - 9);
    context.lineTo(px, py + 9);
    context.stroke();
  }
  context.restore();
  axis(
    context,
    frame,
    view.shownRange ?? range,
    view.names,
    ink,
    view.shownRange ? planeFrame(width, height, view.shownRange).toPixels : toPixels,
  );
}

/** Where the units are drawn: places[l][i] = [x, y, half of the side]; a bias's 1 comes last. */
export function graphPlaces({ layers, bias }, width, height) {
  return layers.map((n, l) => {
    const rows = n + (bias[l] ? 1 : 0),
      space = Math.min(46, (height - 30) / rows);
    const x = 22 + (l * (width - 44)) / (layers.length - 1),
      half = Math.max(1.5, Math.min(17, space / 2 - 3));
    return Array.from({ length: rows }, (_, i) => [
      x,
      height / 2 + (i - (rows - 1) / 2) * space,
      half,
    ]);
  });
}

/** The network's gradients ∂E/∂W[l] and deltas at one sample. */
export function backwardNumbers(net, x, yTrue) {
  forward(net, x);
  deltas(net, yTrue, 1);
  const gradients = net.W.map((W, l) => {
    const m = net.layers[l + 1];
    return W.map((_, k) => (net.a[l][Math.floor(k / m)] ?? 1) * net.delta[l + 1][k % m]);
  });
  return { gradients, deltas: net.delta };
}

const largestOf = (values) =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-300);

function drawWeights(context, view, places, ink) {
  const { net } = view,
    { red, blue } = palette(ink),
    shown = view.backward ? view.backward.gradients : net.W;
  const most = view.backward
    ? shown.map(largestOf)
    : shown.map(() => Math.max(...net.W.map(largestOf)));
  const least = net.vector.length > MANY ? 0.3 : 0;
  shown.forEach((values, l) =>
    values.forEach((value, k) => {
      const share = Math.abs(value) / most[l],
        m = net.layers[l + 1];
      if (share < least) return;
      const [x0, y0, h0] = places[l][Math.floor(k / m)],
        [x1, y1, h1] = places[l + 1][k % m];
      context.setLineDash(value < 0 ? [4, 3] : []);
      context.lineWidth = 0.5 + 4 * share;
      context.strokeStyle = value < 0 ? red : blue;
      context.globalAlpha = 0.35 + 0.6 * share;
      context.beginPath();
      context.moveTo(x0 + h0, y0);
      context.lineTo(x1 - h1, y1);
      context.stroke();
    }),
  );
  context.globalAlpha = 1;
  context.setLineDash([]);
}

function drawUnit(context, view, canvas, l, i, [x, y, half], ink) {
  const { layers } = view.net,
    chosen = view.focus && view.focus.l === l && view.focus.i === i && view.focus.j === undefined;
  const box = [x - half, y - half, 2 * half, 2 * half];
  if (l === 0 || i >= layers[l]) {
    context.beginPath();
    context.arc(x, y, half, 0, 7);
    context.fillStyle = "#eeeeee";
    context.fill();
    context.fillStyle = "#222222";
    if (half > 5) context.fillText(i >= layers[l] ? "1" : `x${i}`, x, y);
  } else if (view.backward) {
    const strength = view.backward.deltas[l][i] / largestOf(view.backward.deltas[l]);
    context.fillStyle = `rgb(${colour(0.5 + strength / 2).join(",")})`;
    context.fillRect(...box);
  } else {
    const unit = surfacePicture(canvas, view.units[l][i], view.size)(`${l} ${i}`);
    context.drawImage(unit, ...box);
  }
  const active = view.step && view.step.layer === l;
  context.strokeStyle = chosen || active ? ink : "#777777";
  context.lineWidth = chosen || active ? 3 : 1;
  if (l === 0 || i >= layers[l]) context.stroke();
  else context.strokeRect(...box);
}

/** The scale of each layer: the largest delta above its units, the largest gradient below. */
function drawScales(context, { backward }, places, [width, height], ink) {
  if (places[1][0][0] - places[0][0][0] < 60) return; // no room for numbers
  context.fillStyle = ink;
  backward.deltas.forEach((deltas, l) => {
    const x = Math.min(places[l][0][0], width - 30);
    if (l > 0) context.fillText(`δ ±${digits(largestOf(deltas), 2)}`, x, 8);
  });
  backward.gradients.forEach((gradients, l) => {
    const x = (places[l][0][0] + places[l + 1][0][0]) / 2;
    context.fillText(`∂ ±${digits(largestOf(gradients), 2)}`, x, height - 8);
  });
}

/** The network: units with their surfaces (or deltas), weights (or gradients) as lines. */
export function drawGraph(canvas, view) {
  const { context, width, height, ink } = sheet(canvas),
    places = graphPlaces(view.net, width, height);
  context.textAlign = "center";
  drawWeights(context, view, places, ink);
  places.forEach((column, l) =>
    column.forEach((place, i) => drawUnit(context, view, canvas, l, i, place, ink)),
  );
  if (view.backward) drawScales(context, view, places, [width, height], ink);
  if (view.focus && view.focus.j !== undefined) {
    const { l, i, j } = view.focus,
      [x0, y0, h0] = places[l][i],
      [x1, y1, h1] = places[l + 1][j];
    for (const [style, line] of [
      [ink, 7],
      ["#ffd23f", 4],
    ]) {
      context.strokeStyle = style;
      context.lineWidth = line;
      context.beginPath();
      context.moveTo(x0 + h0, y0);
      context.lineTo(x1 - h1, y1);
      context.stroke();
    }
  }
}

/** What lies under the mouse: a unit {l, i}, a weight {l, i, j}, or null. */
export function graphHit(net, width, height, px, py) {
  const places = graphPlaces(net, width, height);
  for (const [l, column] of places.entries()) {
    for (const [i, [x, y, half]] of column.entries()) {
      if (i < net.layers[l] && Math.hypot(px - x, py - y) < Math.max(half, 4) * 1.15)
        return { l, i };
    }
  }
  let best = 7,
    hit = null;
  for (let l = 0; l + 1 < places.length; l++) {
    for (let i = 0; i < places[l].length; i++) {
      for (let j = 0; j < net.layers[l + 1]; j++) {
        const [x0, y0, h0] = places[l][i],
          [x1, y1, h1] = places[l + 1][j];
        const [dx, dy] = [x1 - h1 - x0 - h0, y1 - y0],
          [ex, ey] = [px - x0 - h0, py - y0];
        const t = Math.min(1, Math.max(0, (ex * dx + ey * dy) / (dx * dx + dy * dy)));
        const distance = Math.hypot(ex - t * dx, ey - t * dy);
        if (distance < best) [best, hit] = [distance, { l, i, j }];
      }
    }
  }
  return hit;
}

/** Pixels of the curve's epochs and losses, and the epoch at a pixel. */
export function curveFrame(entries, width, height) {
  const losses = entries
    .flatMap((entry) => entry.slice(1))
    .filter((loss) => loss !== null)
    .map((loss) => Math.max(loss, 1e-9));
  let low = Math.min(...losses),
    high = Math.max(...losses);
  if (high / low < 1.5) [low, high] = [low / 1.25, high * 1.25];
  const last = Math.max(1, entries.at(-1)[0]),
    box = { left: 46, top: 8, width: width - 58, height: height - 46 };
  return {
    box,
    low,
    high,
    last,
    x: (epoch) => box.left + (epoch / last) * box.width,
    y: (loss) =>
      box.top + (Math.log(high / Math.max(loss, 1e-9)) / Math.log(high / low)) * box.height,
    epoch: (px) => ((px - box.left) / box.width) * last,
  };
}

/** The learning curve: loss of the points that learn (line) and of those held out (dashes). */
export function drawCurve(canvas, view, say) {
  const { context, width, height, ink } = sheet(canvas),
    entries = view.state.curve;
  const frame = curveFrame(entries, width, height),
    { box } = frame;
  context.fillStyle = context.strokeStyle = ink;
  context.strokeRect(box.left, box.top, box.width, box.height);
  context.textAlign = "right";
  for (const loss of logTicks(frame.low, frame.high)) {
    context.fillText(digits(loss, 3), box.left - 4, frame.y(loss));
    context.fillRect(box.left, frame.y(loss), 4, 1);
  }
  context.textAlign = "center";
  for (const epoch of ticks(0, frame.last, 4)) {
    if (Number.isInteger(epoch))
      context.fillText(epoch.toLocaleString("en"), frame.x(epoch), box.top + box.height + 10);
  }
  context.fillText(say("epochs done; the loss has a logarithmic axis"), width / 2, height - 8);
  [
    [1, ink, []],
    [2, palette(ink).blue, [5, 3]],
  ].forEach(([column, style, dash]) => {
    context.beginPath();
    for (const entry of entries) {
      if (entry[column] !== null) context.lineTo(frame.x(entry[0]), frame.y(entry[column]));
    }
    context.strokeStyle = style;
    context.setLineDash(dash);
    context.lineWidth = 1.8;
    context.stroke();
  });
  context.setLineDash([]);
  const at = view.curveAt === null ? null : nearestEntry(entries, view.curveAt);
  for (const entry of at ? [at] : entries.length === 1 ? entries : []) {
    context.beginPath();
    context.arc(frame.x(entry[0]), frame.y(entry[1]), 4, 0, 7);
    context.fill();
  }
}

/** The entry of the curve whose epoch is next to this one. */
export function nearestEntry(entries, epoch) {
  return entries.reduce((best, entry) =>
    Math.abs(entry[0] - epoch) < Math.abs(best[0] - epoch) ? entry : best,
  );
}

/** What the pictures need of a state: network, plane, surfaces. */
export function makeView(state, old) {
  const { layers, bias } = state.settings,
    axes = old?.axes?.every((a) => a < layers[0]) ? old.axes : [0, 1];
  const net = makeNetwork(layers, bias, state.weights),
    all = [...state.X, ...state.XTest];
  const range = planeRange(all, axes),
    size = gridSize(state.weights.length);
  const middle =
    layers[0] === 2
      ? [0, 0]
      : state.X[0].map((_, i) => all.reduce((sum, x) => sum + x[i], 0) / all.length);
  return {
    ...old,
    state,
    net,
    axes,
    range,
    size,
    middle,
    units: surfaces(net, range, axes, middle, size),
  };
}
