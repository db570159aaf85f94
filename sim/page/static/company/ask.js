// What the page asks its server: files are given to it, and one line of `baton` runs at a time, which is always shown.
// @ts-check
import { h } from '../common/svg.js';

const token = new URLSearchParams(location.search).get('token') ?? '';
/** @type {(path: string, more?: Record<string, string>) => string} */
const at = (path, more = {}) => `${path}?${new URLSearchParams({ token, ...more })}`;

/**
 * A line that has run: its exit code, its JSON or text, what it said on the way.
 * @typedef {{line: string, code: number, said: string[], seconds: number, result?: any, text?: string}} Done
 */

/** The address of the brief that was written last. */
export const briefAt = () => at('/brief');

/**
 * @param {string} path
 * @param {RequestInit} [how]
 * @param {Record<string, string>} [more]
 */
async function fetched(path, how, more) {
  const answer = await fetch(at(path, more), how);
  const found = await answer.json();
  if (!answer.ok) throw new Error((found.faults ?? [`the server answered ${answer.status}`]).join('\n'));
  return found;
}

export const state = () => fetched('/state');
export const forgetFiles = () => fetched('/files', { method: 'DELETE' });

/** @param {File} file */
export const give = (file) => fetched('/files', { method: 'POST', body: file }, { name: file.name });

/** @type {(ms: number) => Promise<void>} */
const pause = (ms) => new Promise((go) => setTimeout(go, ms));

/**
 * Run a line and wait for its end; the foot of the page shows it meanwhile, with a button that stops it.
 * @param {Record<string, any>} question
 * @returns {Promise<Done>}
 */
export async function run(question) {
  return follow(await fetched('/run', { method: 'POST', body: JSON.stringify(question) }));
}

/**
 * Wait for the end of a line that runs, also one that ran when the page was opened.
 * @param {any} found
 * @returns {Promise<Done>}
 */
async function follow(found) {
  document.body.dataset.runs = '1';
  for (let wait = 100; found.code === null; wait = Math.min(wait * 1.3, 1000)) {
    shown(found, true);
    await pause(wait);
    found = await fetched('/run');
  }
  document.body.dataset.runs = '0';
  shown(found, false);
  return found;
}

/** What ran when the page was opened goes on; the page waits for its end. */
export async function goesOn() {
  const found = await fetched('/run');
  if (found && found.code === null) await follow(found);
}

/** One line runs at a time: until it has ended, no button begins another. @param {boolean} runs */
function waits(runs) {
  const buttons = document.querySelectorAll(runs ? 'main button:enabled' : 'main button[data-waits]');
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (buttons)) {
    button.disabled = runs;
    button.toggleAttribute('data-waits', runs);
  }
}

/** @type {(found: any, runs: boolean) => void} */
function shown(found, runs) {
  const foot = document.querySelector('footer');
  waits(runs);
  const stop = h('button', { type: 'button', onclick: () => fetched('/run', { method: 'DELETE' }) }, 'Stop');
  foot.replaceChildren(
    h(
      'div',
      { class: 'fields' },
      h('span', { role: 'status' }, runs ? `Running, ${found.seconds} s` : `Ran ${found.seconds} s`),
      h('code', { 'data-testid': 'line' }, found.line),
      runs ? stop : null,
    ),
    ...found.said.slice(-2).map((/** @type {string} */ said) => h('p', { class: 'soft' }, said)),
  );
}

/**
 * What is wrong, sentence by sentence: of a line that ended badly, or of a question that was refused.
 * @param {string[]} sentences
 */
export const faults = (sentences) =>
  sentences.length
    ? h(
        'ul',
        { class: 'faults', role: 'alert', 'data-testid': 'faults' },
        ...sentences.map((each) => h('li', {}, each)),
      )
    : null;

/**
 * A button that does something that takes a while: it waits for it, and shows below what went wrong.
 * @param {string} said
 * @param {() => Promise<any>} act
 * @param {Record<string, any>} [more]
 */
export function doing(said, act, more = {}) {
  const button = h('button', { type: 'button', ...more }, said);
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      await act();
    } catch (fault) {
      tell(String(fault.message ?? fault).split('\n'));
    } finally {
      button.disabled = false;
    }
  });
  return button;
}

/** @param {string[]} sentences */
export function tell(sentences) {
  document.querySelector('main > .told')?.remove();
  const told = h('div', { class: 'told' }, faults(sentences));
  document.querySelector('main').prepend(told);
  told.scrollIntoView({ block: 'nearest' });
}

/**
 * A table: heads, rows of texts and elements; columns from the second on are numbers where `right` says so.
 * @param {any[]} heads
 * @param {any[][]} rows
 * @param {{right?: number[], out?: (row: number) => string}} [how]
 */
export function table(heads, rows, { right = [], out = () => '' } = {}) {
  const kind = (/** @type {number} */ at_) => (right.includes(at_) ? 'number' : null);
  return h(
    'div',
    { class: 'scroll', tabindex: '0' },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...heads.map((each, k) => h('th', { class: kind(k), scope: 'col' }, each)))),
      h(
        'tbody',
        {},
        ...rows.map((row, n) =>
          h('tr', { class: out(n) || null }, ...row.map((each, k) => h('td', { class: kind(k) }, each))),
        ),
      ),
    ),
  );
}
