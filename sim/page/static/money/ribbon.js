// The stages as a ribbon under a time axis: colour, numeral and height.
// @ts-check
import { QUARTER } from '../common/store.js';
import { r1, s, T, text } from '../common/svg.js';
import { W } from '../common/words.js';

/**
 * stages by quarter; x(day) -> pixels; the ribbon's top and height.
 * @param {{x: (day: number) => number, y: number, height: number, stages: number[], horizon: number}} given
 */
export function ribbon({ x, y, height, stages, horizon }) {
  const group = s(
    'g',
    { 'data-testid': 'ribbon' },
    s('rect', { x: r1(x(0)), y, width: r1(x(horizon) - x(0)), height, fill: 'none', stroke: T.hair }),
  );
  for (let from = 0; from < stages.length;) {
    let to = from;
    while (to < stages.length && stages[to] === stages[from]) to++;
    const stage = stages[from],
      tall = height * (0.28 + (0.72 * stage) / 4),
      x0 = x(from * QUARTER),
      width = x(to * QUARTER) - x0;
    const long = `${W.numerals[stage]} ${W.stages[stage]}`,
      said = width > long.length * T.text1 * 0.56 + 12 ? long : width > 14 ? W.numerals[stage] : '';
    group.append(
      s('rect', { x: r1(x0), y: r1(y + height - tall), width: r1(width), height: r1(tall), fill: T.stage[stage] }),
      s('rect', { x: r1(x0 + width - 2), y, width: 2, height, fill: T.plate }),
      text(x0 + 6, y + height - 2.5, said, {
        bold: true,
        fill: T.stageOn[stage],
      }),
    );
    from = to;
  }
  return group;
}
