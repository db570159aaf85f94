// Two organizations, one stream of leads: two floors, what differs, the difference over time, and how sure that is.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { Arm, Part } from '../common/types.js'
 */
import { redraws } from '../common/redraws.js';
import { cross, h, r1, s, sizeOf, T, text } from '../common/svg.js';
import { W } from '../common/words.js';
import { makeDifference } from './difference.js';
import { makeDiffers } from './differs.js';
import { makeStream } from './stream.js';
import { makeFloor } from '../floor/floor.js';
import { ladderDrawing, pendingShort } from '../ladder/ladder.js';

const WON = 5,
  MOST_LETTERS = 34; // of the names of all changes, in the heading of B

/** @type {Arm[]} */
const ARMS = ['a', 'b'];

/**
 * @param {HTMLElement[]} hosts
 * @param {App} app
 * @returns {Part}
 */
export function makeCompare(hosts, app) {
  const letter = (arm) => h('span', { class: `ab ${arm}` }, W.compare[arm]);
  const left = h('aside', { class: 'left compare-left', 'aria-label': W.compare.title }),
    middle = h('main', { class: 'mid', 'data-testid': 'compare-floors' }),
    right = h('aside', { class: 'right', tabindex: 0, 'aria-label': W.ladder.short }); // it may have to be scrolled
  const titles = {},
    boxes = {},
    floors = {},
    ladders = {};
  for (const arm of ARMS) {
    titles[arm] = { name: h('b', {}), said: h('span', { class: 'soft small' }) };
    boxes[arm] = h('div', { class: 'floorbox', 'data-testid': `compare-${arm}` });
    ladders[arm] = { box: h('div', { class: 'arm-ladder' }), place: h('div', { class: 'lad' }) };
    ladders[arm].box.append(h('p', { class: 'tiny soft' }, W.ladder.arm(W.compare[arm])), ladders[arm].place);
  }
  const between = h('section', { class: 'between', 'data-testid': 'difference' }),
    streamHost = h('div', { class: 'stream' });
  const title = (arm) => h('div', { class: 'cmp-title' }, letter(arm), titles[arm].name, titles[arm].said);
  middle.append(title('a'), boxes.a, between, title('b'), boxes.b, streamHost);
  right.append(ladders.a.box, ladders.b.box);
  let made = false,
    ringed = null;
  const onLadders = redraws();
  const differs = makeDiffers(left, app, letter),
    difference = makeDifference(between, app);
  const stream = makeStream(streamHost, app, () => floors);

  function enter() {
    hosts.forEach((host) => {
      host.hidden = true;
    });
    hosts[0].parentNode.append(left, middle, right);
    document.querySelector('#app').classList.add('is-compare');
    if (!made) {
      made = true;
      for (const arm of ARMS)
        floors[arm] = makeFloor(boxes[arm], app, {
          arm,
          testid: `floor-${arm}`,
          stream: true,
          look: ({ h: height }) => ({
            scale: 0.72,
            entry: T.small ? 12 : 56 * T.unit, // a small window draws no stream
            pileHeight: Math.max(Math.min(height * 0.23, 72 * T.unit), 36),
          }),
          over: (g, time, leads) => ring(arm, g, time, leads),
        });
    }
    differs.renew();
    difference.renew();
    onLadders.forget();
  }

  function leave() {
    for (const part of [left, middle, right]) part.remove();
    hosts.forEach((host) => {
      host.hidden = false;
    });
    document.querySelector('#app').classList.remove('is-compare');
  }

  /** One lead in both floors, with its two fates. */
  function ring(arm, g, time, leads) {
    if (ringed === null) return null;
    const found = leads.said(app.stores[arm], ringed, time);
    if (!found) return null;
    const { at, lead } = found,
      said = W.compare.leadAt(app.leadName(arm, lead.number), found.text),
      room = said.length * g.font * 0.55;
    const last = lead.versions.at(-1);
    const [x, y] = at ? [at.x, at.y] : [last.state === WON ? g.steps[6] : g.steps[Math.min(3, 6)], g.ground - 14];
    const side = x + 19 + room > g.ex ? { x: x - 19, at: 'end' } : { x: x + 19, at: 'start' };
    return [
      s('circle', { cx: r1(x), cy: r1(y), r: 12, fill: 'none', stroke: T.ink, 'stroke-width': 1.5 }),
      at ? null : cross(x, y, 5, 2.5, T.ink),
      text(side.x, y + 4, said, { at: side.at, bold: true, fill: T.ink, halo: T.plate }),
    ];
  }

  /** What the two floors are called on a day. */
  const names = (day) => {
    const { plan } = app,
      unlike = plan.unlike(day),
      said = unlike.map((each) => W.change(app.about.levers, each.name, each.value, each.before)).join(W.compare.both);
    const changed = !unlike.length
      ? W.compare.plan
      : unlike.length > 1 && said.length > MOST_LETTERS
        ? W.compare.changes(unlike.length)
        : said;
    const another = plan.organization.scenario !== plan.base.scenario,
      a = !another && (plan.state.baseline.length || !plan.isBaseline) ? W.compare.baselineName : app.title(plan.base),
      b = another ? app.title(plan.organization) : plan.isBaseline ? a : changed;
    return {
      a,
      b: b.charAt(0).toUpperCase() + b.slice(1),
    };
  };

  /** @param {number} time */
  function draw(time) {
    if (app.mode !== 'compare' || !made || !app.plan) return;
    const day = Math.floor(time + 1e-6),
      called = names(day);
    for (const arm of ARMS) {
      const store = app.stores[arm],
        { stage, quarters, move } = store.stageAt(day);
      titles[arm].name.textContent = called[arm];
      titles[arm].said.textContent = [
        W.head.shortStage(stage, quarters, move),
        pendingShort(store.quartersTo(day).at(-1), stage),
        W.head.called(store.pilesAt(day)[3]),
      ].join(' ');
      floors[arm].draw(time);
    }
    stream.draw(time);
    differs.draw(day);
    difference.draw(day);
    const lived = ARMS.map((arm) => app.stores[arm].quartersTo(day).length);
    if (onLadders.isNew(...sizeOf(ladders.a.place), ...lived, app.stores.b.last < 0)) {
      for (const arm of ARMS) {
        const { place } = ladders[arm],
          store = app.stores[arm],
          [w, height] = sizeOf(place);
        if (w > 40)
          place.replaceChildren(
            ladderDrawing({
              w,
              h: Math.max(height, 120),
              stage: store.stageAt(day).stage,
              quarters: store.quartersTo(day),
              compact: true,
            }),
          );
      }
    }
  }

  app.on('mode', (mode, before) => {
    if (mode === 'compare') enter();
    else if (before === 'compare') leave();
  });
  app.on('lead', (arm, number) => {
    if (app.mode === 'compare') {
      ringed = app.stores[arm].leads.get(number)?.twin ?? null;
      app.draw();
    }
  });
  app.on('frames', () => {
    onLadders.forget();
    difference.renew();
  });
  return {
    draw,
    renew() {
      for (const floor of Object.values(floors)) floor.renew();
      difference.renew();
      onLadders.forget();
    },
  };
}
