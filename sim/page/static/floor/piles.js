// What this quarter lost at each step, as heaps of crosses beneath the trapdoors, and what it won, as coins.
// @ts-check
/**
 * @import { FrameStore } from '../common/store.js'
 * @import { Geometry } from '../common/types.js'
 */
import { chance, cross, r1, s, T, text } from '../common/svg.js';
import { W } from '../common/words.js';

// There is no heap "qualified": a qualified lead is handed off on the same day, so none dies there. One that Sales sends back
// and Marketing then drops dies at "sent back".
const HEAPS = 6,
  WON = 6,
  GAP = 3;

/**
 * The column where the next cross comes to lie: it falls near the middle and rolls to a neighbour that is lower by two.
 * @param {Record<number, number>} height by column, from -half to half
 * @param {number} half
 * @param {() => number} random
 */
export function columnFor(height, half, random) {
  let column = Math.max(-half, Math.min(half, Math.round((random() + random() - 1) * 1.6)));
  for (let i = 0; i < 20; i++) {
    const here = height[column] || 0,
      way = random() < 0.5 ? 1 : -1;
    const lower = [column + way, column - way].find(
      (each) => Math.abs(each) <= half && (height[each] || 0) <= here - 2,
    );
    if (lower === undefined) break;
    column = lower;
  }
  return column;
}

/** Whether what stands under a step is bold. @type {(i: number) => boolean} */
const isStrong = (i) => i === GAP || i === WON;

/**
 * About how wide words are, and some air.
 * @type {(said: string, i: number, font: number) => number}
 */
const widthOf = (said, i, font) => said.length * font * (isStrong(i) ? 0.57 : 0.52) + 6;

/**
 * How far the next step's middle is: two texts that are no wider do not touch.
 * @type {(steps: number[], i: number) => number}
 */
const roomAt = (steps, i) =>
  Math.min(...[i - 1, i + 1].filter((k) => k in steps).map((k) => Math.abs(steps[k] - steps[i])));

/**
 * What each step is called: its long name where there is room.
 * @type {(steps: number[], font: number, short: boolean) => string[]}
 */
export const namesOf = (steps, font, short) =>
  W.floor.steps.map((name, i) => (short || widthOf(name, i, font) > roomAt(steps, i) ? W.floor.stepsShort[i] : name));

/**
 * What stands under each pile: its number, with words where no neighbour is touched. The gap's words matter most: they
 * stand wherever the two numbers beside it leave room.
 * @type {(counts: number[], steps: number[], font: number, short: boolean) => string[]}
 */
export function endsOf(counts, steps, font, short) {
  const long = counts.map((n, i) => W.floor.ends[i](n));
  const number = (n, i) => {
    const whole = W.floor.endsShort(n);
    return n >= 1e4 && widthOf(whole, i, font) > roomAt(steps, i) ? W.floor.endsBrief(n) : whole;
  };
  const said = counts.map((n, i) =>
    short || i === GAP || widthOf(long[i], i, font) > roomAt(steps, i) ? number(n, i) : long[i],
  );
  const free = [GAP - 1, GAP + 1].every(
    (k) => (widthOf(long[GAP], GAP, font) + widthOf(said[k], k, font)) / 2 <= Math.abs(steps[k] - steps[GAP]),
  );
  if (free) said[GAP] = long[GAP];
  return said;
}

