// A waterfall: from one total to the other by bars that add up. Filled adds, hatched takes away; whiskers are 95 % intervals.
// @ts-check
/** @import { LeverAbout } from '../common/types.js' */
import { r1, s, T, text } from '../common/svg.js';
import { W } from '../common/words.js';

/**
 * A step of 1, 2 or 5 so that a span has about five.
 * @param {number} span
 */
function stepFor(span) {
  const power = 10 ** Math.floor(Math.log10(span / 5));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => span / step <= 6);
}

/**
 * Words on lines of at most so many characters.
 * @param {string} said
 * @param {number} most
 * @param {number} room
 */
function wrapped(said, most, room) {
  const lines = [];
  for (const word of said.split(' ')) {
    if (lines.length && `${lines.at(-1)} ${word}`.length <= most) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines.slice(0, room);
}

const UPRIGHT = 46, // a slot so narrow that names and figures stand upright, or they would lie on one another
  MOST_LETTERS = 24; // of a name that stands upright

/** @type {(said: string) => string} */
const cut = (said) => (said.length > MOST_LETTERS ? `${said.slice(0, MOST_LETTERS - 1)}…` : said);

/** Words that read upwards, from their end or their beginning. @type {(node: SVGElement, x: number, y: number) => SVGElement} */
const upwards = (node, x, y) => {
  node.setAttribute('transform', `rotate(-90 ${r1(x)} ${r1(y)})`);
  return node;
};

/**
 * The drawing. told: what the server answered; opened: the name of the open bar; open(bar) is called for a bar that is chosen.
 * @param {{w: number, height: number, told: any, levers: Record<string, LeverAbout>, opened: string | null,
 *   open: (bar: any) => void}} given
 */
export function waterfall({ w, height, told, levers, opened, open }) {
  const { bars, digits, scale } = told,
    before = Number((told.before / scale).toFixed(digits)),
    after = before + told.shown;
  let running = before;
  const steps = bars.map((bar) => {
    const start = running;
    running += bar.shown;
    return { bar, start, end: running, low: start + bar.low / scale, high: start + bar.high / scale };
  });
  const marks = [before, after, ...steps.flatMap(({ start, end, low, high }) => [start, end, low, high])];
  const top = Math.max(...marks),
    least = Math.min(...marks),
    span = top - least || 1;
  const torn = least - 0.25 * span > 0,
    floor = torn ? least - 0.25 * span : Math.min(least, 0);
  const left = 52,
    right = w - 8,
    slot = (right - left) / (bars.length + 2),
    upright = slot < UPRIGHT;
  const longest = Math.max(
      ...[W.why.a, W.why.b, ...bars.map((bar) => cut(W.why.short(levers, bar)))].map((n) => n.length),
    ),
    foot = height - (upright ? longest * T.text1 * 0.58 + 20 : 62),
    head = upright ? 56 : 30;
  const y = (value) => foot - ((value - floor) / (top - floor || 1)) * (foot - head);
  /** A figure above its bar. */
  const figureAt = (at, over, said, size) =>
    upright
      ? upwards(
          text(at + T.text2 * 0.36, over, said, { bold: true, size: T.text2, fill: T.ink }),
          at + T.text2 * 0.36,
          over,
        )
      : text(at, over, said, { at: 'middle', bold: true, size, fill: T.ink });
  /** A name beneath its bar, on one line that reads upwards; a second line for what is said of it. */
  const standing = (at, line, n, of, look) => {
    const beside = at + T.text1 * 0.36 + (n - (of - 1) / 2) * (T.text1 + 1);
    return upwards(text(beside, foot + 10, line, { at: 'end', ...look }), beside, foot + 10);
  };
  const wide = Math.min(slot * 0.58, 84),
    letters = Math.max(Math.floor(slot / (T.text1 * 0.55)), 6);
  const x = (i) => left + slot * (i + 0.5);
  const drawing = s('svg', { width: w, height, role: 'group', 'aria-label': W.why.label });
  drawing.append(
    s(
      'defs',
      {},
      s(
        'pattern',
        { id: 'hatch', width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
        s('rect', { width: 6, height: 6, fill: T.plate }),
        s('rect', { width: 2.5, height: 6, fill: T.ink }),
      ),
    ),
  );
  const step = stepFor(top - floor);
  for (let at = Math.ceil(floor / step) * step; at <= top + step / 1e6; at += step)
    drawing.append(
      s('path', { d: `M${left} ${r1(y(at))}H${right}`, stroke: T.hair }),
      text(left - 8, y(at) + 4, W.why.axis(at, step), { at: 'end' }),
    );
  const total = (i, value, name) => {
    const a = x(i) - wide / 2,
      t = y(value);
    return s(
      'g',
      {},
      s('rect', {
        x: r1(a),
        y: r1(Math.min(t, y(Math.max(floor, 0)))),
        width: r1(wide),
        height: r1(Math.max(Math.abs(y(Math.max(floor, 0)) - t), 1)),
        fill: T.band,
        stroke: T.ink,
      }),
      torn
        ? s('path', {
            d: `M${r1(a - 2)} ${foot - 8}l${r1(wide / 4)} -7l${r1(wide / 4)} 7l${r1(wide / 4)} -7l${r1(wide / 4 + 4)} 7`,
            stroke: T.paper,
            'stroke-width': 4,
            fill: 'none',
          })
        : null,
      figureAt(x(i), t - 8, W.why.figure(value, digits), T.text4),
      upright
        ? standing(x(i), name, 0, 1, { bold: true, fill: T.ink })
        : text(x(i), foot + 20, name, { at: 'middle', bold: true, fill: T.ink, size: T.text2 }),
    );
  };
  drawing.append(s('path', { d: `M${left} ${r1(foot)}H${right}`, stroke: T.ink }), total(0, before, W.why.a));
  steps.forEach(({ bar, start, end, low, high }, index) => {
    const i = index + 1,
      up = Math.min(y(start), y(end)),
      tall = Math.max(Math.abs(y(start) - y(end)), 1.5);
    const lines = wrapped(W.why.short(levers, bar), letters, slot < 80 ? 4 : 3),
      whole = W.why.bar(W.why.name(levers, bar), W.why.signed(bar.shown, digits), told.shown_unit, bar.noise);
    const act = () => open(bar);
    const group = s(
      'g',
      {
        class: 'why-bar',
        role: 'button',
        tabindex: 0,
        'aria-label': whole,
        'aria-expanded': String(opened === bar.name),
        'data-testid': `why-bar-${index}`,
      },
      s('title', {}, whole),
      s('rect', {
        class: 'why-sheet',
        x: r1(x(i) - slot / 2 + 3),
        y: 3,
        width: r1(slot - 6),
        height: height - 6,
        rx: 4,
        fill: opened === bar.name ? T.plate : 'transparent',
        stroke: opened === bar.name ? T.ink : 'none',
        'stroke-width': 1.5,
      }),
      s('path', {
        d: `M${r1(x(i - 1) + wide / 2)} ${r1(y(start))}H${r1(x(i) - wide / 2)}`,
        stroke: T.ink2,
        'stroke-dasharray': '2 3',
      }),
      s('rect', {
        x: r1(x(i) - wide / 2),
        y: r1(up),
        width: r1(wide),
        height: r1(tall),
        fill: bar.shown < 0 ? 'url(#hatch)' : T.ink,
        stroke: T.ink,
        'stroke-width': 1.25,
      }),
      s('path', {
        d: `M${r1(x(i) + wide / 2 + 6)} ${r1(y(low))}V${r1(y(high))}m-4 0h8M${r1(x(i) + wide / 2 + 2)} ${r1(y(low))}h8`,
        stroke: T.ink2,
        'stroke-width': 1.25,
        fill: 'none',
      }),
      figureAt(x(i), Math.min(up, y(high)) - 8, W.why.signed(bar.shown, digits), slot > 80 ? T.text4 : T.text2),
      upright
        ? [cut(W.why.short(levers, bar)), ...(bar.noise ? [W.why.noiseShort] : [])].map((line, n, { length }) =>
            standing(x(i), line, n, length, n ? {} : { bold: opened === bar.name, fill: T.ink }),
          )
        : [
            lines.map((line, n) =>
              text(x(i), foot + 18 + n * (T.text1 + 2), line, {
                at: 'middle',
                bold: opened === bar.name,
                fill: T.ink,
              }),
            ),
            text(
              x(i),
              foot + 18 + lines.length * (T.text1 + 2),
              slot < 80
                ? bar.noise
                  ? W.why.noiseShort
                  : ''
                : bar.noise
                  ? W.why.noise
                  : W.why.interval(bar.low / scale, bar.high / scale, digits),
              { at: 'middle' },
            ),
          ],
    );
    group.addEventListener('click', act);
    group.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      event.stopPropagation();
      act();
    });
    drawing.append(group);
  });
  drawing.append(
    s('path', {
      d: `M${r1(x(bars.length) + wide / 2)} ${r1(y(after))}H${r1(x(bars.length + 1) - wide / 2)}`,
      stroke: T.ink2,
      'stroke-dasharray': '2 3',
    }),
    total(bars.length + 1, after, W.why.b),
  );
  return drawing;
}
