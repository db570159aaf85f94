// What has to be said: why it stopped, a lost connection, a refusal. One line over the floor, read out by screen readers.
// @ts-check
/** @import { App } from '../common/app.js' */
import { h } from '../common/svg.js';
import { W } from '../common/words.js';

const SHORT = 3500;

/**
 * @param {HTMLElement} host
 * @param {App} app
 */
export function makeNotices(host, app) {
  const said = h('span', {}),
    go = h(
      'button',
      {
        class: 'btn main',
        hidden: true,
        onclick: () => {
          hide();
          app.player.play();
        },
      },
      W.pause.go,
    ),
    close = h('button', { class: 'btn bare', 'aria-label': W.notice.close, onclick: () => hide() }, '×');
  host.replaceChildren(said, go, close);
  let timer = 0,
    kind = '',
    day = 0; // that of the last stop

  function show(text, { lasting = false, next = false, of = 'note' } = {}) {
    clearTimeout(timer);
    kind = of;
    said.textContent = text;
    go.hidden = !next;
    close.hidden = lasting && !next && of !== 'said' && of !== 'link';
    host.hidden = false;
    host.dataset.kind = of;
    if (!lasting)
      timer = setTimeout(() => {
        if (kind === of) hide();
      }, SHORT);
  }
  function hide(only) {
    if (only && kind !== only) return;
    host.hidden = true;
    kind = '';
  }

  app.on('stopped', (why) => {
    day = app.day;
    const named = (arms) => (app.mode === 'compare' ? arms.map((arm) => W.compare[arm]).join(W.compare.and) : '');
    const broke = app.arms.filter((arm) => app.stores[arm].broke && app.stores[arm].last <= why.day);
    if (why.change)
      show(W.pause.change(why.day, why.from, why.to, why.moved, named([why.arm])), {
        lasting: true,
        next: true,
        of: 'stop',
      });
    else if (why.end)
      show(broke.length ? W.head.brokeMore(why.day, named(broke)) : W.pause.end(why.day), { of: 'stop' });
    else if (why.text) show(why.text, { lasting: true, of: 'stop' });
  });
  app.on('playing', () => {
    if (!app.player.playing) return;
    hide('stop');
    hide('link');
  });
  for (const event of ['day', 'plan']) app.on(event, () => app.day === day || hide('stop')); // it is of its day alone
  app.on('connection', (is) => {
    document.body.dataset.connected = is;
    if (is) {
      hide('lost');
      show(W.notice.back);
    } else show(W.notice.lost, { lasting: true, of: 'lost' });
  });
  app.on('refused', (why) => show(W.notice.refused(why), { lasting: true, of: 'refused' }));
  app.on('fault', (why) => show(W.notice.fault(why), { of: 'fault' }));
  app.on('unread', (why) => show(why, { lasting: true, of: 'link' })); // it stands until somebody plays
  app.on('read', () => hide('link')); // another link was
  app.on('say', (text, lasting = false) => show(text, { lasting, of: lasting ? 'said' : 'note' }));
  return { show, hide };
}
