// The small tools that all drawings use: whole words of numbers, chance that is none, redraws.
import assert from 'node:assert/strict';
import test from 'node:test';
import { redraws } from '../../sim/page/static/common/redraws.js';
import { chance, clamp, hash01, r1 } from '../../sim/page/static/common/svg.js';
import { W } from '../../sim/page/static/common/words.js';
import { about } from './made.js';

test('a drawing is new at first, when anything it shows is another, and after it was forgotten', () => {
  const drawn = redraws(),
    state = { changes: [] };
  assert.equal(drawn.isNew(1, 'a', state, NaN), true);
  assert.equal(drawn.isNew(1, 'a', state, NaN), false);
  assert.equal(drawn.isNew(1, 'a', { changes: [] }, NaN), true); // another object, though it looks the same
  assert.equal(drawn.isNew(1, 'a'), true);
  assert.equal(drawn.isNew(1, 'a'), false);
  drawn.forget();
  assert.equal(drawn.isNew(1, 'a'), true);
});

test('nothing shown is not the same as never drawn', () => {
  const drawn = redraws();
  assert.equal(drawn.isNew(), true);
  assert.equal(drawn.isNew(), false);
  assert.equal(drawn.isNew(undefined), true);
});

test('chance follows from its seed, stays in 0..1 and spreads over it', () => {
  const one = chance(97),
    two = chance(97),
    seen = Array.from({ length: 4000 }, () => one());
  assert.deepEqual(
    seen,
    Array.from({ length: 4000 }, () => two()),
  );
  assert.ok(seen.every((x) => x >= 0 && x < 1));
  for (let tenth = 0; tenth < 10; tenth++) {
    const n = seen.filter((x) => Math.floor(x * 10) === tenth).length;
    assert.ok(n > 300 && n < 500, `${n} of 4000 in tenth ${tenth}`);
  }
});

test('a pair of whole numbers has one number 0..1, and another pair another', () => {
  const seen = new Set();
  for (let a = 0; a < 60; a++)
    for (let b = 0; b < 20; b++) {
      const x = hash01(a, b);
      assert.ok(x >= 0 && x < 1);
      assert.equal(x, hash01(a, b));
      seen.add(x);
    }
  assert.ok(seen.size > 1190);
});

test('clamp holds, r1 keeps one digit', () => {
  assert.deepEqual([clamp(-1, 0, 5), clamp(7, 0, 5), clamp(3, 0, 5)], [0, 5, 3]);
  assert.deepEqual([r1(1.249), r1(-0.04), r1(2)], [1.2, -0, 2]);
});

test('thousands are grouped as they always were', () => {
  const before = (n) =>
    Math.round(n)
      .toString()
      .replace(/\B(?=(\d{3})+$)/g, ',')
      .replace('-', '−');
  const numbers = [0, 0.4, 0.5, -0.4, -0.5, 1, 999, 999.5, 1000, 12345, 1234567.8, -1, -999.6, -1000, -1234567];
  for (const n of [...numbers, Number.MAX_SAFE_INTEGER]) assert.equal(W.thousands(n), before(n));
});

test('one is one, all else are many', () => {
  const said = (n) => W.floor.more(n);
  assert.deepEqual(
    [0, 1, 2, 1000].map((n) => said(n)),
    ['and 0 more talks', 'and 1 more talk', 'and 2 more talks', 'and 1,000 more talks'],
  );
});

test('numbers up to twelve are words', () => {
  assert.deepEqual([0, 1, 12, 13, 1300].map(W.count), ['no', 'one', 'twelve', '13', '1,300']);
});

test('metres are said as a person would', () => {
  const said = { 2: '2 m', 30: '30 m', 999: '999 m', 1000: '1 km', 2500: '2.5 km', 12345: '12 km', 2e6: '2,000 km' };
  for (const [metres, text] of Object.entries(said)) assert.equal(W.metres(Number(metres)), text);
});

