// The part of the strip that lasts while days pass: axes, the band of thirty markets, the baseline's ghost, what lies ahead, flags.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { LeverAbout, Measure } from '../common/types.js'
 */
import { YEAR } from '../common/store.js';
import { r1, s, T, text } from '../common/svg.js';
import { W } from '../common/words.js';
import { axisFor, bandOf, digits, pathOf, roomy } from './chart.js';

/** @type {Measure[]} */
export const MEASURES = ['revenue', 'contribution']; // flows, named alike in frames and in lines
const GHOST = () => ({ stroke: T.ghost, 'stroke-width': T.ghostWidth, 'stroke-dasharray': T.dashGhost });
const AHEAD = () => ({ stroke: T.ink2, 'stroke-width': 1, 'stroke-opacity': 0.75 });
const FLAG_ROWS = 4; // names of flags that stand close together, one below the other
/** @type {(row: number) => string} */
const clip = (row) => `money-row-${row}`;

/**
 * Draws into `lasting`; gives back the time axis, the rows of the two measures, and their scales.
 * @param {SVGElement} lasting
 * @param {App} app
 * @param {number} w
 * @param {number} height
 */
export function drawMoney(lasting, app, w, height) {
  const own = () => app.lines?.arms[app.main] || null;
  const ghost = () => (app.showsGhost && !app.blind && !app.plan.isBaseline ? app.lines?.base : null);
  const band = () => (app.blind ? null : app.markets?.bands[app.main] || null);
  const { unit } = T,
    short = height < 220 * unit,
    x0 = 236 * unit,
    x1 = w - 112 * unit,
    horizon = app.horizon;
  const axis = { x: (day) => x0 + ((x1 - x0) * day) / horizon, day: (x) => ((x - x0) / (x1 - x0)) * horizon };
  const rows = (
    short
      ? [
          [8, 50],
          [64, 104],
        ]
      : [
          [14, 88],
          [104, 172],
        ]
  ).map((row) => row.map((y) => y * unit));
  const ry = (short ? 112 : 180) * unit,
    { x } = axis;
  lasting.replaceChildren(
    s(
      'defs',
      {},
      rows.map(([y0, y1], row) =>
        s(
          'clipPath',
          { id: clip(row) },
          s('rect', { x: x0, y: y0 - 6, width: Math.max(x1 - x0, 1), height: y1 - y0 + 10 }),
        ),
      ),
    ),
  );
  const scales = MEASURES.map((name, i) => {
    const [y0, y1] = rows[i],
      range = band()?.[name],
      lines = [
        app.store.weekly(name, app.store.last),
        app.blind ? roomy(app.store, name) : own()?.[name] || [],
        ghost()?.[name] || [],
        ...(range ? [range.low, range.middle, range.high] : []),
      ];
    const { low, high, ticks, step } = axisFor(lines.flat(), short ? 2 : 3),
      y = (v) => y1 - ((v - low) / (high - low)) * (y1 - y0);
    for (const tick of ticks)
      lasting.append(
        s('line', { x1: x0, x2: x1, y1: r1(y(tick)), y2: r1(y(tick)), stroke: T.hair }),
        text(x0 - 8, y(tick) + 4, W.fixed(tick, digits(step)), { at: 'end' }),
      );
    const labels = [],
      label = (each) => Number.isFinite(each[1]) && labels.push(each); // no week, no line and no end of it
    if (range) {
      lasting.append(
        s('path', {
          d: bandOf(range.low, range.high, x, y),
          fill: T.band,
          'clip-path': `url(#${clip(i)})`,
          'data-testid': 'band',
        }),
      );
      label([
        W.strip.band(app.markets.n),
        (range.low.at(-1) + range.high.at(-1)) / 2,
        { stroke: T.band, 'stroke-width': 8 },
      ]);
    }
    if (ghost()) {
      lasting.append(
        s('path', {
          d: pathOf(ghost()[name], x, y),
          fill: 'none',
          ...GHOST(),
          'data-testid': 'ghost',
        }),
      );
      label([W.strip.baseline, ghost()[name].at(-1), GHOST()]);
    }
    const ahead = !app.blind && own();
    if (ahead) {
      lasting.append(
        s('path', {
          d: pathOf(ahead[name], x, y),
          fill: 'none',
          ...AHEAD(),
          'data-testid': 'ahead',
        }),
      );
      label([W.strip.ahead, ahead[name].at(-1), AHEAD()]);
    }
    lasting.append(...labelled(labels, x1, y, y0, y1));
    if (!ticks.length && own()) lasting.append(text((x0 + x1) / 2, (y0 + y1) / 2, W.strip.noWeek, { at: 'middle' }));
    return { y };
  });
  if (app.blind)
    lasting.append(
      text((x(app.store.last) + x1) / 2, (rows[0][0] + rows[1][1]) / 2 - 8, W.strip.notYet, {
        at: 'middle',
        size: T.text3,
        halo: T.plate,
      }),
    );
  lasting.append(text(x0 - 8, ry + 24 * unit, W.strip.stage, { at: 'end', bold: true, fill: T.ink, size: T.text2 }));
  const years = Math.ceil(horizon / YEAR),
    every = Math.ceil((62 * unit * years) / Math.max(x1 - x0, 1));
  for (let year = 0; year < years; year += every)
    lasting.append(
      s('line', { x1: r1(x(year * YEAR)), x2: r1(x(year * YEAR)), y1: ry, y2: ry + 32 * unit, stroke: T.edge }),
    );
  drawFlags(lasting, app, x, ry, rows[0][0]);
  return { axis, rows, scales, ribbonTop: ry, years, every };
}

