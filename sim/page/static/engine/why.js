// In what two organizations differ, lever by lever; each lever's average part over all orders of changing them; bars that
// add up. As sim/page/why.py and sim/study/explain, whose names it has; of these only what the waterfall shows.
// @ts-check
/**
 * @import { Change, Data } from './scenario.js'
 * @import { View } from './view.js'
 */
import { keyOf, Refusal, Scenario } from './scenario.js';
import { mean, outcomeInterval } from './statistics.js';

const METRIC = 'net_value',
  SHORT = 6, // figures of a lever's value
  THOUSAND = 1000; // of k€: then it is M€

/**
 * Something in which two scenarios differ, moved as one.
 * @typedef {{name: string, values: Record<string, number>, without: Change[], added: Change[], people: boolean}} Lever
 */

/** @type {(value: number) => string} */
const general = (value) => {
  const [, digits, exponent] = /^(.*)e([+-]\d+)$/.exec(value.toExponential(SHORT - 1)),
    power = Number(exponent);
  if (power >= -4 && power < SHORT) return String(Number(value.toPrecision(SHORT)));
  return `${Number(digits)}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
};

/**
 * A value as a scenario file says it.
 * @param {Scenario} scenario
 * @param {string} name
 * @param {number} value
 * @param {boolean} full with all its digits
 */
function said({ kit }, name, value, full = false) {
  const { words, choices } = kit.data.numbers[name];
  if (words) return words[choices.indexOf(value)];
  if (!full) return general(value);
  const [group, field] = name.split('.'),
    whole = kit.layout.numbers[group].fields[field].type === 'i8';
  return Number.isInteger(value) && !whole ? value.toFixed(1) : String(value);
}

/** @param {Scenario} scenario @param {Change} change */
function changeSaid(scenario, { day, values, shock, days }) {
  const what = Object.entries(values).map(([name, value]) => `${name} = ${said(scenario, name, value, true)}`);
  return `day ${day}${days ? ` for ${days} days` : ''}: ${[...(shock ? [shock] : []), ...what].join(', ')}`;
}

/** What is held against what: A and B of a comparison, else the baseline and the plan. @param {View} plan */
export function pairOf({ arms: { a, b }, base }) {
  return [b ? a : base, b ?? a].map(eachForItself);
}

/** The same, with every lever that moved on a day as a change of its own: a bar is one lever. @param {Scenario} scenario */
function eachForItself(scenario) {
  const changes = scenario.changes.flatMap((change) =>
    change.shock
      ? [change]
      : Object.entries(change.values).map(([name, value]) => ({ ...change, values: { [name]: value } })),
  );
  return new Scenario(scenario.kit, scenario.name, scenario.days, changes, scenario.values);
}

/**
 * In what two scenarios differ, each lever for itself; dated changes count as levers.
 * @param {Scenario} a
 * @param {Scenario} b
 * @returns {Lever[]}
 */
export function leversOf(a, b) {
  const { numbers, measured } = a.kit.data,
    others = a.told.told !== b.told.told;
  const lever = (name, more) => ({ name, values: {}, without: [], added: [], people: false, ...more });
  /** @type {Lever[]} */
  const found = others ? [lever('people and ties', { people: true })] : [];
  for (const name of Object.keys(numbers)) {
    if (others && measured.includes(name) && !(name in b.values)) continue; // it goes with the people
    const [here, there] = [a.value(name), b.value(name)],
      { unit } = numbers[name];
    if (here === there) continue;
    const moved = `${said(a, name, here)} → ${said(b, name, there)}${unit ? ` ${unit}` : ''}`;
    found.push(lever(`${name} ${moved}`, { values: { [name]: there } }));
  }
  const keys = (scenario) => new Set(scenario.changes.map(keyOf)),
    [ours, theirs] = [keys(a), keys(b)];
  const gone = a.changes.filter((change) => !theirs.has(keyOf(change)));
  for (const change of b.changes.filter((each) => !ours.has(keyOf(each)))) {
    const at = gone.findIndex((each) => sameLever(each, change)),
      old = at < 0 ? [] : gone.splice(at, 1);
    const name = [...old, change].map((each) => changeSaid(b, each)).join(' → ');
    found.push(lever(name, { without: old, added: [change] }));
  }
  for (const change of gone) found.push(lever(`without ${changeSaid(a, change)}`, { without: [change] }));
  if (!found.length)
    throw new Refusal('the two scenarios are the same in all that matters to a run: there is nothing to explain');
  return joined(a, b, found);
}

/** @type {(one: Change, other: Change) => boolean} */
const sameLever = (one, other) =>
  one.shock === other.shock && Object.keys(one.values).sort().join() === Object.keys(other.values).sort().join();

/**
 * The first scenario with some levers moved to where the second has them.
 * @param {Scenario} a
 * @param {Scenario} b
 * @param {Lever[]} levers
 */
export function mixture(a, b, levers) {
  const values = Object.assign({ ...a.values }, ...levers.map((each) => each.values)),
    without = new Set(levers.flatMap((each) => each.without).map(keyOf));
  const changes = [
    ...a.changes.filter((change) => !without.has(keyOf(change))),
    ...levers.flatMap((each) => each.added),
  ].sort((one, other) => one.day - other.day);
  return new Scenario(a.kit, levers.some((each) => each.people) ? b.name : a.name, a.days, changes, values).checked();
}

/**
 * Levers that cannot be moved alone, or not be left out alone, joined with one that makes it possible.
 * @param {Scenario} a
 * @param {Scenario} b
 * @param {Lever[]} levers
 * @returns {Lever[]}
 */
function joined(a, b, levers) {
  /** @param {Lever[]} chosen */
  const stands = (chosen) => {
    try {
      return Boolean(mixture(a, b, chosen));
    } catch (fault) {
      if (fault instanceof Refusal) return false;
      throw fault;
    }
  };
  for (const lever of levers) {
    const rest = levers.filter((each) => each !== lever),
      alone = stands([lever]),
      leftOut = stands(rest);
    if (alone && leftOut) continue;
    const helps = rest
      .filter((each) => alone || stands([lever, each]))
      .filter((each) => leftOut || stands(rest.filter((other) => other !== each)));
    const other = helps[0] ?? rest[0];
    const both = {
      name: `${lever.name}, ${other.name}`,
      values: { ...lever.values, ...other.values },
      without: [...lever.without, ...other.without],
      added: [...lever.added, ...other.added],
      people: lever.people || other.people,
    };
    return joined(
      a,
      b,
      levers.filter((each) => each !== other).map((each) => (each === lever ? both : each)),
    );
  }
  return levers;
}

/**
 * How many markets a visitor can wait for.
 * @param {Data} data
 * @param {number} n levers
 */
export function marketsFor({ why }, n) {
  if (n > why.levers)
    throw new Refusal(`${n} levers differ; the page explains up to ${why.levers}, \`baton explain\` more.`);
  return Math.max(why.fewest, Math.min(why.markets, Math.floor(why.runs / 2 ** n)));
}

