// The second screen: the firm's own funnel beside the simulated one, and what somebody says to it.
// @ts-check
import { h, s } from '../common/svg.js';
import { doing, run, table } from './ask.js';

const WIDE = 260,
  TALL = 24,
  FARTHEST = 2.6; // half bands to each side that are drawn
const VERDICTS = [
  ['accept', 'It looks like us'],
  ['adjust', 'Something must be put right first'],
  ['stop', 'The model is not for us'],
];

/** What was seen last. @type {any} */
let seen = null;
/** What a fit said last. @type {string} */
let fitted = '';

/**
 * @param {any} known
 * @param {() => Promise<void>} again
 */
export function gateScreen(known, again) {
  const looks = async (/** @type {Record<string, any>} */ more) => {
    const done = await run({ do: 'gate', ...more });
    if (done.code !== 0) throw new Error(done.said.join('\n') || 'It was stopped.');
    seen = done.result;
    await again();
  };
  return [
    h('p', { class: 'lead' }, seen ? `${seen.sentence}.` : 'Fifty simulated firms with your people, beside yours.'),
    h('p', { 'data-testid': 'verdict' }, seen ? seen.verdict : verdict(known.gate)),
    fit(known, again),
    doing(seen ? 'Look again' : 'Look', () => looks({}), { class: seen ? '' : 'main', 'data-testid': 'look-at-it' }),
    ...(seen ? beside(seen) : []),
    seen && says(looks),
  ];
}

/** @type {(gate: any) => string} */
const verdict = (gate) =>
  gate
    ? `${gate.name} said “${gate.answer}” on ${gate.date}${gate.current ? '' : '; import or fit have changed since, so it counts no more'}.`
    : 'Nobody has said yet whether it looks like you; until then no what-if is run but a brief, and that shows no money.';

/** What was not read off is fitted, or not. @type {(known: any, again: () => Promise<void>) => any} */
function fit(known, again) {
  const size = h('input', { type: 'number', min: 50, max: 5000, value: 100, class: 'short', 'data-testid': 'size' });
  const why = known.fit
    ? 'Numbers that no column tells have been fitted to one half of your funnel; below is the other half.'
    : 'Nothing has been fitted yet: the simulated firms live by what your files tell, and by Baton’s defaults.';
  return h(
    'div',
    { class: 'card' },
    h('p', {}, why),
    h(
      'div',
      { class: 'fields' },
      h('label', {}, 'particles (more: slower, surer)', size),
      doing(
        known.fit ? 'Fit anew' : 'Fit (some minutes; it may be stopped and goes on)',
        async () => {
          const done = await run({ do: 'fit', size: Number(size.value) });
          if (done.code !== 0)
            throw new Error(done.said.slice(-3).join('\n') || 'It was stopped; what is done is kept.');
          [fitted, seen] = [done.text, null];
          await again();
        },
        { 'data-testid': 'fit' },
      ),
    ),
    fitted && h('details', {}, h('summary', {}, 'What the fit says'), h('pre', {}, fitted)),
  );
}

/** The steps, each with its band. @type {(look: any) => any[]} */
function beside(look) {
  const numbers = look.fitted ? 'the fitted numbers, each market with another set' : 'numbers that are not fitted';
  const about = `${look.runs} firms over ${look.days} working days, by ${numbers}. ${look.books_said ? `${look.books_said}. ` : ''}${look.money ? `${look.money}.` : ''}`;
  const rows = look.misfit.map((/** @type {any} */ step) => [
    step.name,
    step.shown.own,
    step.shown.middle,
    `${step.shown.low} to ${step.shown.high}`,
    band(step),
  ]);
  if (!rows.length) return [h('p', { class: 'soft' }, about)];
  const heads = ['step', 'your firm', 'simulated', 'nine in ten of them', 'the band, and where you are'];
  const out = (/** @type {number} */ n) => (look.misfit[n].inside ? '' : 'out');
  return [
    h('div', { 'data-testid': 'steps' }, table(heads, rows, { right: [1, 2, 3], out })),
    h(
      'p',
      { class: 'soft' },
      `${about} Your firm is shown by the half that nothing was fitted to; bold: outside of the band.`,
    ),
  ];
}

/** A step's band from the 5 % to the 95 % of the simulated firms, the middle, and the own number. @type {(step: any) => any} */
function band(step) {
  const x = (/** @type {number} */ off) =>
    WIDE / 2 + (Math.max(Math.min(off, FARTHEST), -FARTHEST) / FARTHEST) * (WIDE / 2 - 8);
  const off = Number.isFinite(step.off) ? step.off : step.off === null ? FARTHEST : 0;
  const label = `you ${step.shown.own}, simulated ${step.shown.low} to ${step.shown.high}`;
  return s(
    'svg',
    { width: WIDE, height: TALL, role: 'img', 'aria-label': label },
    s('rect', { x: x(-1), y: TALL / 2 - 6, width: x(1) - x(-1), height: 12, fill: 'var(--band)' }),
    s('line', { x1: x(0), x2: x(0), y1: 3, y2: TALL - 3, stroke: 'var(--ink-2)', 'stroke-width': 2 }),
    s('circle', {
      cx: x(off),
      cy: TALL / 2,
      r: 5,
      fill: step.inside ? 'var(--sales)' : 'var(--plate)',
      stroke: 'var(--sales)',
      'stroke-width': 2,
    }),
  );
}

/** Who says what, and why. @type {(looks: (more: Record<string, any>) => Promise<void>) => any} */
function says(looks) {
  const name = h('input', { 'data-testid': 'name', autocomplete: 'name' });
  const note = h('input', { class: 'long', 'data-testid': 'note' });
  return h(
    'div',
    { class: 'card' },
    h('h3', {}, 'What do you say?'),
    h('div', { class: 'fields' }, h('label', {}, 'your name', name), h('label', {}, 'why', note)),
    h(
      'p',
      {},
      ...VERDICTS.map(([say, words]) =>
        doing(
          words,
          async () => {
            if (!name.value.trim()) throw new Error('Say first who says so.');
            await looks({ say, name: name.value, note: note.value });
          },
          { 'data-testid': say },
        ),
      ),
    ),
    h('p', { class: 'soft' }, 'It is written down with today’s date; a new import or fit voids it.'),
  );
}
