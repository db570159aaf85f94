// Why two organizations differ: bars by lever or by step of the funnel, the leads in a bar, a lead's two lives. As
// sim/page/why.py and sim/study/explain/lives.py, whose names it has.
// @ts-check
/**
 * @import { Simulation } from '../rules/simulation.js'
 * @import { Lines } from './lines.js'
 * @import { Scenario } from './scenario.js'
 * @import { View } from './view.js'
 * @import { Parted } from './funnel.js'
 * @import { Piece } from './why.js'
 */
import { liveUntil } from '../rules/simulation.js';
import { beginning } from './beginning.js';
import { booksOf, keysIn, NEVER } from './books.js';
import { part, REST, STEPS } from './funnel.js';
import { Refusal } from './scenario.js';
import { fixed, mean } from './statistics.js';
import { lifeTold } from './story.js';
import { barsOf, leversOf, marketsFor, mixture, movedBy, pairOf, pieceByLever } from './why.js';

const MANY = 'Too many people to explain beside the page; `baton explain` does it.',
  UNKNOWN = 'This organization never met the prospect.';

export class Explained {
  /**
   * What is to be explained; refused where the two are the same, too large or too different for it.
   * @param {Lines} lines
   * @param {View} plan
   * @param {string} by
   */
  constructor(lines, plan, by) {
    const { data } = lines.kit;
    this.lines = lines;
    this.plan = plan;
    this.by = by;
    this.pair = pairOf(plan);
    if (this.pair.some((each) => each.people > data.bounds.people)) throw new Refusal(MANY);
    this.levers = leversOf(this.pair[0], this.pair[1]);
    this.markets = by === 'lever' ? marketsFor(data, this.levers.length) : data.why.markets;
    /** @type {ReturnType<typeof barsOf> | null} */
    this.told = null;
  }

  /** What a market says. @param {number} seed @returns {Piece} */
  piece(seed) {
    const [a, b] = this.pair;
    if (this.by === 'funnel') {
      const { bars, before, after } = this.#parted(this.pair, seed);
      return { bars, before, after };
    }
    const values = Array.from({ length: 2 ** this.levers.length }, (_, mask) => {
      const chosen = this.levers.filter((_, i) => mask & (1 << i));
      return this.lines.of(mixture(a, b, chosen), seed).outcomes.net_value;
    });
    return pieceByLever(this.levers, values);
  }

  /** @param {Scenario[]} pair @param {number} seed */
  #parted(pair, seed) {
    const [a, b] = pair.map((each) => booksOf(each, seed));
    const { layout, data } = this.lines.kit;
    return part(a, b, layout.constants.year, data.words.fates);
  }

  /** @param {Piece[]} [pieces] of the markets, where others lived them */
  bars(pieces) {
    if (pieces || !this.told) {
      const known = pieces ?? Array.from({ length: this.markets }, (_, seed) => this.piece(seed));
      const steps = STEPS.filter((name) => name === REST || known.some((each) => each.bars[name] !== 0)),
        named =
          this.by === 'lever'
            ? this.levers.map((lever) => ({ name: lever.name, moved: movedBy(lever, this.pair[0]) }))
            : steps.map((name) => ({ name, moved: [] }));
      this.told = barsOf(this.plan, this.by, named, known);
    }
    return this.told;
  }

  /** @param {string} name */
  #bar(name) {
    const bar = this.bars().bars.find((each) => each.name === name);
    if (!bar) throw new Refusal(`${name}: there is no such bar`);
    return bar;
  }

  /**
   * Where to look at a bar's leads: in the market that is shown, if it was run and the bar says the same there; else in
   * the one whose bar comes nearest to the mean.
   * @param {{markets: number[], mean: number}} bar
   */
  #market({ markets, mean: middle }) {
    const { seed } = this.plan;
    if (markets[seed] * middle > 0) return seed;
    const far = markets.map((value) => Math.abs(value - middle));
    return far.indexOf(Math.min(...far));
  }

  /** What a bar's leads are of: both organizations, or the first with and without a lever alone. @param {string} name */
  #sides(name) {
    if (this.by === 'funnel') return this.pair;
    const lever = this.levers.filter((each) => each.name === name);
    return [[], lever].map((chosen) => mixture(this.pair[0], this.pair[1], chosen));
  }

  /**
   * The leads inside a bar, in one market; first those that did most of what the bar says.
   * @param {string} name
   */
  leads(name) {
    const bar = this.#bar(name),
      market = this.#market(bar),
      { words, why } = this.lines.kit.data,
      way = mean(bar.markets) < 0 ? -1 : 1;
    const table = this.#parted(this.#sides(name), market)
      .leads()
      .filter((each) => this.by === 'lever' || each.step === name)
      .map((each) => rowTold(each, words.fates))
      .sort((one, other) => way * (other.difference - one.difference));
    const ways = { lost_won: 0, won_lost: 0, other: 0 },
      won = (end) => end.startsWith('won') || end.startsWith('a customer');
    for (const { end_a: one, end_b: other } of table)
      ways[won(one) === won(other) ? 'other' : won(other) ? 'lost_won' : 'won_lost'] += 1;
    const rows = table.slice(0, why.leads);
    return { bar: name, market, value: bar.markets[market], n: table.length, ways, rows };
  }

  /**
   * One lead's two lives in sentences, in the market that the bar's leads are of.
   * @param {string} name
   * @param {number | null} a its number in the first organization
   * @param {number | null} b else in the second
   */
  lives(name, a, b) {
    const market = this.#market(this.#bar(name)),
      side = a === null ? 1 : 0,
      number = a ?? b;
    const runs = this.#sides(name).map((scenario) => {
      const sim = beginning(scenario, market);
      liveUntil(sim, scenario.days, scenario.steps);
      return { scenario, sim };
    });
    const { sim: known } = runs[side];
    if (number >= known.ledger('n_leads')) throw new Refusal(`lead ${number}: there is no such lead`);
    const key = keysOf(known).slice(2 * number, 2 * number + 2),
      rows = runs.map(({ sim }) => rowWith(sim, key)),
      [one, other] = runs.map((run, k) => lifeIn(run, rows[k]));
    return { market, a: one, b: other, lead_a: rows[0], lead_b: rows[1] };
  }
}

