// The page's clock and its talk with a source: what is sent, what is kept, what a lesson or a recording forbids.
import assert from 'node:assert/strict';
import test from 'node:test';
import { about, frame } from './made.js';

// As little of a browser as the clock and the talk with a source touch.
const element = () => ({ style: {}, dataset: {}, append() {}, remove() {} });
globalThis.document = { body: element(), createElement: element };
globalThis.getComputedStyle = () => ({ getPropertyValue: () => '', width: '1px' });
globalThis.requestAnimationFrame = () => 0;
globalThis.cancelAnimationFrame = () => {};
const { App } = await import('../../sim/page/static/common/app.js');

/** An app whose source answers at once; `set` may be another answer. */
async function opened(set = null) {
  const asked = [];
  const usual = async (request) => {
    asked.push(request);
    const arms = Object.fromEntries(
      Object.keys(request.arms).map((arm) => [arm, { kept: -1, day: 0, people_per_desk: 1 }]),
    );
    return { rev: asked.length, horizon: 1300, leads_per_dot: 1, arms };
  };
  let hear;
  const source = {
    connect: () => hear.about(about()),
    set: usual,
    frames: async (arm, rev, from, to) => {
      const frames = [];
      for (let day = from; day <= to; day++) frames.push(frame(day));
      return { rev, frames };
    },
    lines: async () => ({ waiting: true }),
  };
  const app = new App((on) => {
    hear = on;
    return source;
  });
  app.start();
  await app.send();
  if (set) source.set = set;
  return { app, asked, source, hear, usual };
}

const move = (plan) => plan.change('liaison.count', 2, 0);
const refusing = (more) => async () => {
  throw Object.assign(new Error('no'), { reasons: ['no'], ...more });
};

test('the plan that is shown is the plan that was sent', async () => {
  const { app, asked } = await opened();
  app.change(move);
  await app.send();
  assert.deepEqual(asked.at(-1).arms.a.changes, app.plan.changes);
  assert.equal(app.store.last, 0);
  assert.ok(!app.veiled);
});

test('while an answer is awaited only the newest plan waits', async () => {
  const { app, asked } = await opened();
  const before = asked.length;
  for (let value = 1; value <= 9; value++) app.change((plan) => plan.change('liaison.count', value, 0));
  await app.send();
  assert.equal(asked.length - before, 2);
  assert.equal(asked.at(-1).arms.a.changes[0].values['liaison.count'], 9);
});

test('a plan that is refused is taken back, and the reason is said', async () => {
  const { app } = await opened(refusing());
  const said = [];
  app.on('fault', (reason) => said.push(reason));
  app.change(move);
  await app.send();
  assert.deepEqual([app.plan.changes, said.at(-1)], [[], 'no']);
});

test('a guard that says no leaves plan and mode as they are', async () => {
  const { app, asked } = await opened();
  const before = asked.length;
  app.guards = { ...app.guards, change: () => false, mode: () => false };
  app.change(() => assert.fail('nobody may change the plan'));
  app.setMode('compare');
  assert.deepEqual([app.mode, app.plan.changes, asked.length], ['run', [], before]);
  app.guards = { ...app.guards, change: () => true, mode: (mode) => mode === 'compare' };
  app.change(move);
  app.setMode('why');
  assert.deepEqual([app.mode, app.plan.changes.length], ['run', 1]);
  app.setMode('compare');
  assert.equal(app.mode, 'compare');
  await app.send();
});

test('Play does first what a lesson wants; locked it does nothing', async () => {
  const { app } = await opened();
  const { player } = app;
  let begun = 0;
  player.instead = () => Boolean(++begun);
  player.toggle();
  assert.ok(begun === 1 && !player.playing);
  player.instead = () => false;
  player.locked = 'bet first';
  player.toggle();
  assert.ok(!player.playing);
  player.locked = null;
  player.toggle();
  assert.ok(player.playing);
  player.pause();
});

test('a day that is sought is lived first, and none beyond the end or a lesson’s limit', async () => {
  const { app } = await opened();
  const { player } = app;
  for (const [wanted, limit, found] of [
    [40, null, 40],
    [-3, null, 0],
    [900, 130, 130],
    [5000, null, 1300],
  ]) {
    player.limit = limit;
    await player.seek(wanted);
    assert.equal(player.day, found);
    assert.ok(app.store.last >= found);
  }
});

test('a comparison has two floors of one market, and the levers move the second', async () => {
  const { app, asked } = await opened();
  app.setMode('compare');
  await app.send();
  assert.deepEqual([app.arms, app.main], [['a', 'b'], 'b']);
  app.change(move);
  await app.send();
  const { arms, base } = asked.at(-1);
  assert.deepEqual(arms.a, base);
  assert.equal(arms.b.changes.length, 1);
  app.setMode('run');
  await app.send();
  assert.deepEqual(Object.keys(asked.at(-1).arms), ['a']);
});

test('days of another plan are veiled until its own are there', async () => {
  const { app } = await opened();
  await app.player.seek(100);
  app.change((plan) => plan.change('liaison.count', 1, 200));
  assert.ok(!app.veiled, 'day 100 is the same in both');
  app.change((plan) => plan.change('liaison.count', 1, 50));
  assert.ok(app.veiled);
  await app.send();
  assert.ok(!app.veiled);
});

test('what a lesson locks is not asked for: no line of the years to come before the bet is answered', async () => {
  const { app, source } = await opened();
  let asked = 0;
  source.lines = async () => {
    asked++;
    return { waiting: true };
  };
  app.guards.lines = () => false;
  app.change(move);
  await app.send();
  assert.equal(asked, 0);
  app.guards.lines = () => true;
  await app.askLines();
  assert.equal(asked, 1);
});
