// Bytes to frames: a row of the head, and of each other part as many rows as the head says, one part after the other.
// Where each column lies is told by the layout, which is written from the rules (sim/model/showing/watch.py).
// @ts-check

/** @import { Arm, Count, Decision, Desk, Frame, FrameLayout } from './types.js' */

/** @type {Record<string, 'getFloat32' | 'getInt32' | 'getUint32' | 'getUint16' | 'getUint8'>} */
const GET = { f4: 'getFloat32', i4: 'getInt32', u4: 'getUint32', u2: 'getUint16', u1: 'getUint8' };
/** @type {Count[]} */
const COUNTED = ['contacts', 'disputes', 'inquiries', 'qualified', 'handed', 'tried', 'returned'];

/**
 * A part's rows as objects with a value for each column, or a list where a column has several places.
 * @param {DataView} view
 * @param {number} start
 * @param {number} n
 * @param {FrameLayout['parts'][string]} part
 */
function rowsAt(view, start, n, { size, columns }) {
  return Array.from({ length: n }, (_, row) => {
    /** @type {any} */
    const found = {};
    for (const [name, [offset, type, places]] of Object.entries(columns)) {
      const at = start + row * size + offset,
        get = GET[type];
      if (places === 1) found[name] = view[get](at, true);
      else found[name] = Array.from({ length: places }, (_, k) => view[get](at + k * Number(type[1]), true));
    }
    return found;
  });
}

/**
 * Desks as they are drawn, from rows of bytes.
 * @param {any[]} rows
 * @param {FrameLayout} layout
 * @param {string[]} names of people who are a user's own, by row; others are called by their seat
 * @returns {Desk[]}
 */
function desksOf(rows, layout, names) {
  const { kinds, desk, kinds_of_seat: many, letters } = layout;
  return rows.map(({ id, kind, bits, n, row, place, seat }) => ({
    id,
    k: /** @type {Desk['k']} */ (kinds[kind]),
    n,
    row,
    place,
    name: bits & desk.alone ? (names[row] ?? `${letters[seat % many]}${Math.floor(seat / many) + 1}`) : '',
    from: bits & desk.was_marketer ? 'm' : '',
  }));
}

/**
 * Desks from a part's bytes alone.
 * @param {Uint8Array} bytes
 * @param {FrameLayout} layout
 * @param {string[]} [names]
 */
export function desksIn(bytes, layout, names = []) {
  const part = layout.parts.desks;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return desksOf(rowsAt(view, 0, bytes.byteLength / part.size, part), layout, names);
}

/**
 * The four Ps from a quarter's columns, each with a place for each of them.
 * @param {Record<'quality' | 'heard' | 'settled' | 'marketing' | 'since', number[]>} ps
 * @param {number} whole
 * @returns {Decision[]}
 */
const decisionsOf = ({ quality, heard, settled, marketing, since }, whole) =>
  quality.map((good, q) => ({
    quality: good / whole,
    heard: heard[q] > 0,
    settled: settled[q],
    marketing: marketing[q] > 0,
    since: since[q] < 0 ? null : since[q],
  }));

/**
 * One frame from a DataView at an offset; returns the frame and where the next one begins.
 * @param {DataView} view
 * @param {number} start
 * @param {FrameLayout} layout
 * @param {string[]} [names]
 * @returns {[Frame, number]}
 */
export function frameAt(view, start, layout, names = []) {
  let at = start,
    head = /** @type {any} */ (null);
  /** @type {Record<string, any[]>} */
  const found = {};
  for (const [name, part] of Object.entries(layout.parts)) {
    const n = head ? head[`n_${name}`] : 1;
    found[name] = rowsAt(view, at, n, part);
    head ??= found[name][0];
    at += n * part.size;
  }
  const { whole, talk } = layout;
  const frame = /** @type {Frame} */ ({
    day: head.day,
    revenue: head.revenue,
    contribution: head.contribution,
    equity: head.equity,
    ends: head.ends,
    trustM: head.trust_m / whole,
    trustS: head.trust_s / whole,
    language: head.language / whole,
    broke: head.broke > 0,
    talks: found.talks.map(({ a, b, bits }) => ({
      a,
      b,
      trust: bits & talk.trust,
      complaint: (bits & talk.complaint) > 0,
      brokered: (bits & talk.brokered) > 0,
    })),
    leads: found.steps.map((row) => ({ ...row, notes: row.notes / whole, day: head.day })),
  });
  for (const name of COUNTED) frame[name] = head[name];
  for (const { score, score_m, score_s, stage, band, items, ...ps } of found.audited)
    frame.quarter = { score, scoreM: score_m, scoreS: score_s, stage, band, items, decisions: decisionsOf(ps, whole) };
  if (found.desks.length) frame.desks = desksOf(found.desks, layout, names);
  return [frame, at];
}

/**
 * An answer of frames: which arm, which revision of the plan, and the frames in order.
 * @param {ArrayBuffer} buffer
 * @param {FrameLayout} layout
 * @param {Partial<Record<Arm, string[]>>} [names] of people who are a user's own, by arm
 * @returns {{arm: Arm, rev: number, frames: Frame[]}}
 */
export function framesOf(buffer, layout, names = {}) {
  const view = new DataView(buffer),
    arm = view.getUint8(1) ? 'b' : 'a';
  const frames = [];
  let at = 6,
    frame;
  for (let left = view.getUint16(4, true); left > 0; left--) {
    [frame, at] = frameAt(view, at, layout, names[arm]);
    frames.push(frame);
  }
  return { arm, rev: view.getUint16(2, true), frames };
}
