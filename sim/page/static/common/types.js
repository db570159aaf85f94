// What the page's data look like. Read by whoever writes and by the type check; no module asks for it at run time.
// @ts-check

/**
 * Values of levers by name, set on a day; a scenario's own may be a shock.
 * @typedef {{day: number, values: Record<string, number>, shock?: string | null}} Change
 *
 * An organization of a plan: a scenario and what the visitor moved in it.
 * @typedef {{scenario: string, changes: Change[]}} Organization
 *
 * `other` is the scenario that stands in place of the baseline's.
 * @typedef {{scenario: string, seed: number, changes: Change[], baseline: Change[], other: string | null}} PlanState
 *
 * @typedef {{title: string, question: string, days: number, own: boolean, shipped: boolean,
 *   levers: Record<string, number>, numbers: Record<string, number>, changes: Change[]}} ScenarioAbout
 *
 * How far a lever goes on the page; what a change of it is called, by its direction or by its number; its bounds, its
 * face (sim/scenario/faces.py) and where it acts.
 * @typedef {{low: number, high: number, step: number, log: boolean, grows: boolean}} Scale
 * @typedef {{less: string, more: string} | {one: string, many: string, spelled: boolean}} Called
 * @typedef {{label: string, code: string, group: string, flag: string, scale: Scale | null, change: Called | null,
 *   unit: string, none: string, named: [number, string][], low: number, high: number, whole: boolean, default: number,
 *   meaning: string, starts: boolean, counted: boolean, needs: string | null, hours: number | null}} LeverAbout
 *
 * What the server says of itself, of scenarios and of levers (sim/page/describe.py).
 * @typedef {{scenarios: Record<string, ScenarioAbout>, levers: Record<string, LeverAbout>, numbers: Record<string, number>,
 *   groups: Record<string, string>, questions: Record<string, string[]>, docs: string[], market: number, version: string,
 *   model: string, keyed: boolean, session: string, far: string[], hold: import('../class/hold.js').Hold | null,
 *   frames: FrameLayout, start: {scenario?: string, seed?: number, lesson?: string}}} About
 */

/**
 * Where each column of a frame's parts lies, with its type and places, and what bits mean (sim/model/showing/watch.py).
 * @typedef {{parts: Record<string, {size: number, columns?: Record<string, [number, string, number]>}>, nobody: number,
 *   whole: number, kinds: string, talk: Record<'trust' | 'complaint' | 'brokered', number>,
 *   lead: Record<'returned' | 'own' | 'nurtured', number>, desk: Record<'alone' | 'was_marketer', number>,
 *   kinds_of_seat: number, letters: string}} FrameLayout
 */

/**
 * One of the two organizations of a comparison; alone it is a.
 * @typedef {'a' | 'b'} Arm
 *
 * A lead as a day's frame tells it; m and s are the desks that hold it, -1 for none.
 * @typedef {{number: number, twin: number, m: number, s: number, state: number, fate: number, notes: number,
 *   bits: number, due: number, day: number}} LeadRow
 *
 * A lead as far as it has been seen: every frame that told something new of it.
 * @typedef {{number: number, twin: number, versions: LeadRow[]}} Lead
 *
 * @typedef {{a: number, b: number, trust: number, complaint: boolean, brokered: boolean, age?: number}} Talk
 *
 * A desk: of a marketer, a salesperson or a liaison, or of n of them.
 * @typedef {{id: number, k: 'm' | 's' | 'l', place: number, n: number, row: number, name: string, from?: string}} Desk
 *
 * One of the four Ps as it stands: how good it is (0 to 1), whether the team that does not lead it was heard, who settled
 * it (0 the team that leads, 1 both heads, 2 who owns the result, 3 the chief), whether Marketing leads it, and the day
 * since when it stands (null: from the start).
 * @typedef {{quality: number, heard: boolean, settled: number, marketing: boolean, since: number | null}} Decision
 *
 * An audit: total, the two sides' own totals, the stage that counts and the band of the total, twenty scores; beside it
 * product, promotion, placement and price.
 * @typedef {{score: number, scoreM: number, scoreS: number, stage: number, band: number, items: number[],
 *   decisions: Decision[]}} Quarter
 *
 * @typedef {'contacts' | 'disputes' | 'inquiries' | 'qualified' | 'handed' | 'tried' | 'returned'} Count
 * @typedef {'revenue' | 'contribution'} Measure
 *
 * The end of a day.
 * @typedef {{day: number, revenue: number, contribution: number, equity: number, ends: number[], trustM: number,
 *   trustS: number, language: number, broke: boolean, talks: Talk[], leads: LeadRow[], quarter?: Quarter,
 *   desks?: Desk[]} & Record<Count, number>} Frame
 */

