// Exact products and sums, and numpy's random numbers. PAGE_REFERENCE: what Python computed, as JSON.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Generator, exactFma, fma, rint, rounded } from "../../backprop_lab/playground_numbers.js";

const reference = process.env.PAGE_REFERENCE
  ? JSON.parse(readFileSync(process.env.PAGE_REFERENCE, "utf8")) : null;
const skip = reference ? false : "no reference from Python";

const rng = new Generator(1);
let draws = [];
function random() {
  if (!draws.length) draws = [...rng.uniform(0, 1, 4096)];
  return draws.pop();
}
const sign = () => (random() < 0.5 ? -1 : 1);
const power = (low, high) => 2 ** Math.floor(low + random() * (high - low));
const few = (digits) => sign() * Math.floor(random() * 2 ** digits) * power(-20, 20);

// cases where two roundings differ from one: ties, cancellation, neighbours of powers of two
const HARD = [
  () => [random() - 0.5, random() - 0.5, (random() - 0.5) * power(-60, 60)],
  () => [few(27), few(27), few(53)],
  () => {
    const x = random(), y = random();
    return [x, y, -x * y * (1 + Math.floor(random() * 4 - 2) * 2 ** -52)];
  },
  () => [1 + power(-53, 0), 1 + power(-53, 0), sign() * power(-160, 60)],
  () => [1 - Math.floor(random() * 4) * 2 ** -53, sign() * (1 - Math.floor(random() * 4) * 2 ** -53),
    sign() * power(-110, -50) * (1 + Math.floor(random() * 3) * 2 ** -52)],
];

test("fma rounds once: a million hard cases beside whole numbers of any length", () => {
  for (let k = 0; k < 1_000_000; k++) {
    const [x, y, z] = HARD[k % HARD.length]();
    assert.ok(Object.is(fma(x, y, z), exactFma(x, y, z)), `fma(${x}, ${y}, ${z})`);
  }
});

test("fma at the ends: zeros, signs, infinities, the smallest numbers", () => {
  assert.ok(Object.is(fma(-0, 1, -0), -0));
  assert.ok(Object.is(fma(0, 5, 3), 3));
  assert.equal(fma(Infinity, 1, 1), Infinity);
  assert.ok(Number.isNaN(fma(Infinity, 0, 1)));
  assert.equal(fma(1e200, 1e200, -Infinity), -Infinity);
  assert.equal(fma(1e300, 1e300, 0), Infinity);
  assert.equal(fma(1e-200, 1e-200, 5e-324), 5e-324);
  assert.equal(fma(2 ** 1000, 2 ** -1000, -1), 0);
});

test("exactFma is Python's fractions", { skip }, () => {
  for (const [x, y, z, wanted] of reference.fma) assert.equal(exactFma(x, y, z), wanted);
});

test("a thousand seeds give numpy's numbers", { skip }, () => {
  for (const [seed, wanted] of reference.seeds) {
    const key = Array.isArray(seed) ? seed.map(BigInt) : BigInt(seed);
    assert.deepEqual([...new Generator(key).uniform(-1, 2, wanted.length)], wanted, `seed ${seed}`);
  }
});

test("rounding: half way to the even number", () => {
  assert.deepEqual([0.5, 1.5, 2.5, -0.5, -1.5].map(rint), [0, 2, 2, -0, -2]);
  assert.equal(rounded(0.123456), 0.1235);
});
