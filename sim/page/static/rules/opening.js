// Day 0 by the rules' module: as sim/model/day_zero/opening.py, whose names it has. Room is made, rules fill it.
// @ts-check

/** @import { Layout, Rows, Theory } from './module.js' */
import { giveLiaisons, layAnew } from './change.js';
import { Rules } from './module.js';
import { pagesFor, Simulation } from './simulation.js';

/**
 * A user's own people and ties, without names: as `sim.model.network.Organization`, the ties in the order in which they
 * are laid, a tie's values by the layout's columns.
 * @typedef {{team: number[], days: number[], site: number[], ties: Record<string, number>[],
 *   mates: [number, number][]}} Organization
 */

/**
 * A simulation at day 0: people seated, ties laid, pipeline and customers as if the firm had long been living.
 * @param {WebAssembly.Module} module
 * @param {Layout} layout
 * @param {Theory} theory
 * @param {bigint} seed the market
 * @param {number} horizon days the diary has room for
 * @param {Organization | null} told a user's own people and ties; null: they are generated
 */
export function begin(module, layout, theory, seed, horizon, told = null) {
  const w = theory.workforce,
    { marketing, sales } = layout.constants.teams,
    kinds = layout.constants.kinds_of_seat;
  /** @type {number[]} */
  const chairs = [];
  const taken = Array(kinds).fill(0);
  const work = told?.team ?? [...Array(w.marketers).fill(marketing), ...Array(w.salespeople).fill(sales)];
  for (const kind of [...work, ...Array(w.idle).fill(kinds - 1)]) chairs.push(kinds * taken[kind]++ + kind);
  const rules = new Rules(module, layout);
  const firm = emptyFirm(rules, theory, chairs.length, horizon);
  const sim = new Simulation(rules, firm, theory, seed, 0, horizon, told !== null);
  settleIn(sim, chairs, told);
  return sim;
}

/**
 * Room for an organization of n seats, with nothing in it.
 * @param {Rules} rules
 * @param {Theory} theory
 * @param {number} n
 * @param {number} horizon
 */
function emptyFirm(rules, theory, n, horizon) {
  const { constants: c, tables } = rules.layout,
    t = theory.market;
  const refM = t.for_marketers || theory.workforce.marketers,
    refS = t.for_salespeople || theory.workforce.salespeople;
  const quarters = Math.max(Math.ceil(horizon / c.quarter), 1);
  const customers = Math.trunc(theory.customers.per_rep * refS * t.size + 0.5);
  const open = (theory.selling.start_deals * t.cycle_days) / theory.selling.usual_cycle;
  const deals = Math.trunc(open * refS * t.size + 0.5);
  const caught = refM * t.marketing_list * c.caught + refS * t.own_list * c.caught_by_reps;
  const room = Math.trunc(t.size * caught * (horizon + c.day_zero_room)) + c.day_zero_room;
  const signed = customers + deals + Math.trunc(c.signed * room) + c.day_zero_room;
  /** @type {Record<string, number[]>} */
  const shapes = {
    people: [n],
    beliefs: [n, t.segments],
    ties: [0],
    links: [0],
    mates: [0],
    leads: [deals + room],
    customers: [signed],
    segments: [t.segments],
    practices: [c.practices],
    heads: [2],
    decisions: [c.decisions],
    patches: [2, Math.max(Math.trunc(c.patches_a_person * (refM + refS)), 64)],
    agenda: [c.agenda],
    renewals: [c.year],
    pages: [pagesFor(rules.layout, deals + room, signed), c.page],
    tray: [c.at_once],
    ledger: [1],
    days: [horizon],
    audit: [c.sides, c.items],
    answers: [quarters, c.sides, c.items],
    quarters: [quarters],
    guest: [n],
  };
  /** @type {Record<string, Rows>} */
  const firm = {};
  for (const name of Object.keys(tables)) firm[name] = rules.rows(tables[name], ...shapes[name]);
  return firm;
}

/**
 * Fill the arrays of day 0 in the order in which they need one another.
 * @param {Simulation} sim
 * @param {number[]} chairs
 * @param {Organization | null} told
 */
function settleIn(sim, chairs, told) {
  const { rules, firm } = sim,
    dice = sim.dice(0);
  rules.call('appointments.begin_books', firm);
  rules.call('ledger.begin', firm, null);
  rules.call('practice.begin', firm.practices);
  rules.call('decision.begin', firm.decisions);
  rules.call('head.begin', firm.heads, null);
  rules.call('stock.start_market', firm, null, dice);
  const seats = rules.fill(rules.rows('i8', chairs.length), chairs);
  rules.call('seats.open_seats', firm, null, dice, seats, 0, 0);
  rules.release(seats);
  rules.call('seats.count_people', firm);
  if (told) {
    const [days, sites] = [told.days, told.site].map((each) => rules.fill(rules.rows('i8', each.length), each));
    rules.call('seats.take_over', firm, days, sites);
    for (const rows of [days, sites]) rules.release(rows);
    layAnew(sim, told);
  }
  if (sim.theory.liaison.count) giveLiaisons(sim, sim.theory.liaison.count);
  if (!told || sim.theory.liaison.count) layAnew(sim);
  rules.call('stock.start_customers', firm, null, dice);
  rules.call('stock.start_deals', firm, null, dice);
  rules.call('stock.open_books', firm, null);
}
