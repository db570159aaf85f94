// Projection: five things only, readable from the last row: floor, sentence, audit, contribution, day and market.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { Part } from '../common/types.js'
 */
import { stageSentence } from './headline.js';
import { redraws } from '../common/redraws.js';
import { h, readTokens, sizeOf } from '../common/svg.js';
import { W } from '../common/words.js';
import { ladderDrawing } from '../ladder/ladder.js';

/**
 * @param {Element} side
 * @param {Element} foot
 * @param {App} app
 * @returns {Part}
 */
export function makeProjection(side, foot, app) {
  const place = h('div', { class: 'lad-projected' }),
    badge = h('div', { class: 'badge st0' }),
    sentence = h('div', { class: 'sentence' }),
    where = h('div', { class: 'soft where' }),
    net = h('div', { class: 'figure', 'data-testid': 'projected-net' });
  side.replaceChildren(h('h2', {}, W.project.audit), place);
  foot.replaceChildren(
    badge,
    h('div', { class: 'said' }, sentence, where),
    h('div', {}, h('div', { class: 'soft label' }, W.project.net), net),
  );
  const drawn = redraws();
  function toggle() {
    document.body.classList.toggle('is-projected');
    readTokens();
    app.said('resize');
    app.draw();
  }
  app.on('project', () => {
    if (app.mode !== 'run') app.setMode('run');
    toggle();
  });
  addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || document.querySelector('dialog[open]')) return;
    if (document.body.classList.contains('is-projected')) toggle();
  });
  // One large picture at a time: whichever was asked for last, projection or two floors.
  app.on('mode', (mode) => {
    if (mode !== 'run' && document.body.classList.contains('is-projected')) toggle();
  });

  return {
    draw(time) {
      if (!app.plan || !document.body.classList.contains('is-projected')) return;
      const day = Math.floor(time + 1e-6),
        store = app.store,
        { stage } = store.stageAt(day);
      badge.className = `badge st${stage}`;
      badge.textContent = W.numerals[stage];
      sentence.textContent = stageSentence(store, day);
      where.textContent = W.project.where(day, app.plan.seed, app.perDot);
      const value = store.rate('contribution', day);
      net.textContent = value === null ? '–' : W.strip.money(value);
      const [w, height] = sizeOf(place);
      if (w > 20 && drawn.isNew(w, height, day, stage, store.last < day))
        place.replaceChildren(ladderDrawing({ w, h: height, stage, quarters: store.quartersTo(day) }));
    },
    renew: drawn.forget,
  };
}
