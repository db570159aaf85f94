// What a card shows at the left: question, bet, reveal, challenge, and the way on.
// @ts-check
/** @import { Lesson } from './course.js' */
import { classDrawing } from '../class/spread.js';
import { redraws } from '../common/redraws.js';
import { h } from '../common/svg.js';
import { W } from '../common/words.js';
import { choiceBet, numberBet, placing, revealed, showNumber, told } from './bet.js';
import { live } from './reveal.js';

const drawn = redraws();

/**
 * Draw the card anew if anything it shows has changed.
 * @param {HTMLElement} host
 * @param {Lesson} lesson
 */
export function drawCard(host, lesson) {
  const { card, state, app } = lesson;
  const shown = [
    lesson.index,
    state,
    lesson.moving,
    app.day >= lesson.until,
    app.player.playing,
    app.progress ? 1 : 0,
    lesson.room.haveBet,
    lesson.room.betsOn(card),
    card.kind === 'challenge' ? [app.day, app.store.stageAt(app.day).stage] : 0,
    state.revealing ? [app.day, app.progress] : 0,
    lesson.canReveal,
  ];
  if (!drawn.isNew(JSON.stringify(shown))) return; // bets are written into: what is in them counts
  const focused = host.contains(document.activeElement) ? document.activeElement.id : '';
  // A hand on the slider must not lose it: only what depends on it is drawn anew.
  if (focused === 'bet-slider' && !state.placed) {
    showNumber(host, lesson);
    return;
  }
  const { index } = lesson,
    all = lesson.lesson.cards.length;
  const bars = lesson.lesson.cards.map((_, i) => h('i', { class: i <= index ? 'done' : '' }));
  host.replaceChildren(
    pick(lesson),
    h(
      'div',
      { class: 'progress' },
      h('span', { class: 'bars', 'aria-hidden': 'true' }, bars),
      h(
        'span',
        { class: 'soft small', 'data-testid': 'card-number' },
        `${W.lesson.of(index + 1, all)}${card.kind === 'bet' ? `, ${W.lesson.bet(lesson.betNumber)}` : ''}`,
      ),
    ),
    ...(card.kind === 'bet' && state.answer !== undefined ? revealed(lesson) : asked(lesson)),
    ...(card.kind === 'bet' && state.answer !== undefined && lesson.room.betsOn(card)
      ? [classDrawing(card, lesson.room.betsOn(card), state.answer)]
      : []),
    ways(lesson),
    h('p', { class: 'tiny soft foot' }, footOf(lesson)),
  );
  if (focused) document.getElementById(focused)?.focus();
}

/** @param {Lesson} lesson */
function pick(lesson) {
  const select = h(
    'select',
    {
      class: 'box lesson-pick',
      'aria-label': W.lesson.pick,
      'data-testid': 'lesson-pick',
      'data-text': 'lesson',
      id: 'lesson-pick',
      onchange: () => {
        const address = new URL(location.href);
        address.searchParams.set('lesson', select.value);
        address.hash = '';
        location.assign(address);
      },
    },
    lesson.list.map(({ name, title }) => h('option', { value: name, selected: name === lesson.lesson.name }, title)),
  );
  return select;
}

/** @param {Lesson} lesson */
function asked(lesson) {
  const { card, state, app } = lesson;
  /** @type {(HTMLElement | SVGElement | string)[]} */
  const parts = [told('h2', card.title, { class: 'card-title', 'data-testid': 'card-title' })];
  for (const paragraph of card.text) parts.push(told('p', paragraph));
  if (card.kind === 'bet') parts.push(...(state.revealing ? revealing(lesson) : betting(lesson)));
  if (card.kind === 'look')
    parts.push(h('p', { class: 'soft small' }, app.day >= card.until ? W.lesson.seen : W.lesson.until(card.until)));
  if (card.kind === 'challenge') parts.push(...challenge(lesson));
  return parts;
}

/**
 * Before the reveal: the bet is made, then it stands; whoever may begin the reveal has a button for it.
 * @param {Lesson} lesson
 */
function betting(lesson) {
  const { card, state, room } = lesson;
  const open = card.bet.kind === 'number' ? numberBet : choiceBet;
  return [
    ...(state.placed ? [yours(lesson)] : [...open(lesson), ...placing(lesson)]),
    state.placed && room.follows
      ? h('p', { class: 'soft', role: 'status', 'data-testid': 'bet-stands' }, W.lesson.front)
      : '',
    lesson.app.about.keyed ? h('p', { class: 'small soft', 'data-testid': 'to-be-drawn' }, W.lesson.toBeDrawn) : '',
    lesson.canReveal
      ? h(
          'button',
          { class: 'btn main place', id: 'begin-reveal', 'data-testid': 'begin-reveal', onclick: () => lesson.begin() },
          room.isFront ? W.lesson.revealAll : W.lesson.reveal,
          h('kbd', {}, W.bar.space),
        )
      : '',
  ];
}

