// The parts of the page: buttons, fields, canvases and texts, and what they do when used.

import { button, group, make, menu, textField, tick } from "./playground_controls.js";
import { help, speaker } from "./playground_words.js";

/** What there is on the page. The classes after it show, read, save and train. */
export class Parts {
  say(text, values) {
    return speaker(this.language)(text, values);
  }

  /** What is known of the user's points: {names, classes, scale}; of drawn points nothing. */
  get about() {
    return this.state?.settings.data === "own" ? this.options : {};
  }

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
        aria: { role: "group", label: say("Formula") },
      }),
      python: make("pre", {
        className: "bp-python",
        tabIndex: 0,
        aria: { role: "group", label: say("The same run in Python") },
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
      this.foldSettings(),
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
    const other = button("language", say("Chinese 中文"), say("Chinese 中文"), () =>
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
    if (this.options.address && !this.options.at) document.documentElement.lang = language;
    this.steps = this.view.step = null;
    this.build();
    this.showSettings(true);
    this.draw();
    this.writeAddress();
    this.root.querySelector('[data-name="language"]').focus();
  }

  /** The settings, or behind one word where the page asks for that. */
  foldSettings() {
    const settings = this.buildSettings();
    return this.options.fold
      ? make(
          "details",
          { data: { part: "settings" } },
          make("summary", { textContent: this.say("Settings") }),
          settings,
        )
      : settings;
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
    this.tools = menu({
      name: "tool",
      label: say("A click on the plane"),
      options: this.toolNames(1),
      changed: (value) => {
        this.tool = value;
      },
    });
    this.tools.show(this.tool);
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
      stepped: (steps) => this.stepWeight(0.1 * steps),
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
        this.tools.node,
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

  /** What a click can do: with one output add blue or red, else add a point of one class. */
  toolNames(outputs) {
    const say = (text, values) => this.say(text, values);
    const adds =
      outputs === 1
        ? [
            ["blue", say("adds blue")],
            ["red", say("adds red")],
          ]
        : Array.from({ length: outputs }, (_, j) => [
            `class ${j}`,
            say("adds {name}", { name: this.className(j) }),
          ]);
    return [...adds, ["remove", say("removes")], ["read", say("reads")]];
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
}
