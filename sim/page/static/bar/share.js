// A link that carries the whole plan behind its #; the layout is written down in sim/page/share.py.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { About, PlanState } from '../common/types.js'
 */
import { h } from '../common/svg.js';
import { W } from '../common/words.js';

const LONGEST = 300,
  KEEP = 300, // milliseconds until a change stands in the address
  MOST_CHANGES = 60,
  VIEWS = ['run', 'compare', 'why', 'project'],
  KEYS = ['v', 'o', 'm', 'x', 'd', 'w', 'c', 'b', 'e'],
  ASKED = new Set(['token', 'key', 'lesson', 'window', 'language']); // all that an address may ask before its #

/**
 * The part of a link from the # on.
 * @param {About} about
 * @param {PlanState} state
 * @param {number} day
 * @param {string} view
 */
export function linkOf(about, state, day, view) {
  const changes = (list) =>
    list
      .map(
        (change) =>
          `${change.day}:${Object.entries(change.values)
            .map(([name, value]) => about.levers[name].code + String(value))
            .join('')}`,
      )
      .join(';');
  const parts = [`v=${about.version}-${about.model}`, `o=${encodeURIComponent(state.scenario)}`, `m=${state.seed}`];
  if (state.other) parts.push(`x=${encodeURIComponent(state.other)}`);
  if (day) parts.push(`d=${day}`);
  if (view !== 'run') parts.push(`w=${view}`);
  if (state.changes.length) parts.push(`c=${changes(state.changes)}`);
  if (state.baseline.length) parts.push(`b=${changes(state.baseline)}`);
  const text = `#${parts.join('&')}`;
  return `${text}&e=${letters(text)}`; // whoever gets a part of it will know
}

/**
 * How many letters a text has without the %-signs that mail programs may add.
 * @param {string} text
 */
const letters = (text) => {
  try {
    return [...decodeURIComponent(text)].length;
  } catch {
    return -1;
  }
};

/**
 * What a link carries: {plan, day, view, version, model}, or {fault}; null if there is nothing behind the #.
 * @param {string} hash
 * @param {About} about
 * @returns {{version: string, model: string, fault?: string, plan?: PlanState, day?: number, view?: string} | null}
 */
