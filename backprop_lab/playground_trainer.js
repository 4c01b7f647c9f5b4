// What the kernel does for the playground, done in the page: the same requests, the same answers.

import { Generator } from "./playground_numbers.js";
import {
  allRight,
  batchStep,
  evaluate,
  makeNetwork,
  weightCount,
  weightShapes,
} from "./playground_engine.js";
import { SETS, makePoints, target } from "./playground_points.js";

/** What can be set, and what it is at first. */
export const DEFAULTS = {
  data: "XOR",
  n: 100,
  noise: 0,
  held_out: 0,
  data_seed: 0,
  curve: "0.5 + 0.3*sin(6*x)",
  layers: [2, 4, 4, 1],
  bias: [true, true, true],
  init: "uniform",
  seed: 0,
  learning_rate: 0.5,
  batch_size: 1,
  epochs_per_picture: 100,
};
const POINTS = ["data", "n", "noise", "held_out", "data_seed", "curve"];
const START = ["layers", "bias", "init", "seed"];
const SLICE = 15; // milliseconds of training between two pictures, at most
const LONGEST = 400; // entries of the learning curve

/** The loss over the epochs, from 0 on; where it grows too long, every second entry goes. */
export class Curve {
  constructor() {
    this.entries = [];
    this.every = 1;
  }

  note(epoch, read) {
    if (epoch % this.every) return;
    if (this.entries.length && this.entries.at(-1)[0] >= epoch) return;
    this.entries.push([epoch, ...read()]);
    if (this.entries.length <= LONGEST) return;
    this.every *= 2;
    this.entries = this.entries.filter(([at]) => at % this.every === 0);
  }
}

const whole = (name, value, least, most = 1e9) => {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new Error(`${name} is ${value}; expected a whole number from ${least} to ${most}`);
};
const between = (name, value, least, most) => {
  if (typeof value === "number" && value >= least && value <= most) return;
  throw new Error(`${name} is ${value}; expected a number from ${least} to ${most}`);
};

/** Settings that make sense, or an Error that says what came and what was expected. */
export function checked(settings) {
  const s = { ...DEFAULTS, ...settings };
  for (const name of Object.keys(s)) {
    if (!(name in DEFAULTS)) throw new Error(`${name} is no setting of the playground`);
  }
  if (s.data !== "own" && !(s.data in SETS)) {
    throw new Error(`data is ${s.data}; expected one of ${Object.keys(SETS).join(", ")}`);
  }
  whole("n", s.n, 2, 10000);
  between("noise", s.noise, 0, 1);
  between("held_out", s.held_out, 0, 0.9);
  whole("data_seed", s.data_seed, 0);
  whole("seed", s.seed, 0);
  whole("batch_size", s.batch_size, 1);
  whole("epochs_per_picture", s.epochs_per_picture, 1);
  if (!(s.learning_rate > 0 && s.learning_rate < Infinity)) {
    throw new Error(`learning_rate is ${s.learning_rate}; expected a positive number`);
  }
  if (s.init !== "uniform" && s.init !== "glorot") {
    throw new Error(`init is ${s.init}; expected uniform or glorot`);
  }
  if (s.layers.length < 2) throw new Error(`layers is ${s.layers}; expected at least two widths`);
  s.layers.forEach((width, l) => whole(`layers[${l}]`, width, 1, 10000));
  s.bias = s.layers
    .slice(1)
    .map((_, l) => (Array.isArray(s.bias) ? (s.bias[l] ?? s.bias.at(-1)) : s.bias));
  return s;
}

/** The starting weights that numpy draws from this seed, and the generator after it. */
export function startingWeights({ layers, bias, init, seed }) {
  const rng = new Generator(seed);
  if (init === "uniform") return { vector: rng.uniform(0, 1, weightCount(layers, bias)), rng };
  const vector = weightShapes(layers, bias).flatMap(([rows, columns], l) => {
    const n = layers[l],
      limit = Math.sqrt(6 / (n + columns));
    return [...rng.uniform(-limit, limit, rows * columns)].map((w, i) => (i < n * columns ? w : 0));
  });
  return { vector: Float64Array.from(vector), rng };
}

/** A network with its points, trained in the page. `given`: points and weights to begin with. */
export class Trainer {
  constructor(settings = {}, given = {}) {
    this.own = given.own ?? null;
    this.given = given.weights ? { ...given, weights: Float64Array.from(given.weights) } : null;
    this.settings = checked(settings);
    if (given.reached) this.given = null;
    this.first = { data: this.settings.data, own: this.own };
    this.drawPoints();
    this.rewind();
    if (given.reached) this.goOn(given.reached);
  }

  /** Where `fit` has brought this run: Rewind goes back to its start. */
  goOn({ weights, epochs, curve }) {
    this.network.vector.set(weights);
    this.epochs = epochs;
    this.separated = epochs > 0 && allRight(this.network, this.X, this.T);
    this.curve.entries = curve;
  }

