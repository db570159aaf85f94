// One run kept prospect by prospect: how far each came, and what each customer was worth. As sim/study/explain/books.py.
// @ts-check
/**
 * @import { Rows, Rules } from '../rules/module.js'
 * @import { Simulation } from '../rules/simulation.js'
 * @import { Scenario } from './scenario.js'
 */
import { liveUntil } from '../rules/simulation.js';
import { beginning } from './beginning.js';
import { columns, measure, worth } from './lines.js';

const DIGITS = 4, // of a key
  MANY = 2 ** 16; // values of a digit
export const NEVER = -1;
export const KIND = { opening: 0, marketing: 1, own: 2 }; // a customer of day 0, an inquiry, a rep's own prospect
export const CAME = {
  found: 0,
  passed: 1,
  called: 2,
  interested: 3,
  signed: 4,
}; // how far a prospect came

/**
 * How a prospect went, as people read it.
 * @typedef {{lead: number, value: number, fate: number, ended: number}} Prospect
 *
 * Everybody whom an organization met, leads and then customers of day 0, as columns: half a million may be met. `keys` are
 * the market's own, the low half and the high half of each; `order` has the places by their keys; `fate`, `fit` and `ready`
 * are of leads alone.
 * @typedef {{keys: Uint32Array, order: Uint32Array, kind: Int8Array, reached: Int8Array, customer: Int32Array,
 *   fate: Float64Array, fit: Float64Array, ready: Float64Array, told: (place: number) => Prospect}} Prospects
 *
 * A customer, those of day 0 included; `values` in k€ a year at the ends of the years, `worth` in k€ of day 0 at the end.
 * @typedef {{since: number, until: number, slot: number, signed: number, values: number[], worth: number}} Contract
 *
 * One organization's run in one market. Margin and discount of each day.
 * @typedef {{days: number, broke: boolean, netValue: number, opening: number, diary: Record<string, Float64Array>,
 *   prospects: Prospects, contracts: Contract[], margin: number[], discount: number[], cold: number}} Books
 */

/**
 * Let one organization live in one market and keep its books.
 * @param {Scenario} scenario
 * @param {number} seed
 * @returns {Books}
 */
export function booksOf(scenario, seed) {
  const { kit, days: horizon } = scenario,
    { year, quarter } = kit.layout.constants,
    sim = beginning(scenario, seed),
    coming = scenario.steps,
    values = [valuesOf(sim)];
  for (let stop = year; stop < horizon + year; stop += year) {
    liveUntil(sim, Math.min(stop, horizon), coming);
    values.push(valuesOf(sim));
  }
  const { theory } = scenario,
    diary = columns(sim, 'days', sim.day),
    quarters = columns(sim, 'quarters', Math.floor(sim.day / quarter)),
    today = worth(kit.data, theory.money.discount, year);
  return {
    days: sim.day,
    broke: sim.broke,
    netValue: measure(scenario, diary, quarters, sim).net_value,
    opening: sim.ledger('opening_equity'),
    diary,
    prospects: prospectsOf(sim, kit.data.words),
    contracts: contractsOf(sim, values, today.end(sim.day), kit.data.why.nothing),
    margin: marginOf(scenario),
    discount: Array.from({ length: horizon }, (_, day) => today.of(day)),
    cold: theory.selling.cold,
  };
}

/** @param {Simulation} sim */
const valuesOf = (sim) => sim.rules.column(sim.firm.customers, 'value', sim.ledger('n_customers'));

/** Margin in force on each day: a dated change may move it. @param {Scenario} scenario */
function marginOf(scenario) {
  const found = Array(scenario.days).fill(scenario.theory.money.margin);
  for (const [day, theory] of scenario.steps) found.fill(theory.money.margin, day);
  return found;
}

/**
 * All customers; a contract is renewed once a year, so what it was worth at the years' ends tells every day.
 * @param {Simulation} sim
 * @param {Float64Array[]} known by year
 * @param {number} today what a euro of the end is worth on day 0
 * @param {number} nothing below it there is nothing but rounding
 * @returns {Contract[]}
 */
function contractsOf(sim, known, today, nothing) {
  const { rules, firm, day } = sim,
    { margin, discount } = sim.theory.money,
    { year } = rules.layout.constants,
    due = sim.ledger('due_value');
  const renewal =
    due < nothing ? sim.ledger('opening_renewal') : Math.min(sim.ledger('likely_value') / due, 1 - nothing);
  const years = sim.broke || !day ? 0 : renewal / (1 + discount - renewal);
  return Array.from({ length: sim.ledger('n_customers') }, (_, row) => {
    const [since, ended, special] = ['since', 'ended', 'special'].map((name) => rules.get(firm.customers, row, name)),
      values = known.map((each) => each[row] ?? 0),
      stays = ended === NEVER;
    return {
      since: Math.max(since, 0),
      until: stays ? day : ended,
      slot: ((since % year) + year) % year,
      signed: values[known.findIndex((each) => row < each.length)],
      values,
      worth: stays && years ? (margin * values.at(-1) - special) * years * today : 0,
    };
  });
}

