// What happens to an organization from outside of its days, by the rules' module: as sim/model/day_zero/change.py, whose
// names it has. Here room is made, rules fill it.
// @ts-check

/** @import { Rows, Theory } from './module.js' */
/** @import { Simulation } from './simulation.js' */
/** @import { Organization } from './opening.js' */

/** @type {Record<string, string>} */
const RULES = {
  reorganization: 'structure.shake',
  deception: 'shocks.deceive',
  training: 'shocks.train',
  'broken promise': 'shocks.break_promise',
};

/** @param {Theory} theory */
const drawnLiaisons = (theory) => (theory.liaison.hired ? 0 : theory.liaison.count);

/**
 * New levers from this day on: numbers at once, people, ties and places as they call for.
 * @param {Simulation} sim
 * @param {Theory} theory
 */
export function change(sim, theory) {
  const old = sim.theory;
  sim.enforce(theory);
  const [w, before] = [theory.workforce, old.workforce],
    { rules, firm } = sim;
  let moreM = w.marketers - drawnLiaisons(theory) - (before.marketers - drawnLiaisons(old));
  if (theory.liaison.count !== old.liaison.count || theory.liaison.hired !== old.liaison.hired) {
    setLiaisons(sim, theory.liaison.count);
    moreM = w.marketers - before.marketers;
  }
  if (moreM || w.salespeople !== before.salespeople || w.ties_per_rep !== before.ties_per_rep) {
    resize(sim, moreM, w.salespeople - before.salespeople);
  }
  const { marketing, sales } = rules.layout.constants.teams;
  for (const [lever, team] of [
    ['trust_marketing', marketing],
    ['trust_sales', sales],
  ]) {
    if (theory.liaison[lever] !== old.liaison[lever]) rules.call('shocks.doubt_liaison', firm, null, team);
  }
  if (theory.structure.kind !== old.structure.kind) rules.call('structure.redraw_chart', firm, null, sim.dice(0));
  if (theory.distance.between_teams_m !== old.distance.between_teams_m) {
    if (sim.own) rules.call('ties.move_everybody', firm, null);
    else {
      const n = firm.ties.shape[0],
        all = rules.fill(rules.rows('i8', n), Array(n).fill(1));
      rules.call('ties.measure', firm, null, sim.dice(0), all);
      rules.release(all);
    }
  }
  rules.call('ties.reckon_distances', firm, null);
}

/**
 * Something happens at once.
 * @param {Simulation} sim
 * @param {string} kind
 */
export function shock(sim, kind) {
  const { shocks } = sim.rules.layout.constants;
  const one = /^([MS])([1-9]\d{0,6}) (leaves|is replaced|becomes liaison)$/.exec(kind);
  if (one) happenTo(sim, kind, 'MS'.indexOf(one[1]), Number(one[2]), one[3]);
  else if (kind === 'liaison leaves') setLiaisons(sim, 0, true);
  else if (RULES[kind]) sim.rules.call(RULES[kind], sim.firm, null, sim.dice(Math.min(sim.day, sim.horizon - 1)));
  else throw new Error(`shock "${kind}" is not known; allowed: ${shocks.join(', ')}`);
}

/**
 * One person leaves and the seat is closed, is followed by a newcomer, or becomes a liaison.
 * @param {Simulation} sim
 * @param {string} said
 * @param {number} kind
 * @param {number} number
 * @param {string} what
 */
function happenTo(sim, said, kind, number, what) {
  const { rules, firm } = sim,
    { marketing, liaison } = rules.layout.constants.teams,
    seat = seatNumber(sim, kind, number - 1);
  const row = Array.from({ length: sim.ledger('n_people') }, (_, i) => i).find(
    (i) => rules.get(firm.people, i, 'seat') === seat,
  );
  if (row === undefined || rules.get(firm.people, row, 'working') === 0)
    throw new Error(`"${said}": nobody works on that seat on day ${sim.day}`);
  if (what === 'is replaced') {
    rules.call('head.look_over_teams', firm);
    rules.call('workforce.fill_seat', firm, null, sim.dice(Math.min(sim.day, sim.horizon - 1)), row);
    return;
  }
  const team = rules.get(firm.people, row, 'team');
  if (what === 'becomes liaison' && team !== marketing)
    throw new Error(`"${said}": a liaison is drawn from the people who work in Marketing`);
  if (team !== liaison && sim.ledger(team === marketing ? 'n_m' : 'n_s') <= 1)
    throw new Error(`"${said}": on day ${sim.day} nobody else works in that team`);
  if (what === 'leaves') {
    rules.call('seats.close_seat', firm, row);
    rules.call('ledger.owe', firm.ledger, sim.theory.money.severance);
  } else rules.call('seats.make_liaison', firm, row);
  rules.call('seats.count_people', firm);
  layAnew(sim);
}

