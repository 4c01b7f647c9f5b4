// The page put together: `mountAll` for a page, `render` for the notebook.

import { forward } from "./playground_engine.js";
import { readPoints, writePoints, SETS } from "./playground_points.js";
import { Trainer, weightsFile } from "./playground_trainer.js";
import { digits, pythonLines, sampleSteps } from "./playground_formulas.js";
import {
  backwardNumbers,
  curveFrame,
  drawCurve,
  drawGraph,
  drawPlane,
  graphHit,
  makeView,
  nearestEntry,
  planeFrame,
} from "./playground_drawing.js";
import {
  button,
  download,
  group,
  make,
  menu,
  onePicture,
  textField,
  tick,
} from "./playground_controls.js";
import { help, speaker } from "./playground_words.js";
import {
  Requests,
  kernelConnection,
  openTrainer,
  pageConnection,
  readAddress,
  writeAddress,
} from "./playground_messages.js";

const SLOW = 64,
  PAUSE = 140; // the first epochs are shown slowly: milliseconds between pictures
const STEP_PAUSE = 350,
  LAYER_PAUSE = 900,
  SPEAK = 1000,
  SILENCE = 400;
const SET_NAMES = {
  XOR: "XOR (report)",
  linear: "linear (report)",
  circle: "circle",
  gauss: "gauss",
  spiral: "spiral",
  curve: "above a curve",
  own: "own",
};

/** One playground in the element `el`. `connect(receive, lost)` gives the connection. */
export class Page {
  constructor(el, connect, options = {}) {
    el.playground = this;
    Object.assign(this, { el, options, state: null, playing: false, closed: false, pictures: 0 });
    this.view = { unit: null, focus: null, cursor: null, curveAt: null, shownRange: null };
    this.language = options.language || "en";
    this.seen = { inView: true, spoken: 0, began: 0, error: "" };
    this.steps = null;
    this.goal = null;
    this.connection = connect(
      (answer) => this.receive(answer),
      () => this.lost(),
    );
    this.requests = new Requests((request) => this.send(request));
    this.build();
    this.watch();
    this.ask({ do: "look" });
  }

  say(text, values) {
    return speaker(this.language)(text, values);
  }

  // ---- requests and answers

  send(request) {
    if (this.closed) return;
    try {
      this.connection.send(request);
    } catch {
      this.lost();
      return;
    }
    setTimeout(() => this.busy(request), SILENCE);
  }

  ask(request) {
    if (!this.closed) this.requests.ask(request);
  }

  /** A request of the user's: it ends the playing. */
  act(request) {
    this.pause();
    this.steps = null;
    this.ask(request);
  }

  change(settings) {
    this.act({ do: "change", settings });
  }

  busy(request) {
    const waits = this.requests.underWay?.id === request.id && this.connection.kind === "kernel";
    if (waits && this.state && !this.state.compiled) {
      this.nodes.notice.textContent = this.say("The kernel compiles this network …");
      this.compiling = true;
    }
  }

  receive(answer) {
    if (this.closed) return;
    const mine = this.requests.answered(answer.id);
    if (answer.error !== undefined) {
      if (!mine) return;
      this.pause();
      this.alert(this.say(answer.error));
      this.showSettings(true);
      return;
    }
    if (answer.file) {
      if (mine) download(answer.file, new Blob([answer.buffers[0]]));
      return;
    }
    this.state = answer.state;
    this.pictures += 1;
    if (this.compiling) this.nodes.notice.textContent = "";
    this.compiling = false;
    if (mine) this.alert(this.openError ?? "");
    this.openError = null;
    if (this.goal) this.towardsGoal();
    else if (mine && this.playing) this.playOn();
    else if (mine) this.writeAddress();
    this.drawSoon();
  }

  /** The kernel is gone: the same weights, points and settings go on in the page. */
  lost() {
    if (this.closed || this.connection.kind === "page" || !this.state) return;
    this.connection.close();
    this.requests.clear();
    const trainer = Trainer.from(this.state);
    this.connection = pageConnection(trainer, (answer) => this.receive(answer));
    this.nodes.notice.textContent = this.say(
      "The kernel does not answer any more. This page goes on by itself, from the same weights.",
    );
    this.compiling = false;
    this.pause();
    this.ask({ do: "look" });
  }

  // ---- playing

  play() {
    this.playing = true;
    this.seen.began = performance.now();
    this.pictures = 0;
    this.showPlay();
    this.playOn();
  }

  pause() {
    const played = this.playing;
    this.playing = false;
    this.goal = null;
    clearTimeout(this.timer);
    if (!this.nodes) return;
    this.showPlay();
    if (played) this.writeAddress();
  }

  /** What comes next while it plays: some epochs, one sample, or one formula. */
  playOn() {
    clearTimeout(this.timer);
    if (!this.playing || this.closed) return;
    if (this.state.separated) {
      this.pause();
      return;
    }
    if (document.hidden || !this.seen.inView) {
      this.resting = true;
      this.nodes.notice.textContent = this.say("Training rests while nobody sees it.");
      return;
    }
    if (this.pace === "layer") this.later(LAYER_PAUSE, () => this.oneLayer());
    else if (this.pace === "sample") this.later(STEP_PAUSE, () => this.ask({ do: "sample" }));
    else this.nextEpochs();
  }

  later(milliseconds, action) {
    this.timer = setTimeout(() => {
      if (!this.playing || this.closed) return;
      action();
    }, milliseconds);
  }

