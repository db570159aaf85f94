// What a card sets: the plan before its bet, and the plan with what its bet changes.
// @ts-check

/**
 * @import { App } from '../common/app.js'
 * @import { Card, Change } from '../common/types.js'
 * @import { Lesson } from './course.js'
 */

/**
 * A card's dated changes, without or with that of its bet.
 * @param {Card} card
 * @param {boolean} changed
 * @returns {Change[]}
 */
export function changesOf(card, changed) {
  const changes = [];
  const add = (day, values) => {
    if (values && Object.keys(values).length) changes.push({ day, values: { ...values } });
  };
  add(0, card.before);
  if (changed) {
    if (card.before && !card.from) Object.assign(changes[0].values, card.change);
    else add(card.from || 0, card.change);
  }
  return changes;
}

/**
 * Carry out a card's plan, wait until it holds, and stand on a day; there is nothing to undo then.
 * @param {Lesson} lesson
 * @param {Card} card
 * @param {boolean} changed
 * @param {number} day
 */
export async function carryOut({ app, lesson, bets }, card, changed, day) {
  const { player } = app,
    seed = bets.get(card.name)?.market ?? lesson.market; // a bet of a class is answered in a market that was drawn for it
  player.pause();
  while (app.sending) await app.sending;
  player.time = Math.min(player.time, day);
  app.change((plan) =>
    plan.set({
      scenario: card.scenario || lesson.scenario,
      seed,
      other: null,
      changes: changesOf(card, changed),
      baseline: changesOf(card, false),
    }),
  );
  while (app.sending) await app.sending;
  await player.seek(day);
  app.plan.past = [];
  app.plan.future = [];
  app.said('plan');
}

/**
 * All days up to one, though nobody has watched them.
 * @param {App} app
 * @param {number} day
 */
export async function liveUntil(app, day) {
  while (app.store.last < day && !app.store.broke) {
    const { last } = app.store;
    await app.player.fetch(day);
    if (app.store.last === last) return;
  }
}
