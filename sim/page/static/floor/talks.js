// Talks over the gap: solid about work, broken with "!" about a complaint; three widths of trust. The newest are drawn, the rest is a number.
// @ts-check
/**
 * @import { FrameStore } from '../common/store.js'
 * @import { Geometry } from '../common/types.js'
 */
import { r1, s, T, text } from '../common/svg.js';
import { W } from '../common/words.js';

const MOST = 14;

/**
 * Broken also where trust is thick: the pieces grow with the line.
 * @type {(width: number) => string}
 */
const dashes = (width) =>
  T.dashComplaint
    .split(/[ ,]+/)
    .map((each) => r1(Number(each) * Math.max(1, width / 2)))
    .join(' ');

/** @param {SVGElement} host */
export function makeTalks(host) {
  const arcs = s('g', { class: 'talks', 'pointer-events': 'none' }),
    signs = s('g', { class: 'signs', 'pointer-events': 'none' });
  host.append(arcs);

  /**
   * @param {number} day
   * @param {FrameStore} store
   * @param {Geometry} g
   */
  function draw(day, store, g) {
    arcs.replaceChildren();
    signs.replaceChildren();
    const talks = store.talksAt(day).filter((talk) => g.seats.has(talk.a) && g.seats.has(talk.b));
    const width = [0, T.trust1, T.trust2, T.trust3].map((each) => each * (g.scale < 0.8 ? 0.8 : 1));
    talks.slice(0, MOST).forEach((talk, i) => {
      const a = g.seats.get(talk.a),
        b = g.seats.get(talk.b);
      const brokered = a.desk.k === 'l' || b.desk.k === 'l';
      const lift =
        (brokered ? 8 * ((i % 3) - 1) : 22 + 10 * (i % 3)) * g.scale * (a.y > (g.top + g.ground) / 2 ? -1 : 1);
      const x = (a.x + b.x) / 2,
        y = (a.y + b.y) / 2 - lift,
        fade = 1 - talk.age * 0.13;
      arcs.append(
        s('path', {
          d: `M${r1(a.x)} ${r1(a.y)}Q${r1(x)} ${r1(y)} ${r1(b.x)} ${r1(b.y)}`,
          fill: 'none',
          stroke: talk.complaint ? T.ink : T.ink2,
          'stroke-width': talk.complaint ? Math.max(width[talk.trust], 1.25) : width[talk.trust],
          'stroke-opacity': r1((talk.complaint ? 1 : 0.8) * fade * 10) / 10,
          ...(talk.complaint ? { 'stroke-dasharray': dashes(width[talk.trust]) } : { 'stroke-linecap': 'round' }),
        }),
      );
      if (talk.complaint && !(talk.brokered && b.desk.k !== 'l')) {
        const t = brokered ? 0.72 : 0.5,
          u = 1 - t,
          mx = u * u * a.x + 2 * u * t * x + t * t * b.x,
          my = u * u * a.y + 2 * u * t * y + t * t * b.y,
          size = g.font;
        signs.append(
          s('circle', {
            cx: r1(mx),
            cy: r1(my),
            r: r1(size * 0.72),
            fill: T.plate,
            stroke: T.ink,
            'stroke-width': 1.5,
          }),
          text(mx, my + size * 0.36, '!', { at: 'middle', size: size * 1.05, bold: true, fill: T.ink }),
        );
      }
    });
    const total = store.sum('contacts', day - 4, day),
      rest = Math.round(total - Math.min(talks.length, MOST));
    if (talks.length > MOST && rest > 0) {
      const said = g.gap > 150 ? W.floor.more(rest) : W.floor.moreShort(rest),
        width = said.length * g.font * 0.5 + 12;
      // On a plate of its own: a line that passes behind must not strike it through.
      signs.append(
        s('rect', {
          x: r1(g.gc - width / 2),
          y: r1(g.top + g.font * 0.15),
          width: r1(width),
          height: r1(g.font * 1.4),
          rx: 3,
          fill: T.paper,
        }),
        text(g.gc, g.top + g.font * 1.2, said, { at: 'middle', 'data-testid': 'more-talks' }),
      );
    }
  }

  return { draw, signs };
}
