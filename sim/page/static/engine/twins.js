// The same prospects in two organizations, and at which step their lives part. As sim/study/explain/twins.py.
// @ts-check
/** @import { Books, Prospect } from './books.js' */
import { CAME, KIND, NEVER } from './books.js';

export const STEP_TO = ['leads found', 'passed on', 'followed up in time', 'fitting', 'won']; // by how far it leads
export const OWN_STEP = 'own prospects',
  STILL_OPEN = 'sooner or later',
  AT_START = 'customers at the start';
const TINY = 1e-12; // keeps the logarithm of a fit of nothing finite

/**
 * A prospect that either organization met: step is '' where the two lives never part, level the first step that only one
 * passed, byB whether it was b.
 * @typedef {{sides: (Prospect | null)[], reached: number[], kind: number, step: string, level: number, byB: boolean}} Twin
 */

/**
 * All prospects of both, by the market's key, with the first step that only one of the two lives passed.
 * @param {Books} a
 * @param {Books} b
 * @returns {Twin[]}
 */
export function twinsOf(a, b) {
  const found = [];
  for (let i = 0, j = 0; i < a.prospects.length || j < b.prospects.length;) {
    const [one, other] = [a.prospects[i], b.prospects[j]],
      first = one && (!other || one.key <= other.key) ? one : null,
      second = other && (!one || other.key <= one.key) ? other : null;
    if (first) i++;
    if (second) j++;
    found.push(parted([first, second], [a.cold, b.cold]));
  }
  return found;
}

/**
 * @param {(Prospect | null)[]} sides
 * @param {number[]} cold
 * @returns {Twin}
 */
function parted(sides, cold) {
  const reached = sides.map((each) => each?.reached ?? NEVER),
    kind = Math.max(...sides.map((each) => each?.kind ?? NEVER)),
    low = Math.min(...reached),
    byB = reached[1] > reached[0];
  const twin = { sides, reached, kind, level: low + 1, byB, step: '' };
  if (reached[0] === reached[1]) return twin;
  const waits = sides.some((each, side) => each?.open && reached[side] === low);
  if (kind === KIND.opening) twin.step = AT_START;
  else if (low >= CAME.found && waits) twin.step = STILL_OPEN;
  else if (kind === KIND.own) twin.step = OWN_STEP;
  else if (low + 1 === CAME.interested && readier(sides, cold, byB)) twin.step = STEP_TO[CAME.called];
  else twin.step = STEP_TO[low + 1];
  return twin;
}

/**
 * Whether whom only one interested was called there while readier, rather than a better fit.
 * @param {(Prospect | null)[]} sides
 * @param {number[]} cold
 * @param {boolean} byB
 */
function readier(sides, cold, byB) {
  const gain = (/** @type {number[]} */ [one, other]) => (byB ? other - one : one - other);
  const fit = sides.map((each) => Math.log(Math.max(each?.fit ?? 1, TINY))),
    ready = sides.map((each, side) => Math.log(Math.max(cold[side] + (1 - cold[side]) * (each?.ready ?? 1), TINY)));
  return gain(ready) > gain(fit);
}

/**
 * How much likelier a prospect passed each step in a than in b, among those who came before it in both.
 * @param {Twin[]} twins
 * @returns {[number, number][]}
 */
export const ratesOf = (twins) =>
  [CAME.passed, CAME.called, CAME.interested, CAME.signed].map((step) => {
    const there = twins.filter(
      ({ sides, reached }) => sides[0]?.kind === KIND.marketing && Math.min(...reached) >= step - 1,
    );
    const passed = [0, 1].map((side) => there.filter(({ reached }) => reached[side] >= step).length);
    return [step, (passed[0] + 0.5) / (passed[1] + 0.5)];
  });
