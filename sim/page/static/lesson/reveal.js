// A reveal while it is played: what has come of the bet so far, in the places where the answer will stand.
// @ts-check
/** @import { Lesson } from './course.js' */
import { h } from '../common/svg.js';
import { W } from '../common/words.js';
import { movesTable } from './bet.js';
import { dots } from './dots.js';
import { leaving, quartersBetween, soFar } from './measure.js';

const COLUMNS = 10;

/**
 * The drawing of a day of the reveal; `rings` are bets: one's own, or those of the class.
 * @param {Lesson} lesson
 * @param {number[]} rings
 */
export function live(lesson, rings) {
  const { card, state, app } = lesson;
  if (card.bet.measure === 'calls') {
    const { calls, tried, handed } = soFar(app.store, app.day),
      said = W.lesson.soFar(tried, handed);
    return [
      dots({ filled: Math.min(Math.round(calls), 100), rings, label: said }),
      h('p', { class: 'small', role: 'status', 'data-testid': 'so-far' }, said),
    ];
  }
  if (card.bet.measure === 'first') {
    const after = quartersBetween(app.store, card.from || 0, app.day);
    return after.length && state.before ? [movesTable(leaving(state.before, after), after.at(-1).end)] : [];
  }
  const [done, of] = app.progress ?? [app.markets?.n ?? 0, app.markets?.n ?? 30],
    said = W.lesson.markets(done, of);
  return [
    dots({ filled: done, of, columns: COLUMNS, label: said }),
    h('p', { class: 'small', role: 'status', 'data-testid': 'so-far' }, said),
  ];
}