  /** The first pictures show 1, 2, 4, … epochs, and not too fast. */
  nextEpochs() {
    const { epochs, settings } = this.state,
      count = Math.min(settings.epochs_per_picture, epochs + 1);
    if (epochs < SLOW && settings.epochs_per_picture > 1)
      this.later(PAUSE, () => this.requests.frame(count));
    else if (this.connection.kind === "kernel") this.requests.frame(count);
    else requestAnimationFrame(() => this.playing && this.requests.frame(count));
  }

  wake() {
    if (!this.resting || document.hidden || !this.seen.inView) return;
    this.resting = false;
    this.nodes.notice.textContent = "";
    this.playOn();
  }

  towardsGoal() {
    const { epochs, sample, separated } = this.state;
    if (epochs < this.goal.epochs && !separated) this.requests.frame(this.goal.epochs - epochs);
    else if (sample < this.goal.sample) this.ask({ do: "sample" });
    else {
      this.goal = null;
      this.writeAddress();
    }
  }

  /** The next formula of the sample; after the last one the sample is learned. */
  oneLayer() {
    if (!this.steps) {
      this.steps = this.sampleSteps();
    }
    this.stepAt = this.view.step ? this.stepAt + 1 : 0;
    if (this.stepAt < this.steps.length) {
      this.view.step = this.steps[this.stepAt];
      this.draw();
      if (this.playing) this.playOn();
    } else {
      this.steps = this.view.step = null;
      this.ask({ do: "sample" });
    }
  }

  sampleSteps() {
    const { settings, weights, X, T, sample } = this.state;
    const say = (text, values) => this.say(text, values);
    return sampleSteps({ ...settings, weights }, X[sample], T[sample], settings.learning_rate, say);
  }

  // ---- building

  build() {
    const say = (text, values) => this.say(text, values);
    const root = make("div", {
      className: "bp-root",
      lang: this.language,
      data: { lmSuppressShortcuts: "true" },
    });
    this.root = root;
    this.nodes = {
      question: make("p", { className: "bp-question", textContent: this.options.question ?? "" }),
      status: make("p", { className: "bp-status", data: { part: "status" } }),
      spoken: make("p", { className: "bp-hidden", aria: { role: "status", live: "polite" } }),
      words: make("p", { className: "bp-words", data: { part: "words" } }),
      notice: make("p", { className: "bp-notice", aria: { live: "polite" } }),
      error: make("p", { className: "bp-error", aria: { role: "alert" } }),
      formula: make("pre", {
        className: "bp-formula",
        tabIndex: 0,
        aria: { role: "region", label: say("Formula") },
      }),
      python: make("pre", {
        className: "bp-python",
        tabIndex: 0,
        aria: { role: "region", label: say("The same run in Python") },
      }),
      link: make("input", {
        className: "bp-link",
        type: "text",
        readOnly: true,
        hidden: true,
        aria: { label: say("Copy link") },
      }),
    };
    root.append(
      this.nodes.question,
      this.buildTraining(),
      this.nodes.status,
      this.nodes.spoken,
      this.nodes.words,
      this.nodes.notice,
      this.nodes.error,
      this.buildPictures(),
      this.nodes.formula,
      this.buildSettings(),
      this.buildKeep(),
      this.buildPython(),
      this.buildHelp(),
    );
    this.nodes.question.hidden = !this.options.question;
    for (const name of this.options.hide ?? []) {
      for (const node of root.querySelectorAll(
        `[data-part="${CSS.escape(name)}"], [data-name="${CSS.escape(name)}"]`,
      )) {
        node.hidden = true;
      }
    }
    this.el.replaceChildren(root);
    this.acceptFiles();
  }

  buildTraining() {
    const say = (text) => this.say(text),
      still = (request) => () => this.act({ do: request });
    this.nodes.play = button("play", say("Play"), say("Train until all points are right"), () =>
      this.playing ? this.pause() : this.play(),
    );
    this.pace ??= "epochs";
    this.paceMenu = menu({
      name: "pace",
      label: say("Pace"),
      options: [
        ["epochs", say("epochs")],
        ["sample", say("sample by sample")],
        ["layer", say("layer by layer")],
      ],
      changed: (value) => {
        this.pace = value;
      },
    });
    this.paceMenu.show(this.pace);
    const other = button("language", say("中文"), say("中文"), () =>
      this.speak(/^zh/.test(this.language) ? "en" : "zh-TW"),
    );
    other.lang = /^zh/.test(this.language) ? "en" : "zh-TW";
    return make(
      "div",
      {
        className: "bp-bar",
        data: { part: "training" },
        aria: { role: "group", label: say("Training") },
      },
      this.nodes.play,
      button("epoch", say("Epoch"), say("Train one epoch"), still("epoch")),
      button("sample", say("Sample"), say("Train one sample"), still("sample")),
      button(
        "layer",
        say("Layer"),
        say("The next formula of this sample, with its numbers"),
        () => {
          this.playing && this.pause();
          this.oneLayer();
        },
      ),
      button("rewind", say("Rewind"), say("Back to the same starting weights"), still("rewind")),
      button(
        "new",
        say("New start"),
        say("Draw other starting weights: the next seed"),
        still("new start"),
      ),
      this.paceMenu.node,
      other,
    );
  }

  speak(language) {
    this.language = language;
    if (this.options.address) document.documentElement.lang = language;
    this.steps = this.view.step = null;
    this.build();
    this.showSettings(true);
    this.draw();
    this.writeAddress();
    this.root.querySelector('[data-name="language"]').focus();
  }

