// The page at work: it asks, plays, rests; `mountAll` for a page, `render` for the notebook.

import { Trainer } from "./playground_trainer.js";
import { sampleSteps } from "./playground_formulas.js";
import { download } from "./playground_controls.js";
import { sayFault } from "./playground_words.js";
import { Files } from "./playground_files.js";
import {
  Requests,
  kernelConnection,
  openTrainer,
  pageConnection,
  readAddress,
} from "./playground_messages.js";

const SLOW = 64,
  PAUSE = 140; // the first epochs are shown slowly: milliseconds between pictures
const STEP_PAUSE = 350,
  LAYER_PAUSE = 900,
  SILENCE = 400;
/** One playground in the element `el`. `connect(receive, lost)` gives the connection. */
export class Page extends Files {
  constructor(el, connect, options = {}) {
    super();
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
    this.acted = true;
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
      this.alert(sayFault(this.language, answer.error));
      this.showSettings(true);
      return;
    }
    if (answer.file) {
      if (mine) download(answer.file, new Blob([answer.buffers[0]]));
      return;
    }
    this.state = answer.state;
    const { names, classes, scale } = answer.state;
    if (scale !== undefined) Object.assign(this.options, { names, classes, scale });
    this.pictures += 1;
    if (this.compiling) this.nodes.notice.textContent = "";
    this.compiling = false;
    if (mine) this.alert(sayFault(this.language, this.openError ?? ""));
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
    this.playing = this.acted = true;
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

const LOOK = 1500,
  LOOKS = 20; // milliseconds between two looks at a saved notebook, and how many

/** In a saved notebook: a page in the place of a widget that has no kernel behind it. */
export function watchSaved() {
  for (const el of document.querySelectorAll(".bp-saved:not([data-known])")) {
    el.dataset.known = "";
    lookAt(el, LOOKS);
  }
}

function lookAt(el, looks) {
  const area = el.closest(".jp-OutputArea"),
    isDead = (node) => node.textContent.startsWith("Error displaying widget");
  const dead = [...(area?.querySelectorAll(".jupyter-widgets") ?? [])].filter(isDead);
  if (!area || dead.length) {
    for (const node of dead) node.hidden = true;
    mount(el, JSON.parse(el.dataset.state));
  } else if (looks > 0 && !area.querySelector(".bp-root")) {
    setTimeout(() => el.isConnected && lookAt(el, looks - 1), LOOK);
  }
}

/** In a page: each element of the class bp-live becomes a playground. */
export function mountAll() {
  if (window.parent !== window) inFrame(document.documentElement);
  return [...document.querySelectorAll(".bp-live")].map((el) =>
    mount(el, JSON.parse(el.dataset.state || "{}")),
  );
}

/** In a frame of another page: it hears how high this one is, and says whether it is dark. */
function inFrame(page) {
  const tell = () => window.parent.postMessage({ playground: page.offsetHeight }, "*");
  new ResizeObserver(tell).observe(page);
  window.addEventListener("message", ({ data }) => {
    if (["light", "dark"].includes(data?.scheme)) page.style.colorScheme = data.scheme;
  });
}

function mount(el, about) {
  const at = el.dataset.address,
    address = at !== undefined;
  const asked = () => address && location.hash.length > 1 && readAddress(location.hash).at === at;
  const link = asked() ? readAddress(location.hash) : null;
  const said = link ? { ...about, ...filled(link, about) } : about;
  const language = link?.language || about.language || document.documentElement.lang || "en";
  const options = { address, at, ...said, language };
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
    if (!at) document.documentElement.lang = language;
    if (at && link) el.scrollIntoView();
    const title = document.querySelector("[data-part=title]");
    if (title) title.className = (said.hide ?? []).includes("title") ? "bp-hidden" : "";
    const other = () => {
      if (!asked()) return;
      window.removeEventListener("hashchange", other);
      page.close();
      mount(el, about);
    };
    window.addEventListener("hashchange", other);
  }
  return page;
}

/** What a link says goes before what the page was saved with. */
function filled(link, about) {
  const points = link.own || Object.keys(link.settings).length || link.epochs;
  const { weights } = link,
    settings = Object.keys(link.settings).length ? link.settings : about.settings;
  const own = link.own ?? (settings?.data === "own" ? about.own : null);
  const start = points ? { settings, own, weights, rng: null, reached: null } : {};
  const more = { hide: link.hide, question: link.question, view: link.view };
  const given = Object.entries(more).filter(([, value]) => value.length);
  return {
    ...start,
    ...Object.fromEntries(given),
    ...(points || link.epochs ? { epochs: link.epochs, sample: link.sample } : {}),
  };
}
