// One sentence first: the stage, for how long and which way; beneath it what was changed and what people talked about.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { FrameStore } from '../common/store.js'
 * @import { Part } from '../common/types.js'
 */
import { changedParts, textOf } from '../common/changed.js';
import { redraws } from '../common/redraws.js';
import { h } from '../common/svg.js';
import { W } from '../common/words.js';

/**
 * @param {FrameStore} store
 * @param {number} day
 * @param {boolean} [begun] whether anything was played yet
 */
export function stageSentence(store, day, begun = false) {
  const { stage, quarters, move } = store.stageAt(day);
  if (store.broke && day >= store.last) return W.head.broke;
  return stage ? W.head.stage(stage, quarters, move) : day || begun ? W.head.before(day) : W.head.never;
}

/**
 * @param {HTMLElement} host
 * @param {App} app
 * @returns {Part}
 */
export function makeHeadline(host, app) {
  const badge = h('div', { class: 'badge st0', 'data-testid': 'badge', 'aria-hidden': 'true' }),
    title = h('h1', { 'data-testid': 'headline' }),
    line = h('p', { class: 'soft', 'data-testid': 'changed' });
  host.replaceChildren(badge, h('div', {}, title, line));
  const drawn = redraws();

  /** @param {number} time */
  function draw(time) {
    if (!app.plan) return;
    const day = Math.floor(time + 1e-6),
      store = app.store,
      { stage, quarters, move } = store.stageAt(day);
    const work = store.sum('contacts', day - 4, day),
      complaints = store.sum('disputes', day - 4, day),
      silence = store.silence(day);
    if (!drawn.isNew(day, stage, quarters, move, work, complaints, store.broke, app.plan.state, app.player.begun))
      return;
    badge.className = `badge st${stage}`;
    badge.textContent = W.numerals[stage];
    title.textContent = stageSentence(store, day, app.player.begun);
    const talks = day >= 65 && silence >= 65 ? W.head.silent(silence) : W.head.talks(work - complaints, complaints),
      question = () =>
        W.head.neverMore(app.plan.isBaseline ? app.about.scenarios[app.plan.organization.scenario].question : ''),
      more = store.broke && day >= store.last ? W.head.brokeMore(day) : day === 0 ? question() : talks,
      parts = (most) => (day === 0 && app.plan.isBaseline ? [] : changedParts(app.plan, day, most));
    line.replaceChildren(...parts().map((part) => (typeof part === 'string' ? part : h('b', {}, part.strong))), more);
    line.title = textOf(parts(Infinity)) + more;
  }

  return { draw };
}
