// A lesson under way: cards one after the other; Play is locked until a bet is made, and the answer is measured in the run itself.
import { drawCard } from './lesson_card.js';
import { openDebrief } from './lesson_debrief.js';
import { firstOf, hoursOf, leaving, netOf, quarterOf, quartersBetween } from './lesson_measure.js';
import { makeLessonProjection } from './lesson_project.js';
import { lessonChannel } from './lesson_talk.js';
import { h } from './svg.js';
import { W } from './words.js';

const PAUSE = 1800; // milliseconds for the sentence of a change of stage

export class Lesson {
  constructor(app, lesson, list) {
    Object.assign(this, { app, lesson, list });
    this.index = -1;
    this.bets = new Map(); // card's name -> {bet, placed, answer, detail, before}
    this.people = new Map(); // other windows: id -> whether they have bet on this card
    this.hands = null; // [bets, people] as the facilitator counts them
    this.pane = h('aside', { class: 'lesson', 'aria-label': W.lesson.label, 'data-testid': 'lesson' });
    this.card_ = h('div', { class: 'lesson-card' });
    const levers = document.querySelector('#app > .left');
    this.levers = levers;
    levers.before(this.pane);
    this.pane.append(this.card_, levers);
    this.question = h('div', { class: 'pit-question', 'aria-hidden': 'true', hidden: true }, '?');
    document.querySelector('.mid > .floorbox').append(this.question);
    document.body.classList.add('is-lesson');
    this.channel = lessonChannel((message) => this.hear(message));
    this.project = makeLessonProjection(this);
    this.guard();
    for (const event of ['day', 'markets', 'lines', 'playing', 'engine']) app.on(event, () => this.look());
    app.on('draw', () => this.placeQuestion());
    // A change of stage halts the run for a sentence; on the way to a reveal it goes on by itself.
    app.on('stopped', (why) => {
      const { name } = this.card;
      if (why.change && this.toReveal)
        setTimeout(() => {
          if (this.toReveal && this.card.name === name) app.player.play();
        }, PAUSE);
    });
    app.on('next', () => this.canGoOn && this.go(this.index + 1));
    app.on('project', () => this.draw());
    app.player.stops.push((day) => (day === this.until && this.index >= 0 ? { until: true, day } : null));
  }

  get card() {
    return this.lesson.cards[this.index];
  }
  get state() {
    return this.bets.get(this.card.name);
  }
  get until() {
    return this.card?.kind === 'challenge' ? this.card.challenge.days : (this.card?.until ?? -1);
  }
  get isFree() {
    return this.card?.kind === 'sandbox';
  }
  get canGoOn() {
    const { card } = this;
    return (
      !this.moving &&
      this.index < this.lesson.cards.length - 1 &&
      (card.kind !== 'bet' || this.state.answer !== undefined)
    );
  }
  get hasBet() {
    return Boolean(this.state?.placed);
  }
  /** Whether a change may come from outside: a lever that is open, or the sandbox; before a bet nothing moves. */
  get mayChange() {
    const { app, card } = this;
    if (this.moving || !card || this.isFree) return true;
    return app.player.locked === null && (card.kind === 'challenge' || app.allowed?.size > 0);
  }
  get toReveal() {
    return this.card?.kind === 'bet' && this.hasBet && this.state.answer === undefined && !this.moving;
  }
  get betNumber() {
    return this.lesson.cards.slice(0, this.index + 1).filter((card) => card.kind === 'bet').length;
  }

  /** Comparing shows another firm's future, and a changed plan would answer a bet: both wait. */
  guard() {
    const setMode = this.app.setMode.bind(this.app);
    this.app.setMode = (mode) => {
      if (mode === 'run' || this.isFree) setMode(mode);
    };
    const change = this.app.change.bind(this.app);
    this.app.change = (alter) => {
      if (this.mayChange) change(alter);
    };
  }

  changesOf(card, with_) {
    const changes = [];
    const add = (day, values) => {
      if (values && Object.keys(values).length) changes.push({ day, values: { ...values } });
    };
    add(0, card.before);
    if (with_) {
      if (card.before && !card.from) Object.assign(changes[0].values, card.change);
      else add(card.from || 0, card.change);
    }
    return changes;
  }

  /** Carry out a plan, wait until it holds, and stand on a day. */
  async plan(card, with_, day) {
    const { app } = this,
      { player } = app;
    player.pause();
    while (app.sending) await app.sending;
    player.time = Math.min(player.time, day);
    const before = this.changesOf(card, false);
    app.change((plan) =>
      plan.set({
        scenario: card.scenario || this.lesson.scenario,
        seed: this.lesson.market,
        other: null,
        changes: this.changesOf(card, with_),
        baseline: before,
      }),
    );
    while (app.sending) await app.sending;
    await player.seek(day);
    app.plan.past = [];
    app.plan.future = [];
    app.said('plan');
  }

  async go(index) {
    if (this.moving || index < 0 || index >= this.lesson.cards.length) return;
    this.moving = true;
    const { app } = this;
    if (app.mode === 'compare') app.setMode('run');
    this.index = index;
    const { card } = this;
    if (!this.bets.has(card.name)) this.bets.set(card.name, { bet: card.bet?.kind === 'number' ? 50 : null });
    this.lock(card.kind === 'bet' ? W.lesson.locked : '');
    app.allowed = new Set();
    app.blind = !this.isFree;
    this.draw();
    const seen = this.state.answer !== undefined;
    await this.plan(card, seen || card.kind === 'sandbox', seen ? card.until : card.from || 0);
    this.moving = false;
    if (seen) this.open();
    else this.lock(card.kind === 'bet' ? W.lesson.locked : null);
    if (card.kind === 'challenge' || this.isFree) app.allowed = null;
    this.hide(card.kind === 'bet' && card.bet.measure === 'calls' && !seen);
    this.draw();
    this.tell();
    app.said('playing');
    app.said('resize');
  }

