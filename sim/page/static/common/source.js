// The server's side of the page's questions, by a method for each question of sim/page/questions.py; others have the same
// face (Source in types.js). It calls `on.about` and `on.state` ("open", "lost") when something happens by itself.
// @ts-check
/** @import { Arm, Hearing } from './types.js' */
import { framesOf } from './decode.js';

const PING = 2000,
  SILENT = 5000,
  RETRY = [300, 600, 1000, 2000, 3000];

/** What the server refused. */
const refusal = ({ reasons }) => Object.assign(new Error(reasons.join(' ')), { reasons });

export class SocketSource {
  /** @param {Hearing} on */
  constructor(on) {
    this.on = on;
    this.waiting = new Map();
    this.number = 0;
    this.tries = 0;
    this.stopped = false;
    this.socket = null;
    this.layout = null; // of frames
    /** @type {Partial<Record<Arm, string[]>>} */
    this.names = {}; // of people who are a user's own
  }

  connect() {
    if (this.socket) return;
    const address = new URL('/socket', location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const token = new URLSearchParams(location.search).get('token');
    if (token) address.searchParams.set('token', token);
    const socket = new WebSocket(address);
    this.socket = socket;
    this.heard = performance.now();
    socket.onopen = () => {
      this.tries = 0;
      this._watch(socket);
    };
    socket.onmessage = (event) => {
      if (socket === this.socket) {
        this.heard = performance.now();
        this._take(event.data);
      }
    };
    socket.onclose = () => this._lost(socket);
  }

  /** @param {WebSocket} socket */
  _watch(socket) {
    clearInterval(this.watcher);
    this.watcher = setInterval(() => {
      if (socket !== this.socket) return;
      if (performance.now() - this.heard > SILENT - 500) {
        socket.close();
        this._lost(socket);
        return;
      }
      if (socket.readyState === WebSocket.OPEN) socket.send('{"do":"ping"}');
    }, PING);
  }

  /** @param {WebSocket} socket */
  _lost(socket) {
    if (socket !== this.socket || this.stopped) return;
    this.socket = null;
    clearInterval(this.watcher);
    for (const { fail } of this.waiting.values()) fail(new Error('lost'));
    this.waiting.clear();
    this.on.state('lost');
    setTimeout(() => this.connect(), RETRY[Math.min(this.tries++, RETRY.length - 1)]);
  }

  /** @param {string} data */
  _take(data) {
    const said = JSON.parse(data);
    switch (said.is) {
      case 'pong':
        return;
      case 'about':
        this.layout = said.frames;
        this.on.state('open');
        this.on.about(said);
        return;
      case 'class':
        if (!said.said) break; // the answer to what we told
        this.on.class?.(said.said);
        return;
      case 'refused':
        this.stopped = true;
        this.on.refused(said.reason);
        return;
      default:
    }
    const waiter = this.waiting.get(said.id);
    if (!waiter) return;
    if (waiter.tell && said.done !== undefined && !said.bands) {
      waiter.tell(said);
      return;
    }
    this.waiting.delete(said.id);
    if (said.is === 'fault') waiter.fail(refusal(said));
    else waiter.done(said);
  }

  /**
   * @param {{do: string} & Record<string, any>} message
   * @param {(part: any) => void} [tell]
   * @returns {Promise<any>}
   */
  _ask(message, tell) {
    return new Promise((done, fail) => {
      if (!this.socket || this.socket.readyState !== WebSocket.OPEN) {
        fail(new Error('lost'));
        return;
      }
      const id = ++this.number;
      this.waiting.set(id, { done, fail, tell });
      this.socket.send(JSON.stringify({ ...message, id }));
    });
  }

  /** @param {object} request */
  async set(request) {
    const told = await this._ask({ do: 'set', ...request });
    for (const [arm, { names }] of Object.entries(told.arms ?? {})) this.names[arm] = names;
    return told;
  }
  /**
   * @param {Arm} arm
   * @param {number} rev
   * @param {number} from
   * @param {number} to
   */
  async frames(arm, rev, from, to) {
    const said = await this._ask({ do: 'frames', arm, rev, from, to });
    if (!said.bytes) return { frames: [], ...said };
    const bytes = Uint8Array.from(atob(said.bytes), (each) => each.charCodeAt(0));
    return framesOf(bytes.buffer, this.layout, this.names);
  }
  /** @param {number} rev */
  lines(rev) {
    return this._ask({ do: 'lines', rev });
  }
  /**
   * @param {number} rev
   * @param {number} n
   * @param {(part: {done: number, of: number}) => void} tell
   */
  markets(rev, n, tell) {
    return this._ask({ do: 'markets', rev, n }, tell);
  }
  /**
   * @param {Arm} arm
   * @param {object} what
   */
  story(arm, what) {
    return this._ask({ do: 'story', arm, ...what });
  }
  /**
   * @param {string} by
   * @param {(part: {done: number, of: number}) => void} tell
   */
  why(by, tell) {
    return this._ask({ do: 'why', by }, tell);
  }
  /**
   * @param {string} by
   * @param {string} bar
   */
  bar(by, bar) {
    return this._ask({ do: 'bar', by, bar });
  }
  /**
   * @param {string} by
   * @param {string} bar
   * @param {number} a
   * @param {number} b
   */
  lives(by, bar, a, b) {
    return this._ask({ do: 'lives', by, bar, a, b });
  }
  /**
   * Something for the class that a lesson is held with.
   * @param {object} message
   */
  tell(message) {
    return this._ask({ do: 'class', ...message });
  }
  /** @param {boolean} [end] of the run's end, not of the day that was lived last */
  hash(end) {
    return this._ask({ do: 'hash', end });
  }
}
