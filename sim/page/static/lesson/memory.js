// Bets, and the levers of a card that opens them all, outlive a reload of the page: they are kept in this tab, until it is closed or another server answers.
// @ts-check

/** @import { Bet } from '../common/types.js' */

/** @type {(session: string, name: string) => string} */
const place = (session, name) => `baton-lesson ${session} ${name}`;

/**
 * {index, bets, own} as they were, or null; own: {card, changes} where all levers were open.
 * @param {string} session
 * @param {string} name
 * @returns {{index: number, bets: Map<string, Bet>, own: any} | null}
 */
export function recall(session, name) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place(session, name)));
    return kept && { index: kept.index, bets: new Map(kept.bets), own: kept.own ?? null };
  } catch {
    return null; // a browser may forbid it: then a reload begins anew
  }
}

/**
 * @param {string} session
 * @param {string} name
 * @param {number} index
 * @param {Map<string, Bet>} bets
 * @param {any} own
 */
export function keep(session, name, index, bets, own) {
  try {
    sessionStorage.setItem(place(session, name), JSON.stringify({ index, bets: [...bets], own }));
  } catch {
    /* as above */
  }
}