/**
 * Labels at the lines' ends in the order of the ends, apart from one another, each after a sample of its line.
 * @param {any[]} labels
 * @param {number} x1
 * @param {(value: number) => number} y
 * @param {number} y0
 * @param {number} y1
 */
function labelled(labels, x1, y, y0, y1) {
  const apart = T.text1 + 3,
    placed = labels.map(([said, v, look]) => ({ said, look, end: y(v), y: 0 })).sort((a, b) => a.end - b.end);
  placed.forEach((each, n) => {
    each.y = Math.max(each.end, n ? placed[n - 1].y + apart : y0 - 2);
  });
  const over = placed.length ? Math.max(placed.at(-1).y - (y1 + 2), 0) : 0;
  for (let n = placed.length - 1; n >= 0; n--)
    placed[n].y = Math.min(placed[n].y - (n === placed.length - 1 ? over : 0), (placed[n + 1]?.y ?? Infinity) - apart);
  return placed.flatMap(({ said, look, end, y: at }) => [
    s('path', { d: `M${x1 + 1} ${r1(end)}L${x1 + 8} ${r1(at)}`, fill: 'none', stroke: T.edge }),
    s('line', { x1: x1 + 9, x2: x1 + 25, y1: r1(at), y2: r1(at), ...look }),
    text(x1 + 30, at + 4, said, { 'data-testid': 'line-label' }),
  ]);
}

/**
 * Where a lever moved, and what happens by itself in the scenario.
 * @param {SVGElement} lasting
 * @param {App} app
 * @param {(day: number) => number} x
 * @param {number} ry
 * @param {number} top
 */
function drawFlags(lasting, app, x, ry, top) {
  const changes = app.plan.about.scenarios[app.plan.organization.scenario].changes.map((each) => ({
    day: each.day,
    said: each.shock ? W.shocks[each.shock] || each.shock : nameOf(app.about.levers, each.values),
    soft: true,
  }));
  const own = app.plan.changes.map((each) => ({
    day: each.day,
    said: nameOf(app.about.levers, each.values),
    soft: false,
  }));
  const free = Array.from({ length: FLAG_ROWS }, () => -Infinity); // by row: where there is room again
  for (const flag of [...changes, ...own].sort((a, b) => a.day - b.day)) {
    if (app.blind && flag.day > app.day) continue;
    const at = x(flag.day),
      width = flag.said.length * T.text1 * 0.58 + 12;
    lasting.append(
      s('line', {
        x1: r1(at),
        x2: r1(at),
        y1: top + 2,
        y2: ry + 28,
        stroke: T.ink,
        'stroke-dasharray': '1 4',
        'stroke-linecap': 'round',
        'stroke-width': 1.5,
        'stroke-opacity': flag.soft ? 0.6 : 1,
      }),
    );
    const row = free.findIndex((from) => at + 5 > from);
    if (row >= 0) {
      lasting.append(
        text(at + 5, top + 8 * T.unit + row * (T.text1 + 2), flag.said, {
          bold: !flag.soft,
          fill: flag.soft ? T.ink2 : T.ink,
          halo: T.plate,
        }),
      );
      free[row] = at + width;
    }
  }
}

/** @type {(levers: Record<string, LeverAbout>, values: Record<string, number>) => string} */
const nameOf = (levers, values) => {
  const names = [...new Set(Object.keys(values).map((name) => W.flags.of(levers, name)))];
  return names.length > 1 ? W.flags.more(names[0], names.length - 1) : names[0];
};
