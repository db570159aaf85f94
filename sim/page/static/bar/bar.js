// The top bar: organization, market, day, play and speed, undo, share, help.
// @ts-check
/** @import { App } from '../common/app.js' */
import { SPEEDS } from '../common/player.js';
import { redraws } from '../common/redraws.js';
import { QUARTER, quarterAt } from '../common/store.js';
import { h, icon } from '../common/svg.js';
import { W } from '../common/words.js';

/**
 * @param {HTMLElement} host
 * @param {App} app
 */
export function makeBar(host, app) {
  const scenario = h('select', {
    class: 'box',
    'aria-label': W.bar.scenario,
    'data-testid': 'scenario',
    onchange: () => choose(scenario.value),
  });
  const seed = h('input', {
    class: 'seed',
    type: 'text',
    inputmode: 'numeric',
    'aria-label': W.bar.dayInput,
    'data-testid': 'seed',
    size: 4,
    onchange: () => market(seed.value),
  });
  const day = h('b', { 'data-testid': 'day' }),
    quarter = h('span', { class: 'soft' });
  const play = h('button', { class: 'btn main', 'data-testid': 'play', onclick: () => app.player.toggle() }),
    onPlay = redraws();
  const back = h(
    'button',
    {
      class: 'btn bare step',
      'aria-label': W.bar.back,
      title: W.bar.back,
      'data-testid': 'back',
      onclick: () => app.player.step(-1),
    },
    '‹',
  );
  const step = h(
    'button',
    {
      class: 'btn bare step',
      'aria-label': W.bar.step,
      title: W.bar.step,
      'data-testid': 'step',
      onclick: () => app.player.step(1),
    },
    '›',
  );
  const speeds = Object.keys(SPEEDS).map((name) =>
    h(
      'button',
      {
        'aria-pressed': 'false',
        title: W.bar.speedsLong[name],
        'data-testid': `speed-${name}`,
        onclick: () => {
          app.player.speed = name;
          app.said('playing');
        },
      },
      W.bar.speeds[name],
    ),
  );
  const replay = h(
    'button',
    {
      class: 'btn',
      'aria-label': W.bar.replay,
      title: W.bar.replay,
      'data-testid': 'replay',
      onclick: () => app.replay(),
    },
    icon('again'),
    h('span', { class: 'wide' }, W.bar.replay),
  );
  const undo = h(
    'button',
    {
      class: 'btn bare',
      'aria-label': W.bar.undo,
      title: W.bar.undo,
      'data-testid': 'undo',
      onclick: () => app.change((plan) => plan.undo()),
    },
    icon('undo'),
  );
  const redo = h(
    'button',
    {
      class: 'btn bare',
      'aria-label': W.bar.redo,
      title: W.bar.redo,
      'data-testid': 'redo',
      onclick: () => app.change((plan) => plan.redo()),
    },
    icon('redo'),
  );
  const compare = h(
    'button',
    {
      class: 'btn to-compare',
      'aria-pressed': 'false',
      'data-testid': 'compare',
      onclick: () => app.setMode(app.mode === 'compare' ? 'run' : 'compare'),
    },
    W.bar.compare,
  );
  const share = h(
    'button',
    { class: 'btn share', 'data-testid': 'share', onclick: () => app.said('share') },
    W.bar.share,
  );
  const help = h(
    'button',
    {
      class: 'btn square',
      'aria-label': W.bar.help,
      title: W.bar.help,
      'data-testid': 'help',
      onclick: () => app.said('help'),
    },
    '?',
  );
  const dice = h(
    'button',
    {
      class: 'btn bare dice',
      'aria-label': W.bar.dice,
      title: W.bar.dice,
      'data-testid': 'dice',
      onclick: () => market(String(Math.floor(Math.random() * 1000))),
    },
    icon('dice'),
  );
  host.replaceChildren(
    h('div', { class: 'logo' }, icon('baton'), h('span', {}, W.app.name)),
    h('div', { class: 'pick scenario-pick' }, scenario),
    h(
      'div',
      { class: 'pick market-pick' },
      h('span', { class: 'soft', 'aria-hidden': 'true' }, W.bar.market),
      h('span', { class: 'box market' }, seed, dice),
    ),
    h('div', { class: 'grow' }),
    h('div', { class: 'when' }, day, ' ', quarter),
    h('div', { class: 'plays' }, back, play, step),
    h('div', { class: 'seg', role: 'group', 'aria-label': W.bar.speed }, speeds),
    h('div', { class: 'grow' }),
    replay,
    h('div', { class: 'un' }, undo, redo),
    compare,
    share,
    help,
  );

  /** @param {string} name */
  function choose(name) {
    app.change((plan) =>
      plan.set(
        app.mode === 'compare'
          ? { other: name === plan.state.scenario ? null : name }
          : { scenario: name, other: null, changes: [], baseline: [] },
      ),
    );
    show(); // what runs, if it was not to be changed
  }
  /** @param {string} given */
  function market(given) {
    const text = given.trim(),
      wanted = Number(text),
      isMarket = /^\d+$/.test(text) && Number.isSafeInteger(wanted);
    if (isMarket) app.change((plan) => plan.set({ seed: wanted }));
    const { seed: now } = app.plan;
    if (now !== wanted || !isMarket) app.said('say', isMarket ? W.bar.marketStays(now) : W.bar.noMarket(text, now));
    seed.value = String(now); // never a number that does not run, though the field still has the focus
  }

  function fill() {
    const { scenarios, questions = {} } = app.about,
      grouped = new Set(Object.values(questions).flat()),
      own = Object.keys(scenarios).filter((name) => !grouped.has(name));
    const groups = [
      { label: W.bar.own, names: own },
      ...Object.entries(questions).map(([label, names]) => ({ label, names })),
    ];
    scenario.replaceChildren(
      ...groups
        .map(({ label, names }) => ({ label, names: names.filter((name) => name in scenarios) }))
        .filter(({ names }) => names.length)
        .map(({ label, names }) =>
          h(
            'optgroup',
            { label },
            names.map((name) => h('option', { value: name }, scenarios[name].title)),
          ),
        ),
    );
    show();
  }

  function show() {
    if (!app.plan) return;
    const { plan, player } = app,
      d = app.day;
    scenario.value = plan.organization.scenario;
    if (document.activeElement !== seed) seed.value = String(plan.seed);
    day.textContent = W.bar.day(d);
    quarter.textContent = W.bar.quarter(quarterAt(d) + 1, Math.ceil(app.horizon / QUARTER));
    const locked = player.locked !== null,
      over = player.isOver && !player.playing;
    if (onPlay.isNew(locked, over, player.playing, player.locked, app.lesson?.canReveal)) {
      play.replaceChildren(
        ...(locked
          ? [icon(app.lesson?.canReveal ? 'play' : 'lock'), player.locked || W.bar.bet]
          : [
              icon(player.playing ? 'pause' : 'play'),
              h('span', {}, player.playing ? W.bar.pause : over ? W.bar.again : W.bar.play),
              over ? '' : h('kbd', {}, W.bar.space), // the longer words need its room
            ]),
      );
      play.disabled = locked && !app.lesson?.canReveal;
    }
    back.disabled = locked || d <= 0;
    step.disabled = locked || player.isOver;
    Object.keys(SPEEDS).forEach((name, i) => {
      speeds[i].setAttribute('aria-pressed', String(name === player.speed && player.pace === null)); // a reveal has its own
      speeds[i].disabled = locked && player.pace !== null; // nobody hurries the screens of a class
    });
    undo.disabled = !plan.past.length;
    redo.disabled = !plan.future.length;
    replay.disabled = !plan.changes.some((each) => each.day <= d) || locked;
    compare.setAttribute('aria-pressed', String(app.mode === 'compare'));
    share.hidden = !app.listeners.has('share');
  }

  app.on('about', fill);
  for (const event of ['plan', 'day', 'playing', 'frames', 'mode']) app.on(event, show);
  return { show };
}
