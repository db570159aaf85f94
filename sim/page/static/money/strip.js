// The bottom: revenue and contribution over time, the baseline as a ghost, thirty markets as a band, the stages, the scrubber.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { Part } from '../common/types.js'
 */
import { redraws } from '../common/redraws.js';
import { WEEK, YEAR } from '../common/store.js';
import { h, r1, s, sizeOf, T, text } from '../common/svg.js';
import { W } from '../common/words.js';
import { pathOf } from './chart.js';
import { drawMoney, MEASURES } from './money.js';
import { ribbon } from './ribbon.js';
import { makeScrubber } from './scrub.js';

/**
 * Customer equity now and on day 0, and the run's one net value where the whole run is known.
 * @type {(app: App, day: number) => [number | null, number | null, number | null, boolean]}
 */
export const worthOf = (app, day) => [
  app.store.equity(day),
  app.store.equity(0),
  app.blind || app.stale ? null : (app.lines?.arms[app.main]?.net_value ?? null),
  day >= (app.store.broke ? app.store.last : app.horizon),
];

/**
 * @param {HTMLElement} host
 * @param {App} app
 * @returns {Part}
 */
export function makeStrip(host, app) {
  const figures = MEASURES.map((name) => {
    const number = h('div', { class: 'n', 'data-testid': name }),
      note = h('p', {}),
      worth = name === 'contribution' ? h('p', { 'data-testid': 'equity' }) : null;
    return {
      box: h(
        'div',
        { class: `kpi ${name}` },
        h('h2', {}, W.strip[name], ' ', h('span', { class: 'soft' }, W.strip.units[name])),
        number,
        note,
        worth,
      ),
      number,
      note,
      worth,
    };
  });
  const lasting = s('g'),
    moving = s('g'),
    drawing = s(
      'svg',
      { class: 'money', role: 'img', 'aria-label': W.strip.label, 'data-testid': 'strip' },
      lasting,
      moving,
    );
  const veil = h('div', { class: 'veil', hidden: true, 'data-testid': 'updating' }, h('span', {}, W.strip.updating));
  const wide = h('div', { class: 'wide-strip' }, ...figures.map((figure) => figure.box), drawing, veil);
  host.replaceChildren(wide);
  const lasts = redraws(),
    moves = redraws();
  let axis = null,
    scales = null,
    rows = null,
    ribbonTop = 0,
    years = 0,
    every = 1;
  const scrubber = makeScrubber(wide, app, () => axis);

  /**
   * @param {number} day
   * @param {number} w
   * @param {number} height
   */
  function drawMoving(day, w, height) {
    const { x } = axis,
      store = app.store,
      ry = ribbonTop,
      now = x(day);
    moving.replaceChildren();
    MEASURES.forEach((column, i) => {
      const line = store.weekly(column, day),
        { y } = scales[i];
      if (!line.length) return;
      moving.append(
        s('path', {
          d: pathOf(line, x, y),
          fill: 'none',
          stroke: T.ink,
          'stroke-width': T.run,
          'stroke-linejoin': 'round',
        }),
      );
      const value = store.rate(column, day);
      moving.append(
        s('circle', { cx: r1(now), cy: r1(y(value)), r: 4.5, fill: T.ink, stroke: '#fff', 'stroke-width': 2 }),
      );
    });
    const stages = store.quartersTo(day).map((quarter) => quarter.stage);
    moving.append(ribbon({ x, y: ry, height: 28 * T.unit, stages, horizon: app.horizon }));
    for (let year = 0; year < years; year += every)
      if (Math.abs(x(year * YEAR) + 16 * T.unit - now) > 56 * T.unit)
        moving.append(text(x(year * YEAR), ry + 43 * T.unit, W.strip.year(year + 1)));
    moving.append(
      s('line', {
        x1: r1(now),
        x2: r1(now),
        y1: rows[0][0] - 6,
        y2: ry + 29 * T.unit,
        stroke: T.ink,
        'stroke-width': 1.5,
      }),
    );
    scrubber.draw(day, now, ry + 45 * T.unit, w, [x(0), x(app.horizon), 0, height]);
  }

  /** @param {number} day */
  function drawFigures(day) {
    const week = Math.floor(day / WEEK) - 1;
    MEASURES.forEach((name, i) => {
      const value = app.store.rate(name, day),
        { number, note, worth } = figures[i];
      number.textContent = value === null ? '–' : W.strip.money(value);
      note.textContent = '';
      worth?.replaceChildren(...W.strip.worth(...worthOf(app, day)).map((said) => h('span', {}, said)));
      if (value === null || app.blind) {
        note.textContent = name === 'contribution' ? W.strip.leftOut : '';
        return;
      }
      const base = app.lines?.base?.[name],
        paired = app.markets?.paired?.[name];
      if (app.plan.isBaseline || !base || week < 0 || week >= base.length) {
        note.textContent = name === 'contribution' ? W.strip.leftOut : '';
        return;
      }
      const difference = app.store.weekly(name, day).at(-1) - base[week];
      if (Math.abs(difference) < 5e-3) {
        note.textContent = W.strip.equal;
        return;
      }
      const noisy = paired && paired.low[week] <= 0 && paired.high[week] >= 0 && !app.stale;
      note.textContent = noisy ? W.strip.noise(difference) : W.strip.against(difference);
    });
  }

  /** @param {number} time */
  function draw(time) {
    if (!app.plan || document.body.classList.contains('is-projected') || app.mode === 'compare') return;
    const day = Math.min(Math.floor(time + 1e-6), Math.max(app.store.last, 0)),
      [w, height] = sizeOf(wide);
    if (w < 300) return;
    // The axis follows what has been lived only where nothing else is known yet.
    const grown = app.lines && !app.blind && !app.stale ? 0 : Math.floor(app.store.last / 15);
    const { showsGhost, blind, horizon, lines, markets, stale, plan } = app;
    if (lasts.isNew(w, height, T.text1, grown, showsGhost, blind, horizon, lines, markets, stale, plan.state)) {
      moves.forget();
      ({ axis, rows, scales, ribbonTop, years, every } = drawMoney(lasting, app, w, height));
      drawing.setAttribute('width', String(w));
      drawing.setAttribute('height', String(height));
      drawing.setAttribute('viewBox', `0 0 ${w} ${height}`);
    }
    if (moves.isNew(day, app.store.last >= day)) {
      drawMoving(day, w, height);
      drawFigures(day);
    }
    const waiting = !app.blind && (app.stale || app.progress !== null || app.tooLarge);
    veil.hidden = !waiting || !axis;
    if (waiting) {
      veil.classList.toggle('whole', app.stale);
      veil.firstChild.textContent = app.tooLarge
        ? W.strip.tooLarge
        : app.progress && !app.stale
          ? `${W.strip.updating} · ${W.strip.progress(...app.progress)}`
          : W.strip.updating;
      veil.style.left = `${axis.x(day) + 2}px`;
      veil.style.right = '0px';
      veil.style.height = `${rows[1][1] + 6}px`;
    }
  }

  return {
    draw,
    renew: lasts.forget,
  };
}
