// Where two organizations in one market part: the difference of their net value, step by step of the funnel. As
// sim/study/explain/funnel_steps.py and deals.py, whose names it has.
// @ts-check
/**
 * @import { Books, Prospect } from './books.js'
 * @import { Twin } from './twins.js'
 */
import { broughtBy, KIND, NEVER, soFar } from './books.js';
import { sum } from './statistics.js';
import { AT_START, OWN_STEP, STEP_TO, twinsOf } from './twins.js';
import { shares } from './why.js';

const FACTORS = ['sooner or later', 'contract size', 'kept', 'grown'],
  COSTS = ['special terms', 'payroll', 'programmes', 'hiring and reorganizing'];
export const REST = 'not explained';
export const STEPS = [
  ...[...STEP_TO, OWN_STEP, ...FACTORS, 'worth of customers', ...COSTS, AT_START],
  ...['margin and discount', 'after the money ran out', REST],
];

/**
 * A prospect whose two lives brought different money.
 * @typedef {{sides: (Prospect | null)[], step: string, difference: number, left: number[]}} Parted
 *
 * What both organizations have of a twin: rows among the customers, what they brought, the factors of it (NaN where there
 * is none to ask about).
 * @typedef {{customer: number[], brought: number[], factors: number[][]}} Deal
 */

/**
 * Put the difference of two organizations in one market down to the steps at which their prospects part.
 * @param {Books} a
 * @param {Books} b
 * @param {number} year
 * @param {string[]} fates
 */
export function part(a, b, year, fates) {
  const both = [a, b],
    together = Math.min(a.days, b.days);
  const weights = both.map(({ margin, discount }) =>
    discount.map((today, day) => (day < together ? (margin[day] * today) / year : 0)),
  );
  const { twins, rates } = twinsOf(a, b, fates),
    deals = dealsOf(both, twins, soFar(weights[0].map((weight, day) => (weight + weights[1][day]) / 2)), year),
    /** @type {Record<string, number>} */
    bars = Object.fromEntries(STEPS.map((name) => [name, 0])),
    named = twins.map((twin) => twin.step),
    difference = deals.map(({ brought }) => brought[1] - brought[0]);
  twins.forEach((twin, k) => {
    if (twin.step || !difference[k]) return;
    const parts = between(deals[k]),
      sizes = parts.map(Math.abs);
    FACTORS.forEach((name, i) => (bars[name] += parts[i]));
    named[k] = FACTORS[sizes.indexOf(Math.max(...sizes))];
  });
  if (a.days === b.days) worthOf(both, twins, deals, bars, named, difference);
  shareOut(bars, twins, difference, rates, keptRate(twins, deals));
  const change = soFar(weights[0].map((weight, day) => weights[1][day] - weight));
  bars['margin and discount'] = both.reduce((total, each) => total + sum(broughtBy(each, change, year)), 0) / 2;
  const costs = both.map((each) => costsOf(each, together));
  COSTS.forEach((name, i) => (bars[name] = costs[0][i] - costs[1][i]));
  bars['after the money ran out'] = tail(b, together, a.days) - tail(a, together, b.days);
  const [before, after] = both.map((each) => each.netValue);
  bars[REST] = after - before - Object.values(bars).reduce((total, bar) => total + bar, 0);
  return { bars, before, after, leads: () => partedOf(both, twins, deals, named, difference) };
}

/**
 * What all contracts brought.
 * @param {Books[]} both
 * @param {Twin[]} twins
 * @param {number[]} total sums of what one k€ a year counts on each day
 * @param {number} year
 * @returns {Deal[]}
 */
function dealsOf(both, twins, total, year) {
  const ratio = (part_, whole) => (whole ? part_ / whole : NaN);
  const told = both.map((books) => {
    const brought = broughtBy(books, total, year);
    return books.contracts.map(({ since, until, signed }, row) => {
      const room = total.at(-1) - total[since],
        stay = total[until] - total[since];
      return { brought: brought[row], factors: [room, signed, ratio(stay, room), ratio(brought[row], signed * stay)] };
    });
  });
  return twins.map(({ places }) => {
    const customer = places.map((place, side) => both[side].prospects.customer[place] ?? NEVER),
      rows = customer.map((row, side) => told[side][row]);
    return {
      customer,
      brought: rows.map((row) => row?.brought ?? 0),
      factors: rows.map((row) => row?.factors ?? FACTORS.map(() => NaN)),
    };
  });
}

/**
 * What each factor adds to the change of a product.
 * @param {number[]} before
 * @param {number[]} after
 */
function ofProduct(before, after) {
  const values = Array.from({ length: 2 ** before.length }, (_, mask) =>
    before.reduce((product, factor, i) => product * (mask & (1 << i) ? after[i] : factor), 1),
  );
  return shares(values);
}

/** For a prospect who signed in both: what each factor adds; what was never asked does not differ. @param {Deal} deal */
function between({ factors: [a, b] }) {
  const known = (one, other) => (Number.isNaN(one) ? (Number.isNaN(other) ? 1 : other) : one);
  return ofProduct(
    a.map((factor, i) => known(factor, b[i])),
    b.map((factor, i) => known(factor, a[i])),
  );
}

