// How the bets of a class fell, as counts: never whose. A dot is a bet; for options a bar.
// @ts-check
/** @import { Card } from '../common/types.js' */
import { h, s, T } from '../common/svg.js';
import { W } from '../common/words.js';

const WIDTH = 270,
  BIN = 10,
  DOT = 9;

/**
 * The picture and its sentence; `answer` is what happened, undefined while nobody may know.
 * @param {Card} card
 * @param {Record<string, number>} counts
 * @param {any} [answer]
 */
export function classDrawing(card, counts, answer) {
  const total = Object.values(counts).reduce((a, b) => a + b, 0);
  const parts =
    card.bet.kind === 'number' ? numbers(card, counts, answer, total) : options(card, counts, answer, total);
  return h('section', { class: 'class-bets', 'data-testid': 'class-bets' }, h('h3', {}, W.lesson.classTitle), ...parts);
}

/**
 * @param {Card} card
 * @param {Record<string, number>} counts
 * @param {any} answer
 * @param {number} total
 */
function numbers(card, counts, answer, total) {
  const bets = Object.entries(counts).flatMap(([bet, n]) => Array.from({ length: n }, () => Number(bet)));
  bets.sort((a, b) => a - b);
  const columns = Array.from({ length: 10 }, () => 0);
  for (const bet of bets) columns[Math.min(Math.floor(bet / BIN), 9)]++;
  const most = Math.max(...columns),
    radius = Math.min(DOT, 90 / most) / 2,
    floor = most * radius * 2.2 + 16,
    line = T.text1 * 1.25,
    x = (value) => 4 + (value / 100) * (WIDTH - 8);
  const marks = columns.flatMap((n, i) =>
    Array.from({ length: n }, (_, j) =>
      s('circle', { cx: x(i * BIN + BIN / 2), cy: floor - radius * 1.2 - j * radius * 2.2, r: radius, fill: T.ink2 }),
    ),
  );
  const said = (at, text, more) =>
    s('text', { x: at, y: floor + line, 'font-size': T.text1, fill: T.ink2, ...more }, text);
  const { within } = card.feedback;
  const where = (way) => bets.filter((bet) => (Math.abs(bet - answer) <= within ? 0 : Math.sign(bet - answer)) === way);
  const known = answer !== undefined;
  const sentence = known
    ? W.lesson.classNumbers(total, ...[1, 0, -1].map((way) => where(way).length))
    : W.lesson.classMiddle(total, bets[Math.floor((total - 1) / 2)]);
  return [
    s(
      'svg',
      { class: 'class-dots', viewBox: `0 0 ${WIDTH} ${floor + line + 6}`, role: 'img', 'aria-label': sentence },
      s('path', { d: `M4 ${floor}H${WIDTH - 4}`, stroke: T.edge }),
      ...marks,
      known ? s('path', { d: `M${x(answer)} 2V${floor + 4}`, stroke: T.ink, 'stroke-width': 2 }) : null,
      said(4, 0),
      known ? said(x(answer), answer, { 'text-anchor': 'middle', 'font-weight': 650, fill: T.ink }) : null,
      said(WIDTH - 4, 100, { 'text-anchor': 'end' }),
    ),
    h('p', {}, sentence),
  ];
}

/**
 * @param {Card} card
 * @param {Record<string, number>} counts
 * @param {any} answer
 * @param {number} total
 */
function options(card, counts, answer, total) {
  const most = Math.max(...Object.values(counts));
  const rows = card.options.map(({ value, text }) => {
    const bar = h('i', {}),
      n = counts[value] ?? 0;
    bar.style.width = `${(100 * n) / most}%`;
    return h(
      'tr',
      { class: value === answer ? 'strong' : '' },
      h('th', { scope: 'row', 'data-text': 'lesson' }, text),
      h('td', { class: 'bar-cell', 'aria-hidden': 'true' }, bar),
      h('td', {}, W.thousands(n)),
    );
  });
  const sentence = answer === undefined ? W.lesson.classCount(total) : W.lesson.classRight(counts[answer] ?? 0, total);
  return [h('table', {}, h('tbody', {}, rows)), h('p', {}, sentence)];
}
