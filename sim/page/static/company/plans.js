// The third screen: plans of named, dated actions, what they cost, what they bring, and the brief.
// @ts-check
import { h } from '../common/svg.js';
import { W } from '../common/words.js';
import { briefAt, doing, run, table } from './ask.js';

const BESIDE = ['day', 'date', 'cost_once', 'cost_year', 'hours', 'note']; // what every action may have
const CALLED = {
  cost_once: 'k€ once',
  cost_year: 'k€ a year',
  hours: 'hours a week',
  day: 'from day',
  date: 'or from date',
};

/** All actions there are. @type {any} */
let actions = null;
/** The plan that is seen, as the command tells it. @type {any} */
let plan = null;
/** What a plan brings, and its brief. @type {any} */
let brings = null;
/** How many markets were asked for last. */
let many = 10;

/** @type {(question: Record<string, any>) => Promise<any>} */
async function asked(question) {
  const done = await run(question);
  if (done.code !== 0) throw new Error(done.said.join('\n') || 'It was stopped.');
  return done.result;
}

/**
 * @param {any} known
 * @param {() => Promise<void>} again
 */
export function plansScreen(known, again) {
  const see = async (/** @type {Record<string, any>} */ question) => {
    actions ??= await asked({ do: 'actions' });
    plan = await asked(question);
    brings = null;
    await again();
  };
  const open = known.gate?.answer === 'accept' && known.gate.current;
  return [
    h('p', { class: 'lead' }, 'What is to be done, by whom, from when, and what does it cost?'),
    !open &&
      h(
        'p',
        { class: 'soft', 'data-testid': 'closed' },
        'Nobody has said that the simulated firm looks like you: what a plan brings is not run, and a brief shows no money. ',
        h('a', { href: '#gate' }, 'Look at it first.'),
      ),
    h(
      'div',
      { class: 'fields card' },
      ...known.plans.map((/** @type {string} */ name) =>
        doing(name, () => see({ do: 'plan', plan: name }), { class: plan?.name === name ? 'main' : '' }),
      ),
      ...begin(see),
    ),
    plan && known.plans.includes(plan.name) && one(see, again),
  ];
}

/** A new plan. @type {(see: (question: Record<string, any>) => Promise<void>) => any[]} */
function begin(see) {
  const name = h('input', { class: 'short', placeholder: 'liaison', 'data-testid': 'plan-name' });
  const question = h('input', {
    class: 'long',
    placeholder: 'What if M3 becomes the liaison?',
    'data-testid': 'question',
  });
  return [
    h('label', {}, 'a new plan, by a short name', name),
    h('label', {}, 'its question', question),
    doing('Begin it', () => see({ do: 'new', plan: name.value, question: question.value }), { 'data-testid': 'begin' }),
  ];
}

/**
 * The plan: its actions with their costs first, then what it brings.
 * @param {(question: Record<string, any>) => Promise<void>} see
 * @param {() => Promise<void>} again
 */
function one(see, again) {
  const rows = plan.actions.map((/** @type {any} */ each, /** @type {number} */ k) => [
    `day ${each.day}`,
    each.says,
    ...[each.cost_once, each.cost_year, each.hours].map((x) => (x ? x.toLocaleString('en') : 'none')),
    doing('Take it out', () => see({ do: 'drop', plan: plan.name, number: k + 1 })),
  ]);
  const seeds = h('input', { type: 'number', min: 2, max: 1000, value: many, class: 'short', 'data-testid': 'seeds' });
  const result = (/** @type {string} */ what) => async () => {
    many = Number(seeds.value);
    brings = await asked({ do: what, plan: plan.name, seeds: many });
    await again();
  };
  return h(
    'section',
    { 'data-testid': 'plan' },
    h('h2', {}, plan.question || plan.title),
    rows.length
      ? table(['from', 'what is done', 'k€ once', 'k€ a year', 'hours a week', ''], rows, { right: [2, 3, 4] })
      : h('p', {}, 'It does nothing yet.'),
    h(
      'p',
      { class: 'soft' },
      'Costs are the plan’s own; what the model charges by itself (pay, hiring, hours of a practice) comes on top.',
    ),
    add(see),
    h(
      'div',
      { class: 'fields card' },
      doing('Undo the last change', () => see({ do: 'undo', plan: plan.name }), { 'data-testid': 'undo' }),
      h('label', {}, 'markets', seeds),
      doing('What it brings', result('run'), { 'data-testid': 'run', disabled: !rows.length }),
      doing('Write the brief', result('brief'), { class: 'main', 'data-testid': 'brief', disabled: !rows.length }),
    ),
    brings && told(brings),
  );
}

