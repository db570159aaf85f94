// The address says what is shown: a page that is loaded again, or gone back to, shows it again. One step of undo is one
// step of the browser's history; days that pass, and a hand on a lever, stay within their step.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { PlanState } from '../common/types.js'
 */
import { W } from '../common/words.js';
import { linkOf, readLink } from './link.js';

const KEEP = 350, // milliseconds between two writings of the address: a browser allows a hundred in half a minute
  ASKED = new Set(['token', 'key', 'lesson', 'window', 'language']); // all that an address may ask before its #

const isProjected = () => document.body.classList.contains('is-projected');

/**
 * How the page shows its plan, in a link's words.
 * @param {App} app
 */
export function viewOf({ mode, way }) {
  if (mode === 'run') return isProjected() ? 'project' : 'run';
  return mode === 'why' && way === 'funnel' ? 'funnel' : mode;
}

/**
 * The lesson that a page opens with: that of its address; else the usual one, where the address carries no plan.
 * @type {(app: App) => string}
 */
export function lessonOf(app) {
  const asked = new URLSearchParams(location.search).get('lesson');
  app.opens ??= asked ?? (readLink(location.hash, app.about)?.plan ? '' : (app.about.start?.lesson ?? ''));
  return app.opens;
}

/**
 * What a link carries; a fault where it moves a lever that whoever made this file has locked.
 * @param {ReturnType<typeof readLink>} found
 * @param {App} app
 */
function unlocked(found, app) {
  const moved = [...(found?.plan?.changes ?? []), ...(found?.plan?.baseline ?? [])];
  const kept = moved.flatMap(({ values }) => Object.keys(values)).find((name) => app.locked.has(name));
  return kept ? { ...found, fault: W.share.locked(app.about.levers[kept].label) } : found;
}

/** @param {App} app */
export function makeAddress(app) {
  let opened = null, // the # that was last taken on, or written
    step = '', // plan and view of the history's present step
    /** @type {PlanState | undefined} */
    before, // what undo would bring back in it
    wrote = -KEEP,
    waiting = 0;
  const inLesson = () => lessonOf(app) !== '';
  const told = () => JSON.stringify([app.plan.state, viewOf(app)]);
  const stand = () => {
    step = told();
    before = app.plan.past.at(-1);
  };

  function keep() {
    if (waiting || !app.plan || inLesson()) return;
    waiting = setTimeout(write, Math.max(0, wrote + KEEP - performance.now()));
  }
  async function write() {
    while (app.sending) await app.sending; // a plan that is refused is taken back
    waiting = 0;
    wrote = performance.now();
    const view = viewOf(app),
      isFresh = JSON.stringify(app.plan.state) === JSON.stringify(app.fresh) && app.day === 0 && view === 'run',
      wanted = isFresh ? '' : linkOf(app.about, app.plan.state, app.day, view);
    if (wanted === location.hash) return;
    const moved = told() !== step,
      inOneMove = before !== undefined && app.plan.past.at(-1) === before && step.endsWith(`"${view}"]`);
    const address = location.pathname + location.search + wanted;
    if (moved && !inOneMove) history.pushState(null, '', address);
    else history.replaceState(history.state, '', address);
    stand();
    opened = location.hash;
  }
  for (const event of ['plan', 'day', 'mode', 'project', 'way']) app.on(event, keep);

  const failed = (fault, first) =>
    app.said('unread', first ? W.share.instead(fault, app.title(app.plan.organization)) : W.share.asBefore(fault));
  /**
   * Take on what the address carries; `first` when the page opens.
   * @param {boolean} first
   */
  function take(first) {
    if (location.hash === opened) return null;
    opened = location.hash;
    const found = unlocked(readLink(location.hash, app.about), app);
    const strange = first && [...new URLSearchParams(location.search).keys()].find((key) => !ASKED.has(key));
    if (strange) failed(W.share.part(strange), first);
    else if (found?.fault) failed(found.fault, first);
    if (found?.fault || (found === null && first)) return null;
    const { plan, day, view } = found ?? { plan: app.fresh, day: 0, view: 'run' };
    app.plan.set(plan);
    app.player.time = day;
    if (found && found.model !== app.about.model)
      setTimeout(() =>
        app.said(
          'say',
          W.share.version(`${found.version}, rules ${found.model}`, `${app.about.version}, rules ${app.about.model}`),
          true,
        ),
      );
    return view;
  }
  /** @param {any} view */
  function show(view) {
    if (isProjected() !== (view === 'project')) app.said('project');
    if (view === 'why' || view === 'funnel') {
      app.said('way', view === 'why' ? 'lever' : 'funnel');
      app.said('why');
    } else if (view !== 'project') app.setMode(view);
  }
  app.on('about', () => {
    const view = take(true);
    if (view !== null) {
      app.plan.past = []; // this is where the visitor comes in: there is nothing to undo
      app.said('plan');
      show(view);
    }
    stand();
  });
  addEventListener('hashchange', () => {
    if (!app.plan || inLesson()) return; // a lesson sets its plans itself
    app.player.pause();
    const view = take(false);
    if (view === null) return keep(); // the address names again what is shown
    app.said('read');
    app.stale = true;
    app.said('plan');
    show(view);
    stand();
    app.send();
  });
}
