// Five years as lines, in one market and in many: as sim/page/lines.py and sim/result/outcomes.py, whose names it has.
// @ts-check
/**
 * @import { Simulation } from '../rules/simulation.js'
 * @import { Data, Kit, Scenario } from './scenario.js'
 * @import { View } from './view.js'
 */
import { liveUntil } from '../rules/simulation.js';
import { beginning } from './beginning.js';
import { band, mean, meanInterval, outcomeInterval, short, sum } from './statistics.js';

/**
 * A whole run in a few numbers.
 * @typedef {{revenue: number[], contribution: number[], talk: number[], stages: number[], scores: number[],
 *   outcomes: Record<string, number>, market: string}} Lived
 */
const TALK = ['hours_contact', 'hours_dispute', 'hours_liaison'],
  MEASURES = /** @type {('revenue' | 'contribution')[]} */ (['revenue', 'contribution']);

/**
 * A flow of k€ a day as M€ a year: at each week's end the mean of the last weeks.
 * @param {Float64Array} column
 * @param {Record<string, number>} known
 */
function byWeek(column, { week, mean: weeks, years_in_m: inM }) {
  const sums = new Float64Array(column.length + 1);
  for (let k = 0; k < column.length; k++) sums[k + 1] = sums[k] + column[k];
  const found = [];
  for (let end = week; end <= column.length; end += week) {
    const start = Math.max(end - week * weeks, 0);
    found.push(((sums[end] - sums[start]) / (end - start)) * inM);
  }
  return found;
}

/**
 * Hours of each whole week that all people together spend on talk across the gap, or as liaison.
 * @param {Record<string, Float64Array>} days
 * @param {number} week
 */
function talkingHours(days, week) {
  const [first, ...others] = TALK.map((name) => days[name]);
  const hours = first.map((value, k) => others.reduce((total, other) => total + other[k], value));
  return Array.from({ length: Math.floor(hours.length / week) }, (_, k) => sum(hours, k * week, week));
}

/**
 * Columns of the days that were lived.
 * @param {Simulation} sim
 * @param {string} table
 * @param {number} n
 * @returns {Record<string, Float64Array>}
 */
export function columns({ rules, firm }, table, n) {
  const found = {};
  for (const name of Object.keys(firm[table].table.columns)) found[name] = rules.column(firm[table], name, n);
  return found;
}

/**
 * What a simulation came to.
 * @param {Simulation} sim
 * @param {Scenario} scenario
 * @returns {Lived}
 */
function lived(sim, scenario) {
  const { data, layout } = scenario.kit,
    { quarter } = layout.constants;
  const days = columns(sim, 'days', sim.day),
    quarters = columns(sim, 'quarters', Math.floor(sim.day / quarter));
  return {
    revenue: byWeek(days.revenue, data.lines),
    contribution: byWeek(days.contribution, data.lines),
    stages: [...quarters.stage],
    scores: [...quarters.score],
    talk: talkingHours(days, data.lines.week),
    outcomes: measure(scenario, days, quarters, sim),
    market: marketOf(scenario, sim.seed),
  };
}

/**
 * Equal for two organizations exactly when they meet the same market.
 * @param {Scenario} scenario
 * @param {bigint} seed
 */
function marketOf(scenario, seed) {
  const { market: t, workforce: w } = scenario.theory;
  const { for_marketers, for_salespeople, ...settings } = t;
  return JSON.stringify([
    String(seed),
    scenario.days,
    for_marketers || w.marketers,
    for_salespeople || w.salespeople,
    settings,
  ]);
}

/**
 * What a euro of the days is worth on day 0, and at a run's end: looked up, as powers have other last bits elsewhere.
 * @param {Data} data
 * @param {number} rate
 * @param {number} year
 */
export function worth(data, rate, year) {
  const known = Object.values(data.discounts).find((each) => each.rate === rate);
  const power = (day) => (1 + rate) ** (-day / year);
  return {
    of: (/** @type {number} */ day) => known?.days[day] ?? power(day),
    end: (/** @type {number} */ day) => known?.ends[String(day)] ?? power(day),
  };
}

/**
 * Every outcome of one run.
 * @param {Scenario} scenario
 * @param {Record<string, Float64Array>} days
 * @param {Record<string, Float64Array>} quarters
 * @param {Simulation} sim
 */
export function measure(scenario, days, quarters, sim) {
  const { data, layout } = scenario.kit,
    { year } = layout.constants,
    n = sim.day,
    opening = sim.ledger('opening_equity'),
    { stage, score } = quarters;
  const { of, end } = worth(data, scenario.theory.money.discount, year);
  const closing = sim.broke ? 0 : n ? days.equity[n - 1] : opening;
  const earned = sum(days.contribution.map((value, day) => value * of(day)));
  const total = (name) => sum(days[name]),
    ratio = (part, whole) => (whole ? part / whole : NaN);
  const contacts = total('contacts');
  /** @type {Record<string, number>} */
  const found = {
    revenue: total('revenue'),
    revenue_last_year: sum(days.revenue.slice(-year)),
    new_business: total('new_value'),
    net_value: earned + closing * end(n) - opening,
    contribution: total('contribution'),
    equity_change: closing - opening,
    customer_value: total('customer_value'),
    score: score.length ? score[score.length - 1] : NaN,
  };
  for (const [name, code] of Object.entries(data.stages))
    found[`share_${name}`] = stage.length ? stage.filter((each) => each === code).length / stage.length : NaN;
  found.followed_up = ratio(total('followed'), total('handed'));
  found.contacts_per_head = ratio(contacts, total('people') / data.lines.week);
  found.disputes = ratio(total('disputes'), contacts);
  return found;
}

