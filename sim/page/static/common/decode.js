// Bytes to frames: the layout is written down in sim/page/frames.py.
// @ts-check

/** @import { Arm, Count, Decision, Frame } from './types.js' */

const NONE = 65535;
/** @type {Count[]} */
export const COUNTED = ['contacts', 'disputes', 'inquiries', 'qualified', 'handed', 'tried', 'returned'];
const texts = new TextDecoder();

/**
 * One of the four Ps.
 * @param {number} quality
 * @param {number} bits
 * @param {number} since
 * @returns {Decision}
 */
const decisionOf = (quality, bits, since) => ({
  quality: quality / 255,
  heard: (bits & 1) > 0,
  settled: (bits >> 1) & 3,
  marketing: (bits & 8) > 0,
  since: since === NONE ? null : since,
});

/**
 * One frame from a DataView at an offset; returns the frame and where the next one begins.
 * @param {DataView} view
 * @param {number} start
 * @returns {[Frame, number]}
 */
export function frameAt(view, start) {
  const end = start + 2 + view.getUint16(start, true);
  let at = start + 2;
  const u8 = () => view.getUint8(at++);
  const u16 = () => {
    at += 2;
    return view.getUint16(at - 2, true);
  };
  const u32 = () => {
    at += 4;
    return view.getUint32(at - 4, true);
  };
  const f32 = () => {
    at += 4;
    return view.getFloat32(at - 4, true);
  };
  const frame = /** @type {Frame} */ ({ day: u16(), revenue: f32(), contribution: f32(), equity: f32() });
  for (const name of COUNTED) frame[name] = u16();
  frame.ends = Array.from({ length: 9 }, u16);
  frame.trustM = u8() / 255;
  frame.trustS = u8() / 255;
  frame.language = u8() / 255;
  const flags = u8();
  frame.broke = (flags & 4) > 0;
  frame.talks = Array.from({ length: u8() }, () => {
    const a = u16(),
      b = u16(),
      bits = u8();
    return { a, b, trust: bits & 3, complaint: (bits & 4) > 0, brokered: (bits & 8) > 0 };
  });
  frame.leads = Array.from({ length: u16() }, () => {
    const lead = {
      number: u32(),
      twin: u32(),
      m: u16(),
      s: u16(),
      state: u8(),
      fate: u8(),
      notes: u8() / 255,
      bits: u8(),
      due: u16(),
      day: frame.day,
    };
    if (lead.m === NONE) lead.m = -1;
    if (lead.s === NONE) lead.s = -1;
    return lead;
  });
  if (flags & 1) {
    const [score, scoreM, scoreS] = [f32(), f32(), f32()];
    const stage = u8(),
      band = u8();
    const items = Array.from({ length: 20 }, u8),
      decisions = Array.from({ length: 4 }, () => decisionOf(u8(), u8(), u16()));
    frame.quarter = { score, scoreM, scoreS, stage, band, items, decisions };
  }
  if (flags & 2) {
    const length = u32();
    frame.desks = JSON.parse(texts.decode(new Uint8Array(view.buffer, view.byteOffset + at, length)));
  }
  return [frame, end];
}

/**
 * An answer of frames: which arm, which revision of the plan, and the frames in order.
 * @param {ArrayBuffer} buffer
 * @returns {{arm: Arm, rev: number, frames: Frame[]}}
 */
export function framesOf(buffer) {
  const view = new DataView(buffer);
  const frames = [];
  let at = 6,
    frame;
  for (let left = view.getUint16(4, true); left > 0; left--) {
    [frame, at] = frameAt(view, at);
    frames.push(frame);
  }
  return { arm: view.getUint8(1) ? 'b' : 'a', rev: view.getUint16(2, true), frames };
}