/**
 * Draw liaisons from Marketing, hire them, or send them back; ties follow.
 * @param {Simulation} sim
 * @param {number} count
 * @param {boolean} newcomer whether those who go back are new to Marketing
 */
function setLiaisons(sim, count, newcomer = false) {
  const back = giveLiaisons(sim, count);
  layAnew(sim);
  if (!newcomer) return;
  sim.rules.call('head.look_over_teams', sim.firm);
  const day = sim.dice(Math.min(sim.day, sim.horizon - 1));
  for (const row of back) sim.rules.call('workforce.fill_seat', sim.firm, null, day, row);
}

/**
 * As many liaisons as are wanted; gives the rows of those who are so no more and go on working.
 * @param {Simulation} sim
 * @param {number} count
 */
export function giveLiaisons(sim, count) {
  const { rules } = sim,
    { liaison } = rules.layout.constants.teams;
  const missing = Math.max(count - sim.ledger('n_liaisons'), 0);
  const rows = rules.rows('i8', sim.firm.people.shape[0]);
  const n = rules.call('seats.send_liaisons_back', sim.firm, count, rows);
  const back = Array.from({ length: n }, (_, k) => rules.get(rows, k));
  rules.release(rows);
  if (missing && sim.theory.liaison.hired) {
    openSeats(sim, liaison, missing);
    if (sim.day > 0) rules.call('ledger.hire', sim.firm.ledger, null, missing);
  } else if (missing) {
    const spare = sim.ledger('n_m');
    if (spare <= missing) throw new Error(`liaison.count = ${count}: Marketing has ${spare} people, and one must stay`);
    rules.call('seats.draw_liaisons', sim.firm, missing, sim.own);
  }
  rules.call('seats.count_people', sim.firm);
  return back;
}

/**
 * The next seats of a kind, with newcomers on them.
 * @param {Simulation} sim
 * @param {number} kind
 * @param {number} many
 */
function openSeats(sim, kind, many) {
  const { rules, firm } = sim,
    n = sim.ledger('n_people'),
    first = rules.call('seats.next_seat', firm, kind);
  for (const name of ['people', 'beliefs', 'guest']) firm[name] = rules.widened(firm[name], n + many);
  const chairs = Array.from({ length: many }, (_, k) => seatNumber(sim, kind, first + k));
  const seats = rules.fill(rules.rows('i8', many), chairs);
  rules.call('seats.open_seats', firm, null, sim.dice(sim.day), seats, n, sim.day);
  rules.release(seats);
}

/**
 * @param {Simulation} sim
 * @param {number} kind
 * @param {number} place
 */
const seatNumber = (sim, kind, place) => sim.rules.layout.constants.kinds_of_seat * place + kind;

/**
 * Open or close seats of the two teams, newest first; ties, mates and patches follow.
 * @param {Simulation} sim
 * @param {number} moreM
 * @param {number} moreS
 */
export function resize(sim, moreM, moreS) {
  const { rules } = sim,
    { marketing, sales } = rules.layout.constants.teams;
  for (const [team, more] of [
    [marketing, moreM],
    [sales, moreS],
  ]) {
    if (more > 0) {
      openSeats(sim, team, more);
      rules.call('ledger.hire', sim.firm.ledger, null, more);
    } else if (more < 0) {
      rules.call('seats.close_seats', sim.firm, team, -more);
      rules.call('ledger.owe', sim.firm.ledger, sim.theory.money.severance * -more);
    }
  }
  rules.call('seats.count_people', sim.firm);
  layAnew(sim);
}

/**
 * Ties, mates, patches and work in hand for the people who now work; known ties keep their history.
 * @param {Simulation} sim
 * @param {Organization | null} told a user's own ties on day 0
 */
