// All of the page is put together here; how it begins is said by served.js, live.js and replay.js.
// @ts-check
/** @import { App } from './common/app.js' */
import { makeAddress } from './bar/address.js';
import { makeBar } from './bar/bar.js';
import { makeHelp, makeLegend, makeStory } from './bar/dialogs.js';
import { makeHeadline } from './bar/headline.js';
import { makeInfo } from './bar/info.js';
import { listenToKeys } from './bar/keys.js';
import { makeNotices } from './bar/notices.js';
import { makeProjection } from './bar/projection.js';
import { makeShare } from './bar/share.js';
import { h, onGrown, readTokens, T } from './common/svg.js';
import { W } from './common/words.js';
import { makeCompare } from './compare/compare.js';
import { makeFloor } from './floor/floor.js';
import { makeLadder } from './ladder/ladder.js';
import { makeLevers } from './levers/levers.js';
import { makeDock, makeSparks } from './money/dock.js';
import { makeStrip } from './money/strip.js';
import { makeWhy } from './why/why.js';

/** @type {(name: string) => any} */
const at = (name) => document.querySelector(name);

/** @param {App} app */
export function start(app) {
  document.title = W.app.title;
  document.body.dataset.mode = app.mode;
  readTokens();
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  app.reduced = still.matches;
  still.addEventListener('change', () => {
    app.reduced = still.matches;
  });

  const summary = h('p', { class: 'unseen', role: 'status', 'aria-live': 'off', 'data-testid': 'summary' });
  const waiting = h('p', { class: 'waiting', role: 'status', 'data-testid': 'waiting' });
  at('#app').append(summary, waiting);
  at('.left').setAttribute('aria-label', W.levers.title);
  at('.right').setAttribute('aria-label', W.ladder.short);
  at('.strip').setAttribute('aria-label', W.strip.label);
  at('.headline').replaceChildren(h('h1', {}, W.app.loading));
  const bar = makeBar(at('.bar'), app);
  const levers = makeLevers(at('.left'), app),
    headline = makeHeadline(at('.headline'), app),
    floor = makeFloor(at('.mid > .floorbox'), app, {
      look: ({ w, h: height }) =>
        T.small
          ? { scale: w < 480 || height < 300 ? 0.62 : 0.8, pileHeight: Math.min(Math.max(height * 0.22, 44), 96) }
          : height < 420
            ? { scale: 0.72, pileHeight: 70 }
            : { pileHeight: 114 * T.unit },
    });
  app.floor = floor; // a lesson empties its piles before a bet
  const legend = makeLegend(at('.mid > .legend'), app),
    ladder = makeLadder(at('.right > .audit'), app),
    strip = makeStrip(at('.strip > .long'), app),
    sparks = makeSparks(at('.strip > .sparks'), app),
    dock = makeDock(at('.dock'), app);
  const project = makeProjection(at('.right > .projected'), at('.strip > .projected'), app);
  const compare = makeCompare([at('.left'), at('.mid'), at('.right'), at('.strip')], app);
  const recorded = document.body.dataset.source === 'recorded';
  const why = recorded ? null : makeWhy([at('.left'), at('.mid'), at('.right'), at('.strip')], app);
  makeNotices(at('#notice'), app);
  makeHelp(at('#help'), app);
  makeStory(at('#story'), app);
  listenToKeys(app);
  if (!recorded) {
    makeAddress(app);
    makeShare(app);
    makeInfo(app);
  }
  // After a click the keys are for the page again, not for the button.
  addEventListener('click', (event) => {
    const { activeElement: held } = document;
    if (event.detail && event.target instanceof Element && event.target.closest('.bar button, .tri button'))
      if (held instanceof HTMLElement) held.blur();
  });
  const open = at('.open-levers'),
    count = (n) => {
      open.replaceChildren(W.levers.title, n ? h('span', { class: 'soft' }, W.thousands(n)) : '');
      open.setAttribute('aria-label', W.levers.open(n));
    };
  at('.dock-row').append(open); // at the thumb
  open.addEventListener('click', () => {
    document.body.classList.add('sheet-open');
    at('.mid').scrollIntoView({ block: 'start' }); // the sheet lies over the lower half: the floor stays in view
    at('[data-testid=levers-close]')?.focus();
  });

  const parts = [headline, floor, legend, levers, ladder, strip, sparks, dock, project, compare, why].filter(Boolean);
  app.on('draw', (time) => {
    for (const part of parts) part.draw(time);
    if (!app.player.playing && app.plan)
      summary.textContent = [W.bar.day(app.day), at('[data-testid=headline]').textContent]
        .filter((said, i, all) => i || !all[1].startsWith(said)) // a headline may begin with the day
        .concat(at('[data-testid=changed]').textContent)
        .join('. ');
  });
  const renew = () => {
    readTokens();
    for (const part of parts) part.renew?.();
    app.draw();
  };
  app.on('resize', renew);
  addEventListener('resize', () => app.said('resize'));
  onGrown(() => app.draw());
  for (const event of ['plan', 'lines', 'markets', 'ghost', 'mode', 'frames', 'playing'])
    app.on(event, () => app.draw());
  app.on('plan', () => {
    levers.draw(app.player.time);
    count(app.plan.differs(app.day).length);
  });
  app.on('about', () => {
    count(0);
  });
  app.on('veiled', (is) => {
    waiting.textContent = is ? W.notice.getting(app.title(app.plan.organization)) : '';
  });
  globalThis.baton = app; // for those who look behind the page, and for tests
  return { app, parts, bar };
}
