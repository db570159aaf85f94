// What stands and walks on a floor: rooms and seats, leads' ways, heaps of crosses.
import assert from 'node:assert/strict';
import test from 'node:test';
import { chance } from '../../sim/page/static/common/svg.js';
import { gapShare, isBroken, laneAt, layoutOf } from '../../sim/page/static/floor/layout.js';
import { columnFor, endsOf, namesOf } from '../../sim/page/static/floor/piles.js';
import { freeAmong } from '../../sim/page/static/floor/talks.js';
import { LEAVING, wayOf, WON } from '../../sim/page/static/floor/way.js';
import { row, seated, usualSizes } from './made.js';

usualSizes();
const floor = (more = {}) =>
  layoutOf({ w: 900, h: 480, desks: seated(12, 24, 1), metres: 30, room: { m: 12, s: 24 }, ...more });

/** Floors of many sizes, firms and distances. */
function* floors() {
  for (const [w, h] of [
    [320, 200],
    [390, 300],
    [900, 480],
    [1600, 700],
  ])
    for (const [m, s, l] of [
      [1, 1, 0],
      [12, 24, 1],
      [40, 60, 6],
    ])
      for (const metres of [2, 30, 2000, 1e6])
        yield floor({ w, h, metres, desks: seated(m, s, l), room: { m, s }, short: w < 480, pileHeight: h / 5 });
}

test('the gap widens with distance, within bounds', () => {
  let last = 0;
  for (let metres = 1; metres < 1e7; metres *= 1.3) {
    const share = gapShare(metres);
    assert.ok(share >= last && share >= 0.13 && share <= 0.45);
    last = share;
  }
  assert.ok(gapShare(0) === 0.13 && !isBroken(799) && isBroken(800));
});

test('rooms, gap and margins fill the width, whatever stands in them', () => {
  for (const g of floors()) {
    assert.ok(Math.abs(g.entry + g.mw + g.gap + g.sw + 14 - g.w) < 1e-9);
    assert.ok(g.mx < g.gx && g.gx < g.sx && g.sx < g.ex && g.top < g.base && g.ground < g.base);
    assert.ok(g.steps.every((x, i) => x > g.mx && x < g.ex && (i === 0 || x > g.steps[i - 1])));
  }
});

test('everybody has a seat in the own room, a liaison one in the gap, and no two the same', () => {
  for (const g of floors()) {
    const places = new Set();
    for (const { desk, x, y } of g.seats.values()) {
      const [from, to] = { m: [g.mx, g.gx], s: [g.sx, g.ex], l: [g.gx, g.sx] }[desk.k];
      assert.ok(x > from && x < to, `${desk.name} at ${x}`);
      assert.ok(y > g.top && y < g.ground + g.person, `${desk.name} at ${y}`);
      places.add(`${x} ${y}`);
    }
    assert.equal(places.size, g.seats.size);
  }
});

test('the same people in the same room sit where they sat, and who stays does not move when somebody leaves', () => {
  const all = floor(),
    again = floor(),
    fewer = floor({ desks: seated(12, 24, 1).filter((desk) => desk.id !== 5) });
  assert.deepEqual(all, again);
  for (const [id, seat] of fewer.seats) assert.deepEqual([seat.x, seat.y], [all.seats.get(id).x, all.seats.get(id).y]);
});

test('lanes lie between rows, and beyond the last row there is none', () => {
  const { m } = floor();
  for (let r = 0; r < m.rows; r++)
    for (const c of [0, 0.5, 1]) {
      const y = laneAt(m, r, c);
      assert.ok(y > m.y + m.cellHeight * (r + 0.42) && y < m.y + m.cellHeight * (r + 1.42));
    }
  assert.equal(laneAt(m, 99, 0.5), laneAt(m, m.rows - 1, 0.5));
});

// --- a lead's way

const lead = (...versions) => ({ number: 7, twin: 7, versions });
const life = (...states) => lead(...states.map(([day, state, more]) => row(7, day, { state, ...more })));

test('a way goes on where it stood: every stretch begins on the line of the one before', () => {
  const g = floor();
  const way = wayOf(life([3, 0], [6, 1], [9, 2, { s: 14 }], [15, 4, { s: 14 }], [40, 5, { s: 14 }]), g);
  assert.equal(way.length, 5);
  for (const [i, each] of way.entries()) {
    const next = way[i + 1];
    if (!next) break;
    assert.equal(each.until, next.day);
    for (const [at, to, from] of [
      [next.x, each.tx, each.x],
      [next.y, each.ty, each.y],
    ])
      assert.ok(at >= Math.min(from, to) - 1e-9 && at <= Math.max(from, to) + 1e-9);
  }
});

test('a lead comes in at the left, crosses the gap to be called, and leaves at the right when it is won', () => {
  const g = floor(),
    way = wayOf(life([3, 0], [6, 2, { s: 14 }], [15, 4, { s: 14 }], [40, 5, { s: 14 }]), g);
  const [born, handed, talks, won] = way,
    seat = g.seats.get(14);
  assert.ok(born.x < g.mx && born.tx < g.gx);
  assert.ok(handed.tx > g.gx && handed.tx < g.sx);
  assert.deepEqual([talks.tx, talks.ty, talks.queue], [seat.x, seat.y, 14]);
  assert.ok(won.won && won.tx > g.sx && won.days === LEAVING && won.v.state === WON);
});

