// What a class may not see before the front reveals a bet: sim/page/reveal.py says it, here it is kept back.
// @ts-check
import { W } from '../common/words.js';

/**
 * The last day that may be seen (null: all may), the levers that may have been moved, the scenarios that may be watched.
 * @typedef {{day: number | null, levers: string[], scenarios: string[]}} Hold
 */

export const later = () => Object.assign(new Error(W.lesson.later), { reasons: [W.lesson.later], again: false });

/**
 * A day that was asked for, or the last that may be seen.
 * @param {Hold | null} hold
 * @param {number} day
 */
export const upTo = (hold, day) => (hold && hold.day !== null ? Math.min(day, hold.day) : day);

/**
 * A plan with no day too late; refused where it would answer a bet that is not revealed.
 * @param {Hold} hold
 * @param {any} request
 */
export function heldPlan(hold, request) {
  for (const { scenario, changes = [] } of [...Object.values(request.arms), request.base]) {
    const moved = changes.flatMap(({ values }) => Object.keys(values));
    if (!hold.scenarios.includes(scenario) || moved.some((name) => !hold.levers.includes(name))) throw later();
  }
  return { ...request, day: upTo(hold, request.day) };
}