  buildSettings() {
    const say = (text) => this.say(text),
      wrong = (name, typed, wanted) => this.wrong(name, typed, wanted);
    const set = (name) => (value) => this.change({ [name]: value });
    const field = (name, label, kind, wanted, limits = {}) =>
      textField({
        name,
        label: say(label),
        kind,
        wanted: say(wanted),
        changed: set(name),
        wrong,
        ...limits,
      });
    const whole = (name, label, least, more = {}) =>
      field(name, label, "whole", `a whole number, ${least} or more`, { least, ...more });
    const fields = {
      data: menu({ name: "data", label: say("Set"), options: [], changed: set("data") }),
      n: whole("n", "Number", 2, { size: 4 }),
      noise: field("noise", "Noise", "number", "a number from 0 to 1", {
        least: 0,
        most: 1,
        size: 4,
      }),
      held_out: field("held_out", "Held out", "number", "a number from 0 to 0.9", {
        least: 0,
        most: 0.9,
        size: 4,
      }),
      data_seed: whole("data_seed", "Seed of the points", 0, { size: 4 }),
      curve: field("curve", "Curve", "text", "a number", { size: 18 }),
      layers: field("layers", "Layers", "layers", "whole numbers, like 2 4 4 1", { size: 12 }),
      init: menu({
        name: "init",
        label: say("Start"),
        options: [
          ["uniform", "uniform"],
          ["glorot", "glorot"],
        ],
        changed: set("init"),
      }),
      seed: whole("seed", "Seed", 0, { size: 5 }),
      learning_rate: field("learning_rate", "Learning rate", "positive", "a positive number"),
      batch_size: whole("batch_size", "Batch", 1, { size: 4 }),
      epochs_per_picture: whole("epochs_per_picture", "Epochs a picture", 1),
    };
    this.fields = fields;
    this.showMenu = menu({
      name: "show",
      label: say("Show"),
      options: [
        ["forward", say("forward: weights, surfaces")],
        ["backward", say("backward: gradients, deltas")],
      ],
      changed: (value) => this.show(value),
    });
    this.showMenu.show(this.backward ? "backward" : "forward");
    this.nodes.stack = make("span", { className: "bp-stack", data: { part: "stack" } });
    this.nodes.bias = make("span", { className: "bp-stack", data: { part: "bias" } });
    this.nodes.axes = make("span", { className: "bp-stack", data: { part: "axes" } });
    const again = button("again", say("Points as at first"), say("Points as at first"), () =>
      this.act({ do: "points again" }),
    );
    const nodes = (...names) => names.map((name) => fields[name].node);
    return make(
      "div",
      { className: "bp-settings", data: { part: "settings" } },
      group(
        "points",
        say("Points"),
        ...nodes("data", "n", "curve", "noise", "held_out", "data_seed"),
        again,
      ),
      group(
        "network",
        say("Network"),
        ...nodes("layers"),
        this.nodes.stack,
        this.nodes.bias,
        ...nodes("init", "seed"),
      ),
      group(
        "steps",
        say("Steps"),
        ...nodes("learning_rate", "batch_size", "epochs_per_picture"),
        this.showMenu.node,
        this.nodes.axes,
      ),
    );
  }

  wrong(name, typed, wanted) {
    this.alert(
      this.say('{name}: "{typed}" was typed; expected {wanted}.', {
        name,
        typed: typed || this.say("nothing"),
        wanted,
      }),
    );
  }

  alert(text) {
    this.nodes.error.textContent = text;
  }

  show(value) {
    this.backward = value === "backward";
    this.draw();
    this.writeAddress();
  }

  buildPictures() {
    const say = (text) => this.say(text),
      legend = (...entries) =>
        make(
          "ul",
          { className: "bp-legend" },
          ...entries.map(([kind, text]) =>
            make(
              "li",
              {},
              make("span", { className: `bp-key bp-${kind}`, aria: { hidden: "true" } }),
              say(text),
            ),
          ),
        );
    const canvas = (name, label) =>
      make("canvas", {
        className: `bp-${name}`,
        tabIndex: 0,
        aria: { role: "application", label: say(label) },
      });
    this.plane = canvas("plane", "The plane of the points and the output over it");
    this.graph = canvas("graph", "The network");
    this.curve = canvas("curve", "Learning curve");
    this.reading = make("figcaption", { aria: { live: "off" } });
    this.weightReading = make("figcaption", { aria: { live: "off" } });
    this.curveReading = make("figcaption", { aria: { live: "off" } });
    this.tool ??= "blue";
    const tools = menu({
      name: "tool",
      label: say("A click on the plane"),
      options: [
        ["blue", say("adds blue")],
        ["red", say("adds red")],
        ["remove", say("removes")],
        ["read", say("reads")],
      ],
      changed: (value) => {
        this.tool = value;
      },
    });
    tools.show(this.tool);
    this.weightField = textField({
      name: "weight",
      label: "W",
      kind: "number",
      size: 12,
      least: -1e300,
      most: 1e300,
      wanted: say("a number"),
      wrong: (...told) => this.wrong(...told),
      changed: (value) => this.setWeight(value),
    });
    this.weightField.node.hidden = true;
    this.weightLabel = this.weightField.node.firstChild;
    this.listen();
    return make(
      "div",
      { className: "bp-main" },
      make(
        "figure",
        { data: { part: "plane" } },
        this.plane,
        this.reading,
        tools.node,
        legend(
          ["red", "red circle: target 0"],
          ["blue", "blue triangle: target 1"],
          ["hollow", "hollow: held out"],
          ["half", "black line: output one half"],
          ["scale", "colour: output from 0 to 1"],
        ),
      ),
      make(
        "figure",
        { data: { part: "graph" } },
        this.graph,
        this.weightReading,
        this.weightField.node,
        legend(
          ["plus", "blue line: positive weight"],
          ["minus", "red dashes: negative weight"],
          ["unit", "square: a unit's output over the plane"],
        ),
      ),
      make(
        "figure",
        { data: { part: "loss" } },
        this.curve,
        this.curveReading,
        legend(["line", "line: points that learn"], ["dashes", "dashes: points held out"]),
      ),
    );
  }