/**
 * How much more of its time a new contract lasts in a than in b, among those that both signed.
 * @param {Twin[]} twins
 * @param {Deal[]} deals
 */
function keptRate(twins, deals) {
  const asked = deals.filter(
    ({ factors }, k) => twins[k].kind !== KIND.opening && !factors.some((each) => Number.isNaN(each[2])),
  );
  const rates = [0, 1].map((side) => {
    const whole = sum(asked.map(({ factors }) => factors[side][0] * factors[side][1]));
    const lasted = sum(asked.map(({ factors }) => factors[side][0] * factors[side][1] * factors[side][2]));
    return whole <= 0 || lasted <= 0 ? NaN : lasted / whole;
  });
  return rates.some(Number.isNaN) ? 1 : rates[0] / rates[1];
}

/**
 * Closing customer equity told by prospect, as far as prospects' lives differ.
 * @param {Books[]} both
 * @param {Twin[]} twins
 * @param {Deal[]} deals
 * @param {Record<string, number>} bars
 * @param {string[]} named
 * @param {number[]} difference
 */
function worthOf(both, twins, deals, bars, named, difference) {
  const common = [],
    alone = [];
  deals.forEach(({ customer }, k) => {
    const [one, other] = customer.map((row, side) => both[side].contracts[row]?.worth ?? 0),
      { step } = twins[k];
    if (!step && one && other) common.push(other - one);
    else if (one !== other) {
      difference[k] += other - one;
      if (step) return;
      named[k] = 'kept';
      alone.push(other - one);
    }
  });
  bars.kept += sum(alone);
  bars['worth of customers'] = sum(common);
  const begun = twins.some(({ step }) => step === AT_START) ? AT_START : 'worth of customers';
  bars[begun] += both[0].opening - both[1].opening; // they were worth something on day 0 too
}

/**
 * The money of prospects whose lives part, shared between the step where they do and the later ones.
 * @param {Record<string, number>} bars
 * @param {Twin[]} twins
 * @param {number[]} difference
 * @param {[number, number][]} rates
 * @param {number} kept
 */
function shareOut(bars, twins, difference, rates, kept) {
  /** @type {Map<string, {of: Twin, amounts: number[]}>} */
  const groups = new Map();
  twins.forEach((of, k) => {
    const { step, level, byB } = of,
      key = `${step} ${level} ${byB}`;
    if (!step || !difference[k]) return;
    if (!groups.has(key)) groups.set(key, { of, amounts: [] });
    groups.get(key).amounts.push(difference[k]);
  });
  for (const { of, amounts } of groups.values()) {
    const { step, level, byB } = of,
      later = STEP_TO.includes(step) ? rates.filter(([to]) => to > level) : [],
      names = [step, ...later.map(([to]) => STEP_TO[to])],
      ratios = later.map(([, rate]) => rate);
    if (later.length || step === 'won' || step === OWN_STEP) {
      names.push('kept');
      ratios.push(kept);
    }
    const there = [0, ...ratios.map((ratio) => (byB ? ratio : 1 / ratio))],
      parts = ofProduct(
        there,
        there.map(() => 1),
      ),
      amount = sum(amounts);
    names.forEach((name, i) => (bars[name] += amount * parts[i]));
  }
}

/**
 * What an organization paid up to a day, k€ of day 0, by the names of COSTS.
 * @param {Books} books
 * @param {number} together
 */
function costsOf({ diary, discount }, together) {
  const paid = (of) => sum(Array.from({ length: together }, (_, day) => of(day) * discount[day]));
  return [
    paid((day) => diary.special_cost[day]),
    paid((day) => diary.payroll[day]),
    paid((day) => diary.budget[day]),
    paid((day) => diary.other_cash[day] - diary.budget[day]),
  ];
}

/**
 * What came after the first of the two had ended; with the end's equity if they ended on different days.
 * @param {Books} books
 * @param {number} together
 * @param {number} otherDays
 */
function tail({ days, diary, discount, contracts, opening }, together, otherDays) {
  const later = [...diary.contribution.slice(together)].map((value, k) => value * discount[together + k]);
  const equity = sum(contracts.map((each) => each.worth)) - opening;
  return sum(later) + (days !== otherDays ? equity : 0);
}

/**
 * The prospects whose lives brought different money, the largest difference first.
 * @param {Books[]} both
 * @param {Twin[]} twins
 * @param {Deal[]} deals
 * @param {string[]} named
 * @param {number[]} difference
 * @returns {Parted[]}
 */
function partedOf(both, twins, deals, named, difference) {
  const left = (row, { contracts, days }) => (contracts[row]?.until < days ? contracts[row].until : NEVER);
  return twins
    .map((twin, k) => ({
      sides: twin.places.map((place, side) => (place === NEVER ? null : both[side].prospects.told(place))),
      step: named[k],
      difference: difference[k],
      left: deals[k].customer.map((row, side) => left(row, both[side])),
    }))
    .filter((each) => each.difference)
    .sort((one, other) => Math.abs(other.difference) - Math.abs(one.difference));
}