test('an audit total never stands on a rung that its score has not reached', () => {
  for (let score = 20; score <= 100; score += 0.05) {
    const shown = W.totalOf(score);
    assert.ok(Math.abs(shown - score) <= 1);
    for (const rung of [40, 60, 80]) assert.equal(shown >= rung, score >= rung, `${score} is shown as ${shown}`);
  }
});

test('money has three digits that count, and its sign in front', () => {
  assert.deepEqual([0.123, 1.236, 12.36, 123.6, 1234.6].map(W.strip.money), ['0.12', '1.24', '12.4', '124', '1,235']);
  assert.deepEqual([W.signedMoney(-0.5), W.signedMoney(0.5), W.signedMoney(12.34)], ['−0.50', '+0.50', '+12.3']);
});

test('what is below zero has a minus, never a hyphen, and nothing is below zero that is shown as zero', () => {
  const { levers } = about();
  const shows = [
    W.strip.money,
    W.signedMoney,
    W.thousands,
    W.count,
    W.trimmed,
    (n) => W.fixed(n, 2),
    (n) => W.why.figure(n, 1),
    (n) => W.why.signed(n, 1),
    (n) => W.why.axis(n, 0.5),
    (n) => W.why.interval(n - 1, n, 1),
    (n) => W.why.thousands(n),
    (n) => W.compare.percent(n),
    (n) => W.lesson.number('revenue', n),
    (n) => W.lesson.net(n - 1, n, 30),
    (n) => W.strip.worth(n, 1, n).join(''),
    (n) => W.levers.brief(levers['trust.initial'], n),
  ];
  for (const show of shows)
    for (const n of [-1.634, -12.34, -123.4, -999.7, -1234.5, -1234567]) {
      const said = show(n);
      assert.ok(!/-/.test(said) && said.includes('−'), said);
    }
  for (const digits of [0, 1, 2]) assert.equal(W.fixed(-0.0001, digits), W.fixed(0, digits));
  assert.deepEqual([-0.001, -12.36, -1234.6].map(W.strip.money), ['0.00', '−12.4', '−1,235']);
});

test('a change is said as its lever has it, by direction, number or mode', () => {
  const { levers } = about(),
    said = (name, value, before) => W.change(levers, name, value, before);
  assert.deepEqual(
    [0, 1, 2, 13].map((n) => said('liaison.count', n, 3)),
    ['no liaison', 'one liaison', 'two liaisons', '13 liaisons'],
  );
  assert.equal(said('distance.between_teams_m', 2500, 30), 'farther (2.5 km)');
  assert.equal(said('distance.between_teams_m', 8, 30), 'closer (8 m)');
  assert.deepEqual(
    [0, 1, 2].map((mode) => said('practices.rules', mode, 0)),
    ['rules of engagement left to the teams', 'rules of engagement mandated', 'rules of engagement forbidden'],
  );
  assert.equal(said('trust.initial', 0.25, 0), 'trust 0.25'); // a face without words for its changes
  assert.equal(said('market.pull_share', 0.4, 0.7), 'market pull share 0.4'); // a number without a face
  assert.equal(W.flags.of(levers, 'market.pull_share'), 'pull share');
  assert.equal(W.levers.nameOf(levers, 'market.pull_share'), 'Market pull share');
  assert.equal(said('workforce.product_manager', 1, 0), 'one product manager'); // as a lesson says it
});

test('a value is said with the level it has reached, its number and its unit', () => {
  const { levers } = about();
  assert.deepEqual(
    [0, 0.49, 0.5, 1].map((t) => W.levers.value(levers['trust.initial'], t)),
    ['distrust, 0', 'distrust, 0.49', 'fair, 0.5', 'fair, 1'],
  );
  assert.deepEqual(
    [0, 2].map((n) => W.levers.value(levers['liaison.count'], n)),
    ['none', '2'],
  );
  assert.equal(W.levers.brief(levers['distance.between_teams_m'], 30), '30 m');
});