/**
 * Each lever's Shapley value from the values of all mixtures: `values[mask]` has lever i moved where bit i is set.
 * @param {number[]} values
 */
export function shares(values) {
  const k = Math.log2(values.length),
    factorial = (n) => (n < 2 ? 1 : n * factorial(n - 1)),
    bits = (mask) => (mask ? (mask & 1) + bits(mask >> 1) : 0);
  return Array.from({ length: k }, (_, i) =>
    values.reduce((total, value, mask) => {
      if (mask & (1 << i)) return total;
      const size = bits(mask),
        weight = (factorial(size) * factorial(k - 1 - size)) / factorial(k);
      return total + weight * (values[mask | (1 << i)] - value);
    }, 0),
  );
}

/**
 * A market's part of an explanation: its bars by name (by lever in the order of the levers), and both totals.
 * @typedef {{bars: Record<string, number>, before: number, after: number}} Piece
 */

/**
 * A market's part by lever from the net values of all mixtures.
 * @param {Lever[]} levers
 * @param {number[]} values
 * @returns {Piece}
 */
export function pieceByLever(levers, values) {
  const parts = shares(values);
  return {
    bars: Object.fromEntries(levers.map(({ name }, i) => [name, parts[i]])),
    before: values[0],
    after: values.at(-1),
  };
}

