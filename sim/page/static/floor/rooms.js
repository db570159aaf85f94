// What stands still on a floor: two rooms on a slab, the gap without one, the distance over it, people at their desks.
// @ts-check
/** @import { Desk, Geometry, LeverAbout } from '../common/types.js' */
import { r1, s, T, text } from '../common/svg.js';
import { W } from '../common/words.js';
import { isBroken } from './layout.js';

/**
 * Rooms, gap, slab and the names of it all. `behind` is emptied first; `id` keeps gradients of two floors apart.
 * @param {SVGElement} behind
 * @param {Geometry} g
 * @param {Desk[]} desks
 * @param {LeverAbout} lever the distance's
 * @param {number} metres
 * @param {string} id
 * @param {boolean} [stream]
 */
export function drawRooms(behind, g, desks, lever, metres, id, stream) {
  const { mx, mw, gx, gap, gc, sx, sw, ex, top, ground, base, font, slab } = g,
    span = ground - top;
  const count = (kind) => desks.filter((desk) => desk.k === kind).reduce((n, desk) => n + desk.n, 0);
  const shade = (name, stops, vertical) =>
    s(
      'linearGradient',
      { id: `${id}${name}`, ...(vertical ? { x1: 0, y1: 0, x2: 0, y2: 1 } : {}) },
      stops.map(([offset, colour, opacity]) => s('stop', { offset, 'stop-color': colour, 'stop-opacity': opacity })),
    );
  behind.replaceChildren(
    s(
      'defs',
      {},
      shade(
        'pit',
        [
          [0, T.paper],
          [0.55, T.paper],
          [1, T.pit],
        ],
        true,
      ),
      shade('edge', [
        [0, '#6b5f45', 0.2],
        [1, '#6b5f45', 0],
      ]),
    ),
    s('rect', { x: gx, y: top, width: gap, height: base - top, fill: `url(#${id}pit)`, 'data-testid': 'gap' }),
    s('rect', { x: gx, y: top, width: 16, height: base - top, fill: `url(#${id}edge)` }),
    s('rect', { x: -sx, y: top, width: 16, height: base - top, fill: `url(#${id}edge)`, transform: 'scale(-1 1)' }),
    ...[1, 2, 3, 4, 5].map((i) =>
      s('line', {
        x1: r1(gx + (gap * i) / 6),
        x2: r1(gx + (gap * i) / 6),
        y1: top,
        y2: ground,
        stroke: T.hair,
        'stroke-dasharray': '1 5',
      }),
    ),
    s('rect', { x: mx, y: top, width: mw, height: span, fill: T.plate }),
    s('rect', { x: mx, y: top, width: mw, height: 3, fill: T.marketing }),
    s('rect', { x: sx, y: top, width: sw, height: span, fill: T.plate }),
    s('rect', { x: sx, y: top, width: sw, height: 3, fill: T.sales }),
    s('path', { d: `M${gx} ${top}V${ground}M${sx} ${top}V${ground}`, stroke: T.hair }),
  );
  const y = top - font * 0.75,
    narrow = g.short || mw < font * 12.5;
  behind.append(
    s('rect', { x: mx, y: r1(y - font * 0.78), width: font * 0.8, height: font * 0.8, fill: T.marketing }),
    text(mx + font * 1.25, y, narrow ? W.floor.marketingShort : W.floor.marketing(count('m')), {
      size: font,
      fill: T.marketing,
      bold: true,
    }),
    s('circle', { cx: r1(sx + font * 0.45 + 8), cy: r1(y - font * 0.36), r: font * 0.43, fill: T.sales }),
    text(sx + font * 1.25 + 8, y, g.short ? W.floor.salesShort : W.floor.sales(count('s')), {
      size: font,
      fill: T.salesText,
      bold: true,
    }),
  );
  const long = W.floor.distance(lever, metres),
    said = long.length * font * 0.54 + 44 < gap ? long : W.metres(metres),
    half = (said.length * font * 0.54 + 14) / 2,
    level = y - font * 0.3;
  const broken = isBroken(metres) ? `M${gc - half - 14} ${level + 5}l5 -10m4 10l5 -10` : '';
  if (gap > half * 2 + 20)
    behind.append(
      s(
        'g',
        { stroke: T.ink, fill: 'none', 'stroke-width': 1.25 },
        s('path', {
          d: `M${gx + 1} ${level - 6}v12M${sx - 1} ${level - 6}v12M${gx + 2} ${level}H${gc - half}M${gc + half} ${level}H${sx - 2}M${gx + 8} ${level - 4}l-6 4l6 4M${sx - 8} ${level - 4}l6 4l-6 4${broken}`,
        }),
      ),
    );
  behind.append(text(gc, y, said, { at: 'middle', size: font, bold: true, fill: T.ink, 'data-testid': 'distance' }));
  // The slab: a small trapdoor at every step; in the gap there is none.
  const half2 = 9 * g.scale;
  for (const { from, to, holes } of [
    { from: mx, to: gx, holes: g.steps.slice(0, 3) },
    { from: sx, to: ex, holes: g.steps.slice(4, 6) },
  ]) {
    let at = from;
    for (const hole of [...holes, to + half2]) {
      if (hole - half2 > at)
        behind.append(
          s('rect', { x: r1(at), y: ground, width: r1(Math.min(hole - half2, to) - at), height: slab, fill: T.ink }),
        );
      at = hole + half2;
    }
  }
  behind.append(s('path', { d: `M${mx} ${base + 0.5}H${ex}`, stroke: T.edge }));
  if (g.entry >= 24 && !stream)
    behind.append(
      s('path', { d: `M2 ${top + span * 0.5 - 9}l9 9l-9 9`, fill: 'none', stroke: T.ink2, 'stroke-width': 2 }),
    );
}