/**
 * Everybody, in the order of the market's keys; who is met twice counts the first time.
 * @param {Simulation} sim
 * @param {any} words
 * @returns {Prospects}
 */
function prospectsOf(sim, { states, fates }) {
  const { rules, firm } = sim,
    { leads, customers } = firm,
    won = fates.indexOf('won'),
    n = sim.ledger('n_leads'),
    signed = rules.column(customers, 'lead', sim.ledger('n_customers')),
    begun = [...signed.keys()].filter((row) => signed[row] === NEVER),
    keys = new Uint32Array(2 * (n + begun.length)),
    kind = new Int8Array(n + begun.length).fill(KIND.opening),
    reached = new Int8Array(n + begun.length).fill(CAME.signed),
    customer = new Int32Array(n + begun.length).fill(NEVER);
  keys.set(keysIn(rules, leads, n));
  const keysOfCustomers = keysIn(rules, customers, signed.length);
  begun.forEach((row, k) => keys.set(keysOfCustomers.subarray(2 * row, 2 * row + 2), 2 * (n + k)));
  signed.forEach((lead, row) => lead !== NEVER && (customer[lead] = row));
  customer.set(begun, n);
  const columns = ['m', 'state', 'opened', 'tried', 'handed', 'fate', 'ended', 'fit', 'ready', 'value'],
    [m, state, opened, tried, handed, fate, ended, fit, ready, value] = columns.map((name) =>
      rules.column(leads, name, n),
    ),
    end = states.indexOf('won');
  for (let row = 0; row < n; row++) {
    const own = m[row] === NEVER;
    kind[row] = own ? KIND.own : KIND.marketing;
    if (state[row] === end) continue;
    if (own || opened[row] !== NEVER) reached[row] = CAME.interested;
    else if (tried[row] !== NEVER) reached[row] = CAME.called;
    else reached[row] = handed[row] !== NEVER ? CAME.passed : CAME.found;
  }
  const order = orderOf(keys).filter((place, k, all) => !k || compare(keys, place, keys, all[k - 1]));
  const told = (/** @type {number} */ place) =>
    place < n
      ? { lead: place, value: value[place], fate: fate[place], ended: ended[place] }
      : { lead: NEVER, value: rules.get(customers, customer[place], 'value'), fate: won, ended: NEVER };
  return { keys, order, kind, reached, customer, fate, fit, ready, told };
}

/**
 * The market's own keys of the first n rows, all of their digits: the low half and the high half of each.
 * @param {Rules} rules
 * @param {Rows} rows
 * @param {number} n
 */
export function keysIn({ view }, { place, table }, n) {
  const found = new Uint32Array(2 * n);
  for (let row = 0, at = place + table.columns.key[0]; row < n; row++, at += table.size) {
    found[2 * row] = view.getUint32(at, true);
    found[2 * row + 1] = view.getUint32(at + 4, true);
  }
  return found;
}

/**
 * Which key comes first: below nought that of the first, above it that of the second, nought where both are the same.
 * @param {Uint32Array} ones
 * @param {number} i
 * @param {Uint32Array} others
 * @param {number} j
 */
export const compare = (ones, i, others, j) => ones[2 * i + 1] - others[2 * j + 1] || ones[2 * i] - others[2 * j];

/**
 * The places of keys in their order, equal ones as they stand: sorted by the last digit first, and so on to the first.
 * @param {Uint32Array} keys
 */
function orderOf(keys) {
  const n = keys.length / 2,
    digits = new Uint16Array(keys.buffer); // the last one first, as every machine of today has them
  let order = new Uint32Array(n),
    next = new Uint32Array(n);
  for (let k = 0; k < n; k++) order[k] = k;
  for (let digit = 0; digit < DIGITS; digit++) {
    const from = new Uint32Array(MANY + 1);
    for (let k = digit; k < digits.length; k += DIGITS) from[digits[k] + 1]++;
    for (let each = 0; each < MANY; each++) from[each + 1] += from[each];
    for (let k = 0; k < n; k++) {
      const place = order[k];
      next[from[digits[DIGITS * place + digit]]++] = place;
    }
    [order, next] = [next, order];
  }
  return order;
}

/** Sums of all days before each day. @param {number[]} weights */
export function soFar(weights) {
  const found = [0];
  for (const weight of weights) found.push(found.at(-1) + weight);
  return found;
}

/**
 * What each customer brought: its value on each day times the day's weight, summed.
 * @param {Books} books
 * @param {number[]} total the weights' sums
 * @param {number} year days of one
 */
export const broughtBy = ({ contracts, days }, total, year) =>
  contracts.map(({ since, until, slot, values }) => {
    const within = (/** @type {number} */ day) => Math.min(Math.max(day, since), until);
    let found = 0;
    for (let k = 0; k < values.length - 1; k++) {
      const [begin, end] = [Math.min(k * year, days), Math.min((k + 1) * year, days)],
        turn = Math.min(k * year + slot, end);
      found += values[k] * (total[within(turn)] - total[within(begin)]);
      found += values[k + 1] * (total[within(end)] - total[within(turn)]);
    }
    return found;
  });
