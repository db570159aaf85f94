// Leads: each drawn one walks from the door to a marketer, over the gap to a salesperson, and ends where it ends.
// Its place on any day follows from its frames alone, so the floor can be scrubbed.
// @ts-check
/**
 * @import { FrameStore } from '../common/store.js'
 * @import { Geometry, Lead, Stretch } from '../common/types.js'
 */
import { cross, r1, s, T } from '../common/svg.js';
import { W } from '../common/words.js';
import { LEAVING, OWN, wayOf, WON } from './way.js';

const DYING = 5; // days a cross lies on the floor

/** @param {SVGElement} host */
export function makeLeads(host) {
  const layer = s('g', { class: 'leads' }),
    deaths = s('g', { class: 'deaths' });
  host.append(deaths, layer);
  const marks = new Map(),
    crosses = new Map();
  /** @type {Map<number, {n: number, way: Stretch[]}>} */
  let ways = new Map(),
    /** @type {Geometry} */
    geometry = null,
    ringed = null;

  /** @type {(lead: Lead) => Stretch[]} */
  const wayFor = (lead) => {
    const known = ways.get(lead.number);
    if (known && known.n === lead.versions.length) return known.way;
    const way = wayOf(lead, geometry);
    ways.set(lead.number, { n: lead.versions.length, way });
    return way;
  };

  /**
   * Another geometry: every way is laid anew.
   * @param {Geometry} g
   */
  function place(g) {
    geometry = g;
    ways = new Map();
    for (const made of [...marks.values(), ...crosses.values()]) made.node.remove();
    marks.clear();
    crosses.clear();
  }

  /** @param {Lead} lead */
  function markOf(lead) {
    let mark = marks.get(lead.number);
    if (mark) return mark;
    const trail = s('line', {
      class: 'trail',
      y1: 0,
      y2: 0,
      stroke: T.ink2,
      'stroke-opacity': 0.35,
      'stroke-width': geometry.lead * 0.55,
      'stroke-linecap': 'round',
    });
    const dot = s('circle', { r: geometry.lead / 2, stroke: T.ink2, 'stroke-width': 1.4 });
    const hit = s('circle', { r: Math.max(geometry.lead, 10), fill: 'transparent' });
    const node = s(
      'g',
      { class: 'lead', 'data-testid': `lead-${lead.number}`, 'data-lead': lead.number },
      trail,
      dot,
      hit,
    );
    layer.append(node);
    mark = { node, trail, dot, notes: null };
    marks.set(lead.number, mark);
    return mark;
  }

  /**
   * Where a lead is at a time: {x, y, moving, queue, dying, v}, or null if it is not to be seen.
   * @param {Lead} lead
   * @param {number} time
   */
  function whereIs(lead, time) {
    const versions = lead.versions;
    if (versions[0].day - 1 >= time) return null; // a day's picture needs no later frame
    const way = wayFor(lead);
    let stretch = null;
    for (const each of way) {
      if (each.day - 1 < time) stretch = each;
      else break;
    }
    // A frame tells the end of a day: what it says begins a day before, so that everybody is on the way while it passes.
    const gone = time - (stretch.day - 1),
      share = Math.min(gone / stretch.days, 1);
    const at = {
      x: stretch.x + (stretch.tx - stretch.x) * share,
      y: stretch.y + (stretch.ty - stretch.y) * share,
      moving: share < 1,
      queue: share >= 1 ? stretch.queue : undefined,
      v: stretch.v,
      since: stretch.day,
    };
    if (stretch.won && gone > LEAVING) return null;
    if (stretch.dies !== undefined) {
      const dead = gone - stretch.dies;
      if (dead > DYING) return null;
      if (dead >= 0) return { ...at, x: stretch.tx, y: stretch.ty, dying: dead, gap: stretch.gap };
    }
    return at;
  }

  /**
   * @param {number} time
   * @param {FrameStore} store
   */
  function draw(time, store) {
    if (!geometry) return;
    const g = geometry,
      seen = new Set(),
      lying = new Set(),
      queues = new Map(),
      free = [];
    for (const lead of store.leads.values()) {
      const last = lead.versions.at(-1);
      if (last.state >= WON && last.day + DYING + 1 < time) continue;
      const at = whereIs(lead, time);
      if (!at) continue;
      if (at.dying !== undefined) {
        lying.add(lead.number);
        drawCross(lead, at);
        continue;
      }
      if (at.queue !== undefined && at.queue >= 0) {
        if (!queues.has(at.queue)) queues.set(at.queue, []);
        queues.get(at.queue).push([lead, at]);
        continue;
      }
      free.push([lead, at]);
    }
    for (const [desk, waiting] of queues) {
      const seat = g.seats.get(desk);
      if (!seat) continue;
      waiting.sort((p, q) => p[1].since - q[1].since || p[0].number - q[0].number);
      waiting
        .slice(0, 5)
        .forEach(([lead, at], i) =>
          show(lead, { ...at, x: seat.x - g.person / 2 - g.lead * 0.8 - i * g.lead * 1.12, y: seat.y, moving: false }),
        );
    }
    for (const [lead, at] of free) show(lead, at);
    for (const [number, mark] of marks)
      if (!seen.has(number)) {
        mark.node.remove();
        marks.delete(number);
      }
    for (const [number, mark] of crosses)
      if (!lying.has(number)) {
        mark.node.remove();
        crosses.delete(number);
      }

    /**
     * @param {Lead} lead
     * @param {any} at
     */
    function show(lead, at) {
      seen.add(lead.number);
      const mark = markOf(lead);
      const notes = at.v.notes >= 0.4 || (at.v.bits & OWN) > 0;
      if (mark.notes !== notes) {
        mark.dot.setAttribute('fill', notes ? T.ink2 : T.plate);
        mark.notes = notes;
      }
      mark.node.setAttribute('transform', `translate(${r1(at.x)} ${r1(at.y)})`);
      if (mark.moving !== at.moving) {
        mark.moving = at.moving;
        mark.trail.setAttribute('x1', at.moving ? -(13 * g.scale + 3) : 0);
        mark.trail.setAttribute('x2', at.moving ? -g.lead / 2 : 0);
        mark.trail.setAttribute('visibility', at.moving ? 'visible' : 'hidden');
      }
      ring(mark, lead);
    }
  }

  /**
   * @param {Lead} lead
   * @param {any} at
   */
  function drawCross(lead, at) {
    let mark = crosses.get(lead.number);
    if (!mark) {
      const fall = s('line', {
        x1: 0,
        x2: 0,
        stroke: T.ink,
        'stroke-dasharray': '1 4',
        'stroke-linecap': 'round',
        'stroke-width': 1.5,
      });
      const node = s(
        'g',
        { class: 'death', 'data-testid': `lead-${lead.number}`, 'data-lead': lead.number },
        fall,
        cross(0, 0, geometry.cross * 0.62, 2.25 * Math.max(0.8, geometry.scale), T.ink),
        s('circle', { r: 11, fill: 'transparent' }),
      );
      deaths.append(node);
      mark = { node, fall };
      crosses.set(lead.number, mark);
    }
    const drop = Math.min(at.dying / 1.5, 1) * (at.gap ? 34 : 16) * geometry.scale,
      y = Math.min(at.y + drop, geometry.ground - 8);
    mark.node.setAttribute('transform', `translate(${r1(at.x)} ${r1(y)})`);
    mark.node.setAttribute('opacity', at.dying > DYING - 1.5 ? r1((DYING - at.dying) / 1.5) : 1);
    mark.fall.setAttribute('y1', r1(at.y - y));
    mark.fall.setAttribute('y2', -geometry.cross);
    ring(mark, lead);
  }

  /**
   * @param {any} mark
   * @param {Lead} lead
   */
  function ring(mark, lead) {
    const wanted = ringed === lead.twin;
    if (!!mark.ring === wanted) return;
    if (wanted) {
      mark.ring = s('circle', { r: 12, fill: 'none', stroke: T.ink, 'stroke-width': 1.5 });
      mark.node.append(mark.ring);
    } else {
      mark.ring.remove();
      mark.ring = null;
    }
  }

  return {
    place,
    draw,
    layer,
    ring(twin) {
      ringed = twin;
    },
    /** In words, where a lead is: for the ring's label. */
    said(store, twin, time) {
      for (const lead of store.leads.values()) {
        if (lead.twin !== twin) continue;
        const v = [...lead.versions].reverse().find((each) => each.day - 1 < time); // as whereIs has it
        if (!v) return null;
        const at = whereIs(lead, time);
        return { lead, at, text: v.state >= WON ? W.floor.fates[v.fate] : W.floor.states[v.state] };
      }
      return null;
    },
  };
}
