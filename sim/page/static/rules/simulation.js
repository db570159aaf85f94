// One organization that lives day by day on one market, by the rules' module: as sim/model/drive.py, whose names it has.
// @ts-check

/** @import { Layout, Rows, Theory } from './module.js' */
import { change, resize, shock } from './change.js';
import { bytesIn, Rules } from './module.js';

/**
 * All numbers as they are declared, some of them replaced.
 * @param {Layout} layout
 * @param {Record<string, number>} values by name: `liaison.count`
 * @returns {Theory}
 */
export function theoryOf(layout, values = {}) {
  /** @type {Theory} */
  const theory = {};
  for (const [group, { fields }] of Object.entries(layout.numbers)) {
    theory[group] = {};
    for (const [name, field] of Object.entries(fields)) {
      if (!field.of) theory[group][name] = values[`${group}.${name}`] ?? field.default;
    }
  }
  return theory;
}

export class Simulation {
  /**
   * @param {Rules} rules
   * @param {Record<string, Rows>} firm
   * @param {Theory} theory the numbers in force
   * @param {bigint} seed the market
   * @param {number} day the next day to be lived
   * @param {number} horizon days that the diary has room for
   * @param {boolean} own whether people and ties are a user's own
   */
  constructor(rules, firm, theory, seed, day, horizon, own) {
    this.rules = rules;
    this.firm = firm;
    this.seed = seed;
    this.day = day;
    this.horizon = horizon;
    this.own = own;
    this.enforce(theory);
  }

  /** @param {Theory} theory */
  enforce(theory) {
    this.theory = theory;
    this.rules.enforce(theory);
  }

  /** @param {string} column */
  ledger(column) {
    return this.rules.get(this.firm.ledger, 0, column);
  }

  /** @param {number} day */
  dice(day) {
    return { seed: this.seed, day };
  }

  /** Whether the cash is gone: no day follows. */
  get broke() {
    return this.ledger('broke') >= 0;
  }

  /**
   * Live until a day (not included), or until the cash is gone.
   * @param {number} toDay
   */
  advance(toDay) {
    toDay = Math.min(toDay, this.horizon);
    const reserve = this.#mostLeadsADay();
    while (this.day < toDay && !this.broke) {
      this.#makeRoom(reserve);
      this.day = this.rules.call('drive.live', this.firm, null, this.seed, this.day, toDay, reserve);
      const [m, s] = [this.ledger('wanted_m'), this.ledger('wanted_s')];
      if (m !== 0 || s !== 0) {
        resize(this, m, s);
        this.rules.call('ledger.seats_are_open', this.firm.ledger);
      }
    }
  }

  /**
   * New levers from this day on.
   * @param {Theory} theory
   */
  change(theory) {
    change(this, theory);
  }

  /**
   * Something happens at once.
   * @param {string} kind one of the layout's shocks
   */
  shock(kind) {
    shock(this, kind);
  }

  /** The same simulation, independent of this one. */
  copy() {
    const rules = new Rules(this.rules.module, this.rules.layout);
    const size = this.rules.end;
    rules.room(size - rules.end);
    rules.bytes(0, size).set(this.rules.bytes(0, size));
    rules.spare = this.rules.spare.map((each) => ({ ...each }));
    return new Simulation(rules, { ...this.firm }, this.theory, this.seed, this.day, this.horizon, this.own);
  }

  /** Sixteen hex digits of everything the organization is, as `sim.run` tells. */
  get stateHash() {
    const { rules, firm } = this,
      { tables, pools } = rules.layout;
    const size = Object.values(firm).reduce((sum, rows) => sum + bytesIn(rows), 0);
    const room = rules.rows('u8', Math.ceil(size / 128 + 1) * 16),
      [state, work] = [rules.rows('u8', 8), rules.rows('u8', 16)];
    let end = room.place;
    for (const [name, table] of Object.entries(tables)) {
      const rows = firm[name];
      const inner = rows.shape.slice(1).reduce((product, n) => product * n, 1);
      const n = (name === 'tray' ? 0 : pools.includes(name) ? this.ledger(`n_${name}`) : rows.shape[0]) * inner;
      /** @type {[number, string, number][]} */
      const columns = table.columns ? Object.values(table.columns) : [[0, table.type, 1]];
      for (const [offset, type, places] of columns) {
        end = gather(rules, rows.place + offset, table.size, n, Number(type[1]) * places, end);
      }
    }
    rules.call('hashes.digest', room, end - room.place, state, work);
    const hash = rules.view.getBigUint64(state.place, true);
    for (const rows of [room, state, work]) rules.release(rows);
    return hash.toString(16).padStart(16, '0');
  }

