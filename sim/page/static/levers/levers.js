// The levers: what managers choose, in four groups. Each says its name, a named level, its number, and where the baseline stands.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { About, Part, Scale } from '../common/types.js'
 */
import { redraws } from '../common/redraws.js';
import { h } from '../common/svg.js';
import { W } from '../common/words.js';
import { closeSheet, makeSheetRow } from './sheet.js';

/** @type {[number, string][]} */
const MODES = [
  [2, '–'],
  [0, '○'],
  [1, '+'],
]; // in the order they are drawn: forbid, teams decide, mandate
/** @type {(low: number, high: number) => {to: (v: number) => number, from: (t: number) => number}} */
const log = (low, high) => ({
  to: (v) => Math.log(Math.max(v, low) / low) / Math.log(high / low),
  from: (t) => low * (high / low) ** t,
});
/** @type {(low: number, high: number) => {to: (v: number) => number, from: (t: number) => number}} */
const line = (low, high) => ({ to: (v) => (v - low) / (high - low), from: (t) => low + (high - low) * t });
/** @type {(v: number) => number} */
const nice = (v) => {
  const power = 10 ** (Math.floor(Math.log10(v)) - 1);
  return Math.round(v / power) * power;
};

/**
 * A lever's place on its slider (0 to 1), and back; `round` is by its steps.
 * @type {(scale: Scale, baseline: number) => {log: boolean, to: (v: number) => number, from: (t: number) => number, round: (v: number) => number}}
 */
const scaleOf = ({ low, high, step, log: isLog, grows }, baseline) => {
  const most = grows ? Math.max(high, Math.ceil(baseline * 2)) : high,
    parts = Math.round(1 / step);
  return isLog
    ? { log: isLog, ...log(low, most), round: nice }
    : { log: isLog, ...line(low, most), round: (v) => Math.round(v * parts) / parts };
};

/**
 * @param {HTMLElement} host
 * @param {App} app
 * @returns {Part}
 */
