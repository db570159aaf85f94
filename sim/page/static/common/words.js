// Every word a visitor can read, in one place. Sentences are functions of data; nothing else on the page holds a literal.
// What a lever is called comes with its face from the server (sim/scenario/faces.py).
// `?language=pseudo` wraps each in ⟦ ⟧, so that a word from elsewhere shows.
// @ts-check
/**
 * @import { Plan } from './plan.js'
 * @import { About, LeverAbout } from './types.js'
 */

const COUNTS = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
const STAGES = ['', 'Undefined', 'Defined', 'Aligned', 'Integrated'];
const NUMERALS = ['–', 'I', 'II', 'III', 'IV'];

// What lessons and organizations change without a lever on the page: said as a lever's face would.
/** @type {Record<string, any>} */
const FACELESS = {
  'workforce.product_manager': { one: 'product manager', many: 'product managers', spelled: true },
  'structure.power': { called: 'who leads', more: 'Marketing has more of the say', less: 'Sales has more of the say' },
  'structure.kind': {
    called: 'who reports to whom',
    modes: ['two heads', 'Marketing under Sales', 'Sales under Marketing', 'merged teams', 'one chief'],
  },
  'marketing.budget': {
    called: 'Marketing’s budget',
    more: 'more budget for Marketing',
    less: 'less budget for Marketing',
  },
  'marketing.volume_target': { called: 'weight of lead numbers' },
};
/** @type {(name: string) => string} */
const faceless = (name) => FACELESS[name]?.called ?? FACELESS[name]?.one ?? name.replaceAll(/[._]/g, ' ');

const LANGUAGE = 'en-US';
const whole = new Intl.NumberFormat(LANGUAGE, { signDisplay: 'negative' }), // a zero has no sign
  numerus = new Intl.PluralRules(LANGUAGE);
/** A minus that is as wide as a plus: no hyphen. @type {(text: string) => string} */
const minus = (text) => text.replace('-', '−');
/** @type {(n: number) => string} */
const thousands = (n) => minus(whole.format(Math.round(n)));
/** Digits after the point; a zero has no sign. @type {(n: number, digits: number) => string} */
const fixed = (n, digits) => minus(Number(n.toFixed(digits)) === 0 ? (0).toFixed(digits) : n.toFixed(digits));
/** @type {(n: number) => string} */
const count = (n) => (n >= 0 && n < COUNTS.length ? COUNTS[n] : thousands(n));
/** @type {(n: number, one: string, many?: string) => string} */
const plural = (n, one, many = `${one}s`) => `${thousands(n)} ${numerus.select(n) === 'one' ? one : many}`;
/** @type {(n: number, step: number) => string} */
const places = (n, step) => n.toFixed(Math.max(0, Math.min(2, Math.ceil(-Math.log10(step || 1) - 1e-9))));
/** @type {(m: number) => string} */
const money = (m) =>
  Math.abs(m) >= 999.5 ? thousands(m) : fixed(m, Math.abs(m) >= 99.95 ? 0 : Math.abs(m) >= 9.995 ? 1 : 2);
/** @type {(text: string) => string} */
const quoted = (text) => `“${[...text].slice(0, 30).join('')}${[...text].length > 30 ? '…' : ''}”`;
/** @type {(n: number, digits: number) => string} */
const sign = (n, digits) => (n > 0 ? '+' : n < 0 ? '−' : '±') + Math.abs(n).toFixed(digits);
/** @type {(m: number, like?: number) => string} */
const signedMoney = (m, like = m) =>
  (m < 0 ? '−' : '+') + money(Math.abs(m)).replace(/^(\d+\.\d)$/, Math.abs(like) < 10 ? '$10' : '$1');
/** With as many digits as another amount beside it. @type {(m: number, beside: number) => string} */
const signedLike = (m, beside) => sign(m, money(beside).split('.')[1]?.length ?? 0);
/** @type {(m: number) => string} */
const metres = (m) =>
  m < 1000
    ? `${Math.round(m)} m`
    : m < 10000
      ? `${(m / 1000).toFixed(1).replace('.0', '')} km`
      : `${thousands(m / 1000)} km`;

/** @type {(n: number) => string} */
const quartersLong = (n) => {
  const years = Math.floor(n / 4);
  const part = ['', 'a quarter', 'half a year', 'three quarters'][n % 4];
  if (!years) return part;
  const half = ['', ' and a quarter', ' and a half', ' and three quarters'][n % 4];
  if (years === 1) return `a year${half}`;
  return n % 4 === 2 ? `${count(years)}${half} years` : `${count(years)} years${half}`;
};
/** @type {(text: string) => string} */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
/**
 * The name of the level that a value has reached, where a lever's levels have names.
 * @type {(lever: LeverAbout, value: number) => string | undefined}
 */
const named = (lever, value) => lever.named.findLast(([from]) => value >= from)?.[1];
/**
 * A lever's number with its unit, without the named level.
 * @type {(lever: LeverAbout, value: number) => string}
 */
const numberOf = (lever, value) =>
  lever.none && !value
    ? lever.none
    : lever.unit === 'm'
      ? metres(value)
      : lever.unit
        ? `${trimmed(value)} ${lever.unit}`
        : lever.whole
          ? thousands(value)
          : trimmed(value);
/**
 * An audit's total as a whole number that stands on the same rung: 59.6 is not yet 60.
 * @type {(score: number) => number}
 */
const total = (score) =>
  Math.round(score) - ([40, 60, 80].includes(Math.round(score)) && score < Math.round(score) ? 1 : 0);
/** @type {(n: number) => string} */
const trimmed = (n) => minus(String(Math.round(n * 100) / 100));

