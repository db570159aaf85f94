// The facilitator's window, apart from the projected one: what to say, how long, where to look, who has bet (never what).
import { lessonChannel } from './lesson_talk.js';
import { h } from './svg.js';
import { W } from './words.js';

const pages = new Map(); // window -> {index, bets, has}
const host = document.querySelector('#facilitator');
let lesson = null,
  name = null,
  index = -1,
  since = Date.now(),
  hands = [0, 0],
  counted = false;
document.title = `${W.app.name}: ${W.facilitator.title}`;

const channel = lessonChannel(async (message) => {
  if (message.is === 'gone') pages.delete(message.from);
  if (message.is === 'page') {
    pages.set(message.from, message);
    if (message.lesson !== name) {
      name = message.lesson;
      const token = new URLSearchParams(location.search).get('token');
      const answer = await fetch(
        `/lessons/${encodeURIComponent(name)}${token ? `?token=${encodeURIComponent(token)}` : ''}`,
      );
      if (answer.ok) lesson = await answer.json();
    }
    if (message.index !== index) {
      ({ index } = message);
      since = Date.now();
      hands = [0, hands[1]];
      if (counted) tellHands();
    }
  }
  draw();
});

const clock = h('p', { class: 'big', 'data-testid': 'timer', role: 'timer', 'aria-live': 'off' });

function tick() {
  if (!lesson) return;
  const seconds = Math.floor((Date.now() - since) / 1000),
    planned = lesson.cards[index]?.facilitator.minutes ?? 0;
  clock.replaceChildren(
    h('b', {}, W.facilitator.timer(seconds)),
    ' ',
    h('span', { class: 'soft' }, W.facilitator.planned(planned)),
    seconds > planned * 60 ? h('span', { class: 'late' }, ` ${W.facilitator.late}`) : '',
  );
}

function tellHands() {
  channel.say({ is: 'hands', lesson: name, hands: counted && hands[1] > 0 ? hands : null });
}

function hand(by) {
  counted = true;
  hands[0] = Math.min(Math.max(hands[0] + by, 0), hands[1] || 999);
  tellHands();
  draw();
}

function draw() {
  if (!lesson || !lesson.cards[index]) {
    host.replaceChildren(h('h1', {}, W.facilitator.title), h('p', {}, W.facilitator.waiting));
    return;
  }
  const card = lesson.cards[index],
    after = lesson.cards[index + 1];
  const told = (kind, text, more = {}) => h(kind, { 'data-text': 'lesson', ...more }, text);
  const go = (by) => () => channel.say({ is: 'go', lesson: name, by });
  const room = h('input', {
    type: 'number',
    min: 0,
    max: 999,
    value: hands[1],
    id: 'room',
    class: 'box',
    'data-testid': 'room',
    onchange: () => {
      hands = [Math.min(hands[0], Number(room.value)), Number(room.value)];
      counted = true;
      tellHands();
    },
  });
  host.replaceChildren(
    h('p', { class: 'soft' }, W.facilitator.title, ' · ', W.facilitator.card(index + 1, lesson.cards.length)),
    told('h1', card.title, { 'data-testid': 'facilitator-title' }),
    clock,
    h('h2', {}, W.facilitator.say),
    told('p', card.facilitator.say, { class: 'say', 'data-testid': 'script' }),
    h('h2', {}, W.facilitator.look),
    told('p', card.facilitator.look),
    h(
      'p',
      { class: 'ways' },
      Object.entries(W.facilitator.places).map(([at, said]) =>
        h(
          'button',
          { class: 'btn', 'data-testid': `look-${at}`, onclick: () => channel.say({ is: 'look', lesson: name, at }) },
          said,
        ),
      ),
    ),
    h('h2', {}, W.facilitator.bets),
    card.kind === 'bet'
      ? h(
          'ul',
          { class: 'who', 'data-testid': 'who-has-bet' },
          [...pages.values()].map((page, i) =>
            h('li', {}, W.facilitator.window(i + 1), ': ', page.has ? W.facilitator.has : W.facilitator.hasNot),
          ),
        )
      : h('p', { class: 'soft' }, W.facilitator.noBet),
    h('p', { class: 'small soft' }, W.facilitator.hidden, ' ', W.facilitator.only),
    h(
      'p',
      { class: 'ways hands' },
      h('label', { for: 'room' }, W.facilitator.room),
      room,
      h('button', { class: 'btn', 'aria-label': W.facilitator.fewer, onclick: () => hand(-1) }, '−'),
      h('b', { 'data-testid': 'hands' }, `${W.facilitator.hands}: ${hands[0]}`),
      h(
        'button',
        { class: 'btn', 'data-testid': 'hand-more', 'aria-label': W.facilitator.more, onclick: () => hand(1) },
        '+',
      ),
    ),
    h(
      'p',
      { class: 'ways' },
      h('button', { class: 'btn', disabled: index === 0, onclick: go(-1) }, W.facilitator.back),
      h(
        'button',
        { class: 'btn main', 'data-testid': 'facilitator-next', disabled: !after, onclick: go(1) },
        W.facilitator.next,
      ),
    ),
    h(
      'p',
      { class: 'soft' },
      after ? `${W.facilitator.after}: ` : W.facilitator.last,
      after ? told('span', after.title) : '',
    ),
  );
  tick();
}

setInterval(tick, 1000);
draw();
channel.say({ is: 'hello' });
