// The page's questions answered in the page itself: an engine in a Web Worker lives what is watched, others beside it live
// the five years and the many markets. Where no worker can be, all is done on the page's own thread.
// @ts-check
/**
 * @import { Arm, Hearing, LessonFile } from '../common/types.js'
 * @import { Layout } from '../rules/module.js'
 * @import { Data } from './scenario.js'
 */
import { framesOf } from '../common/decode.js';
import { W } from '../common/words.js';
import { engineOf, saidBy } from './worker.js';

const MOST_HELPERS = 8; // beside the one that lives what is watched

/**
 * What the file holds: the engine as a script of its own, the rules' module with its layout, scenarios, what the page
 * says of itself, lessons.
 * @typedef {{engine: string, wasm: ArrayBuffer, layout: Layout, data: Data, about: any, lessons: LessonFile[], locked: string[]}} Kept
 */

const refused = (reasons) => Object.assign(new Error(reasons.join(' ')), { reasons, again: false });

/** An engine that is asked by messages: in a worker, or where there is none on this very thread. */
class Hand {
  /** @param {Kept} kept @param {string | null} address of the engine's script */
  constructor(kept, address) {
    this.kept = kept;
    /** @type {Map<number, {done: (found: any) => void, fail: (fault: any) => void}>} */
    this.waiting = new Map();
    this.number = 0;
    this.turn = Promise.resolve();
    this.begun = this.#begin(address).catch(() => this.#beginHere());
  }

  /** @param {string | null} address */
  #begin(address) {
    return new Promise((done, fail) => {
      if (!address) throw new Error('there are no workers here');
      this.worker = new Worker(address);
      this.worker.onmessage = ({ data }) => this.#take(data);
      this.worker.onerror = () => {
        this.worker?.terminate();
        this.worker = null;
        fail(new Error('a worker could not begin'));
        for (const { fail: give } of this.waiting.values()) give(refused([W.live.stopped]));
        this.waiting.clear();
      };
      const { wasm, layout, data } = this.kept;
      this.#send({ do: 'begin', wasm, layout, data }).then(done, fail);
    });
  }

  async #beginHere() {
    this.here = await engineOf(this.kept);
  }

  /** @param {any} said */
  #take({ id, found, bytes, reasons }) {
    const waiter = this.waiting.get(id);
    this.waiting.delete(id);
    if (reasons) waiter?.fail(refused(reasons));
    else waiter?.done(bytes ?? found);
  }

  /** @param {any} request @returns {Promise<any>} */
  #send(request) {
    return new Promise((done, fail) => {
      const id = ++this.number;
      this.waiting.set(id, { done, fail });
      this.worker.postMessage({ id, ...request });
    });
  }

  /**
   * One question after the other; what is not wanted any more when its turn comes is not answered.
   * @param {{do: string} & Record<string, any>} request
   * @param {() => boolean} [wanted]
   * @returns {Promise<any>}
   */
  async ask(request, wanted = () => true) {
    await this.begun;
    const turn = this.turn.then(() => (wanted() ? this.#now(request) : {}));
    this.turn = turn.then(
      () => {},
      () => {},
    );
    return turn;
  }

  /** @param {{do: string} & Record<string, any>} request */
  async #now(request) {
    if (this.worker) return this.#send(request);
    if (!this.here) throw refused([W.live.stopped]);
    await new Promise((on) => setTimeout(on)); // the page draws between two answers
    const { found, bytes, reasons } = saidBy(this.here, { id: 0, ...request });
    if (reasons) throw refused(reasons);
    return bytes ?? found;
  }
}

export class EngineSource {
  /**
   * @param {Hearing} on
   * @param {Kept} kept
   */
  constructor(on, kept) {
    this.on = on;
    this.kept = kept;
    const address = addressOf(kept.engine);
    this.floor = new Hand(kept, address);
    const many = address ? Math.min(navigator.hardwareConcurrency || 1, MOST_HELPERS) : 0;
    /** @type {() => Hand[]} */
    this.makeHelpers = () => Array.from({ length: many }, () => new Hand(kept, address));
    /** @type {Hand[]} */
    this.helpers = [];
    /** @type {any} */
    this.plan = null; // as the floor took it on last
    this.rev = -1;
    /** @type {Partial<Record<Arm, string[]>>} */
    this.names = {}; // of people who are a user's own
  }

