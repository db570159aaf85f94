// A hundred places: dots for yes, crosses for no, a ring where the bet stands.
// @ts-check
import { cross, s, T } from '../common/svg.js';

const STEP = 27,
  RADIUS = 10.5;

/**
 * `filled` dots of `of`; after the reveal the others are crosses. `rings` stand where bets stand.
 * @param {{filled: number, of?: number, rings?: number[], crosses?: boolean, columns?: number, label: string}} given
 */
export function dots({ filled, of = 100, rings = [], crosses = false, columns = 10, label }) {
  const rows = Math.ceil(of / columns);
  const centre = (i) => [(i % columns) * STEP + STEP / 2, Math.floor(i / columns) * STEP + STEP / 2];
  const marks = Array.from({ length: of }, (_, i) => {
    const [cx, cy] = centre(i);
    if (i < filled) return s('circle', { cx, cy, r: RADIUS, fill: T.ink2 });
    if (crosses) return cross(cx, cy, 5.5, 2.25, T.ink);
    return s('circle', { cx, cy, r: RADIUS - 0.6, fill: T.plate, stroke: T.ink2, 'stroke-width': 1.2 });
  });
  for (const bet of new Set(rings)) {
    if (!bet) continue;
    const [cx, cy] = centre(bet - 1);
    marks.push(s('circle', { class: 'ring', cx, cy, r: RADIUS + 2, fill: 'none', stroke: T.ink, 'stroke-width': 2 }));
  }
  const [width, height] = [columns * STEP, rows * STEP];
  return s(
    'svg',
    { class: 'dots', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label },
    marks,
  );
}
