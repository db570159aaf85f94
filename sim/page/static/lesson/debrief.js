// The debrief: bets against what happened, questions to talk about, an exit ticket; it prints on two sheets.
// @ts-check
/**
 * @import { Bet, Card } from '../common/types.js'
 * @import { Lesson } from './course.js'
 */
import { h } from '../common/svg.js';
import { W } from '../common/words.js';

/** @type {(name: string, text: any, more?: object) => HTMLElement} */
const told = (name, text, more = {}) => h(name, { 'data-text': 'lesson', ...more }, text);

/** @param {Lesson} lesson */
export function openDebrief(lesson) {
  document.querySelector('#debrief')?.remove();
  const { debrief, cards, title, market } = lesson.lesson;
  const close = () => {
    page.remove();
    document.getElementById('open-debrief')?.focus();
  };
  const rows = cards
    .filter((card) => card.kind === 'bet')
    .map((card) => row(card, lesson.bets.get(card.name), lesson.room.betsOn(card)));
  const tried = cards
    .filter((card) => card.kind === 'challenge')
    .map((card) => challengeRow(card, lesson.bets.get(card.name)));
  const page = h(
    'dialog',
    { id: 'debrief', 'data-testid': 'debrief', 'aria-labelledby': 'debrief-title' },
    h(
      'div',
      { class: 'debrief-bar' },
      h('button', { class: 'btn main', 'data-testid': 'print', onclick: () => globalThis.print() }, W.lesson.print),
      h('button', { class: 'btn', 'data-testid': 'debrief-close', onclick: close }, W.lesson.close),
    ),
    h(
      'section',
      { class: 'sheet' },
      told('h2', title),
      told('h1', debrief.title, { id: 'debrief-title' }),
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            W.lesson.debriefHead.map((said) => h('th', { scope: 'col' }, said)),
          ),
        ),
        h('tbody', {}, rows, tried),
      ),
      h('p', { class: 'tiny soft' }, W.lesson.made(lesson.app.about.version, market), ' ', W.lesson.sheet(1)),
    ),
    h(
      'section',
      { class: 'sheet' },
      h('h2', {}, W.lesson.talkAbout),
      h(
        'ol',
        { 'data-text': 'lesson' },
        debrief.questions.map((text) => h('li', {}, text)),
      ),
      h('h2', {}, W.lesson.limits),
      h(
        'ul',
        { 'data-text': 'lesson' },
        debrief.limits.map((text) => h('li', {}, text)),
      ),
      h(
        'div',
        { class: 'ticket' },
        h('h2', {}, W.lesson.ticket),
        h('p', { class: 'ruled' }, `${W.lesson.name}:`),
        debrief.ticket.map((text) =>
          h('div', {}, told('p', text), h('p', { class: 'ruled' }), h('p', { class: 'ruled' })),
        ),
      ),
      h('p', { class: 'tiny soft' }, W.lesson.made(lesson.app.about.version, market), ' ', W.lesson.sheet(2)),
    ),
  );
  page.addEventListener('close', close);
  document.body.append(page);
  page.showModal();
}

/**
 * The middle bet of the class, or the one that was made most often.
 * @param {Card} card
 * @param {Record<string, number>} counts
 */
function middleOf(card, counts) {
  const total = Object.values(counts).reduce((a, b) => a + b, 0);
  if (card.options) {
    const [value, n] = Object.entries(counts).sort((a, b) => b[1] - a[1])[0];
    return W.lesson.classMost(textOf(card, value), n, total);
  }
  const bets = Object.entries(counts).flatMap(([bet, n]) => Array.from({ length: n }, () => Number(bet)));
  return W.lesson.classMiddleShort(bets.sort((a, b) => a - b)[Math.floor((total - 1) / 2)], total);
}

/** @type {(card: Card, value: any) => string} */
const textOf = (card, value) => card.options?.find((each) => each.value === value)?.text ?? value;

/**
 * @param {Card} card
 * @param {Bet | undefined} state
 * @param {Record<string, number> | null} counts
 */
function row(card, state, counts) {
  const seen = state?.answer !== undefined;
  const happened = !seen
    ? '–'
    : card.bet.reveal.replace('{answer}', state.answer === null ? W.lesson.nothing : textOf(card, state.answer));
  const bet = state?.placed ? String(textOf(card, state.bet)) : W.lesson.noBet;
  return h(
    'tr',
    {},
    told('th', card.title, { scope: 'row' }),
    told('td', counts ? `${bet}; ${middleOf(card, counts)}` : bet),
    told('td', state?.market === undefined ? happened : `${happened} ${W.lesson.inMarket(state.market)}`),
    told('td', seen ? (card.claim?.says ?? '') : ''),
  );
}

/**
 * @param {Card} card
 * @param {Bet | undefined} state
 */
function challengeRow(card, state) {
  const { stage, days } = card.challenge;
  const done = state?.answer !== undefined;
  const happened = !done
    ? '–'
    : state.answer === 'won'
      ? W.lesson.reached(stage, state.hours, days)
      : W.lesson.missed(stage, state.best, state.hours, days);
  return h(
    'tr',
    {},
    told('th', card.title, { scope: 'row' }),
    h('td', {}, ''),
    told('td', happened),
    told('td', done ? (card.claim?.says ?? '') : ''),
  );
}
