// Readings under the mouse, which live while it trains; and mouse, touch and keys on the pictures.

import { forward } from "./playground_engine.js";
import { digits } from "./playground_formulas.js";
import {
  backwardNumbers,
  curveFrame,
  graphHit,
  nearestEntry,
  outputShown,
  planeFrame,
} from "./playground_drawing.js";
import { Showing } from "./playground_showing.js";

/** The page's pictures under the user's hands. */
export class Hands extends Showing {
  read() {
    this.readPlane();
    this.readGraph();
    this.readCurve();
  }

  readPlane() {
    const { view } = this,
      at = this.pointer ?? view.cursor;
    if (!at) {
      const several = view.net.layers.at(-1) > 1;
      const name = this.className(outputShown(view));
      this.reading.textContent = several
        ? this.say("Marks and colours are of {name}; point at another output for its own.", {
            name,
          })
        : this.say(
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
    const several = view.net.layers.at(-1) > 1;
    values.name = this.className(outputShown(view));
    const text = this.say(
      several && l === view.net.layers.length - 1
        ? "output {y} for {name} at ({x0}, {x1})"
        : view.unit
          ? "unit a{l}[{i}] gives {y} at ({x0}, {x1})"
          : "output {y} at ({x0}, {x1})",
      values,
    );
    this.reading.textContent = view.unit
      ? `${text}. ${this.say("Large: unit a{l}[{i}]. Escape shows the output again.", values)}`
      : text;
  }

  className(k) {
    return this.about.classes?.[k] ?? `y${k}`;
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
      `∂E/∂W${l}[${i}, ${j}] = ${digits(numbers.gradients[l][k])} ${sample}`;
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
    const heldOut = () => this.say(", ") + this.say("held out {loss}", { loss: digits(test, 5) });
    this.curveReading.textContent =
      this.say("epoch {n}: loss {loss}", { n: epoch.toLocaleString("en"), loss: digits(loss, 5) }) +
      (test === null ? "" : heldOut());
  }

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
    } else this.addPoint(at, event.shiftKey);
  }

  /** A point of the class that the menu says; Shift makes it red, the other one of two. */
  addPoint(at, shift) {
    const chosen = { blue: 1, red: 0 }[this.tool] ?? Number(this.tool.replace(/\D+/, ""));
    const label = shift && this.state.settings.layers.at(-1) === 1 ? 0 : chosen || 0;
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
      this.addPoint(view.cursor, event.shiftKey);
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
    const { l, i, j } = this.view.focus,
      { net } = this.view;
    // at once, so that the next key goes on from here
    if (Number.isFinite(value)) net.W[l][i * net.layers[l + 1] + j] = value;
    this.pause();
    this.steps = this.view.step = null;
    this.ask({ do: "weight", layer: l, row: i, column: j, value });
  }

  stepWeight(by) {
    const { net, focus } = this.view;
    this.setWeight(net.W[focus.l][focus.i * net.layers[focus.l + 1] + focus.j] + by);
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
      this.stepWeight(event.key === "+" ? 0.1 : -0.1);
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
}
