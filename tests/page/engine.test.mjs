// The engine beside Python: the same bits after every step, the same epochs at the end.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { batchStep, isRight, makeNetwork, sigmoid, step } from "../../backprop_lab/playground_engine.js";
import { addNoise, formula, holdOut, makePoints, readPoints, writePoints }
  from "../../backprop_lab/playground_points.js";
import { Trainer, checked, startingWeights } from "../../backprop_lab/playground_trainer.js";
import { digits, sampleSteps } from "../../backprop_lab/playground_formulas.js";
import { backwardNumbers, colour, drawGraph, halfLine, logTicks, makeView, ticks } from "../../backprop_lab/playground_drawing.js";
import { sayFault, sentences } from "../../backprop_lab/playground_words.js";
import { readAddress, writeAddress, Requests } from "../../backprop_lab/playground_messages.js";

const reference = process.env.PAGE_REFERENCE
  ? JSON.parse(readFileSync(process.env.PAGE_REFERENCE, "utf8")) : null;
const skip = reference ? false : "no reference from Python";

test("sigmoid to the last digits", () => {
  for (let z = -30; z < 30; z += 0.37) {
    const wanted = 1 / (1 + Math.exp(-z));
    assert.ok(Math.abs(sigmoid(z) / wanted - 1) < 1e-15, `sigmoid(${z})`);
  }
  assert.equal(sigmoid(0), 0.5);
});

test("weights after some steps have the bits of Python's exact fractions", { skip }, () => {
  for (const { layers, bias, start, X, T, rate, weights } of reference.steps) {
    const network = makeNetwork(layers, bias, Float64Array.from(start));
    X.forEach((x, s) => step(network, x, T[s], rate));
    assert.deepEqual([...network.vector], weights);
  }
});

test("a batch of one is a step; a batch of two is their mean", () => {
  const settings = checked({ layers: [2, 3, 1] }), { vector } = startingWeights(settings);
  const make = () => makeNetwork(settings.layers, settings.bias, vector.slice());
  const [one, two, both, each] = [make(), make(), make(), make()];
  batchStep(one, [[0.2, 0.7]], [[1]], 0.5);
  step(two, [0.2, 0.7], [1], 0.5);
  assert.deepEqual(one.vector, two.vector);
  batchStep(both, [[0.2, 0.7], [0.2, 0.7]], [[1], [1]], 0.5);
  both.vector.forEach((w, k) => assert.ok(Math.abs(w - one.vector[k]) < 1e-15));
  assert.ok(each.vector.every((w, k) => w === vector[k]));
});

test("as fit: the same epochs at the end, and the same bits", { skip }, () => {
  for (const [settings, epochs, weights] of reference.runs) {
    const trainer = new Trainer(settings);
    trainer.train(100_000);
    assert.equal(trainer.epochs, epochs, JSON.stringify(settings));
    assert.deepEqual([...trainer.network.vector], weights, JSON.stringify(settings));
  }
});

test("in batches the same to 13 digits: numpy's matrices add in an order of their own", { skip }, () => {
  for (const [settings, epochs, weights] of reference.batches) {
    const trainer = new Trainer(settings);
    trainer.train(100);
    assert.equal(trainer.epochs, epochs, JSON.stringify(settings));
    trainer.network.vector.forEach((w, k) => assert.ok(Math.abs(w - weights[k]) < 1e-13, `${w - weights[k]}`));
  }
});

test("the same starting weights and points as Python", { skip }, () => {
  for (const [settings, weights, X, T, XTest] of reference.starts) {
    const s = checked(settings), points = makePoints(s, null);
    assert.deepEqual([...startingWeights(s).vector], weights);
    assert.deepEqual([points.X, points.T, points.XTest], [X, T, XTest], JSON.stringify(settings));
  }
});

test("the largest of several outputs counts", () => {
  assert.ok(isRight([0.1, 0.3, 0.2], [0, 1, 0]));
  assert.ok(!isRight([0.1, 0.3, 0.2], [0, 0, 1]));
});

test("formulas are read, and nothing else is", () => {
  assert.equal(formula("1 + 2*x^2")(3), 19);
  assert.equal(formula("-x**2 + 2*(x - 1)/4")(3), -8);
  assert.ok(Math.abs(formula("0.5 + 0.3*sin(6*x)")(0.2) - (0.5 + 0.3 * Math.sin(1.2))) < 1e-15);
  for (const wrong of ["", "2 x", "alert(1)", "x.y", "sin x", "(x", "constructor"]) {
    assert.throws(() => formula(wrong), /expected a formula/, wrong);
  }
});

