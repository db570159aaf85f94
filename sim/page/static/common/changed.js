// What is said to be changed, from the plan and the day alone: whatever is unlike the baseline on that day is named or counted.
// @ts-check
/** @import { Plan } from './plan.js' */
import { W } from './words.js';

const MOST = 3; // changes that a line names; older ones are counted

/**
 * By turns plain text and {strong}.
 * @param {Plan} plan
 * @param {number} day
 * @param {number} most
 * @returns {(string | {strong: string})[]}
 */
export function changedParts(plan, day, most = MOST) {
  const unlike = plan.unlike(day),
    { other, scenario } = plan.state,
    titles = [other, scenario].map((name) => plan.about.scenarios[name]?.title);
  const parts = other && other !== scenario ? [{ strong: W.head.other(...titles) }, W.head.semicolon] : [];
  if (!unlike.length) return [...parts, plan.parted(day) ? W.head.again : W.head.nothing];
  const named = unlike.slice(Math.max(unlike.length - most, 0)),
    counted = unlike.length - named.length;
  parts.push(W.head.unlike);
  if (counted) parts.push(W.head.earlier(counted), W.head.semicolon);
  for (const [i, each] of named.entries()) {
    const next = named[i + 1];
    parts.push({ strong: W.change(plan.about.levers, each.name, each.value, each.before) });
    parts.push(next?.day === each.day ? W.head.comma : W.head.since(each.day) + (next ? W.head.semicolon : ''));
  }
  return [...parts, W.head.rest];
}

/**
 * @param {any[]} parts
 * @returns {string}
 */
export const textOf = (parts) => parts.map((part) => part.strong ?? part).join('');
