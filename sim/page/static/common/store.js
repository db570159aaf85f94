// What has been seen of one organization: frames by day, and what they add up to. It knows no socket and draws nothing.
// @ts-check

/** @import { Count, Desk, Frame, Lead, Measure, Quarter, Talk } from './types.js' */

export const QUARTER = 65;
export const WEEK = 5;
export const YEAR = 260;
/**
 * The quarter that a day belongs to, from 0: a day's picture is that of its end, so day 195 is the last of the third.
 * @param {number} day
 */
export const quarterAt = (day) => Math.floor(Math.max(day - 1, 0) / QUARTER);
const MEAN_DAYS = 20; // a point of a line is the mean of the last four weeks
const PER_YEAR = 0.26; // k€ a day to M€ a year

export class FrameStore {
  constructor() {
    this.clear();
  }

  clear() {
    /** @type {Frame[]} */
    this.frames = [];
    /** @type {Map<number, Lead>} */
    this.leads = new Map();
    /** @type {{day: number, desks: Desk[]}[]} */
    this.desks = [];
    /** @type {{day: number, desks: Desk[]} | null} */
    this.preview = null; // desks as a lever just set makes them, before the next day is lived
  }

  /** The last day there is a frame of; -1 if none. */
  get last() {
    return this.frames.length - 1;
  }
  get broke() {
    return this.last >= 0 && this.frames[this.last].broke;
  }
  /** @param {number} day */
  at(day) {
    return this.frames[Math.min(day, this.last)];
  }

  /**
   * Take in the next frame; others than the next are left out.
   * @param {Frame} frame
   */
  add(frame) {
    if (frame.day !== this.frames.length) return false;
    this.frames.push(frame);
    if (frame.desks) {
      this.desks.push({ day: frame.day, desks: frame.desks });
      this.preview = null;
    }
    for (const row of frame.leads) {
      const lead = this.leads.get(row.number);
      if (lead) lead.versions.push(row);
      else this.leads.set(row.number, { number: row.number, twin: row.twin, versions: [row] });
    }
    return true;
  }

  /**
   * Forget everything after a day.
   * @param {number} day
   */
  truncate(day) {
    if (day >= this.last) return;
    this.frames.length = Math.max(day + 1, 0);
    this.desks = this.desks.filter((each) => each.day <= day);
    this.preview = null;
    for (const [number, lead] of this.leads) {
      while (lead.versions.length && lead.versions.at(-1).day > day) lead.versions.pop();
      if (!lead.versions.length) this.leads.delete(number);
    }
  }

  /**
   * Who sits where on a day.
   * @param {number} day
   * @returns {Desk[]}
   */
  desksAt(day) {
    if (this.preview && day >= this.preview.day) return this.preview.desks;
    let found = [];
    for (const each of this.desks) {
      if (each.day > day) break;
      found = each.desks;
    }
    return found;
  }

  /**
   * The talks of the last week, newest first, each pair once.
   * @param {number} day
   * @returns {Talk[]}
   */
  talksAt(day) {
    const seen = new Map();
    for (let d = Math.min(day, this.last); d > Math.max(day - WEEK, 0); d--) {
      for (const talk of this.frames[d].talks) {
        const key = `${talk.a}-${talk.b}`;
        if (!seen.has(key)) seen.set(key, { ...talk, age: day - d });
      }
    }
    return [...seen.values()];
  }

  /**
   * @param {Count | Measure} name
   * @param {number} from
   * @param {number} to
   */
  sum(name, from, to) {
    let total = 0;
    for (let d = Math.max(from, 1); d <= Math.min(to, this.last); d++) total += this.frames[d][name];
    return total;
  }

  /**
   * How many leads ended at each step in the quarter that a day belongs to; then reps' own among the last two.
   * @param {number} day
   */
  pilesAt(day) {
    const piles = [0, 0, 0, 0, 0, 0, 0, 0, 0];
    const first = quarterAt(day) * QUARTER + 1;
    for (let d = first; d <= Math.min(day, this.last); d++)
      this.frames[d].ends.forEach((n, i) => {
        piles[i] += n;
      });
    return piles;
  }

  /**
   * Of Marketing's leads that ended this quarter: at each step the share of those that had come so far, and of all.
   * @param {number} day
   */
  ratesAt(day) {
    const n = this.pilesAt(day);
    n[5] -= n[7];
    n[6] -= n[8];
    const from = (...steps) => steps.reduce((sum, i) => sum + n[i], 0),
      called = from(2, 4, 5, 6), // one that was sent back had been called
      all = from(0, 1, 2, 3, 4, 5, 6),
      came = [all, all - n[0], called, called + n[3], called, from(5, 6), from(5, 6)];
    return came.map((whole, i) => [whole ? n[i] / whole : null, all ? n[i] / all : null]);
  }

  /**
   * The audits up to a day, oldest first.
   * @param {number} day
   * @returns {Quarter[]}
   */
  quartersTo(day) {
    const found = [];
    for (let d = QUARTER; d <= Math.min(day, this.last); d += QUARTER)
      if (this.frames[d].quarter) found.push(this.frames[d].quarter);
    return found;
  }

  /**
   * The stage that counts on a day, for how many quarters, and how far the total moved in two; stage 0 before the first audit.
   * @param {number} day
   * @returns {{stage: number, quarters: number, move: number | null}}
   */
  stageAt(day) {
    const quarters = this.quartersTo(day);
    if (!quarters.length) return { stage: 0, quarters: 0, move: null };
    const { stage } = quarters.at(-1);
    let held = 0;
    for (let q = quarters.length - 1; q >= 0 && quarters[q].stage === stage; q--) held++;
    const move = quarters.length < 3 ? null : quarters.at(-1).score - quarters.at(-3).score;
    return { stage, quarters: held, move };
  }

  /**
   * A flow by the week as M€ a year: the mean of the last four weeks, at each week's end.
   * @param {Measure} name
   * @param {number} to
   * @returns {number[]}
   */
  weekly(name, to) {
    const line = [];
    for (let end = WEEK; end <= Math.min(to, this.last); end += WEEK) line.push(this.rate(name, end));
    return line;
  }

  /**
   * The mean of the last four weeks before a day, as M€ a year.
   * @param {Measure} name
   * @param {number} day
   * @returns {number | null}
   */
  rate(name, day) {
    const end = Math.min(day, this.last),
      start = Math.max(end - MEAN_DAYS, 0);
    return end > 0 ? (this.sum(name, start + 1, end) / (end - start)) * PER_YEAR : null;
  }

  /**
   * Customer equity at the end of a day, M€; on day 0 what the run opened with.
   * @param {number} day
   */
  equity(day) {
    const frame = this.frames[Math.min(day, this.last)];
    return frame ? frame.equity / 1000 : null;
  }

  /**
   * Days since anybody last crossed the gap.
   * @param {number} day
   */
  silence(day) {
    let d = Math.min(day, this.last);
    while (d > 0 && this.frames[d].contacts === 0) d--;
    return Math.min(day, this.last) - d;
  }
}