/**
 * A run of an organization to its end, by the week.
 * @typedef {{revenue: number[], contribution: number[], talk: number[], net_value: number}} Line
 * @typedef {{rev: number, waiting?: boolean, arms: Partial<Record<Arm, Line>>, base: Line}} Lines
 *
 * @typedef {{low: number[], middle: number[], high: number[]}} Band
 * @typedef {{mean: number[], low: number[], high: number[], band_low: number[], band_high: number[]}} Paired
 *
 * An outcome of both, the mean difference and its 95 % interval, and the difference in every market.
 * @typedef {{a: number, b: number, difference: number, low: number, high: number, n: number, values: number[]}} Outcome
 * @typedef {{rev: number, n: number, check: string, stale?: boolean, waiting?: boolean, too_large?: boolean,
 *   bands: Partial<Record<Arm, Record<Measure, Band>>>, paired: Record<Measure, Paired>,
 *   outcomes: Record<string, Outcome>}} Markets
 */

/**
 * `names` are those of a user's own people, by row.
 * @typedef {{kept: number, day: number, people_per_desk: number, own: boolean, names: string[],
 *   desks?: Desk[]}} ArmAnswer
 * @typedef {{rev: number, horizon: number, leads_per_dot: number, arms: Partial<Record<Arm, ArmAnswer>>}} PlanAnswer
 *
 * Where frames come from: an engine in the page, the server, or a recording. What fails with `reasons` was refused.
 * @typedef {object} Source
 * @property {() => void} connect
 * @property {(request: object) => Promise<PlanAnswer>} set
 * @property {(arm: Arm, rev: number, from: number, to: number) =>
 *   Promise<{rev: number, frames: Frame[], stale?: boolean}>} frames
 * @property {(rev: number) => Promise<Lines>} lines
 * @property {(rev: number, n: number, tell: (part: {done: number, of: number}) => void) => Promise<Markets>} markets
 * @property {(arm: Arm, what: object) => Promise<any>} story
 * @property {(end?: boolean) => Promise<any>} hash
 * @property {(by: string, tell: (part: {done: number, of: number}) => void) => Promise<any>} [why]
 * @property {(by: string, bar: string) => Promise<any>} [bar]
 * @property {(by: string, bar: string, a: number, b: number) => Promise<any>} [lives]
 * @property {(message: object) => void} [tell]
 *
 * What a source calls when something happens by itself.
 * @typedef {object} Hearing
 * @property {(about: About) => void} about
 * @property {(state: 'open' | 'lost') => void} state
 * @property {(reason: string) => void} refused
 * @property {(said: any) => void} [class]
 */

/**
 * Rows of seats in a room.
 * @typedef {{columns: number, rows: number, x: number, width: number, y: number, height: number, lane: number,
 *   cellWidth: number, cellHeight: number, n: number}} Grid
 * @typedef {{desk: Desk, x: number, y: number, row: number}} Seat
 *
 * Where everything stands on a floor: Marketing's room from mx, the gap from gx, Sales' room from sx to ex; the rooms
 * from top to ground, the piles down to base.
 * @typedef {{w: number, h: number, scale: number, top: number, ground: number, base: number, slab: number, mx: number,
 *   mw: number, gx: number, gap: number, gc: number, sx: number, sw: number, ex: number, entry: number, font: number,
 *   metres: number, short: boolean, rates: boolean, narrow: boolean, person: number, lead: number, cross: number, heaped: number,
 *   m: Grid, s: Grid, seats: Map<number, Seat>, steps: number[], quiet?: boolean}} Geometry
 *
 * A stretch of a lead's way: from a day at x, y to tx, ty in so many days.
 * @typedef {{day: number, until: number, days: number, x: number, y: number, tx: number, ty: number, v: LeadRow,
 *   queue?: number, won?: boolean, dies?: number, gap?: boolean}} Stretch
 *
 * A part of the page: drawn at a time, laid out anew when sizes change.
 * @typedef {{draw: (time: number) => void, renew?: () => void}} Part
 */

/**
 * What a visitor bet on a card, and what came of it.
 * @typedef {{bet: any, placed?: boolean, market?: number, answer?: any, detail?: any, before?: any, revealing?: boolean, hours?: number,
 *   best?: number}} Bet
 *
 * A lesson and its cards as their files have them (sim/page/lessons.py).
 * @typedef {{name: string, kind: 'look' | 'bet' | 'challenge' | 'sandbox', title: string, text: string[], from?: number,
 *   until?: number, scenario?: string, before?: Record<string, number>, change?: Record<string, number>, levers?: string[],
 *   bet?: {kind: 'number' | 'choice', measure: string, unit: string, reveal: string},
 *   options?: {value: string, text: string, right: string, wrong: string}[], feedback?: any, challenge?: any,
 *   claim?: {says: string}, facilitator: {say: string, look: string, minutes: number}}} Card
 * @typedef {{name: string, title: string, scenario: string, market: number, cards: Card[], debrief: any}} LessonFile
 */

export {};