/**
 * The bars of all markets; each with its rounded figure, so that these add up.
 * @param {View} plan
 * @param {string} by
 * @param {{name: string, moved: any[]}[]} named what may be a bar
 * @param {Piece[]} pieces
 */
export function barsOf(plan, by, named, pieces) {
  const [a] = pairOf(plan),
    { data } = a.kit,
    unit = data.outcomes[METRIC];
  const [before, after] = [pieces.map((each) => each.before), pieces.map((each) => each.after)];
  const interval = (list) => {
    const { mean: middle, low, high } = outcomeInterval(list, unit, data.interval),
      end = (value) => (Number.isFinite(value) ? value : null);
    return { mean: middle, low: end(low), high: end(high), noise: !(low > 0 || high < 0) };
  };
  const found = named.map(({ name, moved }) => {
    const markets = pieces.map((each) => each.bars[name]);
    return { name, ...interval(markets), markets, moved };
  });
  if (by === 'lever') found.sort((one, other) => Math.abs(other.mean) - Math.abs(one.mean));
  const difference = interval(after.map((value, k) => value - before[k]));
  const scale = Math.abs(difference.mean) >= THOUSAND ? THOUSAND : 1;
  const means = found.map((bar) => bar.mean / scale),
    digits = digitsFor(difference.mean / scale, means),
    shown = roundedToSum(means, digits);
  return {
    metric: METRIC,
    unit,
    by,
    days: a.days,
    seeds: pieces.map((_, seed) => seed),
    before: mean(before),
    after: mean(after),
    difference,
    bars: found.map((bar, k) => ({ ...bar, shown: shown[k] })),
    scale,
    shown_unit: scale === THOUSAND ? 'M€' : 'k€',
    digits,
    shown: shown.reduce((total, each) => total + each, 0),
  };
}

/**
 * What a bar's lever moves.
 * @param {Lever} lever
 * @param {Scenario} a
 */
export function movedBy({ values, added }, a) {
  const begun = Object.entries(values).map(([name, to]) => ({ name, day: 0, to, before: a.value(name) }));
  const dated = added.flatMap(({ day, values: set }) => {
    const theory = a.theoryOn(day);
    return Object.entries(set).map(([name, to]) => {
      const [group, field] = name.split('.');
      return { name, day, to, before: theory[group][field] };
    });
  });
  return [...begun, ...dated];
}

/**
 * Digits that show three figures of a difference (two below 1), and no more than four.
 * @param {number} whole
 * @param {number[]} values
 */
function digitsFor(whole, values) {
  const most = Math.abs(whole) || Math.max(...values.map(Math.abs), 0);
  if (!most || !Number.isFinite(most)) return 0;
  return Math.min(Math.max((most >= 1 ? 2 : 1) - Math.floor(Math.log10(most)), 0), 4);
}

/**
 * Values rounded so that what is shown adds up to the rounded sum.
 * @param {number[]} values
 * @param {number} digits
 */
function roundedToSum(values, digits) {
  const scaled = values.map((value) => value * 10 ** digits),
    down = scaled.map(Math.floor),
    total = (list) => list.reduce((sum, each) => sum + each, 0);
  const missing = Math.round(total(scaled)) - total(down);
  const order = scaled.map((_, k) => k).sort((one, other) => down[one] - scaled[one] - (down[other] - scaled[other]));
  for (const k of order.slice(0, missing)) down[k] += 1;
  return down.map((value) => value / 10 ** digits);
}
