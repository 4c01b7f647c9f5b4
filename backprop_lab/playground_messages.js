// Requests, numbered, one under way, to the kernel or to the trainer in the page; and links.

import { DEFAULTS, Trainer } from "./playground_trainer.js";

/** Requests in a row: each gets a number, the next goes out after the answer to the last. */
export class Requests {
  constructor(send) {
    this.send = send;
    this.page = Math.random().toString(36).slice(2); // two views of one kernel have two names
    this.count = 0;
    this.underWay = null;
    this.waiting = [];
  }

  /** Ask now, or after what waits already. Of several changes of one weight the last counts. */
  ask(request) {
    const last = this.waiting.at(-1);
    const same =
      last &&
      request.do === "weight" &&
      last.do === "weight" &&
      ["layer", "row", "column"].every((name) => last[name] === request[name]);
    if (same) this.waiting.pop();
    this.waiting.push(request);
    this.next();
  }

  /** The next epochs, if nothing else is under way or waits. */
  frame(epochs) {
    if (!this.underWay && !this.waiting.length) this.ask({ do: "frame", epochs });
  }

  next() {
    if (this.underWay || !this.waiting.length) return;
    this.count += 1;
    this.underWay = {
      ...this.waiting.shift(),
      id: `${this.page} ${this.count}`,
      since: Date.now(),
    };
    this.send(this.underWay);
  }

  /** Is this the answer to the request under way? Then the next one may go. */
  answered(id) {
    if (!this.underWay || this.underWay.id !== id) return false;
    this.underWay = null;
    this.next();
    return true;
  }

  /** Nothing will be answered any more: what waits is forgotten. */
  clear() {
    this.underWay = null;
    this.waiting = [];
  }
}

/** To the trainer in this page. */
export function pageConnection(trainer, receive) {
  return {
    kind: "page",
    trainer,
    send: (request) => setTimeout(() => receive(trainer.handle(request))),
    close: () => {},
  };
}

/** To the kernel: its model's messages; arrays come as blocks of float64. */
export function kernelConnection(model, receive, lost) {
  const heard = (message, buffers) =>
    receive(message.state ? withArrays(message, buffers) : { ...message, buffers });
  model.on("msg:custom", heard);
  model.on("comm_live_update", lost);
  return {
    kind: "kernel",
    send: (request) => model.send(request),
    close: () => {
      model.off("msg:custom", heard);
      model.off("comm_live_update", lost);
    },
  };
}

function withArrays(message, buffers) {
  const [weights, X, T, XTest, TTest] = buffers.map((block) => {
    const view = ArrayBuffer.isView(block) ? block : new DataView(block);
    return new Float64Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
  });
  const { layers } = message.state.settings;
  const rows = (values, width) =>
    Array.from({ length: values.length / width }, (_, i) => [
      ...values.subarray(i * width, (i + 1) * width),
    ]);
  const [d, k] = [layers[0], layers.at(-1)];
  const arrays = {
    weights,
    X: rows(X, d),
    T: rows(T, k),
    XTest: rows(XTest, d),
    TTest: rows(TTest, k),
  };
  return { ...message, state: { ...message.state, ...arrays } };
}

const LONGEST = 6000; // characters of points or weights in a link

const rowsText = (X, T) => X.map((x, s) => [...x, ...T[s]].join(",")).join(";");
const textRows = (text, d) => {
  const rows = text
    .split(";")
    .filter(Boolean)
    .map((row) => row.split(",").map(Number));
  if (!rows.flat().every(Number.isFinite)) throw new Error("points in the link are not numbers");
  return { X: rows.map((row) => row.slice(0, d)), T: rows.map((row) => row.slice(d)) };
};
const bytesText = (vector) => btoa(String.fromCharCode(...new Uint8Array(vector.slice().buffer)));
const textBytes = (text) =>
  new Float64Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);

/** What is set, as the fragment of an address; weights too where they are by hand. Points that the
 *  page was saved with, `own`, are not repeated. */
export function writeAddress(state, more = {}, own = null) {
  const found = new URLSearchParams(),
    { settings } = state;
  for (const [name, value] of Object.entries(settings)) {
    if (name === "curve" && settings.data !== "curve") continue;
    const text =
      name === "bias" ? value.map(Number).join("") : Array.isArray(value) ? value.join("-") : value;
    found.set(name, text);
  }
  let whole = true;
  if (settings.data === "own" && !samePoints(state, own)) {
    const learn = rowsText(state.X, state.T),
      test = rowsText(state.XTest, state.TTest);
    whole = learn.length + test.length < LONGEST;
    if (whole) found.set("xy", learn);
    if (whole && test) found.set("xy_test", test);
  }
  if (state.epochs) found.set("epoch", state.epochs);
  if (state.sample) found.set("sample", state.sample);
  const weights = state.pure ? "" : bytesText(state.weights);
  if (weights && weights.length < LONGEST) found.set("weights", weights);
  if (weights.length >= LONGEST) whole = false;
  for (const [name, value] of Object.entries(more)) if (value) found.set(name, value);
  return { text: `#${found}`, whole };
}

const samePoints = (state, own) =>
  own !== null &&
  ["X", "T", "XTest", "TTest"].every(
    (name) => JSON.stringify(state[name]) === JSON.stringify(own[name] ?? []),
  );

/** What a fragment says: {settings, own, weights, epochs, sample, hide, question, …}. */
export function readAddress(fragment) {
  const found = new URLSearchParams(fragment.replace(/^#/, "")),
    settings = {};
  for (const [name, value] of Object.entries(DEFAULTS)) {
    const text = found.get(name);
    if (text === null) continue;
    if (name === "layers") settings.layers = text.split(/[-\s,]+/).map(Number);
    else if (name === "bias") settings.bias = [...text].map((digit) => digit === "1");
    else settings[name] = typeof value === "number" ? Number(text) : text;
  }
  const d = (settings.layers ?? DEFAULTS.layers)[0],
    rows = (name) => textRows(found.get(name) ?? "", d);
  const { X, T } = rows("xy"),
    test = rows("xy_test");
  return {
    settings,
    own: X.length ? { X, T, XTest: test.X, TTest: test.T } : null,
    weights: found.has("weights") ? textBytes(found.get("weights")) : null,
    epochs: Number(found.get("epoch") ?? 0),
    sample: Number(found.get("sample") ?? 0),
    hide: (found.get("hide") ?? "").split(",").filter(Boolean),
    question: found.get("question") ?? "",
    language: found.get("lang") ?? "",
    view: found.get("view") ?? "",
    at: found.get("at") ?? "",
  };
}

/** A trainer as described, and the goal: how many epochs it has to train first. `weights` are a
 *  start by hand, `reached` what the settings lead to. */
export function openTrainer({ settings, own, weights, epochs = 0, sample = 0, ...given }) {
  const start = weights ? { ...given, weights, epochs } : { reached: given.reached };
  const trainer = new Trainer(settings, { ...start, own });
  if (weights) trainer.sample = sample;
  return { trainer, goal: weights ? null : { epochs, sample } };
}