/**
 * A prospect whose two lives part, as people read it.
 * @param {Parted} parted
 * @param {string[]} fates
 */
function rowTold({ sides, difference, left }, fates) {
  const [a, b] = sides.map((each) => (each && each.lead !== NEVER ? each.lead : null)),
    value = Math.max(...sides.filter(Boolean).map((each) => each.value)),
    [end_a, end_b] = sides.map((each, side) => endTold(each, left[side], fates));
  return { a, b, value, end_a, end_b, difference };
}

/**
 * How a prospect's life went, in a few words.
 * @param {import('./books.js').Prospect | null} prospect
 * @param {number} left
 * @param {string[]} fates
 */
function endTold(prospect, left, fates) {
  const after = left === NEVER ? '' : `, left on day ${left}`;
  if (!prospect) return 'never met';
  if (prospect.lead === NEVER) return `a customer of day 0${after || ', stayed'}`;
  const fate = fates[prospect.fate];
  if (fate === 'won') return `won on day ${prospect.ended}${after}`;
  return fate === 'open' ? 'still under way' : fate;
}

/** @param {Simulation} sim */
const keysOf = (sim) => keysIn(sim.rules, sim.firm.leads, sim.ledger('n_leads'));

/** @param {Simulation} sim @param {Uint32Array} key */
function rowWith(sim, [low, high]) {
  const place = keysOf(sim).findIndex((half, k, all) => k % 2 === 0 && half === low && all[k + 1] === high);
  return place < 0 ? null : place / 2;
}

/**
 * A lead's story, and what became of the customer.
 * @param {{scenario: Scenario, sim: Simulation}} run
 * @param {number | null} lead
 */
function lifeIn({ scenario, sim }, lead) {
  if (lead === null) return [UNKNOWN];
  const told = lifeTold(scenario, sim, lead),
    { rules, firm } = sim,
    { year } = rules.layout.constants;
  for (let row = 0; row < sim.ledger('n_customers'); row++) {
    const get = (/** @type {string} */ column) => rules.get(firm.customers, row, column);
    if (get('lead') !== lead) continue;
    const years = Math.floor((get('ended') - get('since')) / year);
    told.push(
      get('ended') === NEVER
        ? `Day ${sim.day}: still a customer, ${fixed(get('value'), 1)} k€ a year.`
        : `Day ${get('ended')}: did not renew after ${years} year${years === 1 ? '' : 's'}.`,
    );
  }
  return told;
}
