// Wires it all: the plan goes to the source, frames come back into stores, drawings are told when something changes.
// @ts-check
/**
 * @import { About, Arm, ArmAnswer, Hearing, LessonFile, Lines, Markets, Organization, PlanState, Source } from './types.js'
 * @import { Lesson } from '../lesson/course.js'
 */
import { Plan } from './plan.js';
import { Player } from './player.js';
import { FrameStore, QUARTER } from './store.js';
import { readTokens } from './svg.js';
import { W } from './words.js';

const MARKETS = 30,
  AT_ONCE = 200, // days that are asked for in one message
  DRAWN = 60; // ms in which the first day is drawn, before others begin to live the years to come

export class App {
  /** @param {(on: Hearing) => Source} makeSource */
  constructor(makeSource) {
    /** @type {Map<string, ((...said: any[]) => void)[]>} */
    this.listeners = new Map();
    this.stores = { a: new FrameStore(), b: new FrameStore() };
    /** @type {'run' | 'compare' | 'why'} */
    this.mode = 'run';
    /** @type {'lever' | 'funnel'} */
    this.way = 'lever'; // by what Why tells a difference
    this.horizon = 1300;
    this.perDot = 1;
    this.perDesk = { a: 1, b: 1 };
    /** @type {Lines | null} */
    this.lines = null; // full lines of this market: {arms, base}
    /** @type {Markets | null} */
    this.markets = null; // bands and paired differences of many markets
    /** @type {[number, number] | null} */
    this.progress = null; // [done, of] while they are computed
    this.stale = true; // lines and bands are those of an earlier plan
    this.showsGhost = true;
    this.blind = false; // a lesson hides ghost, band and future
    /**
     * Whether a plan may be changed, a mode be entered, the years to come be asked for: a lesson and a recording say no.
     * @type {{change: () => boolean, mode: (mode: string) => boolean, lines: () => boolean}}
     */
    this.guards = { change: () => true, mode: () => true, lines: () => true };
    this.connected = false;
    this.rev = -1;
    /** @type {{state: PlanState, mode: string} | null} */
    this.shown = null; // what the frames in the stores belong to
    /** @type {About | null} */
    this.about = null;
    /** @type {Plan | null} */
    this.plan = null;
    /** @type {Lesson | null} */
    this.lesson = null;
    /** @type {Set<string> | null} */
    this.allowed = null; // levers that may be moved; all if null
    /** @type {Set<string>} */
    this.locked = new Set(); // levers that whoever made a file has locked
    /** @type {LessonFile[] | null} */
    this.lessons = null; // those that a file holds; else the server has them
    /** @type {any} */
    this.floor = null; // the one floor, whose piles a lesson empties before a bet
    /** @type {PlanState | null} */
    this.fresh = null; // the plan that the page opens without a link
    /** @type {string | null} */
    this.opens = null; // the lesson that it opens with; "" for none
    this.own = false; // an organization of the visitor's own people: nobody is hired by a lever
    this.reduced = false; // no motion is wanted
    this.tooLarge = false; // for thirty markets beside the page
    this.drawing = this.again = false;
    /** @type {Promise<void> | null} */
    this.sending = null;
    this.player = new Player(this);
    this.source = makeSource({
      about: (about) => this._about(about),
      state: (state) => this._connection(state),
      refused: (reason) => this.said('refused', reason),
      class: (said) => this.said('class', said),
    });
  }

  /** @returns {Arm[]} */
  get arms() {
    return this.mode === 'compare' ? ['a', 'b'] : ['a'];
  }
  get store() {
    return this.stores[this.main];
  }
  /**
   * The floor that the levers move.
   * @returns {Arm}
   */
  get main() {
    return this.mode === 'compare' ? 'b' : 'a';
  }
  get day() {
    return this.player.day;
  }
  /** @param {string} lever */
  mayMove(lever) {
    return !this.locked.has(lever) && (this.allowed?.has(lever) ?? true);
  }
  /** What the stores hold is of another plan than the one that is named: it must not be shown under this name. */
  get veiled() {
    if (!this.plan) return false;
    const { shown, mode, plan } = this,
      twofold = mode === 'compare';
    if (!shown || (shown.mode === 'compare') !== twofold) return true;
    return shown.state !== plan.state && plan.partsFrom(shown.state, twofold) <= this.day;
  }

  /**
   * @param {string} event
   * @param {(...said: any[]) => void} listener
   */
  on(event, listener) {
    if (!this.listeners.has(event)) this.listeners.set(event, []);
    this.listeners.get(event).push(listener);
  }

