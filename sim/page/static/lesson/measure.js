// What a bet is measured by, read off the frames of the run and the thirty markets; no lesson holds an answer.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { FrameStore } from '../common/store.js'
 * @import { Bet, Card, Markets } from '../common/types.js'
 */
import { QUARTER, quarterAt } from '../common/store.js';

const WEEKS = 13,
  GAP = 3; // the pile of leads that were handed off and never called
const MOVES = ['talk', 'calls', 'score', 'revenue'];
const LEAVES = 0.1; // a tenth away from the baseline counts as moved

/**
 * A quarter by the day it ends on: talk (contacts a week), calls (of 100 leads handed to Sales, how many were tried), score, revenue (M€ a year).
 * @param {FrameStore} store
 * @param {number} end
 */
export function quarterOf(store, end) {
  const sum = (name) => store.sum(name, end - QUARTER + 1, end);
  return {
    end,
    talk: sum('contacts') / WEEKS,
    calls: (100 * sum('tried')) / Math.max(sum('handed'), 1),
    handed: sum('handed'),
    tried: sum('tried'),
    score: store.frames[end]?.quarter?.score ?? null,
    revenue: (sum('revenue') * 4) / 1000,
  };
}

/**
 * Calls of the quarter that a day belongs to, up to that day.
 * @param {FrameStore} store
 * @param {number} day
 */
export function soFar(store, day) {
  const from = quarterAt(day) * QUARTER + 1,
    tried = store.sum('tried', from, day),
    handed = store.sum('handed', from, day);
  return { tried, handed, calls: (100 * tried) / Math.max(handed, 1) };
}

/**
 * The whole quarters that end after one day and up to another.
 * @param {FrameStore} store
 * @param {number} from
 * @param {number} until
 */
export function quartersBetween(store, from, until) {
  const found = [];
  for (let end = (Math.floor(from / QUARTER) + 1) * QUARTER; end <= Math.min(until, store.last); end += QUARTER)
    found.push(quarterOf(store, end));
  return found;
}

/**
 * Which measure leaves its baseline by a tenth, and in which quarter after the change (1 the first); null if it does not.
 * @param {any[]} before
 * @param {any[]} after
 */
export function leaving(before, after) {
  return MOVES.map((name) => {
    const at = after.findIndex((quarter, i) => before[i] && Math.abs(quarter[name] / before[i][name] - 1) >= LEAVES);
    const last = after.length - 1;
    return { name, quarter: at < 0 ? null : at + 1, before: before[last]?.[name], after: after[last]?.[name] };
  });
}

/**
 * What the first of them is; of several in one quarter, the one that moved farthest.
 * @param {any[]} before
 * @param {any[]} after
 * @returns {string | null}
 */
export function firstOf(before, after) {
  const rows = leaving(before, after).filter((row) => row.quarter !== null);
  const soonest = Math.min(...rows.map((row) => row.quarter));
  const share = ({ name }) => Math.abs(after[soonest - 1][name] / before[soonest - 1][name] - 1);
  return rows.filter((row) => row.quarter === soonest).sort((a, b) => share(b) - share(a))[0]?.name ?? null;
}

/**
 * What thirty markets say about net value.
 * @param {Markets} markets
 */
export function netOf(markets) {
  const { difference, low, high, n, values } = markets.outcomes.net_value;
  const kind = low > 0 ? 'better' : high < 0 ? 'worse' : 'same';
  return {
    kind,
    mean: difference / 1000,
    low: low / 1000,
    high: high / 1000,
    n,
    better: values.filter((v) => v > 0).length,
  };
}

/**
 * Mean hours of talk a week over the weeks lived.
 * @param {number[]} talk
 * @param {number} day
 */
export function hoursOf(talk, day) {
  const lived = talk.slice(0, Math.floor(day / 5));
  return lived.length ? lived.reduce((a, b) => a + b, 0) / lived.length : null;
}

/**
 * What a bet's card came to: {answer, detail}; null as long as that is not known.
 * @param {Card} card
 * @param {Bet} state
 * @param {App} app
 * @returns {{answer: any, detail: any} | null}
 */
export function answerOf(card, state, app) {
  const { measure } = card.bet;
  if (measure === 'calls') {
    const detail = { ...quarterOf(app.store, card.until), ended: app.store.pilesAt(card.until)[GAP] };
    return { answer: Math.round(detail.calls), detail };
  }
  if (measure === 'first') {
    const after = quartersBetween(app.store, card.from || 0, card.until);
    return { answer: firstOf(state.before, after), detail: leaving(state.before, after) };
  }
  if (!app.markets || app.markets.rev !== app.rev) return null;
  const detail = netOf(app.markets);
  return { answer: detail.kind, detail };
}

/**
 * How a challenge stands: {hours, best, answer}; no answer before its last day.
 * @param {{stage: number, days: number, hours: number}} challenge
 * @param {App} app
 */
export function standingOf({ stage, days, hours }, app) {
  const mine = app.lines?.arms?.a?.talk;
  const spent = app.stale || !mine ? null : hoursOf(mine, Math.min(app.day, days));
  const best = Math.max(0, ...app.store.quartersTo(Math.min(app.day, days)).map((quarter) => quarter.stage));
  const over = app.day >= days && spent !== null;
  return { hours: spent, best, answer: !over ? undefined : best >= stage && spent <= hours ? 'won' : 'lost' };
}
