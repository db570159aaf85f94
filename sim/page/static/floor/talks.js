// Talks over the gap: solid about work, broken with "!" about a complaint; three widths of trust. The newest are drawn, the rest is a number.
// @ts-check
/**
 * @import { FrameStore } from '../common/store.js'
 * @import { Geometry } from '../common/types.js'
 */
import { r1, s, T, text } from '../common/svg.js';
import { W } from '../common/words.js';

const MOST = 14,
  ALONG = [0.5, 0.38, 0.62, 0.28, 0.72, 0.2, 0.8]; // where on its line a complaint's sign may stand, the best first

/** @typedef {{x: number, y: number, w: number, h: number}} Plate the middle of something drawn, and its size */

/**
 * The first place where nothing stands yet; the first of all where there is none.
 * @type {(places: [number, number][], size: number, taken: Plate[]) => [number, number]}
 */
export const freeAmong = (places, size, taken) =>
  places.find(([x, y]) =>
    taken.every((each) => Math.abs(x - each.x) >= (size + each.w) / 2 || Math.abs(y - each.y) >= (size + each.h) / 2),
  ) ?? places[0];

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
    const total = store.sum('contacts', day - 4, day),
      rest = talks.length > MOST ? Math.max(Math.round(total - MOST), 0) : 0,
      more = !rest ? '' : g.gap > 150 ? W.floor.more(rest) : W.floor.moreShort(rest),
      plate = { x: g.gc, y: g.top + g.font * 0.85, w: more.length * g.font * 0.5 + 12, h: g.font * 1.4 };
    /** @type {Plate[]} */
    const taken = more ? [plate] : [];
    for (const { desk, x, y } of g.seats.values())
      if (desk.k === 'l') {
        const name = { x, y: y + g.person * 0.82 + g.font * 0.8, w: g.font * (g.gap > 150 ? 9 : 4.4), h: g.font * 1.4 };
        taken.push({ x, y, w: g.person * 1.7, h: g.person * 1.7 }, name); // where a liaison stands, and its name
      }
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
        const size = g.font,
          along = (t) => (1 - t) * (1 - t),
          places = (brokered ? [0.72, ...ALONG] : ALONG).map(
            (t) =>
              /** @type {[number, number]} */ ([
                along(t) * a.x + 2 * (1 - t) * t * x + t * t * b.x,
                along(t) * a.y + 2 * (1 - t) * t * y + t * t * b.y,
              ]),
          ),
          [mx, my] = freeAmong(places, size * 1.6, taken);
        taken.push({ x: mx, y: my, w: size * 1.6, h: size * 1.6 });
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
    if (more)
      // On a plate of its own: a line that passes behind must not strike it through.
      signs.append(
        s('rect', {
          x: r1(plate.x - plate.w / 2),
          y: r1(plate.y - plate.h / 2),
          width: r1(plate.w),
          height: r1(plate.h),
          rx: 3,
          fill: T.paper,
        }),
        text(g.gc, g.top + g.font * 1.2, more, { at: 'middle', 'data-testid': 'more-talks' }),
      );
  }

  return { draw, signs };
}
