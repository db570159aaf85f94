// Leads: each drawn one walks from the door to a marketer, over the gap to a salesperson, and ends where it ends.
// Its place on any day follows from its frames alone, so the floor can be scrubbed.
import { laneAt } from './layout.js';
import { cross, hash01, r1, s, T } from './svg.js';
import { W } from './words.js';

const INQUIRY = 0, NURTURED = 1, HANDED = 2, RETURNED = 3, OPPORTUNITY = 4, WON = 5, LOST = 6;
const NEVER_CALLED = 4, BAD = 5, NOT_INTERESTED = 6, OWN = 2;
const DYING = 5, LEAVING = 2.2, CALLED = 0.8; // days a cross lies, a won lead walks out, a call takes

/** The stretches of a lead's way: {from day, to day, x, y -> x, y, then what}. */
export function wayOf(lead, g) {
  const stretches = [], a = hash01(lead.twin, 1), b = hash01(lead.twin, 2), c = hash01(lead.twin, 3);
  let x = g.mx - g.entry + 6, y = null;
  const seat = (id) => g.seats.get(id) || null, span = g.ground - g.top;
  // Where a sentence stands in the empty gap, leads part around it.
  const clearOf = (at, chance_) => (g.quiet && Math.abs(at - g.top - span / 2) < span * 0.2 ? g.top + span * (at < g.top + span / 2 ? 0.08 + 0.18 * chance_ : 0.76 + 0.18 * chance_) : at);
  lead.versions.forEach((v, i) => {
    const next = lead.versions[i + 1], due = Math.max(v.due, 1);
    const marketer = seat(v.m), seller = seat(v.s);
    const laneM = laneAt(g.m, marketer ? marketer.row : Math.floor(a * g.m.rows), b);
    const laneS = laneAt(g.s, seller ? seller.row : Math.floor(a * g.s.rows), c);
    if (y === null) {
      y = laneM;
      if (v.state === OPPORTUNITY) { x = seller ? seller.x - 26 * g.scale : g.sx + 8; y = laneS; }
      else if (v.state === HANDED) x = g.gx + g.gap * b * 0.3;
      else if (v.state !== INQUIRY) x = g.mx + g.mw * (0.3 + 0.5 * a);
      else if (v.day === 0) x = g.mx + g.mw * (0.05 + 0.4 * a);
    }
    const go = (tx, ty, days, more = {}) => {
      stretches.push({ day: v.day, until: next ? next.day : Infinity, days, x, y, tx, ty, v, ...more });
      const share = next ? Math.min((next.day - v.day) / days, 1) : 1;
      x += (tx - x) * share;
      y += (ty - y) * share;
    };
    switch (v.state) {
      case INQUIRY: go((marketer ? marketer.x - g.m.cellWidth * (0.1 + 0.3 * a) : g.mx + g.mw * 0.3), laneM, Math.min(due, 1.5 + 2 * a)); break;
      case NURTURED: go(g.mx + g.mw * (0.62 + 0.34 * b), laneM, due); break;
      case RETURNED: go(g.mx + g.mw * (0.7 + 0.25 * a), laneM, Math.min(due, 4)); break;
      case HANDED: go(g.gx + g.gap * (0.45 + 0.5 * b), clearOf(laneM + (laneS - laneM) * 0.7, a), due); break;
      case OPPORTUNITY: go(seller ? seller.x : g.sx + 20, seller ? seller.y : laneS, 1.5, { queue: v.s }); break;
      case WON: go(g.ex - 6, g.ground - 12 - 30 * a, LEAVING, { won: true }); break;
      default: {
        const atDesk = (v.fate === BAD || v.fate === NOT_INTERESTED) && seller;
        if (atDesk) go(seller.x - g.person * (0.9 + 0.5 * a), seller.y + g.person * (0.75 + 0.4 * b), CALLED, { dies: CALLED, gap: false });
        else go(x, y, 0.01, { dies: 0, gap: v.fate === NEVER_CALLED });
      }
    }
  });
  return stretches;
}

