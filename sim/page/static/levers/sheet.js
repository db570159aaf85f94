// What the phone's bar has no room for, at the head of the levers' sheet: undo, redo, compare.
// @ts-check
/** @import { App } from '../common/app.js' */
import { h, icon } from '../common/svg.js';
import { W } from '../common/words.js';

/** Close the sheet; whoever came by the keyboard is back at the button that opened it. */
export function closeSheet() {
  document.body.classList.remove('sheet-open');
  /** @type {HTMLElement | null} */ (document.querySelector('.open-levers'))?.focus();
}

/** @param {App} app */
export function makeSheetRow(app) {
  const step = (name, does) =>
    h(
      'button',
      {
        class: 'btn square',
        'aria-label': W.bar[name],
        'data-testid': `sheet-${name}`,
        onclick: () => app.change(does),
      },
      icon(name),
    );
  const undo = step('undo', (plan) => plan.undo()),
    redo = step('redo', (plan) => plan.redo());
  const compare = h(
    'button',
    {
      class: 'btn to-compare',
      'data-testid': 'sheet-compare',
      onclick: () => {
        document.body.classList.remove('sheet-open');
        app.setMode('compare');
        scrollTo(0, 0);
      },
    },
    W.bar.compare,
  );
  const show = () => {
    if (!app.plan) return;
    undo.disabled = !app.plan.past.length;
    redo.disabled = !app.plan.future.length;
  };
  for (const event of ['plan', 'frames']) app.on(event, show);
  show();
  return h('div', { class: 'sheet-row phone-only' }, undo, redo, compare);
}
