// A replay file: the same page, with the days of one run in the file itself. Levers are shown, not moved.
// @ts-check
/** @import { Arm, Frame, Hearing } from './common/types.js' */
import { App } from './common/app.js';
import { frameAt } from './common/decode.js';
import { h } from './common/svg.js';
import { W } from './common/words.js';
import { start } from './main.js';

/**
 * Base64 to bytes.
 * @type {(text: string) => Uint8Array<ArrayBuffer>}
 */
const bytesOf = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));

/** @param {string} text */
async function unpacked(text) {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text());
}

/** Answers as the server does, from what was recorded. */
class RecordedSource {
  /**
   * @param {Hearing} on
   * @param {any} kept what sim/page/replay.py has written
   */
  constructor(on, kept) {
    this.on = on;
    this.kept = kept;
    const view = new DataView(bytesOf(kept.frames).buffer);
    /** @type {Frame[]} */
    this.found = [];
    for (let at = 0; at < view.byteLength;) {
      const [frame, next] = frameAt(view, at, kept.about.frames, kept.names);
      this.found.push(frame);
      at = next;
    }
  }
  connect() {
    this.on.state('open');
    this.on.about(this.kept.about);
  }
  async set() {
    const { horizon, per_dot, per_desk, own } = this.kept;
    const a = { kept: -1, day: -1, people_per_desk: per_desk, own, names: this.kept.names };
    return { rev: 1, horizon, leads_per_dot: per_dot, arms: { a } };
  }
  /**
   * @param {Arm} arm
   * @param {number} rev
   * @param {number} from
   * @param {number} to
   */
  async frames(arm, rev, from, to) {
    return { rev, frames: this.found.slice(from, to + 1) };
  }
  async lines() {
    return this.kept.lines;
  }
  async markets() {
    return this.kept.markets;
  }
  /**
   * @param {Arm} arm
   * @param {any} what
   */
  async story(arm, what) {
    if ('lead' in what) {
      const sentences = (this.kept.leads[what.lead] || [])
        .filter(([from, until]) => from <= what.day && (until === null || what.day < until))
        .map(([, , sentence]) => sentence);
      if (!sentences.length) throw Object.assign(new Error(), { reasons: [W.replay.untold] });
      return { lead: what.lead, sentences };
    }
    const told = this.kept.persons.filter((each) => each.day <= what.day && what.person in each.people).at(-1);
    if (!told) throw Object.assign(new Error(), { reasons: [W.replay.newcomer] });
    return told.people[what.person];
  }
  async hash() {
    return { a: { day: this.kept.days, state: this.kept.state } };
  }
}

async function open() {
  const kept = await unpacked(document.querySelector('#recording').textContent.trim());
  const app = new App((on) => new RecordedSource(on, kept));
  app.allowed = new Set(); // every lever is shown, none moves
  app.guards = { change: () => false, mode: () => false, lines: () => true };
  app.on('about', () => {
    app.plan.state = { ...app.plan.state, ...kept.plan };
    app.player.time = kept.day;
    for (const name of ['scenario', 'seed']) {
      /** @type {HTMLInputElement} */
      const field = document.querySelector(`[data-testid=${name}]`);
      field.disabled = true;
    }
    app.said('plan');
    if (kept.warning) setTimeout(() => app.said('say', W.replay.warning(kept.warning), true));
  });
  start(app);
  app.on('about', () => {
    const said = W.replay.recorded(kept.about.version, kept.about.model);
    document.querySelector('.left').prepend(h('p', { class: 'tiny soft recorded', 'data-testid': 'recorded' }, said));
  });
  app.start();
}

open();
