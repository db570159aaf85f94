// What a card shows at the left: question, bet, reveal, challenge, and the way on.
import { dots } from './lesson_dots.js';
import { h, icon } from './svg.js';
import { W } from './words.js';

let drawn = '';

/** Draw the card anew if anything it shows has changed. */
export function drawCard(host, lesson) {
  const { card, state, app } = lesson;
  const progress = app.progress ? 1 : 0;
  const key = JSON.stringify([
    lesson.index, state, lesson.moving, app.day >= lesson.until, app.player.playing, progress, app.engine,
    card.kind === 'challenge' ? [app.day, app.store.stageAt(app.day).stage] : 0,
  ]);
  if (key === drawn) return;
  const focused = host.contains(document.activeElement) ? document.activeElement.id : '';
  // A hand on the slider must not lose it: only what depends on it is drawn anew.
  if (focused === 'bet-slider' && !state.placed && drawn) {
    drawn = key;
    showNumber(host, lesson);
    return;
  }
  drawn = key;
  const { index } = lesson,
    all = lesson.lesson.cards.length;
  const bars = lesson.lesson.cards.map((_, i) => h('i', { class: i <= index ? 'done' : '' }));
  host.replaceChildren(
    pick(lesson),
    h(
      'div',
      { class: 'progress' },
      h('span', { class: 'bars', 'aria-hidden': 'true' }, bars),
      h('span', { class: 'soft small', 'data-testid': 'card-number' }, `${W.lesson.of(index + 1, all)}${card.kind === 'bet' ? `, ${W.lesson.bet(lesson.betNumber)}` : ''}`),
    ),
    ...(card.kind === 'bet' && state.answer !== undefined ? revealed(lesson) : asked(lesson)),
    ways(lesson),
    h('p', { class: 'tiny soft foot' }, footOf(lesson)),
  );
  if (focused) host.querySelector(`#${CSS.escape(focused)}`)?.focus();
}

const told = (name, text, more = {}) => h(name, { 'data-text': 'lesson', ...more }, text);

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

function asked(lesson) {
  const { card, state, app } = lesson;
  const parts = [told('h2', card.title, { class: 'card-title', 'data-testid': 'card-title' })];
  for (const paragraph of card.text) parts.push(told('p', paragraph));
  if (card.kind === 'bet') {
    if (!state.placed) parts.push(...(card.bet.kind === 'number' ? numberBet(lesson) : choiceBet(lesson)), ...placing(lesson));
    else {
      const option = card.options?.find((each) => each.value === state.bet);
      parts.push(told('p', W.lesson.yours(option ? `“${option.text}”` : state.bet), { class: 'strong' }));
      const waiting = app.day >= card.until;
      parts.push(
        h('p', { class: 'soft', role: 'status', 'data-testid': 'bet-stands' },
          waiting ? (app.engine === 'plain' ? W.lesson.waits : W.lesson.computing) : W.lesson.playing(card.until)),
      );
    }
  }
  if (card.kind === 'look') parts.push(h('p', { class: 'soft small' }, app.day >= card.until ? W.lesson.seen : W.lesson.until(card.until)));
  if (card.kind === 'challenge') parts.push(...challenge(lesson));
  return parts;
}

function numberBet(lesson) {
  const { card, state } = lesson;
  const slider = h('input', {
    type: 'range', min: 0, max: 100, step: 1, value: state.bet, id: 'bet-slider', class: 'bet-slider',
    'aria-label': W.lesson.slider, 'data-testid': 'bet-slider',
    oninput: () => {
      state.bet = Number(slider.value);
      showNumber(lesson.card_, lesson);
    },
  });
  slider.value = state.bet;
  return [
    h('div', { class: 'bet-dots' }, dots({ filled: state.bet, label: W.lesson.dots(state.bet, card.bet.unit) })),
    h('p', { class: 'big' }, h('b', { 'data-testid': 'bet-number' }, W.thousands(state.bet)), ' ', told('span', card.bet.unit, { class: 'soft' })),
    slider,
    h('p', { class: 'ends small soft' }, h('span', {}, W.lesson.ends[0]), h('span', {}, W.lesson.ends[1])),
  ];
}

function showNumber(host, lesson) {
  const { card, state } = lesson;
  const place = host.querySelector('.bet-dots'),
    number = host.querySelector('[data-testid=bet-number]');
  if (!place) return;
  place.replaceChildren(dots({ filled: state.bet, label: W.lesson.dots(state.bet, card.bet.unit) }));
  number.textContent = W.thousands(state.bet);
}

