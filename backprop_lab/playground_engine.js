// Forward, deltas, update of one sample: the letters of the notebooks, the bits of Python.

import { fma } from "./playground_numbers.js";

const ROUND = 1.5 * 2 ** 52; // t = x + ROUND: the last bits of t are the whole number next to x
const END = 709.4; // σ(-END) = 8e-309; beyond, 0 and 1
const LOG2_E = 1.4426950408889634; // LOG2_E + LOW: log2 e to twice the digits
const LOW = 2.0355273740931033e-17;
const P1 = 0.34657359027997264; // the coefficients of P, for 2^f = P(f) / P(-f); P0 is 1
const P2 = 0.054596933399795614;
const P3 = 0.005045828060438326;
const P4 = 0.00029145845780692353;
const P5 = 1.0101180413960942e-5;
const P6 = 1.6670487438724687e-7;
const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

/** 2^k for t = k + ROUND, -1023 <= k <= 1023 (for -1023 it is 0). */
function powerOfTwo(t) {
  float[0] = t;
  words[1] = ((words[0] | 0) + 1023) << 20;
  words[0] = 0;
  return float[0];
}

/** σ(z) = 1 / (1 + e^-z) from the four operations alone, in the order of the compiled loop. */
export function sigmoid(z) {
  if (z * z > END * END) return z > 0 ? 1 : 0;
  const t = fma(z, -LOG2_E, ROUND); // k + ROUND
  const power = powerOfTwo(t); // e^-z = 2^k 2^f
  let f = fma(z, -LOG2_E, ROUND - t);
  const q = f * f;
  f = fma(z, -LOW, f);
  const even = fma(q * q, fma(q, P6, P4), fma(q, P2, 1)); // P(f) = even + f odd
  const odd = fma(q, fma(q, P5, P3), P1);
  return fma(-f, odd, even) / fma(odd, f * (power - 1), even * (1 + power));
}

/** [rows, columns] of each weight matrix; a layer with bias has one row more, the last. */
export function weightShapes(layers, bias) {
  return bias.map((b, l) => [layers[l] + (b ? 1 : 0), layers[l + 1]]);
}

/** How many weights these layers have. */
export function weightCount(layers, bias) {
  return weightShapes(layers, bias).reduce((sum, [rows, columns]) => sum + rows * columns, 0);
}

/** A network on one vector of weights: W[l] row by row, activations a[l], deltas delta[l]. */
export function makeNetwork(layers, bias, vector) {
  let end = 0;
  const W = weightShapes(layers, bias).map(([rows, columns]) => {
    end += rows * columns;
    return vector.subarray(end - rows * columns, end);
  });
  const rows = () => layers.map((width) => new Float64Array(width));
  return { layers, bias, vector, W, a: rows(), delta: rows() };
}

/** a_0 = x, z_{l+1} = [a_l, 1] W_l, a_{l+1} = σ(z_{l+1}); returns the output a_L. */
export function forward({ layers, bias, W, a }, x) {
  a[0].set(x);
  for (let l = 0; l < W.length; l++) {
    const n = layers[l],
      m = layers[l + 1],
      Wl = W[l],
      al = a[l],
      next = a[l + 1];
    for (let j = 0; j < m; j++) {
      let z = bias[l] ? Wl[n * m + j] : 0,
        odd = 0; // two sums, as the compiled loop has them
      for (let i = 0; i < n; i += 2) z = fma(al[i], Wl[i * m + j], z);
      for (let i = 1; i < n; i += 2) odd = fma(al[i], Wl[i * m + j], odd);
      next[j] = sigmoid(z + odd);
    }
  }
  return a[W.length];
}

/** η δ_L = (y - y_true) η y (1 - y); η δ_l = (η δ_{l+1} W_lᵀ) a_l (1 - a_l) down to layer 1. */
export function deltas({ layers, W, a, delta }, yTrue, rate) {
  const L = W.length;
  a[L].forEach((y, k) => {
    delta[L][k] = (y - yTrue[k]) * (rate * y * (1 - y));
  });
  for (let l = L - 1; l > 0; l--) {
    const m = layers[l + 1],
      Wl = W[l],
      al = a[l],
      next = delta[l + 1];
    for (let i = 0; i < layers[l]; i++) {
      let g = 0,
        odd = 0;
      for (let j = 0; j < m; j += 2) g = fma(next[j], Wl[i * m + j], g);
      for (let j = 1; j < m; j += 2) odd = fma(next[j], Wl[i * m + j], odd);
      delta[l][i] = (g + odd) * (al[i] * (1 - al[i]));
    }
  }
  return delta;
}

/** W_l ← W_l - [a_l, 1]ᵀ η δ_{l+1}. */
export function update({ layers, bias, W, a, delta }) {
  for (let l = 0; l < W.length; l++) {
    const n = layers[l],
      m = layers[l + 1],
      Wl = W[l],
      al = a[l],
      next = delta[l + 1];
    for (let i = 0; i < n + (bias[l] ? 1 : 0); i++) {
      const ai = i < n ? al[i] : 1;
      for (let j = 0; j < m; j++) Wl[i * m + j] = fma(-ai, next[j], Wl[i * m + j]);
    }
  }
}

/** One sample is learned: forward, deltas, update. */
export function step(network, x, yTrue, rate) {
  forward(network, x);
  deltas(network, yTrue, rate);
  update(network);
}

/** One update on several samples: their mean gradient, all at the same weights. */
export function batchStep(network, X, T, rate) {
  if (X.length === 1) return step(network, X[0], T[0], rate);
  const after = makeNetwork(network.layers, network.bias, network.vector.slice());
  X.forEach((x, s) => {
    forward(network, x);
    deltas(network, T[s], rate / X.length);
    update({ ...network, W: after.W });
  });
  network.vector.set(after.vector);
}

/** Is the output on the side of the target? With several outputs the largest counts. */
export function isRight(y, yTrue) {
  if (y.length === 1) return y[0] > 0.5 === yTrue[0] > 0.5;
  return largest(y) === largest(yTrue);
}

const largest = (row) => row.reduce((best, value, j) => (value > row[best] ? j : best), 0);

/** Are all points right? It begins with the one that was wrong last time, to stop early. */
export function allRight(network, X, T) {
  for (let k = 0; k < X.length; k++) {
    const s = ((network.wrong ?? 0) + k) % X.length;
    if (!isRight(forward(network, X[s]), T[s])) {
      network.wrong = s;
      return false;
    }
  }
  return true;
}

/** The mean of ½ Σ (y - y_true)² over the points, and how many are right. */
export function evaluate(network, X, T) {
  let loss = 0,
    right = 0;
  X.forEach((x, s) => {
    const y = forward(network, x);
    loss += y.reduce((sum, yk, k) => sum + (yk - T[s][k]) ** 2 / 2, 0);
    if (isRight(y, T[s])) right += 1;
  });
  return { loss: loss / X.length, right };
}
