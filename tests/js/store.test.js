// Frames by day, bytes to frames, and what days add up to.
import assert from 'node:assert/strict';
import test from 'node:test';
import { stageSentence } from '../../sim/page/static/bar/headline.js';
import { COUNTED, frameAt, framesOf } from '../../sim/page/static/common/decode.js';
import { moved } from '../../sim/page/static/common/player.js';
import { FrameStore, quarterAt } from '../../sim/page/static/common/store.js';
import { audit, audited, fourPs, frame, lived, row } from './made.js';

/** A frame as bytes, as sim/page/frames.py lays them out. */
function bytesOf(given) {
  const parts = [];
  const put = (size, method) => (value) => {
    const view = new DataView(new ArrayBuffer(size));
    view[method](0, value, true);
    parts.push(new Uint8Array(view.buffer));
  };
  const [u8, u16, u32, f32] = [put(1, 'setUint8'), put(2, 'setUint16'), put(4, 'setUint32'), put(4, 'setFloat32')];
  u16(given.day);
  for (const name of ['revenue', 'contribution', 'equity']) f32(given[name]);
  for (const name of COUNTED) u16(given[name]);
  given.ends.forEach(u16);
  [255, 51, 0].forEach(u8);
  u8((given.quarter ? 1 : 0) + (given.desks ? 2 : 0) + (given.broke ? 4 : 0));
  u8(given.talks.length);
  for (const { a, b, bits } of given.talks) {
    u16(a);
    u16(b);
    u8(bits);
  }
  u16(given.leads.length);
  for (const { number, twin, m, s, state, fate, notes, bits, due } of given.leads) {
    u32(number);
    u32(twin);
    u16(m < 0 ? 65535 : m);
    u16(s < 0 ? 65535 : s);
    [state, fate, notes * 255, bits].forEach(u8);
    u16(due);
  }
  if (given.quarter) {
    const { score, scoreM, scoreS, stage, band, items, decisions } = given.quarter;
    [score, scoreM, scoreS].forEach(f32);
    [stage, band, ...items].forEach(u8);
    for (const { quality, heard, settled, marketing, since } of decisions) {
      u8(quality * 255);
      u8(Number(heard) + 2 * settled + 8 * Number(marketing));
      u16(since ?? 65535);
    }
  }
  if (given.desks) {
    const text = new TextEncoder().encode(JSON.stringify(given.desks));
    u32(text.length);
    parts.push(text);
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0),
    all = new Uint8Array(2 + length);
  new DataView(all.buffer).setUint16(0, length, true);
  let at = 2;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const RICH = frame(65, {
  revenue: 1.5,
  contribution: -0.25,
  equity: 1000,
  contacts: 65534,
  ends: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  talks: [
    { a: 1, b: 500, bits: 2 + 4 },
    { a: 65535, b: 0, bits: 3 + 8 },
  ],
  leads: [row(4_000_000_000, 65, { m: 3, s: -1, notes: 1, state: 2 })],
  quarter: {
    ...audit(2),
    decisions: fourPs([
      { heard: true, settled: 3, since: 0 },
      { quality: 1 },
      { settled: 2, since: 1300 },
      { quality: 0 },
    ]),
  },
  desks: [{ id: 1, name: 'Zoë' }],
});

test('bytes become the frame they were made of', () => {
  const bytes = bytesOf(RICH),
    [read, end] = frameAt(new DataView(bytes.buffer), 0);
  assert.equal(end, bytes.length);
  for (const name of ['day', 'revenue', 'contribution', 'equity', 'contacts', 'ends', 'leads', 'quarter', 'desks'])
    assert.deepEqual(read[name], RICH[name], name);
  assert.deepEqual(read.talks, [
    { a: 1, b: 500, trust: 2, complaint: true, brokered: false },
    { a: 65535, b: 0, trust: 3, complaint: false, brokered: true },
  ]);
  assert.deepEqual([read.trustM, read.trustS, read.language, read.broke], [1, 0.2, 0, false]);
});

test('a small frame has neither audit nor desks, and may say that the money is gone', () => {
  const bytes = bytesOf(frame(3, { broke: true })),
    [read] = frameAt(new DataView(bytes.buffer), 0);
  assert.deepEqual(
    [read.quarter, read.desks, read.broke, read.leads, read.talks],
    [undefined, undefined, true, [], []],
  );
});

test('an answer holds its frames in order; nothing may be missing at its end', () => {
  const frames = [frame(64), RICH, frame(66)].map(bytesOf),
    head = new Uint8Array([1, 1, 7, 1, 3, 0]),
    all = new Uint8Array(frames.reduce((sum, each) => sum + each.length, head.length));
  let at = 0;
  for (const part of [head, ...frames]) {
    all.set(part, at);
    at += part.length;
  }
  const read = framesOf(all.buffer);
  assert.deepEqual([read.arm, read.rev, read.frames.map((each) => each.day)], ['b', 263, [64, 65, 66]]);
  assert.throws(() => framesOf(all.slice(0, -1).buffer), RangeError);
});

test('the last day of a quarter belongs to it', () => {
  assert.deepEqual([0, 1, 65, 66, 130, 131].map(quarterAt), [0, 0, 0, 1, 1, 2]);
});

test('a store takes the next day and no other', () => {
  const store = lived(3);
  assert.ok(!store.add(frame(3)) && !store.add(frame(5)));
  assert.ok(store.add(frame(4)));
  assert.deepEqual([store.last, store.at(2).day, store.at(99).day], [4, 2, 4]);
  assert.deepEqual([new FrameStore().last, new FrameStore().broke, new FrameStore().equity(3)], [-1, false, null]);
});

test('what is forgotten was never seen', () => {
  const of = (day) => ({
    leads: day % 7 === 1 ? [row(day, day), ...(day > 7 ? [row(day - 7, day, { state: 1 })] : [])] : [],
    contacts: day % 3,
    ...(day === 20 ? { desks: [{ id: 1 }] } : {}),
  });
  for (const day of [0, 1, 8, 19, 20, 39]) {
    const cut = lived(40, of);
    cut.truncate(day);
    const fresh = lived(day, of);
    assert.deepEqual([cut.frames, [...cut.leads], cut.desks], [fresh.frames, [...fresh.leads], fresh.desks]);
  }
  const gone = lived(5, of);
  gone.truncate(-1);
  assert.equal(gone.last, -1);
});

test('sums of parts are the sum of the whole, and days not yet seen add nothing', () => {
  const store = lived(100, (day) => ({ contacts: day % 5 }));
  for (const middle of [1, 37, 99])
    assert.equal(
      store.sum('contacts', 1, middle) + store.sum('contacts', middle + 1, 100),
      store.sum('contacts', 0, 999),
    );
});

test('piles are of the quarter alone; what ended is all there is, and shares add up', () => {
  const store = lived(140, (day) => ({ ends: day ? [1, 0, 2, 3, 0, 1, 1, 1, 0] : [0, 0, 0, 0, 0, 0, 0, 0, 0] }));
  assert.deepEqual(store.pilesAt(65).slice(0, 4), [65, 0, 130, 195]);
  assert.deepEqual(store.pilesAt(66).slice(0, 4), [1, 0, 2, 3]);
  const shares = store.ratesAt(130).map(([, share]) => share);
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
  for (const [rate, share] of store.ratesAt(130)) assert.ok(rate >= share && rate <= 1);
  assert.deepEqual(lived(5).ratesAt(5)[0], [null, null]);
});

test('a stage counts from its first quarter on; without an audit there is none', () => {
  assert.deepEqual(lived(64).stageAt(64), { stage: 0, quarters: 0, move: null });
  const store = audited([1, 2, 2, 3]);
  assert.deepEqual(store.stageAt(64 + 65), { stage: 1, quarters: 1, move: null });
  assert.deepEqual(store.stageAt(195), { stage: 2, quarters: 2, move: 20 });
  assert.deepEqual(store.stageAt(260), { stage: 3, quarters: 1, move: 20 });
});

test('the headline says what the store holds', () => {
  const store = audited([2, 2, 2]);
  assert.equal(stageSentence(store, 0), 'Nothing has been played yet');
  assert.equal(stageSentence(store, 10), 'Day 10, before the first audit');
  assert.equal(stageSentence(store, 195), 'Defined for three quarters, and level');
  assert.equal(stageSentence(audited([1, 1, 2, 3, 3, 3, 3, 3]), 520), 'Aligned for a year and a quarter, and level');
  store.at(195).broke = true;
  assert.equal(stageSentence(store, 195), 'The money has run out');
});

test('silence is counted from the last talk, up to what has been seen', () => {
  const store = lived(100, (day) => ({ contacts: day === 20 ? 1 : 0 }));
  assert.deepEqual([store.silence(20), store.silence(85), store.silence(500)], [0, 65, 80]);
});

test('talks of the last week, the newest first, each pair once', () => {
  const store = lived(10, (day) => ({
    talks: [
      { a: 1, b: 2, trust: day % 4 },
      { a: 1, b: day + 10, trust: 0 },
    ],
  }));
  const talks = store.talksAt(9);
  assert.deepEqual(talks[0], { a: 1, b: 2, trust: 1, age: 0 });
  assert.equal(talks.filter((each) => each.b === 2).length, 1);
  assert.deepEqual(
    talks.filter((each) => each.b !== 2).map((each) => each.age),
    [0, 1, 2, 3, 4],
  );
});

test('a flow that does not change is its own mean at every week', () => {
  const store = lived(40, (day) => ({ revenue: day ? 10 : 0 }));
  const line = store.weekly('revenue', 40);
  assert.equal(line.length, 8);
  for (const value of line) assert.ok(Math.abs(value - 2.6) < 1e-12);
  assert.equal(store.rate('revenue', 0), null);
});

test('of a new stage those statements are named that moved its way, the farthest first', () => {
  const before = audit(1, 30, [1, 2, 3, 4, ...Array(16).fill(3)]),
    after = audit(2, 50, [5, 4, 2, 5, ...Array(16).fill(3)]);
  assert.deepEqual(moved([before, after], before, after), [
    [0, 1, 5],
    [1, 2, 4],
    [3, 4, 5],
  ]);
  assert.deepEqual(
    moved([after, before], after, before).map(([item]) => item),
    [0, 1, 3],
  );
});
