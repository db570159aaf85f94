// The same prospects in two organizations, and at which step their lives part. As sim/study/explain/twins.py.
// @ts-check
/** @import { Books } from './books.js' */
import { CAME, compare, KIND, NEVER } from './books.js';

export const STEP_TO = ['leads found', 'passed on', 'followed up in time', 'fitting', 'won']; // by how far it leads
export const OWN_STEP = 'own prospects';
export const AT_START = 'customers at the start';
const STILL_OPEN = 'sooner or later';
const TINY = 1e-12; // keeps the logarithm of a fit of nothing finite

/**
 * A prospect that signed in either organization: its places among the prospects of both, step '' where the two lives never
 * part, level the first step that only one passed, byB whether it was b.
 * @typedef {{places: number[], kind: number, step: string, level: number, byB: boolean}} Twin
 */

/**
 * The prospects whom either signed, by the market's key, with the first step that only one of their two lives passed; and
 * of all whom both met how much likelier each step was in a than in b, among those who came before it in both.
 * @param {Books} a
 * @param {Books} b
 * @param {string[]} fates
 */
export function twinsOf(a, b, fates) {
  const [one, other] = [a.prospects, b.prospects],
    [i, j] = [one.order.length, other.order.length],
    passed = Object.values(CAME).map(() => [0.5, 0.5]), // half a prospect is added to either, against none at all
    /** @type {Twin[]} */
    twins = [];
  for (let k = 0, l = 0; k < i || l < j;) {
    const way = l === j ? -1 : k === i ? 1 : compare(one.keys, one.order[k], other.keys, other.order[l]),
      x = way <= 0 ? one.order[k++] : NEVER,
      y = way >= 0 ? other.order[l++] : NEVER;
    if (way === 0 && one.kind[x] === KIND.marketing) {
      const [here, there] = [one.reached[x], other.reached[y]];
      for (let step = CAME.passed; step <= Math.min(here, there) + 1 && step <= CAME.signed; step++) {
        if (here >= step) passed[step][0]++;
        if (there >= step) passed[step][1]++;
      }
    }
    if ((x >= 0 && one.customer[x] !== NEVER) || (y >= 0 && other.customer[y] !== NEVER))
      twins.push(parted([x, y], [a, b], fates));
  }
  /** @type {[number, number][]} */
  const rates = passed.map(([here, there], step) => [step, here / there]);
  return { twins, rates: rates.slice(CAME.passed) };
}

/**
 * @param {number[]} places
 * @param {Books[]} both
 * @param {string[]} fates
 * @returns {Twin}
 */
function parted(places, both, fates) {
  const [reached, kinds] = ['reached', 'kind'].map((name) =>
    places.map((place, side) => both[side].prospects[name][place] ?? NEVER),
  );
  const kind = Math.max(...kinds),
    low = Math.min(...reached),
    byB = reached[1] > reached[0],
    twin = { places, kind, level: low + 1, byB, step: '' };
  if (reached[0] === reached[1]) return twin;
  const waits = places.some(
    (place, side) => fates[both[side].prospects.fate[place]] === 'open' && reached[side] === low,
  );
  if (kind === KIND.opening) twin.step = AT_START;
  else if (low >= CAME.found && waits) twin.step = STILL_OPEN;
  else if (kind === KIND.own) twin.step = OWN_STEP;
  else if (low + 1 === CAME.interested && readier(places, both, byB)) twin.step = STEP_TO[CAME.called];
  else twin.step = STEP_TO[low + 1];
  return twin;
}

/**
 * Whether whom only one interested was called there while readier, rather than a better fit.
 * @param {number[]} places
 * @param {Books[]} both
 * @param {boolean} byB
 */
function readier(places, both, byB) {
  const gain = (/** @type {(place: number, of: Books) => number} */ log) => {
    const [one, other] = places.map((place, side) => Math.log(Math.max(log(place, both[side]), TINY)));
    return byB ? other - one : one - other;
  };
  const fit = gain((place, { prospects }) => prospects.fit[place] ?? 1);
  return gain((place, { prospects, cold }) => cold + (1 - cold) * (prospects.ready[place] ?? 1)) > fit;
}
