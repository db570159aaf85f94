// The page's own engine beside its answers (tests/test_page_engine.py compares those with Python's).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { band, fixed, meanInterval, short, sum } from '../../sim/page/static/engine/statistics.js';
import { leversOf, mixture, shares } from '../../sim/page/static/engine/why.js';
import { firstDifference, Scenario } from '../../sim/page/static/engine/scenario.js';

test('what lies just between two numbers goes to the even one, as in Python', () => {
  assert.equal(fixed(0.125, 2), '0.12');
  assert.equal(fixed(0.375, 2), '0.38');
  assert.equal(fixed(-0.125, 2), '-0.12');
  assert.equal(fixed(2.5, 0), '2');
  assert.equal(fixed(12.25, 1), '12.2');
  assert.equal(short(0.03125), 0.0312);
  assert.equal(short(1 / 3), 0.3333);
});

test('a sum is that of its parts, however many there are', () => {
  for (const n of [0, 1, 7, 8, 9, 127, 128, 129, 1300])
    assert.equal(sum(Array.from({ length: n }, (_, k) => k)), (n * Math.max(n - 1, 0)) / 2);
});

test('a band holds what it says, and equal values have no interval', () => {
  const lines = [5, 1, 4, 2, 3, 6, 9, 8, 7].map((value) => [value]);
  assert.deepEqual(band(lines, 0.8), [[1], [5], [9]]);
  assert.deepEqual(meanInterval([2, 2, 2], [12.7, 4.3]), { mean: 2, low: 2, high: 2 });
});

test('shares of levers add up to the difference', () => {
  assert.deepEqual(shares([0, 1, 2, 5]), [2, 3]);
});

/** A scenario that nothing is lived by: two levers, one that only stands with the other. */
const kit = () => {
  const number = (type, low, high, value) => ({ at: 0, type, places: 1, low, high, default: value });
  const told = { title: 'A firm', days: 100, values: {}, changes: [], measured: {}, told: null, names: null };
  return /** @type {any} */ ({
    layout: {
      numbers: {
        liaison: { size: 16, fields: { count: number('i8', 0, 9, 0), hired: number('i8', 0, 1, 0) } },
        workforce: { size: 16, fields: { marketers: number('i8', 1, 99, 3), salespeople: number('i8', 1, 99, 5) } },
      },
    },
    data: {
      scenarios: { firm: told },
      measured: [],
      numbers: Object.fromEntries(
        ['liaison.count', 'liaison.hired', 'workforce.marketers'].map((name) => [name, { allowed: '', unit: '' }]),
      ),
    },
  });
};
const change = (day, values) => ({ day, values, shock: null, days: null });

test('levers that cannot be moved alone are one bar', () => {
  const base = Scenario.read(kit(), 'firm'),
    plan = base.with([change(10, { 'liaison.count': 4 }), change(10, { 'workforce.marketers': 9 })]);
  const [only, ...others] = leversOf(base, plan);
  assert.equal(others.length, 0);
  assert.match(only.name, /liaison.count = 4, day 10: workforce.marketers = 9$/);
  assert.equal(mixture(base, plan, [only]).theoryOn(10).liaison.count, 4);
  assert.throws(() => base.with([change(10, { 'liaison.count': 4 })]), /no 4 of 3 on day 10/);
});

test('two plans share the days before the first change that differs', () => {
  const base = Scenario.read(kit(), 'firm'),
    early = base.with([change(20, { 'liaison.count': 1 }), change(60, { 'liaison.count': 2 })]),
    late = base.with([change(20, { 'liaison.count': 1 }), change(70, { 'liaison.count': 2 })]);
  assert.equal(firstDifference(early, late), 60);
  assert.equal(firstDifference(base, late), 20);
  assert.equal(firstDifference(late, late), 100);
});
