// Lines and axes, what a comparison may say, and what an address carries.
import assert from 'node:assert/strict';
import test from 'node:test';
import { chance } from '../../sim/page/static/common/svg.js';
import { isNoise } from '../../sim/page/static/compare/differs.js';
import { saidOf, settles } from '../../sim/page/static/ladder/decisions.js';
import { holdingBack } from '../../sim/page/static/ladder/ladder.js';
import { axisFor, bandOf, digits, pathOf } from '../../sim/page/static/money/chart.js';
import { audit, fourPs } from './made.js';

test('an axis holds all values, with two ticks at least, evenly apart and inside', () => {
  const draw = chance(11);
  for (let n = 0; n < 400; n++) {
    const size = 10 ** (draw() * 8 - 3),
      values = Array.from({ length: 1 + Math.floor(draw() * 20) }, () => (draw() - 0.5) * size);
    for (const wanted of [2, 3]) {
      const { low, high, ticks, step } = axisFor(values, wanted);
      assert.ok(low <= Math.min(...values) && high >= Math.max(...values));
      assert.ok(ticks.length >= 2 && ticks.length < 20);
      ticks.forEach((tick, i) => {
        assert.ok(tick >= low - step * 1e-5 && tick <= high + step * 1e-5);
        if (i) assert.ok(Math.abs(tick - ticks[i - 1] - step) < step * 1e-6);
      });
    }
  }
});

test('where nothing is known an axis has no numbers, and one value gets room', () => {
  assert.deepEqual(axisFor([]).ticks, []);
  assert.deepEqual(axisFor([NaN, Infinity]).ticks, []);
  const { low, high } = axisFor([5]);
  assert.ok(low < 5 && high > 5);
});

test('a tick has as many digits as its step needs, two at most', () => {
  assert.deepEqual([10, 5, 1, 0.5, 0.25, 0.1, 0.025, 0.01, 0.001].map(digits), [0, 0, 0, 1, 2, 1, 2, 2, 2]);
});

test('a path has a point a week, a band comes back the way it went', () => {
  const x = (day) => day,
    y = (value) => value;
  assert.equal(pathOf([1, 2, 3], x, y), 'M5 1L10 2L15 3');
  assert.equal(pathOf([], x, y), '');
  assert.equal(bandOf([1, 2], [3, 4], x, y), 'M5 3L10 4L10 2L5 1Z');
  assert.equal(bandOf([], [], x, y), '');
});

test('an interval that holds zero is noise', () => {
  assert.deepEqual(
    [
      [-1, 1],
      [0, 1],
      [-1, 0],
      [0.1, 1],
      [-1, -0.1],
    ].map(([low, high]) => isNoise({ low, high })),
    [true, true, true, false, false],
  );
});

test('three statements hold the audit back: the lowest, and of equals those that teams can move', () => {
  const items = Array(20).fill(4);
  Object.assign(items, { 0: 1, 5: 2 });
  assert.deepEqual(holdingBack(audit(2, 50, items)), [
    [0, 1],
    [5, 2],
    [13, 4],
  ]);
  const equal = holdingBack(audit(2)).map(([item]) => item);
  assert.deepEqual(equal, [13, 6, 5]);
});

test('of each of the four Ps it is said who leads it, whether the other team was heard, since when, how good it is', () => {
  const said = saidOf(fourPs([{ heard: true, since: 1248, quality: 0.867 }, {}, { since: 0 }]));
  assert.deepEqual(
    said.map(({ name, leads, hears }) => [name, leads, hears]),
    [
      ['Product', 'marketing', 'sales'],
      ['Promotion', 'marketing', 'sales'],
      ['Place', 'sales', 'marketing'],
      ['Price', 'sales', 'marketing'],
    ],
  );
  assert.deepEqual(
    said.map(({ heard, since, good }) => [heard, since, good]),
    [
      [true, '1,248', '0.87'],
      [false, 'start', '0.60'],
      [false, '0', '0.60'],
      [false, 'start', '0.60'],
    ],
  );
});

test('who settles all four is said only where it is one person', () => {
  const all = (settled) => settles(fourPs(Array(4).fill({ settled })));
  assert.deepEqual([all(0), all(1)], ['', '']);
  assert.ok(all(2) && all(3) && all(2) !== all(3));
  assert.equal(settles(fourPs([{ settled: 1 }])), '');
});