test("tables as spreadsheets write them", () => {
  const wanted = { X: [[5.1, 3.5], [6, -1]], T: [[0], [1]] };
  const same = (text, names = ["x0", "x1"]) => {
    const { X, T, names: found } = readPoints(text);
    assert.deepEqual({ X, T }, wanted);
    assert.deepEqual(found, names);
  };
  same("a,b,kind\n5.1,3.5,no\n6,-1,yes\n", ["a", "b"]);
  same("5.1,3.5,0\r\n6,-1,1\r\n");
  same("a;b;kind\n5,1;3,5;no\n6;-1;yes", ["a", "b"]);
  same("# a comment\n5.1\t3.5\tno\n6\t-1\tyes\n");
  same("5.1 3.5 0\n6 -1 1");
  same('"a","b","kind"\n"5.1","3.5","no"\n6, -1, yes\n', ["a", "b"]);
  assert.deepEqual(readPoints("1,2,1.0\n3,4,1\n5,6,0").T, [[1], [1], [0]]);
  for (const [text, said] of [["", /empty/], ["1,2,a\n3,,b", /column 2 holds ""/], ["1,2,a\n3,b", /2 cells/],
    ["1,2,a\n3,4,a", /1 labels/], ["1,2,a\n3,?,b", /"\?"/],
    [Array.from({ length: 21 }, (_, i) => `1,2,c${i}`).join("\n"), /21 labels/]]) {
    assert.throws(() => readPoints(text), said, text);
  }
  const { X, T } = readPoints(writePoints(wanted.X, wanted.T));
  assert.deepEqual({ X, T }, wanted);
  const three = readPoints("a,b,kind\n1,2,west\n3,4,east\n5,6,\"south, far\"\n");
  assert.deepEqual([three.labels, three.T], [["east", "south, far", "west"], [[0, 0, 1], [1, 0, 0], [0, 1, 0]]]);
  const again = readPoints(writePoints(three.X, three.T, { names: three.names, classes: three.labels }));
  assert.deepEqual([again.T, again.names, again.labels], [three.T, three.names, three.labels]);
});

test("tables are read as read_points reads them, or refused as there", { skip }, () => {
  for (const [text, wanted] of reference.tables) {
    if (!wanted) {
      assert.throws(() => readPoints(text), Error, text);
      continue;
    }
    const { X, T, names, labels } = readPoints(text);
    assert.deepEqual({ X, T, names, labels }, wanted, text);
  }
});

test("every fault that a user can meet is said in Chinese too", () => {
  const faults = [];
  const caught = (act) => { try { act(); } catch (error) { faults.push(error.message); } };
  for (const wrong of [{ layers: [3, 4, 1] }, { layers: [2, 0, 1] }, { noise: 2 }, { learning_rate: -1 },
    { data: "moons" }, { colour: 1 }, { data: "curve", curve: "2 x" }]) caught(() => new Trainer().change(wrong));
  for (const text of ["", "1,2,a\n3,,b", "1,2,a\n3,b", "1,2,a\n3,4,a"]) caught(() => readPoints(text));
  caught(() => readAddress("#layers=2-1&xy=1,a,0"));
  const one = new Trainer({ data: "own" }, { own: { X: [[0, 0]], T: [[1]] } });
  caught(() => one.removePoint(0));
  assert.equal(faults.length, 13, faults.join("\n"));
  for (const text of faults) assert.match(sayFault("zh-TW", text), /[\u4e00-\u9fff]/, text);
  for (const text of faults) assert.equal(sayFault("en", text), text);
});

test("noise moves, and holding out parts the points", () => {
  assert.deepEqual(addNoise([[0.5, 0.5]], 0, 1), [[0.5, 0.5]]);
  const X = Array.from({ length: 10 }, (_, i) => [i, i]), T = X.map(() => [1]);
  const parts = holdOut({ X, T }, 0.3, 5);
  assert.equal(parts.XTest.length, 3);
  assert.deepEqual([...parts.X, ...parts.XTest].map(([x]) => x).sort(), [...X.keys()]);
});

test("numbers are short, ticks are round", () => {
  assert.deepEqual([0.5, 1e-9, 123456, 1234567].map((x) => digits(x, 5)),
    ["0.5", "1e-9", "1.2346e5", "1.2346e6"]);
  assert.deepEqual(ticks(-0.08, 1.08), [0, 0.5, 1]);
  assert.deepEqual(logTicks(0.015, 0.13), [0.02, 0.05, 0.1]);
  assert.deepEqual(logTicks(0.1, 0.22), [0.1, 0.15, 0.2]);
  assert.deepEqual(logTicks(1e-5, 1), [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1]);
  assert.deepEqual(colour(0.5), [250, 250, 250]);
});

