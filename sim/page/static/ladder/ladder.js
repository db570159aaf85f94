// The ladder: the audit's last eight quarters as a trail over four rungs, each side's own mark, and what holds it back.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { Part, Quarter } from '../common/types.js'
 */
import { redraws } from '../common/redraws.js';
import { h, r1, s, sizeOf, T, text } from '../common/svg.js';
import { W } from '../common/words.js';
import { decisionsTable, settles } from './decisions.js';

const QUARTERS = 8,
  USUAL = 12; // pixels of the smallest text on a screen

/**
 * The drawing of one ladder. compact: one line a rung, as in a comparison.
 * @param {{w: number, h: number, stage: number, quarters: Quarter[], compact?: boolean, was?: number | null}} given
 */
export function ladderDrawing({ w, h: height, stage, quarters, compact = false, was = null }) {
  const size = T.text1,
    y = (v) => height - 6 - ((v - 20) / 80) * (height - 12),
    grown = Math.max(size / USUAL, 1), // projected, the marks grow with the text
    left = compact ? Math.min(96 * grown, w * 0.46) : 100 * grown,
    right = w - (compact ? 46 : 54) * grown;
  const last = quarters.at(-1);
  const drawing = s('svg', {
    viewBox: `0 0 ${w} ${height}`,
    width: w,
    height,
    role: 'img',
    'aria-label': W.ladder.label(last?.score, stage),
    'data-testid': 'ladder',
  });
  for (let i = 1; i <= 4; i++) {
    const y1 = y(20 + 20 * i),
      y0 = y(20 * i),
      on = i === stage,
      fill = on ? T.stageOn[i] : T.ink2,
      middle = (y0 + y1) / 2,
      roomy = y0 - y1 > 46;
    drawing.append(
      s('rect', {
        x: 0,
        y: r1(y1 + 1),
        width: w,
        height: r1(Math.max(y0 - y1 - 2, 0)),
        fill: T.stage[i],
        'fill-opacity': on ? 1 : 0.1,
        class: on && was !== null && was !== stage ? 'rung fills' : 'rung',
      }),
      s('rect', { x: 0, y: r1(y1 + 1), width: 5, height: r1(Math.max(y0 - y1 - 2, 0)), fill: T.stage[i] }),
    );
    if (compact) drawing.append(text(14, middle + size * 0.36, `${W.numerals[i]} ${W.stages[i]}`, { fill, bold: on }));
    else
      drawing.append(
        text(16, middle - 1, W.numerals[i], { size: on && roomy ? T.text5 : T.text4, fill, bold: true }),
        text(16, middle + size * 1.3, W.stages[i], { fill, bold: on }),
      );
  }
  for (const v of [20, 40, 60, 80, 100]) {
    const rung = v === 100 ? 4 : v / 20;
    drawing.append(
      text(w - 5, v === 100 ? y(v) + size + 1 : v === 20 ? y(v) - 5 : y(v) - 4, v, {
        at: 'end',
        fill: rung === stage ? T.stageOn[stage] : T.ink2,
      }),
    );
  }
  if (!last) return drawing;
  const trail = quarters.slice(-QUARTERS),
    x = (i) => left + ((right - left) * i) / QUARTERS,
    points = trail.map((quarter, i) => [x(i), y(quarter.score)]);
  const line = points.map((p) => p.map(r1).join(',')).join(' ');
  drawing.append(
    s('polyline', { points: line, fill: 'none', stroke: '#fff', 'stroke-width': 5, 'stroke-linejoin': 'round' }),
    s('polyline', { points: line, fill: 'none', stroke: T.ink, 'stroke-width': 2, 'stroke-linejoin': 'round' }),
  );
  for (const [px, py] of points.slice(0, -1))
    drawing.append(
      s('circle', { cx: r1(px), cy: r1(py), r: r1(3 * grown), fill: T.ink, stroke: '#fff', 'stroke-width': 1.5 }),
    );
  const [ex, ey] = points.at(-1),
    sx = ex + (compact ? 17 : 22) * grown,
    half = 6 * grown,
    ym = y(last.scoreM),
    ys = y(last.scoreS),
    aside = Math.abs(ym - ys) < 2.4 * half ? 2.4 * half : 0; // neither lies on the other
  drawing.append(
    s('path', { d: `M${r1(sx)} ${r1(ym)}V${r1(ys)}`, stroke: '#fff', 'stroke-width': aside ? 0 : 5 }),
    s('path', { d: `M${r1(sx)} ${r1(ym)}V${r1(ys)}`, stroke: T.ink, 'stroke-width': aside ? 0 : 1.5 }),
    s('rect', {
      x: r1(sx - half),
      y: r1(ym - half),
      width: r1(2 * half),
      height: r1(2 * half),
      fill: T.marketing,
      stroke: '#fff',
      'stroke-width': 2,
      'data-testid': 'score-marketing',
    }),
    s('circle', {
      'data-testid': 'score-sales',
      cx: r1(sx + aside),
      cy: r1(ys),
      r: r1(half + 0.5),
      fill: T.sales,
      stroke: '#fff',
      'stroke-width': 2,
    }),
    s('circle', {
      cx: r1(ex),
      cy: r1(ey),
      r: r1((compact ? 11 : 14) * grown),
      fill: T.ink,
      stroke: '#fff',
      'stroke-width': 2.5,
    }),
    text(ex, ey + size * 0.36, W.totalOf(last.score), { at: 'middle', bold: true, fill: '#fff' }),
  );
  return drawing;
}

/**
 * Why the total stands on another rung than the stage that counts; nothing if it does not.
 * @type {(last: Quarter | undefined, stage: number) => string}
 */
const pending = (last, stage) => (last && last.band !== stage ? W.ladder.pending(last.score, last.band, stage) : '');

