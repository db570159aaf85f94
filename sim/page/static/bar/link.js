// A link as text: a whole plan behind the #, written and read; the layout is written down in sim/page/share.py.
// @ts-check
/** @import { About, PlanState } from '../common/types.js' */
import { W } from '../common/words.js';

export const LONGEST = 300; // characters of a link that is given away
const MOST_CHANGES = 60,
  KEYS = ['v', 'o', 'm', 'x', 'd', 'w', 'c', 'b', 'e'];
export const VIEWS = ['run', 'compare', 'why', 'funnel', 'project'];

/**
 * The part of a link from the # on.
 * @param {About} about
 * @param {PlanState} state
 * @param {number} day
 * @param {string} view
 */
export function linkOf(about, state, day, view) {
  const changes = (list) =>
    list
      .map(
        (change) =>
          `${change.day}:${Object.entries(change.values)
            .map(([name, value]) => about.levers[name].code + String(value))
            .join('')}`,
      )
      .join(';');
  const parts = [`v=${about.version}-${about.model}`, `o=${encodeURIComponent(state.scenario)}`, `m=${state.seed}`];
  if (state.other) parts.push(`x=${encodeURIComponent(state.other)}`);
  if (day) parts.push(`d=${day}`);
  if (view !== 'run') parts.push(`w=${view}`);
  if (state.changes.length) parts.push(`c=${changes(state.changes)}`);
  if (state.baseline.length) parts.push(`b=${changes(state.baseline)}`);
  const text = `#${parts.join('&')}`;
  return `${text}&e=${letters(text)}`; // whoever gets a part of it will know
}

/**
 * How many letters a text has without the %-signs that mail programs may add.
 * @param {string} text
 */
const letters = (text) => {
  try {
    return [...decodeURIComponent(text)].length;
  } catch {
    return -1;
  }
};

/** What a link says that cannot be read; its message is a sentence for the page. */
class Fault extends Error {}

/**
 * What a link carries: {plan, day, view, version, model}, or {fault}, a sentence that names what was not understood;
 * null if there is nothing behind the #.
 * @param {string} hash
 * @param {About} about
 * @returns {{version: string, model: string, fault?: string, plan?: PlanState, day?: number, view?: string} | null}
 */
export function readLink(hash, about) {
  if (hash.length < 2) return null;
  const told = new URLSearchParams(hash.replace(/^#/, '')),
    given = told.get('v') || '',
    at = given.lastIndexOf('-'),
    found = { version: given.slice(0, Math.max(at, 0)), model: given.slice(at + 1) };
  try {
    const end = hash.lastIndexOf('&e='),
      isWhole = end < 0 ? found.model !== about.model : Number(told.get('e')) === letters(hash.slice(0, end));
    if (told.get('o') && !isWhole) throw new Fault(W.share.cut); // older rules wrote no end
    checkParts(told);
    if (at < 1) throw new Fault(W.share.unversioned);
    const scenario = organization(told.get('o'), about),
      other = told.has('x') ? organization(told.get('x'), about) : null,
      { days } = about.scenarios[scenario],
      changes = changesIn(told.get('c'), about, days),
      baseline = changesIn(told.get('b'), about, days);
    const plan = { scenario, other, seed: whole(told, 'm', W.share.market), changes, baseline };
    const day = Math.min(whole(told, 'd', W.share.day), days);
    return { ...found, plan, day, view: told.get('w') ?? 'run' };
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return { ...found, fault: fault.message };
  }
}

/** @param {URLSearchParams} told */
function checkParts(told) {
  const names = [...told.keys()],
    view = told.get('w') ?? 'run';
  for (const [i, name] of names.entries()) {
    if (!KEYS.includes(name)) throw new Fault(W.share.part(name));
    if (names.indexOf(name) < i) throw new Fault(W.share.twice(name));
  }
  if (!told.get('o')) throw new Fault(W.share.nobody);
  if (!VIEWS.includes(view)) throw new Fault(W.share.view(view));
}

/**
 * @param {string} name
 * @param {About} about
 */
function organization(name, about) {
  if (!Object.hasOwn(about.scenarios, name)) throw new Fault(W.share.unknown(name));
  return name;
}

/**
 * @param {URLSearchParams} told
 * @param {string} key
 * @param {(given: string) => string} none
 */
function whole(told, key, none) {
  const text = told.get(key) ?? '0';
  if (!/^\d{1,15}$/.test(text)) throw new Fault(none(text));
  return Number(text);
}

/**
 * @param {string | null} text
 * @param {About} about
 * @param {number} days
 */
function changesIn(text, about, days) {
  const names = Object.fromEntries(Object.entries(about.levers).map(([name, { code }]) => [code, name])),
    changes = [];
  for (const part of (text || '').split(';').filter(Boolean)) {
    const [, day, values] = /^(\d{1,6}):((?:[A-Z][-0-9.e]+)+)$/.exec(part) || [];
    if (!values) throw new Fault(W.share.change(part));
    if (Number(day) >= days) throw new Fault(W.share.late(Number(day), days));
    const change = { day: Number(day), values: {} };
    for (const [, code, number] of values.matchAll(/([A-Z])([-0-9.e]+)/g)) {
      const name = names[code],
        lever = about.levers[name],
        value = Number(number);
      if (!lever) throw new Fault(W.share.lever(code));
      if (!(value >= lever.low && value <= lever.high) || (lever.whole && !Number.isInteger(value)))
        throw new Fault(W.share.value(lever.label, number));
      if (lever.starts && change.day) throw new Fault(W.share.starts(lever.label, change.day));
      change.values[name] = value;
    }
    changes.push(change);
    if (changes.length > MOST_CHANGES) throw new Fault(W.share.many(MOST_CHANGES));
  }
  return changes.sort((a, b) => a.day - b.day);
}