  /** The answer to one request: a picture of everything, or what went wrong. */
  handle(request) {
    const actions = {
      look: () => {},
      frame: () => this.train(request.epochs, performance.now() + SLICE),
      epoch: () => this.train(1),
      sample: () => this.trainSample(),
      rewind: () => this.rewind(),
      "new start": () => this.change({ seed: this.settings.seed + 1 }),
      change: () => this.change(request.settings),
      add: () => this.addPoint(request.x, request.label),
      remove: () => this.removePoint(request.index),
      weight: () => this.setWeight(request),
      load: () => this.loadPoints(request),
      "points again": () => this.pointsAgain(),
    };
    try {
      if (!actions[request.do]) throw new Error(`"${request.do}" is no request of the playground`);
      actions[request.do]();
      return { id: request.id, state: this.picture() };
    } catch (error) {
      return { id: request.id, error: error.message };
    }
  }

  /** Settings are made and tried first and taken over last: a wrong one changes nothing. */
  change(news) {
    const settings = checked({ ...this.settings, ...news }),
      names = Object.keys(news);
    const before = this.settings,
      points = names.some((name) => POINTS.includes(name));
    const { X, T } = points ? makePoints(settings, this.pool()) : this;
    if (settings.layers[0] !== X[0].length || settings.layers.at(-1) !== T[0].length) {
      throw new Error(
        `layers is ${settings.layers.join(" ")}; expected ${X[0].length} inputs first ` +
          `and ${T[0].length} output${T[0].length > 1 ? "s" : ""} last`,
      );
    }
    this.settings = settings;
    if (points) {
      if (names.includes("data")) this.first = { data: settings.data, own: this.own };
      this.drawPoints();
    }
    if (names.some((name) => START.includes(name))) this.given = null;
    if (points || names.some((name) => START.includes(name))) return this.rewind();
    const other = (name) => before[name] !== settings[name];
    if (this.begun() && (other("learning_rate") || other("batch_size"))) this.pure = false;
  }

  begun() {
    return this.epochs > 0 || this.sample > 0;
  }

  /** The user's points, or those on the plane now, to learn and held out in one. */
  pool() {
    if (this.settings.data !== "own" && this.own) return this.own;
    return { X: [...this.X, ...this.XTest], T: [...this.T, ...this.TTest] };
  }

  drawPoints() {
    const fresh = !this.X && this.own?.XTest?.length; // the user's points are parted already
    Object.assign(
      this,
      fresh ? this.own : makePoints(this.settings, this.X ? this.pool() : this.own),
    );
  }

  /** Back to the same starting weights. */
  rewind() {
    const { layers, bias } = this.settings,
      start = this.given ?? startingWeights(this.settings);
    const vector = (start.weights ?? start.vector).slice();
    this.rng = start.rng;
    this.network = makeNetwork(layers, bias, vector);
    this.epochs = start.epochs ?? 0;
    this.sample = 0;
    this.pure = !this.given;
    this.separated = this.epochs > 0 && allRight(this.network, this.X, this.T);
    this.curve = new Curve();
    this.note();
  }

  note() {
    this.curve.note(this.epochs, () => [
      this.loss(this.X, this.T),
      this.loss(this.XTest, this.TTest),
    ]);
  }

  loss(X, T) {
    return X.length ? evaluate(this.network, X, T).loss : null;
  }

  /** The next sample, or batch, of the epoch; after the last one the epoch is done. */
  trainSample() {
    const { learning_rate: rate, batch_size: size } = this.settings,
      s = this.sample;
    if (size === 1) batchStep(this.network, [this.X[s]], [this.T[s]], rate);
    else batchStep(this.network, this.X.slice(s, s + size), this.T.slice(s, s + size), rate);
    this.sample += size;
    if (this.sample < this.X.length) return;
    this.sample = 0;
    this.epochs += 1;
    if (!this.network.vector.every(Number.isFinite)) {
      throw new Error(
        `training diverged by epoch ${this.epochs}; rewind, and take a smaller learning rate`,
      );
    }
    this.separated = allRight(this.network, this.X, this.T);
    this.note();
  }

  /** So many epochs, one that is begun counted; until all points are right, or out of time. */
  train(epochs, deadline = Infinity) {
    const last = this.epochs + epochs;
    for (let count = 1; this.epochs < last && !this.separated; count++) {
      this.trainSample();
      const late = this.sample ? deadline + SLICE : deadline; // rather at the end of an epoch
      if ((!this.sample || count % 16 === 0) && performance.now() > late) return;
    }
  }

  /** One more point; with several outputs the label is the class, 0 for the first output. */
  addPoint(x, label) {
    const k = this.settings.layers.at(-1);
    this.takePoints([...this.X, x], [...this.T, target(label, k === 1 ? 2 : k)]);
  }

  removePoint(index) {
    if (this.X.length === 1)
      throw new Error("The last point stays: a network needs one to learn from.");
    if (!this.X[index]) return;
    this.takePoints(
      this.X.filter((_, s) => s !== index),
      this.T.filter((_, s) => s !== index),
    );
  }

