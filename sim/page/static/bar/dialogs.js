// Two quiet windows: the list of keys and marks, and the history of a lead or a person.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { Arm, Part } from '../common/types.js'
 */
import { redraws } from '../common/redraws.js';
import { h, icon, s, T } from '../common/svg.js';
import { W } from '../common/words.js';

const line = (width, more) =>
  s(
    'svg',
    { width: 34, height: 12, 'aria-hidden': 'true' },
    s('path', {
      d: 'M1 6h32',
      stroke: T.ink2,
      'stroke-width': width,
      'stroke-linecap': 'round',
      fill: 'none',
      ...more,
    }),
  );

/** What the marks on the floor mean. */
function legendItems() {
  const box = (width, height, ...inner) => s('svg', { width, height, 'aria-hidden': 'true' }, inner);
  const dot = (x, fill) => s('circle', { cx: x, cy: 4.5, r: 3.5, fill, stroke: T.ink2, 'stroke-width': 1.4 });
  const sign = s('text', { x: 20, y: 12, class: 'tiny', 'font-weight': 700, 'text-anchor': 'middle' }, '!');
  const items = [
    [
      box(
        34,
        12,
        s(
          'g',
          { stroke: T.ink2, 'stroke-linecap': 'round' },
          s('path', { d: 'M1 6h8', 'stroke-width': 1 }),
          s('path', { d: 'M13 6h7', 'stroke-width': 2.25 }),
          s('path', { d: 'M25 6h7', 'stroke-width': 4 }),
        ),
      ),
      W.legend.work,
    ],
    [
      box(
        40,
        16,
        s('path', { d: 'M0 8h40', stroke: T.ink, 'stroke-width': 1.75, 'stroke-dasharray': '6 5' }),
        s('circle', { cx: 20, cy: 8, r: 7, fill: '#fff', stroke: T.ink, 'stroke-width': 1.25 }),
        sign,
      ),
      W.legend.complaint,
    ],
    [box(9, 9, dot(4.5, T.ink2)), W.legend.notes],
    [box(9, 9, dot(4.5, '#fff')), W.legend.without],
    [
      box(
        10,
        10,
        s('path', { d: 'M1.5 1.5l7 7m0-7l-7 7', stroke: T.ink, 'stroke-width': 2, 'stroke-linecap': 'round' }),
      ),
      W.legend.died,
    ],
    [box(15, 7, s('rect', { x: 0.7, y: 1, width: 13, height: 5, rx: 2.5, fill: '#fff', stroke: T.ink })), W.legend.won],
    [box(24, 9, dot(4.5, '#fff'), dot(12, '#fff'), dot(19.5, '#fff')), W.legend.waiting],
  ];
  return items.map(([mark, said]) => h('span', {}, mark, said));
}

/**
 * @param {HTMLElement} host
 * @param {App} app
 * @returns {Part}
 */
export function makeLegend(host, app) {
  const each = h('span', { class: 'strong', 'data-testid': 'each' });
  const piles = h(
    'span',
    { class: 'too', 'data-testid': 'piles-of' },
    W.floor.quarter,
    h('span', { class: 'of-rates' }, W.floor.ofRates),
  );
  host.replaceChildren(each, h('span', { class: 'phone-only' }, W.legend.short), piles, ...legendItems());
  const drawn = redraws();
  return {
    draw() {
      const people = Math.max(...app.arms.map((arm) => app.perDesk[arm]));
      if (!drawn.isNew(app.perDot, people)) return;
      each.textContent =
        people > 1 ? W.floor.aggregated(app.perDot, people) : app.perDot > 1 ? W.floor.each(app.perDot) : '';
      each.hidden = !each.textContent;
    },
  };
}

/**
 * @param {HTMLDialogElement} host
 * @param {App} app
 */
export function makeHelp(host, app) {
  const info = h(
    'button',
    {
      class: 'btn',
      'data-testid': 'info',
      onclick: () => {
        host.close();
        app.said('info');
      },
    },
    W.info.open,
  );
  host.append(
    h(
      'div',
      { class: 'dialog-head' },
      h('h2', {}, W.help.title),
      h('button', { class: 'btn bare', 'aria-label': W.help.close, onclick: () => host.close() }, '×'),
    ),
    h(
      'dl',
      { class: 'keys' },
      W.help.keys.flatMap(([key, does]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, does)]),
    ),
    h('h2', {}, W.help.marks),
    h('div', { class: 'legend in-help' }, legendItems()),
    h('p', { class: 'note' }, W.help.note),
    h('p', { class: 'after-note' }, info),
  );
  app.on('help', () => {
    info.hidden = !app.listeners.has('info');
    if (host.open) host.close();
    else host.showModal();
  });
}

/**
 * The history of a lead or a person, in a sheet beside the floor.
 * @param {HTMLElement} host
 * @param {App} app
 */
export function makeStory(host, app) {
  const title = h('h2', {}),
    list = h('ol', { class: 'story-list' }),
    when = h('p', { class: 'tiny soft' });
  const close = h(
    'button',
    {
      class: 'btn bare',
      'aria-label': W.story.close,
      onclick: () => {
        host.hidden = true;
        opener?.focus?.();
      },
    },
    '×',
  );
  host.replaceChildren(h('div', { class: 'dialog-head' }, title, close), when, list);
  let opener = null;

  /**
   * @param {Arm} arm
   * @param {any} what
   * @param {string} name
   */
  async function show(arm, what, name) {
    app.player.pause();
    opener = document.activeElement;
    title.textContent = name;
    when.textContent = W.story.loading;
    list.replaceChildren();
    host.hidden = false;
    close.focus();
    try {
      const told = await app.source.story(arm, { ...what, rev: app.rev, day: app.day });
      title.textContent = 'lead' in told ? name : `${told.name}`;
      when.textContent = W.story.now('lead' in told ? (told.day ?? app.day) : told.day);
      list.replaceChildren(
        ...(told.sentences || W.story.person(told)).map((sentence) =>
          h('li', 'lead' in told ? { 'data-text': 'story' } : {}, sentence),
        ),
      );
    } catch (fault) {
      if (fault.reasons) when.textContent = fault.reasons.join(' ');
    }
  }

  app.on('lead', (arm, number) => show(arm, { lead: number }, app.leadName(arm, number)));
  app.on('person', (arm, row) => show(arm, { person: row }, W.story.title));
  host.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      close.click();
      event.stopPropagation();
    }
  });
}
export { icon, line };
