// Two organizations, one stream of leads: two floors, what differs, the difference over time, and how sure that is.
import { axisFor, bandOf, digits, pathOf } from './chart.js';
import { makeFloor } from './floor.js';
import { ladderDrawing } from './ladder.js';
import { makeStream } from './stream.js';
import { WEEK, YEAR } from './store.js';
import { cross, h, r1, s, T, text } from './svg.js';
import { W } from './words.js';

const ROWS = [['net_value', 1e-3, 2], ['revenue', 1e-3, 1], ['followed_up', 100, 0], ['score', 1, 0]];
const WON = 5;

export function makeCompare(hosts, app) {
  const letter = (arm) => h('span', { class: `ab ${arm}` }, W.compare[arm]);
  const left = h('aside', { class: 'left compare-left', 'aria-label': W.compare.title }), middle = h('main', { class: 'mid', 'data-testid': 'compare-floors' }), right = h('aside', { class: 'right', 'aria-label': W.ladder.short });
  const titles = {}, boxes = {}, floors = {}, ladders = {};
  for (const arm of ['a', 'b']) {
    titles[arm] = { name: h('b', {}), said: h('span', { class: 'soft small' }) };
    boxes[arm] = h('div', { class: 'floorbox', 'data-testid': `compare-${arm}` });
    ladders[arm] = { box: h('div', { class: 'arm-ladder' }), place: h('div', { class: 'lad' }) };
    ladders[arm].box.append(h('p', { class: 'tiny soft' }, W.ladder.arm(W.compare[arm])), ladders[arm].place);
  }
  const between = h('section', { class: 'between', 'data-testid': 'difference' }), streamHost = h('div', { class: 'stream' });
  const title = (arm) => h('div', { class: 'cmp-title' }, letter(arm), titles[arm].name, titles[arm].said);
  middle.append(title('a'), boxes.a, between, title('b'), boxes.b, streamHost);
  right.append(ladders.a.box, ladders.b.box);
  let made = false, ringed = null, table = '', drawnBetween = '', drawnLadders = '';
  const stream = makeStream(streamHost, app, () => floors);

  function enter() {
    hosts.forEach((host) => { host.hidden = true; });
    hosts[0].parentNode.append(left, middle, right);
    document.querySelector('#app').classList.add('is-compare');
    if (!made) {
      made = true;
      for (const arm of ['a', 'b']) floors[arm] = makeFloor(boxes[arm], app, { arm, testid: `floor-${arm}`, stream: true, look: ({ h: height }) => ({ scale: 0.72, entry: 56, pileHeight: Math.max(Math.min(height * 0.23, 72), 36) }), over: (g, time, leads) => ring(arm, g, time, leads) });
    }
    table = drawnBetween = drawnLadders = '';
  }

  function leave() {
    for (const part of [left, middle, right]) part.remove();
    hosts.forEach((host) => { host.hidden = false; });
    document.querySelector('#app').classList.remove('is-compare');
  }

  /** One lead in both floors, with its two fates. */
  function ring(arm, g, time, leads) {
    if (ringed === null) return null;
    const found = leads.said(app.stores[arm], ringed, time);
    if (!found) return null;
    const { at, lead } = found, said = W.compare.leadAt(lead.number, found.text), room = said.length * g.font * 0.55;
    const last = lead.versions.at(-1);
    const [x, y] = at ? [at.x, at.y] : [last.state === WON ? g.steps[6] : g.steps[Math.min(3, 6)], g.ground - 14];
    const side = x + 19 + room > g.ex ? { x: x - 19, at: 'end' } : { x: x + 19, at: 'start' };
    return [s('circle', { cx: r1(x), cy: r1(y), r: 12, fill: 'none', stroke: T.ink, 'stroke-width': 1.5 }), at ? null : cross(x, y, 5, 2.5, T.ink), text(side.x, y + 4, said, { at: side.at, bold: true, fill: T.ink, halo: T.plate })];
  }

  const names = () => {
    const { plan } = app, other = plan.organization.scenario !== plan.base.scenario, titleOf = (of) => app.title(of), moved = plan.moved();
    const last = moved.at(-1);
    const b = other ? titleOf(plan.organization) : last ? W.change(last.name, last.value, last.before) : titleOf(plan.organization);
    return { a: other || !plan.state.baseline.length ? (other || !last ? titleOf(plan.base) : W.compare.baselineName) : W.compare.baselineName, b: b.charAt(0).toUpperCase() + b.slice(1) };
  };

  function drawLeft(day) {
    const { plan, markets } = app, differing = plan.differs(day), key = [day > 0, differing.join(), JSON.stringify(plan.state), markets?.rev, markets?.n, app.progress?.join(), app.stale, matched(day).join()].join('|');
    if (key === table) return;
    table = key;
    const chosen = h('select', { class: 'box', 'aria-label': `${W.compare.choose} ${W.compare.b}`, 'data-testid': 'other', onchange: () => app.change((p) => p.set({ other: chosen.value === p.state.scenario ? null : chosen.value })) }, Object.entries(app.about.scenarios).map(([name, about]) => h('option', { value: name, selected: name === plan.organization.scenario }, about.title)));
    const both = matched(day);
    left.replaceChildren(
      h('h2', {}, W.compare.title), h('label', { class: 'pick-b small' }, letter('b'), chosen),
      differing.length ? h('table', { class: 'tab' }, h('thead', {}, h('tr', {}, h('th', {}, ''), h('th', {}, letter('a')), h('th', {}, letter('b')))), h('tbody', {}, differing.slice(0, 7).map((name) => h('tr', {}, h('td', {}, W.levers.names[name]), h('td', {}, valueOf(name, plan.value(name, day, plan.base))), h('td', {}, valueOf(name, plan.value(name, day))))))) : null,
      h('p', { class: 'note' }, plan.isBaseline ? W.compare.nothing : W.compare.same),
      h('h2', {}, W.compare.one),
      h('p', { class: 'small' }, ...(markets && markets.check !== 'identical' ? [W.compare.other] : [W.compare.check(both[3], both[0])[0], h('b', {}, W.compare.check(both[3], both[0])[1]), W.compare.check(both[3], both[0])[2]]), both[1] + both[2] ? ` ${W.compare.only(both[1], both[2])}` : ''),
      h('h2', {}, app.horizon % YEAR ? W.compare.days(app.horizon) : W.compare.years(app.horizon / YEAR)), outcomes(),
      ...advice(), h('button', { class: 'btn', 'data-testid': 'one-floor', onclick: () => app.setMode('run') }, W.compare.back),
    );
  }

  const valueOf = (name, value) => (name.startsWith('practices.') ? W.levers.modes[value] : name === 'distance.between_teams_m' ? W.metres(value) : W.levers.value[name](value));

  /** Drawn leads so far that came to both, to A alone, to B alone: the market check one can see. */
  function matched(day) {
    const born = (store) => { const found = new Map(); for (const lead of store.leads.values()) if (lead.versions[0].day <= day) found.set(lead.twin, lead.versions[0].day); return found; };
    const a = born(app.stores.a), b = born(app.stores.b);
    let both = 0, same = 0;
    for (const [twin, since] of a) if (b.has(twin)) { both++; same += b.get(twin) === since ? 1 : 0; }
    return [both, a.size - both, b.size - both, same].map((n) => n * app.perDot);
  }

  function outcomes() {
    const { markets } = app;
    if (!markets || !markets.bands.b) return h('p', { class: 'note' }, app.tooLarge ? W.strip.tooLarge : app.progress ? W.compare.running(...app.progress) : W.strip.waiting);
    const of = markets.outcomes, signed = (v, d) => (Math.abs(v) < 0.5 * 10 ** -d ? (0).toFixed(d) : (v < 0 ? '−' : '+') + Math.abs(v).toFixed(d));
    const rows = ROWS.filter(([name]) => of[name]).map(([name, unit, d]) => {
      const each = of[name];
      return h('tr', { class: name === 'net_value' ? 'd' : '' }, h('td', {}, W.compare.rows[name]), h('td', {}, (each.a * unit).toFixed(d)), h('td', {}, (each.b * unit).toFixed(d)), h('td', { 'data-testid': `difference-${name}`, 'data-value': each.difference }, signed(each.difference * unit, d), h('small', {}, W.compare.to(signed(each.low * unit, d), signed(each.high * unit, d)))));
    });
    return h('div', {}, h('table', { class: 'tab short' }, h('thead', {}, h('tr', {}, W.compare.columns.map((each) => h('th', {}, each)))), h('tbody', {}, rows)), h('p', { class: 'note' }, app.progress ? W.compare.running(...app.progress) : W.compare.mean(markets.n)));
  }

  function advice() {
    const { markets } = app, net = markets?.bands.b && markets.outcomes.net_value;
    if (!net || app.plan.isBaseline) return [];
    if (noisy(net)) {
      const spread = deviation(net.values), target = 200, percent = ((2 * spread) / Math.sqrt(target) / Math.abs(net.a)) * 100;
      return markets.n >= target ? [] : [h('h2', {}, W.compare.settle), h('p', { class: 'small' }, W.compare.settleMore(target, percent < 0.95 ? percent.toFixed(1) : Math.round(percent), Math.max(5, Math.round(target * 0.06)))), h('button', { class: 'btn main', 'data-testid': 'more-markets', onclick: () => app.askMarkets(target) }, W.compare.run(target))];
    }
    return [h('h2', {}, W.compare.next), h('p', { class: 'small' }, W.compare.nextMore(W.signedMoney(net.difference / 1e3))), h('button', { class: 'btn main', 'data-testid': 'why', onclick: () => app.said('why') }, W.compare.why)];
  }

  function drawBetween(day) {
    const { markets, lines } = app, w = between.clientWidth, height = between.clientHeight, week = Math.floor(day / WEEK) - 1;
    const key = [w, height, day, markets?.rev, markets?.n, lines?.rev, app.stale, app.plan.isBaseline].join();
    if (key === drawnBetween || w < 200) return;
    drawnBetween = key;
    const net = markets?.bands.b && markets.outcomes.net_value;
    if (net && noisy(net) && !app.plan.isBaseline && !app.stale) between.replaceChildren(...rings(net, w, height));
    else between.replaceChildren(...difference(day, week, w, height, net));
  }

  function difference(day, week, w, height, net) {
    const paired = app.markets?.bands.b ? app.markets.paired.net : null, x0 = 330, x1 = w - 112;
    const a = app.stores.a.weekly('contribution', day), b = app.stores.b.weekly('contribution', day), line = b.slice(0, a.length).map((v, i) => v - a[i]);
    const x = (d) => x0 + ((x1 - x0) * d) / app.horizon, { low, high, ticks, step } = axisFor([0, ...line, ...(paired ? [...paired.band_low, ...paired.band_high] : [])], 3);
    const y0 = 14, y1 = height - 26, y = (v) => y1 - ((v - low) / (high - low)) * (y1 - y0), now = line.at(-1) ?? 0;
    const drawing = s('svg', { width: w, height, role: 'img', 'aria-label': W.compare.difference });
    for (const tick of ticks) drawing.append(s('line', { x1: x0, x2: x1, y1: r1(y(tick)), y2: r1(y(tick)), stroke: tick === 0 ? T.ink : T.hair }), text(x0 - 8, y(tick) + 4, tick === 0 ? '0' : (tick < 0 ? '−' : '+') + Math.abs(tick).toFixed(digits(step)), { at: 'end' }));
    if (paired) drawing.append(s('path', { d: bandOf(paired.band_low, paired.band_high, x, y), fill: T.band, 'data-testid': 'difference-band' }), s('line', { x1: x0, x2: x1, y1: r1(y(0)), y2: r1(y(0)), stroke: T.ink }), text(x1 + 8, y((paired.band_low.at(-1) + paired.band_high.at(-1)) / 2) + 4, W.strip.band));
    if (line.length) drawing.append(s('path', { d: pathOf(line, x, y), fill: 'none', stroke: T.ink, 'stroke-width': T.run, 'data-testid': 'difference-line' }), s('circle', { cx: r1(x(line.length * WEEK)), cy: r1(y(now)), r: 4.5, fill: T.ink, stroke: '#fff', 'stroke-width': 2 }));
    const years = Math.ceil(app.horizon / YEAR), every = Math.ceil((62 * years) / Math.max(x1 - x0, 1));
    for (let year = 0; year < years; year += every) drawing.append(text(x(year * YEAR), height - 8, W.strip.year(year + 1)));
    const sure = paired && week >= 0 && (paired.low[week] > 0 || paired.high[week] < 0);
    const last = paired ? [paired.low.at(-1), paired.high.at(-1)] : null;
    return [h('div', { class: 'between-said' }, h('p', { class: 'small soft' }, W.compare.difference), h('p', { class: 'figure' }, W.compare.unit(Math.abs(now) < 5e-3 ? '0' : W.signedMoney(now))), h('p', { class: 'small soft', 'data-testid': 'verdict' }, app.plan.isBaseline ? W.notice.equalPlans : !paired ? (app.progress ? W.compare.running(...app.progress) : W.strip.updating) : sure ? W.compare.sure : W.compare.noise, h('br', {}), last && net ? W.compare.years5(W.signedMoney(last[0]), W.signedMoney(last[1])) : '')), drawing];
  }

  /** Inside the noise: the words first, then every market as a ring, and the interval as a bar across zero. */
  function rings(net, w, height) {
    const share = net.values.map((v) => (v / Math.abs(net.a)) * 100), most = Math.max(...share.map(Math.abs), 0.5) * 1.1, x0 = Math.max(w * 0.3, 250), x1 = w - 40, size = net.values.length > 60 ? 3 : 4;
    const x = (v) => x0 + ((v + most) / (2 * most)) * (x1 - x0), y = height - 42, low = (net.low / Math.abs(net.a)) * 100, high = (net.high / Math.abs(net.a)) * 100, columns = new Map();
    const drawing = s('svg', { width: w, height, role: 'img', 'aria-label': W.compare.rings });
    for (const v of [-0.75, -0.375, 0.375, 0.75]) drawing.append(s('line', { x1: r1(x(v * most)), x2: r1(x(v * most)), y1: y - 46, y2: y + 6, stroke: T.hair }), text(x(v * most), y + 22, W.compare.percent(v * most), { at: 'middle' }));
    drawing.append(s('line', { x1: r1(x(0)), x2: r1(x(0)), y1: y - 56, y2: y + 6, stroke: T.ink, 'stroke-width': 1.5 }), text(x(0), y + 22, W.compare.none, { at: 'middle' }));
    for (const v of [...share].sort((p, q) => p - q)) {
      const column = Math.round(x(v) / (size * 2 + 2)), n = columns.get(column) || 0;
      columns.set(column, n + 1);
      drawing.append(s('circle', { cx: column * (size * 2 + 2), cy: r1(y - 6 - n * (size * 2 + 1)), r: size - 0.5, fill: T.plate, stroke: T.ink2, 'stroke-width': 1.4 }));
    }
    drawing.append(s('rect', { x: r1(x(low)), y, width: r1(Math.max(x(high) - x(low), 2)), height: 5, fill: T.ink }), text(w - 16, 18, W.compare.rings, { at: 'end' }));
    return [h('div', { class: 'between-said' }, h('p', { class: 'cannot', 'data-testid': 'verdict' }, W.compare.cannot), h('p', { class: 'small soft' }, W.compare.between(net.n, W.compare.percent(low), W.compare.percent(high)))), drawing];
  }

  function draw(time) {
    if (app.mode !== 'compare' || !made || !app.plan) return;
    const day = Math.floor(time + 1e-6), called = names();
    for (const arm of ['a', 'b']) {
      const store = app.stores[arm], { stage, quarters, move } = store.stageAt(day);
      titles[arm].name.textContent = called[arm];
      titles[arm].said.textContent = `${W.head.shortStage(stage, quarters, move)} ${W.head.called(store.pilesAt(day)[3])}`;
      floors[arm].draw(time);
    }
    stream.draw(time);
    drawLeft(day);
    drawBetween(day);
    const key = [right.clientWidth, ladders.a.place.clientHeight, ...['a', 'b'].map((arm) => app.stores[arm].quartersTo(day).length), app.stores.b.last < 0].join();
    if (key !== drawnLadders) {
      drawnLadders = key;
      for (const arm of ['a', 'b']) {
        const { place } = ladders[arm], store = app.stores[arm];
        if (place.clientWidth > 40) place.replaceChildren(ladderDrawing({ w: place.clientWidth, h: Math.max(place.clientHeight, 120), stage: store.stageAt(day).stage, quarters: store.quartersTo(day), compact: true }));
      }
    }
  }

  const noisy = (net) => net.low <= 0 && net.high >= 0;
  const deviation = (values) => { const mean = values.reduce((a, v) => a + v, 0) / values.length; return Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2, 0) / Math.max(values.length - 1, 1)); };

  app.on('mode', (mode, before) => { if (mode === 'compare') enter(); else if (before === 'compare') leave(); });
  app.on('lead', (arm, number) => { if (app.mode === 'compare') { ringed = app.stores[arm].leads.get(number)?.twin ?? null; app.draw(); } });
  app.on('frames', () => { drawnLadders = drawnBetween = ''; });
  return { draw, renew() { for (const floor of Object.values(floors)) floor.renew(); drawnBetween = drawnLadders = ''; } };
}
