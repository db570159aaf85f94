// A lead's way over the floor, in stretches that follow from its frames alone.
// @ts-check
/** @import { Geometry, Lead, Stretch } from '../common/types.js' */
import { hash01 } from '../common/svg.js';
import { laneAt } from './layout.js';

// The states and fates of sim/model/firm.py.
const INQUIRY = 0,
  NURTURED = 1,
  HANDED = 2,
  RETURNED = 3,
  OPPORTUNITY = 4;
export const WON = 5;
const NEVER_CALLED = 4,
  BAD = 5,
  NOT_INTERESTED = 6;
export const OWN = 2; // bit of a lead that a salesperson found alone
export const LEAVING = 2.2; // days a won lead walks out
const CALLED = 0.8; // days a call takes

/**
 * The stretches of a lead's way: {from day, to day, x, y -> x, y, then what}.
 * @param {Lead} lead
 * @param {Geometry} g
 * @returns {Stretch[]}
 */
export function wayOf(lead, g) {
  const stretches = [],
    a = hash01(lead.twin, 1),
    b = hash01(lead.twin, 2),
    c = hash01(lead.twin, 3);
  let x = g.mx - Math.min(g.entry - 6, 24),
    y = null;
  const seat = (id) => g.seats.get(id) || null,
    span = g.ground - g.top;
  // Where a sentence stands in the empty gap, leads part around it.
  const clearOf = (at, chance_) =>
    g.quiet && Math.abs(at - g.top - span / 2) < span * 0.2
      ? g.top + span * (at < g.top + span / 2 ? 0.08 + 0.18 * chance_ : 0.76 + 0.18 * chance_)
      : at;
  lead.versions.forEach((v, i) => {
    const next = lead.versions[i + 1],
      due = Math.max(v.due, 1);
    const marketer = seat(v.m),
      seller = seat(v.s);
    const laneM = laneAt(g.m, marketer ? marketer.row : Math.floor(a * g.m.rows), b);
    const laneS = laneAt(g.s, seller ? seller.row : Math.floor(a * g.s.rows), c);
    if (y === null) {
      y = laneM;
      if (v.state === OPPORTUNITY) {
        x = seller ? seller.x : g.sx + 8; // in talks since before the first day
        y = seller ? seller.y : laneS;
      } else if (v.state === HANDED) x = g.gx + g.gap * b * 0.3;
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
      case INQUIRY:
        go(
          marketer ? marketer.x - g.m.cellWidth * (0.1 + 0.3 * a) : g.mx + g.mw * 0.3,
          laneM,
          Math.min(due, 1.5 + 2 * a),
        );
        break;
      case NURTURED:
        go(g.mx + g.mw * (0.62 + 0.34 * b), laneM, due);
        break;
      case RETURNED:
        go(g.mx + g.mw * (0.7 + 0.25 * a), laneM, Math.min(due, 4));
        break;
      case HANDED:
        go(g.gx + g.gap * (0.45 + 0.5 * b), clearOf(laneM + (laneS - laneM) * 0.7, a), due);
        break;
      case OPPORTUNITY:
        go(seller ? seller.x : g.sx + 20, seller ? seller.y : laneS, v.day ? 1.5 : 0.01, { queue: v.s });
        break;
      case WON:
        go(g.ex - 6, g.ground - 12 - 30 * a, LEAVING, { won: true });
        break;
      default: {
        const atDesk = (v.fate === BAD || v.fate === NOT_INTERESTED) && seller;
        if (atDesk)
          go(seller.x - g.person * (0.9 + 0.5 * a), seller.y + g.person * (0.75 + 0.4 * b), CALLED, {
            dies: CALLED,
            gap: false,
          });
        else go(x, y, 0.01, { dies: 0, gap: v.fate === NEVER_CALLED });
      }
    }
  });
  return stretches;
}
