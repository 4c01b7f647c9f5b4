// The page's half of Playground (backprop_lab/playground.py): draws what the kernel sends, sends what the user does.
// It asks for each next picture itself when the last one has come: a closed view asks for nothing, and training rests.

const RED = "#cc3311", BLUE = "#0077bb", LOW = [240, 168, 147], MIDDLE = [250, 250, 250], HIGH = [147, 196, 230];
const COLOURS = Array.from({ length: 256 }, (_, v) => {
  const [from, to, t] = v < 128 ? [LOW, MIDDLE, v / 128] : [MIDDLE, HIGH, (v - 128) / 127];
  return from.map((c, i) => Math.round(c + t * (to[i] - c)));
});
const digits = (value) => Number(value).toPrecision(5).replace(/\.?0+$/, "").replace(/\.?0+e/, "e");

function make(tag, properties = {}, ...children) {
  const { aria = {}, style = {}, ...rest } = properties;
  const node = Object.assign(document.createElement(tag), rest);
  for (const [name, value] of Object.entries(aria)) node.setAttribute(name === "role" ? "role" : `aria-${name}`, value);
  Object.assign(node.style, style);
  node.append(...children);
  return node;
}

function surface(values, size) {                                  // one unit's output over the plane as a small picture
  const picture = make("canvas", { width: size, height: size }), context = picture.getContext("2d"), image = context.createImageData(size, size);
  for (let row = 0; row < size; row++) for (let column = 0; column < size; column++) {
    const [r, g, b] = COLOURS[values[(size - 1 - row) * size + column]];     // the first row of the grid is the lowest
    image.data.set([r, g, b, 255], 4 * (row * size + column));
  }
  context.putImageData(image, 0, 0);
  return picture;
}

function halfLine(context, values, size, width, height) {         // the line where the output is one half, cell by cell
  const at = (row, column) => values[row * size + column] - 127.5, place = (row, column) => [column / (size - 1) * width, (1 - row / (size - 1)) * height];
  context.beginPath();
  for (let row = 0; row + 1 < size; row++) for (let column = 0; column + 1 < size; column++) {
    const corners = [[row, column], [row, column + 1], [row + 1, column + 1], [row + 1, column]], crossings = [];
    for (let k = 0; k < 4; k++) {
      const one = corners[k], two = corners[(k + 1) % 4], a = at(...one), b = at(...two);
      if ((a > 0) === (b > 0)) continue;
      const t = a / (a - b), [x0, y0] = place(...one), [x1, y1] = place(...two);
      crossings.push([x0 + t * (x1 - x0), y0 + t * (y1 - y0)]);
    }
    for (let k = 0; k + 1 < crossings.length; k += 2) { context.moveTo(...crossings[k]); context.lineTo(...crossings[k + 1]); }
  }
  context.strokeStyle = "black";
  context.lineWidth = 1.5;
  context.stroke();
}

