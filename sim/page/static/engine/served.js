// The page's questions where a server serves the page: organizations live in this browser. The server has the files and
// the class, and lives what no browser can: a day of somebody's own, a firm too large (`far` in sim/page/adapter.py).
// @ts-check
/**
 * @import { About, Arm, Hearing } from '../common/types.js'
 * @import { Hold } from '../class/hold.js'
 */
import { heldPlan, later, upTo } from '../class/hold.js';
import { askServer } from '../class/telling.js';
import { SocketSource } from '../common/source.js';
import { EngineSource } from './source.js';

/** What an engine lives by, as the server has it. @param {About} about */
async function keptFor(about) {
  const [data, layout, wasm] = await Promise.all([
    askServer('/engine'),
    askServer('/static/rules.json'),
    fetch('/static/rules.wasm').then((answer) => answer.arrayBuffer()),
  ]);
  return { data, layout, wasm, about };
}

export class ServedSource {
  /** @param {Hearing} on */
  constructor(on) {
    this.on = on;
    this.far = new SocketSource({
      ...on,
      about: (about) => this.#greeted(about),
      class: (said) => (said.is === 'hold' ? (this.hold = said.hold) : on.class?.(said)),
    });
    /** @type {EngineSource | null} */
    this.near = null;
    /** @type {SocketSource | EngineSource | null} */
    this.by = null; // who lives the plan
    /** @type {Hold | null} */
    this.hold = null; // what a class may not see yet
    this.told = Promise.resolve(); // the server knows where this page stands
    /** @type {string[]} */
    this.tooFar = []; // scenarios that no browser lives
  }

  connect() {
    this.far.connect();
  }

  /** @param {About} about */
  async #greeted(about) {
    try {
      this.near ??= new EngineSource(
        this.on,
        await keptFor(about),
        () => new Worker('/static/engine/worker.js', { type: 'module' }),
      );
    } catch {
      this.far.socket?.close(); // which is said, and tried again
      return;
    }
    this.tooFar = about.far;
    this.hold = about.hold;
    this.on.about(about);
  }

  /** @param {any} request */
  async set(request) {
    await this.told;
    const asked = this.hold ? heldPlan(this.hold, request) : request,
      named = [...Object.values(asked.arms), asked.base].map((each) => each.scenario);
    this.by = named.some((name) => this.tooFar.includes(name)) ? this.far : this.near;
    return this.by.set(asked);
  }

  /**
   * What is said of the plan in force; fails without a reason where another engine has it by now.
   * @param {(by: any) => any} ask
   */
  async #of(ask) {
    await this.told;
    const { by } = this,
      found = await ask(by);
    if (by !== this.by) throw new Error('the plan is lived elsewhere');
    return found;
  }

  /**
   * What tells of a run to its end: it waits as long as a class waits for a day.
   * @param {(by: any) => any} ask
   */
  async #whole(ask) {
    await this.told;
    return this.hold && this.hold.day !== null ? { waiting: true } : this.#of(ask);
  }

  /**
   * @param {Arm} arm
   * @param {number} rev
   * @param {number} from
   * @param {number} to
   */
  async frames(arm, rev, from, to) {
    await this.told;
    const last = upTo(this.hold, to);
    if (from > last) throw later();
    return this.#of((by) => by.frames(arm, rev, from, last));
  }
  /** @param {Arm} arm @param {any} what */
  story(arm, what) {
    return this.#of((by) => by.story(arm, { ...what, day: upTo(this.hold, what.day) }));
  }
  /** @param {number} rev */
  lines(rev) {
    return this.#whole((by) => by.lines(rev));
  }
  /** @param {number} rev @param {number} n @param {(part: {done: number, of: number}) => void} tell */
  markets(rev, n, tell) {
    return this.#whole((by) => by.markets(rev, n, tell));
  }
  /** @param {boolean} [end] */
  hash(end) {
    return this.#whole((by) => by.hash(end));
  }
  /** @param {string} by @param {(part: {done: number, of: number}) => void} tell */
  why(by, tell) {
    return this.#whole((who) => who.why(by, tell));
  }
  /** @param {string} by @param {string} bar */
  bar(by, bar) {
    return this.#whole((who) => who.bar(by, bar));
  }
  /** @param {string} by @param {string} bar @param {number | null} a @param {number | null} b */
  lives(by, bar, a, b) {
    return this.#whole((who) => who.lives(by, bar, a, b));
  }
  /**
   * Something for the class; what is asked next waits until the server knows it.
   * @param {object} message
   */
  tell(message) {
    this.told = this.far.tell(message).then(
      ({ hold }) => {
        this.hold = hold;
      },
      () => {}, // refused or lost: nothing has changed
    );
  }
}
