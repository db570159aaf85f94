// A lesson under way: cards one after the other; Play is locked until a bet is made, and the answer is measured in the run itself.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { Bet, Card, LessonFile } from '../common/types.js'
 */
import { Room } from '../class/classroom.js';
import { QUARTER } from '../common/store.js';
import { h, T } from '../common/svg.js';
import { W } from '../common/words.js';
import { drawCard } from './card.js';
import { openDebrief } from './debrief.js';
import { answerOf, quartersBetween, standingOf } from './measure.js';
import { recall } from './memory.js';
import { makeLessonProjection } from './projected.js';
import { carryOut, liveUntil } from './setting.js';

const PAUSE = 1800, // milliseconds for the sentence of a change of stage
  REVEAL = 12.5; // seconds a quarter: slow enough to watch a pile grow

/**
 * In a small window a card and the floor stand below one another: what counts now comes into view.
 * @type {(name: string, app: App) => void}
 */
const bringIntoView = (name, app) => {
  const behavior = app.reduced ? 'auto' : 'smooth';
  if (T.small) document.querySelector(name)?.scrollIntoView({ block: 'start', behavior });
};

export class Lesson {
  /**
   * @param {App} app
   * @param {LessonFile} lesson
   * @param {{name: string, title: string}[]} list
   */
  constructor(app, lesson, list) {
    this.app = app;
    this.lesson = lesson;
    this.list = list;
    this.index = -1;
    const kept = recall(app.about.session, lesson.name);
    this.first = kept && lesson.cards[kept.index] ? kept.index : 0; // the card to begin with
    this.own = kept?.own ?? null; // {card, changes}: the visitor's own on a card that opens all levers
    /** @type {Map<string, Bet>} */
    this.bets = kept?.bets ?? new Map(); // card's name -> {bet, placed, answer, detail, before}
    this.pane = h('aside', { class: 'lesson', 'aria-label': W.lesson.label, 'data-testid': 'lesson' });
    this.card_ = h('div', { class: 'lesson-card' });
    /** @type {HTMLElement} */
    this.levers = document.querySelector('#app > .left');
    this.levers.before(this.pane);
    this.pane.append(this.card_, this.levers);
    this.question = h('div', { class: 'pit-question', 'aria-hidden': 'true', hidden: true }, '?');
    document.querySelector('.mid > .floorbox').append(this.question);
    document.body.classList.add('is-lesson');
    this.room = new Room(this);
    this.project = makeLessonProjection(this);
    this.guard();
    this.listen();
  }

  /** @returns {Card} */
  get card() {
    return this.lesson.cards[this.index];
  }
  /** @returns {Bet} */
  get state() {
    return this.bets.get(this.card.name);
  }
  get until() {
    return this.card?.kind === 'challenge' ? this.card.challenge.days : (this.card?.until ?? -1);
  }
  get isFree() {
    return this.card?.kind === 'sandbox';
  }
  /** Whether all levers are open on this card. */
  get isOpen() {
    return this.isFree || this.card?.kind === 'challenge';
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
    return app.player.locked === null && (this.isOpen || app.allowed?.size > 0);
  }
  /** A bet that nobody knows the answer of yet. */
  get isOpenBet() {
    return this.card?.kind === 'bet' && this.state.answer === undefined;
  }
  /** Whether the reveal is being played. */
  get toReveal() {
    return this.isOpenBet && Boolean(this.state.revealing) && !this.moving;
  }
  /** Whether this page may begin the reveal: the front of a class at any time, a page of its own after its bet. */
  get canReveal() {
    const { room } = this;
    return this.isOpenBet && !this.state.revealing && !this.moving && (room.isFront || (!room.follows && this.hasBet));
  }
  /** Why Play is closed on a bet's card. */
  get reason() {
    if (!this.isOpenBet) return null;
    if (this.state.revealing) return W.lesson.revealing;
    return this.canReveal ? W.lesson.reveal : this.hasBet ? W.lesson.waits : W.lesson.locked;
  }
  /** The last day that may be seen on a card whose answer nobody knows yet. */
  get limit() {
    const { card } = this;
    return card.kind === 'look'
      ? card.until
      : !this.isOpenBet
        ? null
        : this.state.revealing
          ? card.until
          : card.from || 0;
  }
  get betNumber() {
    return this.lesson.cards.slice(0, this.index + 1).filter((card) => card.kind === 'bet').length;
  }

