// The facilitator's window, apart from the projected one: what to say, how long, where to look, how many have bet (what, when bets are closed).
// @ts-check
/** @import { Card, LessonFile } from '../common/types.js' */
import { classDrawing } from './spread.js';
import { askServer, talkTo } from './telling.js';
import { SocketSource } from '../common/source.js';
import { h, readTokens } from '../common/svg.js';
import { W } from '../common/words.js';
import { dots } from '../lesson/dots.js';

const host = document.querySelector('#facilitator');
const notice = h('p', { class: 'strong', role: 'status', hidden: true, 'data-testid': 'facilitator-notice' });
const body = h('div', { class: 'facilitator-body' });
/** @type {LessonFile | null} */
let lesson = null, // as the server holds it
  /** @type {any} */
  room = null, // how the class stands (sim/page/classroom.py)
  since = Date.now();
document.title = `${W.app.name}: ${W.facilitator.title}`;
host.replaceChildren(notice, body);
readTokens();

/** @param {string} text */
function warn(text) {
  notice.textContent = text;
  notice.hidden = !text;
}

const source = new SocketSource({
  about: () => say('here', { window: 'facilitator' }),
  state: (state) => warn(state === 'open' ? '' : W.facilitator.lost),
  refused: (reason) => warn(W.notice.refused(reason)),
  class: (said) => said.is === 'room' && enter(said),
});
const say = talkTo(source);

/** @param {any} said */
async function enter(said) {
  if (said.lesson && said.lesson !== lesson?.name)
    lesson = await askServer(`/lessons/${encodeURIComponent(said.lesson)}`);
  if (said.lesson !== room?.lesson || said.index !== room.index) since = Date.now();
  room = said;
  draw();
}

const clock = h('p', { class: 'big', 'data-testid': 'timer', role: 'timer', 'aria-live': 'off' });

function tick() {
  const card = lesson?.cards[room?.index];
  if (!card) return;
  const seconds = Math.floor((Date.now() - since) / 1000),
    planned = card.facilitator.minutes;
  clock.replaceChildren(
    h('b', {}, W.facilitator.timer(seconds)),
    ' ',
    h('span', { class: 'soft' }, W.facilitator.planned(planned)),
    seconds > planned * 60 ? h('span', { class: 'late' }, ` ${W.facilitator.late}`) : '',
  );
}

const told = (kind, text, more = {}) => h(kind, { 'data-text': 'lesson', ...more }, text);
const button = (name, text, act, more = {}) =>
  h('button', { class: 'btn', id: name, 'data-testid': name, onclick: act, ...more }, text);

function draw() {
  const card = room?.lesson ? lesson?.cards[room.index] : null;
  if (!card) {
    body.replaceChildren(h('h1', {}, W.facilitator.title), h('p', {}, W.facilitator.waiting));
    return;
  }
  const focused = body.contains(document.activeElement) ? document.activeElement.id : '';
  const after = lesson.cards[room.index + 1];
  body.replaceChildren(
    h(
      'p',
      { class: 'soft' },
      `${W.facilitator.title} · ${W.facilitator.card(room.index + 1, lesson.cards.length)} · ${W.facilitator.joined(room.people)}`,
    ),
    told('h1', card.title, { 'data-testid': 'facilitator-title' }),
    clock,
    h('h2', {}, W.facilitator.say),
    told('p', card.facilitator.say, { class: 'say', 'data-testid': 'script' }),
    h('h2', {}, W.facilitator.look),
    told('p', card.facilitator.look),
    h(
      'p',
      { class: 'ways' },
      Object.entries(W.facilitator.places).map(([at, text]) => button(`look-${at}`, text, () => say('look', { at }))),
    ),
    h('h2', {}, W.facilitator.bets),
    ...(card.kind === 'bet' ? bets(card) : [h('p', { class: 'soft' }, W.facilitator.noBet)]),
    h(
      'p',
      { class: 'ways' },
      button('facilitator-back', W.facilitator.back, () => say('go', { by: -1 }), { disabled: room.index === 0 }),
      button('facilitator-next', W.facilitator.next, () => say('go', { by: 1 }), {
        class: 'btn main',
        disabled: !after,
      }),
      room.keyed ? button('facilitator-come', W.facilitator.come, () => say('come')) : '',
    ),
    h(
      'p',
      { class: 'soft' },
      after ? `${W.facilitator.after}: ` : W.facilitator.last,
      after ? told('span', after.title) : '',
    ),
  );
  if (focused) document.getElementById(focused)?.focus();
  tick();
}

/**
 * Who has bet, by windows and by hand; what, once the bets are closed.
 * @param {Card} card
 */
function bets(card) {
  const counts = room.closed[card.name],
    total = counts ? Object.values(counts).reduce((a, b) => a + b, 0) : 0,
    of = { lesson: lesson.name, card: card.name };
  return [
    room.people > 1
      ? dots({ filled: room.has, of: room.people, columns: 20, label: W.facilitator.has(room.has, room.people) })
      : '',
    h('p', { 'data-testid': 'who-has-bet', role: 'status' }, W.facilitator.has(room.has, room.people)),
    counts ? h('p', { class: 'small soft' }, W.facilitator.closed) : '',
    total > 1 ? classDrawing(card, counts) : '',
    counts && total < 2 ? h('p', { class: 'small soft' }, W.facilitator.tooFew) : '',
    h(
      'p',
      { class: 'ways' },
      room.revealed.includes(card.name)
        ? h('span', { class: 'strong', 'data-testid': 'reveal-begun' }, W.facilitator.revealed)
        : button('facilitator-reveal', W.facilitator.reveal, () => say('reveal', of), { class: 'btn main' }),
      counts
        ? button('open-bets', W.facilitator.openBets, () => say('open', of))
        : button('close-bets', W.facilitator.closeBets, () => say('close', of), { disabled: !room.has }),
    ),
    h('p', { class: 'small soft' }, `${W.facilitator.hidden} ${W.facilitator.only}`),
    byHand(),
  ];
}

function byHand() {
  const [has, of] = room.hands ?? [0, 0];
  const tell = (n, all) => say('hands', { has: Math.min(Math.max(n, 0), all), of: all });
  const people = h('input', { type: 'number', min: 0, max: 999, id: 'room', class: 'box', 'data-testid': 'room' });
  people.value = of;
  people.onchange = () => tell(has, Math.min(Math.max(Math.round(Number(people.value)), 0), 999));
  return h(
    'p',
    { class: 'ways hands' },
    h('label', { for: 'room' }, W.facilitator.room),
    people,
    button('hand-fewer', '−', () => tell(has - 1, of), { 'aria-label': W.facilitator.fewer, disabled: !of }),
    h('b', { 'data-testid': 'hands' }, `${W.facilitator.hands}: ${has}`),
    button('hand-more', '+', () => tell(has + 1, of), { 'aria-label': W.facilitator.more, disabled: !of }),
  );
}

setInterval(tick, 1000);
draw();
source.connect();
