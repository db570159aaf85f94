// One sentence first: the stage, for how long and which way; beneath it what was changed and what people talked about.
import { h } from './svg.js';
import { W } from './words.js';

/** The parts of the line that says what was changed: plain and strong text by turns. */
export function changedParts(plan) {
  const moved = plan.moved();
  if (!moved.length) return [W.head.nothing];
  const byDay = new Map();
  for (const each of moved)
    byDay.set(each.day, [...(byDay.get(each.day) || []), W.change(each.name, each.value, each.before)]);
  const parts = [W.head.changed],
    days = [...byDay.entries()].slice(-2);
  days.forEach(([day, said], i) =>
    parts.push(
      h('b', {}, said.slice(0, 3).join(', ')),
      `${W.head.onDay(day)}${i < days.length - 1 ? W.head.semicolon : ''}`,
    ),
  );
  return [...parts, W.head.rest];
}

export function stageSentence(store, day) {
  const { stage, quarters, move } = store.stageAt(day);
  if (store.broke && day >= store.last) return W.head.broke;
  return stage ? W.head.stage(stage, quarters, move) : day === 0 ? W.head.never : W.head.before(day);
}

export function makeHeadline(host, app) {
  const badge = h('div', { class: 'badge st0', 'data-testid': 'badge', 'aria-hidden': 'true' }),
    title = h('h1', { 'data-testid': 'headline' }),
    line = h('p', { class: 'soft', 'data-testid': 'changed' });
  host.replaceChildren(badge, h('div', {}, title, line));
  let drawn = '';

  function draw(time) {
    if (!app.plan) return;
    const day = Math.floor(time + 1e-6),
      store = app.store,
      { stage, quarters, move } = store.stageAt(day);
    const work = store.sum('contacts', day - 4, day),
      complaints = store.sum('disputes', day - 4, day),
      silence = store.silence(day);
    const key = [day, stage, quarters, move, work, complaints, store.broke, JSON.stringify(app.plan.state)].join();
    if (key === drawn) return;
    drawn = key;
    badge.className = `badge st${stage}`;
    badge.textContent = W.numerals[stage];
    title.textContent = stageSentence(store, day);
    if (store.broke && day >= store.last) line.replaceChildren(W.head.brokeMore(day));
    else if (day === 0)
      line.replaceChildren(W.head.neverMore(app.about.scenarios[app.plan.organization.scenario].question));
    else
      line.replaceChildren(
        ...changedParts(app.plan),
        day >= 65 && silence >= 65 ? W.head.silent(silence) : W.head.talks(work - complaints, complaints),
      );
    line.title = line.textContent;
  }

  return { draw };
}
