// One sample formula by formula, with its numbers put in; and the Python that gives this run.

import { deltas, forward, makeNetwork } from "./playground_engine.js";

/** A number with six digits, short. */
export function digits(value, count = 6) {
  const text = Number(value).toPrecision(count);
  const [number, exponent] = text.split("e");
  const short = number.includes(".") ? number.replace(/\.?0+$/, "") : number;
  return exponent ? `${short}e${exponent.replace("+", "")}` : short;
}

/** A row, or rows, of numbers in brackets, one line a row. */
function matrix(rows) {
  const text = rows.map((row) => [...row].map((value) => digits(value)));
  const width = Math.max(...text.flat().map((cell) => cell.length));
  return text.map((row) => `[${row.map((cell) => cell.padStart(width)).join("  ")}]`).join("\n");
}

/** Blocks of text side by side, words at half their height; a wide one is broken at signs. */
export function beside(...blocks) {
  const wide = (block) => Math.max(...block.split("\n").map((line) => line.length));
  const width = blocks.reduce((sum, block) => sum + wide(block) + 1, 0);
  const last = blocks.findLastIndex((block, i) => i > 0 && /^[=⊙]$|^\) ⊙$/.test(block));
  if (width > 76 && last > 0) {
    const result = beside(...blocks.slice(last)).replaceAll("\n", "\n    ");
    return `${beside(...blocks.slice(0, last))}\n    ${result}`;
  }
  const columns = blocks.map((block) => block.split("\n"));
  const height = Math.max(...columns.map((lines) => lines.length));
  const padded = columns.map((lines) => {
    const above = Math.floor((height - lines.length) / 2);
    const wide = Math.max(...lines.map((line) => line.length));
    return Array.from({ length: height }, (_, i) => (lines[i - above] ?? "").padEnd(wide));
  });
  return Array.from({ length: height }, (_, i) =>
    padded
      .map((c) => c[i])
      .join(" ")
      .trimEnd(),
  ).join("\n");
}

const rowsOf = (W, columns) =>
  Array.from({ length: W.length / columns }, (_, i) => W.subarray(i * columns, (i + 1) * columns));
const column = (row) => [...row].map((value) => [value]);
const transposed = (rows) => [...rows[0].keys()].map((j) => rows.map((row) => row[j]));

/** The formulas of one sample in their order: {layer, kind, title, text}; `say` translates. */
export function sampleSteps({ layers, bias, weights }, x, yTrue, rate, say) {
  const net = makeNetwork(layers, bias, weights),
    L = layers.length - 1,
    steps = [];
  const y = forward(net, x),
    W = net.W.map((block, l) => rowsOf(block, layers[l + 1]));
  deltas(net, yTrue, 1);
  const add = (layer, kind, title, ...lines) =>
    steps.push({ layer, kind, title, text: lines.join("\n") });
  const one = (l) => (bias[l] ? `[a${l}, 1]` : `a${l}`);
  const row = (l) => (bias[l] ? [...net.a[l], 1] : [...net.a[l]]);
  const both = (f, a, b) => [...a].map((value, i) => f(value, b[i]));

  for (let l = 0; l < L; l++) {
    const z = layers
      .slice(l + 1, l + 2)
      .flatMap((m) =>
        Array.from({ length: m }, (_, j) =>
          row(l).reduce((sum, value, i) => sum + value * W[l][i][j], 0),
        ),
      );
    add(
      l + 1,
      "forward",
      say("Layer {l}, weighted input and activation", { l: l + 1 }),
      beside(`z${l + 1} = ${one(l)} W${l} =`, matrix([row(l)]), matrix(W[l]), "=", matrix([z])),
      beside(`a${l + 1} = σ(z${l + 1}) =`, matrix([net.a[l + 1]])),
    );
  }
  const loss = both((a, b) => (a - b) ** 2 / 2, y, yTrue).reduce((sum, value) => sum + value, 0);
  add(
    L,
    "loss",
    say("Loss"),
    beside(
      "E = ½ Σ (y - y_true)² ,  y =",
      matrix([y]),
      ",  y_true =",
      matrix([yTrue]),
      ":  E",
      "=",
      digits(loss),
    ),
  );
  add(
    L,
    "delta",
    say("Delta of the output layer {l}", { l: L }),
    beside(
      `δ${L} = (y - y_true) ⊙ y ⊙ (1 - y) =`,
      matrix([both((a, b) => a - b, y, yTrue)]),
      "⊙",
      matrix([y]),
      "⊙",
      matrix([[...y].map((value) => 1 - value)]),
      "=",
      matrix([net.delta[L]]),
    ),
  );
  for (let l = L - 1; l > 0; l--) {
    const Wl = W[l].slice(0, layers[l]),
      a = net.a[l];
    add(
      l,
      "delta",
      say("Delta of layer {l}", { l }),
      beside(`δ${l} = (δ${l + 1} W${l}ᵀ) ⊙ a${l} ⊙ (1 - a${l})`),
      beside(
        "   = (",
        matrix([net.delta[l + 1]]),
        matrix(transposed(Wl)),
        ") ⊙",
        matrix([a]),
        "⊙",
        matrix([[...a].map((value) => 1 - value)]),
        "=",
        matrix([net.delta[l]]),
      ),
    );
  }
  const gradients = net.delta
    .slice(1)
    .map((delta, l) => row(l).map((a) => [...delta].map((d) => a * d)));
  gradients.forEach((gradient, l) =>
    add(
      l,
      "gradient",
      say("Gradient for the weights from layer {l} to {m}", { l, m: l + 1 }),
      beside(
        `∂E/∂W${l} = ${one(l)}ᵀ δ${l + 1} =`,
        matrix(column(row(l))),
        matrix([net.delta[l + 1]]),
        "=",
        matrix(gradient),
      ),
    ),
  );
  gradients.forEach((gradient, l) =>
    add(
      l,
      "update",
      say("Update of the weights from layer {l} to {m}", { l, m: l + 1 }),
      beside(
        `W${l} ← W${l} - η ∂E/∂W${l} =`,
        matrix(W[l]),
        "-",
        digits(rate),
        "·",
        matrix(gradient),
        "=",
        matrix(W[l].map((wi, i) => both((w, g) => w - rate * g, wi, gradient[i]))),
      ),
    ),
  );
  return steps;
}

