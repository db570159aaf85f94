// Frames by day, bytes to frames, and what days add up to.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { stageSentence } from '../../sim/page/static/bar/headline.js';
import { desksIn, frameAt, framesOf } from '../../sim/page/static/common/decode.js';
import { moved } from '../../sim/page/static/common/player.js';
import { FrameStore, quarterAt } from '../../sim/page/static/common/store.js';
import { audit, audited, fourPs, frame, lived, row } from './made.js';

const LAYOUT = JSON.parse(readFileSync(new URL('../../sim/page/static/rules.json', import.meta.url), 'utf8')).frames;
const PUT = { f4: 'setFloat32', i4: 'setInt32', u4: 'setUint32', u2: 'setUint16', u1: 'setUint8' };

/** A frame as bytes, by the layout. */
function bytesOf(given) {
  const { score, scoreM, scoreS, stage, band, items, decisions = [] } = given.quarter ?? {};
  const ps = Object.fromEntries(
    ['quality', 'heard', 'settled', 'marketing', 'since'].map((name) => [name, decisions.map((each) => each[name])]),
  );
  ps.quality = ps.quality.map((share) => share * 255);
  ps.since = ps.since.map((day) => day ?? -1);
  const rows = {
    talks: given.talks,
    steps: given.leads.map((lead) => ({ ...lead, notes: lead.notes * 255 })),
    audited: given.quarter ? [{ score, score_m: scoreM, score_s: scoreS, stage, band, items, ...ps }] : [],
    desks: (given.desks ?? []).map((desk) => ({ ...desk, kind: LAYOUT.kinds.indexOf(desk.k) })),
  };
  const counts = Object.fromEntries(Object.entries(rows).map(([name, each]) => [`n_${name}`, each.length]));
  rows.head = [{ ...given, ...counts, trust_m: 255, trust_s: 51, language: 0, broke: Number(given.broke) }];
  const all = new DataView(new ArrayBuffer(4096));
  let at = 0;
  for (const [part, { size, columns }] of Object.entries(LAYOUT.parts)) {
    for (const each of rows[part]) {
      for (const [name, [offset, type, places]] of Object.entries(columns))
        for (let k = 0; k < places; k++)
          all[PUT[type]](at + offset + k * Number(type[1]), Number(places > 1 ? each[name][k] : each[name]), true);
      at += size;
    }
  }
  return new Uint8Array(all.buffer.slice(0, at));
}

const RICH = frame(65, {
  revenue: 1.5,
  contribution: -0.25,
  equity: 1000,
  contacts: 65534,
  ends: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  talks: [
    { a: 1, b: 500, bits: 2 + 4 },
    { a: 65536, b: 0, bits: 3 + 8 },
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
  desks: [
    { id: 1, k: 'm', n: 1, row: 1, place: 5, seat: 20, bits: 1 },
    { id: 2 ** 30 + 7, k: 'l', n: 1, row: 7, place: 0, seat: 28, bits: 3 },
    { id: 5, k: 's', n: 20, row: 9, place: 1, seat: 81, bits: 0 },
  ],
});

test('bytes become the frame they were made of', () => {
  const bytes = bytesOf(RICH),
    [read, end] = frameAt(new DataView(bytes.buffer), 0, LAYOUT);
  assert.equal(end, bytes.length);
  for (const name of ['day', 'revenue', 'contribution', 'equity', 'contacts', 'ends', 'leads', 'quarter'])
    assert.deepEqual(read[name], RICH[name], name);
  assert.deepEqual(read.talks, [
    { a: 1, b: 500, trust: 2, complaint: true, brokered: false },
    { a: 65536, b: 0, trust: 3, complaint: false, brokered: true },
  ]);
  assert.deepEqual([read.trustM, read.trustS, read.language, read.broke], [1, 0.2, 0, false]);
});

test('who sits alone is called by the own name, else by the seat; who is one of many has no name', () => {
  const bytes = bytesOf(RICH),
    rows = bytes.slice(bytes.length - 3 * LAYOUT.parts.desks.size);
  const said = (names) => desksIn(rows, LAYOUT, names).map(({ k, place, n, name, from }) => [k, place, n, name, from]);
  const [one, other, many] = [
    ['m', 5, 1, 'M6', ''],
    ['l', 0, 1, 'M8', 'm'],
    ['s', 1, 20, '', ''],
  ];
  assert.deepEqual(said(), [one, other, many]);
  assert.deepEqual(said(['', 'Zoë']), [['m', 5, 1, 'Zoë', ''], other, many]);
  const [read] = frameAt(new DataView(bytes.buffer), 0, LAYOUT, ['', 'Zoë']);
  assert.deepEqual(read.desks, desksIn(rows, LAYOUT, ['', 'Zoë']));
});

test('a small frame has neither audit nor desks, and may say that the money is gone', () => {
  const bytes = bytesOf(frame(3, { broke: true })),
    [read] = frameAt(new DataView(bytes.buffer), 0, LAYOUT);
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
  const read = framesOf(all.buffer, LAYOUT);
  assert.deepEqual([read.arm, read.rev, read.frames.map((each) => each.day)], ['b', 263, [64, 65, 66]]);
  assert.throws(() => framesOf(all.slice(0, -1).buffer, LAYOUT), RangeError);
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
