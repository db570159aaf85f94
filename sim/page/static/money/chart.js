// Lines over time: axes that fit, paths, a band.
// @ts-check
/**
 * @import { FrameStore } from '../common/store.js'
 * @import { Measure } from '../common/types.js'
 */
import { WEEK } from '../common/store.js';
import { r1 } from '../common/svg.js';

/**
 * A path through values at each week's end.
 * @type {(line: number[], x: (day: number) => number, y: (value: number) => number, from?: number, to?: number) => string}
 */
export const pathOf = (line, x, y, from = 0, to = line.length - 1) => {
  let d = '';
  for (let i = from; i <= to && i < line.length; i++) d += `${d ? 'L' : 'M'}${r1(x((i + 1) * WEEK))} ${r1(y(line[i]))}`;
  return d;
};

/**
 * The outline of a band between two lines.
 * @type {(low: number[], high: number[], x: (day: number) => number, y: (value: number) => number) => string}
 */
export const bandOf = (low, high, x, y) => {
  const back = low
    .map((v, i) => `L${r1(x((i + 1) * WEEK))} ${r1(y(v))}`)
    .reverse()
    .join('');
  return high.length ? `${pathOf(high, x, y)}${back}Z` : '';
};

const BEGINNING = 20; // days whose mean sets the scale where no later line may

/**
 * What an axis shows at least where no later line sets its length: from nothing to twice the beginning, so that noise looks small.
 * @type {(store: FrameStore, column: Measure) => number[]}
 */
export const roomy = (store, column) => [0, 2 * (store.rate(column, Math.min(store.last, BEGINNING)) ?? 0.5)];

/**
 * Bounds and ticks for values: a few round numbers, and room around them.
 * @param {number[]} values
 * @param {number} wanted
 */
export function axisFor(values, wanted = 3) {
  const known = values.filter((v) => Number.isFinite(v));
  let low = known.length ? Math.min(...known) : 0,
    high = known.length ? Math.max(...known) : 1;
  if (high - low < Math.abs(high) * 0.04 + 1e-6) {
    const middle = (high + low) / 2,
      room = Math.abs(middle) * 0.02 + 0.005;
    low = middle - room;
    high = middle + room;
  }
  if (!known.length) return { low, high, ticks: [], step: 1 }; // nothing is known yet: no numbers
  const room = (high - low) * 0.12;
  low -= room;
  high += room;
  // One tick alone is no scale: then the next smaller step.
  for (let n = wanted; ; n++) {
    const rough = (high - low) / n,
      power = 10 ** Math.floor(Math.log10(rough)),
      step = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough) * power,
      ticks = [];
    for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-6; tick += step)
      ticks.push(Math.abs(tick) < step * 1e-6 ? 0 : tick);
    if (ticks.length > 1) return { low, high, ticks, step };
  }
}

/**
 * How many digits ticks of a step need.
 * @type {(step: number) => number}
 */
export const digits = (step) =>
  Math.max(
    0,
    Math.min(
      2,
      -Math.floor(Math.log10(step) + 1e-9) +
        (String(step / 10 ** Math.floor(Math.log10(step) + 1e-9)).startsWith('2.5') ? 1 : 0),
    ),
  );