export function makeLevers(host, app) {
  const rows = new Map(),
    when = h('p', { class: 'tiny soft when-levers' });
  /** @type {About} */
  let about = null;
  const pin = h(
    'button',
    {
      class: 'btn pin',
      'data-testid': 'pin',
      onclick: () => {
        app.change((plan) => plan.pin());
        app.said('say', W.levers.pinned);
      },
    },
    W.levers.pin,
  );
  const reset = h(
    'button',
    {
      class: 'btn pin reset',
      'data-testid': 'reset',
      onclick: () => {
        app.change((plan) => plan.reset());
        app.player.seek(0);
        app.said('say', W.levers.isReset);
      },
    },
    W.levers.reset,
  );

  host.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && document.body.classList.contains('sheet-open')) closeSheet();
  });

  function build() {
    about = app.about;
    shown.forget();
    rows.clear();
    host.replaceChildren(
      h(
        'div',
        { class: 'levers-head' },
        h('h2', {}, W.levers.title),
        h('span', { class: 'tiny soft' }, h('i', { class: 'tick' }), W.levers.baseline),
        h(
          'button',
          {
            class: 'btn bare sheet-close',
            onclick: closeSheet,
            'data-testid': 'levers-close',
          },
          W.levers.close,
        ),
      ),
      makeSheetRow(app),
      when,
      ...Object.keys(about.groups).flatMap(group),
      pin,
      reset,
    );
  }

  /** @param {string} title a key of about.groups */
  function group(title) {
    const names = Object.keys(about.levers).filter((name) => about.levers[name].group === title),
      isSlid = (name) => about.levers[name].scale !== null;
    return [
      h(
        'div',
        { class: 'group' },
        h('span', {}, W.levers.group(about.groups, title)),
        names.every(isSlid) ? '' : h('span', { class: 'soft', 'aria-hidden': 'true' }, W.levers.key),
      ),
      ...names.map((name) => (isSlid(name) ? slider(name) : practice(name))),
    ];
  }

  const dayOf = () => Math.min(app.day, app.horizon - 1);

  /**
   * A lever that whoever made this file has locked looks so.
   * @param {HTMLElement} node
   * @param {Element | null} mark where it says so in a word
   */
  function keep(node, mark = null) {
    node.classList.add('off', 'locked');
    node.title = W.levers.lockedMore;
    if (mark) mark.textContent = W.levers.locked;
  }

  /** @param {string} name */
  function slider(name) {
    const said = h('span', { class: 'said' }),
      input = h('input', {
        type: 'range',
        min: 0,
        max: 1000,
        step: 1,
        id: `lever-${name}`,
        'data-testid': `lever-${name}`,
      });
    const tick = h('u', {}),
      bar = h('s', {});
    const node = h(
      'div',
      { class: 'lever', 'data-lever': name },
      h('label', { class: 'row', for: `lever-${name}` }, h('span', {}, W.levers.nameOf(about.levers, name)), said),
      h('div', { class: 'track' }, tick, bar, input),
    );
    const row = { node, said, input, tick, bar, scale: null };
    rows.set(name, row);
    if (app.locked.has(name)) keep(node);
    const move = (going) => {
      const value = row.scale.round(row.scale.from(Number(input.value) / 1000));
      app.change((plan) => plan.change(name, value, dayOf(), going));
    };
    input.addEventListener('input', () => move(true));
    input.addEventListener('change', () => {
      move(true);
      app.plan.letGo();
    });
    // The arrows go by the lever's own steps, never by a thousandth of its length.
    input.addEventListener('keydown', (event) => {
      const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      const now = app.plan.value(name, app.day),
        { scale } = row;
      let at = Number(input.value),
        value = now;
      while (value === now && at >= 0 && at <= 1000) {
        at += way;
        value = scale.round(scale.from(Math.min(Math.max(at, 0), 1000) / 1000));
      }
      const jump = scale.log
        ? scale.round(scale.from(Math.min(Math.max(Number(input.value) + way * 25, 0), 1000) / 1000))
        : value;
      app.change((plan) => plan.change(name, jump, dayOf()));
    });
    return node;
  }

  /** @param {string} name */
  function practice(name) {
    const short = name.replace(/^.*\./, ''),
      { hours } = about.levers[name],
      title = W.levers.nameOf(about.levers, name);
    const buttons = MODES.map(([mode, mark]) =>
      h(
        'button',
        {
          role: 'radio',
          'aria-checked': 'false',
          'aria-label': `${title}: ${W.levers.modes[mode]}`,
          title: W.levers.modes[mode],
          tabindex: -1,
          'data-mode': mode,
          'data-testid': `practice-${short}-${mode}`,
          onclick: () => app.change((plan) => plan.change(name, mode, dayOf())),
        },
        mark,
      ),
    );
    const group = h(
      'span',
      { class: 'tri', role: 'radiogroup', 'aria-label': W.levers.perWeekLong(title, hours) },
      buttons,
    );
    group.addEventListener('keydown', (event) => {
      const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      const here = buttons.findIndex((each) => each === document.activeElement),
        next = buttons[(here + way + 3) % 3];
      next.focus();
      next.click();
    });
    const node = h(
      'div',
      { class: 'prac', 'data-lever': name },
      h('span', {}, title),
      h('span', { class: 'hrs' }, W.levers.perWeek(hours)),
      group,
    );
    rows.set(name, { node, buttons });
    if (app.locked.has(name)) keep(node, node.querySelector('.hrs'));
    return node;
  }

  function show() {
    if (!app.plan || !rows.size) return;
    const { plan, day } = app;
    when.textContent = W.levers.when(day);
    for (const [name, row] of rows) {
      const lever = about.levers[name],
        value = plan.value(name, day),
        base = plan.value(name, day, plan.base),
        changed = value !== base;
      row.node.classList.toggle('changed', changed);
      if (row.buttons) {
        for (const button of row.buttons) {
          const mode = Number(button.dataset.mode),
            on = mode === value;
          button.setAttribute('aria-checked', on);
          button.classList.toggle('on', on);
          button.classList.toggle('was', mode === base && changed);
          button.tabIndex = on ? 0 : -1;
          button.disabled = app.player.locked !== null || !app.mayMove(name);
        }
        continue;
      }
      row.scale ||= scaleOf(lever.scale, base);
      const idle = lever.needs !== null && !plan.value(lever.needs, day),
        fixed = app.own && lever.counted;
      const at = (v) => Math.min(Math.max(row.scale.to(v), 0), 1);
      const said = idle
        ? W.change(about.levers, lever.needs, 0, 0)
        : fixed
          ? W.levers.fixed
          : app.locked.has(name)
            ? W.levers.lockedAt(W.levers.value(lever, value))
            : W.levers.value(lever, value);
      const full = changed ? W.levers.was(said, W.levers.value(lever, base)) : said;
      row.said.textContent = lever.none && !idle ? full : said; // a slider at none shows no bar: it says what it was
      row.input.value = Math.round(at(value) * 1000);
      row.input.setAttribute('aria-valuetext', full);
      row.input.disabled = idle || fixed || app.player.locked !== null || !app.mayMove(name);
      row.node.classList.toggle('off', idle || fixed || app.locked.has(name));
      if (!app.locked.has(name)) row.node.title = lever.starts ? W.levers.fromStart : '';
      row.tick.style.left = `${at(base) * 100}%`;
      row.bar.style.left = `${Math.min(at(value), at(base)) * 100}%`;
      row.bar.style.width = changed ? `${Math.abs(at(value) - at(base)) * 100}%` : '0';
    }
    pin.hidden = plan.isBaseline;
    reset.hidden = plan.isAsFound || Boolean(app.allowed || app.lesson);
  }

  const shown = redraws();
  function draw() {
    const allowed = app.allowed && [...app.allowed].join();
    if (shown.isNew(app.day, app.player.locked, app.own, allowed, app.plan?.state)) show();
  }

  app.on('about', build);
  return {
    draw,
    renew() {
      for (const row of rows.values()) row.scale = null;
      shown.forget();
    },
  };
}