const words = {
  app: {
    name: 'Baton',
    title: 'Baton: Marketing and Sales, day by day',
    loading: 'Getting the organization ready …',
  },
  stages: STAGES,
  numerals: NUMERALS,
  metres,
  count,
  bar: {
    scenario: 'Organization',
    market: 'Market',
    own: 'Yours', // organizations; they come before those that are grouped by a question
    dice: 'Another market',
    noMarket: (given, now) =>
      `“${given.slice(0, 20)}” is no market: give a whole number from 0 to 9,007,199,254,740,991. Market ${thousands(now)} stays.`,
    marketStays: (now) => `The market cannot be changed here: market ${thousands(now)} stays.`,
    day: (d) => `Day ${thousands(d)}`,
    quarter: (q, of) => `quarter ${q} of ${of}`,
    dayInput: 'Market number',
    play: 'Play',
    pause: 'Pause',
    space: 'Space',
    step: 'One day on',
    back: 'One day back',
    speed: 'Speed',
    speeds: { day: 'Day', week: 'Week', quarter: 'Quarter', end: 'End' },
    speedsLong: { day: 'a day a second', week: 'a week a second', quarter: 'a quarter a second', end: 'to the end' },
    replay: 'Replay last change',
    undo: 'Undo',
    redo: 'Redo',
    share: 'Share',
    help: 'Help: keys',
    compare: 'Compare',
    again: 'Start again',
    over: 'The end',
    bet: 'Bet first',
  },
  levers: {
    title: 'Levers',
    baseline: 'baseline',
    pin: 'Pin as baseline',
    reset: 'Begin anew',
    isReset: 'All levers stand as the organization has them, on day 0; Undo brings the changes back.',
    pinned: 'What you see is the baseline now.',
    open: (n) => (n ? `Levers, ${n} changed` : 'Levers'),
    close: 'Close',
    /** @type {(groups: Record<string, string>, name: string) => string} */
    group: (groups, name) => groups[name],
    key: 'forbid –  teams ○  mandate +',
    /** @type {(levers: Record<string, LeverAbout>, name: string) => string} */
    nameOf: (levers, name) => levers[name]?.label || capital(faceless(name)),
    /** @type {(lever: LeverAbout, value: number) => string} */
    value: (lever, value) => [named(lever, value), numberOf(lever, value)].filter(Boolean).join(', '),
    brief: numberOf,
    /** @type {(name: string, value: number) => string} */
    plain: (name, value) => FACELESS[name]?.modes?.[value] ?? trimmed(value), // of a number without a face
    was: (text, before) => `${text}, was ${before}`,
    fixed: 'fixed by your own people',
    locked: 'locked',
    /** @type {(text: string) => string} */
    lockedAt: (text) => `${text}, locked`,
    lockedMore: 'Whoever made this file keeps it as it is.',
    fromStart: 'acts from the first day',
    modes: ['Teams decide', 'Mandate', 'Forbid'],
    marks: ['○', '+', '–'],
    perWeek: (h) => `${trimmed(h)} h`,
    perWeekLong: (name, h) => `${name}, ${trimmed(h)} hours a week`,
    when: (d) => (d ? `Levers act from day ${thousands(d)} on` : 'Levers act from the first day'),
  },
  // what a change is called, in a sentence and on a flag
  /**
   * @param {Record<string, LeverAbout>} levers
   * @param {string} name
   * @param {number} value
   * @param {number} before
   * @returns {string}
   */
  change: (levers, name, value, before) => {
    const lever = levers[name],
      said = lever?.change ?? FACELESS[name];
    if (said && 'one' in said)
      return said.spelled ? `${count(value)} ${value > 1 ? said.many : said.one}` : plural(value, said.one, said.many);
    if (said && 'more' in said)
      return (value > before ? said.more : said.less).replace('{value}', () => numberOf(lever, value));
    if (said && 'modes' in said) return said.modes[value];
    const plain = words.levers.nameOf(levers, name),
      low = plain.charAt(0).toLowerCase() + plain.slice(1);
    return lever && !lever.scale
      ? [`${low} left to the teams`, `${low} mandated`, `${low} forbidden`][value]
      : `${low} ${lever ? numberOf(lever, value) : trimmed(value)}`;
  },
  shocks: {
    'liaison leaves': 'the liaison leaves',
    reorganization: 'a reorganization',
    deception: 'a deception comes out',
    training: 'joint training',
    'broken promise': 'a broken promise',
  },
  flags: {
    /** @type {(levers: Record<string, LeverAbout>, name: string) => string} */
    of: (levers, name) =>
      levers[name]?.flag || (FACELESS[name] ? faceless(name) : name.replace(/^[^.]*\./, '').replaceAll('_', ' ')),
    more: (first, n) => `${first} and ${count(n)} more`,
  },
  head: {
    never: 'Nothing has been played yet',
    neverMore: (question) => `Press Play and watch what happens. ${question}`.trim(),
    before: (d) => `Day ${thousands(d)}, before the first audit`,
    // "Defined for three quarters, and climbing"
    stage: (stage, quarters, move) =>
      `${STAGES[stage]} for ${quartersLong(quarters)}${move === null ? '' : move >= 2 ? ', and climbing' : move <= -2 ? ', and sinking' : ', and level'}`,
    shortStage: (stage, quarters, move) =>
      stage
        ? `${STAGES[stage]} for ${quartersLong(quarters)}${move === null ? '' : move >= 2 ? ', climbing' : move <= -2 ? ', sinking' : ', level'}.`
        : 'Before the first audit.',
    unlike: 'Unlike the baseline: ',
    other: (title, than) => `${title} in place of ${than}`,
    since: (d) => (d ? ` since day ${thousands(d)}` : ' from the first day'),
    earlier: (n) => (n === 1 ? 'one older change' : `${count(n)} older changes`),
    nothing: 'As the baseline. ',
    again: 'As the baseline again. ',
    rest: '; all else as in the baseline. ',
    comma: ', ',
    semicolon: '; ',
    dot: '. ',
    talks: (work, complaints) =>
      work + complaints === 0
        ? 'No one crossed the gap this week.'
        : `This week ${plural(work, 'talk')} about work, ${complaints} about complaints.`,
    silent: (days) => `No one crossed the gap in the last ${days} days.`,
    called: (n) => `${thousands(n)} never called this quarter.`,
    broke: 'The money has run out',
    brokeMore: (d, whose = '') =>
      `On day ${thousands(d)} the cash${whose ? ` of ${whose}` : ''} was gone. The firm has ended.`,
  },
  floor: {
    label: (m, s, l, lost) =>
      `The floor: ${plural(m, 'marketer')}, ${l ? `${plural(l, 'liaison')}, ` : ''}${plural(s, 'salesperson', 'salespeople')}. ${plural(lost, 'lead')} died in the gap this quarter.`,
    marketing: (n) => `Marketing, ${plural(n, 'person', 'people')}`,
    sales: (n) => `Sales, ${plural(n, 'person', 'people')}`,
    marketingShort: 'Marketing',
    salesShort: 'Sales',
    /** @type {(lever: LeverAbout, m: number) => string} */
    distance: (lever, m) => `${numberOf(lever, m)}, ${named(lever, m)}`,
    liaison: (n) => (n === 1 ? 'Liaison' : `${n} liaisons`),
    was: (name) => `Liaison, was ${name}`,
    steps: ['Inquiry', 'Nurtured', 'Sent back', 'Handed off', 'Accepted', 'Opportunity', 'Won'],
    stepsShort: ['Inq.', 'Nurt.', 'Back', 'Handed off', 'Acc.', 'Opp.', 'Won'],
    ends: [
      (n) => `${thousands(n)} lost`,
      (n) => `${thousands(n)} lost`,
      (n) => `${thousands(n)} lost`,
      (n) => `${thousands(n)} never called`,
      (n) => `${thousands(n)} lost`,
      (n) => `${thousands(n)} lost`,
      (n) => `${thousands(n)} won`,
    ],
    endsShort: (n) => thousands(n),
    endsBrief: (n) => `${thousands(n / 1000)}k`,
    // of Marketing's leads that ended this quarter: of those that came so far, and of all
    rates: (rate, share, long) =>
      rate === null
        ? ''
        : long
          ? `${Math.round(100 * rate)} % of those so far, ${Math.round(100 * share)} % of all`
          : `${Math.round(100 * rate)} % · ${Math.round(100 * share)} %`,
    neverCalled: 'never called',
    quarter: 'Piles: this quarter',
    ofRates: ', % here · of all', // what stands under the piles, where there is room for it
    silent: 'Marketing and Sales did not talk this quarter.',
    silentMore: ['That is what ', 'undefined', ' looks like.'],
    more: (n) => `and ${plural(n, 'more talk')}`,
    moreShort: (n) => `+${thousands(n)}`,
    each: (n) => `1 mark = ${thousands(n)} leads`,
    people: (n) => `1 mark = ${thousands(n)} people`,
    aggregated: (n, people) =>
      `Too many to draw one by one: one square or circle stands for ${thousands(people)} people, one dot or cross for ${thousands(n)} leads.`,
    person: (name, side) => `${name}, ${side}`,
    lead: (n) => `Lead ${thousands(n)}`,
    fates: [
      'on its way',
      'won',
      'never answered',
      'not qualified',
      'never called',
      'called, not worth it',
      'called, not interested',
      'deal lost',
      'answered too late',
    ],
    states: ['an inquiry', 'being nurtured', 'handed off', 'sent back', 'an opportunity', 'won', 'lost'],
    sides: { m: 'Marketing', s: 'Sales', l: 'liaison' },
  },
  legend: {
    work: 'talk, by trust',
    complaint: 'complaint',
    notes: 'lead with notes',
    without: 'without',
    died: 'died here',
    won: 'won',
    waiting: 'in talks',
    short: 'Solid: talk about work. Broken with !: a complaint. Dots: leads, full with notes. × died here.',
  },
  ladder: {
    title: 'Audit, last 8 quarters',
    short: 'Audit',
    sub: '20 statements, from what people did',
    total: 'total',
    marketing: 'as Marketing sees it',
    sales: 'Sales',
    holds: 'What holds it back',
    note: 'A description, not a grade. What counts is net value.',
    pips: (n) => `${n} of 5`,
    label: (score, stage) => (score ? `Audit total ${total(score)} of 100: ${STAGES[stage]}` : 'No audit yet'),
    none: 'The first audit comes after 65 days.',
    pending: (score, band, stage) =>
      `The total of ${total(score)} stands in ${NUMERALS[band]}; the stage is still ${NUMERALS[stage]}, because a stage counts after two quarters in its band.`,
    pendingShort: (score, band) => `Total ${total(score)} in ${NUMERALS[band]}; two quarters make a stage.`,
    phone: (score) => `Audit: ${total(score)} of 100`,
    arm: (name) => `Audit, ${name}`,
    items: [
      'Sales forecasts that come true',
      'Bad quarters without blame',
      'Marketers with us at key customers',
      'Sales asked into marketing plans',
      'Material worth using',
      'Sales tells how leads fared',
      'Shared words for a good lead',
      'The two heads exchange ideas',
      'Segments worked out together',
      'Talks about chances, not quarrels',
      'Heads plan the offer together',
      'The same measures for both',
      'Marketing in key-account strategy',
      'One pipeline, built by both',
      'Marketing studies the funnel',
      'The teams rise or fall together',
      'One person answers for both',
      'People move between the teams',
      'Learning and training together',
      'Each helps the other plan',
    ],
  },
  // product, promotion, placement and price, as they stand at a quarter's end
  decisions: {
    title: 'The four Ps',
    caption: 'Product, promotion, place and price, as they stand since the last quarter’s end',
    names: ['Product', 'Promotion', 'Place', 'Price'],
    columns: ['Led by', 'Heard', 'Since day', 'Quality'],
    teams: { marketing: 'Marketing: ', sales: 'Sales: ' },
    leads: (team) => `${team === 'marketing' ? 'Marketing' : 'Sales'} leads: `,
    heard: ['no', 'yes'],
    since: (day) => (day === null ? 'start' : thousands(day)),
    good: (quality) => quality.toFixed(2),
    // by the code of who settles, where it is one person
    settled: { 2: 'Who owns the result settles all four.', 3: 'The one chief settles all four.' },
    row: ({ name, leads, heard, since, good }) =>
      `${name}: ${leads === 'marketing' ? 'Marketing' : 'Sales'} leads, ${leads === 'marketing' ? 'Sales' : 'Marketing'} was ${heard ? '' : 'not '}heard; since ${since === 'start' ? 'the start' : `day ${since}`}; quality ${good}, where 1 is what the market really asks for.`,
  },
  strip: {
    revenue: 'Revenue',
    contribution: 'Contribution',
    units: { revenue: 'M€ a year', contribution: 'M€ a year' },
    worth: (now, first, net, end) =>
      now === null
        ? []
        : [
            `Customer equity ${money(now)} M€`,
            `, ${signedLike(now - first, now)} since day 0`,
            '. ',
            net === null ? '' : `Net value ${end ? 'of the run ' : ''}${money(net)} M€${end ? '' : ' if all stays'}.`,
          ],
    noWeek: 'no whole week was lived',
    money,
    against: (d) => `${signedMoney(d)} against the baseline`,
    noise: (d) => `${signedMoney(d)}, inside the noise so far`,
    equal: 'as the baseline',
    leftOut: 'R&D, G&A, service not modelled',
    noiseShort: (d) => `${signedMoney(d)}, inside the noise`,
    band: (n) => `${thousands(n)} markets`,
    baseline: 'baseline',
    ahead: 'if all stays',
    stage: 'Stage',
    year: (n) => `Year ${n}`,
    notYet: 'Not played yet',
    updating: 'updating',
    scrubber: 'Day',
    scrubberNow: (d) => `Day ${thousands(d)}`,
    handle: (d) => `◂ ${thousands(d)} ▸`,
    progress: (done, of) => `${done} of ${of} markets`,
    label: 'Revenue and contribution a year over the whole run',
    tooLarge: 'Too many people to run 30 markets beside the page; `baton compare` does it.',
  },
  pause: {
    /**
     * @param {number} day
     * @param {number} from
     * @param {number} to
     * @param {[number, number, number][]} moved
     * @param {string} [arm]
     * @returns {string}
     */
    change: (day, from, to, moved, arm) =>
      `Day ${thousands(day)}${arm ? `, ${arm}` : ''}: from ${STAGES[from].toLowerCase()} to ${STAGES[to].toLowerCase()}.${moved.length ? ` What moved most: ${moved.map(([i, a, b]) => `${words.ladder.items[i].toLowerCase()}, ${a} to ${b}`).join('; ')}.` : ''}`,
    go: 'Go on',
    end: (day) => `Day ${thousands(day)}: the end of the run.`,
  },
  compare: {
    title: 'What differs',
    same: 'Everything else is set the same.',
    again: 'Everything is set the same again.',
    notYet: 'Nothing differs up to this day.',
    later: 'More differs on later days.',
    numbers: 'All other numbers are the same; what happens to each by itself may differ.',
    moreDiffer: (n) => `And ${count(n)} more.`,
    nothing: 'Nothing differs yet. Move a lever, or choose another organization for B.',
    one: 'One market',
    check: (same, both) => [
      'The same leads walk into both. Check: ',
      `${thousands(same)} of ${thousands(both)}`,
      ' arrivals identical.',
    ],
    only: (a, b) => `Beside them ${thousands(a)} came to A alone, ${thousands(b)} to B alone.`,
    other: 'The two are not in the same market: their markets are of different size.',
    years: (n) => (n === 1 ? 'One year' : `${count(n).charAt(0).toUpperCase()}${count(n).slice(1)} years`),
    days: (n) => `${thousands(n)} days`,
    head: (time, n) => (n ? `${time}, mean of ${thousands(n)} markets` : time),
    rows: {
      revenue: ['Revenue', 'M€'],
      contribution: ['Contribution', 'M€'],
      equity_change: ['Customer equity, change', 'M€'],
      net_value: ['Net value', 'M€'],
      followed_up: ['Called', '%'],
      score: ['Audit', 'of 100'],
    },
    columns: ['', 'A', 'B', 'B − A'],
    to: (a, b) => `${a} to ${b}`,
    noInterval: 'no interval',
    marks: (n) => `On the floors 1 mark is ${thousands(n)} leads; piles are those of this quarter so far.`,
    note: 'Below each difference its 95 % interval. Net value: contribution plus the change in customer equity, both discounted to day 0. R&D, G&A and service are not modelled.',
    running: (done, of) => `${done} of ${of} markets …`,
    a: 'A',
    b: 'B',
    and: ' and ',
    plan: 'Plan',
    baselineName: 'Baseline',
    changes: (n) => `Plan: ${thousands(n)} changes`,
    both: '; ',
    since: (d) => (d ? `since day ${thousands(d)}` : 'from the first day'),
    difference: 'Contribution a year, B − A',
    unit: (t) => `${t} M€ a year`,
    noise: 'So far inside the noise',
    sure: (n, low, high) => `${thousands(n)} markets, mean: ${low} to ${high}`,
    years5: (low, high) => `At the end: ${low} to ${high}`,
    starts: (text) => text,
    cannot: 'We cannot tell these apart',
    between: (n, low, high) => `${n} markets: between ${low} and ${high}`,
    rings: 'Net value, discounted, B − A. One ring is one market; the bar is the 95 % interval of the mean.',
    none: 'no difference',
    better: (text) => `B is worth ${text} more`,
    settle: 'To tell them apart',
    settleMore: (n, percent, seconds) =>
      `${n} markets would settle any difference above ${percent} %. About ${seconds} seconds.`,
    run: (n) => `Run ${n} markets`,
    next: 'Next',
    nextMore: (text) => `What is the difference of ${text} M€ made of?`,
    why: 'Why?',
    back: 'Back to one floor',
    percent: (p) =>
      `${p > 0 ? '+' : p < 0 ? '−' : ''}${Math.abs(p)
        .toFixed(Math.abs(p) < 9.95 ? 1 : 0)
        .replace('.0', '')} %`,
    // one prospect, which each organization numbers for itself
    lead: (a, b) =>
      a === b || b === null
        ? `Lead ${thousands(a)}`
        : a === null
          ? `Lead ${thousands(b)}`
          : `Lead ${thousands(a)} of A, ${thousands(b)} of B`,
    leadAt: (name, where) => `${name}: ${where}`,
    label: 'Two organizations, one stream of leads',
    choose: 'Organization',
    own: 'as A, with your changes',
  },
  notice: {
    lost: 'Connection lost. What you have seen is kept; trying again …',
    back: 'Connected again.',
    refused: (why) => `Not let in: ${why}.`,
    fault: (why) => why,
    close: 'Close',
    getting: (title) => `Updating: ${title} …`,
    equalPlans: 'The plan is the same as the baseline.',
  },
  story: {
    title: 'History',
    close: 'Close',
    loading: 'Looking it up …',
    person: (p) => {
      const said = [];
      const side = { marketing: 'Marketing', sales: 'Sales', liaison: 'the gap, as liaison' }[p.team];
      said.push(
        p.joined > 0
          ? `Works in ${side}; came on day ${thousands(p.joined)}${p.before ? ', in place of somebody who left' : ''}.`
          : `Works in ${side}; was there before the first day.`,
      );
      if (p.ties)
        said.push(
          `Can reach ${plural(p.ties, 'person', 'people')} across the gap${p.complaints ? `, and ${p.complaints === 1 ? 'one open complaint stands' : `${count(p.complaints)} open complaints stand`} between them` : ''}.`,
        );
      if (p.trusts !== null) said.push(`Trusts them ${trimmed(p.trusts)} of 1, and is trusted ${trimmed(p.trusted)}.`);
      said.push(
        `Shares ${Math.round(p.language * 100)} % of the other team's language; ${p.load > 1 ? `has ${trimmed(p.load)} days' work a day` : `${Math.round(p.load * 100)} % of the day is spent`}.`,
      );
      if (p.team === 'sales')
        said.push(p.open_deals ? `Works on ${plural(p.open_deals, 'open deal')}.` : 'Has no open deal.');
      return said;
    },
    now: (d) => `As of day ${thousands(d)}`,
  },
  help: {
    title: 'Keys',
    close: 'Close',
    keys: [
      ['Space', 'play or pause'],
      ['.', 'one day on'],
      [',', 'one day back'],
      ['R', 'replay the last change'],
      ['B', 'show or hide the baseline'],
      ['C', 'compare with the baseline'],
      ['P', 'projection; Esc leaves it'],
      ['N', 'next card of a lesson'],
      ['Z', 'undo'],
      ['Y', 'redo'],
      ['S', 'copy the link'],
      ['?', 'this list'],
    ],
    marks: 'Marks',
    note: 'No source says how fast firms move between the stages: read comparisons and orders here, not speeds.',
  },
  project: {
    net: 'Contribution, M€ a year',
    where: (d, m, n) =>
      `Day ${thousands(d)}, market ${thousands(m)}${n > 1 ? `; 1 mark = ${thousands(n)} leads` : ''}; piles: this quarter so far`,
    audit: 'Audit',
  },
  lesson: {
    label: 'Lesson',
    pick: 'Lesson',
    missing: (name) => `There is no lesson ${name}. This is the page without one.`,
    of: (i, n) => `${i} of ${n}`,
    bet: (n) => `bet ${n}`,
    slider: 'Your bet, out of 100',
    ends: ['none', 'all'],
    place: 'Place my bet',
    stays: 'A bet that is placed stays.',
    reveal: 'Reveal',
    revealAll: 'Reveal on every screen',
    revealing: 'Revealing',
    waits: 'Wait for the reveal',
    toBeDrawn:
      'The market of this bet is drawn when it is revealed: the same firm, other prospects. Nobody has it yet.',
    inMarket: (market) => `(market ${market})`,
    drawn: (market) => `Drawn just now for all of you: market ${market}.`,
    front: 'Your bet is placed, and stays. It is revealed on every screen at once, from the front.',
    soFar: (tried, handed) => `So far this quarter: ${plural(tried, 'call')} to ${plural(handed, 'lead')} handed over.`,
    markets: (done, of) => `${thousands(done)} of ${thousands(of)} markets are played.`,
    choose: 'Choose one, then place the bet.',
    yours: (bet) => `You said ${bet}.`,
    playing: (d) => `The bet stands. Watch until day ${thousands(d)}.`,
    computing: 'Thirty markets are being played …',
    later: 'Your class sees this when the bet is revealed.',
    dots: (n, what) => `${thousands(n)} ${what}`,
    answerDots: (n, bet) => `${thousands(n)} of 100${bet === null ? '' : `; your bet was ${thousands(bet)}`}.`,
    dotsKey: (placed) => `Dots were called, crosses were not.${placed ? ' The ring is your bet.' : ''}`,
    counts: (tried, handed) =>
      `In numbers: ${plural(tried, 'call')} to ${plural(handed, 'lead')} that ${handed === 1 ? 'was' : 'were'} handed over.`,
    pile: (n) =>
      `The pile in the gap is another count: ${plural(n, 'lead')} that ended uncalled this quarter, handed over in it or before.`,
    off: (bet, answer) =>
      bet === answer
        ? 'Your bet was exactly right. '
        : `Your bet was ${thousands(Math.abs(bet - answer))} too ${bet > answer ? 'high' : 'low'}. `,
    right: 'You were right. ',
    wrong: (option) => `You said “${option}”. `,
    moves: { talk: 'Talks a week', calls: 'Calls, of 100', score: 'Audit', revenue: 'Revenue, M€ a year' },
    movesHead: ['', 'without', 'with', 'moved by a tenth'],
    movesCaption: (d) => `The quarter that ends on day ${thousands(d)}, without the change and with it`,
    quarter: (q) => (q === null ? 'not yet' : q === 1 ? 'in the first quarter' : `in quarter ${q} after`),
    number: (name, v) => (v === null || v === undefined ? '–' : name === 'revenue' ? money(v) : thousands(v)),
    nothing: 'Nothing moved by a tenth',
    net: (low, high, n) =>
      `Difference in net value over five years, mean of ${thousands(n)} markets: between ${signedMoney(low)} and ${signedMoney(high, low)} M€ (95 %).`,
    netDots: (better, n) =>
      `Better in ${thousands(better)} of ${thousands(n)} markets. A dot is a market where it was better.`,
    next: 'Next card',
    back: 'Card before',
    again: 'Play this card again',
    beginAgain: 'Forget all bets and begin again',
    restart: 'Try again',
    noLever: (n) => `No lever moves on this card. The sandbox is card ${n}.`,
    oneLever: 'Only this lever moves here. Move it and see.',
    allLevers: 'All levers move.',
    until: (d) => `Plays until day ${thousands(d)}.`,
    seen: 'Played. Look around, then go on.',
    counter: 'Talking hours a week',
    counterOf: (most) => `of at most ${thousands(most)}`,
    counterMean: (d) => `mean up to day ${thousands(d)}`,
    target: (stage, d) => `Wanted: ${STAGES[stage]} by day ${thousands(d)}`,
    now: (stage) => (stage ? `Now: ${STAGES[stage]}` : 'Now: before the first audit'),
    over: 'over the limit',
    within: 'within the limit',
    reached: (stage, hours, d) =>
      `${STAGES[stage]} was reached by day ${thousands(d)}, with ${thousands(hours)} talking hours a week.`,
    missed: (stage, best, hours, d) =>
      `By day ${thousands(d)} the firm came to ${STAGES[best] || 'no stage'}, with ${thousands(hours)} talking hours a week. Wanted: ${STAGES[stage]}.`,
    debrief: 'Open the debrief',
    facilitator: 'Open the facilitator’s window',
    close: 'Back to the page',
    print: 'Print, two sheets',
    sheet: (n) => `Sheet ${n} of 2`,
    debriefHead: ['Question', 'Bet', 'What happened', 'What the model shows'],
    noBet: 'no bet',
    talkAbout: 'To talk about',
    ticket: 'Exit ticket',
    name: 'Name',
    limits: 'What this cannot say',
    made: (version, market) => `Baton ${version}, market ${thousands(market)}.`,
    projectedBet: (n) => `Bet ${n}`,
    classTitle: 'Bets of the class',
    classNumbers: (n, high, close, low) =>
      `Of ${thousands(n)} bets ${thousands(high)} were too high, ${thousands(close)} close, ${thousands(low)} too low.`,
    classMiddle: (n, middle) => `${thousands(n)} bets; the middle one is ${thousands(middle)}.`,
    classMiddleShort: (middle, n) => `class: ${thousands(middle)}, the middle one of ${thousands(n)}`,
    classMost: (text, n, of) => `class: “${text}”, ${thousands(n)} of ${thousands(of)}`,
    classCount: (n) => `${thousands(n)} bets.`,
    classRight: (n, of) => `${thousands(n)} of ${thousands(of)} bet on what happened.`,
    haveBet: (n, of) => `${thousands(n)} of ${thousands(of)} have bet`,
    locked: 'Bet first',
  },
  facilitator: {
    title: 'Facilitator',
    waiting: 'Open a lesson in another window, by the same link. This window finds it by itself.',
    only: 'Windows that joined by the link are counted, and nobody’s name is known. For bets on paper or by hand, count here.',
    card: (i, n) => `Card ${i} of ${n}`,
    planned: (m) => `planned: ${plural(m, 'minute')}`,
    timer: (s) => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`,
    late: 'over time',
    say: 'Say',
    look: 'Look here',
    places: { gap: 'The gap', ladder: 'The audit', strip: 'The lines', head: 'The headline' },
    bets: 'Who has bet',
    has: (n, of) =>
      of ? `${thousands(n)} of ${plural(of, 'window')} ${of === 1 ? 'has' : 'have'} bet` : 'Nobody has joined yet.',
    closeBets: 'Close the bets and show them',
    openBets: 'Open the bets again',
    reveal: 'Reveal on every screen',
    revealed: 'The reveal has begun.',
    closed: 'The bets are closed; late ones are not counted.',
    tooFew: 'Fewer than two bets are not shown: one alone would tell whose it is.',
    come: 'Bring everybody to this card',
    joined: (n) => `${plural(n, 'window')} joined`,
    lost: 'Connection lost; trying again …',
    noBet: 'no bet on this card',
    hands: 'Bets in the room',
    room: 'People in the room',
    more: 'One more has bet',
    fewer: 'One fewer',
    next: 'Next card',
    back: 'Card before',
    hidden: 'What was bet is shown nowhere before the bets are closed: a bet that was seen pulls the others.',
    after: 'Next comes',
    last: 'This is the last card.',
  },
  share: {
    title: 'Share what you see',
    link: 'Link',
    copy: 'Copy link',
    copied: 'Link copied.',
    onDisk:
      'This page is a file: its link opens on this computer alone. Send the file, and beside it what stands from # on.',
    byHand: 'This browser does not let a page copy: press Ctrl C.',
    carries:
      'The link carries every change with its day, the market, the day and the view. Nothing is stored anywhere.',
    tooLong: (n) => `So many changes do not fit into a link of ${n} characters. Undo some, or write a scenario file.`,
    own: (name) => `${name}: a link names a shipped scenario; mail the file itself.`,
    ownFile: (name) =>
      `${name} is in this file alone: whoever has the very same file sees the same with what stands from # on.`,
    cite: 'Cite this run',
    citeMore:
      'The hash is that of everything in the model when the run ends: whoever lives the same run, on this page, by the command or in Python, gets the same.',
    copyCite: 'Copy citation',
    citeCopied: 'Citation copied.',
    reckoning: 'The run is lived to its end for its hash …',
    noHash: 'The hash could not be had; open this again when the page is connected.',
    /** @type {(about: About, plan: Plan, ends: {day: number, state: string}[]) => string} */
    cited: (about, plan, ends) => {
      const first = ends.length > 1 ? plan.base : plan.organization,
        named = ({ scenario, changes }) =>
          `${scenario}${changes.length ? ` with ${plural(changes.length, 'dated change', 'dated changes')}` : ''}`,
        of = [first, plan.organization].slice(0, ends.length);
      const states = of.map((each, i) => `${named(each)}: state ${ends[i].state} on day ${ends[i].day}`);
      return `Baton ${about.version} (rules ${about.model}), market ${plan.seed}; ${states.join('; ')}`;
    },
    file: 'As a file',
    fileMore: 'This command writes a page of its own that plays the run without Baton and without a network:',
    cut: 'This link was cut, or changed on its way: copy it anew, as a whole',
    nobody: 'This link could not be read: it names no organization',
    unversioned: 'This link could not be read: it names no version of Baton',
    part: (name) => `This link could not be read: ${quoted(name)} is no part of a link`,
    twice: (name) => `This link could not be read: ${quoted(name)} stands in it twice`,
    view: (name) => `This link could not be read: there is no view ${quoted(name)}`,
    market: (text) => `This link could not be read: ${quoted(text)} is no market`,
    day: (text) => `This link could not be read: ${quoted(text)} is no day`,
    change: (text) => `This link could not be read: ${quoted(text)} is no change of a lever on a day`,
    late: (day, days) => `This link changes something on day ${day}, and the run ends on day ${days}`,
    value: (lever, text) => `This link sets a lever to what it cannot be (${lever}: ${quoted(text)})`,
    starts: (lever, day) => `This link moves on day ${day} what acts from the first day alone (${lever})`,
    many: (n) => `This link carries more than ${n} changes`,
    /** @type {(label: string) => string} */
    locked: (label) => `This link moves what this file keeps as it is (${label})`,
    unknown: (name) => `This link is about an organization that is not here (${quoted(name)})`,
    lever: (code) => `This link moves a lever that this version does not know (${quoted(code)})`,
    instead: (fault, title) => `${fault}; this is ${title.charAt(0).toLowerCase()}${title.slice(1)}.`,
    asBefore: (fault) => `${fault}; nothing has changed.`,
    version: (theirs, ours) =>
      `This link was made with other rules (Baton ${theirs || 'unknown'}; here: ${ours}): numbers may differ from those its sender saw.`,
  },
  info: {
    title: 'About the model',
    open: 'About the model, and things to try',
    whyTitle: 'Why should I believe this?',
    believe:
      'You need not. The model turns what Kotler, Rackham and Krishnaswamy describe, and what studies of trust, distance and handoffs found, into daily rules; each number has a source or is called an assumption. Every comparison shows the same prospects to both organizations, so that a difference is not luck, and says when 30 markets cannot tell two plans apart. Known answers, patterns it was not fitted to and its failures are listed in the validation. It predicts no firm’s revenue, and no source says how fast firms move between stages: read directions and orders, not speeds.',
    texts: { limits: 'What it cannot say (limits)', validation: 'What was tested (validation)' },
    packaged: {
      limits: 'Limits: read directions and orders, not amounts or speeds.',
      validation: 'Validation: who has Baton sees what is tested by baton validate --quick.',
    },
    before: [
      [
        'What is it?',
        'Marketing and Sales of one firm, person by person and day by day, as they move, or do not, through four stages: undefined, defined, aligned, integrated.',
      ],
      [
        'How it works',
        'Prospects come and ask; marketers answer, qualify and hand over; salespeople call or do not. People talk across the gap when it is worth its price in hours. Talks that keep promises build trust, broken ones cost it; twenty audit statements are answered from what people did, and their total is the stage.',
      ],
      [
        'How to use it',
        'Press Play. Move a lever on any day: it acts from that day on. C holds the plan against the baseline with the same prospects in both, Why says what the difference is made of, S copies a link.',
      ],
      [
        'The four Ps',
        'Every quarter product, promotion, place and price are decided: the first two by Marketing, the other two by Sales, each by what it believes of the market. The other team is heard or not; a decision counts the more, the nearer it is to what customers need and the firm can bring. Beneath the audit stands who led, who was heard, since when, and how good each is: 1 is the truth.',
      ],
      [
        'Things to notice',
        'Where leads die, and when talk is about complaints rather than work. Each stage is a description; the score is net value, after the cost of working together.',
      ],
    ],
    tryTitle: 'Things to try',
    tries: {
      liaison: ['One liaison', 'Somebody in the gap whom both trust: more leads are called, fewer talks are quarrels.'],
      distance: [
        'Two kilometres apart',
        'Another building: fewer leads are called, and most talk is about complaints.',
      ],
      dear: ['Dear talk', 'Two hours for each contact: fewer leads are called, and the audit total falls.'],
      distrusted: ['A liaison Sales distrusts', 'Worse than none: the audit total falls, quarrels grow.'],
      small: [
        'A liaison in a small firm',
        'Eight people, a simple offer, a liaison from day 130 on: the audit total rises, net value does not.',
      ],
    },
    after: [
      [
        'Extending the model',
        'Every rule is a short file of its own, every number a lever with its source: `baton levers --all` lists them, and scenarios are text files.',
      ],
      [
        'Related models',
        'The Virtual Design Team and OrgAhead (organizations as people who pass on work), and models of trust in repeated exchange.',
      ],
      [
        'Credits and references',
        'P. Kotler, N. Rackham and S. Krishnaswamy: Ending the War Between Sales and Marketing. Harvard Business Review, July 2006. All sources stand beside the numbers they support.',
      ],
    ],
  },
  why: {
    a: 'Baseline',
    b: 'Plan',
    ways: 'Explain',
    byLever: 'By lever',
    byFunnel: 'By funnel step',
    back: 'Back',
    working: 'Running both organizations, with some of the changes and with all …',
    queued: 'Waiting for its turn …',
    left: 'The days pass again; Why opens anew from Compare.',
    none: 'This cannot be explained here',
    same: 'The plan is the same as the baseline: move a lever first.',
    leads: 'Leads in the bar',
    label: 'Waterfall from the baseline to the plan',
    choose: 'Choose a bar to see the leads inside it.',
    years: (days) =>
      days % 260 === 0 ? `${count(days / 260)} year${days === 260 ? '' : 's'}` : `${thousands(days)} days`,
    /**
     * @param {Record<string, LeverAbout>} levers
     * @param {string} figure
     * @param {string} unit
     * @param {boolean} better
     * @param {number} days
     * @param {any} most
     * @param {boolean} alone
     * @returns {string}
     */
    headline: (levers, figure, unit, better, days, most, alone) =>
      `The plan is worth ${figure} ${unit} ${better ? 'more' : 'less'} over ${words.why.years(days)}${most ? `; ${alone ? 'all' : 'most'} of it: ${words.why.inside(levers, most)}` : ''}`,
    cannot: (n) => `We cannot tell the two apart from ${n} markets`,
    /**
     * @param {string} unit
     * @param {number} days
     * @param {number} n
     * @returns {string}
     */
    note: (unit, days, n) =>
      `Net value, ${unit} over ${words.why.years(days)}: contribution plus the change in customer equity, both discounted to day 0. Mean of ${n} markets; whiskers 95 %.`,
    figure: fixed,
    signed: (value, digits) => (Number(value.toFixed(digits)) === 0 ? '0' : sign(value, digits)),
    axis: (value, step) => minus(places(value, step)),
    interval: (low, high, digits) => `${sign(low, digits)} to ${sign(high, digits)}`,
    noise: 'inside the noise',
    noiseShort: 'noise',
    sum: (parts, whole, digits, unit) => {
      const shown = parts.filter((each) => Number(each.toFixed(digits)) !== 0);
      const said = shown.map((each, i) =>
        i ? `${each < 0 ? '−' : '+'} ${Math.abs(each).toFixed(digits)}` : minus(each.toFixed(digits)),
      );
      return `${said.length ? said.join(' ') : '0'} = ${minus(whole.toFixed(digits))} ${unit}.`;
    },
    addsLever: (n) =>
      n === 1
        ? 'The bars always add up. Filled adds, hatched takes away.'
        : `The bars always add up. Each is a lever's average part over all orders of changing the ${count(n)}; filled adds, hatched takes away.`,
    addsFunnel:
      'The bars always add up: each prospect counts where its two lives part. Steps that come to nothing are left out.',
    bar: (name, figure, unit, noise) =>
      `${name}: ${figure} ${unit}${noise ? ', inside the noise' : ''}. Open its leads.`,
    // A bar's name: a lever moved, or a step of the funnel
    /**
     * @param {Record<string, LeverAbout>} levers
     * @param {any} bar
     * @returns {string}
     */
    name: (levers, bar) =>
      bar.moved.length
        ? bar.moved
            .map(
              (each) =>
                words.change(levers, each.name, each.to, each.before) +
                (each.day ? `, day ${thousands(each.day)}` : ''),
            )
            .join('; ')
        : words.why.steps[bar.name]?.[0] || bar.name,
    /**
     * @param {Record<string, LeverAbout>} levers
     * @param {any} bar
     * @returns {string}
     */
    inside: (levers, bar) =>
      bar.moved.length ? words.why.name(levers, bar) : words.why.name(levers, bar).toLowerCase(),
    /**
     * @param {Record<string, LeverAbout>} levers
     * @param {any} bar
     * @returns {string}
     */
    short: (levers, bar) =>
      bar.moved.length
        ? bar.moved.map((each) => words.change(levers, each.name, each.to, each.before)).join('; ')
        : words.why.steps[bar.name]?.[1] || words.why.steps[bar.name]?.[0] || bar.name,
    steps: {
      'leads found': ['Leads found'],
      'passed on': ['Passed on'],
      'followed up in time': ['Called in time'],
      fitting: ['Fitting'],
      won: ['Won'],
      'own prospects': ["Reps' own prospects", 'Own finds'],
      'sooner or later': ['Sooner or later', 'Sooner, later'],
      'contract size': ['Contract size', 'Size'],
      kept: ['Kept'],
      grown: ['Grown'],
      'worth of customers': ['Worth of customers', 'Worth after'],
      'special terms': ['Special terms'],
      payroll: ['Payroll'],
      programmes: ['Programmes', 'Ads, fairs'],
      'hiring and reorganizing': ['Hiring and reorganizing', 'Hiring'],
      'customers at the start': ['Customers at the start', 'First clients'],
      'margin and discount': ['Margin and discount', 'Margin'],
      'after the money ran out': ['After the money ran out', 'After the end'],
      'not explained': ['Not explained', 'Rest'],
    },
    meanings: {
      'leads found': 'Found by Marketing in one of the two only.',
      'passed on': 'Answered, qualified and handed over in one only.',
      'followed up in time': 'Called in one only, or only there while still interested.',
      fitting: 'Fitted well enough to become a deal in one only.',
      won: 'The deal was won in one only.',
      'own prospects': "A rep's own prospect, found or won in one only.",
      'sooner or later': 'Signed earlier, or still under way at the end.',
      'contract size': 'Signed in both, for more.',
      kept: 'Stayed longer.',
      grown: 'Bought more at renewal.',
      'worth of customers': 'Of those whom both kept: their worth after the run.',
      'special terms': 'Cost of special terms.',
      payroll: 'Cost of seats; no lead is inside.',
      programmes: "Cost of Marketing's programmes; no lead is inside.",
      'hiring and reorganizing': 'Cost of newcomers and new structures; no lead is inside.',
      'customers at the start': 'A customer of day 0 in one only.',
      'margin and discount': 'The same contracts at another margin or discount.',
      'after the money ran out': 'All that came after one of the two had ended.',
      'not explained': 'What no step explains.',
    },
    leverLeads: 'Leads whose lives part when this lever alone is moved.',
    barTitle: (name, figure) => `${name.charAt(0).toUpperCase()}${name.slice(1)}, ${figure}`,
    inMarket: (market, figure, unit) => `Leads of market ${thousands(market)}, where this bar is ${figure} ${unit}.`,
    usual: (market, n, here) =>
      market === here
        ? 'It is the market that the floor shows.'
        : `The floor shows market ${thousands(here)}; this one comes nearest to the mean of the ${thousands(n)}.`,
    ways_: (n, { lost_won: better, won_lost: worse, other }) =>
      n
        ? `${plural(n, 'prospect')} ended differently: ${thousands(better)} lost or missed and now won, ${thousands(worse)} won and now not, ${thousands(other)} otherwise.`
        : 'No lead is inside this bar.',
    /**
     * @param {string} way
     * @returns {string[]}
     */
    columns: (way) => (way === 'lever' ? ['Lead', 'Without', 'With', 'k€'] : ['Lead', words.why.a, words.why.b, 'k€']),
    /**
     * @param {string} way
     * @returns {Record<string, string>}
     */
    sides: (way) => (way === 'lever' ? { a: 'Without', b: 'With' } : { a: words.why.a, b: words.why.b }),
    number: (n) => thousands(n),
    thousands: (value) => `${value < 0 ? '−' : '+'}${thousands(Math.abs(value))}`,
    some: (n, of, way) => `${n} of ${thousands(of)}, largest ${way < 0 ? 'loss' : 'gain'} first.`,
    twice: (n) => `Lead ${thousands(n)}, twice`,
  },
  live: {
    stopped: 'The model in this page stopped. Open the page again; your plan stands in its address.',
  },
  replay: {
    recorded: (version, rules) => `A recording (Baton ${version}, rules ${rules}): levers are shown, not moved.`,
    warning: (what) => `Take care: ${what}.`,
    untold: 'Nothing is recorded about this lead on this day.',
    newcomer: 'This person came after the last audit; the recording knows people as of each quarter.',
  },
  signedMoney,
  fixed,
  trimmed,
  thousands,
  totalOf: total,
};

const hasLetters = /\p{L}/u;
/**
 * Every text in a thing as ⟦text⟧.
 * @param {any} thing
 * @returns {any}
 */
function pseudo(thing) {
  if (typeof thing === 'string') return hasLetters.test(thing) ? `⟦${thing}⟧` : thing;
  if (typeof thing === 'function') return (...given) => pseudo(thing(...given));
  if (Array.isArray(thing)) return thing.map((each) => pseudo(each));
  if (thing && typeof thing === 'object')
    return Object.fromEntries(Object.entries(thing).map(([k, v]) => [k, pseudo(v)]));
  return thing;
}

const isPseudo = typeof location !== 'undefined' && new URLSearchParams(location.search).get('language') === 'pseudo';
/**
 * A thing with these names and no others: TypeScript lets a JavaScript object have any name beside its own.
 * @template T
 * @typedef {T extends Function | readonly unknown[] ? T : T extends object ? { [K in keyof T]: Closed<T[K]> } : T} Closed
 */
/** @type {Closed<typeof words>} */
export const W = isPseudo ? pseudo(words) : words;