export function readLink(hash, about) {
  const told = new URLSearchParams(hash.replace(/^#/, ''));
  if (hash.length < 2) return null;
  const names = Object.fromEntries(Object.entries(about.levers).map(([name, { code }]) => [code, name]));
  const given = told.get('v') || '',
    at = given.lastIndexOf('-');
  const found = { version: given.slice(0, Math.max(at, 0)), model: given.slice(at + 1) };
  const whole = (key) => (/^\d{1,15}$/.test(told.get(key) ?? '0') ? Number(told.get(key) ?? 0) : NaN);
  const scenario = told.get('o'),
    other = told.get('x');
  const fault = (said) => ({ ...found, fault: said });
  const end = hash.lastIndexOf('&e='),
    isWhole = end < 0 ? found.model !== about.model : Number(told.get('e')) === letters(hash.slice(0, end)),
    view = told.get('w') ?? 'run'; // older rules wrote no end
  if (scenario && !isWhole) return fault(W.share.cut);
  if (!scenario || [...told.keys()].some((key) => !KEYS.includes(key)) || !VIEWS.includes(view))
    return fault(W.share.broken);
  if (Number.isNaN(whole('m')) || Number.isNaN(whole('d'))) return fault(W.share.broken);
  for (const name of [scenario, other])
    if (name !== null && !Object.hasOwn(about.scenarios, name)) return fault(W.share.unknown(name));
  const { days } = about.scenarios[scenario];
  const changes = {};
  for (const key of ['c', 'b']) {
    changes[key] = [];
    for (const text of (told.get(key) || '').split(';').filter(Boolean)) {
      const [, day, values] = /^(\d{1,6}):((?:[A-Z][-0-9.e]+)+)$/.exec(text) || [];
      if (!values || Number(day) >= days) return fault(W.share.broken);
      const change = { day: Number(day), values: {} };
      for (const [, code, number] of values.matchAll(/([A-Z])([-0-9.e]+)/g)) {
        const lever = about.levers[names[code]],
          value = Number(number);
        if (!lever) return fault(W.share.lever(code));
        if (!(value >= lever.low && value <= lever.high) || (lever.whole && !Number.isInteger(value)))
          return fault(W.share.broken);
        if (lever.starts && change.day) return fault(W.share.broken);
        change.values[names[code]] = value;
      }
      changes[key].push(change);
    }
    if (changes[key].length > MOST_CHANGES) return fault(W.share.broken);
    changes[key].sort((a, b) => a.day - b.day);
  }
  return {
    ...found,
    plan: { scenario, other, seed: whole('m'), changes: changes.c, baseline: changes.b },
    day: Math.min(whole('d'), days),
    view,
  };
}

/** @param {App} app */
export function makeShare(app) {
  const field = h('input', {
    class: 'box link',
    readonly: true,
    'aria-label': W.share.link,
    'data-testid': 'share-link',
    onfocus: () => field.select(),
  });
  const copy = h('button', { class: 'btn main', 'data-testid': 'share-copy', onclick: () => copied() }, W.share.copy);
  const said = h('p', { class: 'small', role: 'status', 'data-testid': 'share-said' });
  const carries = h('p', { class: 'small soft' });
  const command = h('code', { class: 'command', 'data-text': 'command', 'data-testid': 'share-command' });
  const host = h(
    'dialog',
    { id: 'share', class: 'leaf', 'aria-label': W.share.title, 'data-testid': 'share-dialog' },
    h(
      'div',
      { class: 'dialog-head' },
      h('h2', {}, W.share.title),
      h('button', { class: 'btn bare', 'aria-label': W.help.close, onclick: () => host.close() }, '×'),
    ),
    carries,
    h('div', { class: 'link-row' }, field, copy),
    said,
    h('h3', {}, W.share.file),
    h('p', { class: 'small soft' }, W.share.fileMore),
    command,
  );
  document.body.append(host);

  const viewNow = () => {
    const view = app.mode === 'run' && document.body.classList.contains('is-projected') ? 'project' : app.mode;
    return VIEWS.includes(view) ? view : 'run';
  };

  /** The link to what is shown now; null if it would be too long. */
  function link() {
    const token = new URLSearchParams(location.search).get('token');
    const start = location.origin + location.pathname + (token ? `?token=${encodeURIComponent(token)}` : '');
    const whole = start + linkOf(app.about, app.plan.state, app.day, viewNow());
    return whole.length <= LONGEST ? whole : null;
  }
  /** Why there is no link; an organization that does not come with Baton is nowhere else. */
  function refusal() {
    const names = [app.plan.state.scenario, app.plan.state.other].filter((name) => name !== null);
    const own = names.find((name) => !app.about.scenarios[name].shipped);
    return own === undefined ? (link() === null ? W.share.tooLong(LONGEST) : null) : W.share.own(own);
  }

  async function copied() {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = W.share.copied;
    } catch {
      said.textContent = W.share.byHand;
    }
  }

  app.on('share', () => {
    if (!app.plan) return;
    app.player.pause();
    const refused = refusal(),
      found = refused === null ? link() : null;
    field.value = found ?? '';
    copy.disabled = found === null;
    carries.textContent = refused ?? W.share.carries;
    said.textContent = '';
    command.textContent = found === null ? '' : `baton export replay '${found}' -o run.html`;
    host.showModal();
    if (found !== null) copied();
  });

  let opened = null; // the # that was last taken on
  const failed = (fault, first) =>
    app.said('unread', first ? W.share.instead(fault, app.title(app.plan.organization)) : W.share.asBefore(fault));
  /**
   * Take on what the address carries; `first` when the page opens.
   * @param {boolean} first
   */
  function take(first) {
    if (location.hash === opened) return null;
    opened = location.hash;
    const found = readLink(location.hash, app.about);
    const strange = first && [...new URLSearchParams(location.search).keys()].some((key) => !ASKED.has(key));
    if (found === null) {
      if (strange) failed(W.share.broken, first);
      return null;
    }
    if (found.fault) {
      failed(found.fault, first);
      return null;
    }
    app.plan.set(found.plan);
    app.player.time = found.day;
    if (found.model !== app.about.model)
      setTimeout(() =>
        app.said(
          'say',
          W.share.version(`${found.version}, rules ${found.model}`, `${app.about.version}, rules ${app.about.model}`),
          true,
        ),
      );
    return found;
  }
  /** @param {any} view */
  function show(view) {
    if (view === 'project') {
      if (!document.body.classList.contains('is-projected')) app.said('project');
    } else if (view === 'why') app.said('why');
    else app.setMode(view);
  }

  // The address says what is shown, so that a page that is loaded again shows it again; a lesson remembers by itself.
  let keeping = 0,
    fresh = null; // the plan that the address opens without a #
  const inLesson = () => new URLSearchParams(location.search).has('lesson') || Boolean(app.about.start?.lesson);
  function keep() {
    if (keeping || !app.plan || inLesson()) return;
    keeping = setTimeout(() => {
      keeping = 0;
      const isFresh = JSON.stringify(app.plan.state) === fresh && app.day === 0 && viewNow() === 'run';
      const wanted = isFresh ? '' : linkOf(app.about, app.plan.state, app.day, viewNow());
      if (wanted === location.hash) return;
      history.replaceState(history.state, '', location.pathname + location.search + wanted);
      opened = location.hash;
    }, KEEP);
  }
  for (const event of ['plan', 'day', 'mode', 'project']) app.on(event, keep);
  app.on('about', () => {
    fresh ??= JSON.stringify(app.plan.state);
    const found = take(true);
    if (!found) return;
    app.plan.past = []; // this is where the visitor comes in: there is nothing to undo
    app.said('plan');
    show(found.view);
  });
  addEventListener('hashchange', () => {
    if (!app.plan) return;
    app.player.pause();
    const found = take(false);
    if (!found) return;
    app.stale = true;
    app.said('plan');
    show(found.view);
    app.send();
  });
}
