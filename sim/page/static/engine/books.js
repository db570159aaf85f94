// One run kept prospect by prospect: how far each came, and what each customer was worth. As sim/study/explain/books.py.
// @ts-check
/**
 * @import { Rows } from '../rules/module.js'
 * @import { Simulation } from '../rules/simulation.js'
 * @import { Scenario } from './scenario.js'
 */
import { liveUntil } from '../rules/simulation.js';
import { beginning } from './beginning.js';
import { columns, measure, worth } from './lines.js';

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
 * Somebody whom an organization met.
 * @typedef {{key: bigint, kind: number, reached: number, open: boolean, lead: number, customer: number, fit: number,
 *   ready: number, value: number, fate: number, ended: number}} Prospect
 *
 * A customer, those of day 0 included; `values` in k€ a year at the ends of the years, `worth` in k€ of day 0 at the end.
 * @typedef {{since: number, until: number, slot: number, signed: number, values: number[], worth: number}} Contract
 *
 * One organization's run in one market. Prospects by the market's own key; margin and discount of each day.
 * @typedef {{days: number, broke: boolean, netValue: number, opening: number, diary: Record<string, Float64Array>,
 *   prospects: Prospect[], contracts: Contract[], margin: number[], discount: number[], cold: number}} Books
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
const valuesOf = (sim) =>
  Array.from({ length: sim.ledger('n_customers') }, (_, row) => sim.rules.get(sim.firm.customers, row, 'value'));

/** Margin in force on each day: a dated change may move it. @param {Scenario} scenario */
function marginOf(scenario) {
  const found = Array(scenario.days).fill(scenario.theory.money.margin);
  for (const [day, theory] of scenario.steps) found.fill(theory.money.margin, day);
  return found;
}

/**
 * All customers; a contract is renewed once a year, so what it was worth at the years' ends tells every day.
 * @param {Simulation} sim
 * @param {number[][]} known by year
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
 * Everybody, sorted by key; who is met twice counts the first time.
 * @param {Simulation} sim
 * @param {any} words
 * @returns {Prospect[]}
 */
function prospectsOf(sim, { states, fates }) {
  const { rules, firm } = sim,
    { leads, customers } = firm,
    won = fates.indexOf('won'),
    /** @type {Map<number, number>} */
    customer = new Map(),
    /** @type {Prospect[]} */
    begun = [];
  for (let row = 0; row < sim.ledger('n_customers'); row++) {
    const lead = rules.get(customers, row, 'lead');
    if (lead !== NEVER) customer.set(lead, row);
    else {
      const value = rules.get(customers, row, 'value'),
        as = {
          kind: KIND.opening,
          reached: CAME.signed,
          open: false,
          fit: 1,
          ready: 1,
          fate: won,
          ended: NEVER,
        };
      begun.push({
        key: keyIn(rules.view, customers, row),
        ...as,
        lead: NEVER,
        customer: row,
        value,
      });
    }
  }
  const met = Array.from({ length: sim.ledger('n_leads') }, (_, row) => {
    const get = (/** @type {string} */ column) => rules.get(leads, row, column),
      came = (/** @type {string} */ date) => get(date) !== NEVER,
      own = get('m') === NEVER;
    const steps = [came('opened'), came('tried'), came('handed')].findIndex(Boolean),
      far = own || steps === 0 ? CAME.interested : steps < 0 ? CAME.found : CAME.interested - steps;
    return {
      key: keyIn(rules.view, leads, row),
      kind: own ? KIND.own : KIND.marketing,
      reached: states[get('state')] === 'won' ? CAME.signed : far,
      open: fates[get('fate')] === 'open',
      lead: row,
      customer: customer.get(row) ?? NEVER,
      fit: get('fit'),
      ready: get('ready'),
      value: get('value'),
      fate: get('fate'),
      ended: get('ended'),
    };
  });
  const all = [...met, ...begun].sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
  return all.filter(({ key }, k) => !k || key !== all[k - 1].key);
}

/** The market's own key of a row, all of its digits. @param {DataView} view @param {Rows} rows @param {number} row */
export const keyIn = (view, { place, table }, row) =>
  view.getBigUint64(place + row * table.size + table.columns.key[0], true);

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
