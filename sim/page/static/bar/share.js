// What is given away of the run that is shown: its link, its hash to cite, the command that makes a file of it.
// @ts-check
/** @import { App } from '../common/app.js' */
import { h } from '../common/svg.js';
import { W } from '../common/words.js';
import { viewOf } from './address.js';
import { linkOf, LONGEST } from './link.js';

/** @param {App} app */
export function makeShare(app) {
  const field = h('input', {
    class: 'box link',
    readonly: true,
    'aria-label': W.share.link,
    'data-testid': 'share-link',
    onfocus: () => field.select(),
  });
  const button = (name, text, act) => h('button', { class: 'btn', 'data-testid': name, onclick: act }, text);
  const copy = button('share-copy', W.share.copy, () => copied());
  copy.classList.add('main');
  const said = h('p', { class: 'small', role: 'status', 'data-testid': 'share-said' });
  const carries = h('p', { class: 'small soft' });
  const cite = h('code', { class: 'command', 'data-text': 'citation', 'data-testid': 'share-cite' });
  const copyCite = button('share-cite-copy', W.share.copyCite, () => citeCopied());
  const citeSaid = h('p', { class: 'small soft', role: 'status', 'data-testid': 'share-cite-said' });
  const again = h('code', { class: 'command', 'data-text': 'command', 'data-testid': 'share-again' });
  const command = h('code', { class: 'command', 'data-text': 'command', 'data-testid': 'share-command' });
  const commands = h(
    'div',
    {},
    again,
    h('h3', {}, W.share.file),
    h('p', { class: 'small soft' }, W.share.fileMore),
    command,
  );
  const withLink = h(
    'div',
    {},
    h('h3', {}, W.share.cite),
    h('p', { class: 'small soft' }, W.share.citeMore),
    h('div', { class: 'link-row' }, cite, copyCite),
    citeSaid,
    commands,
  );
  const host = h(
    'dialog',
    { id: 'share', class: 'leaf', 'aria-label': W.share.title, 'data-testid': 'share-dialog' },
    h(
      'div',
      { class: 'dialog-head' },
      h('h2', {}, W.share.title),
      h('button', { class: 'btn bare', 'aria-label': W.help.close, onclick: () => host.close() }, '×'),
    ),
    carries,
    h('div', { class: 'link-row' }, field, copy),
    said,
    withLink,
  );
  document.body.append(host);

  /** The link to what is shown now; null if it would be too long. */
  function link() {
    const token = new URLSearchParams(location.search).get('token');
    const start = location.href.replace(/[?#].*$/s, '') + (token ? `?token=${encodeURIComponent(token)}` : '');
    const whole = start + linkOf(app.about, app.plan.state, app.day, viewOf(app));
    return whole.length <= LONGEST ? whole : null;
  }
  /** An organization that does not come with Baton: it is nowhere else, but in the same file. */
  function own() {
    const names = [app.plan.state.scenario, app.plan.state.other].filter((name) => name !== null);
    return names.find((name) => !app.about.scenarios[name].shipped);
  }
  /** Why there is no link. */
  function refusal() {
    if (own() !== undefined && !app.lessons) return W.share.own(own());
    return link() === null ? W.share.tooLong(LONGEST) : null;
  }

  async function copied() {
    field.select();
    await copyText(field.value, said, W.share.copied);
  }
  const citeCopied = () => copyText(cite.textContent, citeSaid, W.share.citeCopied);

  /** The hash of each organization's state when its run ends: it is lived to its end for it. */
  async function citation() {
    const { rev } = app;
    cite.textContent = '';
    copyCite.disabled = true;
    citeSaid.textContent = W.share.reckoning;
    try {
      const ends = await app.source.hash(true);
      if (rev !== app.rev || ends.waiting) {
        citeSaid.textContent = ends.waiting ? W.lesson.later : '';
        return;
      }
      cite.textContent = W.share.cited(app.about, app.plan, app.mode === 'compare' ? [ends.a, ends.b] : [ends.a]);
      copyCite.disabled = false;
      citeSaid.textContent = '';
    } catch (fault) {
      citeSaid.textContent = fault.reasons?.join(' ') ?? W.share.noHash;
    }
  }

  app.on('share', () => {
    if (!app.plan) return;
    app.player.pause();
    const refused = refusal(),
      found = refused === null ? link() : null;
    field.value = found ?? '';
    copy.disabled = found === null;
    const onDisk = location.protocol === 'file:' ? W.share.onDisk : '',
      more = own() === undefined ? onDisk : W.share.ownFile(own());
    carries.textContent = refused ?? [W.share.carries, more].join(' ');
    said.textContent = '';
    commands.hidden = own() !== undefined; // no command finds it by its name
    again.textContent = found === null ? '' : `baton ${app.mode === 'run' ? 'run' : 'compare'} '${found}'`;
    command.textContent = found === null ? '' : `baton export replay '${found}' -o run.html`;
    withLink.hidden = found === null;
    host.showModal();
    if (found === null) return;
    copied();
    citation();
  });
}

/**
 * @param {string} text
 * @param {HTMLElement} said
 * @param {string} done
 */
async function copyText(text, said, done) {
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = done;
  } catch {
    said.textContent = W.share.byHand;
  }
}
