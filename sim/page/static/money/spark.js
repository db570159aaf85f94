// A small line with its axes, for windows that have no room for the strip.
// @ts-check
import { WEEK, YEAR } from '../common/store.js';
import { r1, s, T, text } from '../common/svg.js';
import { W } from '../common/words.js';
import { axisFor, digits, pathOf } from './chart.js';

const HEIGHT = 92,
  LEFT = 34,
  YEAR_ROOM = 48;

/**
 * A line by the week up to a day, the baseline as its ghost; both may be empty. `room` is what the axis shows at least.
 * @param {number} w
 * @param {number} day
 * @param {number[]} line
 * @param {number[]} base
 * @param {number[]} room
 */
export function spark(w, day, line, base, room = []) {
  const bottom = HEIGHT - 20,
    { low, high, ticks, step } = axisFor([...line, ...base, ...room], 2);
  const x = (d) => LEFT + ((w - LEFT - 6) * d) / Math.max(day, 1),
    y = (v) => bottom - ((v - low) / (high - low)) * (bottom - 8);
  const drawing = s('svg', { width: w, height: HEIGHT, 'aria-hidden': 'true' });
  for (const tick of ticks)
    drawing.append(
      s('line', { x1: LEFT, x2: w, y1: r1(y(tick)), y2: r1(y(tick)), stroke: T.hair }),
      text(LEFT - 5, y(tick) + 4, W.fixed(tick, digits(step)), { at: 'end' }),
    );
  drawing.append(s('line', { x1: LEFT, x2: w, y1: bottom + 0.5, y2: bottom + 0.5, stroke: T.edge }));
  const every = Math.max(Math.ceil((YEAR_ROOM * day) / YEAR / Math.max(w - LEFT, 1)), 1);
  for (let year = 0; year * YEAR < Math.max(day, 1); year += every)
    if (x(year * YEAR) + YEAR_ROOM <= w + 6) drawing.append(text(x(year * YEAR), HEIGHT - 5, W.strip.year(year + 1)));
  if (base.length)
    drawing.append(
      s('path', {
        d: pathOf(base, x, y),
        fill: 'none',
        stroke: T.ghost,
        'stroke-width': 1.5,
        'stroke-dasharray': T.dashGhost,
      }),
    );
  if (line.length)
    drawing.append(
      s('path', { d: pathOf(line, x, y), fill: 'none', stroke: T.ink, 'stroke-width': 2 }),
      s('circle', { cx: r1(x(line.length * WEEK)), cy: r1(y(line.at(-1))), r: 3.5, fill: T.ink }),
    );
  return drawing;
}
