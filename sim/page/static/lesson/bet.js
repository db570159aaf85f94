// A bet, as a number with a hundred dots or as a choice; and its reveal with what is said for that answer.
// @ts-check
/** @import { Lesson } from './course.js' */
import { h, icon } from '../common/svg.js';
import { W } from '../common/words.js';
import { dots } from './dots.js';

/**
 * An element with text that is a lesson's own.
 * @type {(name: string, text: any, more?: object) => HTMLElement}
 */
export const told = (name, text, more = {}) => h(name, { 'data-text': 'lesson', ...more }, text);

/** @param {Lesson} lesson */
export function numberBet(lesson) {
  const { card, state } = lesson;
  const slider = h('input', {
    type: 'range',
    min: 0,
    max: 100,
    step: 1,
    value: state.bet,
    id: 'bet-slider',
    class: 'bet-slider',
    'aria-label': W.lesson.slider,
    'data-testid': 'bet-slider',
    oninput: () => {
      state.bet = Number(slider.value);
      showNumber(lesson.card_, lesson);
    },
  });
  slider.value = state.bet;
  return [
    h('div', { class: 'bet-dots' }, dots({ filled: state.bet, label: W.lesson.dots(state.bet, card.bet.unit) })),
    h(
      'p',
      { class: 'big' },
      h('b', { 'data-testid': 'bet-number' }, W.thousands(state.bet)),
      ' ',
      told('span', card.bet.unit, { class: 'soft' }),
    ),
    slider,
    h('p', { class: 'ends small soft' }, h('span', {}, W.lesson.ends[0]), h('span', {}, W.lesson.ends[1])),
  ];
}

/**
 * @param {HTMLElement} host
 * @param {Lesson} lesson
 */
export function showNumber(host, lesson) {
  const { card, state } = lesson;
  const place = host.querySelector('.bet-dots'),
    number = host.querySelector('[data-testid=bet-number]');
  if (!place) return;
  place.replaceChildren(dots({ filled: state.bet, label: W.lesson.dots(state.bet, card.bet.unit) }));
  number.textContent = W.thousands(state.bet);
}

/** @param {Lesson} lesson */
export function choiceBet(lesson) {
  const { card, state } = lesson;
  return [
    h(
      'div',
      { class: 'choices', role: 'radiogroup', 'aria-label': card.title, 'data-text': 'lesson' },
      card.options.map(({ value, text }) => {
        const input = h('input', {
          type: 'radio',
          name: 'bet',
          value,
          id: `bet-${value}`,
          'data-testid': `bet-${value}`,
          onchange: () => {
            state.bet = value;
            lesson.draw();
          },
        });
        input.checked = state.bet === value;
        return h('label', { class: 'choice', for: `bet-${value}` }, input, h('span', {}, text));
      }),
    ),
  ];
}

/** @param {Lesson} lesson */
export function placing(lesson) {
  const open = lesson.state.bet !== null && !lesson.moving;
  return [
    h(
      'button',
      {
        class: 'btn main place',
        id: 'place-bet',
        'data-testid': 'place-bet',
        disabled: !open,
        onclick: () => lesson.place(),
      },
      W.lesson.place,
    ),
    h(
      'p',
      { class: 'small soft locked-note' },
      icon('lock'),
      lesson.state.bet === null ? W.lesson.choose : W.lesson.stays,
    ),
  ];
}

/** @param {Lesson} lesson */
export function revealed(lesson) {
  const { card, state } = lesson,
    { bet } = card;
  const parts = [];
  const title = (answer) =>
    h(
      'h2',
      { class: 'card-title', 'data-text': 'lesson', 'data-testid': 'reveal', role: 'status' },
      bet.reveal.replace('{answer}', answer),
    );
  if (bet.kind === 'number') {
    const { close, low, high, within } = card.feedback,
      off = state.bet - state.answer;
    parts.push(
      title(state.answer),
      h(
        'p',
        {},
        state.placed ? `${W.lesson.yours(state.bet)} ` : '',
        W.lesson.counts(state.detail.tried, state.detail.handed),
      ),
      dots({
        filled: Math.min(state.answer, 100),
        rings: state.placed ? [state.bet] : [],
        crosses: true,
        label: W.lesson.answerDots(state.answer, state.placed ? state.bet : null),
      }),
      h('p', { class: 'small soft' }, W.lesson.dotsKey(state.placed), ' ', W.lesson.pile(state.detail.ended)),
    );
    if (state.placed)
      parts.push(
        h(
          'p',
          { 'data-testid': 'feedback' },
          h('b', {}, W.lesson.off(state.bet, state.answer)),
          told('span', Math.abs(off) <= within ? close : off > 0 ? high : low),
        ),
      );
    return parts;
  }
  const truth = card.options.find((each) => each.value === state.answer),
    mine = state.placed ? card.options.find((each) => each.value === state.bet) : truth,
    right = truth === mine;
  parts.push(title(truth ? truth.text : W.lesson.nothing));
  if (bet.measure === 'first') parts.push(movesTable(state.detail, card.until, state.answer));
  else
    parts.push(
      dots({
        filled: state.detail.better,
        of: state.detail.n,
        label: W.lesson.netDots(state.detail.better, state.detail.n),
      }),
      h('p', { class: 'small soft' }, W.lesson.netDots(state.detail.better, state.detail.n)),
      h(
        'p',
        { class: 'small', 'data-testid': 'net-interval' },
        W.lesson.net(state.detail.low, state.detail.high, state.detail.n),
      ),
    );
  parts.push(
    h(
      'p',
      { 'data-testid': 'feedback' },
      h('b', { 'data-text': 'lesson' }, !state.placed ? '' : right ? W.lesson.right : W.lesson.wrong(mine.text)),
      told('span', !mine ? '' : right ? mine.right : mine.wrong),
      ' ',
      right || !truth ? '' : told('span', truth.right),
    ),
  );
  return parts;
}

/**
 * Each measure without and with the change, in the quarter that ends on a day.
 * @param {any[]} rows
 * @param {number} until
 * @param {string} [answer]
 */
export function movesTable(rows, until, answer) {
  return h(
    'table',
    { class: 'moves' },
    h('caption', { class: 'small soft' }, W.lesson.movesCaption(until)),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        W.lesson.movesHead.map((said) => h(said ? 'th' : 'td', said ? { scope: 'col' } : {}, said)),
      ),
    ),
    h(
      'tbody',
      {},
      rows.map(({ name, before, after, quarter }) =>
        h(
          'tr',
          { class: name === answer ? 'strong' : '' },
          h('th', { scope: 'row' }, W.lesson.moves[name]),
          h('td', {}, W.lesson.number(name, before)),
          h('td', {}, W.lesson.number(name, after)),
          h('td', {}, W.lesson.quarter(quarter)),
        ),
      ),
    ),
  );
}
