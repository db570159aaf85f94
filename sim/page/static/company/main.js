// Your company: which of the three screens is seen, and what all of them know.
// @ts-check
import { h } from '../common/svg.js';
import { faults, goesOn, state, tell } from './ask.js';
import { filesScreen } from './files.js';
import { gateScreen } from './gate.js';
import { plansScreen } from './plans.js';

/** @type {Record<string, [string, (known: any, again: () => Promise<void>) => any]>} */
const SCREENS = {
  files: ['1 Files', filesScreen],
  gate: ['2 Does it look like you?', gateScreen],
  plans: ['3 Plans and brief', plansScreen],
};

/** Draw the screen that the address names, by what is there now. */
async function draw() {
  document.body.dataset.ready = '0';
  const wanted = location.hash.slice(1) in SCREENS ? location.hash.slice(1) : 'files';
  document
    .querySelector('nav')
    .replaceChildren(
      ...Object.entries(SCREENS).map(([name, [title]]) =>
        h('a', { href: `#${name}`, 'aria-current': name === wanted && 'page', 'data-testid': `to-${name}` }, title),
      ),
    );
  try {
    const known = await state();
    const parts = wanted === 'files' || known.imported ? SCREENS[wanted][1](known, draw) : [nothingYet()];
    document.querySelector('main').replaceChildren(faults(known.faults) ?? '', ...parts.filter(Boolean));
  } catch (fault) {
    tell(String(fault.message ?? fault).split('\n'));
  }
  document.body.dataset.ready = '1';
}

const nothingYet = () =>
  h(
    'p',
    { class: 'lead' },
    'Nothing has been imported yet: begin with ',
    h('a', { href: '#files' }, 'your files'),
    '.',
  );

addEventListener('hashchange', draw);
await goesOn().catch(() => {});
await draw();