/** @param {Lesson} lesson */
function yours({ card, state }) {
  const option = card.options?.find((each) => each.value === state.bet);
  return told('p', W.lesson.yours(option ? `“${option.text}”` : state.bet), { class: 'strong' });
}

/** @param {Lesson} lesson */
function revealing(lesson) {
  const { card, state, app } = lesson,
    over = app.day >= card.until;
  return [
    state.placed ? yours(lesson) : '',
    state.market === undefined ? '' : h('p', { class: 'soft', 'data-testid': 'drawn' }, W.lesson.drawn(state.market)),
    ...live(lesson, state.placed && card.bet.kind === 'number' ? [state.bet] : []),
    h('p', { class: 'soft', 'data-testid': 'bet-stands' }, !over ? W.lesson.playing(card.until) : W.lesson.computing),
  ];
}

/** @param {Lesson} lesson */
function challenge(lesson) {
  const { card, state, app } = lesson,
    { stage, days, hours, won, lost } = card.challenge;
  const day = Math.min(app.day, days),
    over = state.hours !== null && state.hours > hours,
    known = state.hours ?? null;
  const parts = [
    h(
      'div',
      { class: 'counter', 'data-testid': 'counter' },
      h('h3', {}, W.lesson.counter),
      h(
        'p',
        { class: 'big' },
        h('b', {}, known === null ? '–' : W.thousands(known)),
        ' ',
        h('span', { class: 'soft' }, W.lesson.counterOf(hours)),
      ),
      h(
        'p',
        { class: 'small soft' },
        `${W.lesson.counterMean(day)}${known === null ? '' : `, ${over ? W.lesson.over : W.lesson.within}`}`,
      ),
      h('p', {}, W.lesson.target(stage, days)),
      h('p', {}, W.lesson.now(app.store.stageAt(day).stage)),
    ),
  ];
  if (state.answer === undefined) return parts;
  const said =
    state.answer === 'won'
      ? W.lesson.reached(stage, state.hours, days)
      : W.lesson.missed(stage, state.best, state.hours, days);
  return [
    ...parts,
    h('p', { class: 'strong', role: 'status', 'data-testid': 'verdict-challenge' }, said),
    told('p', state.answer === 'won' ? won : lost),
  ];
}

/** @param {Lesson} lesson */
function ways(lesson) {
  const { index, card, isFree } = lesson,
    last = index === lesson.lesson.cards.length - 1;
  const again = (card.kind === 'bet' && lesson.state.answer !== undefined) || card.kind === 'challenge';
  return h(
    'div',
    { class: 'ways' },
    isFree
      ? h(
          'button',
          { class: 'btn main', id: 'open-debrief', 'data-testid': 'open-debrief', onclick: () => lesson.debrief() },
          W.lesson.debrief,
        )
      : '',
    last
      ? ''
      : h(
          'button',
          {
            class: `btn ${lesson.canGoOn ? 'main' : ''}`,
            id: 'next-card',
            'data-testid': 'next-card',
            disabled: !lesson.canGoOn,
            onclick: () => lesson.go(index + 1),
          },
          W.lesson.next,
        ),
    index
      ? h(
          'button',
          {
            class: 'btn',
            id: 'card-before',
            'data-testid': 'card-before',
            disabled: Boolean(lesson.moving),
            onclick: () => lesson.go(index - 1),
          },
          W.lesson.back,
        )
      : '',
    again
      ? h(
          'button',
          { class: 'btn', id: 'card-again', 'data-testid': 'card-again', onclick: () => lesson.restart() },
          card.kind === 'challenge' ? W.lesson.restart : W.lesson.again,
        )
      : '',
    index === 0 && !lesson.room.follows && [...lesson.bets.values()].some((each) => each.placed)
      ? h(
          'button',
          { class: 'btn', id: 'begin-again', 'data-testid': 'begin-again', onclick: () => lesson.beginAgain() },
          W.lesson.beginAgain,
        )
      : '',
    index === 0 && lesson.room.leads && !lesson.app.lessons
      ? h(
          'button',
          { class: 'btn', id: 'open-facilitator', 'data-testid': 'open-facilitator', onclick: openFacilitator },
          W.lesson.facilitator,
        )
      : '',
  );
}

function openFacilitator() {
  const address = new URL(location.href);
  address.searchParams.set('window', 'facilitator');
  address.hash = '';
  globalThis.open(address, 'baton-facilitator', 'width=560,height=760');
}

/** @param {Lesson} lesson */
function footOf(lesson) {
  const { card, app } = lesson;
  if (card.kind === 'challenge' || lesson.isFree) return W.lesson.allLevers;
  if (app.blind || !card.levers?.length) return W.lesson.noLever(lesson.lesson.cards.length);
  return W.lesson.oneLever;
}
