// The leads inside a bar of the waterfall, and one lead told twice.
// @ts-check
/** @import { App } from '../common/app.js' */
import { h } from '../common/svg.js';
import { W } from '../common/words.js';

const DAY = /^([^:]+): (.*)$/s; // each sentence of a history begins with its day

/**
 * @param {HTMLElement} host
 * @param {App} app
 * @param {() => string} wayNow
 */
export function makeLives(host, app, wayNow) {
  let asked = 0;
  /** What stands there before a bar is open; nothing where there is none to choose. */
  const clear = (bars = false) => {
    asked++;
    host.replaceChildren(bars ? h('p', { class: 'soft small' }, W.why.choose) : '');
  };

  /** Show the leads of a bar. */
  async function open(bar, told) {
    const mine = ++asked,
      by = wayNow();
    const head = h(
      'h2',
      { 'data-testid': 'why-bar-title' },
      W.why.barTitle(W.why.name(app.about.levers, bar), W.why.signed(bar.shown, told.digits)),
    );
    const meaning = h('p', { class: 'small soft' }, by === 'lever' ? W.why.leverLeads : W.why.meanings[bar.name] || '');
    host.replaceChildren(head, meaning, h('p', { class: 'soft small' }, W.story.loading));
    let found;
    try {
      found = await app.source.bar(by, bar.name);
    } catch (fault) {
      if (mine === asked && fault.reasons) host.replaceChildren(head, meaning, h('p', {}, fault.reasons.join(' ')));
      return;
    }
    if (mine !== asked) return;
    const lives = h('div', { class: 'why-lives', 'aria-live': 'polite', 'data-testid': 'why-lives' });
    const table = h(
      'table',
      { class: 'tab why-leads' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          W.why.columns(by).map((name) => h('th', {}, name)),
        ),
      ),
      h(
        'tbody',
        {},
        found.rows.map((row, i) => {
          const known = row.a !== null || row.b !== null; // a customer of day 0 was never a lead
          const button = known
            ? h(
                'button',
                { class: 'why-lead', 'data-testid': `why-lead-${i}`, onclick: () => tell(row) },
                W.why.number(row.a ?? row.b),
              )
            : '–';
          const made = h(
            'tr',
            known ? { class: 'told', onclick: (event) => event.target === button || tell(row) } : {},
            h('td', {}, button),
            h('td', { 'data-text': 'story' }, row.end_a),
            h('td', { 'data-text': 'story' }, row.end_b),
            h('td', { class: 'number' }, W.why.thousands(row.difference)),
          );
          row.line = made;
          return made;
        }),
      ),
    );
    host.replaceChildren(
      head,
      found.n
        ? h(
            'p',
            { class: 'small', 'data-testid': 'why-market' },
            W.why.inMarket(found.market, W.why.signed(found.value / told.scale, told.digits), told.shown_unit),
            ' ',
            W.why.usual(found.market, told.seeds.length, app.plan.seed),
          )
        : '',
      meaning,
      h('p', { class: 'small' }, W.why.ways_(found.n, found.ways)),
      ...(found.n ? [table, h('p', { class: 'tiny soft' }, W.why.some(found.rows.length, found.n, bar.shown))] : []),
      lives,
    );

    /** @param {any} row */
    async function tell(row) {
      const again = ++asked;
      for (const each of found.rows) each.line.classList.toggle('on', each === row);
      lives.replaceChildren(h('p', { class: 'soft small' }, W.story.loading));
      try {
        const both = await app.source.lives(by, bar.name, row.a, row.b);
        if (again !== asked) return;
        const side = (arm) =>
          h(
            'section',
            { 'data-testid': `why-life-${arm}` },
            h('h3', {}, h('span', { class: `ab ${arm}` }, W.compare[arm]), W.why.sides(by)[arm]),
            h(
              'ol',
              { class: 'story-list', 'data-text': 'story' },
              both[arm].map((sentence) => {
                const [, day, said] = DAY.exec(sentence) || [null, '', sentence];
                return h('li', {}, day ? h('b', {}, day) : null, day ? h('br') : null, said);
              }),
            ),
          );
        lives.replaceChildren(
          h('h2', {}, W.why.twice(row.a ?? row.b)),
          h('div', { class: 'why-two' }, side('a'), side('b')),
        );
        lives.scrollIntoView({ block: 'nearest' });
      } catch (fault) {
        if (again === asked && fault.reasons) lives.replaceChildren(h('p', {}, fault.reasons.join(' ')));
      }
    }
  }

  clear();
  return { open, clear };
}