const python = (value) =>
  JSON.stringify(value)
    .replaceAll(",", ", ")
    .replaceAll("true", "True")
    .replaceAll("false", "False");

/** The points of the run as a call of Python; the names that it imports. */
function pointsCall(s, state) {
  const noise = s.noise > 0 ? `, noise=${s.noise}` : "";
  const calls = {
    XOR: ["generate_xor_easy", "generate_xor_easy()"],
    report: ["report_linear", `report_linear(${s.n}, seed=${s.data_seed})`],
    linear: ["generate_linear", `generate_linear(${s.n}, seed=${s.data_seed})`],
    circle: ["generate_circle", `generate_circle(${s.n}${noise}, seed=${s.data_seed})`],
    gauss: ["generate_gauss", `generate_gauss(${s.n}${noise}, seed=${s.data_seed})`],
    spiral: ["generate_spiral", `generate_spiral(${s.n}${noise}, seed=${s.data_seed})`],
    curve: [
      "generate_curve",
      `generate_curve(${python(s.curve)}, ${s.n}${noise}, seed=${s.data_seed})`,
    ],
  };
  if (s.data === "own") return [[], `${python(state.X)}, ${python(state.T)}`];
  const [name, call] = calls[s.data];
  if (!noise || !["XOR", "report", "linear"].includes(s.data)) return [[name], call];
  return [["with_noise", name], `with_noise(*${call}, ${s.noise}, seed=${s.data_seed})`];
}

/** The lines of Python that give exactly this run; null where it was changed by hand. */
export function pythonLines(state) {
  const s = state.settings;
  if (!state.pure) return null;
  const [names, call] = pointsCall(s, state);
  const hold = s.held_out > 0 && s.data !== "own",
    test = state.XTest.length > 0;
  if (test && !hold) return null;
  const uniform = s.init === "uniform" ? "" : `, init="${s.init}"`;
  const bias = s.bias.every(Boolean)
    ? ""
    : `, bias=${python(s.bias.some(Boolean) ? s.bias : false)}`;
  const batch = s.batch_size > 1 ? `, batch_size=${s.batch_size}` : "";
  const network = `SigmoidNetwork(${python(s.layers)}${bias}${uniform}, seed=${s.seed})`;
  const fit = `.fit(X, y, ${s.learning_rate}, epochs=${state.epochs}${batch})`;
  const all = hold ? [...names, "hold_out"] : names;
  const ours = all.filter((name) => name !== "report_linear");
  return [
    `from backprop_lab import ${["SigmoidNetwork", ...ours].join(", ")}`,
    ...(ours.length < all.length ? ["from backprop_lab.report import report_linear"] : []),
    hold
      ? `X, y, X_test, y_test = hold_out(*${call}, ${s.held_out}, seed=${s.data_seed})`
      : `X, y = ${call}`,
    `network = ${network}${state.epochs ? fit : ""}`,
  ].join("\n");
}
