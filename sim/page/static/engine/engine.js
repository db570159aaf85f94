// What may be asked of an engine that lives in the page itself: the table of sim/page/questions.py, with the same answers.
// @ts-check
/** @import { Kit } from './scenario.js' */
/** @import { View } from './view.js' */
import { liveUntil } from '../rules/simulation.js';
import { beginning, dotFor, namesOf } from './beginning.js';
import { Explained } from './explained.js';
import { Life } from './life.js';
import { Lines, manyMarkets } from './lines.js';
import { Refusal } from './scenario.js';
import { leadTold, personTold } from './story.js';
import { ARMS, checkedDay, viewOf, whole } from './view.js';
import { pairOf } from './why.js';

const LARGEST = 2 ** 31,
  REVISIONS = 65536,
  EXPLAINED = 8, // explanations that are kept, for their leads
  HEAD = 6; // bytes before frames: 1, arm, revision, how many

export class Engine {
  /** @param {Kit} kit */
  constructor(kit) {
    this.kit = kit;
    this.lines = new Lines(kit);
    /** @type {View | null} */
    this.plan = null;
    this.rev = 0;
    /** @type {Record<string, Life>} */
    this.lives = {};
    /** @type {Map<string, Explained>} */
    this.explained = new Map();
  }

  /**
   * The explanation of the plan's difference, by lever or by step of the funnel.
   * @param {any} by
   */
  explanation(by) {
    const way = by === 'funnel' ? 'funnel' : 'lever',
      [, plan] = this.now(),
      key = [way, plan.seed, ...pairOf(plan).map((each) => each.key)].join(' '),
      found = this.explained.get(key) ?? new Explained(this.lines, plan, way);
    this.explained.delete(key);
    this.explained.set(key, found);
    if (this.explained.size > EXPLAINED) this.explained.delete(this.explained.keys().next().value);
    return found;
  }

  /**
   * The answer to a question: plain data, or bytes.
   * @param {{do: string} & Record<string, any>} request
   */
  answer(request) {
    const ask = QUESTIONS[request.do];
    if (!ask) throw new Refusal(`${String(request.do).slice(0, 40)} cannot be asked of this file`);
    return ask(this, request);
  }

  /** The revision of the plan in force, and the plan. @returns {[number, View]} */
  now() {
    if (!this.plan) throw new Refusal('nothing is being watched yet: send set first');
    return [this.rev, this.plan];
  }
}

