// What the visitor wants to see: organization, market, dated changes; with undo and redo. The server only carries it out.

/** Levers that say how the run begins: they are never moved on a running day. */
export const FROM_START = new Set(['trust.initial']);

export class Plan {
  constructor(about, given = {}) {
    this.about = about;
    this.state = { scenario: 'default', seed: about.market, changes: [], baseline: [], other: null, ...given };
    this.past = [];
    this.future = [];
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

  /** The organization as the plan has it: {scenario, changes}. */
  get organization() {
    return { scenario: this.state.other ?? this.state.scenario, changes: this.state.changes };
  }
  /** The pinned baseline. */
  get base() {
    return { scenario: this.state.scenario, changes: this.state.baseline };
  }
  get isBaseline() {
    return JSON.stringify(this.organization) === JSON.stringify(this.base);
  }

  /** A lever's value on a day, in the plan or in the baseline. */
  value(name, day, of = this.organization) {
    const scenario = this.about.scenarios[of.scenario];
    let value = scenario.levers[name];
    const dated = [...scenario.changes, ...of.changes].sort((a, b) => a.day - b.day);
    for (const change of dated) if (change.day <= day && name in change.values) value = change.values[name];
    return value;
  }

  /** The day on which a lever was last moved up to a day; null if it stands as the scenario begins. */
  since(name, day, of = this.organization) {
    const days = [...this.about.scenarios[of.scenario].changes, ...of.changes]
      .filter((change) => change.day <= day && name in change.values)
      .map((change) => change.day);
    return days.length ? Math.max(...days) : null;
  }

  _becomes(state, keep = true) {
    if (JSON.stringify(state) === JSON.stringify(this.state)) return false;
    if (keep) {
      this.past.push(this.state);
      this.future = [];
    }
    this.state = state;
    return true;
  }

  /** Move a lever from a day on. `going` says that the hand is still on it: one step of undo for the whole movement. */
  change(name, value, day, going = false) {
    const from = FROM_START.has(name) ? 0 : day;
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

  /** Levers whose value on a day is not the baseline's. */
  differs(day) {
    return Object.keys(this.about.levers).filter((name) => this.value(name, day) !== this.value(name, day, this.base));
  }
}
