// Sums, intervals and bands, added up in the order in which numpy does it (sim/study/intervals.py): the same last bits.
// @ts-check

const BLOCK = 128, // numbers that are added in eight sums at a time; more are halved first
  LANES = 8;

/**
 * The sum of numbers, pairwise.
 * @param {ArrayLike<number>} values
 * @param {number} from
 * @param {number} n
 * @returns {number}
 */
export function sum(values, from = 0, n = values.length) {
  if (n < LANES) {
    let total = 0;
    for (let k = 0; k < n; k++) total += values[from + k];
    return total;
  }
  if (n > BLOCK) {
    const half = Math.floor(n / 2),
      left = half - (half % LANES);
    return sum(values, from, left) + sum(values, from + left, n - left);
  }
  const r = Array.from({ length: LANES }, (_, lane) => values[from + lane]);
  let k = LANES;
  for (; k < n - (n % LANES); k += LANES) for (let lane = 0; lane < LANES; lane++) r[lane] += values[from + k + lane];
  let total = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
  for (; k < n; k++) total += values[from + k];
  return total;
}

/** @param {ArrayLike<number>} values */
export const mean = (values) => sum(values) / values.length;

/**
 * A mean with its 95 % interval, by Student's t; nothing where one observation cannot give one.
 * @param {ArrayLike<number>} values finite numbers
 * @param {number[]} quantiles Student's t by n - 2
 * @returns {{mean: number, low: number, high: number}}
 */
export function meanInterval(values, quantiles) {
  const n = values.length,
    middle = mean(values);
  if (n === 1) return { mean: middle, low: NaN, high: NaN };
  const squares = Array.from(values, (value) => (value - middle) * (value - middle));
  const half = (quantiles[n - 2] * Math.sqrt(sum(squares) / (n - 1))) / Math.sqrt(n);
  return { mean: middle, low: middle - half, high: middle + half };
}

/**
 * As a mean's, or no interval where it would promise too much.
 * @param {number[]} values finite numbers
 * @param {string} unit
 * @param {{few: number, quantiles: number[]}} known
 */
export function outcomeInterval(values, unit, { few, quantiles }) {
  const found = meanInterval(values, quantiles);
  if (unit !== 'k€' && (values.length < few || found.low === found.high)) return { ...found, low: NaN, high: NaN };
  return found;
}

/**
 * Where a share of the ordered values lies, at i / (n + 1) (Weibull).
 * @param {number[]} ordered
 * @param {number} share
 */
function quantile(ordered, share) {
  const n = ordered.length,
    place = n * share + share - 1;
  if (place >= n - 1) return ordered[n - 1];
  if (place < 0) return ordered[0];
  const before = Math.floor(place),
    [low, high] = [ordered[before], ordered[before + 1]],
    t = place - before;
  return t >= 0.5 ? high - (high - low) * (1 - t) : low + (high - low) * t;
}

/**
 * Low end, middle and high end of the middle `share` of lines, week by week.
 * @param {ArrayLike<number>[]} lines
 * @param {number} share
 */
export function band(lines, share) {
  const tail = (1 - share) / 2,
    ends = [tail, 0.5, 1 - tail];
  /** @type {[number[], number[], number[]]} */
  const found = [[], [], []];
  for (let week = 0; week < lines[0].length; week++) {
    const ordered = lines.map((line) => line[week]).sort((one, other) => one - other);
    ends.forEach((end, k) => found[k].push(quantile(ordered, end)));
  }
  return found;
}

const DIGITS = 4;

/**
 * A number with so many digits behind the point; what lies just between two goes to the even one, as in Python.
 * @param {number} value
 * @param {number} digits
 */
export function fixed(value, digits) {
  const halves = value * 2 ** (digits + 1); // only odd multiples of such a part lie just between two numbers
  if (!Number.isInteger(halves) || halves % 2 === 0) return value.toFixed(digits);
  const unit = 10 ** digits,
    low = Math.floor(value * unit);
  return ((low % 2 === 0 ? low : low + 1) / unit).toFixed(digits);
}

/** @type {(value: number) => number} */
export const short = (value) => Number(fixed(value, DIGITS));
