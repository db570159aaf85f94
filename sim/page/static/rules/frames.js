// Days as bytes, for whoever draws them: the frames that sim/page/frames.py makes, by the same rules and bit for bit.
//
//   const watcher = begin(simulation, perDot, perDesk);   // from the day on at which the simulation stands
//   watcher.first(ahead?)   Uint8Array: the frame of a state that nobody watched coming about (all desks and leads)
//   watcher.day()           Uint8Array: the frame of the day just lived; to be asked after every day, none left out
//   watcher.desks(ahead?, names?)   Desk[]: who sits where, as an answer to `set` has it
//
// `ahead` is the simulation as today's changes make it (`afterChanges` in simulation.js): its desks are told in place of
// the simulation's own. How many leads a dot stands for, and how many people a desk, is told by `leadsADot` and
// `peopleADesk` (sim/page/desks.py). Frames are read by common/decode.js, by the module's `layout.frames`. A watcher
// belongs to its simulation: whoever goes on with a copy begins another.
// @ts-check

/** @import { Rows, Rules } from './module.js' */
/** @import { Simulation } from './simulation.js' */
import { desksIn } from '../common/decode.js';

/**
 * Watch a simulation from now on.
 * @param {Simulation} simulation
 * @param {number} perDot leads that one drawn lead stands for
 * @param {number} perDesk people that one desk stands for
 */
export const begin = (simulation, perDot, perDesk) => new Watcher(simulation, perDot, perDesk);

/**
 * How many leads one dot stands for, by the numbers in force.
 * @param {{rules: Rules}} simulation
 */
export const leadsADot = ({ rules }) => rules.call('funnel.leads_a_dot', null);

/**
 * How many people one desk stands for, where a team comes to have so many at most.
 * @param {Simulation} simulation
 * @param {number} most
 */
export const peopleADesk = ({ rules }, most) => rules.call('desks.people_a_desk', most);

class Watcher {
  /**
   * @param {Simulation} simulation
   * @param {number} perDot
   * @param {number} perDesk
   */
  constructor(simulation, perDot, perDesk) {
    this.simulation = simulation;
    this.per = { perDot, perDesk };
    const { rules } = simulation;
    /** @type {Record<string, Rows>} */
    this.kept = {};
    for (const [name, table] of Object.entries(rules.layout.watch)) this.kept[name] = rules.rows(table, 1);
    this.#write(() => rules.call('frame.begin', simulation.firm, this.kept, perDot, perDesk));
  }

  /** @param {Simulation} [ahead] */
  first(ahead) {
    const { rules, firm, day } = this.simulation;
    this.#write(() => rules.call('frame.show_state', firm, null, this.kept, day));
    if (!ahead || ahead === this.simulation) return this.#bytes();
    const desks = this.#desksOf(ahead);
    rules.set(this.kept.head, 0, 'n_desks', desks.length / rules.layout.watch.desks.size);
    return this.#bytes(desks);
  }

  day() {
    const { rules, firm, day } = this.simulation;
    this.#write(() => rules.call('frame.show_day', firm, null, this.kept, day));
    return this.#bytes();
  }

  /**
   * @param {Simulation} [ahead]
   * @param {string[]} [names] of people who are a user's own, by row
   */
  desks(ahead, names) {
    return desksIn(this.#desksOf(ahead ?? this.simulation), this.simulation.rules.layout.frames, names);
  }

  /**
   * The rows of desks of a state, copied out of its memory.
   * @param {Simulation} simulation
   */
  #desksOf(simulation) {
    const { perDot, perDesk } = this.per;
    const watcher = simulation === this.simulation ? this : new Watcher(simulation, perDot, perDesk);
    watcher.#write(() => simulation.rules.call('frame.show_desks', simulation.firm, watcher.kept));
    return watcher.#part('desks').slice();
  }

  /**
   * Let a rule write into the watch. Where there is too little room it does nothing, and room is made.
   * @param {() => number} rule
   */
  #write(rule) {
    if (!rule()) return;
    const { rules, firm } = this.simulation;
    const names = Object.keys(this.kept),
      wanted = rules.rows('i8', names.length);
    rules.call('watch.tell_room', firm, this.kept, wanted);
    names.forEach((name, k) => {
      const n = rules.get(wanted, k),
        now = this.kept[name].shape[0];
      if (now < n) this.kept[name] = rules.widened(this.kept[name], Math.max(2 * now, n));
    });
    rules.release(wanted);
    rule();
  }

  /**
   * The bytes of a part as they lie in memory; good until there is more of it.
   * @param {string} name
   */
  #part(name) {
    const { rules } = this.simulation,
      { place, table } = this.kept[name];
    const n = name === 'head' ? 1 : rules.get(this.kept.head, 0, `n_${name}`);
    return rules.bytes(place, n * table.size);
  }

  /**
   * All parts, one after the other.
   * @param {Uint8Array} [desks] in place of the watch's own
   */
  #bytes(desks) {
    const names = Object.keys(this.simulation.rules.layout.frames.parts);
    const parts = names.map((name) => (name === 'desks' && desks) || this.#part(name));
    const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}
