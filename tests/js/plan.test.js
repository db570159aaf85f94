// A plan: levers moved on days, undone and redone, held against its baseline.
import assert from 'node:assert/strict';
import test from 'node:test';
import { changedParts, textOf } from '../../sim/page/static/common/changed.js';
import { Plan } from '../../sim/page/static/common/plan.js';
import { chance } from '../../sim/page/static/common/svg.js';
import { about } from './made.js';

const LIAISON = 'liaison.count',
  plan = (given) => new Plan(about(), given);

/** Moves drawn by chance: [lever, value, day]. */
function moves(seed, n = 30) {
  const draw = chance(seed),
    whole = (most) => Math.floor(draw() * most);
  return Array.from({ length: n }, () => {
    const name = [LIAISON, 'practices.rules', 'distance.between_teams_m', 'trust.initial'][whole(4)];
    return [name, name === 'trust.initial' ? whole(11) / 10 : whole(3), whole(300)];
  });
}

test('a lever has its new value from its day on and the old one before', () => {
  const p = plan();
  assert.ok(p.change(LIAISON, 2, 100));
  assert.deepEqual([p.value(LIAISON, 99), p.value(LIAISON, 100), p.value(LIAISON, 1299)], [0, 2, 2]);
  assert.equal(p.value(LIAISON, 1299, p.base), 0);
  assert.ok(!p.isBaseline && !p.isAsFound);
});

test('what a run begins with is moved on day 0, whatever day it is', () => {
  const p = plan();
  p.change('trust.initial', 0.9, 200);
  assert.equal(p.value('trust.initial', 0), 0.9);
});

test('moving a lever back to what it would be leaves nothing behind', () => {
  const p = plan();
  p.change(LIAISON, 2, 100);
  p.change(LIAISON, 0, 100);
  assert.deepEqual(p.changes, []);
  assert.ok(!p.change(LIAISON, 0, 100), 'nothing moved');
});

test('whatever was moved: days ascend, no lever stands twice on a day, every day moves something', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const p = plan();
    for (const [name, value, day] of moves(seed)) {
      p.change(name, value, day);
      assert.equal(p.value(name, day), value);
      assert.equal(p.value(name, 1299), value, 'what was planned later gives way');
      const days = p.changes.map((each) => each.day);
      assert.deepEqual(
        days,
        [...new Set(days)].sort((a, b) => a - b),
      );
      for (const { values } of p.changes) assert.ok(Object.keys(values).length);
    }
  }
});

test('undo gives every state back, redo goes on to the last', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const p = plan(),
      states = [JSON.stringify(p.state)];
    for (const [name, value, day] of moves(seed)) if (p.change(name, value, day)) states.push(JSON.stringify(p.state));
    for (let at = states.length - 1; at > 0; at--) {
      assert.equal(JSON.stringify(p.state), states[at]);
      assert.ok(p.undo());
    }
    assert.equal(JSON.stringify(p.state), states[0]);
    assert.ok(!p.undo());
    while (p.redo());
    assert.equal(JSON.stringify(p.state), states.at(-1));
  }
});

test('a hand that stays on a lever is one step of undo', () => {
  const p = plan();
  for (const value of [1, 2, 3]) p.change(LIAISON, value, 50, true);
  p.letGo();
  p.change(LIAISON, 4, 50);
  p.undo();
  assert.equal(p.value(LIAISON, 50), 3);
  p.undo();
  assert.ok(p.isAsFound);
});

test('a new change after undo takes the way of redo away', () => {
  const p = plan();
  p.change(LIAISON, 1, 0);
  p.undo();
  p.change(LIAISON, 2, 0);
  assert.ok(!p.redo());
});

test('pinned, the plan is its own baseline; begun anew, all stands as found', () => {
  const p = plan();
  p.change(LIAISON, 1, 65);
  p.pin();
  assert.ok(p.isBaseline && !p.isAsFound);
  assert.deepEqual(p.unlike(100), []);
  p.reset();
  assert.ok(p.isAsFound);
});

test('what is unlike the baseline is named with the day since which it has stood so', () => {
  const p = plan();
  p.change(LIAISON, 1, 65);
  p.change(LIAISON, 2, 130);
  const [only] = p.unlike(200);
  assert.deepEqual(only, { name: LIAISON, value: 2, before: 0, day: 130 });
  assert.deepEqual(p.unlike(64), []);
  assert.ok(!p.parted(64) && p.parted(65));
  assert.deepEqual(p.differs(200), [LIAISON]);
});

test('another organization is unlike in its numbers and in what happens to it', () => {
  const p = plan({ other: 'other' });
  assert.deepEqual(
    p.unlike(120).map((each) => [each.name, each.value, each.before, each.day]),
    [
      ['market.pull_share', 0.4, 0.7, 0],
      [LIAISON, 1, 0, 100],
    ],
  );
});

test('a changed plan lives on until the first day that is another', () => {
  const p = plan();
  p.change(LIAISON, 1, 100);
  const before = p.state;
  assert.equal(p.partsFrom(before), Infinity);
  p.change('practices.rules', 1, 200);
  assert.equal(p.partsFrom(before), 200);
  p.set({ seed: 13 });
  assert.equal(p.partsFrom(before), 0);
});

test('the sentence of what is changed names the last three and counts the older', () => {
  const p = plan();
  assert.equal(textOf(changedParts(p, 0)), 'As the baseline. ');
  p.change(LIAISON, 1, 0);
  p.change('practices.rules', 1, 10);
  p.change('distance.between_teams_m', 2000, 20);
  assert.equal(
    textOf(changedParts(p, 30)),
    'Unlike the baseline: one liaison from the first day; rules of engagement mandated since day 10; ' +
      'farther (2 km) since day 20; all else as in the baseline. ',
  );
  assert.match(textOf(changedParts(p, 30, 1)), /^Unlike the baseline: two older changes; farther/);
  p.change(LIAISON, 0, 40);
  assert.ok(!textOf(changedParts(p, 50)).includes('liaison'));
});

test('told days that came to nothing say so', () => {
  const p = plan();
  p.change(LIAISON, 1, 10);
  p.change(LIAISON, 0, 20);
  assert.equal(textOf(changedParts(p, 30)), 'As the baseline again. ');
});