  /**
   * @param {string} event
   * @param {any[]} more
   */
  said(event, ...more) {
    for (const listener of this.listeners.get(event) || []) listener(...more);
    if (event === 'day' || event === 'plan' || event === 'frames') this._mark();
  }

  /** Ask for a drawing at the next frame. */
  draw() {
    if (this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => {
      this.drawing = false;
      this.said('draw', this.player.time);
    });
  }

  start() {
    this.source.connect();
  }

  /** @param {About} about */
  _about(about) {
    const first = !this.plan;
    this.about = about;
    if (first) {
      this.plan = new Plan(about, {
        scenario: about.start.scenario || 'default',
        seed: about.start.seed ?? about.market,
      });
      this.fresh = this.plan.state;
      this.said('about', about);
    }
    this.connected = true;
    this.send();
  }

  /** @param {'open' | 'lost'} state */
  _connection(state) {
    const was = this.connected;
    this.connected = state === 'open';
    if (this.plan && was !== this.connected) this.said('connection', this.connected);
  }

  /**
   * Change the plan by a function of it; the server hears of it, and what no longer holds is forgotten.
   * @param {(plan: Plan) => boolean} alter
   */
  change(alter) {
    if (!this.plan || !this.guards.change() || !alter(this.plan)) return;
    this.stale = true;
    this.said('plan');
    this.draw();
    this.send();
  }

  /** Send the plan; while an answer is awaited, only the newest waits. */
  send() {
    if (this.sending) {
      this.again = true;
      return this.sending;
    }
    this.sending = this._sendAll();
    return this.sending;
  }

  async _sendAll() {
    let anew = false;
    try {
      do {
        this.again = false;
        await this._sendOnce();
      } while (this.again);
    } catch (fault) {
      if (!fault.reasons) return;
      if (!this.shown && this.plan.state !== this.fresh) {
        this._openFresh(fault.reasons.join(' '));
        anew = true;
      } else {
        this.plan.undo();
        this.stale = this.lines?.rev !== this.rev; // what is drawn is of the plan that is in force again
        this.said('plan');
        this.said('fault', fault.reasons.join(' '));
      }
    } finally {
      this.sending = null;
    }
    if (anew) await this.send();
  }

  /**
   * What a link asked for cannot be shown: the page opens as without it, and says so.
   * @param {string} why
   */
  _openFresh(why) {
    const before = this.mode;
    this.mode = document.body.dataset.mode = 'run';
    this.plan.set(this.fresh);
    this.plan.past = [];
    this.player.time = 0;
    if (before !== 'run') this.said('mode', 'run', before);
    this.said('plan');
    this.said('unread', W.share.instead(why, this.title(this.plan.organization)));
  }

  async _sendOnce() {
    const plan = this.plan,
      arms = this.mode === 'compare' ? { a: plan.base, b: plan.organization } : { a: plan.organization };
    const day = this.player.day,
      opening = !this.shown,
      asked = { state: plan.state, mode: this.mode };
    this.stale = true;
    this._mark();
    const answer = await this.source.set({ arms, base: plan.base, seed: plan.seed, day });
    this.rev = answer.rev;
    this.horizon = answer.horizon;
    this.perDot = answer.leads_per_dot;
    for (const [arm, told] of /** @type {[Arm, ArmAnswer][]} */ (Object.entries(answer.arms))) {
      const store = this.stores[arm];
      this.perDesk[arm] = told.people_per_desk;
      this.own = told.own;
      store.truncate(told.kept);
      if (store.last < 0) store.clear();
      if (store.last < day) await this._fill(arm, day);
      if (told.desks && told.day === day) store.preview = { day, desks: told.desks };
    }
    this.shown = asked;
    this._mark();
    if (this.again) return;
    this.player.time = Math.min(this.player.time, Math.max(this.player.lived, 0));
    document.body.dataset.ready = '1';
    this.said('frames');
    this.said('day');
    this.draw();
    const { rev } = this,
      years = () => {
        if (rev === this.rev) this.askLines();
      };
    if (opening) setTimeout(years, DRAWN);
    else years();
    setTimeout(() => this.player.lookAhead());
  }

  /**
   * @param {Arm} arm
   * @param {number} day
   */
  async _fill(arm, day) {
    const store = this.stores[arm];
    while (store.last < day && !store.broke) {
      const before = store.last;
      await this._fetchNow(arm, day);
      if (store.last === before) break;
    }
  }