  /** Comparing and five years of lines show a future, a changed plan would answer a bet: they wait. Play begins a reveal. */
  guard() {
    this.app.guards = {
      change: () => this.mayChange,
      mode: (mode) => mode === 'run' || this.isFree,
      lines: () => this.index >= 0 && (this.limit === null || Boolean(this.state.revealing)),
    };
    this.app.player.instead = () => {
      const begins = this.canReveal;
      if (begins) this.begin();
      return begins;
    };
  }

  listen() {
    const { app } = this;
    for (const event of ['day', 'markets', 'lines', 'playing']) app.on(event, () => this.look());
    app.on('draw', () => this.placeQuestion());
    app.on('plan', () => this.remember());
    // A change of stage halts the run for a sentence; on the way to a reveal it goes on by itself.
    app.on('stopped', (why) => {
      const { name } = this.card;
      if (why.change && this.toReveal)
        setTimeout(() => {
          if (this.toReveal && this.card.name === name) this.playOn();
        }, PAUSE);
    });
    app.on('next', () => (this.canReveal ? this.begin() : this.canGoOn && this.go(this.index + 1)));
    app.on('project', () => this.draw());
    app.player.stops.push((day) => (day === this.until && this.index >= 0 ? { until: true, day } : null));
  }

  /** @param {number} index */
  async go(index) {
    if (this.moving || index < 0 || index >= this.lesson.cards.length) return;
    this.moving = true;
    const { app } = this;
    if (app.mode === 'compare') app.setMode('run');
    this.index = index;
    const { card } = this;
    if (!this.bets.has(card.name)) this.bets.set(card.name, { bet: card.bet?.kind === 'number' ? 50 : null });
    app.player.pace = null;
    app.player.limit = this.limit;
    this.lock(this.reason ?? '');
    app.allowed = new Set();
    app.blind = !this.isFree;
    this.draw();
    this.room.tell(); // before its days are asked for: a class is told no more than its card needs
    const seen = this.state.answer !== undefined && card.kind === 'bet';
    await carryOut(this, card, seen || card.kind === 'sandbox', seen ? card.until : card.from || 0);
    this.moving = false;
    if (seen) this.open();
    else this.lock(this.reason);
    if (this.isOpen) await this.takeUp();
    this.hide(card.kind === 'bet' && card.bet.measure === 'calls' && !seen);
    this.draw();
    this.room.tell();
    app.said('playing');
    app.said('resize');
    // A reveal that had begun when the card was left or the page was loaded again, or that the front began meanwhile.
    if (this.isOpenBet && (this.state.revealing || this.room.revealed.has(card.name))) await this.reveal();
  }

  /** All levers are open; what a page that was loaded again had moved on this card is moved again. */
  async takeUp() {
    const { app, own, card } = this;
    app.allowed = null;
    this.own = null;
    if (own?.card !== card.name || !own.changes.length) return;
    app.change((plan) => plan.set({ changes: own.changes }));
    while (app.sending) await app.sending;
  }

  remember() {
    if (this.moving || !this.isOpen) return;
    this.own = { card: this.card.name, changes: this.app.plan.changes };
    this.room.keep();
  }

  /** @param {string | null} reason */
  lock(reason) {
    this.app.player.locked = reason;
    document.body.dataset.locked = reason === null ? '0' : '1';
  }

  /** @param {boolean} wanted */
  hide(wanted) {
    this.app.floor.hide(wanted);
    this.question.hidden = !wanted;
    this.app.draw();
  }

  placeQuestion() {
    const g = this.app.floor.geometry;
    if (!g || this.question.hidden) return;
    this.question.style.left = `${(100 * g.gc) / g.w}%`; // also of a page that was made narrower
    this.question.style.top = `${g.ground + (g.base - g.ground) / 2}px`;
  }