  buildKeep() {
    const say = (text) => this.say(text);
    const table = make("textarea", {
      rows: 5,
      cols: 40,
      aria: {
        label: say("Table of points: numbers, and a label in the last column"),
      },
    });
    const file = make("input", {
      type: "file",
      accept: ".csv,.tsv,.txt,text/csv",
      aria: { label: say("Read a table") },
      onchange: async () => file.files[0] && this.takeTable(await file.files[0].text()),
    });
    return make(
      "div",
      { className: "bp-bar", data: { part: "keep" }, aria: { role: "group", label: say("Keep") } },
      button("save weights", say("Save weights"), say("Save weights"), () => this.saveWeights()),
      button("save points", say("Save points"), say("Save points"), () => this.savePoints()),
      button("save picture", say("Save picture"), say("Save picture"), () => this.savePicture()),
      button("copy link", say("Copy link"), say("Copy link"), () => this.copyLink()),
      this.nodes.link,
      make(
        "details",
        { data: { part: "table" } },
        make("summary", { textContent: say("Read a table") }),
        file,
        make(
          "label",
          {},
          say("Table of points: numbers, and a label in the last column"),
          make("br"),
          table,
        ),
        button("take", say("Take these points"), say("Take these points"), () =>
          this.takeTable(table.value),
        ),
      ),
    );
  }

  buildPython() {
    return make(
      "details",
      { open: true, data: { part: "python" } },
      make("summary", { textContent: this.say("The same run in Python") }),
      this.nodes.python,
    );
  }

  buildHelp() {
    const rows = help(this.language).flatMap(([name, text]) => [
      make("dt", { textContent: name }),
      make("dd", { textContent: text }),
    ]);
    return make(
      "details",
      { data: { part: "help" } },
      make("summary", { textContent: this.say("What am I looking at?") }),
      make("dl", {}, ...rows),
    );
  }

  // ---- showing

  showPlay() {
    this.nodes.play.textContent = this.say(this.playing ? "Pause" : "Play");
    this.root.dataset.playing = this.playing;
  }

  showSettings(always = false) {
    if (!this.state) return;
    const { settings } = this.state,
      { fields } = this;
    const sets = Object.keys(SETS).concat(settings.data === "own" || this.ownSeen ? "own" : []);
    this.ownSeen ||= settings.data === "own";
    fields.data.fill(sets.map((name) => [name, this.say(SET_NAMES[name])]));
    for (const [name, field] of Object.entries(fields)) {
      field.show(name === "layers" ? settings.layers.join(" ") : settings[name], always);
    }
    const drawn = !["own", "XOR"].includes(settings.data),
      hidden = this.options.hide ?? [];
    fields.n.node.hidden = !drawn || hidden.includes("n");
    fields.curve.node.hidden = settings.data !== "curve" || hidden.includes("curve");
    fields.noise.node.hidden = settings.data === "own" || hidden.includes("noise");
    this.showStack(settings);
    this.showAxes(settings.layers[0]);
  }

  /** − and + for every hidden layer, for layers, and a box for each layer's bias. */
  showStack({ layers, bias }) {
    const sign = `${layers} ${bias} ${this.language}`;
    if (this.stackSign === sign && this.nodes.stack.childNodes.length) return;
    this.stackSign = sign;
    const say = (text, values) => this.say(text, values),
      hidden = layers.slice(1, -1);
    const take = (now) =>
      this.change({ layers: [layers[0], ...now, layers.at(-1)], bias: this.biasFor(now, bias) });
    const small = (name, text, title, action, disabled = false) => {
      const node = button(name, text, title, action);
      node.setAttribute("aria-label", title);
      node.disabled = disabled;
      return node;
    };
    const focused = document.activeElement?.dataset?.name;
    this.nodes.stack.replaceChildren(
      small(
        "fewer layers",
        "− ▭",
        say("One layer less"),
        () => take(hidden.slice(0, -1)),
        !hidden.length,
      ),
      ...hidden.map((width, i) => {
        const to = (value) => take(hidden.map((old, k) => (k === i ? value : old)));
        const name = say("Layer {l}", { l: i + 1 });
        return make(
          "span",
          { className: "bp-stack", aria: { role: "group", label: name } },
          small(
            `less ${i}`,
            "−",
            `${name}: ${say("one unit less")}`,
            () => to(width - 1),
            width < 2,
          ),
          String(width),
          small(`more ${i}`, "+", `${name}: ${say("one unit more")}`, () => to(width + 1)),
        );
      }),
      small("more layers", "+ ▭", say("One layer more"), () =>
        take([...hidden, hidden.at(-1) ?? 4]),
      ),
    );
    const boxes = bias.map((on, l) => {
      const box = tick({
        name: `bias ${l}`,
        label: `W${l}`,
        changed: (value) => this.change({ bias: bias.map((old, k) => (k === l ? value : old)) }),
      });
      box.show(on);
      return box.node;
    });
    this.nodes.bias.replaceChildren(say("Bias"), ...boxes);
    if (focused) this.root.querySelector(`[data-name="${CSS.escape(focused)}"]`)?.focus();
  }

  biasFor(hidden, bias) {
    const count = hidden.length + 1;
    return Array.from({ length: count }, (_, l) => bias[l] ?? bias.at(-1));
  }

