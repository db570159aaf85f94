// The keyboard: one key for each thing that is done often.
// @ts-check

/** @import { App } from '../common/app.js' */

const TYPED = new Set(['INPUT', 'TEXTAREA', 'SELECT']);

/**
 * @param {App} app
 * @param {Record<string, () => void>} more
 */
export function listenToKeys(app, more = {}) {
  const does = {
    ' ': () => app.player.toggle(),
    '.': () => app.player.step(1),
    ',': () => app.player.step(-1),
    r: () => app.replay(),
    b: () => {
      app.showsGhost = !app.showsGhost;
      app.said('ghost');
      app.draw();
    },
    c: () => app.setMode(app.mode === 'compare' ? 'run' : 'compare'),
    p: () => app.said('project'),
    n: () => app.said('next'),
    z: () => app.change((plan) => plan.undo()),
    y: () => app.change((plan) => plan.redo()),
    s: () => app.said('share'),
    '?': () => app.said('help'),
    ...more,
  };
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !app.plan || document.querySelector('dialog[open]')) return;
    const target = /** @type {HTMLInputElement} */ (event.target),
      typed = TYPED.has(target.tagName) && target.type !== 'range';
    if (typed || (event.key === ' ' && (target.tagName === 'BUTTON' || target.getAttribute('role') === 'button')))
      return;
    const action = does[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