  /** The bet stands from here on; what answers it is shown by the reveal and by nothing else. */
  place() {
    const { state } = this;
    if (state.placed || state.bet === null || state.revealing || this.moving) return;
    state.placed = true;
    this.room.tell();
    this.lock(this.reason);
    this.draw();
    this.app.said('playing');
  }

  /** Begin the reveal: the front of a class on every screen, its own as well; a page of its own at once. */
  begin() {
    if (!this.canReveal) return;
    if (this.room.isFront) this.room.reveal(this.card);
    else this.reveal();
  }

  /** Play what was bet on, slowly; what the firm would have done without the change is lived first and remembered. */
  async reveal() {
    const { app, card, state } = this;
    if (!this.isOpenBet || this.moving) return;
    this.moving = true;
    state.revealing = true;
    state.market = this.room.markets[card.name];
    this.room.keep();
    app.player.limit = card.until;
    this.lock(this.reason);
    this.draw();
    const from = card.from || 0;
    if (card.bet.measure === 'first') {
      if (state.market !== undefined) await carryOut(this, card, false, from);
      await liveUntil(app, card.until);
      state.before = quartersBetween(app.store, from, card.until);
    }
    await carryOut(this, card, true, from);
    if (app.stale || !app.lines) app.askLines(); // they were kept back before
    this.moving = false;
    this.hide(false);
    app.player.pace = QUARTER / REVEAL;
    bringIntoView('.mid', app);
    this.draw();
    this.playOn();
  }

  /** Go on with the reveal; in a class nobody stops or hurries it, so that all screens show the same. */
  playOn() {
    const { app } = this;
    this.lock(null);
    app.player.play();
    if (app.about.keyed) this.lock(this.reason);
    app.said('playing');
  }

  /** Something moved: is the answer there? */
  look() {
    if (this.index < 0 || this.moving) return;
    const { card, app } = this;
    if (this.toReveal && app.day >= card.until) this.answer();
    if (card.kind === 'challenge') {
      Object.assign(this.state, standingOf(card.challenge, app));
      this.drawLater();
    } else if (!app.player.playing || card.kind === 'bet') this.drawLater();
  }

  /** The answer is there: it is said, and the page is open. */
  answer() {
    const { card, app, state } = this;
    const found = answerOf(card, state, app);
    if (!found) return;
    Object.assign(state, found);
    delete state.revealing;
    app.player.pause();
    bringIntoView('.lesson', app);
    this.open();
    this.draw();
    this.room.tell();
    app.said('resize');
  }

  /** After the reveal the future, the ghost and this card's lever are open. */
  open() {
    const { app, card } = this;
    this.lock(null);
    app.player.pace = app.player.limit = null;
    app.blind = false;
    app.allowed = new Set(card.levers || []);
    if (app.stale || !app.lines) app.askLines();
    app.said('plan');
    app.draw();
  }

  async restart() {
    const { card } = this;
    this.bets.delete(card.name);
    this.own = null;
    this.room.open(card);
    await this.go(this.index);
  }

  /** All bets are forgotten: the next class begins. */
  async beginAgain() {
    this.bets.clear();
    this.own = null;
    await this.go(0);
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
    const open = this.app.blind ? [] : this.card.levers || [];
    const shown = this.isOpen ? null : new Set(open);
    this.levers.hidden = shown !== null && !shown.size;
    document.body.classList.toggle('no-levers', this.levers.hidden);
    this.levers.classList.toggle('one-lever', shown !== null);
    /** @type {NodeListOf<HTMLElement>} */
    const rows = this.levers.querySelectorAll('[data-lever]');
    for (const row of rows) row.classList.toggle('kept', shown === null || shown.has(row.dataset.lever));
    document.body.dataset.card = this.card.name;
    document.body.classList.toggle('is-sandbox', this.isFree);
    drawCard(this.card_, this);
    this.project.draw();
  }

  debrief() {
    openDebrief(this);
  }
}
