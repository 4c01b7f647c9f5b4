// What the page shows of a state: settings, pictures, and a sentence in words.

import { forward } from "./playground_engine.js";
import { SETS } from "./playground_points.js";
import { digits, pythonLines } from "./playground_formulas.js";
import {
  backwardNumbers,
  drawCurve,
  drawGraph,
  drawPlane,
  makeView,
  nearestEntry,
} from "./playground_drawing.js";
import { button, make, menu, tick } from "./playground_controls.js";
import { Parts } from "./playground_parts.js";

const SPEAK = 1000; // milliseconds between two spoken states
const SET_NAMES = {
  XOR: "XOR (report)",
  report: "linear (report)",
  linear: "linear",
  circle: "circle",
  gauss: "gauss",
  spiral: "spiral",
  curve: "above a curve",
  own: "own",
};

/** The page's parts, filled from a state. */
export class Showing extends Parts {
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
    this.tools.fill(this.toolNames(settings.layers.at(-1)));
    if (![...this.tools.input.options].some(({ value }) => value === this.tool)) {
      this.tool = this.tools.input.options[0].value;
    }
    this.tools.show(this.tool);
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
      this.about.names?.[i] ?? `x${i}`,
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
    const names = this.about.names;
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
    const scale = this.about.scale;
    return scale
      ? view.axes.map((axis, i) => view.range[i].map((value) => this.unscaled(value, axis)))
      : null;
  }

  unscaled(value, axis) {
    const scale = this.about.scale;
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
    if (state.seeded !== false) parts.push(this.say("seed {seed}", { seed: settings.seed }));
    const done = state.separated
      ? this.say(": ") + this.say("all points are classified correctly")
      : "";
    this.nodes.status.textContent = parts.join(this.say(", ")) + done;
    this.nodes.words.textContent = this.inWords();
    this.speakSoon();
  }

  /** What one sees now, in a sentence. */
  inWords() {
    const { state } = this,
      { curve, epochs, loss } = state;
    if (state.separated) {
      return this.say(
        state.T[0].length > 1
          ? "At each point the output of its class is the largest: training has ended by itself."
          : "All points lie on their side of the black line: training has ended by itself.",
      );
    }
    const { net } =
      this.view.net?.vector === state.weights ? this.view : makeView(state, this.view);
    const outputs = state.X.flatMap((x) => [...forward(net, x)]);
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
    const by_hand = this.say("Weights or points are not from a seed alone: save the weights, then");
    const but = [];
    if (state.sample) but.push(this.say("The sample that is under way is not in it."));
    if (state.settings.batch_size > 1) {
      but.push(this.say("In batches all but the last digits agree."));
    }
    this.nodes.python.textContent = lines
      ? [lines, ...but.map((sentence) => `# ${sentence}`)].join("\n")
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
}