  showAxes(d) {
    this.nodes.axes.hidden = d < 3;
    if (d < 3 || this.nodes.axes.childNodes.length) return;
    const names = Array.from({ length: d }, (_, i) => [
      String(i),
      this.options.names?.[i] ?? `x${i}`,
    ]);
    const menus = [0, 1].map((k) => {
      const node = menu({
        name: `axis ${k}`,
        label: `${this.say("Axes")} ${k + 1}`,
        options: names,
        changed: (value) => {
          this.view.axes = this.view.axes.map((axis, i) => (i === k ? Number(value) : axis));
          this.draw();
        },
      });
      node.show(String((this.view.axes ?? [0, 1])[k]));
      return node.node;
    });
    this.nodes.axes.replaceChildren(...menus);
  }

  drawSoon() {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = null;
      this.draw();
    });
  }

  draw() {
    if (this.closed || !this.state || !this.root.isConnected) return;
    this.showSettings();
    this.showWords();
    if (!this.root.getBoundingClientRect().width) return;
    const old = this.view;
    if (old.unit && !(this.state.settings.layers[old.unit[0]] > old.unit[1]))
      old.unit = old.focus = null;
    this.view = makeView(this.state, old);
    const { state, view } = this,
      x = state.X[state.sample];
    view.sample = state.sample || view.step ? state.sample : null;
    view.backward = this.backward ? backwardNumbers(view.net, x, state.T[state.sample]) : null;
    const names = this.options.names;
    view.names = view.axes.map((axis) => names?.[axis] ?? `x${axis}`);
    view.shownRange = this.shownRange(view);
    if (this.shown(this.plane)) drawPlane(this.plane, view);
    if (this.shown(this.graph)) drawGraph(this.graph, view);
    if (this.shown(this.curve)) drawCurve(this.curve, view, (text) => this.say(text));
    this.read();
    this.showNumbers();
  }

  shown(canvas) {
    return canvas.getBoundingClientRect().width > 0;
  }

  /** The plane's range in the units of the user's columns, where the network scales its inputs. */
  shownRange(view) {
    const scale = this.options.scale;
    return scale
      ? view.axes.map((axis, i) => view.range[i].map((value) => this.unscaled(value, axis)))
      : null;
  }

  unscaled(value, axis) {
    const scale = this.options.scale;
    if (!scale) return value;
    const [low, high] = [scale[0][axis], scale[1][axis]];
    return low + value * (high > low ? high - low : 1);
  }

  showWords() {
    const { state } = this,
      { epochs, sample, settings } = state,
      count = epochs.toLocaleString("en");
    const parts = [
      sample
        ? this.say("{n} epochs and {s} samples done", { n: count, s: sample })
        : this.say("{n} epochs done", { n: count }),
      this.say("loss {loss}", { loss: digits(state.loss, 5) }),
      this.say("{right} of {n} points right", { right: state.right, n: state.X.length }),
    ];
    if (state.test) {
      parts.push(
        this.say("{right} of {n} held out right, loss {loss}", {
          right: state.test.right,
          n: state.XTest.length,
          loss: digits(state.test.loss, 4),
        }),
      );
    }
    parts.push(this.say("seed {seed}", { seed: settings.seed }));
    const done = state.separated ? `: ${this.say("all points are classified correctly")}` : "";
    this.nodes.status.textContent = parts.join(", ") + done;
    this.nodes.words.textContent = this.inWords();
    this.speakSoon();
  }

  /** What one sees now, in a sentence. */
  inWords() {
    const { state } = this,
      { curve, epochs, loss } = state;
    if (state.separated) {
      return this.say(
        "All points lie on their side of the black line: training has ended by itself.",
      );
    }
    const { net } =
      this.view.net?.vector === state.weights ? this.view : makeView(state, this.view);
    const outputs = state.X.map((x) => forward(net, x)[0]);
    const slope = outputs.reduce((sum, y) => sum + y * (1 - y), 0) / outputs.length;
    if (slope < 1e-3 && state.right < state.X.length) {
      return this.say(
        "Nothing is learned: the outputs are saturated (slope {slope}). Choose the start glorot.",
        { slope: digits(slope, 2) },
      );
    }
    if (!epochs) {
      return this.say("Before training: the outputs at the points lie between {low} and {high}.", {
        low: digits(Math.min(...outputs), 3),
        high: digits(Math.max(...outputs), 3),
      });
    }
    const earlier = nearestEntry(curve, epochs * 0.8),
      change = loss / earlier[1] - 1;
    const values = {
      n: (epochs - earlier[0]).toLocaleString("en"),
      from: digits(earlier[1], 4),
      to: digits(loss, 4),
    };
    if (Math.abs(change) < 0.02 && epochs > 100) {
      return this.say(
        "For {n} epochs the loss has hardly changed: a plateau. It may be left suddenly.",
        values,
      );
    }
    values.n = earlier[0].toLocaleString("en");
    return this.say(
      change < 0
        ? "The loss falls: from {from} at epoch {n} to {to}."
        : "The loss rises: from {from} at epoch {n} to {to}.",
      values,
    );
  }

  /** The status is spoken at most once a second. */
  speakSoon() {
    if (this.speaking) return;
    const wait = Math.max(0, SPEAK - (performance.now() - this.seen.spoken));
    this.speaking = setTimeout(() => {
      this.speaking = null;
      this.seen.spoken = performance.now();
      const text = this.nodes.status.textContent;
      if (this.nodes.spoken.textContent !== text) this.nodes.spoken.textContent = text;
    }, wait);
  }

  showNumbers() {
    const { state, view, root } = this,
      lines = pythonLines(state);
    const by_hand = this.say("Weights or points were changed by hand: save the weights, then");
    this.nodes.python.textContent = lines
      ? lines +
        (state.sample ? `\n# ${this.say("The sample that is under way is not in it.")}` : "")
      : `# ${by_hand}\nfrom backprop_lab import SigmoidNetwork\n` +
        'network = SigmoidNetwork.load("network.safetensors")';
    const title =
      view.step && this.say("sample {s} of {n}", { s: state.sample + 1, n: state.X.length });
    this.nodes.formula.textContent = view.step
      ? `${title}: ${view.step.title}\n${view.step.text}`
      : "";
    this.nodes.formula.hidden = !view.step;
    Object.assign(root.dataset, {
      epochs: state.epochs,
      sample: state.sample,
      pictures: this.pictures,
      separated: state.separated,
      points: state.X.length,
      seed: state.settings.seed,
      connection: this.connection.kind,
      seconds: ((performance.now() - this.seen.began) / 1000).toFixed(3),
    });
    this.plane.setAttribute("aria-description", this.nodes.words.textContent);
  }

  // ---- readings: they live while it trains

  read() {
    this.readPlane();
    this.readGraph();
    this.readCurve();
  }

  readPlane() {
    const { view } = this,
      at = this.pointer ?? view.cursor;
    if (!at) {
      this.reading.textContent = this.say(
        "Point at the plane to read the output. Shift and click: red. " +
          "A click on a point removes it.",
      );
      return;
    }
    const x = [...view.middle],
      [l, i] = view.unit ?? [view.net.layers.length - 1, 0];
    view.axes.forEach((axis, k) => {
      x[axis] = at[k];
    });
    forward(view.net, x);
    const [x0, x1] = at.map((value, k) => this.unscaled(value, view.axes[k]).toFixed(3));
    const values = { l, i, y: view.net.a[l][i].toFixed(6), x0, x1 };
    const text = this.say(
      view.unit ? "unit a{l}[{i}] gives {y} at ({x0}, {x1})" : "output {y} at ({x0}, {x1})",
      values,
    );
    this.reading.textContent = view.unit
      ? `${text}. ${this.say("Large: unit a{l}[{i}]. Escape shows the output again.", values)}`
      : text;
  }

  readGraph() {
    const { view, state } = this,
      { focus } = view;
    this.weightField.node.hidden = !(focus && focus.j !== undefined);
    if (!focus) {
      const many =
        view.net.vector.length > 3000
          ? ` (${this.say("only the stronger weights are drawn")})`
          : "";
      this.weightReading.textContent =
        this.say(
          "Point at a line or a unit to read its number; " +
            "drag a line up or down to change the weight.",
        ) + many;
      return;
    }
    const { l, i, j } = focus,
      s = state.sample;
    const numbers = backwardNumbers(view.net, state.X[s], state.T[s]);
    const sample = this.say("at sample {s}", { s: s + 1 });
    if (j === undefined) {
      const delta = l ? `, δ${l}[${i}] = ${digits(numbers.deltas[l][i])}` : "";
      const activation = `a${l}[${i}] = ${digits(view.net.a[l][i])}`;
      this.weightReading.textContent = `${activation}${delta} ${sample}`;
      return;
    }
    const k = i * view.net.layers[l + 1] + j,
      weight = view.net.W[l][k];
    this.weightReading.textContent =
      `W${l}[${i}, ${j}] = ${digits(weight)}, ` +
      `∂L/∂W${l}[${i}, ${j}] = ${digits(numbers.gradients[l][k])} ${sample}`;
    this.weightLabel.textContent = `W${l}[${i}, ${j}] `;
    this.weightField.show(digits(weight));
  }

  readCurve() {
    const { curveAt } = this.view;
    if (curveAt === null) {
      this.curveReading.textContent = this.say("Point at the curve to read it.");
      return;
    }
    const [epoch, loss, test] = nearestEntry(this.state.curve, curveAt);
    const held = test === null ? "" : `, ${this.say("held out {loss}", { loss: digits(test, 5) })}`;
    this.curveReading.textContent =
      this.say("epoch {n}: loss {loss}", { n: epoch.toLocaleString("en"), loss: digits(loss, 5) }) +
      held;
  }

  // ---- mouse, touch and keys

  listen() {
    const where = (event) => {
      const box = event.currentTarget.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top, box.width, box.height];
    };
    const onPlane = (event) => {
      const [px, py, width, height] = where(event);
      return planeFrame(width, height, this.view.range).fromPixels(px, py);
    };
    this.plane.onpointermove = (event) => {
      if (!this.state || !this.view.range) return;
      this.pointer = onPlane(event);
      this.readPlane();
    };
    this.plane.onpointerleave = (event) => {
      if (event.pointerType === "mouse") this.pointer = null;
    };
    this.plane.onclick = (event) => this.view.range && this.clickPlane(onPlane(event), event);
    this.plane.onkeydown = (event) => this.state && this.planeKey(event);
    this.graph.onpointermove = (event) => this.graphMove(where(event), event);
    this.graph.onpointerdown = (event) => this.graphDown(where(event), event);
    this.graph.onpointerup = () => {
      this.drag = null;
    };
    this.graph.onpointerleave = () => this.graphLeave();
    this.graph.onkeydown = (event) => this.state && this.graphKey(event);
    this.curve.onpointermove = (event) => {
      if (!this.state) return;
      const [px, , width, height] = where(event);
      this.view.curveAt = Math.max(0, curveFrame(this.state.curve, width, height).epoch(px));
      this.drawSoon();
    };
    this.curve.onpointerleave = () => {
      this.view.curveAt = null;
      this.drawSoon();
    };
    this.curve.onkeydown = (event) => this.state && this.curveKey(event);
  }

  nearestPoint([x0, x1]) {
    const { axes, range } = this.view,
      spans = range.map(([low, high]) => high - low);
    return this.state.X.reduce(
      (best, x, k) => {
        const far = Math.hypot((x[axes[0]] - x0) / spans[0], (x[axes[1]] - x1) / spans[1]);
        return far < best[1] ? [k, far] : best;
      },
      [-1, Infinity],
    );
  }

  clickPlane(at, event) {
    const [index, far] = this.nearestPoint(at),
      { range } = this.view;
    const inside = at.every((value, i) => value >= range[i][0] && value <= range[i][1]);
    if (!inside || event.detail > 1) return; // the second click of two says nothing new
    if (this.tool === "read") {
      this.view.cursor = this.pointer = at;
      this.drawSoon();
    } else if (this.tool === "remove" || far < 0.03) {
      if (far < 0.08) this.act({ do: "remove", index });
    } else {
      const red = this.tool === "red" || event.shiftKey;
      this.addPoint(at, red ? 0 : 1);
    }
  }

  addPoint(at, label) {
    const x = [...this.view.middle];
    this.view.axes.forEach((axis, k) => {
      x[axis] = Math.round(at[k] * 1e4) / 1e4;
    });
    this.act({ do: "add", x, label });
  }

  planeKey(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] },
      { view } = this;
    if (!(event.key in moves || ["Enter", "Delete", "Backspace", "Escape"].includes(event.key)))
      return;
    event.preventDefault();
    event.stopPropagation();
    this.pointer = null;
    if (event.key === "Escape") {
      view.cursor = view.unit = view.focus = null;
      this.draw();
      return;
    }
    view.cursor ??= view.range.map(([low, high]) => (low + high) / 2);
    if (event.key in moves) {
      view.cursor = view.cursor.map((value, i) => {
        const [low, high] = view.range[i];
        return Math.min(high, Math.max(low, value + (moves[event.key][i] * (high - low)) / 40));
      });
      this.reading.setAttribute("aria-live", "polite");
      this.draw();
    } else if (event.key === "Enter") {
      this.addPoint(view.cursor, event.shiftKey || this.tool === "red" ? 0 : 1);
    } else {
      this.act({ do: "remove", index: this.nearestPoint(view.cursor)[0] });
    }
  }

  /** A unit or a weight is pointed at: its number, and a unit large on the plane. */
  focusOn(hit) {
    const { view } = this;
    if (JSON.stringify(hit) === JSON.stringify(view.focus)) return;
    view.focus = hit;
    view.unit = hit && hit.j === undefined && hit.l > 0 ? [hit.l, hit.i] : null;
    this.drawSoon();
  }

  graphMove([px, py, width, height], event) {
    if (!this.state || !this.view.net) return;
    if (this.drag) {
      this.setWeight(this.drag.value + (this.drag.y - py) * this.drag.unit);
      return;
    }
    if (event.pointerType === "touch" || this.held) return;
    this.focusOn(graphHit(this.view.net, width, height, px, py));
  }

  graphDown([px, py, width, height], event) {
    if (!this.state || !this.view.net) return;
    const hit = graphHit(this.view.net, width, height, px, py);
    this.held = hit;
    this.focusOn(hit);
    if (!hit || hit.j === undefined) return;
    const value = this.view.net.W[hit.l][hit.i * this.view.net.layers[hit.l + 1] + hit.j];
    this.drag = { y: py, value, unit: 0.02 };
    this.graph.setPointerCapture(event.pointerId);
  }

  graphLeave() {
    if (!this.held && document.activeElement !== this.graph) this.focusOn(null);
  }

  setWeight(value) {
    const { l, i, j } = this.view.focus;
    this.pause();
    this.steps = this.view.step = null;
    this.ask({ do: "weight", layer: l, row: i, column: j, value });
  }

  graphKey(event) {
    const { net } = this.view,
      focus = this.view.focus ?? { l: net.layers.length - 1, i: 0 };
    const next = this.view.focus ? this.graphNext(event.key, focus, net) : focus;
    const keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Enter", "Escape", "+", "-"];
    if (!keys.includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    this.weightReading.setAttribute("aria-live", "polite");
    if (event.key === "Escape") {
      this.held = null;
      this.focusOn(null);
    } else if (focus.j !== undefined && "+-".includes(event.key)) {
      const value = net.W[focus.l][focus.i * net.layers[focus.l + 1] + focus.j];
      this.setWeight(value + (event.key === "+" ? 0.1 : -0.1));
    } else if (focus.j !== undefined && event.key === "Enter") {
      this.weightField.input.focus();
    } else {
      this.held = next;
      this.focusOn(next);
    }
  }

  /** Arrows go from unit to unit; Enter goes to the weights that come into a unit. */
  graphNext(key, { l, i, j }, net) {
    const rows = (layer) => net.layers[layer] + (net.bias[layer] ? 1 : 0);
    const within = (value, count) => Math.min(count - 1, Math.max(0, value));
    const move = key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : 0;
    if (j !== undefined) {
      if (key === "ArrowRight") return { l: l + 1, i: j };
      if (key === "ArrowLeft") return { l, i: within(i, net.layers[l]) };
      return { l, i: within(i + move, rows(l)), j };
    }
    if (key === "Enter" && l > 0) return { l: l - 1, i: 0, j: i };
    const layer = within(
      l + (key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0),
      net.layers.length,
    );
    return { l: layer, i: within(i + move, net.layers[layer]) };
  }

  curveKey(event) {
    const entries = this.state.curve,
      moves = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    const now =
      this.view.curveAt === null
        ? entries.length - 1
        : entries.indexOf(nearestEntry(entries, this.view.curveAt));
    const to = Math.min(entries.length - 1, Math.max(0, now + moves[event.key]));
    this.view.curveAt = entries[to][0];
    this.curveReading.setAttribute("aria-live", "polite");
    this.draw();
  }

  // ---- files and links

  acceptFiles() {
    this.root.ondragover = (event) => event.preventDefault();
    this.root.ondrop = async (event) => {
      event.preventDefault();
      const file = event.dataTransfer.files[0];
      this.takeTable(file ? await file.text() : event.dataTransfer.getData("text"));
    };
  }

  takeTable(text) {
    try {
      const { X, T } = readPoints(text);
      this.act({ do: "load", X, T });
    } catch (error) {
      this.alert(error.message);
    }
  }

  saveWeights() {
    const { trainer } = this.connection;
    if (!trainer) this.ask({ do: "export" });
    else download("network.safetensors", weightsFile(trainer, this.options));
  }

  savePoints() {
    const { X, T } = this.state,
      rows = X.map((x) => x.map((value, i) => this.unscaled(value, i)));
    download("points.csv", new Blob([writePoints(rows, T)], { type: "text/csv" }));
  }

  savePicture() {
    const style = getComputedStyle(this.root),
      background = style.backgroundColor;
    const clear = /rgba\(0, 0, 0, 0\)|transparent/.test(background);
    const picture = onePicture(
      [this.plane, this.graph, this.curve],
      this.nodes.status.textContent,
      clear ? (style.colorScheme === "dark" ? "#111111" : "#ffffff") : background,
      style.color,
    );
    picture.toBlob((blob) => download("playground.png", blob));
  }

  address() {
    const { hide, question } = this.options;
    return writeAddress(this.state, {
      view: this.backward ? "backward" : "",
      hide: (hide ?? []).join(","),
      question: question ?? "",
      lang: this.language,
    });
  }

  writeAddress() {
    if (!this.options.address || !this.state || this.goal) return;
    history.replaceState(null, "", this.address().text);
  }

  async copyLink() {
    const { text, whole } = this.address();
    const link = (this.options.home ?? location.href).replace(/#.*/, "") + text;
    Object.assign(this.nodes.link, { value: link, hidden: false });
    this.nodes.link.select();
    let copied = true;
    try {
      await navigator.clipboard.writeText(link);
    } catch {
      copied = false;
    }
    const told = copied ? "Link copied." : "The link is above; it could not be copied by itself.";
    this.nodes.notice.textContent = whole
      ? this.say(told)
      : this.say("The points are too many for a link; save them as CSV.");
  }

  // ---- the page's life

  watch() {
    this.resized = new ResizeObserver(() => this.drawSoon());
    this.resized.observe(this.el);
    this.scrolled = new IntersectionObserver(([entry]) => {
      this.seen.inView = entry.isIntersecting;
      this.wake();
    });
    this.scrolled.observe(this.el);
    this.woken = () => this.wake();
    document.addEventListener("visibilitychange", this.woken);
  }

  close() {
    this.closed = true;
    this.playing = false;
    clearTimeout(this.timer);
    this.connection.close();
    this.resized.disconnect();
    this.scrolled.disconnect();
    document.removeEventListener("visibilitychange", this.woken);
  }
}

/** In the notebook: the kernel trains. */
export function render({ model, el }) {
  const language = document.documentElement.lang.startsWith("zh") ? "zh-TW" : "en";
  const page = new Page(el, (receive, lost) => kernelConnection(model, receive, lost), {
    language,
  });
  return () => page.close();
}

/** In a page: each element of the class bp-live becomes a playground. */
export function mountAll() {
  return [...document.querySelectorAll(".bp-live")].map((el) =>
    mount(el, JSON.parse(el.dataset.state || "{}")),
  );
}

function mount(el, about) {
  const address = el.dataset.address !== undefined;
  const link = address ? readAddress(location.hash) : null;
  const said = link && location.hash.length > 1 ? { ...about, ...filled(link) } : about;
  const language = link?.language || about.language || document.documentElement.lang || "en";
  const options = { address, ...said, language };
  let opened;
  try {
    opened = openTrainer(said);
  } catch (error) {
    opened = { trainer: new Trainer(), goal: null, error: error.message };
  }
  const page = new Page(el, (receive) => pageConnection(opened.trainer, receive), options);
  if (opened.goal && (opened.goal.epochs || opened.goal.sample)) page.goal = opened.goal;
  if (said.view === "backward") page.backward = true;
  page.showMenu.show(page.backward ? "backward" : "forward");
  page.openError = opened.error;
  if (address) {
    document.documentElement.lang = language;
    window.addEventListener(
      "hashchange",
      () => {
        page.close();
        mount(el, about);
      },
      { once: true },
    );
  }
  return page;
}

/** What a link says goes before what the page was saved with. */
function filled(link) {
  const points = link.own || Object.keys(link.settings).length;
  const start = points
    ? { settings: link.settings, own: link.own, weights: link.weights, rng: null }
    : {};
  const more = { hide: link.hide, question: link.question, view: link.view };
  const given = Object.entries(more).filter(([, value]) => value.length);
  return {
    ...start,
    ...Object.fromEntries(given),
    ...(points || link.epochs ? { epochs: link.epochs, sample: link.sample } : {}),
  };
}
