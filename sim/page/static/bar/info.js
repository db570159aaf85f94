// The info page under NetLogo's headings; everything to try is a button that sets the levers.
// @ts-check
/** @import { App } from '../common/app.js' */
import { h } from '../common/svg.js';
import { W } from '../common/words.js';

/** What a button sets: an organization and the levers moved from a day on, the first if none is named. Its claim is tested in tests/test_page_info.py. */
export const TRIES = [
  { name: 'liaison', scenario: 'default', values: { 'liaison.count': 1 } },
  { name: 'distance', scenario: 'default', values: { 'distance.between_teams_m': 2000 } },
  { name: 'dear', scenario: 'default', values: { 'communication.cost_hours': 2 } },
  { name: 'distrusted', scenario: 'default', values: { 'liaison.count': 1, 'liaison.trust_sales': 0 } },
  { name: 'small', scenario: 'small-simple', values: { 'liaison.count': 1 }, day: 130 }, // as the lesson has it
];

/** @param {App} app */
export function makeInfo(app) {
  const body = h('div', { class: 'info-text' });
  const host = h(
    'dialog',
    { id: 'info', class: 'leaf', 'aria-label': W.info.title, 'data-testid': 'info-page' },
    h(
      'div',
      { class: 'dialog-head' },
      h('h2', {}, W.info.title),
      h('button', { class: 'btn bare', 'aria-label': W.help.close, onclick: () => host.close() }, '×'),
    ),
    body,
  );
  document.body.append(host);

  /** Set an organization with its levers, hold it against itself as it is, and play. */
  function attempt(tried) {
    host.close();
    app.change((plan) =>
      plan.set({
        scenario: tried.scenario,
        other: null,
        changes: [{ day: tried.day ?? 0, values: { ...tried.values } }],
        baseline: [],
      }),
    );
    app.player.time = tried.day ?? 0;
    app.setMode('compare');
    app.said('say', W.info.tries[tried.name][1]);
  }

  function fill() {
    const token = new URLSearchParams(location.search).get('token');
    const link = (name) =>
      app.about.docs.includes(name)
        ? h(
            'a',
            {
              href: `/docs/${name}${token ? `?token=${encodeURIComponent(token)}` : ''}`,
              target: '_blank',
              rel: 'noopener',
              'data-testid': `info-${name}`,
            },
            W.info.texts[name],
          )
        : h('span', {}, W.info.packaged[name]);
    const part = ([title, ...said]) => [h('h3', {}, title), ...said.map((each) => h('p', { class: 'small' }, each))];
    body.replaceChildren(
      h('h3', {}, W.info.whyTitle),
      h('p', { class: 'small', 'data-testid': 'info-believe' }, W.info.believe),
      h('p', { class: 'small info-links' }, link('limits'), link('validation')),
      ...W.info.before.flatMap(part),
      h('h3', {}, W.info.tryTitle),
      h(
        'ul',
        { class: 'tries' },
        TRIES.filter((tried) => tried.scenario in app.about.scenarios).map((tried) =>
          h(
            'li',
            {},
            h(
              'button',
              { class: 'btn', 'data-testid': `try-${tried.name}`, onclick: () => attempt(tried) },
              W.info.tries[tried.name][0],
            ),
            h('span', { class: 'small soft' }, W.info.tries[tried.name][1]),
          ),
        ),
      ),
      ...W.info.after.flatMap(part),
    );
  }
  app.on('about', fill);
  app.on('info', () => {
    app.player.pause();
    host.showModal();
    host.scrollTop = 0;
  });
}