test("going back, each layer has its scale in numbers", () => {
  const trainer = new Trainer({ layers: [2, 3, 1] }), view = makeView(trainer.picture(), null), said = [];
  view.backward = backwardNumbers(view.net, trainer.X[4], trainer.T[4]);
  const context = new Proxy({ fillText: (text) => said.push(text) }, { get: (o, name) => o[name] ?? (() => {}), set: () => true });
  globalThis.window = { devicePixelRatio: 1 };
  globalThis.getComputedStyle = () => ({ color: "rgb(0, 0, 0)" });
  drawGraph({ getBoundingClientRect: () => ({ width: 400, height: 400 }), getContext: () => context }, view);
  const most = (values) => `±${digits(Math.max(...values.map(Math.abs)), 2)}`;
  const { deltas, gradients } = view.backward;
  assert.deepEqual(said.filter((text) => text.includes("±")),
    [...deltas.slice(1).map((d) => `δ ${most(d)}`), ...gradients.map((g) => `∂ ${most(g)}`)]);
});

test("a ramp passes one half on one straight line, a constant plane nowhere", () => {
  const size = 8, ramp = Float64Array.from({ length: size * size }, (_, k) => k % size / (size - 1));
  const pieces = halfLine(ramp, size);
  assert.equal(pieces.length, size - 1);
  for (const [[x0], [x1]] of pieces) assert.ok(Math.abs(x0 - 3.5) < 1e-9 && Math.abs(x1 - 3.5) < 1e-9);
  assert.deepEqual(halfLine(new Float64Array(64), 8), []);
});

test("a link brings everything back", () => {
  const trainer = new Trainer({ data: "gauss", n: 20, held_out: 0.25, noise: 0.05, layers: [2, 3, 1] });
  trainer.train(3);
  trainer.addPoint([0.25, 0.75], 1);
  const found = readAddress(writeAddress(trainer.picture(), { question: "Why?", hide: "steps" }).text);
  assert.deepEqual(checked(found.settings), trainer.settings);
  assert.deepEqual(found.own, { X: trainer.X, T: trainer.T, XTest: trainer.XTest, TTest: trainer.TTest });
  assert.deepEqual(found.weights, trainer.network.vector);
  assert.deepEqual([found.epochs, found.hide, found.question], [3, ["steps"], "Why?"]);
});

test("requests: one under way, the last change of a weight counts, old answers are dropped", () => {
  const sent = [], requests = new Requests((request) => sent.push(request));
  requests.ask({ do: "look" });
  requests.frame(5);
  for (const value of [1, 2, 3]) requests.ask({ do: "weight", layer: 0, row: 0, column: 0, value });
  assert.equal(sent.length, 1);
  assert.ok(!requests.answered("someone else 1"));
  assert.ok(requests.answered(sent[0].id));
  assert.deepEqual(sent.map(({ do: what, value }) => [what, value]), [["look", undefined], ["weight", 3]]);
  assert.ok(!requests.answered(sent[0].id));
});

test("a wrong setting changes nothing", () => {
  const trainer = new Trainer(), before = JSON.stringify(trainer.picture());
  for (const wrong of [{ layers: [2, 0, 1] }, { layers: [3, 1] }, { learning_rate: -1 }, { data: "moons" },
    { noise: 2 }, { colour: 1 }, { data: "curve", curve: "2 x" }, { layers: [2] }]) {
    assert.ok(trainer.handle({ do: "change", settings: wrong }).error, JSON.stringify(wrong));
    assert.equal(JSON.stringify(trainer.picture()), before);
  }
});

test("one sample, formula by formula, in the notebooks' order", () => {
  const settings = checked({ layers: [2, 2, 1] }), { vector: weights } = startingWeights(settings);
  const steps = sampleSteps({ ...settings, weights }, [0.1, 0.9], [1], 0.5, (text) => text);
  assert.deepEqual(steps.map(({ kind, layer }) => `${kind} ${layer}`), ["forward 1", "forward 2", "loss 2",
    "delta 2", "delta 1", "gradient 0", "gradient 1", "update 0", "update 1"]);
  assert.match(steps[0].text, /z1 = \[a0, 1\] W0/);
});

test("every sentence of the page has a Chinese twin", () => {
  const known = new Set(sentences()), folder = new URL("../../backprop_lab/", import.meta.url);
  const source = readdirSync(folder).filter((name) => /^playground_.*\.js$/.test(name))
    .map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n").replace(/" \+\s+"/g, "");
  const said = [...source.matchAll(/\b(?:say|legend|whole|field)\(\s*"((?:[^"\\]|\\.)+)"/g)].map((found) => found[1]);
  const spoken = said.filter((text) => /^[A-Z{a-z]/.test(text) && / |^[A-Z]/.test(text));
  assert.ok(spoken.length > 60, `${spoken.length}`);
  assert.deepEqual(spoken.filter((text) => !known.has(text)), []);
});
