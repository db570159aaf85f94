// The phone's dock at the thumb: stages with a scrubber, play, speed, replay.
// @ts-check
/**
 * @import { App } from '../common/app.js'
 * @import { Part } from '../common/types.js'
 */
import { SPEEDS } from '../common/player.js';
import { redraws } from '../common/redraws.js';
import { WEEK } from '../common/store.js';
import { h, icon, r1, s, sizeOf, T } from '../common/svg.js';
import { W } from '../common/words.js';
import { roomy } from './chart.js';
import { MEASURES } from './money.js';
import { ribbon } from './ribbon.js';
import { makeScrubber } from './scrub.js';
import { spark } from './spark.js';
import { worthOf } from './strip.js';

/**
 * @param {HTMLElement} host
 * @param {App} app
 * @returns {Part}
 */
export function makeDock(host, app) {
  const line = h('div', { class: 'scrub' }),
    drawing = s('svg', { height: 22, 'aria-hidden': 'true' });
  const play = h('button', { class: 'btn main', 'data-testid': 'dock-play', onclick: () => app.player.toggle() });
  const speed = h(
    'select',
    {
      class: 'btn',
      'aria-label': W.bar.speed,
      'data-testid': 'dock-speed',
      onchange: () => {
        app.player.speed = speed.value;
        app.said('playing');
      },
    },
    Object.keys(SPEEDS).map((name) => h('option', { value: name }, W.bar.speeds[name])),
  );
  const replay = h(
    'button',
    { class: 'btn', 'aria-label': W.bar.replay, 'data-testid': 'dock-replay', onclick: () => app.replay() },
    icon('again'),
  );
  host.replaceChildren(line, h('div', { class: 'dock-row' }, play, speed, replay));
  line.append(drawing);
  const drawn = redraws(),
    onPlay = redraws();
  /** @type {{x: (day: number) => number, day: (x: number) => number}} */
  let axis = { x: () => 0, day: () => 0 };
  const scrubber = makeScrubber(line, app, () => axis, 'dock-scrubber');

  function show() {
    if (!app.plan) return;
    const { player, lesson } = app,
      reveals = Boolean(lesson?.canReveal),
      said = player.locked || (player.playing ? W.bar.pause : player.isOver ? W.bar.again : W.bar.play);
    if (onPlay.isNew(reveals, said, player.playing, player.locked))
      play.replaceChildren(icon(reveals ? 'play' : player.locked ? 'lock' : player.playing ? 'pause' : 'play'), said);
    play.disabled = player.locked !== null && !reveals;
    speed.value = player.pace === null ? player.speed : ''; // a reveal has its own
    speed.disabled = player.locked !== null && player.pace !== null;
    replay.disabled = !app.plan.changes.length;
  }

  /** @param {number} time */
  function draw(time) {
    const [w] = sizeOf(line);
    if (!app.plan || !w) return;
    show(); // the last day may be reached by the scrubber
    const day = Math.floor(time + 1e-6);
    if (!drawn.isNew(w, day, app.horizon, app.store.last < day)) return;
    axis = { x: (d) => (w * d) / app.horizon, day: (x) => (x / w) * app.horizon };
    drawing.setAttribute('width', String(w));
    drawing.replaceChildren(
      ribbon({
        x: axis.x,
        y: 0,
        height: 20,
        stages: app.store.quartersTo(day).map((quarter) => quarter.stage),
        horizon: app.horizon,
      }),
      s('line', { x1: r1(axis.x(day)), x2: r1(axis.x(day)), y1: 0, y2: 22, stroke: T.ink, 'stroke-width': 1.5 }),
    );
    scrubber.draw(day, axis.x(day), 31, w, [0, w, 0, 26]);
  }

  for (const event of ['plan', 'playing', 'about', 'mode']) app.on(event, show);
  return { draw };
}

/**
 * Revenue and contribution as two small lines, side by side.
 * @param {HTMLElement} host
 * @param {App} app
 * @returns {Part}
 */
export function makeSparks(host, app) {
  const drawn = redraws();
  const cells = MEASURES.map((of) => {
    const number = h('div', { class: 'n' }),
      place = h('div', { class: 'spark' }),
      note = h('p', { class: 'tiny soft' }),
      worth = of === 'contribution' ? h('p', { class: 'tiny soft' }) : null;
    host.append(
      h(
        'div',
        {},
        h('h2', {}, W.strip[of], ' ', h('span', { class: 'soft tiny' }, W.strip.units[of])),
        number,
        place,
        note,
        worth,
      ),
    );
    return { of, number, place, note, worth };
  });

  return {
    draw(time) {
      if (!app.plan || !sizeOf(host)[0]) return;
      const day = Math.floor(time + 1e-6),
        week = Math.floor(day / WEEK) - 1,
        { store, lines, markets, showsGhost, blind } = app;
      if (!drawn.isNew(sizeOf(host)[0], day, store.last, lines, markets, showsGhost, blind, app.plan.state)) return;
      for (const { of, number, place, note, worth } of cells) {
        if (worth) worth.textContent = W.strip.worth(...worthOf(app, day)).join('');
        const line = app.store.weekly(of, day),
          value = app.store.rate(of, day),
          base =
            app.plan.isBaseline || app.blind || !app.showsGhost
              ? []
              : (app.lines?.base?.[of] || []).slice(0, line.length);
        number.textContent = value === null ? '–' : W.strip.money(value);
        place.replaceChildren(spark(sizeOf(place)[0], day, line, base, app.blind ? roomy(app.store, of) : []));
        const difference = base.length ? line.at(-1) - base.at(-1) : 0,
          paired = app.markets?.paired?.[of];
        note.textContent = !base.length
          ? of === 'contribution'
            ? W.strip.leftOut
            : ''
          : Math.abs(difference) < 5e-3
            ? W.strip.equal
            : paired && paired.low[week] <= 0 && paired.high[week] >= 0
              ? W.strip.noiseShort(difference)
              : W.strip.against(difference);
      }
    },
  };
}