  connect() {
    this.on.state('open');
    this.on.about(this.kept.about);
  }

  /** @param {any} request */
  async set(request) {
    const answer = await this.floor.ask({ do: 'set', ...request });
    this.plan = request;
    this.rev = answer.rev;
    for (const [name, told] of Object.entries(answer.arms)) this.names[name] = told.names;
    return answer;
  }

  /**
   * @param {Arm} arm
   * @param {number} rev
   * @param {number} from
   * @param {number} to
   */
  async frames(arm, rev, from, to) {
    const found = await this.floor.ask({ do: 'frames', arm, rev, from, to });
    return found instanceof ArrayBuffer
      ? framesOf(found, this.kept.layout.frames, this.names)
      : { frames: [], ...found };
  }

  /** Whether a plan is still the newest. @param {number} rev */
  #still(rev) {
    return () => rev === this.rev;
  }

  /** Helpers that know the plan; the floor itself where there are none. */
  async #ready() {
    if (!this.helpers.length) this.helpers = this.makeHelpers();
    if (!this.helpers.length) return { hands: [this.floor], tooLarge: false };
    const { plan, rev } = this;
    const told = await Promise.all(
      this.helpers.map((hand) => hand.ask({ do: 'plan', ...plan, rev }, this.#still(rev))),
    );
    return { hands: this.helpers, tooLarge: told[0].too_large };
  }

  /** @param {number} rev */
  async lines(rev) {
    const { hands } = await this.#ready();
    return { ...(await hands[this.plan.seed % hands.length].ask({ do: 'lines' }, this.#still(rev))), rev };
  }

  /**
   * @param {number} rev
   * @param {number} n
   * @param {(part: {done: number, of: number}) => void} tell
   */
  async markets(rev, n, tell) {
    const stale = { rev, stale: true };
    if (rev !== this.rev) return stale;
    const { hands, tooLarge } = await this.#ready();
    if (tooLarge) return { rev, too_large: true };
    const pairs = await this.#each(hands, n, rev, tell, async (hand, seed) => {
      const found = await hand.ask({ do: 'market', seed });
      return found.pair;
    });
    return pairs ? { ...(await hands[0].ask({ do: 'sum', pairs })), rev } : stale;
  }

  /**
   * What each market says, by all hands at a time; null as soon as there is another plan.
   * @param {Hand[]} hands
   * @param {number} n
   * @param {number} rev
   * @param {(part: {done: number, of: number}) => void} tell
   * @param {(hand: Hand, seed: number) => Promise<any>} ask
   */
  async #each(hands, n, rev, tell, ask) {
    const found = Array(n);
    let done = 0;
    await Promise.all(
      hands.map(async (hand, k) => {
        for (let seed = k; seed < n && rev === this.rev; seed += hands.length) {
          found[seed] = await ask(hand, seed); // always by the same hand: it keeps what it has lived
          tell({ done: ++done, of: n });
        }
      }),
    );
    return rev === this.rev ? found : null;
  }

  /**
   * @param {Arm} arm
   * @param {object} what
   */
  story(arm, what) {
    return this.floor.ask({ do: 'story', arm, ...what });
  }
  /** @param {boolean} [end] of the run's end, not of the day that was lived last */
  hash(end) {
    return this.floor.ask({ do: 'hash', end });
  }
  /**
   * @param {string} by
   * @param {(part: {done: number, of: number}) => void} tell
   */
  async why(by, tell) {
    if (by !== 'lever') throw refused([W.live.noFunnel]);
    const { rev } = this,
      { hands } = await this.#ready(),
      { markets } = await hands[0].ask({ do: 'mixtures' });
    const values = await this.#each(hands, markets, rev, tell, async (hand, seed) => {
      const found = await hand.ask({ do: 'mixture', seed });
      return found.values;
    });
    if (!values) return { rev, stale: true };
    return { ...(await hands[0].ask({ do: 'bars', values })), rev };
  }
  async bar() {
    throw refused([W.live.noLeads]);
  }
  async lives() {
    throw refused([W.live.noLeads]);
  }
  tell() {
    // nobody else is there
  }
}

/** Where a worker finds its script; null where workers cannot be. @param {string} script */
function addressOf(script) {
  try {
    return typeof Worker === 'function' ? URL.createObjectURL(new Blob([script], { type: 'text/javascript' })) : null;
  } catch {
    return null;
  }
}
