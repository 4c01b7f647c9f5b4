// Points: the sets by name, with noise and a share held out, and points from a table of text.

import { Generator, rounded } from "./playground_numbers.js";

const pairs = (values) =>
  Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i], values[2 * i + 1]]);
const uniform = (n, seed) => pairs(new Generator(seed).uniform(0, 1, 2 * n));

/** As generate_linear: red where x0 > x1, else blue. */
export function linear(n, seed) {
  const X = uniform(n, seed);
  return { X, T: X.map(([x0, x1]) => [x0 > x1 ? 0 : 1]) };
}

/** As generate_xor_easy: two diagonals, without the centre of the second. */
export function xor() {
  const X = [],
    T = [];
  for (let i = 0; i <= 10; i++) {
    X.push([i / 10, i / 10]);
    T.push([0]);
    if (i === 5) continue;
    X.push([i / 10, 1 - i / 10]);
    T.push([1]);
  }
  return { X, T };
}

/** As generate_circle: blue inside a circle of half the square's area. */
export function circle(n, seed) {
  const X = uniform(n, seed).map((x) => x.map((value) => rounded(value)));
  const inside = ([x0, x1]) => (x0 - 0.5) * (x0 - 0.5) + (x1 - 0.5) * (x1 - 0.5) < 0.16;
  return { X, T: X.map((x) => [inside(x) ? 1 : 0]) };
}

/** As generate_gauss: two clouds around (0.3, 0.3) and (0.7, 0.7), red and blue in turn. */
export function gauss(n, seed) {
  const X = Array.from({ length: n }, (_, i) => (i % 2 ? [0.7, 0.7] : [0.3, 0.3]));
  return { X: addNoise(X, 0.1, [seed, 3]), T: X.map((_, i) => [i % 2]) };
}

/** As generate_spiral: two arms, red and blue in turn, each of 1.75 turns. */
export function spiral(n) {
  const X = [],
    T = [];
  for (let i = 0; i < n; i++) {
    const t = (Math.floor(i / 2) + 1) / (Math.floor((n - 1) / 2) + 1);
    const angle = Math.PI * (3.5 * t + (i % 2));
    X.push(
      [0.5 + 0.45 * t * Math.sin(angle), 0.5 + 0.45 * t * Math.cos(angle)].map((v) => rounded(v)),
    );
    T.push([i % 2]);
  }
  return { X, T };
}

/** As generate_curve: blue above the curve x1 = f(x0), for a formula in x. */
export function curve(n, seed, text) {
  const f = formula(text);
  const X = uniform(n, seed).map((x) => x.map((value) => rounded(value)));
  return { X, T: X.map(([x0, x1]) => [x1 > f(x0) ? 1 : 0]) };
}

/** As add_noise: every point moved by normal noise, by the method of Box and Muller. */
export function addNoise(X, noise, seed) {
  const draws = uniform(X.length, seed);
  return X.map(([x0, x1], i) => {
    const r = noise * Math.sqrt(-2 * Math.log(1 - draws[i][0])),
      angle = 2 * Math.PI * draws[i][1];
    return [rounded(x0 + r * Math.cos(angle)), rounded(x1 + r * Math.sin(angle))];
  });
}

/** As hold_out: a share of the points, drawn by lot, is for testing; all in their order. */
export function holdOut({ X, T }, share, seed) {
  const lots = new Generator([seed, 2]).uniform(0, 1, X.length);
  const order = [...lots.keys()].sort((i, j) => lots[i] - lots[j]);
  const held = new Set(order.slice(0, Math.min(X.length - 1, Math.floor(share * X.length + 0.5))));
  const pick = (rows, wanted) => rows.filter((_, i) => held.has(i) === wanted);
  return { X: pick(X, false), T: pick(T, false), XTest: pick(X, true), TTest: pick(T, true) };
}

/** The sets one can choose, in the order of the menu. */
export const SETS = {
  XOR: xor,
  report: ({ n, data_seed }) => linear(n, [data_seed, 0, 0, 0, 0]),
  linear: ({ n, data_seed }) => linear(n, data_seed),
  circle: ({ n, data_seed }) => circle(n, data_seed),
  gauss: ({ n, data_seed }) => gauss(n, data_seed),
  spiral: ({ n }) => spiral(n),
  curve: ({ n, data_seed, curve: text }) => curve(n, data_seed, text),
};

/** The points that the settings describe: to learn, and held out. `own` are the user's points. */
export function makePoints(settings, own) {
  let { X, T } = settings.data === "own" ? own : SETS[settings.data](settings);
  if (settings.noise > 0 && X[0].length === 2)
    X = addNoise(X, settings.noise, [settings.data_seed, 1]);
  return holdOut({ X, T }, settings.held_out, settings.data_seed);
}

const NAMES = { pi: Math.PI, e: Math.E };
const FUNCTIONS = ["sin", "cos", "tan", "exp", "log", "sqrt", "abs"];