export function layAnew(sim, told = null) {
  const { rules } = sim,
    firm = sim.firm,
    dice = sim.dice(0),
    { tables } = rules.layout;
  const rowOf = rules.rows('i8', 2, seatsEver(sim));
  rules.call('ties.rank_seats', firm, rowOf);
  const pairs = pairsOf(sim, rowOf, told),
    n = pairs.shape[0];
  const laid = rules.rows(tables.ties, n),
    links = rules.rows(tables.links, 2 * n),
    fresh = rules.rows('i8', n);
  rules.call('ties.lay_ties', firm, pairs, laid, links, fresh);
  for (const old of [firm.ties, firm.links]) rules.release(old);
  Object.assign(firm, { ties: laid, links });
  if (!sim.own) rules.call('ties.measure', firm, null, dice, fresh);
  rules.call('ties.start_ties', firm, null, dice, fresh);
  if (told) takeOverTies(sim, told);
  if (told || !sim.own) {
    rules.release(firm.mates);
    firm.mates = told ? toldMates(sim, told) : matesOf(sim);
  }
  rules.call('ties.reckon_distances', firm, null);
  rules.call('ties.deal_patches', firm, dice, rowOf);
  rules.call('workforce.hand_over', firm, null, dice);
  for (const rows of [rowOf, pairs, fresh]) rules.release(rows);
}

/**
 * How many seats each team's ranking by the market knows of.
 * @param {Simulation} sim
 */
function seatsEver(sim) {
  const { constants } = sim.rules.layout,
    { sales } = constants.teams;
  let wanted = constants.seats_ever * Math.max(sim.ledger('ref_m'), sim.ledger('ref_s'));
  for (let row = 0; row < sim.ledger('n_people'); row++) {
    const seat = sim.rules.get(sim.firm.people, row, 'seat');
    if (seat % constants.kinds_of_seat <= sales)
      wanted = Math.max(wanted, Math.floor(seat / constants.kinds_of_seat) + 1);
  }
  return 2 ** Math.ceil(Math.log2(Math.max(wanted, 2)));
}

/**
 * (ties, 2) rows of marketer and salesperson who are to have a tie.
 * @param {Simulation} sim
 * @param {Rows} rowOf
 * @param {Organization | null} told
 */
function pairsOf(sim, rowOf, told) {
  const { rules, firm } = sim;
  if (told || sim.own) {
    const pairs = told ? told.ties.map(({ m, s }) => [m, s]) : keptPairs(sim),
      rows = rules.rows('i8', pairs.length, 2);
    rules.fill(rows, pairs.flat());
    return rows;
  }
  const room = rules.rows('i8', sim.ledger('n_s') * sim.theory.workforce.ties_per_rep, 2);
  const n = rules.call('ties.deal_ties', firm, null, sim.dice(0), rowOf, room);
  return { ...room, shape: [n, 2] };
}

/**
 * Of a user's own ties, those whose people still work in their teams.
 * @param {Simulation} sim
 */
function keptPairs({ rules, firm }) {
  const { liaison } = rules.layout.constants.teams;
  /** @param {number} row */
  const works = (row) =>
    rules.get(firm.people, row, 'working') === 1 && rules.get(firm.people, row, 'team') !== liaison;
  const all = Array.from({ length: firm.ties.shape[0] }, (_, e) =>
    ['m', 's'].map((end) => rules.get(firm.ties, e, end)),
  );
  return all.filter((pair) => pair.every(works));
}

/**
 * Who hears from whom in the own team.
 * @param {Simulation} sim
 */
function matesOf(sim) {
  const { rules, firm } = sim,
    n = sim.ledger('n_people');
  const room = rules.rows(rules.layout.tables.mates, n * sim.theory.workforce.mates),
    rows = rules.rows('i8', n);
  const found = rules.call('ties.deal_mates', firm, null, sim.dice(0), rows, room);
  rules.release(rows);
  return { ...room, shape: [found] };
}

/**
 * Distances, grievances and trust on ties as a user's own files say.
 * @param {Simulation} sim
 * @param {Organization} told
 */
function takeOverTies({ rules, firm }, told) {
  const rows = rules.rows(rules.layout.told, told.ties.length);
  told.ties.forEach((tie, e) => {
    for (const [column, value] of Object.entries(tie)) rules.set(rows, e, column, value ?? NaN);
  });
  rules.call('ties.take_over_ties', firm, rows);
  rules.release(rows);
}

/**
 * Who hears from whom, as a user's own files say.
 * @param {Simulation} sim
 * @param {Organization} told
 */
function toldMates({ rules, firm }, told) {
  const rows = rules.rows(rules.layout.tables.mates, told.mates.length);
  told.mates.forEach(([a, b], k) => {
    for (const [column, value] of Object.entries({ a, b, key: k })) rules.set(rows, k, column, value);
  });
  rules.call('ledger.count_mates', firm.ledger, told.mates.length);
  return rows;
}
