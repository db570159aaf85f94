// The page's engine behind a worker that begins late, does not begin, or ends: every question is answered all the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { EngineSource } from '../../sim/page/static/engine/source.js';

const wasm = readFileSync(new URL('../../sim/page/static/rules.wasm', import.meta.url));
const kept = /** @type {any} */ ({
  wasm,
  layout: JSON.parse(readFileSync(new URL('../../sim/page/static/rules.json', import.meta.url), 'utf8')),
  data: {},
  about: {},
});
const heard = /** @type {any} */ ({ state() {}, about() {} });

/** A worker that says to each message what `say` gives, or nothing. */
const worker = (say) => {
  const found = {
    ended: 0,
    asked: [],
    terminate: () => found.ended++,
    postMessage: (request) => {
      found.asked.push(request.do);
      setTimeout(() => {
        const said = say(request, found);
        if (said) found.onmessage({ data: { id: request.id, ...said } });
      });
    },
  };
  return found;
};
const refusedHere = { reasons: ['nothing is being watched yet: send set first'] }; // what a real engine says to `hash`

test('a question goes to a worker that has not begun yet, and waits there', async () => {
  const made = worker((request) => request.do !== 'begin' && { found: { day: 3 } });
  const source = new EngineSource(heard, kept, () => made);
  assert.deepEqual(await source.hash(true), { day: 3 });
  assert.deepEqual(made.asked, ['begin', 'hash']);
});

test('where a worker cannot begin, the page answers by itself', async () => {
  for (const say of [
    (request) => request.do === 'begin' && { reasons: ['no memory'] },
    (request, found) => void (request.do === 'begin' && found.onerror()),
  ]) {
    const made = worker(say);
    const source = new EngineSource(heard, kept, () => made);
    await assert.rejects(source.hash(true), refusedHere);
    assert.equal(made.ended, 1);
  }
  const none = new EngineSource(heard, kept, () => {
    throw new Error('no workers here');
  });
  await assert.rejects(none.hash(true), refusedHere);
});

test('a worker that ends later is said to have stopped', async () => {
  const made = worker((request) => ({ found: { asked: request.do } }));
  const source = new EngineSource(heard, kept, () => made);
  assert.deepEqual(await source.hash(true), { asked: 'hash' });
  made.onerror();
  await assert.rejects(
    source.hash(true),
    ({ reasons }) => reasons.length === 1 && reasons[0] !== refusedHere.reasons[0],
  );
});
