// A page's place in its class: what it tells, what a teacher's page may know of the others, what the teacher wants seen.
// @ts-check
/**
 * @import { Card } from '../common/types.js'
 * @import { Lesson } from '../lesson/course.js'
 */
import { KEY, point, talkTo } from './telling.js';
import { keep } from '../lesson/memory.js';

const sum = (counts) => Object.values(counts).reduce((a, b) => a + b, 0);

export class Room {
  /** @param {Lesson} lesson */
  constructor(lesson) {
    const { app } = lesson;
    this.lesson = lesson;
    this.revealed = new Set(); // cards whose reveal the front of a class has begun
    /** @type {Record<string, number>} */
    this.markets = {}; // by revealed card: the market that was drawn for it
    this.class = null; // how the class stands, as sim/page/classroom.py tells it to those who lead
    this.leads = !app.about.keyed || Boolean(KEY);
    this.follows = app.about.keyed && !this.leads; // waits for the front's reveals
    this.isFront = app.about.keyed && this.leads;
    this.say = talkTo(app.source);
    app.on('class', (said) => this.hear(said));
    app.on('connection', (is) => is && this.tell());
  }

  /** Where this page stands, what was bet and moved on it, for a reload. */
  keep() {
    const { index, lesson, bets, own, app } = this.lesson;
    keep(app.about.session, lesson.name, index, bets, own);
  }

  /** Where this page stands and what was bet on it, for the class and for a reload. */
  tell() {
    const { index, lesson, bets } = this.lesson;
    if (index < 0) return;
    this.keep();
    const asked = lesson.cards.filter((card) => card.kind === 'bet' && bets.get(card.name)?.placed);
    const placed = Object.fromEntries(asked.map(({ name }) => [name, bets.get(name).bet]));
    this.say('here', { lesson: lesson.name, index, bets: placed });
  }

  hear(said) {
    const { lesson } = this;
    if (said.is === 'room') this.class = said;
    if (said.is === 'go' && (said.by < 0 || lesson.canGoOn)) lesson.go(lesson.index + said.by);
    if (said.is === 'come' && said.lesson === lesson.lesson.name && said.index !== lesson.index) lesson.go(said.index);
    if (said.is === 'look') point(said.at);
    if ((said.is === 'revealed' || said.is === 'reveal') && said.lesson === lesson.lesson.name) {
      if (said.is === 'reveal') this.revealed.add(said.card);
      else this.revealed = new Set(said.cards);
      this.markets = said.markets;
      if (said.text) lesson.lesson = said.text; // a student's page is told more of the lesson with each reveal
      this.follow(said.card ?? lesson.card?.name);
    }
    lesson.draw();
  }

  /**
   * The front reveals: this page goes to the card and plays it, whatever it shows.
   * @param {string} name
   */
  async follow(name) {
    const { lesson } = this,
      at = lesson.lesson.cards.findIndex((card) => card.name === name);
    if (at < 0 || !this.revealed.has(name)) return;
    while (lesson.moving) await new Promise((on) => setTimeout(on, 50));
    const state = lesson.bets.get(name);
    if (state?.market !== undefined && state.market !== this.markets[name])
      for (const part of ['answer', 'market', 'revealing']) delete state[part]; // it is played again, in another market
    if (lesson.index !== at) await lesson.go(at);
    else if (!lesson.state.revealing) await lesson.reveal();
  }

  /**
   * The front closes a card's bets as it reveals them on every screen, and opens them when the card is played again.
   * @param {Card} card
   */
  reveal(card) {
    this.say('reveal', { lesson: this.lesson.lesson.name, card: card.name });
  }
  /** @param {Card} card */
  open(card) {
    this.revealed.delete(card.name);
    if (KEY && card.kind === 'bet') this.say('open', { lesson: this.lesson.lesson.name, card: card.name });
  }

  /**
   * How the bets of the class fell on a card: {bet: how often}; null as long as they are open.
   * @param {Card} card
   * @returns {Record<string, number> | null}
   */
  betsOn(card) {
    const counts = this.class?.lesson === this.lesson.lesson.name ? this.class.closed[card.name] : null;
    return counts && sum(counts) ? counts : null;
  }

  /** [bets, people] on the card that is shown, counted by hand or by windows; null if nobody is there but this page. */
  get haveBet() {
    const { lesson } = this,
      now = this.class;
    if (now?.lesson !== lesson.lesson.name || now.index !== lesson.index) return null;
    return now.hands ?? (now.people > 1 || (now.keyed && now.people) ? [now.has, now.people] : null);
  }
}
