// The bottom: revenue and net value over time, the baseline as a ghost, thirty markets as a band, the stages, the scrubber.
import { axisFor, bandOf, digits, pathOf } from './chart.js';
import { ribbon } from './ribbon.js';
import { makeScrubber } from './scrub.js';
import { QUARTER, WEEK, YEAR } from './store.js';
import { h, r1, s, T, text } from './svg.js';
import { W } from './words.js';

const MEASURES = [['revenue', 'revenue', 'revenue'], ['net', 'contribution', 'net']]; // name, column of a frame, name in lines

export function makeStrip(host, app) {
  const figures = MEASURES.map(([name]) => {
    const number = h('div', { class: 'n', 'data-testid': name === 'net' ? 'net-value' : 'revenue' }), note = h('p', {});
    return { box: h('div', { class: `kpi ${name}` }, h('h2', {}, W.strip[name], ' ', h('span', { class: 'soft' }, W.strip.unit)), number, note), number, note };
  });
  const lasting = s('g'), moving = s('g'), drawing = s('svg', { class: 'money', role: 'img', 'aria-label': W.strip.label, 'data-testid': 'strip' }, lasting, moving);
  const veil = h('div', { class: 'veil', hidden: true, 'data-testid': 'updating' }, h('span', {}, W.strip.updating));
  const wide = h('div', { class: 'wide-strip' }, ...figures.map((figure) => figure.box), drawing, veil);
  host.replaceChildren(wide);
  let axis = null, drawn = '', scales = null, rows = null;
  const scrubber = makeScrubber(wide, app, () => axis);
  const clip = `clip-${Math.floor(performance.now())}`;

  const own = () => app.lines?.arms[app.main] || null;
  const ghost = () => (app.showsGhost && !app.blind && !app.plan.isBaseline ? app.lines?.base : null);
  const band = () => (app.blind ? null : app.markets?.bands[app.main] || null);

  function drawLasting(w, height) {
    const short = height < 220, x0 = 236, x1 = w - 112, horizon = app.horizon;
    axis = { x: (day) => x0 + ((x1 - x0) * day) / horizon, day: (x) => ((x - x0) / (x1 - x0)) * horizon };
    rows = short ? [[8, 50], [64, 104]] : [[14, 88], [104, 172]];
    const ry = short ? 112 : 180, { x } = axis;
    lasting.replaceChildren(s('defs', {}, s('clipPath', { id: clip }, ...rows.map(([y0, y1]) => s('rect', { x: x0, y: y0 - 6, width: Math.max(x1 - x0, 1), height: y1 - y0 + 10 })))));
    drawing.setAttribute('width', w);
    drawing.setAttribute('height', height);
    drawing.setAttribute('viewBox', `0 0 ${w} ${height}`);
    scales = MEASURES.map(([, column, name], i) => {
      const [y0, y1] = rows[i], range = band()?.[name], lines = [app.store.weekly(column, app.store.last).slice(2), app.blind ? [] : own()?.[name] || [], ghost()?.[name] || [], range ? range.middle : []];
      const { low, high, ticks, step } = axisFor(lines.flat(), short ? 2 : 3), y = (v) => y1 - ((v - low) / (high - low)) * (y1 - y0);
      for (const tick of ticks) lasting.append(s('line', { x1: x0, x2: x1, y1: r1(y(tick)), y2: r1(y(tick)), stroke: T.hair }), text(x0 - 8, y(tick) + 4, tick.toFixed(digits(step)).replace('-', '−'), { at: 'end' }));
      const labels = [];
      if (range) { lasting.append(s('path', { d: bandOf(range.low, range.high, x, y), fill: T.band, 'clip-path': `url(#${clip})`, 'data-testid': 'band' })); labels.push([W.strip.band, (range.low.at(-1) + range.high.at(-1)) / 2]); }
      if (ghost()) { lasting.append(s('path', { d: pathOf(ghost()[name], x, y), fill: 'none', stroke: T.ghost, 'stroke-width': T.ghostWidth, 'stroke-dasharray': T.dashGhost, 'data-testid': 'ghost' })); labels.push([W.strip.baseline, ghost()[name].at(-1)]); }
      const ahead = !app.blind && own();
      if (ahead) { lasting.append(s('path', { d: pathOf(ahead[name], x, y), fill: 'none', stroke: T.ink2, 'stroke-width': 1, 'stroke-opacity': 0.75, 'data-testid': 'ahead' })); labels.push([W.strip.ahead, ahead[name].at(-1)]); }
      // Labels at the lines' ends, apart from one another.
      const placed = labels.map(([said, v]) => ({ said, y: Math.min(Math.max(y(v) + 4, y0 + 2), y1 + 6) })).sort((a, b) => a.y - b.y);
      placed.forEach((each, n) => { if (n) each.y = Math.max(each.y, placed[n - 1].y + T.text1 + 1); });
      const over = placed.length ? placed.at(-1).y - (y1 + 8) : 0;
      for (const each of placed) lasting.append(text(x1 + 8, each.y - Math.max(over, 0), each.said));
      return { y };
    });
    if (app.blind) lasting.append(text((x(app.store.last) + x1) / 2, (rows[0][0] + rows[1][1]) / 2 - 8, W.strip.notYet, { at: 'middle', size: T.text3, halo: T.plate }));
    lasting.append(text(x0 - 8, ry + 24, W.strip.stage, { at: 'end', bold: true, fill: T.ink, size: T.text2 }));
    const years = Math.ceil(horizon / YEAR), every = Math.ceil((62 * years) / Math.max(x1 - x0, 1));
    for (let year = 0; year < years; year += every) lasting.append(s('line', { x1: r1(x(year * YEAR)), x2: r1(x(year * YEAR)), y1: ry, y2: ry + 32, stroke: T.edge }));
    drawFlags(x, ry, rows[0][0]);
    rows.ribbon = ry;
    rows.years = [years, every];
  }

  /** Where a lever moved, and what happens by itself in the scenario. */
  function drawFlags(x, ry, top) {
    const changes = app.plan.about.scenarios[app.plan.organization.scenario].changes.map((each) => ({ day: each.day, said: each.shock ? W.shocks[each.shock] : nameOf(each.values), soft: true }));
    const own = app.plan.changes.map((each) => ({ day: each.day, said: nameOf(each.values) }));
    let free = -Infinity;
    for (const flag of [...changes, ...own].sort((a, b) => a.day - b.day)) {
      if (app.blind && flag.day > app.day) continue;
      const at = x(flag.day), width = flag.said.length * T.text1 * 0.58 + 12;
      lasting.append(s('line', { x1: r1(at), x2: r1(at), y1: top + 2, y2: ry + 28, stroke: T.ink, 'stroke-dasharray': '1 4', 'stroke-linecap': 'round', 'stroke-width': 1.5, 'stroke-opacity': flag.soft ? 0.6 : 1 }));
      if (at + 5 > free) { lasting.append(text(at + 5, top + 8, flag.said, { bold: !flag.soft, fill: flag.soft ? T.ink2 : T.ink, halo: T.plate })); free = at + width; }
    }
  }

  const nameOf = (values) => {
    const names = [...new Set(Object.keys(values).map((name) => (name.startsWith('practices.') ? W.flags.practices : W.flags[name] || W.levers.names[name] || name.replace(/^[^.]*\./, '').replaceAll('_', ' '))))];
    return names.length > 1 ? W.flags.more(names[0], names.length - 1) : names[0];
  };

  function drawMoving(day, w, height) {
    const { x } = axis, store = app.store, ry = rows.ribbon, now = x(day);
    moving.replaceChildren();
    MEASURES.forEach(([, column], i) => {
      const line = store.weekly(column, day), { y } = scales[i];
      if (!line.length) return;
      moving.append(s('path', { d: pathOf(line, x, y), fill: 'none', stroke: T.ink, 'stroke-width': T.run, 'stroke-linejoin': 'round' }));
      const value = store.rate(column, day);
      moving.append(s('circle', { cx: r1(now), cy: r1(y(value)), r: 4.5, fill: T.ink, stroke: '#fff', 'stroke-width': 2 }));
    });
    const stages = store.quartersTo(day).map((quarter) => quarter.stage);
    moving.append(ribbon({ x, y: ry, height: 28, stages, horizon: app.horizon }));
    const [years, every] = rows.years;
    for (let year = 0; year < years; year += every) if (Math.abs(x(year * YEAR) + 16 - now) > 56) moving.append(text(x(year * YEAR), ry + 43, W.strip.year(year + 1)));
    moving.append(s('line', { x1: r1(now), x2: r1(now), y1: rows[0][0] - 6, y2: ry + 29, stroke: T.ink, 'stroke-width': 1.5 }));
    scrubber.draw(day, now, ry + 45, w, [x(0), x(app.horizon), 0, height]);
  }

  function drawFigures(day) {
    const week = Math.floor(day / WEEK) - 1;
    MEASURES.forEach(([, column, name], i) => {
      const value = app.store.rate(column, day), { number, note } = figures[i];
      number.textContent = value === null ? '–' : W.strip.money(value);
      note.textContent = '';
      if (value === null || app.blind) { note.textContent = name === 'net' ? W.strip.netNote : ''; return; }
      const base = app.lines?.base?.[name], paired = app.markets?.paired?.[name];
      if (app.plan.isBaseline || !base || week < 0 || week >= base.length) { note.textContent = name === 'net' ? W.strip.netNote : ''; return; }
      const difference = app.store.weekly(column, day).at(-1) - base[week];
      if (Math.abs(difference) < 5e-3) { note.textContent = W.strip.equal; return; }
      const noisy = paired && paired.low[week] <= 0 && paired.high[week] >= 0 && !app.stale;
      note.textContent = noisy ? W.strip.noise(difference) : W.strip.against(difference);
    });
  }

  function draw(time) {
    if (!app.plan || document.body.classList.contains('is-projected') || app.mode === 'compare') return;
    const day = Math.min(Math.floor(time + 1e-6), Math.max(app.store.last, 0)), w = wide.clientWidth, height = wide.clientHeight;
    if (w < 300) return;
    // The axis follows what has been lived only where nothing else is known yet.
    const grown = app.lines && !app.blind && !app.stale ? 0 : Math.floor(app.store.last / QUARTER);
    const key = [w, height, T.text1, grown, app.showsGhost, app.blind, app.horizon, app.lines?.rev, app.markets?.rev, app.stale, JSON.stringify(app.plan.state)].join();
    if (key !== drawn) { drawn = key; drawLasting(w, height); }
    drawMoving(day, w, height);
    drawFigures(day);
    const waiting = !app.blind && (app.stale || app.progress !== null || app.tooLarge);
    veil.hidden = !waiting || !axis;
    if (waiting) {
      veil.classList.toggle('whole', app.stale && app.engine !== 'plain');
      veil.firstChild.textContent = app.engine === 'plain' ? W.strip.waiting : app.tooLarge ? W.strip.tooLarge : app.progress && !app.stale ? `${W.strip.updating} · ${W.strip.progress(...app.progress)}` : W.strip.updating;
      veil.style.left = `${axis.x(day) + 2}px`;
      veil.style.right = '0px';
      veil.style.height = `${rows[1][1] + 6}px`;
    }
  }

  return { draw, renew() { drawn = ''; } };
}