/** @param {SVGElement} host */
export function makePiles(host) {
  const layer = s('g', { class: 'piles', 'pointer-events': 'none' });
  host.append(layer);
  let heaps = [],
    counts = [],
    /** @type {Geometry} */
    geometry = null,
    words = [];
  const rates = [];

  /**
   * @param {Geometry} g
   * @param {boolean} hidden
   */
  function place(g, hidden) {
    geometry = g;
    layer.replaceChildren();
    heaps = Array.from({ length: HEAPS }, (_, i) => {
      const group = s('g');
      layer.append(group);
      const room = i === GAP ? g.gap - 24 : (i < GAP ? g.mw : g.sw) / 3.25;
      return {
        group,
        random: chance(97 + i * 13),
        height: {},
        half: Math.max(2, Math.floor(room / (g.heaped * 1.06) / 2)),
        x: g.steps[i],
        big: i === GAP,
      };
    });
    heaps.push({ group: s('g') });
    layer.append(heaps[WON].group);
    const names = namesOf(g.steps, g.font, g.short);
    words = names.map((name, i) => {
      const strong = isStrong(i),
        look = { at: 'middle', fill: strong ? T.ink : T.ink2, bold: strong };
      const number = text(g.steps[i], g.base + g.font * 2.5, '', look);
      rates[i] = text(g.steps[i], g.base + g.font * (g.narrow && i % 2 ? 4.5 : 3.5), '', {
        at: 'middle',
        fill: T.ink2,
      });
      layer.append(text(g.steps[i], g.base + g.font * 1.3, name, look), number, rates[i]);
      return number;
    });
    counts = names.map(() => -1);
    if (hidden)
      words.forEach((word, i) => {
        word.textContent = i === GAP ? W.floor.neverCalled : '';
      });
  }

  /**
   * A heap grows by one cross.
   * @param {any} heap
   */
  function drop(heap) {
    const { random, height } = heap,
      size = geometry.heaped * 1.06,
      column = columnFor(height, heap.half, random);
    const row = (height[column] = (height[column] || 0) + 1);
    const x = heap.x + column * size + (random() - 0.5) * size * 0.5,
      y = geometry.base - size * 0.5 - (row - 1) * size * 0.86 + (random() - 0.5) * size * 0.3;
    heap.group.append(
      cross(x, y, geometry.heaped * 0.37, 1.4, heap.big ? T.ink : T.ink2, {
        transform: `rotate(${Math.round((random() - 0.5) * 50)} ${r1(x)} ${r1(y)})`,
      }),
    );
  }

  /**
   * @param {number} day
   * @param {FrameStore} store
   * @param {number} perDot
   */
  function draw(day, store, perDot) {
    if (!geometry) return;
    const piles = store.pilesAt(day).slice(0, words.length),
      g = geometry;
    store.ratesAt(day).forEach((each, i) => {
      rates[i].textContent = !g.rates ? '' : W.floor.rates(...each, i === GAP && g.gap > g.font * 15);
    });
    if (piles.some((n, i) => n !== counts[i]))
      endsOf(piles, g.steps, g.font, g.short).forEach((said, i) => {
        words[i].textContent = said;
      });
    piles.forEach((n, i) => {
      if (n === counts[i]) return;
      counts[i] = n;
      const marks = Math.round(n / perDot);
      if (i === WON) {
        coins(marks);
        return;
      }
      const heap = heaps[i];
      if (marks < heap.group.childNodes.length) {
        heap.group.replaceChildren();
        heap.height = {};
        heap.random = chance(97 + i * 13);
      }
      while (heap.group.childNodes.length < Math.min(marks, 400)) drop(heap);
    });
  }

  /** @param {number} n */
  function coins(n) {
    const g = geometry,
      width = 13 * Math.max(g.scale, 0.6),
      height = 4 * Math.max(g.scale, 0.7),
      group = heaps[WON].group;
    group.replaceChildren();
    for (let i = 0; i < Math.min(n, 120); i++) {
      group.append(
        s('rect', {
          x: r1(g.steps[WON] + ((i % 4) - 1.5) * (width + 2) - width / 2),
          y: r1(g.base - 1 - (Math.floor(i / 4) + 1) * (height + 1.2)),
          width,
          height,
          rx: height / 2,
          fill: T.plate,
          stroke: T.ink,
          'stroke-width': 1.1,
        }),
      );
    }
  }

  return { place, draw };
}
