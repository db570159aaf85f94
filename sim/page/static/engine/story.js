// One lead's story and how one person stands, in sentences: as sim/result/stories.py and sim/page/histories.py.
// @ts-check
/**
 * @import { Simulation } from '../rules/simulation.js'
 * @import { Scenario } from './scenario.js'
 */
import { must, nameOf } from './beginning.js';
import { fixed } from './statistics.js';

/** @type {(n: number, one: string, many: string) => string} */
const number = (n, one, many) => `${n} ${n === 1 ? one : many}`;

/** @type {(day: number) => string} */
const when = (day) => (day >= 0 ? `Day ${day}` : `${number(-day, 'day', 'days')} before day 0`);

/**
 * A lead's row in words; a day that never came is null.
 * @param {Scenario} scenario
 * @param {Simulation} sim
 * @param {number} lead
 */
function rowOf(scenario, sim, lead) {
  const { rules, firm } = sim,
    { words } = scenario.kit.data;
  const get = (column) => rules.get(firm.leads, lead, column),
    day = (column) => (get(column) < 0 ? null : get(column)),
    name = (column) => (get(column) < 0 ? null : nameOf(scenario, sim, get(column)));
  const flags = get('flags');
  return {
    segment: get('segment'),
    value: get('value'),
    context: get('context'),
    marketer: name('m'),
    salesperson: name('s'),
    origin: words.origins[get('origin')],
    state: words.states[get('state')],
    fate: words.fates[get('fate')],
    born: get('born'),
    hours: get('hours') < 0 ? null : get('hours'),
    qualified: day('qualified'),
    handed: day('handed'),
    tried: day('tried'),
    opened: day('opened'),
    ended: day('ended'),
    returned: get('returned'),
    touches: get('touches'),
    has: (/** @type {string} */ flag) => (flags & words.flags[flag]) !== 0,
  };
}

/** @typedef {ReturnType<typeof rowOf>} Row */

/**
 * One lead's history up to the day the simulation stands at.
 * @param {Scenario} scenario
 * @param {Simulation} sim
 * @param {number} lead
 */
export function leadTold(scenario, sim, lead) {
  must(lead < sim.ledger('n_leads'), `lead ${lead}: there is no such lead yet`);
  const row = rowOf(scenario, sim, lead);
  const sentences = leadStory(row, sim.day, sim.theory.workload.day_hours, scenario.kit.data.words.own);
  return { lead, fate: row.fate, value: row.value, sentences };
}

/**
 * One lead's history to the end of a run.
 * @param {Scenario} scenario
 * @param {Simulation} sim
 * @param {number} lead
 */
export const lifeTold = (scenario, sim, lead) =>
  leadStory(rowOf(scenario, sim, lead), sim.day, scenario.theory.workload.day_hours, scenario.kit.data.words.own);

/**
 * @param {Row} row
 * @param {number} today the first day that has not happened
 * @param {number} dayHours
 * @param {string} ownOrigin
 */
function leadStory(row, today, dayHours, ownOrigin) {
  const seller = row.salesperson || 'a salesperson',
    marketer = row.marketer || 'Marketing',
    own = row.origin === ownOrigin;
  const first = own ? `${seller} found this prospect` : `an inquiry came in (${row.origin}) to ${marketer}`;
  /** @type {[number, string][]} */
  const told = [[row.born, `${first}: segment ${row.segment + 1}, ${fixed(row.value, 1)} k€ a year.`]];
  const on = (day, sentence) => day !== null && told.push([day, sentence]);
  if (!own) {
    const answered = answer(row, today, dayHours);
    if (answered) told.push(answered);
    on(row.qualified, `qualified by ${marketer} after ${number(row.touches, 'touch', 'touches')} in all.`);
    const asked = row.has('asked') ? ', as the prospect had asked' : '';
    on(row.handed, `handed to ${seller} with ${notes(row.context)}${asked}.`);
    if (row.returned)
      // on a day that is not kept: after the handoff, instead of a call
      told.push([
        row.tried ?? row.ended ?? today,
        'by then it had been sent back with a reason, and nurtured once more.',
      ]);
    on(row.tried, `${seller} called${wait(row.handed, row.tried)}.`);
  }
  on(row.opened, `it became an opportunity${extras(row)}.`);
  if (row.ended === null) told.push([today, `still open (${row.state}).`]);
  else told.push([row.ended, end(row.fate)]);
  told.sort(([one], [other]) => one - other); // stable: things of one day stay in their order
  return told.map(([day, sentence]) => `${when(day)}: ${sentence}`);
}

/** @param {string} fate */
function end(fate) {
  if (fate === 'never answered') return 'lost: there was nobody to answer it.';
  if (fate === 'answered too late') return 'lost: by then it had gone to a rival.';
  return fate === 'won' ? 'won.' : `lost: ${fate.replaceAll(': ', ', ')}.`;
}

/**
 * The first answer, on the day after as many whole working days as it took, if it came to that.
 * @param {Row} row
 * @param {number} today
 * @param {number} dayHours
 * @returns {[number, string] | null}
 */
function answer({ hours, born, ended }, today, dayHours) {
  if (hours === null) return null; // such an inquiry is lost on the day on which it comes
  const day = born + 1 + Math.trunc(hours / dayHours);
  if (day >= today || (ended !== null && day > ended)) return null;
  const long = hours < dayHours ? `${fixed(hours, 1)} working hours` : number(day - born, 'day', 'days');
  return [day, `first answered after ${long}.`];
}

/** @param {number} context */
function notes(context) {
  const amount = context < 1 / 3 ? 'few notes' : context < 2 / 3 ? 'some notes' : 'full notes';
  return `${amount} (${fixed(100 * context, 0)}% of what was known)`;
}

/** @param {number | null} handed @param {number | null} tried */
function wait(handed, tried) {
  if (handed === null || tried === null) return '';
  return tried <= handed ? ' the same day' : `, ${number(tried - handed, 'day', 'days')} after the handoff`;
}

/** @param {Row} row */
function extras(row) {
  const texts = { joined: 'a marketer in the deal', material: "Marketing's material", special: 'special terms' };
  const said = Object.entries(texts)
    .filter(([flag]) => row.has(flag))
    .map(([, text]) => text);
  return said.length ? ` with ${said.join(', ')}` : '';
}

/**
 * How one person stands today: whom they trust and are trusted by, what they share, what they carry.
 * @param {Scenario} scenario
 * @param {Simulation} sim
 * @param {number} row
 */
export function personTold(scenario, sim, row) {
  const { rules, firm } = sim,
    get = (column) => rules.get(firm.people, row, column);
  must(row >= 0 && row < sim.ledger('n_people') && get('working') !== 0, `person ${row}: nobody sits there`);
  const room = rules.rows('f8', 4);
  rules.call('people.tell_standing', firm, null, row, room);
  const [ties, complaints, trusts, trusted] = Array.from({ length: 4 }, (_, k) => rules.get(room, k));
  rules.release(room);
  const known = ties > 0 && get('team') !== rules.layout.constants.teams.liaison;
  return {
    person: row,
    name: nameOf(scenario, sim, row),
    team: scenario.kit.data.words.teams[get('team')],
    day: sim.day,
    joined: get('joined'),
    before: get('generation'),
    ties,
    trusts: known ? trusts : null,
    trusted: known ? trusted : null,
    language: get('language'),
    load: get('load'),
    open_deals: get('open_deals'),
    complaints,
    in_liaison: get('trust_liaison'),
  };
}
