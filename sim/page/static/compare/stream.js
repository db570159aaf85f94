// The one stream of arriving leads that forks into both floors: the same dots above and below.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { Arm, Geometry } from '../common/types.js'
 */
import { redraws } from '../common/redraws.js';
import { hash01, r1, s, T } from '../common/svg.js';

const DAYS = 9; // days a lead spends in the pipe

/**
 * @param {HTMLElement} host
 * @param {App} app
 * @param {() => Partial<Record<Arm, {geometry: Geometry}>>} floors
 */
export function makeStream(host, app, floors) {
  const drawing = s('svg', { 'aria-hidden': 'true' }),
    pipe = s('g'),
    dots = s('g');
  drawing.append(pipe, dots);
  host.append(drawing);
  const placed = redraws();
  let ends = null;

  function place() {
    const box = host.parentElement.getBoundingClientRect(),
      found = ['a', 'b'].map((arm) => {
        const floor = document.querySelector(`[data-testid=floor-${arm}]`)?.getBoundingClientRect(),
          g = floors()[arm]?.geometry;
        return floor && g ? floor.top - box.top + g.top + (g.ground - g.top) * 0.5 : null;
      });
    if (found.includes(null)) return false;
    if (!placed.isNew(...[box.height, ...found].map(Math.round))) return true;
    const x = 27,
      right = 66,
      [ya, yb] = found,
      middle = (ya + yb) / 2;
    ends = { x, right, ya, yb, middle };
    drawing.setAttribute('width', '90');
    drawing.setAttribute('height', String(box.height));
    const arm = (y, way) =>
      `M0 ${middle}H${x - 12}Q${x} ${middle} ${x} ${middle + way * 14}V${y - way * 20}Q${x} ${y} ${x + 20} ${y}H${right - 8}`;
    pipe.replaceChildren(
      s(
        'g',
        { fill: 'none', stroke: T.edge, 'stroke-width': 18, 'stroke-opacity': 0.55 },
        s('path', { d: arm(ya, -1) }),
        s('path', { d: arm(yb, 1) }),
      ),
      s(
        'g',
        { fill: 'none', stroke: T.plate, 'stroke-width': 16 },
        s('path', { d: arm(ya, -1) }),
        s('path', { d: arm(yb, 1) }),
      ),
      ...found.map((y) =>
        s('path', { d: `M${right - 12} ${y - 7}l7 7l-7 7`, fill: 'none', stroke: T.ink2, 'stroke-width': 2 }),
      ),
    );
    return true;
  }

  /**
   * A dot's place in the pipe, 0 at the fork and 1 at the door.
   * @param {number} share
   * @param {number} y
   */
  function spot(share, y) {
    const { x, right, middle } = ends,
      way = y < middle ? -1 : 1,
      long = Math.abs(y - middle),
      turn = right - 12 - x,
      all = long + turn,
      gone = share * all;
    return gone < long ? [x, middle + way * gone] : [x + (gone - long), y];
  }

  return {
    draw(time) {
      if (!place()) return;
      dots.replaceChildren();
      const { ya, yb } = ends,
        shown = { a: ya, b: yb };
      for (const arm of ['a', 'b']) {
        for (const lead of app.stores[arm].leads.values()) {
          const first = lead.versions[0],
            wait = first.day - hash01(lead.twin, 9) - time;
          if (wait < 0 || wait > DAYS || first.m < 0 || first.day === 0) continue;
          const [x, y] = spot(1 - wait / DAYS, shown[arm]);
          dots.append(
            s('circle', {
              cx: r1(x + (hash01(lead.twin, 5) - 0.5) * 5),
              cy: r1(y),
              r: 3.2,
              fill: T.plate,
              stroke: T.ink2,
              'stroke-width': 1.4,
            }),
          );
        }
      }
    },
  };
}
