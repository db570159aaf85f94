// The four Ps as they stand since the last quarter's end: who leads each, whether the other team was heard, since when, how good.
// @ts-check
/** @import { Decision } from '../common/types.js' */
import { h, r1, s, T } from '../common/svg.js';
import { W } from '../common/words.js';

/**
 * What is said of each: its name, who leads it, whether the other team was heard, since when, how good.
 * @param {Decision[]} decisions
 */
export const saidOf = (decisions) =>
  decisions.map(({ quality, heard, marketing, since }, q) => ({
    name: W.decisions.names[q],
    leads: marketing ? 'marketing' : 'sales',
    hears: marketing ? 'sales' : 'marketing',
    heard,
    since: W.decisions.since(since),
    quality,
    good: W.decisions.good(quality),
  }));

/**
 * Who settles all four, where one person does; else nothing: the table says who leads and who was heard.
 * @param {Decision[]} decisions
 */
export const settles = (decisions) => W.decisions.settled[Math.max(...decisions.map(({ settled }) => settled))] ?? '';

/** @type {(team: string, solid?: boolean) => HTMLElement} */
const mark = (team, solid = true) =>
  h('i', { class: `p-mark p-${team}${solid ? '' : ' p-unheard'}`, 'aria-hidden': 'true' });

/** @type {(share: number) => SVGElement} */
const bar = (share) =>
  s(
    'svg',
    { viewBox: '0 0 28 6', class: 'p-bar', 'aria-hidden': 'true' },
    s('rect', { width: 28, height: 6, fill: T.band }),
    s('rect', { width: r1(28 * share), height: 6, fill: T.ink2 }),
  );

/** @param {Decision[]} decisions */
export const decisionsTable = (decisions) =>
  h(
    'table',
    { class: 'four-ps', 'data-testid': 'four-ps' },
    h('caption', { class: 'unseen' }, W.decisions.caption),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        W.decisions.columns.map((name) => h('th', { scope: 'col' }, name)),
      ),
    ),
    h(
      'tbody',
      {},
      saidOf(decisions).map((each) =>
        h(
          'tr',
          { title: W.decisions.row(each) },
          h(
            'th',
            { scope: 'row' },
            h('span', { class: 'unseen' }, W.decisions.leads(each.leads)),
            each.name,
            mark(each.leads),
          ),
          h(
            'td',
            {},
            mark(each.hears, each.heard),
            h('span', { class: 'unseen' }, W.decisions.teams[each.hears]),
            W.decisions.heard[Number(each.heard)],
          ),
          h('td', {}, each.since),
          h('td', {}, bar(each.quality), each.good),
        ),
      ),
    ),
  );
