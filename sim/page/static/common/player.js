// The clock: what day is shown, how fast it moves, when it stops by itself.
// @ts-check
/** @import { Quarter } from './types.js' */
import { QUARTER } from './store.js';
import { clamp } from './svg.js';

/** @type {Record<string, number>} */
export const SPEEDS = { day: 1, week: 5, quarter: 65, end: 390 }; // days a second
const AHEAD = 1.2,
  LEAST_AHEAD = 12,
  CHUNK = 200; // seconds and days that are fetched before they are shown

export class Player {
  /** app   gives stores, fetch(arm, to), horizon, and hears of what happens by `said(event, …)` */
  constructor(app) {
    this.app = app;
    this.time = 0;
    this._speed = 'week';
    /** @type {number | null} */
    this.pace = null; // days a second of a reveal, which goes before the speed
    /** @type {number | null} */
    this.limit = null; // the last day that may be seen yet, as a lesson sets it
    this.playing = false;
    this.begun = false; // whether anything was played yet
    /** @type {string | null} */
    this.locked = null; // a reason why Play is closed, as a lesson sets it
    this.instead = () => false; // what Play does first, as a lesson sets it: whether that was all
    /** @type {((day: number) => object | null)[]} */
    this.stops = []; // a reason to stop on a day, or null
    /** @type {number | null} */
    this.until = null; // play to this day and no further
    /** @type {Promise<any> | null} */
    this.fetching = null;
  }

  get day() {
    return Math.floor(this.time + 1e-6);
  }
  get speed() {
    return this._speed;
  }
  /** A speed that is chosen ends a reveal's own pace, unless the page is locked. */
  set speed(name) {
    this._speed = name;
    if (this.locked === null) this.pace = null;
  }
  /** The last day that there is to see. */
  get most() {
    return Math.min(this.app.horizon, this.limit ?? Infinity);
  }
  get lived() {
    return Math.min(...this.app.arms.map((arm) => this.app.stores[arm].last));
  }
  get end() {
    const { arms, stores } = this.app;
    return Math.min(this.most, ...arms.map((arm) => (stores[arm].broke ? stores[arm].last : Infinity)));
  }
  get isOver() {
    return this.day >= this.end;
  }

  play() {
    if (this.locked || this.playing) return;
    if (this.isOver) {
      this.seek(0).then(() => this.play());
      return;
    }
    this.playing = this.begun = true;
    this.before = null;
    this.stopped = this.day;
    this.app.said('playing');
    this._tick = requestAnimationFrame((now) => this._step(now));
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.until = null;
    cancelAnimationFrame(this._tick);
    this.time = this.day;
    this.app.said('playing');
    this.app.draw();
  }

  toggle() {
    if (this.instead() || this.locked !== null) return;
    if (this.playing) this.pause();
    else this.play();
  }

  /** @param {number} days */
  async step(days = 1) {
    if (this.locked) return;
    this.pause();
    await this.seek(this.day + days);
  }

  /**
   * Show a day; days that nobody has seen yet are lived first.
   * @param {number} day
   */
  async seek(day) {
    const wanted = clamp(Math.round(day), 0, this.most);
    this.wanted = wanted;
    while (this.lived < wanted && this.lived < this.end) {
      const before = this.lived;
      await this.fetch(wanted);
      if (this.wanted !== wanted) return;
      if (this.lived === before) break;
    }
    this.time = Math.min(wanted, Math.max(this.lived, 0));
    this.lookAhead();
    this.app.said('day');
    this.app.draw();
  }

  /** In a comparison the stream shows who is about to come. */
  lookAhead() {
    if (this.app.mode === 'compare' && this.lived < this.day + LEAST_AHEAD)
      this.fetch(Math.min(this.day + LEAST_AHEAD, this.most)).then(() => this.app.draw());
  }

  /**
   * Get days up to one, a piece at a time; one request at once.
   * @param {number} to
   */
  async fetch(to) {
    if (this.fetching) {
      await this.fetching.catch(() => {});
      return;
    }
    const jobs = this.app.arms.map(async (arm) => {
      const store = this.app.stores[arm],
        from = store.last + 1,
        last = Math.min(to, from + CHUNK - 1, this.most);
      if (from <= last && !store.broke) await this.app.fetch(arm, last);
    });
    this.fetching = Promise.all(jobs);
    try {
      await this.fetching;
    } catch (fault) {
      if (fault.reasons) {
        this.pause(); // else it would be asked again at every frame
        this.app.said('fault', fault.reasons.join(' '));
      }
    } finally {
      this.fetching = null;
    }
  }

  /** @param {number} now */
  _step(now) {
    if (!this.playing) return;
    const seconds = this.before === null ? 0 : Math.min((now - this.before) / 1000, 0.1);
    this.before = now;
    if (this.app.veiled) {
      this._tick = requestAnimationFrame((later) => this._step(later)); // days of an older plan do not pass
      return;
    }
    const rate = this.pace ?? SPEEDS[this.speed],
      last = this.day;
    const ahead = this.time + Math.max(rate * AHEAD, LEAST_AHEAD);
    if (this.lived < ahead && this.lived < this.end && !this.fetching)
      this.fetch(Math.min(Math.ceil(ahead + rate), this.most));
    this.time = Math.min(this.time + seconds * rate, Math.max(this.lived, 0), this.end);
    for (let day = last + 1; day <= this.day; day++) {
      const reason = this._reason(day);
      if (reason) {
        this.time = day;
        this.playing = false;
        this.until = null;
        this.app.said('day');
        this.app.said('playing');
        this.app.draw();
        this.app.said('stopped', reason);
        return;
      }
    }
    if (this.day !== last) this.app.said('day');
    this.app.draw();
    if (this.isOver) {
      this.pause();
      this.app.said('stopped', { end: true, day: this.day });
      return;
    }
    this._tick = requestAnimationFrame((later) => this._step(later));
  }

  /**
   * Why to stop on a day: an agreed day, what somebody else wants, or a change of stage where no day was agreed.
   * @param {number} day
   */
  _reason(day) {
    if (this.until !== null && day >= this.until) return { until: true, day };
    for (const stop of this.stops) {
      const reason = stop(day);
      if (reason) return reason;
    }
    if (this.until === null && day % QUARTER === 0 && day > QUARTER) {
      for (const arm of this.app.arms) {
        const quarters = this.app.stores[arm].quartersTo(day);
        const [before, after] = quarters.slice(-2);
        if (before && after && before.stage !== after.stage)
          return { change: true, arm, day, from: before.stage, to: after.stage, moved: moved(quarters, before, after) };
      }
    }
    return null;
  }
}

/** The audit items that moved most the way of the stage: [[item, before, after]]. A stage counts after two quarters in its band,
 *  so they are compared with the last quarter whose total was still in the band left behind.
 * @param {Quarter[]} quarters
 * @param {Quarter} before
 * @param {Quarter} after
 */
export function moved(quarters, before, after) {
  const old = [...quarters].reverse().find((quarter) => quarter.band === before.stage) || before;
  const way = after.stage > before.stage ? 1 : -1;
  return after.items
    .map((score, i) => [i, old.items[i], score])
    .filter(([, a, b]) => (b - a) * way > 0)
    .sort((x, y) => Math.abs(y[2] - y[1]) - Math.abs(x[2] - x[1]))
    .slice(0, 3);
}