/** A function of x from a formula: + - * / ^, brackets, pi, e and a few functions. */
export function formula(text) {
  const marks = text.replaceAll("**", "^").match(/\d+\.?\d*(?:e[+-]?\d+)?|\.\d+|[a-z]+|\S/gi) ?? [];
  let at = 0;
  const wrong = () => {
    throw new Error(`curve is "${text}"; expected a formula in x, like 0.5 + 0.3*sin(6*x)`);
  };
  const take = (mark) => (marks[at] === mark ? ((at += 1), true) : false);
  const chain = (part, operations) => () => {
    let left = part();
    for (;;) {
      const f = operations[marks[at]];
      if (!f) return left;
      at += 1;
      const one = left,
        two = part();
      left = (x) => f(one(x), two(x));
    }
  };
  function value() {
    const mark = marks[at++];
    if (mark === "(") {
      const inner = sum();
      return take(")") ? inner : wrong();
    }
    if (mark === "x") return (x) => x;
    if (Object.hasOwn(NAMES, mark)) return () => NAMES[mark];
    if (FUNCTIONS.includes(mark) && take("(")) {
      const inner = sum();
      return take(")") ? (x) => Math[mark](inner(x)) : wrong();
    }
    if (mark === undefined || !/^[\d.]/.test(mark)) wrong();
    return () => Number(mark);
  }
  function power() {
    const base = value();
    if (!take("^")) return base;
    const exponent = signed();
    return (x) => base(x) ** exponent(x);
  }
  function signed() {
    if (take("+")) return signed();
    if (!take("-")) return power();
    const inner = signed();
    return (x) => -inner(x);
  }
  const product = chain(signed, { "*": (a, b) => a * b, "/": (a, b) => a / b });
  const sum = chain(product, { "+": (a, b) => a + b, "-": (a, b) => a - b });
  const whole = sum();
  if (at < marks.length) wrong();
  return whole;
}

/** The cells of a table: separated by ; tab , or blanks, quotes allowed, comments left out. */
function cells(text) {
  const lines = text
    .replace(/^\ufeff/, "")
    .split(/\r\n|\n|\r/)
    .map((line, i) => [i + 1, line])
    .filter(([, line]) => line.trim() && !line.trim().startsWith("#"));
  const mark = [";", "\t", ","].find((sign) => lines.every(([, line]) => line.includes(sign)));
  const split = (line) => {
    if (!mark) return line.trim().split(/\s+/);
    return [...line.matchAll(new RegExp(`("(?:[^"]|"")*"|[^${mark}]*)(?:${mark}|$)`, "g"))]
      .slice(0, line.endsWith(mark) ? undefined : -1)
      .map((found) => found[1].trim());
  };
  const plain = (cell) =>
    cell
      .replace(/^"(.*)"$/s, "$1")
      .replaceAll('""', '"')
      .trim();
  return { mark, rows: lines.map(([line, row]) => [line, split(row).map(plain)]) };
}

const MOST_LABELS = 20;

/** Does a column of numbers look like the number of the row? As the reader in Python asks. */
function countsRows(values, unnamed, first) {
  if (values.length < 2 || !values.every(Number.isInteger)) return false;
  if (unnamed) return new Set(values).size === values.length;
  const on = (value, i) => value === values[0] + i;
  return first && values.length > 4 && [0, 1].includes(values[0]) && values.every(on);
}

/** The targets of a class: 0 or 1 for two classes, else 1 for its own output and 0 for the rest. */
export const target = (c, classes) =>
  classes === 2 ? [c] : Array.from({ length: classes }, (_, j) => Number(j === c));

/** Points from text as a spreadsheet writes it: numbers, the last column with the labels. */
export function readPoints(text) {
  const { mark, rows } = cells(text);
  const number = (cell) => {
    const dotted = mark === ";" ? cell.replace(",", ".") : cell;
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(dotted) ? Number(dotted) : NaN;
  };
  if (!rows.length) throw new Error("The text is empty; expected rows of two numbers and a label.");
  const inputs = (row) => row.slice(0, -1).map(number);
  const header =
    rows[0][1].length > 1 && inputs(rows[0][1]).every(Number.isNaN) ? rows.shift()[1] : null;
  const width = (header ?? rows[0][1]).length;
  for (const [line, row] of rows) {
    if (row.length !== width || width < 2) {
      throw new Error(`Line ${line} has ${row.length} cells; expected ${Math.max(width, 3)}.`);
    }
    const bad = inputs(row).findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new Error(`Line ${line}, column ${bad + 1} holds "${row[bad]}"; expected a number.`);
  }
  const order = (a, b) =>
    Number.isNaN(number(a)) || Number.isNaN(number(b)) ? (a < b ? -1 : 1) : number(a) - number(b);
  const key = (row) => (Number.isNaN(number(row.at(-1))) ? row.at(-1) : String(number(row.at(-1))));
  const labels = [...new Set(rows.map(([, row]) => key(row)))].sort(order);
  if (labels.length < 2 || labels.length > MOST_LABELS || labels.includes("")) {
    const some = labels
      .slice(0, 5)
      .map((label) => `"${label}"`)
      .join(", ");
    throw new Error(
      `The last column holds ${labels.length} labels (${some}); expected 2 to ${MOST_LABELS}.`,
    );
  }
  let X = rows.map(([, row]) => inputs(row));
  const T = rows.map(([, row]) => target(labels.indexOf(key(row)), labels.length));
  let names = header ? header.slice(0, -1) : X[0].map((_, i) => `x${i}`);
  const column = (j) => X.map((x) => x[j]),
    leftOut = names.findIndex((name, j) => countsRows(column(j), header && name === "", j === 0));
  if (leftOut < 0 || names.length < 2) return { X, T, names, labels, leftOut: "" };
  const without = (row) => row.filter((_, j) => j !== leftOut),
    name = names[leftOut] || String(leftOut + 1);
  [X, names] = [X.map(without), without(names)];
  return { X, T, names, labels, leftOut: name };
}

/** The points as CSV with a header, for a spreadsheet or `backprop-lab train`. */
export function writePoints(X, T, { names, classes } = {}) {
  const quoted = (word) => (/[",\n]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word);
  const head = X[0].map((_, i) => names?.[i] ?? `x${i}`);
  const label = (row) => {
    const c = row.length === 1 ? row[0] : row.indexOf(Math.max(...row));
    return classes?.[c] ?? c;
  };
  const rows = [[...head, "label"], ...X.map((x, s) => [...x, label(T[s])])];
  return rows.map((row) => row.map((cell) => quoted(String(cell))).join(",")).join("\n") + "\n";
}
