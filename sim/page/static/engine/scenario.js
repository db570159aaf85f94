// A scenario with a visitor's changes: as sim/scenario/scenario.py and sim/scenario/changes.py, whose names it has. What
// is allowed, and the words for what is not, come from the data that were written with the page (sim/page/engine_data.py).
// @ts-check
/**
 * @import { Layout, Rules, Theory } from '../rules/module.js'
 * @import { Organization } from '../rules/opening.js'
 */
import { sameNumbers, theoryOf } from '../rules/simulation.js';

/**
 * @typedef {{day: number, values: Record<string, number>, shock: string | null, days: number | null}} Change
 * @typedef {{title: string, days: number, values: Record<string, number>, changes: Change[],
 *   measured: Record<string, number>, told: Organization | null, names: string[] | null, listed: boolean}} Told
 * @typedef {{scenarios: Record<string, Told>, numbers: Record<string, any>, measured: string[],
 *   bounds: Record<string, number>, lines: Record<string, number>, outcomes: Record<string, string>,
 *   stages: Record<string, number>, interval: {few: number, band: number, quantiles: number[]},
 *   discounts: Record<string, {rate: number, days: number[], ends: Record<string, number>}>, words: any,
 *   why: Record<'runs' | 'markets' | 'fewest' | 'levers' | 'leads' | 'nothing', number>}} Data
 * @typedef {{module: WebAssembly.Module, layout: Layout, data: Data, reckoner?: Rules}} Kit what an engine lives by
 */

/** What a visitor asked for cannot be: one sentence for each fault. */
export class Refusal extends Error {
  /** @param {string | string[]} reasons */
  constructor(reasons) {
    const all = typeof reasons === 'string' ? [reasons] : reasons;
    super(all.join(' '));
    this.reasons = all;
  }
}

/** A thing that was given, short enough for a sentence. @type {(value: any) => string} */
export const shown = (value) => (value === null || value === undefined ? 'None' : cut(JSON.stringify(value)));

const NAME = 60; // characters of a name, or of a value that was given

/** A text short enough for a sentence: its beginning and its end. @type {(text: string) => string} */
const cut = (text) => {
  const end = Math.floor(NAME / 4) - 1;
  return text.length <= NAME ? text : `${text.slice(0, NAME - 3 - end)}...${text.slice(-end)}`;
};

/** Thousands with commas. @type {(n: number) => string} */
export const counted = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

/** @type {(change: Change) => string} */
export const keyOf = ({ day, values, shock, days }) =>
  JSON.stringify([day, Object.entries(values).sort(), shock, days]);

/** @type {(one: object, other: object) => boolean} */
const same = (one, other) =>
  JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

/**
 * The numbers in force on a day: of two changes to one number, the later counts.
 * @param {number} day
 * @param {Record<string, number>} values
 * @param {Change[]} changes
 */
function valuesOn(day, values, changes) {
  const found = { ...values };
  for (const change of changes) {
    if (change.day <= day && (change.days === null || day < change.day + change.days))
      Object.assign(found, change.values);
  }
  return found;
}

export class Scenario {
  /**
   * @param {Kit} kit
   * @param {string} name
   * @param {number} days
   * @param {Change[]} changes in the order of their days
   * @param {Record<string, number>} [values] in place of those that it is written with
   */
  constructor(kit, name, days, changes, values) {
    const told = kit.data.scenarios[name];
    this.kit = kit;
    this.name = name;
    this.told = told;
    this.title = told.title;
    this.values = values ?? told.values;
    this.days = days;
    this.changes = changes;
    this.own = told.told !== null;
  }

  /** A scenario as it is written. @param {Kit} kit @param {string} name */
  static read(kit, name) {
    const { days, changes } = kit.data.scenarios[name];
    return new Scenario(kit, name, days, changes);
  }

  /** @param {Change[]} more */
  with(more) {
    const changes = [...this.changes, ...more].sort((one, other) => one.day - other.day);
    return new Scenario(this.kit, this.name, this.days, changes).checked();
  }

  /** The same for fewer days. @param {number} days */
  shortened(days) {
    return new Scenario(
      this.kit,
      this.name,
      days,
      this.changes.filter((change) => change.day < days),
    );
  }

  /** All numbers that the run begins with. @returns {Theory} */
  get theory() {
    return this.#theory({ ...valuesOn(0, this.values, this.changes), ...this.told.measured });
  }

  /** A number as the scenario begins with it. @param {string} name */
  value(name) {
    const [group, field] = name.split('.');
    return this.told.measured[name] ?? this.values[name] ?? this.kit.layout.numbers[group].fields[field].default;
  }

  /** All numbers in force on a day. @param {number} day */
  theoryOn(day) {
    return this.#theory(valuesOn(day, { ...this.values, ...this.told.measured }, this.changes));
  }