/** @type {(last: Quarter | undefined, stage: number) => string} */
export const pendingShort = (last, stage) =>
  last && last.band !== stage ? W.ladder.pendingShort(last.score, last.band) : '';

/**
 * The three lowest statements of a quarter: [[item, score]].
 * @param {Quarter} quarter
 * @returns {number[][]}
 */
export function holdingBack(quarter) {
  return quarter.items
    .map((score, i) => [i, score])
    .sort((a, b) => a[1] - b[1] || ORDER.indexOf(a[0]) - ORDER.indexOf(b[0]))
    .slice(0, 3);
}
// Where several are equally low, those come first that the teams themselves can move.
const ORDER = [13, 6, 5, 9, 1, 2, 15, 3, 7, 8, 4, 10, 19, 11, 12, 14, 18, 0, 17, 16];

/** @type {(n: number) => HTMLElement} */
const pips = (n) =>
  h(
    'span',
    { class: 'pips' },
    h(
      'i',
      { 'aria-hidden': 'true' },
      [1, 2, 3, 4, 5].map((i) => h('em', { class: i <= n ? 'f' : '' })),
    ),
    W.ladder.pips(n),
  );

/**
 * @param {HTMLElement} host
 * @param {App} app
 * @returns {Part}
 */
export function makeLadder(host, app) {
  const place = h('div', { class: 'lad' }),
    items = h('ul', { class: 'items', 'data-testid': 'items' }),
    none = h('p', { class: 'note' }, W.ladder.none),
    fourPs = h('div', { class: 'decided', hidden: true }),
    two = h('p', { class: 'note two', 'data-testid': 'two-quarters' });
  host.replaceChildren(
    h('h2', { class: 'full' }, W.ladder.title),
    h('h2', { class: 'phone-only', 'data-testid': 'audit-total' }),
    h('p', { class: 'tiny soft full sub' }, W.ladder.sub),
    place,
    h(
      'div',
      { class: 'key tiny' },
      h('span', { class: 'soft' }, '● ', W.ladder.total),
      h('span', { class: 'as-marketing' }, '■ ', W.ladder.marketing),
      h('span', { class: 'as-sales' }, '● ', W.ladder.sales),
    ),
    two,
    h('h2', { class: 'holds' }, W.ladder.holds),
    items,
    none,
    h('p', { class: 'note' }, W.ladder.note),
    fourPs,
  );
  const drawn = redraws();
  let was = null;

  /** @param {number} time */
  function draw(time) {
    if (!app.plan || app.mode === 'compare') return;
    const day = Math.floor(time + 1e-6),
      store = app.store,
      quarters = store.quartersTo(day),
      { stage } = store.stageAt(day);
    const [w, height] = sizeOf(place);
    if (w < 20 || !drawn.isNew(w, height, quarters.length, quarters.at(-1)?.score, stage, T.text1)) return;
    place.replaceChildren(T.small ? rungs(w, quarters, stage) : ladderDrawing({ w, h: height, stage, quarters, was }));
    was = stage;
    const last = quarters.at(-1);
    host.querySelector('[data-testid=audit-total]').textContent = last ? W.ladder.phone(last.score) : W.ladder.short;
    none.hidden = !!last;
    two.textContent = pending(last, stage);
    two.hidden = !two.textContent;
    items.replaceChildren(
      ...(last
        ? holdingBack(last).map(([i, score]) => h('li', {}, h('span', {}, W.ladder.items[i]), pips(score)))
        : []),
    );
    fourPs.hidden = !last;
    if (last)
      fourPs.replaceChildren(
        h('h2', {}, W.decisions.title),
        h('p', { class: 'tiny soft', 'data-testid': 'settles' }, settles(last.decisions)),
        decisionsTable(last.decisions),
      );
  }

  return {
    draw,
    renew: drawn.forget,
  };
}

/**
 * The ladder lying down, for a phone.
 * @param {number} w
 * @param {Quarter[]} quarters
 * @param {number} stage
 */
function rungs(w, quarters, stage) {
  const x = (v) => ((v - 20) / 80) * w,
    last = quarters.at(-1);
  const drawing = s('svg', {
    width: w,
    height: 58,
    role: 'img',
    'aria-label': W.ladder.label(last?.score, stage),
    'data-testid': 'ladder',
  });
  for (let i = 1; i <= 4; i++) {
    const on = i === stage;
    drawing.append(
      s('rect', {
        x: r1(x(20 * i) + 1),
        y: 22,
        width: r1(w / 4 - 2),
        height: 30,
        fill: T.stage[i],
        'fill-opacity': on ? 1 : 0.12,
      }),
      text(x(20 * i) + 8, 41, W.numerals[i], { bold: true, size: T.text2, fill: on ? T.stageOn[i] : T.ink2 }),
    );
  }
  if (!last) return drawing;
  const xm = x(last.scoreM),
    xs = x(last.scoreS),
    apart = Math.max(14 - Math.abs(xs - xm), 0) / 2, // neither lies on the other
    way = xs < xm ? -1 : 1;
  drawing.append(
    s('rect', {
      x: r1(xm - way * apart - 6),
      y: 4,
      width: 12,
      height: 12,
      fill: T.marketing,
      'data-testid': 'score-marketing',
    }),
    s('circle', { cx: r1(xs + way * apart), cy: 10, r: 6.5, fill: T.sales, 'data-testid': 'score-sales' }),
    s('path', { d: `M${r1(x(last.score))} 18V56`, stroke: '#fff', 'stroke-width': 5 }),
    s('path', { d: `M${r1(x(last.score))} 18V56`, stroke: T.ink, 'stroke-width': 2.5 }),
  );
  return drawing;
}
