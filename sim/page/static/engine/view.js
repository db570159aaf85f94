// What a visitor wants to see, checked: as sim/page/view.py, whose names it has.
// @ts-check
/** @import { Kit } from './scenario.js' */
import { changeOf, counted, Refusal, Scenario, shown } from './scenario.js';

/**
 * One or two organizations in a market, the pinned baseline, and the day where the visitor stands.
 * @typedef {{arms: Record<string, Scenario>, base: Scenario, seed: number, day: number}} View
 */
export const ARMS = ['a', 'b'];

/** @type {(value: any) => boolean} */
const isTable = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What a message asks to see.
 * @param {Kit} kit
 * @param {any} message
 * @returns {View}
 */
export function viewOf(kit, message) {
  const { arms: given } = message,
    names = isTable(given) ? Object.keys(given) : [];
  if (!names.includes('a') || names.some((name) => !ARMS.includes(name)))
    throw new Refusal('arms: give {"a": …} or {"a": …, "b": …}');
  /** @type {Record<string, Scenario>} */
  let arms = {};
  /** @type {string[]} */
  const faults = [];
  const gather = (make) => {
    try {
      return make();
    } catch (fault) {
      if (!(fault instanceof Refusal)) throw fault;
      faults.push(...fault.reasons);
    }
  };
  const base = message.base === undefined ? given.a : message.base;
  for (const [name, each] of [...Object.entries(given), ['base', base]])
    gather(() => {
      arms[name] = scenarioOf(kit, each);
    });
  const { seed } = message;
  if (!Number.isInteger(seed) || seed < 0 || seed > kit.data.bounds.seed)
    faults.push(`market ${shown(seed)}: a market is a whole number from 0 to 2**53 - 1`);
  const day = gather(() => checkedDay(message.day ?? 0));
  if (faults.length) throw new Refusal([...new Set(faults)]);
  const shortest = Math.min(...Object.values(arms).map((scenario) => scenario.days));
  if (Object.values(arms).some((scenario) => scenario.days !== shortest))
    arms = Object.fromEntries(Object.entries(arms).map(([name, scenario]) => [name, scenario.shortened(shortest)]));
  const { base: pinned, ...others } = arms;
  return { arms: others, base: pinned, seed, day: Math.min(day, pinned.days) };
}

/** A day that a visitor names. @param {any} day */
export function checkedDay(day) {
  if (!Number.isInteger(day) || day < 0)
    throw new Refusal(`day ${String(day).slice(0, 30)}: give a whole number of days from 0 on`);
  return day;
}

/**
 * A whole number that a visitor gives, within bounds.
 * @param {any} message
 * @param {string} name
 * @param {number} low
 * @param {number} high
 * @param {number} usual
 */
export function whole(message, name, low, high, usual = 0) {
  const value = message[name] ?? usual;
  if (!Number.isInteger(value) || value < low || value > high)
    throw new Refusal(`${name} = ${shown(value)}: give a whole number from ${low} to ${high}`);
  return value;
}

/**
 * @param {Kit} kit
 * @param {any} given
 */
function scenarioOf(kit, given) {
  if (!isTable(given) || Object.keys(given).some((key) => !['scenario', 'changes'].includes(key)))
    throw new Refusal('an organization is {scenario: name, changes: [{day, values}]}');
  const { scenario: name = 'default', changes = [] } = given,
    { bounds, scenarios } = kit.data;
  if (typeof name !== 'string' || !Object.hasOwn(scenarios, name))
    throw new Refusal(`there is no scenario '${String(name).slice(0, 60)}'`);
  if (!Array.isArray(changes) || changes.length > bounds.changes)
    throw new Refusal(`changes: give a list of at most ${bounds.changes}`);
  const made = changes.map((each) => changeOf(kit, each)),
    base = Scenario.read(kit, name);
  const found = made.length ? base.with(made) : base;
  if (found.people * found.days > bounds.work) {
    const most = counted(Math.floor(bounds.work / found.days));
    throw new Refusal(
      `${counted(found.people)} people for ${counted(found.days)} days: the page shows at most ${most} people for so long; \`baton run\` takes more`,
    );
  }
  if (found.days > bounds.days) throw new Refusal(`${found.days} days: the page shows at most ${counted(bounds.days)}`);
  return found;
}
