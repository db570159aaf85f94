// One floor: two rooms on a slab, a gap between them without one, people at their desks, and what moves among them.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { Arm, Desk, Geometry } from '../common/types.js'
 */
import { redraws } from '../common/redraws.js';
import { h, r1, s, sizeOf, T } from '../common/svg.js';
import { W } from '../common/words.js';
import { layoutOf } from './layout.js';
import { makeLeads } from './leads.js';
import { makePiles } from './piles.js';
import { drawPeople, drawRooms, walkByKeys } from './rooms.js';
import { makeTalks } from './talks.js';

const DISTANCE = 'distance.between_teams_m'; // the one lever that is drawn: the gap is as wide as the teams are apart

let floors = 0;

/**
 * A floor in a box.
 *   options.arm     "a" or "b"
 *   options.scale   of the marks, by the box: ({w, h}) => number
 *   options.over    drawn on top: (geometry, time) => nodes
 * @param {HTMLElement} host
 * @param {App} app
 * @param {{arm?: Arm, testid?: string, stream?: boolean, look?: (size: {w: number, h: number}) => object,
 * over?: (g: Geometry, time: number, leads: any) => any}} options
 */
export function makeFloor(host, app, options = {}) {
  const arm = options.arm || 'a',
    id = `floor${++floors}`;
  const drawing = s('svg', { class: 'floor', role: 'group', 'data-testid': options.testid || 'floor' });
  const behind = s('g'),
    people = s('g', { class: 'people' }),
    over = s('g', { class: 'over', 'pointer-events': 'none' });
  const silence = h(
    'div',
    { class: 'silence', hidden: true },
    h('p', { class: 'strong' }, W.floor.silent),
    h('p', { class: 'soft' }, W.floor.silentMore[0], h('i', {}, W.floor.silentMore[1]), W.floor.silentMore[2]),
  );
  host.replaceChildren(drawing, silence);
  drawing.append(behind);
  const talks = makeTalks(drawing),
    leads = makeLeads(drawing);
  drawing.append(people, talks.signs);
  const piles = makePiles(drawing);
  drawing.append(over);
  const laid = redraws(),
    lived = redraws();
  /** @type {Geometry} */
  let g = null,
    room = { m: 0, s: 0 },
    perDesk = 0,
    shown = null,
    hidden = false;

  const metresAt = (day) =>
    app.plan.value(DISTANCE, day, arm === 'a' && app.mode === 'compare' ? app.plan.base : app.plan.organization);

  /**
   * @param {Desk[]} desks
   * @param {Desk['k']} kind
   */
  function places(desks, kind) {
    const most = Math.max(0, ...desks.filter((desk) => desk.k === kind).map((desk) => desk.place + 1));
    if (most > room[kind] || most < room[kind] / 2) room[kind] = Math.max(most, 1);
    return room[kind];
  }

  /**
   * Lay everything out anew if anything it depends on has changed.
   * @param {number} day
   */
  function prepare(day) {
    const store = app.stores[arm],
      desks = store.desksAt(day),
      [w, height] = sizeOf(host);
    if (!desks.length || w < 50 || height < 80) return false;
    if (perDesk !== app.perDesk[arm]) {
      perDesk = app.perDesk[arm]; // a mark stands for more or fewer people: the rooms are furnished anew
      room = { m: 0, s: 0 };
    }
    const wanted = Math.log(Math.max(metresAt(day), 1));
    shown =
      shown === null || app.player.playing || app.reduced
        ? wanted
        : Math.abs(wanted - shown) < 0.01
          ? wanted
          : shown + (wanted - shown) * 0.35;
    const seated = desks.map((desk) => `${desk.k}${desk.place}${desk.n}`);
    if (!laid.isNew(w, height, r1(Math.exp(shown)), T.text1, hidden, ...seated)) return true;
    if (shown !== wanted) app.draw();
    const short = w < 480,
      look = options.look ? options.look({ w, h: height }) : {};
    g = layoutOf({
      w,
      h: height,
      desks,
      metres: Math.exp(shown),
      room: { m: places(desks, 'm'), s: places(desks, 's') },
      short,
      ...(short ? { entry: 12 } : {}),
      ...look,
    });
    document.body.classList.toggle('with-rates', g.rates); // what the legend says of them
    drawing.setAttribute('viewBox', `0 0 ${w} ${height}`);
    drawing.setAttribute('width', String(w));
    drawing.setAttribute('height', String(height));
    drawRooms(behind, g, desks, app.about.levers[DISTANCE], Math.round(metresAt(day)), id, options.stream);
    drawPeople(people, g, desks);
    leads.place(g);
    piles.place(g, hidden);
    lived.forget();
    silence.style.left = `${g.gc}px`;
    silence.style.top = `${g.top + (g.ground - g.top) * 0.5}px`;
    silence.style.width = `${Math.max(g.gap - 24, 120)}px`;
    return true;
  }

  /** @param {number} time */
  function draw(time) {
    if (!app.plan) return;
    const store = app.stores[arm],
      shownTime = app.reduced && app.player.playing ? Math.floor(time / 5) * 5 : time,
      day = Math.floor(shownTime + 1e-6);
    if (!prepare(day)) return;
    leads.draw(shownTime, store);
    if (lived.isNew(day, store.last >= day, hidden)) {
      talks.draw(day, store, g);
      if (!hidden) piles.draw(day, store, app.perDot);
      const quiet = day >= 65 && store.silence(day) >= 65;
      silence.hidden = !quiet;
      if (!!g.quiet !== quiet) {
        g.quiet = quiet;
        leads.place(g);
        leads.draw(shownTime, store);
      }
      const counts = (kind) =>
        store
          .desksAt(day)
          .filter((desk) => desk.k === kind)
          .reduce((n, desk) => n + desk.n, 0);
      drawing.setAttribute('aria-label', W.floor.label(counts('m'), counts('s'), counts('l'), store.pilesAt(day)[3]));
    }
    over.replaceChildren(...(options.over ? [options.over(g, shownTime, leads)].flat().filter(Boolean) : []));
  }

  walkByKeys(people, (row) => app.said('person', arm, row));
  drawing.addEventListener('click', (event) => {
    const target = /** @type {Element} */ (event.target);
    /** @type {HTMLElement[]} */
    const [desk, lead] = [target.closest('.desk'), target.closest('[data-lead]')];
    if (lead) app.said('lead', arm, Number(lead.dataset.lead));
    else if (desk) app.said('person', arm, Number(desk.dataset.row));
  });

  return {
    draw,
    leads,
    hide(piledUp) {
      hidden = piledUp;
      laid.forget();
    },
    renew: laid.forget,
    get geometry() {
      return g;
    },
  };
}