function render({ model, el }) {
  let state = null, units = [], playing = false, pictures = 0, cursor = null, closed = false, places = [], lines = [], began = 0;
  const ask = (action, more = {}) => closed || model.send({ do: action, ...more });

  const button = (text, title, action) => make("button", { type: "button", textContent: text, title, onclick: action });
  const play = button("Play", "Train until all points are right", () => (playing ? pause() : start()));
  const pause = () => { playing = false; play.textContent = "Play"; play.setAttribute("aria-pressed", "false"); };
  const start = () => { playing = true; pictures = 0; began = performance.now(); play.textContent = "Pause"; play.setAttribute("aria-pressed", "true"); ask("frame"); };
  const still = (action) => () => { pause(); ask(action); };
  const training = make("div", { className: "bp-bar", aria: { role: "toolbar", label: "Training" } }, play,
    button("Epoch", "Train one epoch", still("epoch")), button("Sample", "Train one sample", still("sample")),
    button("Layer", "One layer forward or backward within the sample, with formula and numbers", still("layer")),
    button("Rewind", "Back to the same starting weights", still("rewind")), button("New start", "Draw other starting weights", still("new start")),
    button("Save weights", "Download the network as a safetensors file", () => ask("export")));

  const change = (name, read) => (event) => { const value = read(event.target); pause(); ask("change", { settings: { [name]: value } }); };
  const field = (text, input) => make("label", {}, text, input);
  const rate = make("input", { type: "number", min: 0, step: "any", onchange: change("learning_rate", (node) => Number(node.value)) });
  const layers = make("input", { type: "text", size: 9, onchange: change("layers", (node) => node.value.trim().split(/[\s,]+/).map(Number)) });
  const bias = make("input", { type: "checkbox", onchange: change("bias", (node) => node.checked) });
  const data = make("select", { onchange: change("data", (node) => node.value) });
  const speed = make("input", { type: "number", min: 1, max: 100000, onchange: (event) => ask("change", { settings: { epochs_per_picture: Math.max(1, Math.round(Number(event.target.value))) } }) });
  const view = make("select", { onchange: () => draw() }, make("option", { value: "forward", textContent: "forward: weights, surfaces" }), make("option", { value: "backward", textContent: "backward: gradients, deltas" }));
  const settings = make("div", { className: "bp-bar", aria: { role: "group", label: "Settings" } }, field("Learning rate ", rate), field("Layers ", layers),
    field("Bias ", bias), field("Points ", data), field("Epochs a picture ", speed), field("Show ", view));

  settings.onkeydown = (event) => { if (event.key === "Enter" && event.target.tagName === "INPUT") { event.preventDefault(); event.target.blur(); event.target.focus(); } };   // takes the value over

  const plane = make("canvas", { className: "bp-plane", tabIndex: 0, aria: { role: "application", label: "Plane of points and the network's output. Arrow keys move a cursor and read the output there; Enter adds a blue point, Shift and Enter a red one, Delete removes the nearest." } });
  const graph = make("canvas", { className: "bp-graph", tabIndex: 0, aria: { role: "img", label: "The network: units, and lines for the weights" } });
  const curve = make("canvas", { className: "bp-curve", aria: { role: "img", label: "Learning curve" } });
  const reading = make("figcaption", { textContent: "Point at the plane to read the output. Click: blue point, Shift+click: red, click on a point: remove." });
  const weight = make("figcaption", { textContent: "Point at a line or a unit to read its number." });
  const status = make("p", { className: "bp-status", aria: { role: "status", live: "polite" } });
  const announce = make("p", { className: "bp-error", aria: { role: "alert" } });
  const formula = make("pre", { className: "bp-formula", tabIndex: 0, aria: { label: "The last step with its numbers" } });
  const root = make("div", { className: "bp-root" }, training, settings, status, announce,
    make("div", { className: "bp-main" }, make("figure", {}, plane, reading), make("figure", {}, graph, weight), make("figure", {}, curve, make("figcaption", { textContent: "Loss over the epochs" }))),
    formula);
  root.dataset.lmSuppressShortcuts = "true";                      // keys typed here are not JupyterLab's
  el.replaceChildren(root);

  function sheet(canvas) {                                        // a cleared context in CSS pixels, sharp on every screen
    const { width, height } = canvas.getBoundingClientRect(), ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    return [context, width, height];
  }
  const ink = () => getComputedStyle(root).color;
  const toPlane = (x, y, width, height) => [(x - state.low[0]) / (state.high[0] - state.low[0]) * width, (1 - (y - state.low[1]) / (state.high[1] - state.low[1])) * height];
  const fromPlane = (px, py, width, height) => [state.low[0] + px / width * (state.high[0] - state.low[0]), state.low[1] + (1 - py / height) * (state.high[1] - state.low[1])];
  const nearest = (x, y) => state.points.reduce((best, [a, b], k) => { const d = Math.hypot((a - x) / (state.high[0] - state.low[0]), (b - y) / (state.high[1] - state.low[1])); return d < best[1] ? [k, d] : best; }, [-1, Infinity]);

  function drawPlane() {
    const [context, width, height] = sheet(plane), output = units[units.length - 1];
    if (output) { context.drawImage(surface(output, state.size), 0, 0, width, height); halfLine(context, output, state.size, width, height); }
    state.points.forEach(([x, y, label], k) => {
      const [px, py] = toPlane(x, y, width, height);
      context.beginPath();
      if (label) { context.moveTo(px, py - 6); context.lineTo(px + 5.5, py + 4); context.lineTo(px - 5.5, py + 4); context.closePath(); } else context.arc(px, py, 4.5, 0, 7);
      context.fillStyle = label ? BLUE : RED;
      context.fill();
      context.lineWidth = k === state.sample && state.step ? 3 : 1;
      context.strokeStyle = k === state.sample && state.step ? "black" : "white";
      context.stroke();
    });
    if (cursor) {
      const [px, py] = toPlane(...cursor, width, height);
      context.strokeStyle = "black"; context.lineWidth = 1;
      context.beginPath(); context.moveTo(px - 8, py); context.lineTo(px + 8, py); context.moveTo(px, py - 8); context.lineTo(px, py + 8); context.stroke();
    }
  }

  function drawGraph() {
    const [context, width, height] = sheet(graph), backward = view.value === "backward", columns = state.layers.length;
    const most = Math.max(...state.layers.map((n, l) => n + (state.bias[l] ? 1 : 0))), size = Math.max(8, Math.min(34, (height - 10) / most - 6));
    places = state.layers.map((n, l) => {
      const rows = n + (state.bias[l] ? 1 : 0);
      return Array.from({ length: rows }, (_, i) => [20 + l * (width - 40) / (columns - 1), height / 2 + (i - (rows - 1) / 2) * Math.min(size + 12, height / most)]);
    });
    const matrices = backward ? state.gradients : state.weights, largest = Math.max(1e-300, ...matrices.flat(2).map(Math.abs));
    lines = [];
    matrices.forEach((matrix, l) => matrix.forEach((row, i) => row.forEach((value, j) => {
      const [x0, y0] = places[l][i], [x1, y1] = places[l + 1][j];
      lines.push([x0, y0, x1, y1, `${backward ? "∂L/∂W" : "W"}${l}[${i}, ${j}] = ${digits(value)}`]);
      context.beginPath();
      context.setLineDash(value < 0 ? [4, 3] : []);
      context.lineWidth = 0.4 + 4 * Math.abs(value) / largest;
      context.strokeStyle = value < 0 ? RED : BLUE;
      context.globalAlpha = 0.35 + 0.6 * Math.abs(value) / largest;
      context.moveTo(x0, y0); context.lineTo(x1, y1); context.stroke();
    })));
    context.globalAlpha = 1;
    context.setLineDash([]);
    context.textAlign = "center"; context.textBaseline = "middle"; context.font = "11px sans-serif";
    let unit = 0;
    places.forEach((column, l) => column.forEach(([x, y], i) => {
      const constant = i >= state.layers[l], active = state.step && state.step.layer === l;
      if (l > 0 && !constant) {
        const values = units[unit++];
        if (backward) {
          const delta = state.deltas[l][i], strongest = Math.max(1e-300, ...state.deltas.slice(1).flat().map(Math.abs));
          const [r, g, b] = COLOURS[Math.round(127.5 + 127 * delta / strongest)];
          context.fillStyle = `rgb(${r}, ${g}, ${b})`;
          context.fillRect(x - size / 2, y - size / 2, size, size);
        } else if (values) context.drawImage(surface(values, state.size), x - size / 2, y - size / 2, size, size);
        context.strokeStyle = active ? ink() : "#888"; context.lineWidth = active ? 3 : 1;
        context.strokeRect(x - size / 2, y - size / 2, size, size);
      } else {
        context.beginPath(); context.arc(x, y, Math.min(12, size / 2), 0, 7);
        context.fillStyle = "#eee"; context.fill(); context.strokeStyle = "#888"; context.lineWidth = 1; context.stroke();
        context.fillStyle = "#222"; context.fillText(constant ? "1" : `x${i}`, x, y);
      }
    }));
  }

  function drawCurve() {
    const [context, width, height] = sheet(curve), points = state.curve;
    if (points.length < 2) return;
    const last = points[points.length - 1][0], losses = points.map((p) => Math.log10(Math.max(p[1], 1e-12))), low = Math.min(...losses), high = Math.max(...losses);
    context.beginPath();
    points.forEach(([epoch], k) => context.lineTo(44 + epoch / Math.max(1, last) * (width - 54), height - 20 - (losses[k] - low) / Math.max(1e-9, high - low) * (height - 34)));
    context.strokeStyle = ink(); context.lineWidth = 1.5; context.stroke();
    context.fillStyle = ink(); context.font = "10px sans-serif"; context.textAlign = "right";
    context.fillText((10 ** high).toPrecision(2), 40, 14); context.fillText((10 ** low).toPrecision(2), 40, height - 20); context.fillText(`${last} epochs`, width - 8, height - 5);
  }

  function draw() {
    if (!state || !root.isConnected || !root.getBoundingClientRect().width) return;
    drawPlane(); drawGraph(); drawCurve();
    status.textContent = `epoch ${state.epochs}` + (state.sample ? ` and ${state.sample} samples` : "") + `, loss ${digits(state.loss)}, ${state.right} of ${state.points.length} points right` + (state.separated ? ": all points are classified correctly" : "");
    formula.textContent = state.step ? `sample ${state.sample + 1} of ${state.points.length}: ${state.step.title}\n${state.step.text}` : "";
    for (const [node, value] of [[rate, state.learning_rate], [layers, state.layers.join(" ")], [speed, state.epochs_per_picture]]) if (document.activeElement !== node) node.value = value;
    bias.checked = state.bias.every(Boolean);
    bias.indeterminate = !bias.checked && state.bias.some(Boolean);
    if (data.options.length !== state.sets.length) data.replaceChildren(...state.sets.map((name) => make("option", { value: name, textContent: name })));
    data.value = state.data;
    root.dataset.epochs = state.epochs;
    root.dataset.sample = state.sample;
    root.dataset.pictures = pictures;
    root.dataset.seconds = ((performance.now() - began) / 1000).toFixed(3);
    plane.setAttribute("aria-description", status.textContent);
  }

  function received(message, buffers) {
    if (message.error !== undefined) { pause(); announce.textContent = message.error; return; }
    if (message.probe) { reading.textContent = message.probe; return; }
    if (message.file) {
      const link = make("a", { href: URL.createObjectURL(new Blob([buffers[0]])), download: message.file });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      return;
    }
    announce.textContent = "";
    state = message;
    const bytes = new Uint8Array(buffers[0].buffer, buffers[0].byteOffset, buffers[0].byteLength), area = state.size ** 2;
    units = Array.from({ length: bytes.length / area }, (_, k) => bytes.subarray(k * area, (k + 1) * area));
    pictures += 1;
    if (playing && state.separated) pause();
    if (playing && root.isConnected) ask("frame");               // the kernel trains on while this picture is drawn; one request is under way, never more
    draw();
  }

  const where = (event, canvas) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top, box.width, box.height]; };
  let probed = 0;
  const probe = (x, y) => ask("probe", { x: [x, y] });
  plane.onmousemove = (event) => { if (state && event.timeStamp - probed > 60) { probed = event.timeStamp; probe(...fromPlane(...where(event, plane))); } };
  const put = (x, y, label, reach) => { const [k, distance] = nearest(x, y); if (distance < reach) ask("remove", { index: k }); else ask("add", { x: [x, y], label }); };
  plane.onclick = (event) => state && put(...fromPlane(...where(event, plane)), event.shiftKey ? 0 : 1, 0.03);
  plane.onkeydown = (event) => {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }, span = state && state.high.map((h, i) => h - state.low[i]);
    if (!state || !(event.key in moves || ["Enter", "Delete", "Backspace", "Escape"].includes(event.key))) return;
    event.preventDefault(); event.stopPropagation();
    if (event.key === "Escape") { cursor = null; draw(); return; }
    cursor ||= state.low.map((l, i) => l + span[i] / 2);
    if (event.key in moves) { cursor = cursor.map((c, i) => Math.min(state.high[i], Math.max(state.low[i], c + moves[event.key][i] * span[i] / 40))); probe(...cursor); draw(); }
    else if (event.key === "Enter") ask("add", { x: cursor, label: event.shiftKey ? 0 : 1 });
    else ask("remove", { index: nearest(...cursor)[0] });
  };
  graph.onmousemove = (event) => {
    if (!state) return;
    const [px, py] = where(event, graph);
    for (const [l, column] of places.entries()) for (const [i, [x, y]] of column.entries())
      if (i < state.layers[l] && Math.hypot(px - x, py - y) < 16) { weight.textContent = `a${l}[${i}] = ${digits(state.activations[l][i])}` + (l ? `, δ${l}[${i}] = ${digits(state.deltas[l][i])}` : "") + ` at sample ${state.sample + 1}`; return; }
    let best = [8, null];
    for (const [x0, y0, x1, y1, text] of lines) {
      const t = Math.min(1, Math.max(0, ((px - x0) * (x1 - x0) + (py - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2))), d = Math.hypot(px - x0 - t * (x1 - x0), py - y0 - t * (y1 - y0));
      if (d < best[0]) best = [d, text];
    }
    if (best[1]) weight.textContent = best[1];
  };

  model.on("msg:custom", received);
  const resized = new ResizeObserver(() => draw());
  resized.observe(root);
  ask("look");
  return () => { closed = true; playing = false; resized.disconnect(); model.off("msg:custom", received); };
}

export default { render };