/** An action more. @type {(see: (question: Record<string, any>) => Promise<void>) => any} */
function add(see) {
  const about = [...new Set(actions.actions.map((/** @type {any} */ each) => each.about))];
  const which = h(
    'select',
    { 'data-testid': 'action', 'aria-label': 'action' },
    ...about.map((of) =>
      h(
        'optgroup',
        { label: of },
        ...actions.actions
          .filter((/** @type {any} */ each) => each.about === of)
          .map((/** @type {any} */ each) => h('option', { value: each.name }, each.name)),
      ),
    ),
  );
  const fields = h('div', { class: 'fields' });
  const draw = () => {
    const chosen = actions.actions.find((/** @type {any} */ each) => each.name === which.value);
    fields.replaceChildren(
      ...[...new Set([...chosen.asks, ...BESIDE])].map((name) =>
        h(
          'label',
          {},
          CALLED[name] ?? name,
          h('input', { name, class: name === 'note' ? '' : 'short', 'data-testid': `of-${name}` }),
        ),
      ),
    );
  };
  which.addEventListener('change', draw);
  draw();
  const act = () => {
    const given = [...fields.querySelectorAll('input')].filter((each) => each.value.trim());
    return see({
      do: 'add',
      plan: plan.name,
      action: which.value,
      given: Object.fromEntries(given.map((each) => [each.name, each.value.trim()])),
    });
  };
  return h(
    'div',
    { class: 'card' },
    h('div', { class: 'fields' }, h('label', {}, 'one action more', which), fields),
    h('p', {}, doing('Add it', act, { 'data-testid': 'add' })),
  );
}

/** What a plan brings: before, after, difference with its interval. @type {(found: any) => any} */
function told(found) {
  const rows = found.outcomes.map((/** @type {any} */ row) => {
    const share = row.unit === 'k€' && !found.money;
    const say = (/** @type {number | null | undefined} */ x) => (share ? percent(x) : number(x, row.unit));
    const ends = share ? [row.percent, row.percent_low, row.percent_high] : [row.difference, row.low, row.high];
    const band = ends[1] === null || ends[1] === undefined ? '' : `${say(ends[1])} to ${say(ends[2])}`;
    return [row.called, share ? '' : say(row.before), share ? '' : say(row.after), say(ends[0]), band];
  });
  const out = (/** @type {number} */ n) => (found.outcomes[n].outcome === 'net_value' ? 'strong' : '');
  return h(
    'div',
    { class: 'card', 'data-testid': 'brings' },
    h('h3', {}, found.headline ?? `“${found.plan.title}” and today: ${found.answer}`),
    h(
      'p',
      { class: 'soft' },
      `In ${found.markets.length} markets. 95 %: ${found.interval}.${found.money ? '' : ' Money in shares of today’s revenue.'}`,
    ),
    table(['', 'today', 'plan', 'difference', '95 %'], rows, { right: [1, 2, 3, 4], out }),
    h('p', {}, found.break_even),
    found.headline &&
      h(
        'p',
        {},
        h('a', { href: briefAt(), target: '_blank', rel: 'noopener', 'data-testid': 'open-brief' }, 'Open the brief'),
        ': one sheet of A4 to print.',
      ),
  );
}

/** @type {(x: number | null | undefined) => string} */
const percent = (x) => (x === null || x === undefined ? '' : `${W.fixed(x, 2)} %`);

/** @type {(x: number | null | undefined, unit: string) => string} */
function number(x, unit) {
  if (x === null || x === undefined) return '';
  if (unit === 'k€') return `${W.thousands(x)} k€`;
  return unit === '0..1' ? `${W.fixed(100 * x, 1)} %` : W.fixed(x, 1);
}
