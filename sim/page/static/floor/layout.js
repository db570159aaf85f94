// Where everything stands on a floor. Pure geometry: the same people and the same size give the same places.
// @ts-check
/** @import { Desk, Geometry, Grid } from '../common/types.js' */
import { clamp, hash01, T } from '../common/svg.js';

const PILE = 270, // crosses of a large pile
  ALONE = 100; // a cross that lies alone is as large as if piles were no larger than this

/**
 * The share of the floor that the gap takes: it widens with the decades of distance.
 * @type {(metres: number) => number}
 */
export const gapShare = (metres) => clamp(0.13 + 0.125 * Math.log10(Math.max(metres, 2) / 2), 0.13, 0.45);
/**
 * Beyond a building the dimension line is broken: its length says nothing any more.
 * @type {(metres: number) => boolean}
 */
export const isBroken = (metres) => metres >= 800;

/**
 * Rooms and seats of one floor.
 *   w, h      size in pixels
 *   scale     of marks: 1 on a whole floor, less where two share the page
 *   desks     who sits where
 *   metres    between the teams
 *   room      {m, s}: places each room has; they never become fewer, so that nobody is moved when somebody leaves
 * @param {{w: number, h: number, scale?: number, desks: Desk[], metres: number, room: {m: number, s: number},
 * short?: boolean, entry?: number, pileHeight?: number}} given
 * @returns {Geometry}
 */
export function layoutOf({ w, h, scale = 1, desks, metres, room, short = false, entry = 30, pileHeight = 114 }) {
  const font = T.text1,
    top = Math.round(font * (short ? 2.3 : 2.9)),
    rates = !short && h > 320, // room for each step's rate under its pile
    narrow = (w - entry - 14) * (1 - gapShare(metres)) * 0.4 * 0.35 < font * 7, // neighbours' rates would touch
    labels = Math.round(font * (rates ? (narrow ? 4.9 : 3.9) : 2.9));
  const base = h - labels,
    ground = base - pileHeight,
    slab = scale < 0.8 ? 5 : 6;
  const exit = 14,
    inner = w - entry - exit,
    gap = Math.round(inner * gapShare(metres));
  const mw = (inner - gap) * 0.4,
    sw = inner - gap - mw;
  const mx = entry,
    gx = mx + mw,
    sx = gx + gap,
    ex = sx + sw;
  const g = /** @type {Geometry} */ ({
    w,
    h,
    scale,
    top,
    ground,
    base,
    slab,
    mx,
    mw,
    gx,
    gap,
    gc: gx + gap / 2,
    sx,
    sw,
    ex,
    entry,
    font,
    metres,
    short,
    rates,
    narrow,
  });
  g.person = T.person * scale;
  g.lead = T.lead * (scale < 1 ? Math.max(scale, 0.72) : 1);
  // As small as it takes for the usual largest pile to stay beneath the slab; all piles have the same crosses.
  const heap = (mw / 3.25) * (pileHeight - 12) * 0.62;
  g.cross = Math.min(T.cross * (scale < 1 ? Math.max(scale, 0.8) : 1), Math.sqrt(heap / ALONE));
  g.heaped = Math.min(g.cross, Math.sqrt(heap / PILE));
  g.m = gridOf(room.m, mx + 6, mw - 12, top, ground, g.person);
  g.s = gridOf(room.s, sx + 16, sw - 20, top, ground, g.person);
  g.seats = new Map();
  const liaisons = desks.filter((desk) => desk.k === 'l'),
    counter = liaisons.length > 1 ? font * 1.8 : 0; // the number of further talks stands at the head of the gap
  for (const desk of desks) {
    if (desk.k === 'l') {
      const i = liaisons.indexOf(desk);
      g.seats.set(desk.id, {
        desk,
        x: g.gc,
        y: top + counter + (ground - top - counter) * ((i + 0.47) / liaisons.length),
        row: 0,
      });
    } else g.seats.set(desk.id, { desk, ...seatAt(g[desk.k], desk.place, desk.k, scale) });
  }
  g.steps = [mx + mw * 0.15, mx + mw * 0.5, mx + mw * 0.85, g.gc, sx + sw * 0.13, sx + sw * 0.5, sx + sw * 0.87];
  return g;
}

/**
 * How far up or down a seat may stand from the middle of its row.
 * @type {(cell: number, scale?: number) => number}
 */
const looseIn = (cell, scale = 1) => Math.min(cell * 0.14, 10 * scale);

/**
 * @param {number} places
 * @param {number} x
 * @param {number} width
 * @param {number} top
 * @param {number} ground
 * @param {number} person
 * @returns {Grid}
 */
function gridOf(places, x, width, top, ground, person) {
  const height = ground - top - 12,
    n = Math.max(places, 1);
  let columns = clamp(Math.round(Math.sqrt((n * width) / height) * 0.88), 1, n);
  while (columns < n && height / Math.ceil(n / columns) < person * 1.75) columns++;
  const rows = Math.ceil(n / columns);
  const cell = height / rows,
    lane = Math.max(cell - person * 1.5 - 2 * looseIn(cell), cell * 0.2); // free between two rows of seats
  return { columns, rows, x, width, y: top + 6, height, lane, cellWidth: width / columns, cellHeight: cell, n };
}

/**
 * @param {Grid} grid
 * @param {number} place
 * @param {'m' | 's'} kind
 * @param {number} scale
 */
function seatAt(grid, place, kind, scale) {
  const column = place % grid.columns,
    row = Math.min(Math.floor(place / grid.columns), grid.rows - 1);
  const inRow = Math.min(grid.columns, grid.n - row * grid.columns),
    salt = kind === 'm' ? 11 : 23;
  const looseX = Math.min(grid.cellWidth * 0.2, 16 * scale),
    looseY = looseIn(grid.cellHeight, scale);
  return {
    x:
      grid.x +
      (grid.width * (column + 0.5 + (grid.columns - inRow) / 2)) / grid.columns +
      (hash01(place, salt) - 0.5) * looseX,
    y: grid.y + grid.cellHeight * (row + 0.42) + (hash01(place, salt + 1) - 0.5) * looseY,
    row,
  };
}

/**
 * The height of the free lane beneath a row of seats; leads keep to lanes, so that none passes beneath a person.
 * @param {Grid} grid
 * @param {number} row
 * @param {number} chance
 */
export function laneAt(grid, row, chance) {
  return (
    grid.y +
    grid.cellHeight * (clamp(row, 0, grid.rows - 1) + 0.42) +
    Math.min(grid.cellHeight * 0.48, grid.cellHeight - 4) +
    (chance - 0.5) * grid.lane
  );
}
