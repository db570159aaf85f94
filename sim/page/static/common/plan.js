// What the visitor wants to see: organization, market, dated changes; with undo and redo. The server only carries it out.
// @ts-check

/** @import { About, Organization, PlanState } from './types.js' */

export class Plan {
  /**
   * @param {About} about
   * @param {Partial<PlanState>} given
   */
  constructor(about, given = {}) {
    this.about = about;
    this.state = { scenario: 'default', seed: about.market, changes: [], baseline: [], other: null, ...given };
    /** @type {PlanState[]} */
    this.past = [];
    /** @type {PlanState[]} */
    this.future = [];
    this._held = false; // a hand is on a lever
  }

  get scenario() {
    return this.state.scenario;
  }
  get seed() {
    return this.state.seed;
  }
  get changes() {
    return this.state.changes;
  }

  /**
   * The organization as the plan has it: {scenario, changes}.
   * @returns {Organization}
   */
  get organization() {
    return { scenario: this.state.other ?? this.state.scenario, changes: this.state.changes };
  }
  /**
   * The pinned baseline.
   * @returns {Organization}
   */
  get base() {
    return { scenario: this.state.scenario, changes: this.state.baseline };
  }
  get isBaseline() {
    return JSON.stringify(this.organization) === JSON.stringify(this.base);
  }

  /**
   * A lever's value on a day, in the plan or in the baseline; a number that is no lever of the page's likewise.
   * @param {string} name
   * @param {number} day
   * @param {Organization} of
   * @returns {number}
   */
  value(name, day, of = this.organization) {
    const scenario = this.about.scenarios[of.scenario];
    let value = scenario.levers[name] ?? scenario.numbers[name] ?? this.about.numbers[name];
    const dated = [...scenario.changes, ...of.changes].sort((a, b) => a.day - b.day);
    for (const change of dated) if (change.day <= day && name in change.values) value = change.values[name];
    return value;
  }

  /**
   * The days on which a lever, or any, is moved in the plan or in the baseline, the last first.
   * @param {string | null} name
   */
  turns(name = null) {
    const days = [this.organization, this.base].flatMap((of) =>
      [...this.about.scenarios[of.scenario].changes, ...of.changes]
        .filter((change) => name === null || name in change.values)
        .map((change) => change.day),
    );
    return [...new Set([...days, 0])].sort((a, b) => b - a);
  }

  /**
   * @param {PlanState} state
   * @param {boolean} keep
   */
  _becomes(state, keep = true) {
    if (JSON.stringify(state) === JSON.stringify(this.state)) return false;
    if (keep) {
      this.past.push(this.state);
      this.future = [];
    }
    this.state = state;
    return true;
  }

  /**
   * Move a lever from a day on. `going` says that the hand is still on it: one step of undo for the whole movement.
   * @param {string} name
   * @param {number} value
   * @param {number} day
   * @param {boolean} going
   */
  change(name, value, day, going = false) {
    const from = this.about.levers[name].starts ? 0 : day; // what a run begins with is never moved on a running day
    const changes = this.state.changes.map((each) => ({ day: each.day, values: { ...each.values } }));
    for (const each of changes) if (each.day >= from) delete each.values[name]; // what was planned later gives way
    const rest = changes.filter((each) => Object.keys(each.values).length);
    const before = new Plan(this.about, { ...this.state, changes: rest }).value(name, from);
    if (before !== value) {
      const same = rest.find((each) => each.day === from);
      if (same) same.values[name] = value;
      else rest.push({ day: from, values: { [name]: value } });
      rest.sort((a, b) => a.day - b.day);
    }
    const moved = this._becomes({ ...this.state, changes: rest }, !this._held);
    if (moved) this._held = going;
    return moved;
  }

  letGo() {
    this._held = false;
  }
  /** @param {Partial<PlanState>} part */
  set(part) {
    return this._becomes({ ...this.state, ...part });
  }
  pin() {
    return this._becomes({
      ...this.state,
      scenario: this.organization.scenario,
      other: null,
      baseline: this.state.changes,
    });
  }

  /** Without changes, pin or other organization. */
  get isAsFound() {
    const { changes, baseline, other } = this.state;
    return !changes.length && !baseline.length && other === null;
  }
  reset() {
    return this._becomes({ ...this.state, changes: [], baseline: [], other: null });
  }

  undo() {
    if (!this.past.length) return false;
    this.future.push(this.state);
    this.state = this.past.pop();
    return true;
  }

  redo() {
    if (!this.future.length) return false;
    this.past.push(this.state);
    this.state = this.future.pop();
    return true;
  }

  /** What was changed against the scenario: [{day, name, value, before}], the last one last. */
  moved() {
    const found = [];
    for (const change of this.state.changes) {
      for (const [name, value] of Object.entries(change.values))
        found.push({ day: change.day, name, value, before: this.value(name, change.day - 1, this.organization) });
    }
    return found;
  }

  /**
   * Levers whose value on a day is not the baseline's.
   * @param {number} day
   */
  differs(day) {
    return Object.keys(this.about.levers).filter((name) => this.value(name, day) !== this.value(name, day, this.base));
  }

  /** All that stands on a day otherwise than in the baseline: [{name, value, before, day}], the longest standing first,
   *  the page's levers last. `before` is what the baseline has; since `day` the two have stood so without a break.
   * @param {number} day
   */
  unlike(day) {
    const { levers } = this.about,
      names = new Set(Object.keys(levers));
    for (const { scenario, changes } of [this.organization, this.base]) {
      const about = this.about.scenarios[scenario],
        moved = [...about.changes, ...changes].flatMap((change) => Object.keys(change.values));
      for (const name of [...Object.keys(about.numbers), ...moved]) names.add(name);
    }
    const pair = (name, on) => [this.value(name, on), this.value(name, on, this.base)];
    const found = [];
    for (const name of names) {
      const [value, before] = pair(name, day);
      if (value === before) continue;
      const same = (turn) => pair(name, turn).join() === `${value},${before}`;
      let since = day;
      for (const turn of this.turns(name)) {
        if (turn > day) continue;
        if (!same(turn)) break;
        since = turn;
      }
      found.push({ name, value, before, day: since });
    }
    return found.sort((a, b) => Number(a.name in levers) - Number(b.name in levers) || a.day - b.day);
  }

  /**
   * Whether the two were unlike on any day up to one.
   * @param {number} day
   */
  parted(day) {
    return this.turns().some((turn) => turn <= day && this.unlike(turn).length > 0);
  }

  /**
   * The first day on which what this plan lives, or its baseline, is not what it lived in another state; infinite if there is none.
   * @param {PlanState} state
   * @param {boolean} baseline
   */
  partsFrom(state, baseline = false) {
    const then = new Plan(this.about, state),
      told = ({ changes }) =>
        changes.flatMap(({ day, values }) => Object.entries(values).map((each) => [day, ...each].join()));
    const first = (now, before) => {
      if (state.seed !== this.seed || now.scenario !== before.scenario) return 0;
      const [ours, old] = [told(now), told(before)];
      const only = [...ours.filter((each) => !old.includes(each)), ...old.filter((each) => !ours.includes(each))];
      return Math.min(Infinity, ...only.map((each) => Number.parseInt(each, 10)));
    };
    return Math.min(first(this.organization, then.organization), baseline ? first(this.base, then.base) : Infinity);
  }
}