  lock(reason) {
    this.app.player.locked = reason;
    document.body.dataset.locked = reason === null ? '0' : '1';
  }

  hide(wanted) {
    this.app.floor.hide(wanted);
    this.question.hidden = !wanted;
    this.app.draw();
  }

  placeQuestion() {
    const g = this.app.floor.geometry;
    if (!g || this.question.hidden) return;
    this.question.style.left = `${g.gc}px`;
    this.question.style.top = `${g.ground + (g.base - g.ground) / 2}px`;
  }

  /** The bet stands from here on; what the firm would have done without the change is lived first and remembered. */
  async place() {
    const { app, card, state } = this;
    if (state.placed || state.bet === null || this.moving) return;
    this.moving = true;
    state.placed = true;
    this.draw();
    this.tell();
    const from = card.from || 0;
    if (card.bet.measure === 'first') {
      while (app.store.last < card.until && !app.store.broke) {
        const { last } = app.store;
        await app.player.fetch(card.until);
        if (app.store.last === last) break;
      }
      state.before = quartersBetween(app.store, from, card.until);
    }
    if (card.change) await this.plan(card, true, from);
    this.moving = false;
    this.lock(null);
    this.hide(false);
    app.player.speed = 'quarter';
    this.draw();
    app.player.play();
    app.said('playing');
  }

  /** Something moved: is the answer there? */
  look() {
    if (this.index < 0 || this.moving) return;
    const { card, app, state } = this;
    if (card.kind === 'bet' && state.placed && state.answer === undefined && app.day >= card.until) this.reveal();
    if (card.kind === 'challenge') this.judge();
    else if (!app.player.playing || card.kind === 'bet') this.drawLater();
  }

  reveal() {
    const { card, app, state } = this;
    const { measure } = card.bet;
    if (measure === 'calls') {
      const quarter = quarterOf(app.store, card.until);
      state.detail = quarter;
      state.answer = Math.round(quarter.calls);
    } else if (measure === 'first') {
      const after = quartersBetween(app.store, card.from || 0, card.until);
      state.detail = leaving(state.before, after);
      state.answer = firstOf(state.before, after);
    } else {
      if (!app.markets || app.markets.rev !== app.rev) return;
      state.detail = netOf(app.markets);
      state.answer = state.detail.kind;
    }
    app.player.pause();
    this.open();
    this.draw();
    this.tell();
    app.said('resize');
  }

  /** After the reveal the future, the ghost and this card's lever are open. */
  open() {
    const { app, card } = this;
    this.lock(null);
    app.blind = false;
    app.allowed = new Set(card.levers || []);
    app.said('plan');
    app.draw();
  }

  judge() {
    const { app, card, state } = this,
      { stage, days, hours } = card.challenge;
    const mine = app.lines?.arms?.a?.talk;
    state.hours = app.stale || !mine ? null : hoursOf(mine, Math.min(app.day, days));
    state.best = Math.max(0, ...app.store.quartersTo(Math.min(app.day, days)).map((quarter) => quarter.stage));
    if (app.day >= days && state.hours !== null) {
      state.answer = state.best >= stage && state.hours <= hours ? 'won' : 'lost';
    } else state.answer = undefined;
    this.drawLater();
  }

  async restart() {
    const { card } = this;
    this.bets.delete(card.name);
    await this.go(this.index);
  }

  drawLater() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  draw() {
    if (this.index < 0) return;
    const shown =
      this.card.kind === 'challenge' || this.isFree
        ? null
        : this.app.blind
          ? new Set()
          : new Set(this.card.levers || []);
    this.levers.hidden = shown !== null && !shown.size;
    this.levers.classList.toggle('one-lever', shown !== null);
    for (const row of this.levers.querySelectorAll('[data-lever]'))
      row.classList.toggle('kept', shown === null || shown.has(row.dataset.lever));
    document.body.dataset.card = this.card.name;
    document.body.classList.toggle('is-sandbox', this.isFree);
    drawCard(this.card_, this);
    this.project.draw();
  }

  debrief() {
    openDebrief(this);
  }

  tell() {
    const { index, card, lesson } = this;
    this.channel.say({ is: 'page', lesson: lesson.name, index, bets: card.kind === 'bet', has: this.hasBet });
  }

  hear(message) {
    if (message.is === 'hello') this.tell();
    if (message.lesson && message.lesson !== this.lesson.name) return;
    if (message.is === 'page') this.people.set(message.from, message.index === this.index && message.has);
    if (message.is === 'gone') this.people.delete(message.from);
    if (message.is === 'hands') this.hands = message.hands;
    if (message.is === 'go' && (message.by < 0 || this.canGoOn)) this.go(this.index + message.by);
    if (message.is === 'look') this.point(message.at);
    if (this.index >= 0) this.project.draw();
  }

  /** A frame around what the facilitator wants seen. */
  point(place) {
    const found = { gap: '.mid > .floorbox', ladder: '.right', strip: '.strip', head: '.mid > .head' }[place];
    const node = found && document.querySelector(found);
    if (!node) return;
    node.classList.add('looked-at');
    setTimeout(() => node.classList.remove('looked-at'), 4000);
  }
}