test('who is never called dies in the gap, who is called and not worth it at the desk', () => {
  const g = floor();
  const uncalled = wayOf(life([3, 0], [6, 2], [30, 6, { fate: 4 }]), g).at(-1);
  assert.ok(uncalled.gap && uncalled.dies === 0 && uncalled.x > g.gx && uncalled.x < g.sx);
  const called = wayOf(life([3, 0], [6, 2, { s: 14 }], [9, 6, { fate: 5, s: 14 }]), g).at(-1);
  assert.ok(!called.gap && called.dies > 0 && called.tx > g.sx);
});

test('a way follows from its frames alone: what was known then stays where it was', () => {
  const g = floor(),
    states = [
      [3, 0],
      [6, 1],
      [9, 2],
      [15, 3],
      [20, 1],
      [33, 6, { fate: 3 }],
    ];
  const whole = wayOf(life(...states), g);
  for (let n = 1; n <= states.length; n++) {
    const early = wayOf(life(...states.slice(0, n)), g);
    assert.equal(early.length, n);
    for (const [i, each] of early.entries())
      assert.deepEqual([each.x, each.y, each.tx, each.ty], [whole[i].x, whole[i].y, whole[i].tx, whole[i].ty]);
  }
});

test('whatever its states, a way is of numbers', () => {
  const g = floor(),
    draw = chance(5),
    whole = (n) => Math.floor(draw() * n);
  for (let n = 0; n < 300; n++) {
    let day = 0;
    const versions = Array.from({ length: 1 + whole(6) }, () =>
      row(n, (day += whole(9)), {
        state: whole(7),
        fate: whole(8),
        m: whole(40) - 1,
        s: whole(40) - 1,
        due: whole(20),
      }),
    );
    for (const { x, y, tx, ty, days } of wayOf(lead(...versions), g))
      assert.ok([x, y, tx, ty, days].every(Number.isFinite) && days > 0);
  }
});

// --- heaps

test('a heap is as high as its crosses are many, never beyond its sides, and nowhere a cliff', () => {
  for (const half of [2, 5, 12]) {
    const height = {},
      draw = chance(97 + half);
    for (let n = 1; n <= 150; n++) {
      const column = columnFor(height, half, draw);
      assert.ok(Math.abs(column) <= half);
      height[column] = (height[column] || 0) + 1;
      assert.equal(
        Object.values(height).reduce((sum, each) => sum + each, 0),
        n,
      );
      for (let c = -half; c < half; c++) {
        const step = Math.abs((height[c] || 0) - (height[c + 1] || 0));
        assert.ok(step <= 3, `a step of ${step} beside column ${c}`);
      }
    }
  }
});

test('on even ground a cross lies where it falls, beside a hole of two it rolls in', () => {
  const middle = () => 0.5;
  assert.equal(columnFor({}, 5, middle), 0);
  assert.equal(columnFor({ '-1': 3, 0: 5, 1: 5 }, 5, middle), -2, 'down the heap to its foot');
  assert.equal(columnFor({ '-1': 2, 0: 3, 1: 2 }, 5, middle), 0);
  assert.equal(columnFor({ 0: 9 }, 0, middle), 0, 'there is no other column');
});

test('the same seed heaps the same heap', () => {
  const heap = () => {
    const height = {},
      draw = chance(3);
    for (let n = 0; n < 60; n++) {
      const column = columnFor(height, 6, draw);
      height[column] = (height[column] || 0) + 1;
    }
    return height;
  };
  assert.deepEqual(heap(), heap());
});

test('what stands under the piles never touches its neighbour, and has its words where there is room', () => {
  const random = chance(11),
    font = 12;
  const room = (w, metres, short) =>
    layoutOf({ w, h: 500, desks: seated(12, 24), metres, room: { m: 12, s: 24 }, short }).steps;
  const touching = (said, steps, from) =>
    said.slice(0, -1).filter((_, i) => {
      const wide = ((said[i].length + said[i + 1].length) * font * 0.5) / 2;
      return i >= from && wide > steps[i + 1] - steps[i];
    });
  for (let i = 0; i < 400; i++) {
    const w = 300 + random() * 1200,
      metres = 10 ** (random() * 5),
      steps = room(w, metres, w < 480),
      counts = steps.map(() => Math.floor(10 ** (random() * 4)));
    const said = endsOf(counts, steps, font, w < 480);
    if (w > 480) assert.deepEqual(touching(said, steps, 0), [], `${w} ${metres} ${said}`);
    if (w > 700) assert.deepEqual(touching(namesOf(steps, font, false), steps, 0), [], `${w} ${metres}`);
  }
  assert.equal(endsOf([276026, 61, 0, 9, 0, 0, 0], room(320, 30, true), font, true)[0], '276k'); // thousands of people
  const steps = room(1200, 30, false);
  assert.deepEqual(
    endsOf([1612, 73, 0, 417, 101, 161, 55], steps, font, false).map((each) => each.split(' ').slice(1).join(' ')),
    ['lost', 'lost', 'lost', 'never called', 'lost', 'lost', 'won'],
  );
  assert.equal(namesOf(steps, font, false)[1], 'Nurtured');
});

test('a sign stands where nothing stands, as near to its best place as can be', () => {
  const places = [0, 10, 20, 30].map((x) => /** @type {[number, number]} */ ([x, 0]));
  const plate = { x: 0, y: 0, w: 12, h: 12 };
  assert.deepEqual(freeAmong(places, 8, []), [0, 0]);
  assert.deepEqual(freeAmong(places, 8, [plate]), [10, 0]);
  assert.deepEqual(freeAmong(places, 8, [plate, { ...plate, x: 12 }]), [30, 0]);
  assert.deepEqual(freeAmong(places, 8, [{ x: 0, y: 0, w: 900, h: 900 }]), [0, 0]); // nowhere: the best place
});