function choiceBet(lesson) {
  const { card, state } = lesson;
  return [
    h('div', { class: 'choices', role: 'radiogroup', 'aria-label': card.title, 'data-text': 'lesson' },
      card.options.map(({ value, text }) => {
        const input = h('input', {
          type: 'radio', name: 'bet', value, id: `bet-${value}`, 'data-testid': `bet-${value}`,
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

function placing(lesson) {
  const open = lesson.state.bet !== null && !lesson.moving;
  return [
    h('button', { class: 'btn main place', id: 'place-bet', 'data-testid': 'place-bet', disabled: !open, onclick: () => lesson.place() }, W.lesson.place),
    h('p', { class: 'small soft locked-note' }, icon('lock'), lesson.state.bet === null ? W.lesson.choose : W.lesson.opens),
  ];
}

function revealed(lesson) {
  const { card, state } = lesson,
    { bet } = card;
  const parts = [];
  const title = (answer) => h('h2', { class: 'card-title', 'data-text': 'lesson', 'data-testid': 'reveal', role: 'status' }, bet.reveal.replace('{answer}', answer));
  if (bet.kind === 'number') {
    const { close, low, high, within } = card.feedback,
      off = state.bet - state.answer;
    parts.push(
      title(state.answer),
      h('p', {}, W.lesson.yours(state.bet), ' ', W.lesson.counts(state.detail.tried, state.detail.handed)),
      dots({ filled: Math.min(state.answer, 100), ring: state.bet, crosses: true, label: W.lesson.answerDots(state.answer, state.bet) }),
      h('p', { class: 'small soft' }, W.lesson.dotsKey),
      h('p', { 'data-testid': 'feedback' }, h('b', {}, W.lesson.off(state.bet, state.answer)),
        told('span', Math.abs(off) <= within ? close : off > 0 ? high : low)),
    );
    return parts;
  }
  const truth = card.options.find((each) => each.value === state.answer),
    mine = card.options.find((each) => each.value === state.bet),
    right = truth === mine;
  parts.push(title(truth ? truth.text : W.lesson.nothing));
  if (bet.measure === 'first') parts.push(movesTable(state, card));
  else
    parts.push(
      dots({ filled: state.detail.better, of: state.detail.n, label: W.lesson.netDots(state.detail.better, state.detail.n) }),
      h('p', { class: 'small soft' }, W.lesson.netDots(state.detail.better, state.detail.n)),
      h('p', { class: 'small', 'data-testid': 'net-interval' }, W.lesson.net(state.detail.low, state.detail.high, state.detail.n)),
    );
  parts.push(
    h('p', { 'data-testid': 'feedback' }, h('b', { 'data-text': 'lesson' }, right ? W.lesson.right : W.lesson.wrong(mine.text)),
      told('span', right ? mine.right : mine.wrong), ' ', right || !truth ? '' : told('span', truth.right)),
  );
  return parts;
}

function movesTable(state, card) {
  return h('table', { class: 'moves' },
    h('caption', { class: 'small soft' }, W.lesson.movesCaption(card.until)),
    h('thead', {}, h('tr', {}, W.lesson.movesHead.map((said) => h(said ? 'th' : 'td', said ? { scope: 'col' } : {}, said)))),
    h('tbody', {}, state.detail.map(({ name, before, after, quarter }) =>
      h('tr', { class: name === state.answer ? 'strong' : '' },
        h('th', { scope: 'row' }, W.lesson.moves[name]),
        h('td', {}, W.lesson.number(name, before)), h('td', {}, W.lesson.number(name, after)),
        h('td', {}, W.lesson.quarter(quarter))))),
  );
}

function challenge(lesson) {
  const { card, state, app } = lesson,
    { stage, days, hours, won, lost } = card.challenge;
  const day = Math.min(app.day, days),
    over = state.hours !== null && state.hours > hours,
    known = state.hours ?? null;
  const parts = [
    h('div', { class: 'counter', 'data-testid': 'counter' },
      h('h3', {}, W.lesson.counter),
      h('p', { class: 'big' }, h('b', {}, known === null ? '–' : W.thousands(known)), ' ', h('span', { class: 'soft' }, W.lesson.counterOf(known, hours))),
      h('p', { class: 'small soft' }, `${W.lesson.counterMean(day)}${known === null ? '' : `, ${over ? W.lesson.over : W.lesson.within}`}`),
      h('p', {}, W.lesson.target(stage, days)), h('p', {}, W.lesson.now(app.store.stageAt(day).stage))),
  ];
  if (state.answer === undefined) return parts;
  const said = state.answer === 'won' ? W.lesson.reached(stage, state.hours, days) : W.lesson.missed(stage, state.best, state.hours, days);
  return [...parts,
    h('p', { class: 'strong', role: 'status', 'data-testid': 'verdict-challenge' }, said),
    told('p', state.answer === 'won' ? won : lost)];
}

function ways(lesson) {
  const { index, card, isFree } = lesson,
    last = index === lesson.lesson.cards.length - 1;
  const again = (card.kind === 'bet' && lesson.state.answer !== undefined) || card.kind === 'challenge';
  return h('div', { class: 'ways' },
    isFree ? h('button', { class: 'btn main', id: 'open-debrief', 'data-testid': 'open-debrief', onclick: () => lesson.debrief() }, W.lesson.debrief) : '',
    last ? '' : h('button', { class: `btn ${lesson.canGoOn ? 'main' : ''}`, id: 'next-card', 'data-testid': 'next-card', disabled: !lesson.canGoOn, onclick: () => lesson.go(index + 1) }, W.lesson.next),
    index ? h('button', { class: 'btn', id: 'card-before', 'data-testid': 'card-before', disabled: Boolean(lesson.moving), onclick: () => lesson.go(index - 1) }, W.lesson.back) : '',
    again ? h('button', { class: 'btn', id: 'card-again', 'data-testid': 'card-again', onclick: () => lesson.restart() }, card.kind === 'challenge' ? W.lesson.restart : W.lesson.again) : '',
    index === 0 ? h('button', { class: 'btn', id: 'open-facilitator', 'data-testid': 'open-facilitator', onclick: openFacilitator }, W.lesson.facilitator) : '',
  );
}

function openFacilitator() {
  const address = new URL(location.href);
  address.searchParams.set('window', 'facilitator');
  address.hash = '';
  globalThis.open(address, 'baton-facilitator', 'width=560,height=760');
}

function footOf(lesson) {
  const { card, app } = lesson;
  if (card.kind === 'challenge' || lesson.isFree) return W.lesson.allLevers;
  if (app.blind || !card.levers?.length) return W.lesson.noLever(lesson.lesson.cards.length);
  return W.lesson.oneLever;
}
