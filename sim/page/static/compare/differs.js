// The left of a comparison: what differs, whether the market is one, five years of both, and what to do next.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { Plan } from '../common/plan.js'
 * @import { Arm } from '../common/types.js'
 */
import { redraws } from '../common/redraws.js';
import { YEAR } from '../common/store.js';
import { h } from '../common/svg.js';
import { W } from '../common/words.js';

/** @type {[string, number, number][]} */
const ROWS = [
  ['revenue', 1e-3, 1],
  ['contribution', 1e-3, 2],
  ['equity_change', 1e-3, 2],
  ['net_value', 1e-3, 2],
  ['followed_up', 100, 0],
  ['score', 1, 0],
]; // outcome, times, digits

const MOST = 7; // rows of the table of what differs

/**
 * Whether the interval of a mean difference holds zero.
 * @type {(net: {low: number, high: number}) => boolean}
 */
export const isNoise = (net) => net.low <= 0 && net.high >= 0;

/** @type {(values: number[]) => number} */
const deviation = (values) => {
  const mean = values.reduce((a, v) => a + v, 0) / values.length;
  return Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2, 0) / Math.max(values.length - 1, 1));
};

/**
 * @param {HTMLElement} left
 * @param {App} app
 * @param {(arm: Arm) => HTMLElement} letter
 */
