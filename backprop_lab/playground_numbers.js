// Numbers as Python has them: a product and a sum with one rounding, and numpy's random numbers.

const SPLIT = 2 ** 27 + 1; // cuts a number into two halves of 26 binary digits
const SMALL = 1e-280,
  LARGE = 1e280; // between them, no part of a product gets lost

// x y = xy + xyLow and the sums are exact; only `low` was rounded, which matters where s + low lies
// half way between two numbers: there the slow way decides.

/** x y + z with one rounding, as the processor's instruction does it. */
export function fma(x, y, z) {
  const xy = x * y,
    size = Math.abs(xy);
  if (!(size > SMALL && size < LARGE && Math.abs(z) < LARGE)) return rareFma(x, y, z);
  const xCut = SPLIT * x,
    xHigh = xCut - (xCut - x),
    xLow = x - xHigh;
  const yCut = SPLIT * y,
    yHigh = yCut - (yCut - y),
    yLow = y - yHigh;
  const xyLow = xLow * yLow - (xy - xHigh * yHigh - xLow * yHigh - xHigh * yLow);
  if (xyLow === 0) return xy + z;
  const t = z + xyLow,
    tz = t - z,
    tLow = z - (t - tz) + (xyLow - tz); // z + xyLow = t + tLow
  const s = xy + t,
    st = s - xy,
    sLow = xy - (s - st) + (t - st); // xy + t = s + sLow
  const low = tLow + sLow,
    result = s + low,
    twice = 2 * (low - (result - s));
  if (result + twice - result === twice && twice !== 0) return exactFma(x, y, z);
  return result === result ? result : rareFma(x, y, z);
}

function rareFma(x, y, z) {
  const finite = Number.isFinite(x) && Number.isFinite(y);
  if (x === 0 || y === 0 || !finite) return x * y + z;
  return Number.isFinite(z) ? exactFma(x, y, z) : z;
}

const bits = new BigUint64Array(1),
  float = new Float64Array(bits.buffer);

/** A finite number as a whole number times a power of two. */
function parts(x) {
  float[0] = x;
  const exponent = Number((bits[0] >> 52n) & 0x7ffn),
    fraction = bits[0] & 0xfffffffffffffn;
  const whole = exponent ? fraction | 0x10000000000000n : fraction;
  return [x < 0 ? -whole : whole, Math.max(exponent, 1) - 1075];
}

/** x y + z for finite numbers by whole numbers of any length: slow, and right everywhere. */
export function exactFma(x, y, z) {
  const [mx, ex] = parts(x),
    [my, ey] = parts(y),
    [mz, ez] = parts(z);
  const e = Math.min(ex + ey, ez);
  const sum = ((mx * my) << BigInt(ex + ey - e)) + (mz << BigInt(ez - e));
  return sum === 0n ? x * y + z : nearest(sum, e);
}

/** The float64 next to whole · 2^e; half way, the even one. */
function nearest(whole, e) {
  const size = whole < 0n ? -whole : whole;
  const drop = Math.max(size.toString(2).length - 53, -1074 - e); // digits too many
  let kept = size,
    scale = e;
  if (drop > 0) {
    const cut = BigInt(drop),
      half = 1n << (cut - 1n),
      rest = size & ((1n << cut) - 1n);
    kept = size >> cut;
    if (rest > half || (rest === half && kept & 1n)) kept += 1n;
    scale = e + drop;
  }
  const first = Math.max(scale, -1000); // 2^-1074 in two steps
  const value = Number(kept) * 2 ** Math.min(first, 900) * 2 ** Math.max(first - 900, 0);
  return (whole < 0n ? -value : value) * 2 ** (scale - first);
}

/** The whole number next to x; half way, the even one (|x| below 2^51). A zero keeps its sign. */
export function rint(x) {
  const whole = x + 1.5 * 2 ** 52 - 1.5 * 2 ** 52;
  return whole === 0 && x < 0 ? -0 : whole;
}

/** x with `digits` decimals, as numpy.round. */
export const rounded = (x, digits = 4) => rint(x * 10 ** digits) / 10 ** digits;

/** The 32-bit words of a seed: a whole number, or a list of them. */
function words(seed) {
  if (Array.isArray(seed)) return seed.flatMap(words);
  let rest = BigInt(seed);
  const found = [];
  do {
    found.push(Number(rest & 0xffffffffn));
    rest >>= 32n;
  } while (rest > 0n);
  return found;
}

/** numpy's SeedSequence: eight 32-bit words mixed from the seed. */
export function seedWords(seed) {
  const entropy = words(seed),
    pool = [];
  let constant = 0x43b0d7e5;
  const stir = (value) => {
    value ^= constant;
    constant = Math.imul(constant, 0x931e8875);
    value = Math.imul(value, constant);
    return (value ^ (value >>> 16)) >>> 0;
  };
  const mix = (x, y) => {
    const value = Math.imul(x, 0xca01f9dd) - Math.imul(y, 0x4973f715);
    return (value ^ (value >>> 16)) >>> 0;
  };
  for (let i = 0; i < 4; i++) pool.push(stir(entropy[i] ?? 0));
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) if (from !== to) pool[to] = mix(pool[to], stir(pool[from]));
  }
  for (const word of entropy.slice(4)) {
    for (let to = 0; to < 4; to++) pool[to] = mix(pool[to], stir(word));
  }
  constant = 0x8b51f9dd;
  return Array.from({ length: 8 }, (_, i) => {
    let value = pool[i % 4] ^ constant;
    constant = Math.imul(constant, 0x58f38ded);
    value = Math.imul(value, constant);
    return (value ^ (value >>> 16)) >>> 0;
  });
}

const MASK = (1n << 128n) - 1n,
  FACTOR = 0x2360ed051fc65da44385df649fccf645n;

/** numpy.random.default_rng(seed), as far as it is used here: PCG64 and its `uniform`. */
export class Generator {
  constructor(seed) {
    const w = seedWords(seed).map(BigInt);
    const long = (i) => (w[i + 1] << 96n) | (w[i] << 64n) | (w[i + 3] << 32n) | w[i + 2];
    this.increment = ((long(4) << 1n) | 1n) & MASK;
    this.state = (this.increment + long(0)) & MASK;
    this.step();
  }

  step() {
    this.state = (this.state * FACTOR + this.increment) & MASK;
  }

  /** 64 random bits: the halves of the state xor each other, turned by its first six bits. */
  next() {
    this.step();
    const turn = this.state >> 122n;
    const value = ((this.state >> 64n) ^ this.state) & 0xffffffffffffffffn;
    return ((value >> turn) | (value << ((64n - turn) & 63n))) & 0xffffffffffffffffn;
  }

  /** `n` numbers evenly from low to high. */
  uniform(low, high, n) {
    const draw = () => low + (high - low) * (Number(this.next() >> 11n) / 2 ** 53);
    return Float64Array.from({ length: n }, draw);
  }
}