  /** @param {Record<string, number>} values */
  #theory(values) {
    return theoryOf(this.kit.layout, values);
  }

  /** The days on which a change begins or ends. */
  get turningDays() {
    const ends = this.changes.filter((change) => change.days !== null).map((change) => change.day + change.days);
    const all = new Set([...this.changes.map((change) => change.day), ...ends]);
    return [...all].filter((day) => day < this.days).sort((one, other) => one - other);
  }

  /**
   * What changes during the run, in order: day, all numbers from that day on, shock or null.
   * @returns {[number, Theory, string | null][]}
   */
  get steps() {
    /** @type {[number, Theory, string | null][]} */
    const found = [];
    let before = this.theory;
    for (const day of this.turningDays) {
      const now = this.theoryOn(day),
        shocks = this.changes.filter((change) => change.day === day && change.shock).map((change) => change.shock);
      if (shocks.length) for (const shock of shocks) found.push([day, now, shock]);
      else if (!sameNumbers(now, before)) found.push([day, now, null]);
      before = now;
    }
    return found;
  }

  /** All that matters to a run, as a text: equal for equal runs of a market. */
  get key() {
    return JSON.stringify([this.name, this.days, Object.entries(this.values).sort(), this.changes.map(keyOf)]);
  }

  /** The most people that the levers ever give a team. @param {'marketers' | 'salespeople'} team */
  largest(team) {
    const name = `workforce.${team}`;
    const sizes = this.changes.filter((change) => name in change.values).map((change) => change.values[name]);
    return Math.trunc(Math.max(this.theory.workforce[team], ...sizes));
  }

  /** The most people by the levers. */
  get people() {
    return this.largest('marketers') + this.largest('salespeople');
  }

  /** Itself; refuses what is right number by number and wrong together. */
  checked() {
    const late = this.changes.filter((change) => change.day >= this.days);
    if (late.length) {
      throw new Refusal(
        late.map(({ day }) => `changes: day = ${day} is after the end; the run has days 0 to ${this.days - 1}`),
      );
    }
    const faults = this.#misplaced();
    if (!this.own) faults.push(...this.#tooManyLiaisons());
    if (faults.length) throw new Refusal(faults);
    return this;
  }

  /** Where a number cannot act. */
  #misplaced() {
    const { numbers, measured } = this.kit.data,
      faults = [];
    for (const { day, values } of this.changes) {
      for (const name of Object.keys(values)) {
        const begun = day > 0 || measured.includes(name);
        const key = this.own ? (begun ? 'own' : this.told.listed ? 'start' : 'unlisted') : begun ? 'begun' : '';
        const why = numbers[name][key];
        if (why) faults.push(`day ${day}: ${name} cannot be changed: ${why}`);
      }
    }
    return faults;
  }

  /** Liaisons come from Marketing, where one must stay. */
  #tooManyLiaisons() {
    for (const day of new Set([0, ...this.turningDays])) {
      const { liaison, workforce } = this.#theory(valuesOn(day, this.values, this.changes));
      if (liaison.count && !liaison.hired && liaison.count >= workforce.marketers) {
        const on = day ? ` on day ${day}` : '';
        return [
          `Liaisons come from Marketing, and at least one marketer stays: no ${liaison.count} of ${workforce.marketers}${on}.`,
        ];
      }
    }
    return [];
  }
}

/**
 * The first day on which two scenarios are not the same; their horizon if they never differ.
 * @param {Scenario} old
 * @param {Scenario} next
 */
export function firstDifference(old, next) {
  if (old.told.told !== next.told.told || old.days !== next.days || !same(old.values, next.values)) return 0;
  const [ours, theirs] = [old, next].map((each) => each.changes.map(keyOf));
  const apart = (mine, others, from) => from.filter((_, k) => !others.includes(mine[k])).map((change) => change.day);
  const days = [...apart(ours, theirs, old.changes), ...apart(theirs, ours, next.changes)];
  if (!days.length && ours.length === theirs.length)
    days.push(...old.changes.filter((_, k) => ours[k] !== theirs[k]).map((change) => change.day));
  return days.length ? Math.min(...days) : old.days;
}

/**
 * A visitor's change, checked.
 * @param {Kit} kit
 * @param {any} given
 * @returns {Change}
 */
export function changeOf({ data, layout }, given) {
  const isTable = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isTable(given) || Object.keys(given).some((key) => !['day', 'values'].includes(key)) || !isTable(given.values))
    throw new Refusal('a change is {day, values: {name: number}}');
  const { day, values } = given,
    faults = [];
  if (!Number.isInteger(day) || day < 0 || day > data.bounds.day)
    faults.push(`day = ${shown(day)} must be a whole number from 0 to ${data.bounds.day} (working day of the run)`);
  /** @type {Record<string, number>} */
  const good = {};
  for (const [name, value] of Object.entries(values)) {
    const number = Object.hasOwn(data.numbers, name) ? data.numbers[name] : null;
    if (!number) {
      faults.push(`${cut(name)} is not known; baton levers lists them all`);
      continue;
    }
    const found = number.words?.includes(value) ? number.choices[number.words.indexOf(value)] : value;
    const [group, field] = name.split('.'),
      about = layout.numbers[group].fields[field];
    const whole = about.type === 'i8';
    if (
      typeof found !== 'number' ||
      !(number.choices ? number.choices.includes(found) : found >= about.low && found <= about.high) ||
      (whole && !Number.isInteger(found))
    )
      faults.push(`${name} = ${shown(value)} must be ${number.allowed}`);
    else good[name] = found + 0;
  }
  if (!faults.length && !Object.keys(good).length) faults.push('changes nothing: give a number or a shock');
  if (faults.length) throw new Refusal(faults);
  return { day, values: good, shock: null, days: null };
}
