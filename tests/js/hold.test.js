// What a class may not see before a reveal, as its pages keep it back.
import assert from 'node:assert/strict';
import test from 'node:test';
import { heldPlan, upTo } from '../../sim/page/static/class/hold.js';

const HOLD = { day: 65, levers: ['liaison.count'], scenarios: ['default'] };
const plan = (scenario, name, day) => {
  const arm = { scenario, changes: [{ day: 0, values: { [name]: 1 } }] };
  return { arms: { a: arm }, base: { scenario: 'default' }, seed: 3, day };
};

test('no day beyond the card is asked for, whatever is asked', () => {
  assert.deepEqual(
    [upTo(HOLD, 400), upTo(HOLD, 3), upTo({ ...HOLD, day: null }, 400), upTo(null, 400)],
    [65, 3, 400, 400],
  );
  assert.equal(heldPlan(HOLD, plan('default', 'liaison.count', 300)).day, 65);
});

test('levers and organizations of cards to come are refused with a reason', () => {
  for (const [scenario, name] of [
    ['silo', 'liaison.count'],
    ['default', 'trust.initial'],
  ])
    assert.throws(
      () => heldPlan(HOLD, plan(scenario, name, 0)),
      ({ reasons }) => /when the bet is revealed/.test(reasons[0]),
    );
});
