// The first screen: files are dropped, it is seen how they are read, what cannot be known is asked, and they are kept.
// @ts-check
import { h } from '../common/svg.js';
import { doing, faults, forgetFiles, give, run, table, tell } from './ask.js';

const KINDS = ['opportunities', 'history', 'leads', 'lead-history', 'people', 'ties', 'answers'];
const IGNORE = 'ignore';

/** What was said about the files so far, as `baton import` takes it. @type {Record<string, any>} */
let said = {};
/** What the files read as, and the choices it was read by. @type {{done: any, by: string} | null} */
let seen = null;

const choices = () => Object.fromEntries(Object.entries(said).filter(([, value]) => value !== '' && value !== false));

/**
 * @param {any} known
 * @param {() => Promise<void>} again
 */
export function filesScreen(known, again) {
  const look = async () => {
    const by = JSON.stringify(choices());
    seen = { done: await run({ do: 'look', ...choices() }), by };
    await again();
  };
  const start = known.imported
    ? `The folder ${known.firm} holds an import already; other files may replace it.`
    : `What comes of it will lie in the folder ${known.firm}, without names; who is who in a file beside it.`;
  return [
    h('p', { class: 'lead' }, 'Drop what your tools export: opportunities, leads, a people list, ties, a survey.'),
    h('p', { class: 'soft' }, `${start} Nothing leaves this machine.`),
    drop(known, look),
    known.files.length > 0 &&
      h(
        'p',
        {},
        `Dropped: ${known.files.join(', ')}. `,
        doing('Begin anew', async () => {
          [said, seen] = [{}, null];
          await forgetFiles();
          await again();
        }),
      ),
    known.files.length > 0 && seen !== null && read(known, look, again),
  ];
}

/**
 * Where files are dropped or chosen; each is sent as it is.
 * @param {any} known
 * @param {() => Promise<void>} look
 */
function drop(known, look) {
  const take = async (/** @type {FileList} */ files) => {
    try {
      for (const file of files) await give(file);
      await look();
    } catch (fault) {
      tell(String(fault.message ?? fault).split('\n'));
    }
  };
  const input = h('input', {
    type: 'file',
    multiple: true,
    accept: '.csv,.tsv,.txt,.xlsx,.graphml',
    'data-testid': 'choose',
    onchange: () => take(input.files),
  });
  const zone = h('label', { class: 'drop' }, 'Drop files here, or choose them (CSV, TSV, xlsx, GraphML)', input);
  for (const name of ['dragover', 'dragleave', 'drop'])
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle('over', name === 'dragover');
      if (name === 'drop') take(/** @type {DragEvent} */ (event).dataTransfer.files);
    });
  return zone;
}

/**
 * What the files read as, what must be said, and the button that keeps it.
 * @param {any} known
 * @param {() => Promise<void>} look
 * @param {() => Promise<void>} again
 */
function read(known, look, again) {
  const { done } = seen,
    found = done.result;
  const parts = [];
  if (!found)
    parts.push(
      h('h2', {}, 'They cannot be read as they are'),
      faults(done.said.length ? done.said : ['It was stopped.']),
    );
  else parts.push(...asked(found.questions), h('h2', {}, 'How they are read'), ...found.files.map(card));
  if (found?.told.length)
    parts.push(h('h2', {}, 'Together'), h('ul', {}, ...found.told.map((/** @type {string} */ t) => h('li', {}, t))));
  parts.push(options(!found), h('p', {}, doing('See how they are read', look, { 'data-testid': 'look' })));
  if (found?.kept) parts.push(keep(known, again));
  return h('div', { 'data-testid': 'read' }, ...parts);
}

/** Where a number is asked for, no letters can be typed. @type {(answers: string) => Record<string, any> | null} */
const counted = (answers) => (answers === 'customers' ? { type: 'number', min: 0, step: 1, class: 'short' } : null);

/** @type {(question: any) => any} */
function question({ answers, sentence, allowed, about, needed }) {
  const set = (/** @type {string} */ value) => {
    if (answers === 'won' || answers === 'lost')
      said[answers] = value ? [...new Set([...(said[answers] ?? []), value])] : [];
    else if (answers === 'departments' && about.startsWith('?'))
      said.departments = { ...said.departments, [value]: about.slice(1) };
    else if (answers === 'departments' || answers === 'rates') said[answers] = { ...said[answers], [about]: value };
    else said[answers] = value;
  };
  const heard = (/** @type {Event} */ event) => set(/** @type {HTMLInputElement} */ (event.target).value);
  const field = allowed.length
    ? h(
        'select',
        { onchange: heard, 'data-testid': `answer-${answers}` },
        ...['', ...allowed].map((each) => h('option', { value: each }, each || 'choose …')),
      )
    : h('input', { ...(counted(answers) ?? {}), onchange: heard, 'data-testid': `answer-${answers}` });
  const asks = sentence.charAt(0).toUpperCase() + sentence.slice(1);
  return h('label', {}, `${asks}${needed ? '' : ' (may stay open)'}`, field);
}

