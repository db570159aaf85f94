// What a lesson sets, what it measures, and what outlives a reload.
import assert from 'node:assert/strict';
import test from 'node:test';
import { chance } from '../../sim/page/static/common/svg.js';
import {
  answerOf,
  firstOf,
  hoursOf,
  leaving,
  netOf,
  quarterOf,
  quartersBetween,
  soFar,
  standingOf,
} from '../../sim/page/static/lesson/measure.js';
import { keep, recall } from '../../sim/page/static/lesson/memory.js';
import { changesOf } from '../../sim/page/static/lesson/setting.js';
import { audited } from './made.js';

const busy = (day) => (day ? { contacts: 2, handed: 4, tried: 1, revenue: 100 } : {});

test('before the bet a card sets what stands, after it also what the bet changes', () => {
  const card = { before: { a: 1 }, change: { b: 2 }, from: 65 };
  assert.deepEqual(changesOf(card, false), [{ day: 0, values: { a: 1 } }]);
  assert.deepEqual(changesOf(card, true), [
    { day: 0, values: { a: 1 } },
    { day: 65, values: { b: 2 } },
  ]);
  assert.deepEqual(changesOf({ ...card, from: 0 }, true), [{ day: 0, values: { a: 1, b: 2 } }]);
  assert.deepEqual(changesOf({ change: { b: 2 } }, true), [{ day: 0, values: { b: 2 } }]);
  assert.deepEqual(changesOf({}, true), []);
  assert.deepEqual(card.before, { a: 1 }, 'the card itself is not written into');
});

test('a quarter is measured by its own days', () => {
  const store = audited([1, 2], busy),
    { talk, calls, score, revenue, tried, handed } = quarterOf(store, 130);
  assert.deepEqual([talk, calls, score, revenue, tried, handed], [10, 25, 50, 26, 65, 260]);
  assert.deepEqual(
    quartersBetween(store, 0, 999).map((each) => each.end),
    [65, 130],
  );
  assert.deepEqual(
    quartersBetween(store, 65, 129).map((each) => each.end),
    [],
  );
});

test('so far is what the quarter has had up to the day', () => {
  const store = audited([1, 2], busy);
  assert.deepEqual(soFar(store, 66), { tried: 1, handed: 4, calls: 25 });
  assert.deepEqual(soFar(audited([1]), 30), { tried: 0, handed: 0, calls: 0 });
});

const quarter = (more) => ({ talk: 10, calls: 20, score: 50, revenue: 30, ...more });

test('what leaves its baseline by a tenth first is the answer; of two at once the one that went farther', () => {
  const before = [quarter(), quarter()];
  assert.equal(firstOf(before, before), null);
  assert.equal(firstOf(before, [quarter({ score: 54.9 }), quarter({ talk: 8.9 })]), 'talk');
  assert.equal(firstOf(before, [quarter({ talk: 11, calls: 30 }), quarter()]), 'calls');
  const [talk] = leaving(before, [quarter(), quarter({ talk: 12 })]);
  assert.deepEqual(talk, { name: 'talk', quarter: 2, before: 10, after: 12 });
});

test('thirty markets say better, worse or nothing by their interval alone', () => {
  const net = (low, high) =>
    netOf({ outcomes: { net_value: { difference: 500, low, high, n: 3, values: [-1, 2, 3] } } });
  assert.deepEqual(
    [net(1, 9).kind, net(-9, -1).kind, net(-1, 1).kind, net(0, 1).kind],
    ['better', 'worse', 'same', 'same'],
  );
  assert.deepEqual([net(1000, 2000).low, net(1, 2).better, net(1, 2).mean], [1, 2, 0.5]);
});

test('hours are a mean over weeks that were lived', () => {
  assert.deepEqual([hoursOf([10, 20, 90], 4), hoursOf([10, 20, 90], 5), hoursOf([10, 20, 90], 14)], [null, 10, 15]);
});

const page = (store, more = {}) => ({
  store,
  day: store.last,
  rev: 3,
  markets: null,
  lines: null,
  stale: false,
  ...more,
});

test('a bet of calls and of what moves first is answered by the run, one of net value by its markets alone', () => {
  const store = audited([1, 2], busy),
    card = (measure) => ({ bet: { measure }, from: 0, until: 130 });
  assert.equal(answerOf(card('calls'), {}, page(store)).answer, 25);
  const before = quartersBetween(store, 0, 130);
  assert.equal(answerOf(card('first'), { before }, page(store)).answer, null);
  assert.equal(answerOf(card('net'), {}, page(store)), null);
  const markets = { rev: 2, outcomes: { net_value: { difference: 1, low: 1, high: 2, n: 1, values: [1] } } };
  assert.equal(answerOf(card('net'), {}, page(store, { markets })), null, 'those are of an older plan');
  assert.equal(answerOf(card('net'), {}, page(store, { markets: { ...markets, rev: 3 } })).answer, 'better');
});

test('a challenge is won by stage and hours together, and not before its last day', () => {
  const wanted = { stage: 2, days: 130, hours: 60 },
    store = audited([1, 2]),
    lines = (hours) => ({ arms: { a: { talk: Array(260).fill(hours) } } }),
    stands = (hours, more) => standingOf(wanted, page(store, { lines: lines(hours), ...more }));
  assert.deepEqual(stands(50), { hours: 50, best: 2, answer: 'won' });
  assert.equal(stands(61).answer, 'lost');
  assert.equal(stands(50, { day: 129 }).answer, undefined);
  assert.equal(stands(50, { stale: true }).answer, undefined);
  assert.equal(standingOf({ ...wanted, stage: 3 }, page(store, { lines: lines(50) })).answer, 'lost');
});

test('bets outlive a reload in their own lesson and session, and a browser that forbids it begins anew', () => {
  const kept = new Map();
  globalThis.sessionStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text) };
  const bets = new Map([['first', { bet: 40, placed: true }]]),
    own = { card: 'sandbox', changes: [] };
  keep('s1', 'handoff', 3, bets, own);
  assert.deepEqual(recall('s1', 'handoff'), { index: 3, bets, own });
  assert.equal(recall('s2', 'handoff'), null);
  assert.equal(recall('s1', 'another'), null);
  kept.set('baton-lesson s1 handoff', '{"index": 3');
  assert.equal(recall('s1', 'handoff'), null);
  globalThis.sessionStorage = {
    getItem: () => {
      throw new Error('forbidden');
    },
    setItem: () => {
      throw new Error('forbidden');
    },
  };
  keep('s1', 'handoff', 3, bets, own);
  assert.equal(recall('s1', 'handoff'), null);
});

test('chance draws no bet: the same stores give the same answers', () => {
  const draw = chance(2),
    of = Array.from({ length: 131 }, () => ({ tried: Math.floor(draw() * 5), handed: Math.floor(draw() * 9) }));
  const [one, two] = [0, 1].map(() =>
    quarterOf(
      audited([1, 2], (day) => of[day]),
      130,
    ),
  );
  assert.deepEqual(one, two);
});