export function makeDiffers(left, app, letter) {
  const drawn = redraws();

  /** @param {number} day */
  function draw(day) {
    const { plan, markets } = app,
      differing = plan.unlike(day).reverse(), // the last change first
      both = matched(day),
      shown = [day > 0, plan.state, markets?.rev, markets?.n, app.progress?.join(), app.stale, app.veiled, both.join()];
    if (!drawn.isNew(...shown, JSON.stringify(differing), app.perDot)) return;
    const next = advice(); // the last of it is a button
    const chosen = h(
      'select',
      {
        class: 'box',
        'aria-label': `${W.compare.choose} ${W.compare.b}`,
        'data-testid': 'other',
        onchange: () => app.change((p) => p.set({ other: chosen.value === p.state.scenario ? null : chosen.value })),
      },
      Object.entries(app.about.scenarios).map(([name, about]) =>
        h('option', { value: name, selected: name === plan.organization.scenario }, about.title),
      ),
    );
    left.replaceChildren(
      h('h2', {}, W.compare.title),
      h('label', { class: 'pick-b small' }, letter('b'), chosen),
      differing.length
        ? h(
            'table',
            { class: 'tab' },
            h('thead', {}, h('tr', {}, h('th', {}, ''), h('th', {}, letter('a')), h('th', {}, letter('b')))),
            h(
              'tbody',
              {},
              differing
                .slice(0, MOST)
                .map(({ name, value, before, day: since }) =>
                  h(
                    'tr',
                    {},
                    h('td', {}, W.levers.nameOf(app.about.levers, name), h('small', {}, W.compare.since(since))),
                    h('td', {}, valueOf(name, before)),
                    h('td', {}, valueOf(name, value)),
                  ),
                ),
            ),
          )
        : '',
      h('p', { class: 'note', 'data-testid': 'else' }, rest(plan, differing.length, day)),
      h('h2', {}, W.compare.one),
      h(
        'p',
        { class: 'small' },
        ...(app.veiled
          ? [W.strip.updating]
          : markets && markets.check !== 'identical'
            ? [W.compare.other]
            : [
                W.compare.check(both[3], both[0])[0],
                h('b', {}, W.compare.check(both[3], both[0])[1]),
                W.compare.check(both[3], both[0])[2],
              ]),
        both[1] + both[2] ? ` ${W.compare.only(both[1], both[2])}` : '',
      ),
      h(
        'h2',
        {},
        W.compare.head(
          app.horizon % YEAR ? W.compare.days(app.horizon) : W.compare.years(app.horizon / YEAR),
          markets?.bands.b ? markets.n : 0,
        ),
      ),
      outcomes(),
      ...next.slice(0, -1),
      h(
        'div',
        { class: 'compare-foot' },
        next.at(-1) ?? '',
        h('button', { class: 'btn', 'data-testid': 'one-floor', onclick: () => app.setMode('run') }, W.compare.back),
      ),
    );
  }

  /**
   * What the table does not list: further numbers, what happens by itself, changes of later days.
   * @param {Plan} plan
   * @param {number} n
   * @param {number} day
   */
  function rest(plan, n, day) {
    if (plan.isBaseline) return W.compare.nothing;
    const more = n > MOST ? [W.compare.moreDiffer(n - MOST)] : [],
      later = plan.turns().some((turn) => turn > day && plan.unlike(turn).length > 0) ? [W.compare.later] : [],
      same = n ? W.compare.same : plan.parted(day) ? W.compare.again : W.compare.notYet;
    return [...more, plan.state.other ? W.compare.numbers : same, ...later].join(' ');
  }

  const valueOf = (name, value) => {
    const lever = app.about.levers[name];
    return !lever ? W.levers.plain(name, value) : lever.scale ? W.levers.brief(lever, value) : W.levers.modes[value];
  };

  /**
   * Drawn leads so far that came to both, to A alone, to B alone: the market check one can see.
   * @param {number} day
   */
  function matched(day) {
    const born = (store) => {
      const found = new Map();
      for (const lead of store.leads.values())
        if (lead.versions[0].day <= day) found.set(lead.twin, lead.versions[0].day);
      return found;
    };
    const a = born(app.stores.a),
      b = born(app.stores.b);
    let both = 0,
      same = 0;
    for (const [twin, since] of a)
      if (b.has(twin)) {
        both++;
        same += b.get(twin) === since ? 1 : 0;
      }
    return [both, a.size - both, b.size - both, same].map((n) => n * app.perDot);
  }

  function outcomes() {
    const { markets } = app;
    if (!markets || !markets.bands.b)
      return h(
        'p',
        { class: 'note' },
        app.tooLarge ? W.strip.tooLarge : app.progress ? W.compare.running(...app.progress) : W.strip.updating,
      );
    const of = markets.outcomes,
      signed = (v, d) => (Math.abs(v) < 0.5 * 10 ** -d ? (0).toFixed(d) : (v < 0 ? '−' : '+') + Math.abs(v).toFixed(d));
    const rows = ROWS.filter(([name]) => of[name]).map(([name, unit, most]) => {
      const each = of[name],
        large = Math.max(Math.abs(each.a), Math.abs(each.b)) * unit >= 99.95 && Math.abs(each.difference) * unit >= 1,
        d = large ? Math.min(most, 1) : most; // hundreds need no hundredths, unless they are all the difference
      return h(
        'tr',
        { class: name === 'net_value' ? 'd' : '' },
        h('td', {}, W.compare.rows[name][0], h('small', {}, W.compare.rows[name][1])),
        h('td', {}, W.fixed(each.a * unit, d)),
        h('td', {}, W.fixed(each.b * unit, d)),
        h(
          'td',
          { 'data-testid': `difference-${name}`, 'data-value': each.difference },
          signed(each.difference * unit, d),
          h(
            'small',
            {},
            each.low === null
              ? W.compare.noInterval
              : W.compare.to(signed(each.low * unit, d), signed(each.high * unit, d)),
          ),
        ),
      );
    });
    return h(
      'div',
      {},
      h(
        'table',
        { class: 'tab short' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            W.compare.columns.map((each) => h('th', {}, each)),
          ),
        ),
        h('tbody', {}, rows),
      ),
      app.progress ? h('p', { class: 'note' }, W.compare.running(...app.progress)) : '',
      h('p', { class: 'note' }, [W.compare.note, app.perDot > 1 ? W.compare.marks(app.perDot) : ''].join(' ')),
    );
  }

  function advice() {
    const { markets } = app,
      net = markets?.bands.b && markets.outcomes.net_value;
    if (!net || app.plan.isBaseline) return [];
    if (isNoise(net)) {
      const spread = deviation(net.values),
        target = 200,
        percent = ((2 * spread) / Math.sqrt(target) / Math.abs(net.a)) * 100;
      return markets.n >= target
        ? []
        : [
            h('h2', {}, W.compare.settle),
            h(
              'p',
              { class: 'small' },
              W.compare.settleMore(
                target,
                percent < 0.95 ? percent.toFixed(1) : Math.round(percent),
                Math.max(5, Math.round(target * 0.06)),
              ),
            ),
            h(
              'button',
              { class: 'btn main', 'data-testid': 'more-markets', onclick: () => app.askMarkets(target) },
              W.compare.run(target),
            ),
          ];
    }
    if (!app.listeners.has('why')) return [];
    return [
      h('h2', {}, W.compare.next),
      h('p', { class: 'small' }, W.compare.nextMore(W.signedMoney(net.difference / 1e3))),
      h('button', { class: 'btn main', 'data-testid': 'why', onclick: () => app.said('why') }, W.compare.why),
    ];
  }

  return {
    draw,
    renew: drawn.forget,
  };
}
