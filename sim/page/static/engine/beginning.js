// An organization at day 0 or on its way, with what is still to come: as sim/run.py.
// @ts-check
/**
 * @import { Theory } from '../rules/module.js'
 * @import { Simulation } from '../rules/simulation.js'
 * @import { Scenario } from './scenario.js'
 */
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
 * The next of 1, 2, 5, 10, 20, 50, …
 * @param {number} number
 * @param {number[]} round
 */
function roundUp(number, round) {
  let per = 1;
  for (let power = 0; per < number; per = round[power % round.length] * 10 ** Math.floor(power / round.length)) power++;
  return per;
}

/**
 * How many people one mark on the floor stands for, however large the teams come to be by the scenario's levers.
 * @param {Simulation} sim
 * @param {Scenario} scenario
 */
export function peopleADesk(sim, scenario) {
  const { alone, marks, round } = scenario.kit.data.floor;
  const most = scenario.own
    ? Math.max(sim.ledger('n_m'), sim.ledger('n_s'))
    : Math.max(scenario.largest('marketers'), scenario.largest('salespeople'));
  return most <= alone ? 1 : roundUp(most / marks, round);
}

/**
 * How many leads one dot stands for, so that about sixty are on their way at a time.
 * @param {Scenario} scenario
 */
export function leadsADot(scenario) {
  const { caught, caught_by_reps: byReps, life, dots, round } = scenario.kit.data.floor,
    { workforce: w, market: t } = scenario.theory;
  const m = t.for_marketers || w.marketers,
    s = t.for_salespeople || w.salespeople;
  const born = t.size * (m * t.marketing_list * caught + s * t.own_list * byReps);
  return roundUp((born * life) / dots, round);
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
  const { kinds_of_seat: kinds } = rules.layout.constants,
    seat = rules.get(firm.people, row, 'seat');
  return `${kit.data.words.seats[seat % kinds]}${Math.floor(seat / kinds) + 1}`;
}

/**
 * A row of a table, refused where there is none.
 * @param {boolean} there
 * @param {string} why
 */
export function must(there, why) {
  if (!there) throw new Refusal(why);
}
