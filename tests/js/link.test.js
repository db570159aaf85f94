// A link as text: what is written is read, and what cannot be read is named in one sentence.
import assert from 'node:assert/strict';
import test from 'node:test';
import { linkOf, readLink, VIEWS } from '../../sim/page/static/bar/link.js';
import { chance } from '../../sim/page/static/common/svg.js';
import { about } from './made.js';

const state = (more = {}) => ({ scenario: 'default', seed: 12, changes: [], baseline: [], other: null, ...more });

test('a link carries the plan there and back', () => {
  const draw = chance(8),
    whole = (n) => Math.floor(draw() * n);
  for (let n = 0; n < 200; n++) {
    const changes = () =>
      Array.from({ length: whole(5) }, (_, i) => ({
        day: i * 200 + whole(200),
        values: { 'liaison.count': whole(9), 'distance.between_teams_m': 2 + draw() * 1000 },
      }));
    const plan = state({
      seed: whole(1e15),
      changes: changes(),
      baseline: changes(),
      other: whole(2) ? 'other' : null,
    });
    const view = VIEWS[whole(5)],
      day = whole(1300);
    const read = readLink(linkOf(about(), plan, day, view), about());
    assert.deepEqual({ ...read }, { version: '0.1.0', model: 'abcdef01', plan, day, view });
  }
});

test('a link that was cut is never taken for a whole one', () => {
  const link = linkOf(about(), state({ changes: [{ day: 65, values: { 'liaison.count': 2 } }] }), 130, 'compare');
  for (let length = 2; length < link.length; length++) {
    const read = readLink(link.slice(0, length), about());
    assert.ok(read === null || read.fault, link.slice(0, length));
  }
  assert.equal(readLink('', about()), null);
});

test('what cannot be is refused, and what was not understood is named', () => {
  const end = (text) => `${text}&e=${[...decodeURIComponent(text)].length}`,
    read = (text) => readLink(end(`#v=0.1.0-abcdef01&${text}`), about()).fault ?? '';
  for (const [bad, named] of [
    ['o=nobody&m=1', 'not here (“nobody”)'],
    ['o=default&m=1&x=me', 'not here (“me”)'],
    ['o=default&m=1&c=5:Z1', 'does not know (“Z”)'],
    ['o=default&m=1x', '“1x” is no market'],
    ['o=default&m=1&d=-3', '“-3” is no day'],
    ['o=default&m=1&c=5:L99', 'Liaisons: “99”'],
    ['o=default&m=1&c=5:L1.5', 'Liaisons: “1.5”'],
    ['o=default&m=1&c=5:L1.2.3', 'Liaisons: “1.2.3”'],
    ['o=default&m=1&b=0:L1;cut', '“cut” is no change'],
    ['o=default&m=1&c=9999:L1', 'on day 9999, and the run ends on day 1300'],
    ['o=default&m=1&c=5:T0.5', 'on day 5 what acts from the first day alone (Trust)'],
    ['o=default&m=1&w=elsewhere', 'no view “elsewhere”'],
    ['o=default&m=1&q=1', '“q” is no part'],
    ['o=default&m=1&m=2', '“m” stands in it twice'],
    ['m=1', 'names no organization'],
    [`o=default&m=1&c=${'1:L1;'.repeat(70)}`, 'more than 60 changes'],
    ['o=toString&m=1', 'not here'],
    [`o=${'a'.repeat(500)}`, `“${'a'.repeat(30)}…”`],
  ]) {
    const said = read(bad);
    assert.ok(said.includes(named), `${bad}: ${said}`);
    assert.doesNotMatch(said, /[.;!?]$|\n/, 'the page goes on with the sentence');
  }
});