/** Whole runs, kept as long as there is room; the same plan is never lived twice. */
export class Lines {
  /** @param {Kit} kit */
  constructor(kit) {
    this.kit = kit;
    /** @type {Map<string, Lived>} */
    this.kept = new Map();
  }

  /**
   * @param {Scenario} scenario
   * @param {number} seed
   * @returns {Lived}
   */
  of(scenario, seed) {
    const key = `${seed} ${scenario.key}`;
    let found = this.kept.get(key);
    this.kept.delete(key);
    if (!found) {
      const sim = beginning(scenario, seed);
      liveUntil(sim, scenario.days, scenario.steps);
      found = lived(sim, scenario);
    }
    this.kept.set(key, found);
    if (this.kept.size > this.kit.data.lines.kept) this.kept.delete(this.kept.keys().next().value);
    return found;
  }

  /** The lines of a plan and its baseline in the plan's market. @param {View} plan */
  oneMarket(plan) {
    const told = (scenario) => {
      const found = this.of(scenario, plan.seed);
      return {
        revenue: found.revenue.map(short),
        contribution: found.contribution.map(short),
        net_value: found.outcomes.net_value / 1000,
        stages: found.stages,
        scores: found.scores,
        talk: found.talk.map(short),
      };
    };
    const arms = Object.fromEntries(Object.entries(plan.arms).map(([name, each]) => [name, told(each)]));
    return { arms, base: told(plan.base) };
  }

  /**
   * What is held against what, in a market: the baseline and the plan, or both of a comparison.
   * @param {View} plan
   * @param {number} seed
   * @returns {[Lived, Lived]}
   */
  pair(plan, seed) {
    const { a, b } = plan.arms;
    return [this.of(b ? a : plan.base, seed), this.of(b ?? a, seed)];
  }
}

/**
 * Bands of a plan over markets, and its paired differences from the baseline (b from a).
 * @param {Data} data
 * @param {boolean} twofold
 * @param {[Lived, Lived][]} pairs by market
 */
export function manyMarkets(data, twofold, pairs) {
  const ours = twofold
    ? { a: pairs.map(([one]) => one), b: pairs.map(([, other]) => other) }
    : { a: pairs.map(([, other]) => other) };
  const bands = {};
  for (const [arm, runs] of Object.entries(ours)) {
    bands[arm] = {};
    for (const name of MEASURES)
      bands[arm][name] = bandOf(
        data,
        runs.map((each) => each[name]),
      );
  }
  const paired = {};
  for (const name of MEASURES) paired[name] = pairedOf(data, pairs, name);
  const check = pairs.every(([one, other]) => one.market === other.market) ? 'identical' : 'different';
  return { bands, paired, outcomes: outcomesOf(data, pairs), check, n: pairs.length };
}

/** A firm that ran out of money has earned nothing since. @type {(line: number[], weeks: number) => number[]} */
const filled = (line, weeks) => [...line, ...Array(weeks - line.length).fill(0)];

/** @param {Data} data @param {number[][]} lines */
function bandOf(data, lines) {
  const weeks = Math.max(...lines.map((line) => line.length));
  const [low, middle, high] = band(
    lines.map((line) => filled(line, weeks)),
    data.interval.band,
  ).map((line) => line.map(short));
  return { low, middle, high };
}

/**
 * By the week: mean difference with its 95 % interval, and the band of the markets around it.
 * @param {Data} data
 * @param {[Lived, Lived][]} pairs
 * @param {'revenue' | 'contribution'} name
 */
function pairedOf(data, pairs, name) {
  const weeks = Math.max(...pairs.flat().map((each) => each.revenue.length));
  const table = pairs.map((pair) => {
    const [one, other] = pair.map((each) => filled(each[name], weeks));
    return other.map((value, week) => value - one[week]);
  });
  const intervals = Array.from({ length: weeks }, (_, week) =>
    meanInterval(
      table.map((line) => line[week]),
      data.interval.quantiles,
    ),
  );
  const [low, , high] = band(table, data.interval.band);
  return {
    mean: intervals.map((each) => short(each.mean)),
    low: intervals.map((each) => short(each.low)),
    high: intervals.map((each) => short(each.high)),
    band_low: low.map(short),
    band_high: high.map(short),
  };
}

/**
 * Each outcome of both, and the paired difference with its 95 % interval.
 * @param {Data} data
 * @param {[Lived, Lived][]} pairs
 */
function outcomesOf(data, pairs) {
  const found = {};
  for (const [name, unit] of Object.entries(data.outcomes)) {
    const known = pairs
      .map(([one, other]) => [one.outcomes[name], other.outcomes[name]])
      .filter((each) => each.every(Number.isFinite));
    if (!known.length) continue;
    const values = known.map(([a, b]) => b - a),
      interval = outcomeInterval(values, unit, data.interval);
    const end = (value) => (Number.isFinite(value) ? value : null);
    found[name] = {
      unit,
      a: mean(known.map(([a]) => a)),
      b: mean(known.map(([, b]) => b)),
      difference: interval.mean,
      low: end(interval.low),
      high: end(interval.high),
      n: known.length,
      values,
    };
  }
  return found;
}