  takePoints(X, T) {
    this.settings = { ...this.settings, data: "own" };
    Object.assign(this, { X, T, sample: 0, separated: false });
    if (this.begun()) this.pure = false;
    else this.rewind();
  }

  /** The user's own table of points. */
  loadPoints({ X, T }) {
    const layers = [X[0].length, ...this.settings.layers.slice(1, -1), T[0].length];
    this.own = { X, T };
    this.settings = checked({ ...this.settings, data: "own", layers, noise: 0 });
    this.first = { data: "own", own: this.own };
    Object.assign(this, makePoints(this.settings, this.own));
    this.given = null;
    this.rewind();
  }

  /** The points as they were before any was added or removed. */
  pointsAgain() {
    this.own = this.first.own;
    this.settings = { ...this.settings, data: this.first.data };
    Object.assign(this, makePoints(this.settings, this.own));
    this.rewind();
  }

  /** One weight by hand. */
  setWeight({ layer, row, column, value }) {
    if (!Number.isFinite(value)) throw new Error(`The weight is ${value}; expected a number.`);
    this.network.W[layer][row * this.settings.layers[layer + 1] + column] = value;
    this.separated = false;
    this.pure = false;
  }

  /** Everything that a page draws. */
  picture() {
    const now = evaluate(this.network, this.X, this.T);
    const test = this.XTest.length ? evaluate(this.network, this.XTest, this.TTest) : null;
    const entries = this.curve.entries,
      last = [this.epochs, now.loss, test && test.loss];
    return {
      settings: this.settings,
      epochs: this.epochs,
      sample: this.sample,
      separated: this.separated,
      pure: this.pure,
      seeded: !this.given,
      compiled: true,
      loss: now.loss,
      right: now.right,
      test,
      curve:
        entries.at(-1)[0] === this.epochs ? [...entries.slice(0, -1), last] : [...entries, last],
      weights: this.network.vector,
      X: this.X,
      T: this.T,
      XTest: this.XTest,
      TTest: this.TTest,
    };
  }

  /** This trainer goes on where a kernel stopped: the picture's settings, points and weights. */
  static from(state) {
    const own = state.settings.data === "own" ? { X: state.X, T: state.T } : null;
    const trainer = new Trainer({ ...state.settings, held_out: 0 }, { own });
    Object.assign(trainer, {
      settings: state.settings,
      epochs: state.epochs,
      sample: state.sample,
    });
    Object.assign(trainer, { X: state.X, T: state.T, XTest: state.XTest, TTest: state.TTest });
    Object.assign(trainer, { separated: state.separated, pure: state.pure });
    trainer.network.vector.set(state.weights);
    trainer.curve.entries = [...state.curve];
    return trainer;
  }
}

/** The state of the random generator as JSON. Its numbers have up to 39 digits. */
function generatorText(rng) {
  if (rng instanceof Generator) {
    const state = `{"state": ${rng.state}, "inc": ${rng.increment}}`;
    return `{"bit_generator": "PCG64", "state": ${state}, "has_uint32": 0, "uinteger": 0}`;
  }
  return rng ?? generatorText(new Generator(0));
}

/** The network as a safetensors file that `SigmoidNetwork.load` reads. */
export function weightsFile(trainer, { scale, names = null, classes = null } = {}) {
  const { layers, bias, init } = trainer.settings,
    { epochs, separated, network } = trainer;
  const run = { layers, bias, init, epochs, separated, training: null };
  const about = { format: 1, version: "0.2.0", ...run, columns: names, classes };
  const text = JSON.stringify({ ...about, rng: "RNG" }).replace(
    '"RNG"',
    generatorText(trainer.rng),
  );
  const now = evaluate(network, trainer.X, trainer.T);
  const record = epochs ? [epochs - 1, now.loss, now.right / trainer.X.length] : [];
  const tensors = { history: [[record.length / 3, 3], record] };
  if (scale) tensors.scale = [[2, layers[0]], scale.flat()];
  weightShapes(layers, bias).forEach((shape, l) => {
    tensors[`weights.${l}`] = [shape, network.W[l]];
  });
  return tensorFile(tensors, { backprop_lab: text });
}

/** Tensors {name: [shape, numbers]} and texts as a safetensors file. */
function tensorFile(tensors, texts) {
  const header = { __metadata__: texts };
  let end = 0;
  for (const [name, [shape, numbers]] of Object.entries(tensors)) {
    const data_offsets = [end, end + 8 * numbers.length];
    header[name] = { dtype: "F64", shape, data_offsets };
    end = data_offsets[1];
  }
  const head = new TextEncoder().encode(JSON.stringify(header));
  const padding = new Uint8Array((8 - (head.length % 8)) % 8).fill(32);
  const size = new DataView(new ArrayBuffer(8));
  size.setBigUint64(0, BigInt(head.length + padding.length), true);
  const blocks = Object.values(tensors).map(([, numbers]) => Float64Array.from(numbers));
  return new Blob([size, head, padding, ...blocks]);
}
