// The page's questions answered in the page itself: an engine in a Web Worker lives what is watched, others beside it live
// the five years and the many markets. Where no worker can be, all is done on the page's own thread.
// @ts-check
/**
 * @import { Arm, Hearing } from '../common/types.js'
 * @import { Layout } from '../rules/module.js'
 * @import { Data } from './scenario.js'
 */
import { framesOf } from '../common/decode.js';
import { W } from '../common/words.js';
import { engineOf, saidBy } from './worker.js';

const MOST_HELPERS = 8; // beside the one that lives what is watched

/**
 * What an engine lives by: the rules' module with its layout, and scenarios; and what the page says of itself.
 * @typedef {{wasm: ArrayBuffer, layout: Layout, data: Data, about: any}} Kept
 */

/**
 * Makes an engine's worker; one that has begun was asked its first question already, which has the number 1.
 * @typedef {() => Worker & {begun?: boolean}} Maker
 */

const refused = (reasons) => Object.assign(new Error(reasons.join(' ')), { reasons, again: false });

/** An engine that is asked by messages: in a worker, or where there is none on this very thread. */
class Hand {
  /** @param {Kept} kept @param {Maker} makeWorker */
  constructor(kept, makeWorker) {
    this.kept = kept;
    /** @type {Map<number, {done: (found: any) => void, fail: (fault: any) => void}>} */
    this.waiting = new Map();
    this.number = 0;
    this.turn = Promise.resolve();
    this.begun = this.#begin(makeWorker).catch(() => {
      this.#lost();
      return this.#beginHere();
    });
  }

  /** @param {Maker} makeWorker fails where there are no workers */
  #begin(makeWorker) {
    return new Promise((done, fail) => {
      this.worker = makeWorker();
      this.worker.onmessage = ({ data }) => this.#take(data);
      this.worker.onerror = () => {
        this.#lost();
        fail(new Error('a worker could not begin'));
      };
      const { wasm, layout, data } = this.kept;
      this.#send({ do: 'begin', wasm, layout, data }, this.worker.begun).then(done, fail);
    });
  }

  /** The worker is there no more; what it was asked is not answered by it. */
  #lost() {
    this.worker?.terminate();
    this.worker = null;
    for (const { fail } of this.waiting.values()) fail(refused([W.live.stopped]));
    this.waiting.clear();
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

  /** @param {any} request @param {boolean} [asked] it has been asked already @returns {Promise<any>} */
  #send(request, asked = false) {
    return new Promise((done, fail) => {
      const id = ++this.number;
      this.waiting.set(id, { done, fail });
      if (!asked) this.worker.postMessage({ id, ...request });
    });
  }

  /**
   * One question after the other; what is not wanted any more when its turn comes is not answered.
   * @param {{do: string} & Record<string, any>} request
   * @param {() => boolean} [wanted]
   * @returns {Promise<any>}
   */
  async ask(request, wanted = () => true) {
    const turn = this.turn.then(() => (wanted() ? this.#now(request) : {}));
    this.turn = turn.then(
      () => {},
      () => {},
    );
    return turn;
  }

  /** @param {{do: string} & Record<string, any>} request */
  async #now(request) {
    if (this.worker)
      try {
        return await this.#send(request); // a worker that is still beginning answers when it has begun
      } catch (fault) {
        if (this.worker) throw fault; // the engine's own refusal
      }
    await this.begun;
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
   * @param {Maker} makeWorker
   */
  constructor(on, kept, makeWorker) {
    this.on = on;
    this.kept = kept;
    this.floor = new Hand(kept, makeWorker);
    const many = typeof Worker === 'function' ? Math.min(navigator.hardwareConcurrency || 1, MOST_HELPERS) : 0;
    /** @type {() => Hand[]} */
    this.makeHelpers = () => Array.from({ length: many }, () => new Hand(kept, makeWorker));
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
    const { rev } = this,
      { hands } = await this.#ready(),
      { markets } = await hands[0].ask({ do: 'pieces', by });
    const pieces = await this.#each(hands, markets, rev, tell, async (hand, seed) => {
      const found = await hand.ask({ do: 'piece', by, seed });
      return found.piece;
    });
    if (!pieces) return { rev, stale: true };
    return { ...(await hands[0].ask({ do: 'why', by, pieces })), rev };
  }
  /** @param {string} by @param {string} bar */
  async bar(by, bar) {
    const { hands } = await this.#ready();
    return hands[0].ask({ do: 'bar', by, bar }); // who has put the bars together knows them still
  }
  /**
   * @param {string} by
   * @param {string} bar
   * @param {number | null} a
   * @param {number | null} b
   */
  async lives(by, bar, a, b) {
    const { hands } = await this.#ready();
    return hands[0].ask({ do: 'lives', by, bar, a, b });
  }
  tell() {
    // nobody else is there
  }
}
