// An organization at day 0 or on its way, with what is still to come: as sim/run.py.
// @ts-check
/**
 * @import { Theory } from '../rules/module.js'
 * @import { Simulation } from '../rules/simulation.js'
 * @import { Scenario } from './scenario.js'
 */
import { leadsADot, peopleADesk } from '../rules/frames.js';
import { Rules } from '../rules/module.js';
import { begin } from '../rules/opening.js';
import { Refusal } from './scenario.js';

/**
 * A simulation at day 0, as `sim.run` begins it.
 * @param {Scenario} scenario
 * @param {number} seed
 */
export function beginning(scenario, seed) {
  const { module, layout } = scenario.kit;
  return begin(module, layout, scenario.theory, BigInt(seed), scenario.days, scenario.told.told);
}

/**
 * The changes still to come; for a state that goes on, first the theory already in force.
 * @param {Scenario} scenario
 * @param {Simulation} sim
 * @returns {[number, Theory, string | null][]}
 */
export function resumed(scenario, sim) {
  const { steps } = scenario,
    past = steps.filter(([day]) => day < sim.day);
  return [[sim.day, past.at(-1)?.[1] ?? scenario.theory, null], ...steps.filter(([day]) => day >= sim.day)];
}

/**
 * How many people one mark on the floor stands for, however large the teams come to be by the scenario's levers.
 * @param {Simulation} sim
 * @param {Scenario} scenario
 */
export function deskFor(sim, scenario) {
  const most = scenario.own
    ? Math.max(sim.ledger('n_m'), sim.ledger('n_s'))
    : Math.max(scenario.largest('marketers'), scenario.largest('salespeople'));
  return peopleADesk(sim, most);
}

/**
 * How many leads one dot stands for, so that about sixty are on their way at a time.
 * @param {Scenario} scenario
 */
export function dotFor({ kit, theory }) {
  kit.reckoner ??= new Rules(kit.module, kit.layout); // no firm lives in it
  kit.reckoner.enforce(theory);
  return leadsADot({ rules: kit.reckoner });
}

/**
 * What somebody in a row is called: of one's own people by their names, else M1, S1, …
 * @param {Scenario} scenario
 * @param {Simulation} sim
 * @param {number} row
 */
export function nameOf({ told, kit }, { rules, firm }, row) {
  const known = told.names?.[row];
  if (known !== undefined) return known;
  const { kinds_of_seat: many, letters } = kit.layout.frames,
    seat = rules.get(firm.people, row, 'seat');
  return `${letters[seat % many]}${Math.floor(seat / many) + 1}`;
}

/**
 * What everybody is called, by row.
 * @param {Scenario} scenario
 * @param {Simulation} sim
 */
export const namesOf = (scenario, sim) =>
  Array.from({ length: sim.ledger('n_people') }, (_, row) => nameOf(scenario, sim, row));

/**
 * A row of a table, refused where there is none.
 * @param {boolean} there
 * @param {string} why
 */
export function must(there, why) {
  if (!there) throw new Refusal(why);
}
