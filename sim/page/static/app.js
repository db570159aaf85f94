// Wires it all: the plan goes to the source, frames come back into stores, drawings are told when something changes.
import { Plan } from './plan.js';
import { Player } from './player.js';
import { SocketSource } from './source.js';
import { FrameStore } from './store.js';
import { readTokens } from './svg.js';
import { W } from './words.js';

const MARKETS = 30;

export class App {
  constructor(makeSource = (on) => new SocketSource(on)) {
    this.listeners = new Map();
    this.stores = { a: new FrameStore(), b: new FrameStore() };
    this.mode = 'run';
    this.horizon = 1300;
    this.perDot = 1;
    this.perDesk = { a: 1, b: 1 };
    this.lines = null; // full lines of this market: {arms, base}
    this.markets = null; // bands and paired differences of many markets
    this.progress = null; // [done, of] while they are computed
    this.stale = true; // lines and bands are those of an earlier plan
    this.showsGhost = true;
    this.blind = false; // a lesson hides ghost, band and future
    this.engine = 'starting';
    this.connected = false;
    this.rev = -1;
    this.player = new Player(this);
    this.source = makeSource({
      about: (about) => this._about(about),
      engine: (state) => this._engine(state),
      state: (state) => this._connection(state),
      refused: (reason) => this.said('refused', reason),
      freed: () => {
        this.freed = true;
      },
      class: (said) => this.said('class', said),
    });
  }

  get arms() {
    return this.mode === 'compare' ? ['a', 'b'] : ['a'];
  }
  get store() {
    return this.stores[this.main];
  }
  /** The floor that the levers move. */
  get main() {
    return this.mode === 'compare' ? 'b' : 'a';
  }
  get day() {
    return this.player.day;
  }

  on(event, listener) {
    if (!this.listeners.has(event)) this.listeners.set(event, []);
    this.listeners.get(event).push(listener);
  }

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

  _about(about) {
    const first = !this.plan;
    this.about = about;
    this.engine = about.engine;
    if (first) {
      this.plan = new Plan(about, {
        scenario: about.start.scenario || 'default',
        seed: about.start.seed ?? about.market,
      });
      this.said('about', about);
    }
    this.connected = true;
    this.send();
  }

  _connection(state) {
    const was = this.connected;
    this.connected = state === 'open';
    if (this.plan && was !== this.connected) this.said('connection', this.connected);
    if (!this.connected && this.player.playing) this.player.pause();
  }

  _engine(state) {
    const before = this.engine;
    this.engine = state;
    this.said('engine', state, before);
    if (state === 'compiled' && before === 'plain') this._lines();
    if (state !== 'starting' && before === 'starting' && this.plan) this.send(); // the child was started anew: it knows nothing of us
  }

  /** Change the plan by a function of it; the server hears of it, and what no longer holds is forgotten. */
  change(alter) {
    if (!this.plan || !alter(this.plan)) return;
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
    try {
      do {
        this.again = false;
        await this._sendOnce();
      } while (this.again);
    } catch (fault) {
      if (fault.reasons) {
        this.plan.undo();
        this.said('plan');
        this.said('fault', fault.reasons.join(' '));
      }
    } finally {
      this.sending = null;
    }
  }

  async _sendOnce() {
    const plan = this.plan,
      arms = this.mode === 'compare' ? { a: plan.base, b: plan.organization } : { a: plan.organization };
    const day = this.player.day;
    this.stale = true;
    const answer = await this.source.set({ arms, base: plan.base, seed: plan.seed, day });
    this.rev = answer.rev;
    this.freed = false;
    this.horizon = answer.horizon;
    this.perDot = answer.leads_per_dot;
    for (const [arm, told] of Object.entries(answer.arms)) {
      const store = this.stores[arm];
      this.perDesk[arm] = told.people_per_desk;
      this.own = told.own;
      store.truncate(told.kept);
      if (store.last < 0) store.clear();
      if (store.last < day) await this._fill(arm, day);
      if (told.desks && told.day === day) store.preview = { day, desks: told.desks };
    }
    if (this.again) return;
    this.player.time = Math.min(this.player.time, Math.max(this.player.lived, 0));
    document.body.dataset.ready = '1';
    this.said('frames');
    this.said('day');
    this.draw();
    this._lines();
    setTimeout(() => this.player.lookAhead());
  }

  async _fill(arm, day) {
    const store = this.stores[arm];
    while (store.last < day && !store.broke) {
      const before = store.last;
      await this._fetchNow(arm, store.last + 1, Math.min(day, store.last + 200));
      if (store.last === before) break;
    }
  }

  /** Get frames into a store; a plan that is on its way goes first. */
  async fetch(arm, from, to) {
    if (this.freed) {
      this.said('say', W.notice.freed);
      this.send();
    }
    while (this.sending) await this.sending;
    const { last } = this.stores[arm];
    await this._fetchNow(arm, Math.min(from, last + 1), to);
  }

  /** Frames of an older plan are left out. */
  async _fetchNow(arm, from, to) {
    const rev = this.rev,
      found = await this.source.frames(arm, rev, from, to);
    if (found.stale || found.rev !== this.rev) return;
    for (const frame of found.frames) this.stores[arm].add(frame);
  }

  /** The five years of this market, then the many markets; both give way to a newer plan. */
  async _lines() {
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

  setMode(mode) {
    if (mode === this.mode) return;
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

  /** Go back to the last change and play it again, up to where we are. */
  async replay() {
    const last = this.plan.moved().at(-1);
    if (!last || this.player.locked) return;
    const until = Math.max(this.player.day, Math.min(last.day + 65, this.horizon));
    this.player.pause();
    await this.player.seek(Math.max(last.day - 10, 0));
    this.player.until = until;
    this.player.play();
    this.player.until = until;
  }

  _mark() {
    const { dataset } = document.body,
      { stage } = this.store.stageAt(this.day);
    dataset.day = this.day;
    dataset.stage = stage;
    if (this.plan) dataset.seed = this.plan.seed;
  }

  title(organization) {
    return this.about.scenarios[organization.scenario]?.title ?? W.app.name;
  }
}
