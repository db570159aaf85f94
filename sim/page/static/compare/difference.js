// Between two floors: the difference over time with the band of thirty markets, or the words that there is none to be seen.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { Outcome } from '../common/types.js'
 */
import { redraws } from '../common/redraws.js';
import { WEEK, YEAR } from '../common/store.js';
import { h, r1, s, sizeOf, T, text } from '../common/svg.js';
import { W } from '../common/words.js';
import { isNoise } from './differs.js';
import { axisFor, bandOf, digits, pathOf } from '../money/chart.js';

/**
 * @param {HTMLElement} between
 * @param {App} app
 */
export function makeDifference(between, app) {
  const drawn = redraws();

  /** @param {number} day */
  function draw(day) {
    const { markets, lines } = app,
      [w, height] = sizeOf(between),
      week = Math.floor(day / WEEK) - 1;
    if (w < 200 || !drawn.isNew(w, height, day, markets, lines, app.stale, app.plan.isBaseline)) return;
    const net = markets?.bands.b && markets.outcomes.net_value;
    if (net && isNoise(net) && !app.plan.isBaseline && !app.stale) between.replaceChildren(...rings(net, w, height));
    else between.replaceChildren(...difference(day, week, w, height, net));
  }

  /**
   * @param {number} day
   * @param {number} week
   * @param {number} w
   * @param {number} height
   * @param {Outcome} net
   */
  function difference(day, week, w, height, net) {
    const { unit } = T,
      narrow = w < 640, // the words stand above the lines
      paired = app.markets?.bands.b ? app.markets.paired.contribution : null,
      x0 = (narrow ? (T.small ? 44 : 76) : 330) * unit, // a large window has the stream at its left
      x1 = w - (narrow ? 16 : 112) * unit;
    const a = app.stores.a.weekly('contribution', day),
      b = app.stores.b.weekly('contribution', day),
      line = b.slice(0, a.length).map((v, i) => v - a[i]);
    const x = (d) => x0 + ((x1 - x0) * d) / app.horizon,
      { low, high, ticks, step } = axisFor(
        [0, ...line, ...(paired ? [...paired.band_low, ...paired.band_high] : [])],
        3,
      );
    const y0 = (narrow ? 96 : 14) * unit,
      y1 = height - 26 * unit,
      y = (v) => y1 - ((v - low) / (high - low)) * (y1 - y0),
      now = line.at(-1) ?? 0;
    const drawing = s('svg', { width: w, height, role: 'img', 'aria-label': W.compare.difference });
    for (const tick of ticks)
      drawing.append(
        s('line', { x1: x0, x2: x1, y1: r1(y(tick)), y2: r1(y(tick)), stroke: tick === 0 ? T.ink : T.hair }),
        text(x0 - 8, y(tick) + 4, tick === 0 ? '0' : (tick < 0 ? '−' : '+') + Math.abs(tick).toFixed(digits(step)), {
          at: 'end',
        }),
      );
    if (paired)
      drawing.append(
        s('path', {
          d: bandOf(paired.band_low, paired.band_high, x, y),
          fill: T.band,
          'data-testid': 'difference-band',
        }),
        s('line', { x1: x0, x2: x1, y1: r1(y(0)), y2: r1(y(0)), stroke: T.ink }),
        narrow
          ? ''
          : text(x1 + 8, y((paired.band_low.at(-1) + paired.band_high.at(-1)) / 2) + 4, W.strip.band(app.markets.n)),
      );
    if (line.length)
      drawing.append(
        s('path', {
          d: pathOf(line, x, y),
          fill: 'none',
          stroke: T.ink,
          'stroke-width': T.run,
          'data-testid': 'difference-line',
        }),
        s('circle', {
          cx: r1(x(line.length * WEEK)),
          cy: r1(y(now)),
          r: 4.5,
          fill: T.ink,
          stroke: '#fff',
          'stroke-width': 2,
        }),
      );
    const years = Math.ceil(app.horizon / YEAR),
      every = Math.ceil((62 * unit * years) / Math.max(x1 - x0, 1));
    for (let year = 0; year < years; year += every)
      drawing.append(text(x(year * YEAR), height - 8, W.strip.year(year + 1)));
    const sure = paired && week >= 0 && (paired.low[week] > 0 || paired.high[week] < 0);
    const last = paired ? [paired.low.at(-1), paired.high.at(-1)] : null;
    return [
      h(
        'div',
        { class: 'between-said' },
        h('p', { class: 'small soft' }, W.compare.difference),
        h('p', { class: 'figure' }, W.compare.unit(Math.abs(now) < 5e-3 ? '0' : W.signedMoney(now))),
        h(
          'p',
          { class: 'small soft', 'data-testid': 'verdict' },
          app.plan.isBaseline
            ? W.notice.equalPlans
            : !paired
              ? app.progress
                ? W.compare.running(...app.progress)
                : W.strip.updating
              : sure
                ? W.compare.sure(
                    app.markets.n,
                    ...[paired.low[week], paired.high[week]].map((v) => W.signedMoney(v, paired.high[week])),
                  )
                : W.compare.noise,
          h('br', {}),
          last && net && !app.plan.isBaseline ? W.compare.years5(W.signedMoney(last[0]), W.signedMoney(last[1])) : '',
        ),
      ),
      drawing,
    ];
  }

  /**
   * Inside the noise: the words first, then every market as a ring, and the interval as a bar across zero.
   * @param {Outcome} net
   * @param {number} w
   * @param {number} height
   */
  function rings(net, w, height) {
    const share = net.values.map((v) => (v / Math.abs(net.a)) * 100),
      most = Math.max(...share.map(Math.abs), 0.5) * 1.1,
      narrow = w < 640,
      x0 = narrow ? 16 : Math.max(w * 0.3, 250 * T.unit),
      x1 = narrow ? w - 16 : w - 40,
      size = net.values.length > 60 ? 3 : 4;
    const x = (v) => x0 + ((v + most) / (2 * most)) * (x1 - x0),
      y = height - 42,
      low = (net.low / Math.abs(net.a)) * 100,
      high = (net.high / Math.abs(net.a)) * 100,
      columns = new Map();
    const drawing = s('svg', { width: w, height, role: 'img', 'aria-label': W.compare.rings });
    for (const v of [-0.75, -0.375, 0.375, 0.75])
      drawing.append(
        s('line', { x1: r1(x(v * most)), x2: r1(x(v * most)), y1: y - 46, y2: y + 6, stroke: T.hair }),
        text(x(v * most), y + 22, W.compare.percent(v * most), { at: 'middle' }),
      );
    drawing.append(
      s('line', { x1: r1(x(0)), x2: r1(x(0)), y1: y - 56, y2: y + 6, stroke: T.ink, 'stroke-width': 1.5 }),
      text(x(0), y + 22, W.compare.none, { at: 'middle' }),
    );
    for (const v of [...share].sort((p, q) => p - q)) {
      const column = Math.round(x(v) / (size * 2 + 2)),
        n = columns.get(column) || 0;
      columns.set(column, n + 1);
      drawing.append(
        s('circle', {
          cx: column * (size * 2 + 2),
          cy: r1(y - 6 - n * (size * 2 + 1)),
          r: size - 0.5,
          fill: T.plate,
          stroke: T.ink2,
          'stroke-width': 1.4,
        }),
      );
    }
    drawing.append(
      s('rect', { x: r1(x(low)), y, width: r1(Math.max(x(high) - x(low), 2)), height: 5, fill: T.ink }),
      narrow ? '' : text(w - 16, 18, W.compare.rings, { at: 'end', halo: T.plate }),
    );
    return [
      h(
        'div',
        { class: 'between-said' },
        h('p', { class: 'cannot', 'data-testid': 'verdict' }, W.compare.cannot),
        h('p', { class: 'small soft' }, W.compare.between(net.n, W.compare.percent(low), W.compare.percent(high))),
      ),
      drawing,
    ];
  }

  return {
    draw,
    renew: drawn.forget,
  };
}