export function makeLeads(host, app, arm) {
  const layer = s('g', { class: 'leads' }), deaths = s('g', { class: 'deaths' });
  host.append(deaths, layer);
  const marks = new Map(), crosses = new Map();
  let ways = new Map(), geometry = null, ringed = null;

  const wayFor = (lead) => {
    const known = ways.get(lead.number);
    if (known && known.n === lead.versions.length) return known.way;
    const way = wayOf(lead, geometry);
    ways.set(lead.number, { n: lead.versions.length, way });
    return way;
  };

  /** Another geometry: every way is laid anew. */
  function place(g) {
    geometry = g;
    ways = new Map();
    for (const made of [...marks.values(), ...crosses.values()]) made.node.remove();
    marks.clear();
    crosses.clear();
  }

  function markOf(lead) {
    let mark = marks.get(lead.number);
    if (mark) return mark;
    const trail = s('line', { class: 'trail', y1: 0, y2: 0, stroke: T.ink2, 'stroke-opacity': 0.35, 'stroke-width': geometry.lead * 0.55, 'stroke-linecap': 'round' });
    const dot = s('circle', { r: geometry.lead / 2, stroke: T.ink2, 'stroke-width': 1.4 });
    const hit = s('circle', { r: Math.max(geometry.lead, 10), fill: 'transparent' });
    const node = s('g', { class: 'lead', 'data-testid': `lead-${lead.number}`, 'data-lead': lead.number }, trail, dot, hit);
    layer.append(node);
    mark = { node, trail, dot, notes: null };
    marks.set(lead.number, mark);
    return mark;
  }

  /** Where a lead is at a time: {x, y, moving, queue, dying, v}, or null if it is not to be seen. */
  function whereIs(lead, time) {
    const versions = lead.versions;
    if (versions[0].day - 1 > time) return null;
    const way = wayFor(lead);
    let stretch = null;
    for (const each of way) { if (each.day - 1 <= time) stretch = each; else break; }
    // A frame tells the end of a day: what it says begins a day before, so that everybody is on the way while it passes.
    const gone = time - (stretch.day - 1), share = Math.min(gone / stretch.days, 1);
    const at = { x: stretch.x + (stretch.tx - stretch.x) * share, y: stretch.y + (stretch.ty - stretch.y) * share, moving: share < 1, queue: share >= 1 ? stretch.queue : undefined, v: stretch.v, since: stretch.day };
    if (stretch.won && gone > LEAVING) return null;
    if (stretch.dies !== undefined) {
      const dead = gone - stretch.dies;
      if (dead > DYING) return null;
      if (dead >= 0) return { ...at, x: stretch.tx, y: stretch.ty, dying: dead, gap: stretch.gap };
    }
    return at;
  }

  function draw(time, store) {
    if (!geometry) return;
    const g = geometry, seen = new Set(), lying = new Set(), queues = new Map(), free = [];
    for (const lead of store.leads.values()) {
      const last = lead.versions.at(-1);
      if (last.state >= WON && last.day + DYING + 1 < time) continue;
      const at = whereIs(lead, time);
      if (!at) continue;
      if (at.dying !== undefined) { lying.add(lead.number); drawCross(lead, at); continue; }
      if (at.queue !== undefined && at.queue >= 0) { if (!queues.has(at.queue)) queues.set(at.queue, []); queues.get(at.queue).push([lead, at]); continue; }
      free.push([lead, at]);
    }
    for (const [desk, waiting] of queues) {
      const seat = g.seats.get(desk);
      if (!seat) continue;
      waiting.sort((p, q) => p[1].since - q[1].since || p[0].number - q[0].number);
      waiting.slice(0, 5).forEach(([lead, at], i) => show(lead, { ...at, x: seat.x - g.person / 2 - g.lead * 0.8 - i * g.lead * 1.12, y: seat.y, moving: false }));
    }
    for (const [lead, at] of free) show(lead, at);
    for (const [number, mark] of marks) if (!seen.has(number)) { mark.node.remove(); marks.delete(number); }
    for (const [number, mark] of crosses) if (!lying.has(number)) { mark.node.remove(); crosses.delete(number); }

    function show(lead, at) {
      seen.add(lead.number);
      const mark = markOf(lead);
      const notes = at.v.notes >= 0.4 || (at.v.bits & OWN) > 0;
      if (mark.notes !== notes) { mark.dot.setAttribute('fill', notes ? T.ink2 : T.plate); mark.notes = notes; }
      mark.node.setAttribute('transform', `translate(${r1(at.x)} ${r1(at.y)})`);
      if (mark.moving !== at.moving) {
        mark.moving = at.moving;
        mark.trail.setAttribute('x1', at.moving ? -(13 * g.scale + 3) : 0);
        mark.trail.setAttribute('x2', at.moving ? -g.lead / 2 : 0);
        mark.trail.setAttribute('visibility', at.moving ? 'visible' : 'hidden');
      }
      ring(mark, lead, at);
    }
  }

  function drawCross(lead, at) {
    let mark = crosses.get(lead.number);
    if (!mark) {
      const fall = s('line', { x1: 0, x2: 0, stroke: T.ink, 'stroke-dasharray': '1 4', 'stroke-linecap': 'round', 'stroke-width': 1.5 });
      const node = s('g', { class: 'death', 'data-testid': `lead-${lead.number}`, 'data-lead': lead.number }, fall, cross(0, 0, geometry.cross * 0.62, 2.25 * Math.max(0.8, geometry.scale), T.ink), s('circle', { r: 11, fill: 'transparent' }));
      deaths.append(node);
      mark = { node, fall };
      crosses.set(lead.number, mark);
    }
    const drop = Math.min(at.dying / 1.5, 1) * (at.gap ? 34 : 16) * geometry.scale, y = Math.min(at.y + drop, geometry.ground - 8);
    mark.node.setAttribute('transform', `translate(${r1(at.x)} ${r1(y)})`);
    mark.node.setAttribute('opacity', at.dying > DYING - 1.5 ? r1((DYING - at.dying) / 1.5) : 1);
    mark.fall.setAttribute('y1', r1(at.y - y));
    mark.fall.setAttribute('y2', -geometry.cross);
    ring(mark, lead, at);
  }

  function ring(mark, lead) {
    const wanted = ringed === lead.twin;
    if (!!mark.ring === wanted) return;
    if (wanted) { mark.ring = s('circle', { r: 12, fill: 'none', stroke: T.ink, 'stroke-width': 1.5 }); mark.node.append(mark.ring); } else { mark.ring.remove(); mark.ring = null; }
  }

  return {
    place, draw, layer,
    ring(twin) { ringed = twin; },
    /** In words, where a lead is: for the ring's label. */
    said(store, twin, time) {
      for (const lead of store.leads.values()) {
        if (lead.twin !== twin) continue;
        const v = [...lead.versions].reverse().find((each) => each.day <= time + 1);
        if (!v) return null;
        const at = whereIs(lead, time);
        return { lead, at, text: v.state >= WON ? W.floor.fates[v.fate] : W.floor.states[v.state] };
      }
      return null;
    },
  };
}
export { LOST };
