// Plain data for tests, as the server would send it: what it says of itself, frames, desks, sizes.
import { FrameStore, QUARTER } from '../../sim/page/static/common/store.js';
import { T } from '../../sim/page/static/common/svg.js';

const scenario = (more = {}) => ({
  title: 'A firm',
  question: 'What then?',
  days: 1300,
  own: false,
  shipped: true,
  levers: { 'liaison.count': 0, 'trust.initial': 0.4, 'practices.rules': 0, 'distance.between_teams_m': 30 },
  numbers: {},
  changes: [],
  ...more,
});

/** Two organizations; the second has a number of its own, and something happens to it by itself. */
export function about() {
  const lever = (label, code, low, high, more = {}) => ({
    label,
    code,
    flag: label,
    group: 'people',
    scale: { low, high, step: 0.05, log: false, grows: false },
    change: null,
    unit: '',
    none: '',
    named: [],
    low,
    high,
    whole: false,
    default: low,
    meaning: '',
    starts: false,
    counted: false,
    needs: null,
    hours: null,
    ...more,
  });
  return {
    scenarios: {
      default: scenario(),
      other: scenario({
        title: 'Another firm',
        numbers: { 'market.pull_share': 0.4 },
        changes: [{ day: 100, values: { 'liaison.count': 1 }, shock: null }],
      }),
    },
    levers: {
      'liaison.count': lever('Liaisons', 'L', 0, 9, {
        whole: true,
        none: 'none',
        change: { one: 'liaison', many: 'liaisons', spelled: true },
      }),
      'trust.initial': lever('Trust', 'T', 0, 1, {
        starts: true,
        named: [
          [0, 'distrust'],
          [0.5, 'fair'],
        ],
      }),
      'practices.rules': lever('Rules of engagement', 'R', 0, 2, {
        whole: true,
        scale: null,
        group: 'practices',
        hours: 1,
      }),
      'distance.between_teams_m': lever('Distance', 'D', 1, 2e6, {
        unit: 'm',
        change: { less: 'closer ({value})', more: 'farther ({value})' },
      }),
    },
    numbers: { 'market.pull_share': 0.7 },
    groups: { people: 'People', practices: 'Practices' },
    docs: [],
    market: 12,
    version: '0.1.0',
    model: 'abcdef01',
    start: {},
  };
}

/** A day in which nothing happened, but for what is given. */
export const frame = (day, more = {}) => ({
  day,
  revenue: 0,
  contribution: 0,
  equity: 0,
  contacts: 0,
  disputes: 0,
  inquiries: 0,
  qualified: 0,
  handed: 0,
  tried: 0,
  returned: 0,
  ends: [0, 0, 0, 0, 0, 0, 0, 0, 0],
  talks: [],
  leads: [],
  broke: false,
  ...more,
});

/** A store that has seen all days up to one; `of` says what a day had. */
export function lived(days, of = () => ({})) {
  const store = new FrameStore();
  for (let day = 0; day <= days; day++) store.add(frame(day, of(day)));
  return store;
}

/** An audit: its total in the band of a stage. */
export const audit = (stage, score = 20 * stage + 10, items = Array(20).fill(3)) => ({
  stage,
  band: stage,
  score,
  scoreM: score,
  scoreS: score,
  items,
  decisions: fourPs(),
});

/** The four Ps as a firm's day 0 has them, but for what is given of each. */
export const fourPs = (given = []) =>
  [0, 1, 2, 3].map((q) => ({ quality: 0.6, heard: false, settled: 0, marketing: q < 2, since: null, ...given[q] }));

/** A store with an audit at each quarter's end, by stages. */
export const audited = (stages, more = () => ({})) =>
  lived(stages.length * QUARTER, (day) => ({
    ...(day && day % QUARTER === 0 ? { quarter: audit(stages[day / QUARTER - 1]) } : {}),
    ...more(day),
  }));

/** A frame's row of a lead. */
export const row = (number, day, more = {}) => ({
  number,
  twin: number,
  m: 0,
  s: -1,
  state: 0,
  fate: 0,
  notes: 0,
  bits: 0,
  due: 5,
  day,
  ...more,
});

/** So many marketers, salespeople and liaisons, each at a desk. */
export function seated(m, s, l = 0) {
  const desks = [];
  for (const [kind, n] of Object.entries({ m, s, l }))
    for (let place = 0; place < n; place++)
      desks.push({ id: desks.length, row: desks.length, k: kind, place, n: 1, name: `${kind}${place}` });
  return desks;
}

/** The sizes that a usual screen has. */
export const usualSizes = () => Object.assign(T, { text1: 12, person: 18, lead: 9, cross: 8, unit: 1 });