  /** A bound on the leads that one day can bring. */
  #mostLeadsADay() {
    const t = this.theory.market;
    const own = this.ledger('ref_m') * t.marketing_list * (1 + t.event_burst) + this.ledger('ref_s') * t.own_list;
    const years = this.firm.days.shape[0] / this.rules.layout.constants.year;
    return Math.trunc(t.size * Math.max((1 + t.growth) ** years, 1) * own) + 2 * t.segments + 2;
  }

  /** @param {number} reserve */
  #makeRoom(reserve) {
    const { rules, firm } = this;
    const n = this.ledger('n_leads') + reserve,
      c = this.ledger('n_customers') + this.ledger('open_deals') + reserve;
    for (const [name, wanted] of /** @type {[string, number][]} */ ([
      ['leads', n],
      ['customers', c],
    ])) {
      const now = firm[name].shape[0];
      if (wanted > now) firm[name] = rules.widened(firm[name], Math.max(2 * now, wanted));
    }
    const pages = pagesFor(rules.layout, firm.leads.shape[0], firm.customers.shape[0]);
    if (pages > firm.pages.shape[0]) firm.pages = rules.widened(firm.pages, pages);
  }
}

/**
 * Live until a day (not included) or until the cash is gone; changes take effect before their day is lived, and are taken
 * off the list as they do.
 * @param {Simulation} sim
 * @param {number} toDay
 * @param {[number, Theory, string | null][]} coming what changes, in order: day, all numbers from then on, shock
 */
export function liveUntil(sim, toDay, coming) {
  while (sim.day < toDay && !sim.broke) {
    while (coming.length && coming[0][0] <= sim.day) {
      const [, theory, shock] = coming.shift();
      if (!sameNumbers(theory, sim.theory)) sim.change(theory);
      if (shock) sim.shock(shock);
    }
    sim.advance(coming.length ? Math.min(coming[0][0], toDay) : toDay);
  }
}

/**
 * The state as the changes of today make it, without living the day; the simulation itself where there are none.
 * @param {Simulation} sim
 * @param {[number, Theory, string | null][]} coming what changes, in order
 */
export function afterChanges(sim, coming) {
  if (!coming.length || coming[0][0] > sim.day || sim.broke) return sim;
  const ahead = sim.copy();
  for (const [day, theory] of coming) {
    if (day <= sim.day && !sameNumbers(theory, ahead.theory)) ahead.change(theory);
  }
  return ahead;
}

/** @param {Theory} one @param {Theory} other */
export const sameNumbers = (one, other) =>
  Object.entries(one).every(([group, numbers]) =>
    Object.entries(numbers).every(([name, value]) => other[group][name] === value),
  );

/**
 * Pages that so many rows can need.
 * @param {Layout} layout
 * @param {number} leads
 * @param {number} customers
 */
export function pagesFor(layout, leads, customers) {
  const { page, first, agenda, year } = layout.constants;
  return Math.floor((leads + customers) / (page - first)) + agenda + year + 1;
}

/**
 * Put a column's values one after the other; gives the place behind them.
 * @param {Rules} rules
 * @param {number} from
 * @param {number} stride
 * @param {number} n
 * @param {number} size
 * @param {number} to
 */
function gather(rules, from, stride, n, size, to) {
  const all = rules.bytes(0, rules.end);
  if (stride === size) {
    all.copyWithin(to, from, from + n * size);
    return to + n * size;
  }
  for (let row = 0; row < n; row++, from += stride) for (let k = 0; k < size; k++) all[to++] = all[from + k];
  return to;
}
