// Why two organizations differ: bars that add up, by lever or by step of the funnel; a bar opens its leads, a lead its lives.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { Part } from '../common/types.js'
 */
import { redraws } from '../common/redraws.js';
import { h, sizeOf, T } from '../common/svg.js';
import { W } from '../common/words.js';
import { makeLives } from './lives.js';
import { waterfall } from './waterfall.js';

/**
 * @param {HTMLElement[]} hosts
 * @param {App} app
 * @returns {Part}
 */
export function makeWhy(hosts, app) {
  const title = h('h1', { 'data-testid': 'why-headline' }),
    note = h('p', { class: 'small soft' }),
    place = h('div', { class: 'why-fall', 'data-testid': 'waterfall' }),
    sum = h('b', { 'data-testid': 'why-sum' }),
    more = h('span', { class: 'soft' });
  const ways = ['lever', 'funnel'].map((by) =>
    h(
      'button',
      { 'aria-pressed': 'false', 'data-testid': `why-${by}`, onclick: () => app.said('way', by) },
      by === 'lever' ? W.why.byLever : W.why.byFunnel,
    ),
  );
  const back = h('button', { class: 'btn', 'data-testid': 'why-back', onclick: () => app.setMode(before) }, W.why.back);
  const middle = h(
    'main',
    { class: 'mid why', 'data-testid': 'why-view' },
    h('div', { class: 'why-head' }, title, back),
    h('div', { class: 'why-ways' }, h('div', { class: 'seg', role: 'group', 'aria-label': W.why.ways }, ways), note),
    place,
    h('p', { class: 'small why-sum' }, sum, ' ', more),
  );
  const right = h('aside', { class: 'right why-right', 'aria-label': W.why.leads });
  /** @type {'run' | 'compare'} */
  let before = 'run',
    told = null, // {by, bars} as answered
    opened = null, // name of the bar that is open
    asked = 0;
  const drawn = redraws();
  const lives = makeLives(right, app, () => app.way);

  function say(text, quiet = '') {
    title.textContent = text;
    note.textContent = quiet;
    sum.textContent = more.textContent = '';
    place.replaceChildren();
    told = opened = null;
    drawn.forget();
    lives.clear();
  }

  async function ask() {
    const mine = ++asked;
    ways.forEach((each, i) => each.setAttribute('aria-pressed', String((i === 0) === (app.way === 'lever'))));
    say(W.why.working, W.why.queued);
    const working = h('progress', { 'aria-label': W.why.working, 'data-testid': 'why-progress' });
    place.replaceChildren(working);
    await null; // a change of mode sends the plan only after it was told here
    while (app.sending) await app.sending;
    if (mine !== asked || app.mode !== 'why') return;
    try {
      const found = await app.source.why(app.way, ({ done, of }) => {
        if (mine !== asked) return;
        note.textContent = W.strip.progress(done, of);
        Object.assign(working, { max: of, value: done });
      });
      if (mine !== asked) return;
      if (found.waiting) say(W.lesson.later);
      else if (found.stale) ask();
      else show(found.bars);
    } catch (fault) {
      if (mine === asked && fault.reasons) say(W.why.none, fault.reasons.join(' '));
    }
  }

  /** @param {any} found */
  function show(found) {
    told = found;
    const { digits, shown_unit: unit } = found,
      days = found.days;
    found.bars = found.bars.filter((bar) => Number(bar.shown.toFixed(digits)) !== 0 || app.way === 'lever');
    const sure = !found.difference.noise;
    const along = [...found.bars].sort((a, b) => (b.shown - a.shown) * Math.sign(found.shown || 1))[0];
    const most = along && along.shown / found.shown >= 0.5 ? along : null;
    const alone = found.bars.length === 1;
    title.textContent = sure
      ? W.why.headline(
          app.about.levers,
          W.why.figure(Math.abs(found.shown), digits),
          unit,
          found.shown > 0,
          days,
          most,
          alone,
        )
      : W.why.cannot(found.seeds.length);
    note.textContent = W.why.note(unit, days, found.seeds.length);
    sum.textContent = W.why.sum(
      found.bars.map((bar) => bar.shown),
      found.shown,
      digits,
      unit,
    );
    lives.clear(true);
    more.textContent = app.way === 'lever' ? W.why.addsLever(found.bars.length) : W.why.addsFunnel;
    drawn.forget();
    draw();
  }

  /** @param {any} bar */
  function open(bar) {
    opened = bar.name;
    drawn.forget();
    draw();
    lives.open(bar, told);
  }

  function draw() {
    if (app.mode !== 'why' || !told) return;
    const [w, height] = sizeOf(place);
    if (w < 50 || !drawn.isNew(w, height, opened, told.by, T.text1)) return;
    const { activeElement } = document,
      held = activeElement && place.contains(activeElement) ? activeElement.getAttribute('data-testid') : null;
    place.replaceChildren(
      waterfall({ w, height: Math.max(height, 240), told, levers: app.about.levers, opened, open }),
    );
    /** @type {HTMLElement} */
    const again = held ? place.querySelector(`[data-testid="${held}"]`) : null;
    again?.focus();
  }

  app.on('way', (way) => {
    if (way === app.way && told) return;
    app.way = way;
    if (app.mode === 'why') ask();
  });
  app.on('plan', () => {
    if (app.mode !== 'why') return;
    if (app.plan.isBaseline) app.setMode('run');
    else ask();
  });
  app.on('why', () => {
    if (app.plan.isBaseline) app.said('say', W.why.same);
    else app.setMode('why');
  });
  app.on('mode', (mode, from) => {
    if (mode === 'why') {
      before = from === 'compare' ? 'compare' : 'run';
      hosts.forEach((host) => {
        host.hidden = true;
      });
      hosts[0].parentNode.append(middle, right);
      document.querySelector('#app').classList.add('is-why');
      ask();
    } else if (from === 'why') {
      asked++;
      middle.remove();
      right.remove();
      if (mode !== 'compare')
        hosts.forEach((host) => {
          host.hidden = false;
        });
      document.querySelector('#app').classList.remove('is-why');
    }
  });
  app.on('plan', () => {
    if (app.mode !== 'why') return;
    if (app.plan.isBaseline) app.setMode('run');
    else ask();
  });
  app.on('playing', () => {
    if (app.mode !== 'why' || !app.player.playing) return;
    app.setMode('run'); // which pauses: the days go on from here
    app.player.play();
    app.said('say', W.why.left);
  });
  return {
    draw,
    renew: drawn.forget,
  };
}