/** @type {Record<string, (engine: Engine, request: any) => any>} */
const QUESTIONS = {
  set(engine, request) {
    const plan = viewOf(engine.kit, request),
      dots = Math.max(...Object.values(plan.arms).map(dotFor));
    /** @type {Record<string, number>} */
    const kept = {};
    for (const [arm, scenario] of Object.entries(plan.arms)) {
      if (engine.lives[arm]) kept[arm] = engine.lives[arm].become(scenario, plan.seed, dots);
      else {
        engine.lives[arm] = new Life(scenario, plan.seed, dots);
        kept[arm] = -1;
      }
    }
    for (const arm of Object.keys(engine.lives)) if (!plan.arms[arm]) delete engine.lives[arm];
    engine.plan = plan;
    engine.rev = (engine.rev + 1) % REVISIONS;
    const arms = Object.fromEntries(
      Object.keys(plan.arms).map((arm) => [arm, told(engine.lives[arm], kept[arm], plan.day)]),
    );
    return { rev: engine.rev, horizon: plan.arms.a.days, leads_per_dot: dots, arms };
  },

  frames(engine, request) {
    const most = engine.kit.data.bounds.frames,
      [first, last, rev] = ['from', 'to', 'rev'].map((name) => whole(request, name, 0, LARGEST)),
      { arm = 'a' } = request;
    if (!(first <= last && last < first + most))
      throw new Refusal(`days ${first} to ${last}: give the first and the last of at most ${most} days`);
    const life = engine.lives[arm];
    if (rev !== engine.now()[0] || !life) return { stale: true, rev: engine.rev };
    life.live(Math.min(last, life.scenario.days));
    return packed(ARMS.indexOf(arm), rev, life.told(first, last));
  },

  story(engine, request) {
    const life = engine.lives[request.arm ?? 'a'];
    if (!life) throw new Refusal(`there is no floor ${request.arm}`);
    const sim = life.at(checkedDay(request.day ?? engine.now()[1].day));
    return 'lead' in request
      ? leadTold(life.scenario, sim, whole(request, 'lead', 0, LARGEST))
      : personTold(life.scenario, sim, whole(request, 'person', 0, LARGEST, -1));
  },

  hash(engine, request) {
    const told = ({ day, stateHash: state }) => ({ day, state });
    if (request.end !== true)
      return Object.fromEntries(Object.entries(engine.lives).map(([arm, { simulation }]) => [arm, told(simulation)]));
    const [, plan] = engine.now(); // of each run's end, lived apart from what is watched
    return Object.fromEntries(
      Object.entries(plan.arms).map(([arm, scenario]) => {
        const sim = beginning(scenario, plan.seed);
        liveUntil(sim, scenario.days, scenario.steps);
        return [arm, told(sim)];
      }),
    );
  },

  lines(engine) {
    const [rev, plan] = engine.now();
    return { rev, ...engine.lines.oneMarket(plan) };
  },

  markets(engine, request) {
    const { bounds } = engine.kit.data,
      n = whole(request, 'n', 2, bounds.markets, 30),
      [rev, plan] = engine.now();
    if (tooLarge(plan, bounds.people)) return { rev, too_large: true };
    const pairs = Array.from({ length: n }, (_, seed) => engine.lines.pair(plan, seed));
    return { rev, ...manyMarkets(engine.kit.data, 'b' in plan.arms, pairs) };
  },

  why(engine, request) {
    const [rev] = engine.now(),
      bars = engine.explanation(request.by).bars(request.pieces); // which others have lived, or none
    return { rev, bars };
  },

  bar(engine, request) {
    return engine.explanation(request.by).leads(String(request.bar));
  },

  lives(engine, request) {
    engine.now();
    const [a, b] = ['a', 'b'].map((side) =>
      (request[side] ?? null) === null ? null : whole(request, side, 0, LARGEST),
    );
    if (a === null && b === null) throw new Refusal("give a lead's number in a, in b, or in both");
    return engine.explanation(request.by).lives(String(request.bar), a, b);
  },

  // What the page's source asks of a helper beside the floor: a plan without living it, one market of it, and their sum.

  plan(engine, request) {
    engine.plan = viewOf(engine.kit, request);
    engine.rev = request.rev;
    return { too_large: tooLarge(engine.plan, engine.kit.data.bounds.people) };
  },

  market(engine, request) {
    return { pair: engine.lines.pair(engine.now()[1], request.seed) };
  },

  pieces(engine, request) {
    return { markets: engine.explanation(request.by).markets };
  },

  piece(engine, request) {
    return { piece: engine.explanation(request.by).piece(request.seed) };
  },

  sum(engine, request) {
    const [rev, plan] = engine.now();
    return { rev, ...manyMarkets(engine.kit.data, 'b' in plan.arms, request.pairs) };
  },
};

/**
 * @param {View} plan
 * @param {number} most
 */
const tooLarge = (plan, most) => Math.max(...Object.values(plan.arms).map((each) => each.people)) > most;

/**
 * Where an arm stands; the desks as today's changes make them, if it stands at the visitor's day.
 * @param {Life} life
 * @param {number} kept
 * @param {number} day
 */
function told(life, kept, day) {
  life.live(day);
  return {
    kept,
    day: life.day,
    desks: life.day === day ? life.look() : null,
    people_per_desk: life.perDesk,
    title: life.scenario.title,
    over: life.over,
    own: life.scenario.own,
    names: life.scenario.own ? namesOf(life.scenario, life.simulation) : [],
  };
}

/**
 * An answer of frames: which arm, which revision of the plan, and the frames in order.
 * @param {number} arm
 * @param {number} rev
 * @param {Uint8Array[]} frames
 */
function packed(arm, rev, frames) {
  const size = frames.reduce((sum, frame) => sum + frame.length, HEAD),
    bytes = new Uint8Array(size),
    view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint8(1, arm);
  view.setUint16(2, rev, true);
  view.setUint16(4, frames.length, true);
  let at = HEAD;
  for (const frame of frames) {
    bytes.set(frame, at);
    at += frame.length;
  }
  return bytes;
}