  /**
   * Get the frames that a store lacks up to a day, a piece of them; a plan that is on its way goes first.
   * @param {Arm} arm
   * @param {number} to
   */
  async fetch(arm, to) {
    while (this.sending) await this.sending;
    await this._fetchNow(arm, to);
  }

  /**
   * Frames of an older plan are left out; what is still missing is asked for next.
   * @param {Arm} arm
   * @param {number} to
   */
  async _fetchNow(arm, to) {
    const rev = this.rev,
      from = this.stores[arm].last + 1,
      last = Math.min(to, from + AT_ONCE - 1);
    if (from > last) return;
    const found = await this.source.frames(arm, rev, from, last);
    if (found.stale || found.rev !== this.rev) return;
    for (const frame of found.frames) this.stores[arm].add(frame);
  }

  /** The five years of this market, then the many markets; both give way to a newer plan. */
  async askLines() {
    if (!this.guards.lines()) return;
    const rev = this.rev;
    try {
      const lines = await this.source.lines(rev);
      if (lines.waiting || rev !== this.rev) return;
      this.lines = lines;
      this.stale = false;
      this.said('lines');
      this.draw();
      this.progress = [0, MARKETS];
      this.said('markets');
      await this.askMarkets(MARKETS);
    } catch (fault) {
      if (fault.reasons) this.said('fault', fault.reasons.join(' '));
    }
  }

  /** @param {number} n */
  async askMarkets(n) {
    const rev = this.rev;
    this.progress = [0, n];
    const found = await this.source.markets(rev, n, (part) => {
      if (rev !== this.rev) return;
      this.progress = [part.done, part.of];
      this.said('markets');
    });
    if (found.too_large) {
      this.tooLarge = true;
      this.progress = null;
      this.said('markets');
      return;
    }
    if (found.stale || found.waiting || rev !== this.rev) return;
    this.tooLarge = false;
    this.markets = { ...found, rev };
    this.progress = null;
    this.said('markets');
    this.draw();
  }

  /** @param {'run' | 'compare' | 'why'} mode */
  setMode(mode) {
    if (mode === this.mode || !this.guards.mode(mode)) return;
    this.player.pause();
    const before = this.mode;
    if ((mode === 'compare') !== (before === 'compare')) {
      if (mode === 'compare') {
        this.stores.b = this.stores.a;
        this.stores.a = new FrameStore();
        this.stores.b.truncate(-1);
      } else {
        this.stores.a.truncate(-1);
        this.stores.b.clear();
      }
      this.lines = this.markets = null;
    }
    this.mode = mode;
    document.body.dataset.mode = mode;
    readTokens();
    this.said('mode', mode, before);
    if ((mode === 'compare') !== (before === 'compare')) this.send();
    this.draw();
  }

  /** Go back to the last change before the day that is shown and play it again, up to where we are or a quarter after it. */
  async replay() {
    const { player } = this,
      last = this.plan.moved().findLast((each) => each.day <= player.day);
    if (!last || player.locked !== null) return;
    const until = Math.max(player.day, Math.min(last.day + QUARTER, this.horizon));
    player.pause();
    await player.seek(Math.max(last.day - 10, 0));
    player.until = until;
    player.play();
  }

  _mark() {
    const { dataset } = document.body,
      { stage } = this.store.stageAt(this.day);
    dataset.day = String(this.day);
    dataset.stage = String(stage);
    const veiled = this.veiled ? '1' : '0';
    if (dataset.veiled !== veiled) {
      dataset.veiled = veiled;
      this.said('veiled', veiled === '1');
    }
    if (this.plan) dataset.seed = String(this.plan.seed);
  }

  /**
   * What a lead is called: each organization of a comparison numbers the same prospects for itself.
   * @param {Arm} arm
   * @param {number} number
   */
  leadName(arm, number) {
    if (this.mode !== 'compare') return W.floor.lead(number);
    const { twin } = this.stores[arm].leads.get(number) ?? {};
    const known = (store) =>
      [...store.leads.values()].find((lead) => lead.twin === twin && lead.versions[0].day <= this.day)?.number ?? null;
    const { a, b } = this.stores;
    return twin === undefined ? W.floor.lead(number) : W.compare.lead(known(a), known(b));
  }

  /** @param {Organization} organization */
  title(organization) {
    return this.about.scenarios[organization.scenario]?.title ?? W.app.name;
  }
}