/**
 * People at their desks: squares, circles and diamonds that can be reached by the keyboard.
 * @param {SVGElement} people
 * @param {Geometry} g
 * @param {Desk[]} desks
 */
export function drawPeople(people, g, desks) {
  const P = g.person;
  /** @type {HTMLElement | undefined} */
  const held = document.activeElement?.closest?.('.desk'),
    focused = held?.dataset.desk;
  people.replaceChildren(
    ...desks.map((desk) => {
      const { x, y } = g.seats.get(desk.id),
        halo = { stroke: T.plate, 'stroke-width': 2, 'paint-order': 'stroke' };
      const name = desk.n > 1 ? W.floor.people(desk.n) : W.floor.person(desk.name, W.floor.sides[desk.k]);
      const node = s(
        'g',
        {
          class: 'desk',
          role: 'button',
          tabindex: desks[0] === desk ? 0 : -1,
          'aria-label': name,
          'data-desk': desk.id,
          'data-row': desk.row,
          'data-testid': `person-${desk.name || desk.id}`,
        },
        s('title', {}, name),
      );
      if (desk.k === 'm')
        node.append(s('rect', { x: r1(x - P / 2), y: r1(y - P / 2), width: P, height: P, fill: T.marketing, ...halo }));
      else if (desk.k === 's')
        node.append(s('circle', { cx: r1(x), cy: r1(y), r: r1(P / 2 + 0.5), fill: T.sales, ...halo }));
      else {
        const d = P * 0.82,
          first = desks.find((each) => each.k === 'l') === desk,
          many = desks.filter((each) => each.k === 'l').length;
        node.append(
          s('path', {
            d: `M${r1(x)} ${r1(y - d)}l${d} ${d}l${-d} ${d}l${-d} ${-d}z`,
            fill: T.liaison,
            stroke: T.paper,
            'stroke-width': 3,
            'paint-order': 'stroke',
          }),
        );
        if (first)
          node.append(
            text(
              x,
              y + d + g.font * 1.15,
              many > 1 ? W.floor.liaison(many) : desk.from && g.gap > 150 ? W.floor.was(desk.name) : W.floor.liaison(1),
              { at: 'middle', size: g.font, bold: true, fill: T.ink, halo: T.paper },
            ),
          );
      }
      node.append(s('circle', { cx: r1(x), cy: r1(y), r: Math.max(P * 0.75, 11), fill: 'transparent' }));
      return node;
    }),
  );
  /** @type {HTMLElement} */
  const again = focused ? people.querySelector(`[data-desk="${focused}"]`) : null;
  again?.focus();
}

/**
 * The arrows go from desk to desk, Enter chooses one.
 * @param {SVGElement} people
 * @param {(row: number) => void} chosen
 */
export function walkByKeys(people, chosen) {
  people.addEventListener('keydown', (event) => {
    /** @type {HTMLElement[]} */
    const all = Array.from(people.querySelectorAll('.desk')),
      here = all.indexOf(document.activeElement?.closest('.desk'));
    if (here < 0) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      all[here].setAttribute('tabindex', '-1');
      const next = all[(here + step + all.length) % all.length];
      next.setAttribute('tabindex', '0');
      next.focus();
      event.preventDefault();
      event.stopPropagation();
    }
    if (event.key === 'Enter') {
      chosen(Number(all[here].dataset.row));
      event.preventDefault();
    }
  });
}
