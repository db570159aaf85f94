// One organization on the page: it is lived day by day, and each day is kept as a frame. As sim/page/life.py.
// @ts-check
/** @import { Scenario } from './scenario.js' */
import { begin as watch } from '../rules/frames.js';
import { afterChanges, liveUntil } from '../rules/simulation.js';
import { beginning, deskFor, resumed } from './beginning.js';
import { firstDifference } from './scenario.js';

export class Life {
  /**
   * @param {Scenario} scenario
   * @param {number} seed
   * @param {number} perDot leads that one drawn lead stands for
   */
  constructor(scenario, seed, perDot) {
    this.begin(scenario, seed, perDot);
  }

  /**
   * @param {Scenario} scenario
   * @param {number} seed
   * @param {number} perDot
   */
  begin(scenario, seed, perDot) {
    const simulation = beginning(scenario, seed); // first: where memory is not enough, all stays as it was
    this.scenario = scenario;
    this.seed = seed;
    this.perDot = perDot;
    /** @type {Map<number, Uint8Array>} */
    this.frames = new Map();
    this.earlier = null; // a simulation of an earlier day, with its changes to come
    this.simulation = simulation;
    this.coming = scenario.steps;
    this.perDesk = deskFor(this.simulation, scenario);
    this.watcher = watch(this.simulation, perDot, this.perDesk);
    this.frames.set(0, this.watcher.first(afterChanges(this.simulation, this.coming)));
  }

  get day() {
    return this.simulation.day;
  }
  get over() {
    return this.day >= this.scenario.days || this.simulation.broke;
  }

  /** Live until a day, and keep a frame of every day. @param {number} toDay */
  live(toDay) {
    while (this.day < toDay && !this.over) {
      liveUntil(this.simulation, this.day + 1, this.coming);
      this.frames.set(this.day, this.watcher.day());
    }
  }

  /** The organization as it stood on a day; an earlier one is lived again, and knows nothing of what came. @param {number} day */
  at(day) {
    if (day >= this.day) return this.simulation;
    if (!this.earlier || this.earlier.simulation.day > day)
      this.earlier = { simulation: beginning(this.scenario, this.seed), coming: this.scenario.steps };
    liveUntil(this.earlier.simulation, day, this.earlier.coming);
    return this.earlier.simulation;
  }

  /**
   * Take on another plan; what both have in common is kept. Gives the last day that still holds.
   * @param {Scenario} scenario
   * @param {number} seed
   * @param {number} perDot
   */
  become(scenario, seed, perDot) {
    const same = seed === this.seed && perDot === this.perDot ? firstDifference(this.scenario, scenario) : -1;
    if (same <= 0 || deskFor(this.simulation, scenario) !== this.perDesk) {
      this.begin(scenario, seed, perDot);
      return -1;
    }
    this.scenario = scenario;
    this.earlier = null;
    if (same < this.day) {
      this.simulation = beginning(scenario, seed);
      this.coming = scenario.steps;
      liveUntil(this.simulation, same, this.coming);
      this.watcher = watch(this.simulation, perDot, this.perDesk);
    } else this.coming = resumed(scenario, this.simulation);
    for (const day of this.frames.keys()) if (day > same) this.frames.delete(day);
    return same;
  }

  /** The desks as today's changes make them, so that a lever shows before the next day is lived. */
  look() {
    return this.watcher.desks(afterChanges(this.simulation, this.coming), this.scenario.told.names ?? undefined);
  }

  /**
   * The frames of some days; days that were not watched here are lived again.
   * @param {number} first
   * @param {number} last
   */
  told(first, last) {
    last = Math.min(last, this.day);
    const days = Array.from({ length: Math.max(last - first + 1, 0) }, (_, k) => first + k);
    if (days.some((day) => !this.frames.has(day))) {
      const again = new Life(this.scenario, this.seed, this.perDot);
      again.live(last);
      this.frames = new Map([...again.frames, ...[...this.frames].filter(([day]) => day > last)]);
    }
    return days.map((day) => this.frames.get(day));
  }
}