/** @type {(questions: any[]) => any[]} */
function asked(questions) {
  if (!questions.length) return [];
  const needed = questions.some((each) => each.needed);
  return [
    h('h2', {}, needed ? 'This only you can know' : 'This would tell more'),
    h('div', { class: 'fields card', 'data-testid': 'questions' }, ...questions.map(question)),
  ];
}

/** One file: what it is, what it reads as, and its columns. @type {(file: any, number: number) => any} */
function card(file, number) {
  const kind = h(
    'select',
    { 'aria-label': `What ${file.name} is`, onchange: () => (said.kinds = { ...said.kinds, [number]: kind.value }) },
    ...KINDS.map((each) => h('option', { value: each, selected: each === file.kind }, each)),
  );
  const rows = [
    ...file.used.map(([header, role, how]) => [
      header,
      how === TOGETHER ? role : means(file, header, role),
      HOW[how] ?? how,
    ]),
    ...file.ignored.map((/** @type {string} */ header) => [header, means(file, header, IGNORE), 'not read']),
    ...file.private.map((/** @type {string} */ header) => [header, 'nothing', 'private, never read']),
  ];
  const how = [file.encoding, file.heading.length && `${file.above} lines above`].filter(Boolean).join(', ');
  return h(
    'section',
    { class: 'card', 'data-testid': 'file' },
    h('h3', {}, file.name),
    h('p', {}, kind, ` ${file.reads}${how ? ` (${how})` : ''}`),
    file.guessed.length ? h('p', { class: 'soft' }, `Guessed: ${file.guessed.join('; ')}`) : null,
    ...file.told.map((/** @type {string} */ each) => h('p', { class: 'soft' }, each)),
    h(
      'details',
      {},
      h('summary', {}, `${file.used.length} columns read, ${file.ignored.length} not, ${file.private.length} private`),
      table(['column', 'means', 'known by'], rows),
    ),
  );
}

const HOW = {
  name: 'its name',
  content: 'what stands in it',
  option: 'what you said',
  colleagues: 'whose names they have',
};
/** Columns that mean something only all together. */
const TOGETHER = 'colleagues';

/** @type {(file: any, header: string, role: string) => HTMLSelectElement} */
function means(file, header, role) {
  const roles = [IGNORE, ...file.roles];
  const field = h(
    'select',
    {
      'aria-label': `What ${header} means`,
      onchange: () => (said.columns = { ...said.columns, [header]: field.value }),
    },
    ...roles.map((each) => h('option', { value: each, selected: each === role }, each === IGNORE ? 'nothing' : each)),
  );
  return field;
}

/** What may be said besides; open where something was refused. */
function options(open = false) {
  const field = (/** @type {string} */ name, /** @type {string} */ label, /** @type {any} */ made) => {
    made.addEventListener('change', () => (said[name] = made.type === 'checkbox' ? made.checked : made.value));
    made.dataset.testid = `say-${name}`;
    return h('label', made.type === 'checkbox' ? { class: 'yes' } : {}, label, made);
  };
  const one = (/** @type {string} */ name, /** @type {[string, string][]} */ of) =>
    h('select', {}, ...of.map(([value, text]) => h('option', { value, selected: said[name] === value }, text)));
  return h(
    'details',
    { open: open || Object.keys(said).length > 0 },
    h('summary', {}, 'Say more'),
    h(
      'div',
      { class: 'fields card' },
      field('as_of', 'day of the export', h('input', { type: 'date', value: said.as_of ?? '' })),
      field(
        'customers',
        'customers on the first day',
        h('input', { ...counted('customers'), value: said.customers ?? '' }),
      ),
      field('currency', 'your own currency', h('input', { class: 'short', value: said.currency ?? '' })),
      field(
        'dates',
        'order of dates',
        one('dates', [
          ['', 'found out'],
          ['dmy', 'day, month'],
          ['mdy', 'month, day'],
        ]),
      ),
      field(
        'decimal',
        'decimal sign',
        one('decimal', [
          ['', 'found out'],
          ['.', 'point'],
          [',', 'comma'],
        ]),
      ),
      field(
        'skip_bad',
        'leave out lines with faults',
        h('input', { type: 'checkbox', checked: said.skip_bad === true }),
      ),
    ),
  );
}

/** The button that keeps what was seen, and nothing else. @type {(known: any, again: () => Promise<void>) => any} */
function keep(known, again) {
  const replace = h('input', { type: 'checkbox', 'data-testid': 'replace' });
  return h(
    'div',
    { class: 'card fields' },
    known.taken
      ? h('label', { class: 'yes' }, replace, `replace ${known.firm} and its key (a fit and a verdict go with them)`)
      : null,
    doing(
      'Import them',
      async () => {
        if (JSON.stringify(choices()) !== seen.by) throw new Error('You have said more since: look again first.');
        if (known.taken && !replace.checked)
          throw new Error(`${known.firm}, or its key, is there already: say that it is replaced.`);
        const done = await run({ do: 'keep', overwrite: replace.checked, ...choices() });
        if (done.code !== 0) throw new Error(done.said.join('\n') || 'It was stopped; nothing is written.');
        [said, seen] = [{}, null];
        await forgetFiles();
        location.hash = 'gate';
        await again();
      },
      { class: 'main', 'data-testid': 'keep' },
    ),
  );
}
